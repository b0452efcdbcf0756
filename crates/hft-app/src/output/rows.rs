//! The lines of the CSV files. Every column says what it is and in which unit; the same words stand in the manifest.

use hft_core::models::{Cash, Liquidity, Side, Timestamp};
use serde::{Serialize, Serializer};

/// A column of a CSV file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// What it is, with its unit.
    pub about: &'static str,
}

/// A line of a CSV file.
pub trait Row: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [Column];
}

/// A struct whose field documentation is also data: the columns' descriptions cannot differ from it.
macro_rules! row {
    ($(#[doc = $about:literal])* $name:ident {
        $($(#[doc = $doc:literal])+ $(#[serde($($serde:tt)*)])? $field:ident: $type:ty,)*
    }) => {
        $(#[doc = $about])*
        #[derive(Clone, PartialEq, Debug, Serialize)]
        pub struct $name {
            $($(#[doc = $doc])+ $(#[serde($($serde)*)])? pub $field: $type,)*
        }

        impl Row for $name {
            const COLUMNS: &'static [Column] =
                &[$(Column { name: stringify!($field), about: concat!($($doc),+).trim_ascii() }),*];
        }
    };
}

row! {
    /// One of our fills: a line of `fills.csv`, and the `FILL` line on stdout.
    FillRow {
        /// Number of the fill in this run, from 1: what `explain` takes.
        fill: u64,
        /// When the venue executed it, ns of market time since the start.
        time_ns: Timestamp,
        /// The contract.
        symbol: String,
        /// The exchange.
        venue: String,
        /// Which of our strategies.
        trader: String,
        /// Our order.
        order: u64,
        /// The trade, as the venue numbers it.
        trade: u64,
        /// buy or sell.
        side: Side,
        /// Size, contracts.
        qty: String,
        /// Price, price units.
        price: String,
        /// maker, taker or auction.
        #[serde(serialize_with = "word")]
        liquidity: Liquidity,
        /// Cash flow of the trade without its fee, currency: negative is paid.
        #[serde(serialize_with = "exact")]
        cash: Cash,
        /// Cash flow of the fee, currency: negative is paid, positive is a rebate.
        #[serde(serialize_with = "exact")]
        fee: Cash,
        /// Our position in the contract after the fill, contracts, long is positive.
        inventory: String,
        /// Change of our equity since the start, marked to the midpoint just after the fill, fees included, currency.
        #[serde(serialize_with = "exact")]
        pnl: Cash,
        /// The venue's midpoint just before the aggressor arrived, price units.
        mid: f64,
        /// For a maker: contracts that stood before ours at its price when the aggressor arrived; 0 for a taker.
        ahead: String,
        /// Who was on the other side (the simulation knows): noise, informed, maker, ..; empty in recorded data.
        counterparty: Option<String>,
        /// Worth per contract 10 ms later: sign (mid(t + h) - price), price units, before fees; empty where the run ended first.
        markout_10ms: Option<f64>,
        /// The same after 100 ms.
        markout_100ms: Option<f64>,
        /// The same after 1 s.
        markout_1s: Option<f64>,
        /// The same after 10 s.
        markout_10s: Option<f64>,
        /// The same after 60 s.
        markout_60s: Option<f64>,
    }
}

row! {
    /// One event in the life of one of our orders: a line of `orders.csv`.
    OrderRow {
        /// When it happened at the venue (a refusal: at the gate), ns of market time since the start.
        time_ns: Timestamp,
        /// The contract.
        symbol: String,
        /// The exchange.
        venue: String,
        /// Which of our strategies.
        trader: String,
        /// The order.
        order: u64,
        /// new, trade, replaced, canceled, rejected (by the venue), refused (by the risk gate), triggered or prevented.
        event: &'static str,
        /// buy or sell.
        side: Side,
        /// Limit price, price units; empty for a market order.
        price: Option<String>,
        /// Filled so far, this event included, contracts.
        filled: String,
        /// Open after it, contracts; for canceled, what was taken away.
        leaves: String,
        /// Why, for canceled, rejected and refused.
        reason: Option<String>,
    }
}

row! {
    /// One sample of one contract: a line of `equity.csv`.
    EquityRow {
        /// When, ns of market time since the start.
        time_ns: Timestamp,
        /// The contract.
        symbol: String,
        /// Change of the account's equity since the start as the account knew it, by reports and not by trades, marked to midpoints, over all contracts, currency.
        #[serde(serialize_with = "exact")]
        equity: Cash,
        /// How far that is below its highest so far, currency; never negative.
        #[serde(serialize_with = "exact")]
        drawdown: Cash,
        /// Our position in the contract, contracts, long is positive.
        inventory: String,
        /// Best bid of the venue, price units; empty where there is none.
        bid: Option<String>,
        /// Best ask of the venue, price units.
        ask: Option<String>,
        /// Visible size at the best bid, contracts.
        bid_qty: Option<String>,
        /// Visible size at the best ask, contracts.
        ask_qty: Option<String>,
        /// Our own best bid, price units; empty where we do not quote.
        our_bid: Option<String>,
        /// Our own best ask, price units.
        our_ask: Option<String>,
    }
}

impl FillRow {
    /// The line that scrolls by. The markout after one second follows the fill where it is known already.
    ///
    /// ```text
    /// FILL Buy  qty=1 px=99.92  inv= 1  cash=-99.92  pnl=+0.03  maker  fee=-0.01  ahead=12  vs noise
    /// ```
    pub fn line(&self) -> String {
        let pnl = self.pnl.decimal();
        let plus = if pnl.starts_with('-') { "" } else { "+" };
        let mut line = format!(
            "FILL {:<4} qty={} px={}  inv={:>2}  cash={}  pnl={plus}{pnl}  {}  fee={}",
            self.side,
            self.qty,
            self.price,
            self.inventory,
            self.cash.decimal(),
            self.liquidity,
            self.fee.decimal(),
        );
        if self.liquidity == Liquidity::Maker {
            line.push_str(&format!("  ahead={}", self.ahead));
        }
        if let Some(counterparty) = &self.counterparty {
            line.push_str(&format!("  vs {counterparty}"));
        }
        if let Some(markout) = self.markout_1s {
            line.push_str(&format!("  1s={markout:+.4}"));
        }
        line
    }
}

fn exact<S: Serializer>(cash: &Cash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&cash.decimal())
}

fn word<S: Serializer>(liquidity: &Liquidity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(liquidity)
}
