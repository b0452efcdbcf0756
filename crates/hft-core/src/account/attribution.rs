//! Why the equity of one book changed: spread, adverse selection, inventory, fees.
//!
//! Equity is cash plus inventory at the venue's midpoint `m`. For fills `i` at times `t_i` with sign `s` (`+1` bought), size
//! `q`, price `p`, and midpoint `m_i` just before the aggressor arrived, and one named horizon `h`:
//!
//! ```text
//! spread    = sum s q (m_i - p)                             what the fills gained against the midpoint
//! adverse   = sum s q (m(min(t_i + h, end)) - m_i)          what the midpoint did to them within the horizon
//! inventory = sum over changes dm of the midpoint of I dm   what it did to older inventory I
//! fees      = cash flow of the fees                         a rebate is positive
//! spread + adverse + inventory + fees = change of equity, to the last unit
//! ```
//!
//! `I` is the sum of `s q` over fills older than the horizon: a change of the midpoint at `t` belongs to the adverse
//! selection of the fills with `t <= t_i + h` and to the inventory of the others. Inventory is so computed from the
//! midpoint's path and not as what is left, and the identity is a check and no definition. Where the midpoint of the
//! record differs from the current one (a stop's fill, an auction, a feed that was conflated), the fill starts at its own
//! midpoint and steps to the current one at once; that step belongs to its horizon.
//!
//! Worked example, `h` = 1 s: buy 1 at 99 when the midpoint is 100: spread +1. It falls to 98 within the second: adverse
//! -2. Later it rises to 103: inventory +5. Equity: -99 + 103 = +4 = 1 - 2 + 5.
//!
//! Left out: a split by strategy, which shares one inventory.

use crate::models::{Cash, HalfTicks, Instrument, Lots, Nanos, Price, Qty, Side, Timestamp};
use std::collections::VecDeque;
use std::ops::Add;
use thiserror::Error;

/// The four parts of a change of equity, exact.
///
/// Example: [`Attribution`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PnlParts {
    /// Gained against the midpoint at the fills.
    pub spread: Cash,
    /// What the midpoint did to the fills within the horizon.
    pub adverse: Cash,
    /// What it did to older inventory.
    pub inventory: Cash,
    /// Cash flow of the fees.
    pub fees: Cash,
}

/// One fill, as the attribution sees it.
///
/// Example: [`Attribution`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttributedFill {
    /// When, on the venue's clock.
    pub time: Timestamp,
    /// Bought or sold.
    pub side: Side,
    /// At what price.
    pub price: Price,
    /// How much.
    pub qty: Qty,
    /// The midpoint just before the aggressor arrived.
    pub mid: HalfTicks,
    /// Cash flow of the fee.
    pub fee: Cash,
}

/// The parts do not add up: the program's own honesty failed.
///
/// Example: [`Attribution`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error(
    "attribution does not add up: spread {} + adverse {} + inventory {} + fees {} is not the change of equity {}",
    parts.spread.decimal(), parts.adverse.decimal(), parts.inventory.decimal(), parts.fees.decimal(), change.decimal()
)]
pub struct AttributionError {
    /// What was attributed.
    pub parts: PnlParts,
    /// What the equity changed by.
    pub change: Cash,
}

/// The attribution of one account's profit at one book, kept up to date fill by fill and tick by tick.
///
/// ```
/// use hft_core::account::{AttributedFill, Attribution};
/// use hft_core::models::*;
/// # let x = Instrument::new("X", "USD", "1".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let second = |s| Timestamp::START + Nanos::from_secs(s);
/// let mut why = Attribution::new(Nanos::from_secs(1));
/// let mid = |level| Price::new(level).half_ticks();
/// let (price, qty) = (Price::new(99), Qty::new(1));
/// why.on_fill(&AttributedFill { time: second(0), side: Side::Buy, price, qty, mid: mid(100), fee: Cash::ZERO });
/// why.on_mid(second(1), mid(98));
/// why.on_mid(second(2), mid(103));
/// let parts = why.verified(&x)?;
/// let printed = [parts.spread, parts.adverse, parts.inventory].map(Cash::decimal);
/// assert_eq!(printed, ["1.00", "-2.00", "5.00"]);
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Attribution {
    horizon: Nanos,
    mid: Option<HalfTicks>,
    recent: VecDeque<RecentFill>,
    /// Signed lots of the fills within the horizon, and those lots times the midpoints at which they started.
    recent_lots: i128,
    recent_start: i128,
    /// Signed lots of the older fills.
    seasoned: i128,
    // In half ticks times lots.
    spread: i128,
    adverse: i128,
    inventory: i128,
    cash: i128,
    fees: Cash,
}

