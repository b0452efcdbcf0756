//! What a book of Poisson clocks needs to know to draw its next event: which orders stand at which distance.
//!
//! Invariant: whoever keeps the book, an engine or a whole world, tells what came of each event, and the draws are the same. Prices are
//! counted in steps; distances from the best price of the opposite side. The clocks are drawn as one: what comes next is a draw in
//! proportion to the rates, and how long it takes has the mean `1 / total`.

use super::PoissonRates;
use crate::models::{OrderId, Side};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The next event of a book.
///
/// Example: [`PoissonClocks`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// A market order of one unit.
    Market(Side),
    /// A limit order of one unit at this price, in steps.
    Limit(Side, i64),
    /// This order is cancelled, and is already forgotten.
    Cancel(OrderId),
}

/// The orders that the clocks may cancel, by price, and the best prices.
///
/// ```
/// use hft_core::flow::laws::{Arrival, PoissonClocks, PoissonRates};
/// use hft_core::models::{OrderId, Side};
/// use hft_core::world::stream;
/// let mut clocks = PoissonClocks::new(PoissonRates::cont_stoikov_talreja(), [100, 101]);
/// let empty = clocks.total();
/// clocks.rested(Side::Buy, 100, OrderId(1));
/// assert!((clocks.total() - empty - 0.71).abs() < 1e-12, "one more order that may be cancelled");
/// let mut rng = stream(7, "book");
/// let next = std::iter::from_fn(|| Some(clocks.next(&mut rng)));
/// assert!(next.flatten().take(500).any(|arrival| arrival == Arrival::Cancel(OrderId(1))));
/// ```
#[derive(Clone, Debug)]
pub struct PoissonClocks {
    rates: PoissonRates,
    /// All limit orders of a side.
    arrivals: f64,
    /// Orders of a side at a price, slot `price mod levels`: the window of prices within reach has just as many.
    ids: [Vec<Vec<OrderId>>; 2],
    /// Best prices; those of an empty side are the last there were.
    best: [i64; 2],
    /// Rate of all cancels of each side.
    cancels: [f64; 2],
}

impl PoissonClocks {
    /// A book without orders around these best prices.
    ///
    /// # Panics
    /// When the rates are not of the same distances.
    pub fn new(rates: PoissonRates, best: [i64; 2]) -> Self {
        assert_eq!(rates.lambda.len(), rates.theta.len(), "both rates at every distance");
        let side = vec![Vec::new(); rates.lambda.len()];
        let arrivals = rates.lambda.iter().sum();
        Self { rates, arrivals, ids: [side.clone(), side], best, cancels: [0.0; 2] }
    }

    /// Forgets all orders; each is handed over.
    pub fn clear(&mut self, best: [i64; 2], gone: impl FnMut(OrderId)) {
        self.ids.iter_mut().flatten().flat_map(|level| level.drain(..)).for_each(gone);
        (self.best, self.cancels) = (best, [0.0; 2]);
    }

    /// Best bid and best ask, steps.
    pub const fn best(&self) -> [i64; 2] {
        self.best
    }

    /// The rates.
    pub const fn rates(&self) -> &PoissonRates {
        &self.rates
    }

    /// Rate of all events together.
    pub fn total(&self) -> f64 {
        let [buy, sell] = self.sides();
        buy + sell
    }

    fn sides(&self) -> [f64; 2] {
        self.cancels.map(|cancels| self.rates.mu + self.arrivals + cancels)
    }

    /// What comes next; nothing where rounding chose a cancel and there is nothing to cancel.
    pub fn next(&mut self, rng: &mut ChaCha8Rng) -> Option<Arrival> {
        let [buy, sell] = self.sides();
        // One uniform decides everything: what is left of it after a choice is uniform again.
        let mut left = rng.random::<f64>() * (buy + sell);
        let side = if left < buy { Side::Buy } else { Side::Sell };
        if side == Side::Sell {
            left -= buy;
        }
        if left < self.rates.mu {
            Some(Arrival::Market(side))
        } else if left < self.rates.mu + self.arrivals {
            let distance = choose(left - self.rates.mu, self.rates.lambda.iter().copied());
            Some(Arrival::Limit(side, self.price(side, distance)))
        } else {
            self.cancel(side, left - self.rates.mu - self.arrivals).map(Arrival::Cancel)
        }
    }

