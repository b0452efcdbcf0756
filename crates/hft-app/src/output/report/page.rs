//! The page around the pictures.

use super::super::terminal::{TOO_SHORT, grouped, span};
use super::super::{Style, Summary};
use super::thin::{band, thin};
use super::{EquityPoint, MarketPoint, Report, Series, escape, svg};
use hft_core::models::Side;
use serde_json::{Value as Json, json};

const UPLOT: &str = include_str!("../../../assets/uplot-1.6.32.iife.min.js");
const UPLOT_STYLE: &str = include_str!("../../../assets/uplot-1.6.32.min.css");
const UPLOT_LICENSE: &str = include_str!("../../../assets/uplot-1.6.32.LICENSE");
pub(crate) const STYLE: &str = include_str!("../../../assets/report.css");
const SCRIPT: &str = include_str!("../../../assets/report.js");

/// At most this many fills are marked; of more, every n-th is, and the page says so.
const MOST_MARKS: usize = 20_000;

pub(super) fn page(report: &Report<'_>) -> String {
    let Report { summary, config, command, series } = report;
    let run = &summary.run;
    let title = format!("{}, seed {}", run.pattern, run.seed);
    let data =
        json!({ "market": market(series), "bands": bands(series), "equity": equity(series), "fills": fills(series) });
    let data = data.to_string().replace('<', "\\u003c");
    let body = [
        header(summary),
        tiles(summary),
        pictures(summary),
        chapter(summary),
        over_time(series),
        latency(series),
        numbers(summary),
        repeat(summary, config, command),
    ]
    .concat();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{UPLOT_STYLE}\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         <div id=\"tip\" role=\"status\" hidden></div>\n<!--\nuPlot 1.6.32:\n{UPLOT_LICENSE}-->\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{UPLOT}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&title),
    )
}

fn header(summary: &Summary) -> String {
    let run = &summary.run;
    let facts = [
        run.symbols.join(", "),
        format!("{} of market time", span(run.span_s)),
        format!("{}, ended by {}", run.driver, run.ended_by),
        format!("seed {}", run.seed),
    ];
    let facts: String = facts.iter().map(|fact| format!("<span>{}</span>", escape(fact))).collect();
    format!(
        "<header>\n<div><h1>{}</h1><p class=\"facts\">{facts}</p></div>\n\
         <button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\">◐</button>\n</header>\n\
         <p class=\"verdict\">{}</p>\n",
        escape(&run.pattern),
        escape(&summary.verdict)
    )
}