/// A fill whose horizon has not passed.
#[derive(Clone, Copy, Debug)]
struct RecentFill {
    time: Timestamp,
    lots: i128,
    mid: i128,
}

impl Attribution {
    /// The horizon of adverse selection, unless another is named.
    pub const HORIZON: Nanos = Nanos::from_secs(1);

    /// A book in which nothing has happened yet.
    pub fn new(horizon: Nanos) -> Self {
        Self {
            horizon,
            mid: None,
            recent: VecDeque::new(),
            recent_lots: 0,
            recent_start: 0,
            seasoned: 0,
            spread: 0,
            adverse: 0,
            inventory: 0,
            cash: 0,
            fees: Cash::ZERO,
        }
    }

    /// The horizon of adverse selection.
    pub const fn horizon(&self) -> Nanos {
        self.horizon
    }

    /// How many fills are within their horizon.
    pub fn recent_fills(&self) -> usize {
        self.recent.len()
    }

    /// The midpoint is now this.
    pub fn on_mid(&mut self, now: Timestamp, mid: HalfTicks) {
        let Some(before) = self.mid.replace(mid) else { return };
        if before == mid {
            return;
        }
        self.season(now, before);
        self.inventory += self.seasoned * (mid.count() - before.count());
    }

    /// A fill. Fills come in the order of their times.
    pub fn on_fill(&mut self, fill: &AttributedFill) {
        let lots = i128::from(fill.side.signed(fill.qty).count());
        let (start, price) = (fill.mid.count(), fill.price.half_ticks().count());
        self.mid.get_or_insert(fill.mid);
        self.spread += lots * (start - price);
        self.cash -= lots * price;
        self.fees += fill.fee;
        self.recent.push_back(RecentFill { time: fill.time, lots, mid: start });
        self.recent_lots += lots;
        self.recent_start += lots * start;
    }

    /// The midpoint is about to leave `mid` at `now`: fills older than the horizon are done with adverse selection.
    fn season(&mut self, now: Timestamp, mid: HalfTicks) {
        while let Some(&fill) = self.recent.front() {
            if now.since(fill.time) <= self.horizon {
                break;
            }
            self.recent.pop_front();
            self.adverse += fill.lots * (mid.count() - fill.mid);
            self.seasoned += fill.lots;
            self.recent_lots -= fill.lots;
            self.recent_start -= fill.lots * fill.mid;
        }
    }

    /// The last midpoint, where one was seen.
    pub const fn mid(&self) -> Option<HalfTicks> {
        self.mid
    }

    /// The position, in lots.
    pub fn position(&self) -> i128 {
        self.seasoned + self.recent_lots
    }

    /// The four parts as they stand: fills within their horizon count with the midpoint of now, as at the end of a run.
    pub fn parts(&self, instrument: &Instrument) -> PnlParts {
        let mid = self.mid.map_or(0, HalfTicks::count);
        let pending = self.recent_lots * mid - self.recent_start;
        PnlParts {
            spread: money(instrument, self.spread),
            adverse: money(instrument, self.adverse + pending),
            inventory: money(instrument, self.inventory),
            fees: self.fees,
        }
    }

    /// What the equity changed by: cash, fees and the position at the midpoint. It knows nothing of the parts.
    pub fn change_of_equity(&self, instrument: &Instrument) -> Cash {
        let mid = self.mid.map_or(0, HalfTicks::count);
        money(instrument, self.cash + self.position() * mid) + self.fees
    }

    /// The four parts, if they add up to the change of equity.
    ///
    /// # Errors
    /// When they do not, by one unit or more.
    pub fn verified(&self, instrument: &Instrument) -> Result<PnlParts, AttributionError> {
        let (parts, change) = (self.parts(instrument), self.change_of_equity(instrument));
        if parts.total() == change { Ok(parts) } else { Err(AttributionError { parts, change }) }
    }
}

impl PnlParts {
    /// Their sum.
    pub fn total(&self) -> Cash {
        self.spread + self.adverse + self.inventory + self.fees
    }
}

impl Add for PnlParts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            spread: self.spread + other.spread,
            adverse: self.adverse + other.adverse,
            inventory: self.inventory + other.inventory,
            fees: self.fees + other.fees,
        }
    }
}

/// Half ticks times lots in money.
fn money(instrument: &Instrument, half_tick_lots: i128) -> Cash {
    instrument.value_at(Lots::new(1), HalfTicks::new(half_tick_lots))
}
