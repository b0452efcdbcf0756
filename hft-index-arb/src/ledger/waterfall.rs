//! From the gap as it stood when it was decided on to what is left of it.
//!
//! ```text
//! gross     positions at the midpoints of the moment at which their orders left
//! legging   what the midpoints did until the fills
//! spread    from there to the prices paid
//! fees
//! = net of all trades, which is the run's net
//! financing, borrowing, dividends    which are no trades, and are booked here alone
//! ```

use super::Place;
use super::prices::Prices;
use crate::config::CarryConfig;
use crate::scenario::{Contract, Universe};
use hft_core::account::FillLine;
use hft_core::models::{OrderId, Timestamp, Top};
use std::collections::BTreeMap;

/// See the module's documentation. Everything in the currency; what is paid is negative.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Waterfall {
    contracts: Vec<Contract>,
    /// Midpoint at which an order left, and how many units it would add to.
    orders: BTreeMap<OrderId, Decided>,
    positions: Vec<i64>,
    /// How much of that was exchanged at the issuer's window, and the midpoints there.
    exchanged: Vec<i64>,
    window: Vec<f64>,
    /// Since when a position has been what it is, for borrowing.
    since: Vec<Timestamp>,
    /// Cash flows of what has to be paid for, times the years at which they were.
    funded: f64,
    funded_years: f64,
    pub(super) gross: f64,
    pub(super) legging: f64,
    pub(super) spread: f64,
    /// Of the fees and spreads, those of the window; and how many lots of the fund went through it.
    pub(super) of_window: f64,
    pub(super) fund_exchanged: i64,
    pub(super) fees: f64,
    pub(super) financing: f64,
    pub(super) borrowing: f64,
    pub(super) dividends: f64,
    /// By unit: what opening it cost, currency.
    pub(super) opened: BTreeMap<i64, f64>,
}

/// What was known of an order when it left.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Decided {
    pub(super) mid: f64,
    /// Which unit it opens; none where it opens nothing.
    pub(super) unit: Option<i64>,
}

impl Waterfall {
    pub(super) fn new(universe: &Universe) -> Self {
        let contracts: Vec<Contract> = universe.contracts().collect();
        Self {
            orders: BTreeMap::new(),
            positions: vec![0; contracts.len()],
            exchanged: vec![0; contracts.len()],
            window: vec![0.0; contracts.len()],
            since: vec![Timestamp::START; contracts.len()],
            contracts,
            funded: 0.0,
            funded_years: 0.0,
            gross: 0.0,
            legging: 0.0,
            spread: 0.0,
            of_window: 0.0,
            fund_exchanged: 0,
            fees: 0.0,
            financing: 0.0,
            borrowing: 0.0,
            dividends: 0.0,
            opened: BTreeMap::new(),
        }
    }

    /// An order left.
    pub(super) fn sent(&mut self, order: OrderId, decided: Decided) {
        self.orders.insert(order, decided);
    }

    /// The issuer's prices: what was exchanged is marked at them, as the account does.
    pub(super) fn window_at(&mut self, leg: usize, top: Top) {
        if let Some(mid) = top.mid() {
            self.window[leg] = mid.count() as f64 / 2.0;
        }
    }

    /// An order is over.
    pub(super) fn ended(&mut self, order: OrderId) {
        self.orders.remove(&order);
    }

    /// A fill, in the ledger's order; what is short until then has been borrowed.
    pub(super) fn filled(
        &mut self,
        (leg, place): (usize, Place),
        line: &FillLine,
        universe: &Universe,
        carry: &CarryConfig,
    ) {
        let fill = &line.record.fill;
        let tick = super::prices::tick_value(self.contracts[leg]);
        let lots = fill.side.signed(fill.qty).count();
        let worth = |ticks: f64| lots as f64 * ticks * tick;
        let mid = fill.mid.count() as f64 / 2.0;
        let price = fill.price.ticks() as f64;
        let decided = self.orders.get(&line.record.order).copied().unwrap_or(Decided { mid, unit: None });
        let fee = fill.fee.to_f64();
        self.gross -= worth(decided.mid);
        self.legging -= worth(mid - decided.mid);
        self.spread -= worth(price - mid);
        self.fees += fee;
        if place == Place::Window {
            self.exchanged[leg] += lots;
            self.of_window += fee - worth(price - mid);
            if self.contracts[leg] == Contract::Etf {
                self.fund_exchanged += lots.abs();
            }
        }
        if let Some(unit) = decided.unit {
            *self.opened.entry(unit).or_default() += fee - worth(price - decided.mid);
        }
        let at = line.record.time;
        if self.contracts[leg] != Contract::Future {
            self.borrowed(leg, at, mid, universe, carry);
            self.funded -= worth(price);
            self.funded_years -= worth(price) * universe.years(at);
        }
        self.positions[leg] += lots;
        if line.record.leaves.is_zero() {
            self.ended(line.record.order);
        }
    }

    /// A constituent's price falls by its dividend, which its holder is owed and who is short owes.
    pub(super) fn ex_date(&mut self, leg: usize, ticks: f64) {
        self.dividends += self.positions[leg] as f64 * ticks * super::prices::tick_value(self.contracts[leg]);
    }

    fn borrowed(&mut self, leg: usize, at: Timestamp, mid: f64, universe: &Universe, carry: &CarryConfig) {
        let short = (-self.positions[leg]).max(0) as f64;
        let years = universe.years(at) - universe.years(self.since[leg]);
        self.borrowing -= short * mid * super::prices::tick_value(self.contracts[leg]) * carry.borrow * years.max(0.0);
        self.since[leg] = at;
    }

    /// The run is over: what is held is worth its midpoints.
    pub(super) fn finish(&mut self, at: Timestamp, prices: &Prices, universe: &Universe, carry: &CarryConfig) {
        for leg in 0..self.contracts.len() {
            let mid = prices.touch(leg).mid;
            let exchanged = self.exchanged[leg];
            let ticks = (self.positions[leg] - exchanged) as f64 * mid + exchanged as f64 * self.window[leg];
            self.gross += ticks * super::prices::tick_value(self.contracts[leg]);
            if self.contracts[leg] != Contract::Future {
                self.borrowed(leg, at, mid, universe, carry);
            }
        }
        self.financing = carry.rate * (self.funded * universe.years(at) - self.funded_years);
    }

    /// Of all trades.
    pub(super) fn net_of_trades(&self) -> f64 {
        self.gross + self.legging + self.spread + self.fees
    }

    /// With what is no trade.
    pub(super) fn net(&self) -> f64 {
        self.net_of_trades() + self.financing + self.borrowing + self.dividends
    }
}