fn tiles(summary: &Summary) -> String {
    let (money, execution) = (&summary.money, &summary.execution);
    let signed = |value: f64| if value < 0.0 { "down" } else { "up" };
    let optional = |value: Option<String>| value.unwrap_or_else(|| "n/a".to_owned());
    let tile = |name: &str, value: String, class: &str| {
        format!("<div><dt>{name}</dt><dd class=\"{class}\">{}</dd></div>\n", escape(&value))
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let tiles = [
        tile(&format!("Net, {}", escape(&money.currency)), money.net.signed(), signed(money.net.to_f64())),
        tile("Per fill", optional(money.per_fill.map(|net| format!("{net:+.4}"))), ""),
        tile("Fills", grouped(to_float(execution.fills)), ""),
        tile("Maker share", optional(execution.maker_share.map(percent)), ""),
        tile("Max drawdown", format!("{:.2}", summary.risk.max_drawdown.to_f64()), ""),
        tile("Max inventory", format!("{:.0}", summary.risk.inventory_max), ""),
        tile("Quote uptime", percent(execution.quote_uptime), ""),
    ];
    format!("<dl class=\"tiles\">\n{}</dl>\n", tiles.concat())
}

fn pictures(summary: &Summary) -> String {
    let horizon = span(summary.attribution.horizon_s);
    format!(
        "<div class=\"pair\">\n<section><h2>Where the money came from</h2>\n\
         <p class=\"note\">In {}; adverse selection is what the midpoint did within {horizon} of a fill. The parts sum to the net exactly.</p>\n{}</section>\n\
         <section><h2>What a fill was worth later</h2>\n\
         <p class=\"note\">Midpoint some time after the fill, less its price, in our favour; price units per contract, two standard errors.</p>\n{}</section>\n</div>\n",
        escape(&summary.money.currency),
        svg::waterfall(&summary.attribution),
        svg::markouts(&summary.markouts)
    )
}

/// What the pattern adds: its drawn columns as bars, its tables as text.
fn chapter(summary: &Summary) -> String {
    let Some(chapter) = &summary.chapter else { return String::new() };
    let pictures: String =
        chapter.tables.iter().filter_map(svg::bars).map(|svg| format!("<div>{svg}</div>\n")).collect();
    let lines = chapter.lines(Style::Plain).join("\n");
    format!(
        "<section><h2>{}</h2>\n<div class=\"pair tight\">\n{pictures}</div>\n<pre>{}</pre></section>\n",
        escape(&chapter.title),
        escape(lines.trim_start())
    )
}

fn over_time(series: &Series) -> String {
    let marked = series.fills.len().div_ceil(stride(series.fills.len()));
    let marks = if marked == series.fills.len() { String::new() } else { format!(", {marked} of them marked") };
    let note = |shown: usize, all: usize| {
        let samples = format!("{} samples", grouped(count(all)));
        if shown == all {
            return samples;
        }
        format!("{} of {samples}: the lowest and the highest of every pixel's span", grouped(count(shown)))
    };
    let market = note(kept_market(series).len(), series.market.len());
    let equity = note(kept_equity(series).len(), series.equity.len());
    let chart = |id: &str, title: &str, note: &str| {
        format!(
            "<section><h2>{title}</h2>\n<p class=\"note\">{note}</p>\n<div class=\"chart\" id=\"{id}\"></div></section>\n"
        )
    };
    let symbol = escape(&series.symbol);
    let fills = grouped(count(series.fills.len()));
    format!(
        "<p class=\"hint\">Drag across a chart to zoom all of them, double-click to see the whole run again. Click a name in a legend to hide it.</p>\n\
         <noscript><p class=\"note\">The charts over time need JavaScript; everything else stands without it.</p></noscript>\n{}{}{}<div class=\"pair\">\n{}{}</div>\n",
        chart(
            "price",
            &format!("{symbol}: the market, our quotes, our fills"),
            &format!("{market}; {fills} fills{marks}. Triangles up are buys, down are sells.")
        ),
        chart("inventory", "Inventory", &format!("Contracts; {equity}.")),
        chart("equity", "Equity and drawdown", &format!("Change since the start, marked to the midpoint; {equity}.")),
        chart("spread", "Spread", "Best ask less best bid, price units: mean, lowest and highest of each span."),
        chart(
            "depth",
            "Depth at the touch",
            "Visible contracts at the best bid and at the best ask: mean, lowest and highest of each span."
        ),
    )
}

fn latency(series: &Series) -> String {
    if series.latency.is_empty() {
        return String::new();
    }
    let histograms: String =
        series.latency.iter().map(|stage| format!("<div>{}</div>\n", svg::histogram(stage))).collect();
    format!(
        "<section><h2>Latency</h2>\n<p class=\"note\">How often each stage took how long; the axis of time is logarithmic.</p>\n\
         <div class=\"pair tight\">\n{histograms}</div></section>\n"
    )
}

/// The summary as the terminal shows it, in full.
fn numbers(summary: &Summary) -> String {
    let text = summary.render(Style::Plain);
    let text = escape(&text).replace(TOO_SHORT, &format!("<span class=\"dim\">{TOO_SHORT}</span>"));
    format!("<details><summary>All numbers</summary>\n<pre>{text}</pre></details>\n")
}

fn repeat(summary: &Summary, config: &str, command: &str) -> String {
    let run = &summary.run;
    format!(
        "<details open><summary>The configuration, and how to repeat this</summary>\n<pre class=\"command\">{}</pre>\n\
         <dl class=\"hashes\"><dt>digest</dt><dd>{}</dd><dt>configuration</dt><dd>{}</dd><dt>version</dt><dd>{}</dd></dl>\n<pre>{}</pre></details>\n",
        escape(command),
        escape(&run.digest),
        escape(&run.config_hash),
        escape(&run.version),
        escape(config)
    )
}

/// The columns of the market that are drawn, one after the other.
fn market_columns(series: &Series) -> [Vec<Option<f64>>; 4] {
    let column = |get: fn(&MarketPoint) -> Option<f64>| series.market.iter().map(get).collect();
    [column(|point| point.bid), column(|point| point.ask), column(|point| point.our_bid), column(|point| point.our_ask)]
}

fn market_times(series: &Series) -> Vec<f64> {
    series.market.iter().map(|point| point.time_s).collect()
}

fn kept_market(series: &Series) -> Vec<usize> {
    let columns = market_columns(series);
    thin(&market_times(series), &columns.each_ref().map(Vec::as_slice))
}

fn market(series: &Series) -> Json {
    let kept = kept_market(series);
    let times: Vec<f64> = kept.iter().map(|i| series.market[*i].time_s).collect();
    let [bid, ask, our_bid, our_ask] =
        market_columns(series).map(|column| kept.iter().map(|i| column[*i]).collect::<Vec<_>>());
    json!({ "t": times, "bid": bid, "ask": ask, "ourBid": our_bid, "ourAsk": our_ask })
}

/// What jumps at every sample is drawn as a mean within a band of its extremes.
fn bands(series: &Series) -> Json {
    let times = market_times(series);
    let banded = |get: fn(&MarketPoint) -> Option<f64>| {
        let column: Vec<Option<f64>> = series.market.iter().map(get).collect();
        band(&times, &column)
    };
    json!({
        "spread": banded(|point| Some(point.ask? - point.bid?)),
        "bidQty": banded(|point| point.bid_qty),
        "askQty": banded(|point| point.ask_qty),
    })
}

fn kept_equity(series: &Series) -> Vec<usize> {
    let column = |get: fn(&EquityPoint) -> f64| -> Vec<Option<f64>> {
        series.equity.iter().map(|point| Some(get(point))).collect()
    };
    let times: Vec<f64> = series.equity.iter().map(|point| point.time_s).collect();
    let columns = [column(|p| p.equity), column(|p| p.drawdown), column(|p| p.inventory)];
    thin(&times, &columns.each_ref().map(Vec::as_slice))
}

fn equity(series: &Series) -> Json {
    let kept = kept_equity(series);
    let column = |get: fn(&EquityPoint) -> f64| -> Vec<f64> { kept.iter().map(|i| get(&series.equity[*i])).collect() };
    json!({
        "t": column(|p| p.time_s), "equity": column(|p| p.equity),
        "drawdown": column(|p| -p.drawdown), "inventory": column(|p| p.inventory),
    })
}

fn fills(series: &Series) -> Json {
    let marked = || series.fills.iter().step_by(stride(series.fills.len()));
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

#[allow(clippy::cast_precision_loss, reason = "counts for people")]
fn to_float(count: u64) -> f64 {
    count as f64
}
