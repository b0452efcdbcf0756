//! What a display looks like: sizes, distances, times. Fixed to this toy crowd, in which an ordinary order has three lots.
//!
//! The published cases are in the proportions of the record: the sizes are scaled to the crowd where the record's would be the whole of this
//! book, the times to minutes where the record's were hours.

use hft_core::models::{Nanos, Qty, Ticks};

/// One order of a display.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layer {
    /// How far behind the touch of its side.
    pub away: Ticks,
    /// How much is shown.
    pub qty: Qty,
}

/// How a display ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// When what is meant is filled, or after this time.
    OnFill(Nanos),
    /// Only after this time: what is displayed moves with the price until then.
    Moves(Nanos),
    /// After this time it is turned over: gone, and at once an order on the other side takes.
    Flips(Nanos),
}

/// A display, and what is meant by it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// The order on the other side that is meant; none where nothing has to trade.
    pub meant: Option<Qty>,
    /// The orders that are not.
    pub layers: Vec<Layer>,
    /// How it ends.
    pub ending: Ending,
    /// Shortest rest before the next.
    pub rest: Nanos,
}

fn layers(sizes: &[(i64, i64)]) -> Vec<Layer> {
    sizes.iter().map(|&(away, qty)| Layer { away: Ticks::new(away), qty: Qty::new(qty) }).collect()
}

impl Shape {
    const REST: Nanos = Nanos::from_secs(12);

    /// One large order, one small.
    pub fn spoofing() -> Self {
        let ending = Ending::OnFill(Nanos::from_secs(8));
        Self { meant: Some(Qty::new(8)), layers: layers(&[(2, 160)]), ending, rest: Self::REST }
    }

    /// Four levels against one small order.
    pub fn layering() -> Self {
        let layers = layers(&[(1, 40), (2, 40), (3, 40), (4, 40)]);
        Self { layers, ..Self::spoofing() }
    }

    /// Coscia, Brent, 2011 (FCA): 17 lots meant; 54, 85 and 122 shown one, two and three ticks away; gone with the fill, the whole of it in
    /// six tenths of a second. The sizes are the record's.
    pub fn coscia() -> Self {
        let layers = layers(&[(1, 54), (2, 85), (3, 122)]);
        let ending = Ending::OnFill(Nanos::from_millis(609));
        Self { meant: Some(Qty::new(17)), layers, ending, rest: Self::REST }
    }

    /// Sarao, E-mini, 6 May 2010: five equal orders on neighbouring levels, a fifth to three tenths of the side, moved with the price again
    /// and again, never executed. 600 lots each become 30; two hours and 22 minutes become a minute.
    pub fn sarao() -> Self {
        let layers = layers(&[(3, 30), (4, 30), (5, 30), (6, 30), (7, 30)]);
        Self { meant: None, layers, ending: Ending::Moves(Nanos::from_secs(60)), rest: Self::REST }
    }

    /// Oystacher, E-mini, 6 January 2014: at least double what the level shows, turned over to take the other way at the same price. 921
    /// lots become 120.
    pub fn oystacher() -> Self {
        let layers = layers(&[(0, 120)]);
        Self { meant: Some(Qty::new(20)), layers, ending: Ending::Flips(Nanos::from_millis(800)), rest: Self::REST }
    }
}
