//! `report.html`: one file that needs nothing else, no network, no fonts, no server.
//!
//! Invariant: the page is a function of [`Report`] alone: equal runs give equal bytes, apart from the wall time in the summary.
//! Charts over time are drawn by uPlot (inlined, MIT); the pictures of a few numbers are SVG made here, so they stand without
//! scripts. Long series are thinned honestly: see [`thin`].
//!
//! Left out: editing, comparing several runs in a page.

mod data;
pub(crate) mod page;
pub(crate) mod svg;
mod thin;

use super::Summary;

/// Everything that a report shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Report<'a> {
    /// The numbers.
    pub summary: &'a Summary,
    /// The resolved configuration, as TOML.
    pub config: &'a str,
    /// The command that repeats the run.
    pub command: &'a str,
    /// What happened over time.
    pub series: &'a Series,
}

/// What happened over time.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Series {
    /// The contracts that are drawn: all, or the first of many.
    pub contracts: Vec<ContractSeries>,
    /// How many more were traded.
    pub left_out: usize,
    /// Equity over all contracts, in order of time.
    pub equity: Vec<EquityPoint>,
    /// Latency, by stage.
    pub latency: Vec<LatencyHistogram>,
}

/// What happened in one contract at one exchange.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ContractSeries {
    /// Its name, with that of the exchange where there are several contracts.
    pub name: String,
    /// The market, our quotes in it and our position, in order of time.
    pub market: Vec<MarketPoint>,
    /// Our fills, in order of time.
    pub fills: Vec<FillMark>,
}

/// The touch, our quotes and our position at one moment.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct MarketPoint {
    /// Market time, seconds since the start.
    pub time_s: f64,
    /// Best bid, price units.
    pub bid: Option<f64>,
    /// Best ask, price units.
    pub ask: Option<f64>,
    /// Our own best bid, price units.
    pub our_bid: Option<f64>,
    /// Our own best ask, price units.
    pub our_ask: Option<f64>,
    /// Visible size at the best bid, contracts.
    pub bid_qty: Option<f64>,
    /// Visible size at the best ask, contracts.
    pub ask_qty: Option<f64>,
    /// Our position in the contract, at all exchanges.
    pub inventory: f64,
}

/// One of our fills.
#[derive(Clone, PartialEq, Debug)]
pub struct FillMark {
    /// Market time, seconds since the start.
    pub time_s: f64,
    /// Our side.
    pub side: hft_core::models::Side,
    /// Price, price units.
    pub price: f64,
    /// What hovering over it says: the line of the fill.
    pub line: String,
}

/// Equity at one moment.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct EquityPoint {
    /// Market time, seconds since the start.
    pub time_s: f64,
    /// Change of equity since the start, currency.
    pub equity: f64,
    /// How far that is below its highest so far, currency; not negative.
    pub drawdown: f64,
}

/// How long one stage took, in bars.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LatencyHistogram {
    /// The stage, as in [`LatencySummary`](super::LatencySummary).
    pub stage: String,
    /// Bars in ascending order; empty ones may be left out.
    pub bars: Vec<LatencyBar>,
}

/// How often a stage took from `low_us` to `high_us`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct LatencyBar {
    /// From, microseconds.
    pub low_us: f64,
    /// To, microseconds.
    pub high_us: f64,
    /// How often.
    pub count: u64,
}

impl Report<'_> {
    /// The page.
    pub fn html(&self) -> String {
        page::page(self)
    }
}

/// Text in HTML and in SVG.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