    /// The price so far from the opposite best; index 0 is one step.
    fn price(&self, side: Side, distance: usize) -> i64 {
        let away = i64::try_from(distance).expect("a level") + 1;
        self.best[side.opposite().index()] - away * side.sign()
    }

    fn reach(&self) -> i64 {
        i64::try_from(self.rates.lambda.len()).expect("a few levels")
    }

    fn slot(&self, price: i64) -> usize {
        usize::try_from(price.rem_euclid(self.reach())).expect("not negative")
    }

    /// The levels of a side, from one step away of the opposite best outwards.
    fn levels(&self, side: Side) -> impl Iterator<Item = &Vec<OrderId>> {
        let levels = &self.ids[side.index()];
        let nearest = self.slot(self.price(side, 0));
        let (low, high) = levels.split_at(nearest);
        // Bids go down from the nearest, asks up; both wrap.
        let down = high.iter().take(1).chain(low.iter().rev()).chain(high.iter().skip(1).rev());
        let up = high.iter().chain(low);
        let (downwards, upwards) = match side {
            Side::Buy => (Some(down), None),
            Side::Sell => (None, Some(up)),
        };
        downwards.into_iter().flatten().chain(upwards.into_iter().flatten())
    }

    /// Rate of the cancels of each order of a side at a price. What is on its way may stand out of reach for a moment.
    fn theta(&self, side: Side, price: i64) -> f64 {
        let away = (self.best[side.opposite().index()] - price) * side.sign();
        self.rates.theta[usize::try_from((away - 1).clamp(0, self.reach() - 1)).expect("clamped")]
    }

    /// Rate of all cancels of a side, from all its orders.
    fn all_cancels(&self, side: Side) -> f64 {
        self.rates.theta.iter().zip(self.levels(side)).map(|(theta, level)| theta * level.len() as f64).sum()
    }

    fn cancel(&mut self, side: Side, mut left: f64) -> Option<OrderId> {
        let mut found = None;
        for (distance, (theta, level)) in self.rates.theta.iter().zip(self.levels(side)).enumerate() {
            let count = level.len();
            let rate = theta * count as f64;
            if rate > 0.0 {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
                let index = (left / theta) as usize;
                // Rounding may leave a trifle after the last.
                found = Some((distance, index.min(count - 1)));
                if left < rate {
                    break;
                }
            }
            left -= rate;
        }
        let (distance, index) = found?;
        let slot = self.slot(self.price(side, distance));
        self.cancels[side.index()] -= self.rates.theta[distance];
        Some(self.ids[side.index()][slot].swap_remove(index))
    }

    /// An order of the clocks stands in the book.
    pub fn rested(&mut self, side: Side, price: i64, id: OrderId) {
        let slot = self.slot(price);
        self.ids[side.index()][slot].push(id);
        self.cancels[side.index()] += self.theta(side, price);
    }

    /// An order of the clocks was filled, or left in another way than by [`next`](Self::next). Whether it was one of theirs.
    pub fn gone(&mut self, side: Side, price: i64, id: OrderId) -> bool {
        let slot = self.slot(price);
        let level = &mut self.ids[side.index()][slot];
        let Some(index) = level.iter().position(|known| *known == id) else { return false };
        level.swap_remove(index);
        self.cancels[side.index()] -= self.theta(side, price);
        true
    }

    /// Takes note of the best prices, as far as there are any; where one moved away from the other side, that side's furthest orders
    /// are out of reach and leave: `out` is handed each.
    pub fn moved(&mut self, now: [Option<i64>; 2], mut out: impl FnMut(OrderId)) {
        for side in Side::BOTH {
            let Some(price) = now[side.index()] else { continue };
            let before = std::mem::replace(&mut self.best[side.index()], price);
            if before == price {
                continue;
            }
            let (other, levels) = (side.opposite(), self.reach());
            // Where this side's best was, less the reach of the other.
            let retreat = ((before - price) * side.sign()).clamp(0, levels);
            for gone in 0..retreat {
                let slot = self.slot(before - side.sign() * gone + side.sign() * levels);
                self.ids[other.index()][slot].drain(..).for_each(&mut out);
            }
            // Every distance of the other side has changed.
            self.cancels[other.index()] = self.all_cancels(other);
        }
    }
}

/// The index of the weight into which `left` falls.
fn choose(mut left: f64, weights: impl ExactSizeIterator<Item = f64>) -> usize {
    let last = weights.len() - 1;
    for (index, weight) in weights.enumerate() {
        if left < weight {
            return index;
        }
        left -= weight;
    }
    last
}
