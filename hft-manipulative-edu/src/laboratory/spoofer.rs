//! A display of any shape, on one side and then the other, with a rest between.

use super::QUIET;
use super::shape::{Ending, Shape};
use crate::gate::Acknowledgement;
use hft_core::models::{BookId, ExecKind, Nanos, NewOrder, OrderId, Price, Qty, Side, TimeInForce, Timestamp};
use hft_core::trader::{Desk, Event, OrderState, Reason, SimulatedOnly, SimulatedStrategy};
use hft_core::world::draws;
use rand_chacha::ChaCha8Rng;

/// Timers.
const BEGIN: u32 = 0;
const END: u32 = 1;
const LEAVE: u32 = 2;

/// How long what was bought or sold is kept before it is traded back.
const KEEP: Nanos = Nanos::from_millis(500);

/// See the module's documentation.
#[derive(Debug)]
pub struct Spoofer {
    shape: Shape,
    book: BookId,
    least_rest: Nanos,
    rng: ChaCha8Rng,
    /// The side on which is shown what is not meant.
    shown_on: Side,
    began: Timestamp,
    /// The touch that the display was placed behind.
    anchor: Option<Price>,
    is_showing: bool,
    /// Whether this is the mirror half of a cycle: what the first half bought is sold as it was bought.
    is_mirror: bool,
}

impl Spoofer {
    /// Only who typed the sentence makes one; every order then stands at least `least_rest`.
    pub fn new(shape: Shape, book: BookId, least_rest: Nanos, rng: ChaCha8Rng, _typed: &Acknowledgement) -> Self {
        let (began, anchor, is_showing, is_mirror) = (Timestamp::START, None, false, false);
        Self { shape, book, least_rest, rng, shown_on: Side::Buy, began, anchor, is_showing, is_mirror }
    }

    fn rest(&mut self, desk: &mut Desk<'_>) {
        let more = Nanos::from_secs_f64(draws::exponential(&mut self.rng) * 4.0);
        desk.wake_at(desk.now().after(self.shape.rest).after(more), BEGIN);
    }

    fn begin(&mut self, desk: &mut Desk<'_>) {
        let meant_on = self.shown_on.opposite();
        let touch = |side| desk.view(self.book).and_then(|view| view.best(side)).map(|quote| quote.price);
        let (Some(behind), Some(ahead)) = (touch(self.shown_on), touch(meant_on)) else { return self.rest(desk) };
        self.began = desk.now();
        self.is_showing = true;
        self.anchor = Some(behind);
        let is_flip = matches!(self.shape.ending, Ending::Flips(_));
        let held = Qty::new(desk.position(self.book.instrument).count().abs());
        let meant = if self.is_mirror { Some(held) } else { self.shape.meant };
        if let Some(meant) = meant.filter(|_| !is_flip) {
            let order = NewOrder::limit(OrderId(0), self.book, meant_on, ahead, meant);
            desk.submit(NewOrder { post_only: true, ..order });
        }
        for layer in self.shape.layers.clone() {
            let Some(price) = self.shown_on.more_passive(behind, layer.away) else { continue };
            let order = NewOrder::limit(OrderId(0), self.book, self.shown_on, price, layer.qty);
            desk.submit(NewOrder { post_only: true, ..order });
        }
        let (Ending::OnFill(longest) | Ending::Moves(longest) | Ending::Flips(longest)) = self.shape.ending;
        desk.wake_at(desk.now().after(longest.max(self.least_rest)), END);
    }

    /// Everything that stands is taken out, now or when it may be.
    fn end(&mut self, desk: &mut Desk<'_>) {
        if !self.is_showing {
            return;
        }
        let earliest = self.began.after(self.least_rest);
        if desk.now() < earliest {
            return desk.wake_at(earliest, END);
        }
        self.is_showing = false;
        for id in desk.working().iter().map(|order| order.id).collect::<Vec<_>>() {
            desk.cancel(id).expect("it works");
        }
        if let (Ending::Flips(_), Some(meant)) = (self.shape.ending, self.shape.meant) {
            // Into those who joined its display.
            let side = self.shown_on.opposite();
            self.take(desk, side, meant);
        }
        desk.wake_at(desk.now().after(KEEP), LEAVE);
    }

    fn take(&self, desk: &mut Desk<'_>, side: Side, qty: Qty) {
        let Some(quote) = desk.view(self.book).and_then(|view| view.best(side.opposite())) else { return };
        let order = NewOrder::limit(OrderId(0), self.book, side, quote.price, qty);
        desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order });
    }

    /// What is held is traded back, and the other side is next.
    fn leave(&mut self, desk: &mut Desk<'_>) {
        let position = desk.position(self.book.instrument).count();
        self.shown_on = self.shown_on.opposite();
        let ends_on_fill = matches!(self.shape.ending, Ending::OnFill(_));
        self.is_mirror = ends_on_fill && position != 0 && !self.is_mirror;
        if self.is_mirror {
            return self.begin(desk);
        }
        if position != 0 {
            let side = if position > 0 { Side::Sell } else { Side::Buy };
            self.take(desk, side, Qty::new(position.abs()));
        }
        self.rest(desk);
    }

    /// Keeps its distance: a display must not trade.
    fn follow(&mut self, desk: &mut Desk<'_>) {
        let touch = desk.view(self.book).and_then(|view| view.best(self.shown_on)).map(|quote| quote.price);
        if touch == self.anchor || !self.is_showing {
            return;
        }
        let Some(behind) = touch else { return };
        self.anchor = touch;
        let orders =
            desk.working().iter().filter(|order| order.side == self.shown_on && order.state == OrderState::Live);
        let mut orders: Vec<(OrderId, Option<Price>)> = orders.map(|order| (order.id, order.price)).collect();
        orders.sort_unstable();
        for ((id, price), layer) in orders.into_iter().zip(&self.shape.layers) {
            let target = self.shown_on.more_passive(behind, layer.away);
            if target != price {
                desk.replace(id, target, None).expect("it works");
            }
        }
    }
}

impl SimulatedStrategy for Spoofer {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>, _: &SimulatedOnly) {
        match event {
            Event::Start => desk.wake_at(desk.now().after(QUIET), BEGIN),
            Event::Wake(BEGIN) => self.begin(desk),
            Event::Wake(END) => self.end(desk),
            Event::Wake(_) => self.leave(desk),
            Event::Report(report) => {
                let is_meant = matches!(report.kind, ExecKind::Trade(fill) if fill.side != self.shown_on);
                let is_trap = matches!(report.kind, ExecKind::Trade(fill) if fill.side == self.shown_on);
                let ends_on_fill = matches!(self.shape.ending, Ending::OnFill(_));
                if (is_meant && report.leaves.is_zero() && ends_on_fill) || is_trap {
                    self.end(desk);
                }
            }
            Event::Market(_) if matches!(self.shape.ending, Ending::Moves(_)) => self.follow(desk),
            Event::Market(_) | Event::News(_) | Event::Refused(_) => {}
        }
    }

    fn rationale(&self) -> Vec<Reason> {
        let shown: i64 = self.shape.layers.iter().map(|layer| layer.qty.lots()).sum();
        vec![
            Reason { name: "shown and not meant", value: shown as f64, unit: "lots" },
            Reason { name: "meant", value: self.shape.meant.map_or(0.0, |qty| qty.lots() as f64), unit: "lots" },
        ]
    }
}
