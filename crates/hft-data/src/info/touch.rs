//! The touch of a book, seen at the end of every batch.

use crate::book::ObservedBook;
use crate::event::{Body, Event};
use crate::time::UnixNanos;
use hft_core::models::{Decimal, Price, Qty, Side};
use serde::Serialize;

/// Spread and depth, over all moments at which both sides were told. In the instrument's steps while it is gathered, in
/// units of price and size once it is told.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct TouchStats {
    /// How often it was looked at.
    pub observations: u64,
    /// How often a side was empty; those do not count below.
    pub one_sided: u64,
    /// How often the best bid was above the best offer.
    pub crossed: u64,
    /// How often they were the same.
    pub locked: u64,
    /// When it was crossed last.
    pub last_crossed: Option<String>,
    /// The mean spread, crossed moments left out.
    pub mean_spread: f64,
    /// The smallest spread of those.
    pub min_spread: f64,
    /// The largest.
    pub max_spread: f64,
    /// The mean size at the best bid and at the best offer.
    pub mean_qty: [f64; 2],
    /// The mean number of levels a side; zero for quotes.
    pub mean_levels: [f64; 2],
    #[serde(skip)]
    crossed_at: UnixNanos,
    #[serde(skip)]
    first: UnixNanos,
}

impl TouchStats {
    pub(super) fn see_book(&mut self, book: &ObservedBook, now: UnixNanos) {
        let [bid, ask] = Side::BOTH.map(|side| book.best(side).map(|quote| (quote.price, quote.qty)));
        self.see(bid, ask, now);
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        for side in Side::BOTH {
            self.mean_levels[side.index()] += book.depth(side) as f64;
        }
    }

    pub(super) fn see_quote(&mut self, event: &Event) {
        if let Body::Quote { bid, bid_qty, ask, ask_qty } = event.body {
            let side = |price, qty: Qty| qty.is_positive().then_some((price, qty));
            self.see(side(bid, bid_qty), side(ask, ask_qty), event.local_time);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "for people")]
    fn see(&mut self, bid: Option<(Price, Qty)>, ask: Option<(Price, Qty)>, now: UnixNanos) {
        if self.observations == 0 {
            self.first = now;
        }
        self.observations += 1;
        let (Some((bid, bid_qty)), Some((ask, ask_qty))) = (bid, ask) else {
            self.one_sided += 1;
            return;
        };
        self.mean_qty[0] += bid_qty.lots() as f64;
        self.mean_qty[1] += ask_qty.lots() as f64;
        self.locked += u64::from(bid == ask);
        if bid > ask {
            self.crossed += 1;
            self.crossed_at = now;
            return;
        }
        let spread = (ask.ticks() as f64) - (bid.ticks() as f64);
        let is_first = self.spreads() == 1;
        self.min_spread = if is_first { spread } else { self.min_spread.min(spread) };
        self.max_spread = if is_first { spread } else { self.max_spread.max(spread) };
        self.mean_spread += spread;
    }

    /// How many spreads were seen.
    const fn spreads(&self) -> u64 {
        self.observations - self.one_sided - self.crossed
    }

    /// When it was first looked at and when it was crossed last.
    pub(super) const fn crossed_since(&self) -> (UnixNanos, UnixNanos) {
        (self.first, self.crossed_at)
    }

    /// Sums become means, steps become units.
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    pub(super) fn in_units(&self, price_step: Decimal, qty_step: Decimal) -> Self {
        let (price, qty) = (price_step.to_f64(), qty_step.to_f64());
        let mean = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
        let (spreads, both) = (self.spreads(), self.observations - self.one_sided);
        Self {
            last_crossed: (self.crossed > 0).then(|| self.crossed_at.to_string()),
            mean_spread: mean(self.mean_spread, spreads) * price,
            min_spread: self.min_spread * price,
            max_spread: self.max_spread * price,
            mean_qty: self.mean_qty.map(|sum| mean(sum, both) * qty),
            mean_levels: self.mean_levels.map(|sum| mean(sum, self.observations)),
            ..self.clone()
        }
    }
}
