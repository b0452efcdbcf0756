//! What the page's script draws, as JSON: one object for each contract, and the equity over all of them.

use super::super::terminal::grouped;
use super::thin::{band, thin};
use super::{ContractSeries, EquityPoint, FillMark, MarketPoint, Series};
use hft_core::models::Side;
use serde_json::{Value as Json, json};

/// How many fills a chart shows at a time: what is drawn of more is told to the script.
pub(super) const MARKS_IN_VIEW: usize = 250;

/// At most this many fills are in the page; of more, every n-th is, and the page says so.
const MOST_MARKS: usize = 20_000;

/// How much of a series is drawn.
pub(super) fn shown(shown: usize, all: usize) -> String {
    let samples = format!("{} samples", grouped(count(all)));
    if shown == all {
        return samples;
    }
    format!("{} of {samples}: the lowest and the highest of every pixel's span", grouped(count(shown)))
}

/// What stands above the price and above the inventory.
pub(super) fn notes(contract: &ContractSeries) -> [String; 2] {
    let fills = contract.fills.len();
    let in_page = fills.div_ceil(stride(fills));
    let kept = if in_page == fills { String::new() } else { format!(", {} of them kept", grouped(count(in_page))) };
    let marks = if in_page > MARKS_IN_VIEW {
        format!(" Where more than {MARKS_IN_VIEW} are in view, every n-th is drawn: zoom in for more.")
    } else {
        String::new()
    };
    let (samples, all) = (kept_market(contract).len(), contract.market.len());
    let market = shown(samples, all);
    let inventory = shown(kept_inventory(contract).len(), all);
    [
        format!("{market}; {} fills{kept}. Triangles up are buys, down are sells.{marks}", grouped(count(fills))),
        format!("Contracts; {inventory}."),
    ]
}

/// One contract, for the script.
pub(super) fn contract(contract: &ContractSeries) -> Json {
    json!({
        "name": contract.name,
        "notes": notes(contract),
        "market": market(contract),
        "inventory": inventory(contract),
        "bands": bands(contract),
        "fills": fills(&contract.fills),
    })
}

/// The columns of the market that are drawn, one after the other.
fn market_columns(contract: &ContractSeries) -> [Vec<Option<f64>>; 4] {
    let column = |get: fn(&MarketPoint) -> Option<f64>| contract.market.iter().map(get).collect();
    [column(|point| point.bid), column(|point| point.ask), column(|point| point.our_bid), column(|point| point.our_ask)]
}

fn market_times(contract: &ContractSeries) -> Vec<f64> {
    contract.market.iter().map(|point| point.time_s).collect()
}

fn kept_market(contract: &ContractSeries) -> Vec<usize> {
    let columns = market_columns(contract);
    thin(&market_times(contract), &columns.each_ref().map(Vec::as_slice))
}

fn market(contract: &ContractSeries) -> Json {
    let kept = kept_market(contract);
    let times: Vec<f64> = kept.iter().map(|i| contract.market[*i].time_s).collect();
    let [bid, ask, our_bid, our_ask] =
        market_columns(contract).map(|column| kept.iter().map(|i| column[*i]).collect::<Vec<_>>());
    json!({ "t": times, "bid": bid, "ask": ask, "ourBid": our_bid, "ourAsk": our_ask })
}

fn kept_inventory(contract: &ContractSeries) -> Vec<usize> {
    let column: Vec<Option<f64>> = contract.market.iter().map(|point| Some(point.inventory)).collect();
    thin(&market_times(contract), &[&column])
}

fn inventory(contract: &ContractSeries) -> Json {
    let kept = kept_inventory(contract);
    let column =
        |get: fn(&MarketPoint) -> f64| -> Vec<f64> { kept.iter().map(|i| get(&contract.market[*i])).collect() };
    json!({ "t": column(|point| point.time_s), "position": column(|point| point.inventory) })
}

/// What jumps at every sample is drawn as a mean within a band of its extremes.
fn bands(contract: &ContractSeries) -> Json {
    let times = market_times(contract);
    let banded = |get: fn(&MarketPoint) -> Option<f64>| {
        let column: Vec<Option<f64>> = contract.market.iter().map(get).collect();
        band(&times, &column)
    };
    json!({
        "spread": banded(|point| Some(point.ask? - point.bid?)),
        "bidQty": banded(|point| point.bid_qty),
        "askQty": banded(|point| point.ask_qty),
    })
}

pub(super) fn kept_equity(series: &Series) -> Vec<usize> {
    let column = |get: fn(&EquityPoint) -> f64| -> Vec<Option<f64>> {
        series.equity.iter().map(|point| Some(get(point))).collect()
    };
    let times: Vec<f64> = series.equity.iter().map(|point| point.time_s).collect();
    let columns = [column(|p| p.equity), column(|p| p.drawdown)];
    thin(&times, &columns.each_ref().map(Vec::as_slice))
}

pub(super) fn equity(series: &Series) -> Json {
    let kept = kept_equity(series);
    let column = |get: fn(&EquityPoint) -> f64| -> Vec<f64> { kept.iter().map(|i| get(&series.equity[*i])).collect() };
    json!({ "t": column(|p| p.time_s), "equity": column(|p| p.equity), "drawdown": column(|p| -p.drawdown) })
}

fn fills(fills: &[FillMark]) -> Json {
    let marked = || fills.iter().step_by(stride(fills.len()));
    json!({
        "t": marked().map(|fill| fill.time_s).collect::<Vec<_>>(),
        "px": marked().map(|fill| fill.price).collect::<Vec<_>>(),
        "buy": marked().map(|fill| u8::from(fill.side == Side::Buy)).collect::<Vec<_>>(),
        "line": marked().map(|fill| fill.line.as_str()).collect::<Vec<_>>(),
    })
}

fn stride(fills: usize) -> usize {
    fills.div_ceil(MOST_MARKS).max(1)
}

#[allow(clippy::cast_precision_loss, reason = "counts for people")]
fn count(count: usize) -> f64 {
    count as f64
}
