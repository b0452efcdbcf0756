//! The surveillance: one pass over what happened in a book, and what looked like manipulation in it.
//!
//! ```text
//!   drop copies of a venue ──► dropcopy ──┐                   ┌─► display   spoofing, layering
//!                                         ├──► Observed ──► book ─► burst     quote stuffing        ──► Alert (score, reasons, evidence)
//!   any recording (hft-data) ──► tape ────┘                   └─► ignition  momentum ignition
//! ```
//!
//! Invariant: it looks at every observation once, in the order of the venue's clock, keeps what it needs of the past and no more, and says
//! the same of the same. It knows nothing of who is meant to be a manipulator.
//!
//! Reading order: [`Observed`], [`Alert`], then the three watches; `ratio` is the rule that everybody has heard of, order-to-trade, which
//! is here to be seen failing.

mod alert;
mod burst;
mod depth;
mod display;
mod dropcopy;
mod ignition;
mod observed;
mod ratio;
mod tape;

pub use alert::{Alert, EVIDENCE_MAX, Evidence, Reason, Typology};
pub use burst::BIN;
pub use dropcopy::DropCopy;
pub use observed::{Deed, Observed};
pub use ratio::{OrderToTrade, Ratio};
pub use tape::{Hour, TapeReader, alarms};

use burst::BurstWatch;
use depth::ShownBook;
use display::DisplayWatch;
use ignition::IgnitionWatch;
use serde::{Deserialize, Serialize};

/// What counts as much.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// The score from which on something is an alert.
    pub alert_score: f64,
    /// How many times what others usually show is a large display.
    pub large: f64,
    /// How many standard deviations above the mean a bin of messages is a burst.
    pub burst_sd: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { alert_score: 0.5, large: 6.0, burst_sd: 20.0 }
    }
}

/// The surveillance of one book.
///
/// Somebody bids for a hundred where others bid for five, sells ten at the ask that this props up, and is gone:
///
/// ```
/// use hft_core::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};
/// use hft_manipulative_edu::surveillance::{Deed, Observed, Surveillance, Thresholds, Typology};
/// let mut surveillance = Surveillance::new(Thresholds::default());
/// let mut see = |us: u64, who, order, deed| {
///     surveillance.observe(&Observed { time: Timestamp::new(us * 1_000), who: Some(AccountId(who)), order: OrderId(order), deed });
/// };
/// let placed = |side, price, lots| Deed::Placed { side, price: Price::new(price), shown: Qty::new(lots) };
/// for n in 0..50 {
///     see(n, 1, n, placed(Side::BOTH[n as usize % 2], 99 + 2 * (n as i64 % 2), 5));
/// }
/// see(100, 2, 100, placed(Side::Sell, 101, 10)); // what is meant
/// see(200, 2, 101, placed(Side::Buy, 99, 100)); // what is shown
/// let (side, price, qty, shown) = (Side::Sell, Price::new(101), Qty::new(10), Qty::ZERO);
/// see(90_000, 2, 100, Deed::Filled { side, price, qty, shown, is_taker: false });
/// see(91_000, 2, 101, Deed::Cancelled);
/// let looked_at = surveillance.finish();
/// assert_eq!((looked_at.len(), looked_at[0].typology, looked_at[0].who), (1, Typology::Spoofing, Some(2)));
/// assert!(looked_at[0].score > 0.8, "{}", looked_at[0].why());
/// ```
#[derive(Debug)]
pub struct Surveillance {
    book: ShownBook,
    display: DisplayWatch,
    burst: BurstWatch,
    ignition: IgnitionWatch,
    found: Vec<Alert>,
}

impl Surveillance {
    /// It has seen nothing yet.
    pub fn new(thresholds: Thresholds) -> Self {
        Self {
            book: ShownBook::default(),
            display: DisplayWatch::new(thresholds.large),
            burst: BurstWatch::new(thresholds.burst_sd),
            ignition: IgnitionWatch::default(),
            found: Vec::new(),
        }
    }

    /// One observation; those of a book come in the order of the venue's clock.
    pub fn observe(&mut self, seen: &Observed) {
        let change = self.book.apply(seen);
        self.display.observe(seen, change, &self.book, &mut self.found);
        self.burst.observe(seen, &mut self.found);
        self.ignition.observe(seen, &self.book, &mut self.found);
    }

    /// What it has looked at closely since it was last asked, alerts and others.
    pub fn take(&mut self) -> Vec<Alert> {
        std::mem::take(&mut self.found)
    }

    /// The tape is over: the rest of it.
    pub fn finish(mut self) -> Vec<Alert> {
        self.display.finish(&mut self.found);
        self.burst.finish(&mut self.found);
        self.ignition.finish(&mut self.found);
        self.found
    }
}
