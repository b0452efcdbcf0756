//! The one core trait, and what may happen to its implementor.

use super::Desk;
use crate::models::{ExecutionReport, MarketData, News};
use crate::world::Refusal;
use serde::Serialize;

/// One number that a strategy reasons with, for people who ask why it did what it did.
///
/// Example: [`Strategy`].
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reason {
    /// What it is, in the strategy's words: "half spread".
    pub name: &'static str,
    /// How much.
    pub value: f64,
    /// In which unit: "price units".
    pub unit: &'static str,
}

/// What a strategy is told.
///
/// Example: [`Strategy`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The run begins.
    Start,
    /// A timer set with [`Desk::wake_at`]; the number is the one given there.
    Wake(u32),
    /// Market data, already applied to the [`view`](Desk::view). Book updates arrive once per consistent state.
    Market(MarketData),
    /// News, or the hidden value for the informed.
    News(News),
    /// A report on one of its orders, already applied to [`working`](Desk::working) and [`position`](Desk::position).
    Report(ExecutionReport),
    /// The gate refused one of its commands.
    Refused(Refusal),
}

/// A trading strategy: events in, orders out through the desk. The same object trades a simulated market, a replayed
/// one, and a live feed on paper.
///
/// It holds no clock, no channel and no thread; whatever randomness it needs it draws from a seeded stream that it was
/// built with.
///
/// ```
/// use hft_core::prelude::*;
/// /// Quotes two ticks around the midpoint until the gate refuses something.
/// struct Maker {
///     book: BookId,
///     stopped: bool,
/// }
/// impl Strategy for Maker {
///     fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
///         self.stopped |= matches!(event, Event::Refused(_));
///         let mid = desk.view(self.book).and_then(|view| view.mid()).filter(|_| !self.stopped);
///         for side in Side::BOTH {
///             let price = mid.and_then(|mid| side.more_passive(side.round_passive(mid), Ticks::new(2)));
///             desk.quote(self.book, side, price.map(|price| Quote { price, qty: Qty::new(1) }));
///         }
///     }
///     fn rationale(&self) -> Vec<Reason> {
///         vec![Reason { name: "half spread", value: 2.0, unit: "ticks" }]
///     }
/// }
/// ```
///
/// The desk is a borrow that ends with the call:
///
/// ```compile_fail,E0521
/// use hft_core::trader::{Desk, Event, Strategy};
/// struct Hoarder {
///     kept: Vec<&'static mut Desk<'static>>,
/// }
/// impl Strategy for Hoarder {
///     fn on_event(&mut self, _: &Event, desk: &mut Desk<'_>) {
///         self.kept.push(desk); // the borrow would escape
///     }
/// }
/// ```
pub trait Strategy: Send {
    /// Answers one event.
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>);

    /// The numbers behind its latest decision, in the order in which they follow from one another. Asked from outside, between two
    /// events, by whoever explains a run; a strategy that is never asked pays nothing for it.
    fn rationale(&self) -> Vec<Reason> {
        Vec::new()
    }
}

/// A strategy whose type only its maker knows.
impl Strategy for Box<dyn Strategy> {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        (**self).on_event(event, desk);
    }

    fn rationale(&self) -> Vec<Reason> {
        (**self).rationale()
    }
}

/// Proof that the caller is a simulated world. It cannot be made, copied or kept outside this crate: it is lent for the length of
/// one call.
///
/// ```compile_fail,E0423
/// let forged = hft_core::trader::SimulatedOnly(());
/// ```
#[derive(Debug)]
pub struct SimulatedOnly(());

impl SimulatedOnly {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

/// A strategy that may exist in a simulation only. Only a simulated world takes it, and only that world can lend
/// it the token without which it cannot act; wrapping it in a [`Strategy`] leaves the wrapper without a token to pass on.
///
/// ```compile_fail,E0277
/// use hft_core::trader::{Desk, Event, SimulatedStrategy, Strategy};
/// struct Disguise<S>(S);
/// impl<S: SimulatedStrategy> Strategy for Disguise<S> {
///     fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
///         self.0.on_event(event, desk, &Default::default()); // there is no token to be had
///     }
/// }
/// ```
pub trait SimulatedStrategy: Send {
    /// Answers one event, in a simulation.
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>, simulated: &SimulatedOnly);

    /// As [`Strategy::rationale`].
    fn rationale(&self) -> Vec<Reason> {
        Vec::new()
    }
}
