//! Invariant: a stop enters the book after the trade that triggered it, and never inside another command.
//!
//! The life of a stop after its acceptance: it waits, a trade reaches its trigger, it queues, and it enters as the
//! order that it has become; what would refuse a new one then cancels it. Stops cascade through the queue, first
//! triggered first served, and never by recursion. While an auction collects they wait, and the start of continuous
//! trading looks at them again. Left out: triggers other than the last trade.

use super::engine::MatchingEngine;
use super::entry::incoming;
use super::event::{EngineEvent, EventSink};
use super::parked::ParkedOrder;
use super::plain::Plain;
use crate::models::{CancelReason, NewOrder, OrderId, OrderType, Phase, Price, RejectReason};

impl MatchingEngine {
    /// Lets a stop wait, unless the last trade has reached its trigger already.
    pub(super) fn park(&mut self, stop: ParkedOrder) {
        self.book.expiries.insert(stop.expiry(), stop.order.id);
        self.parked.insert(stop);
        self.plain = Plain::NONE;
        self.trigger_stops();
    }

    /// Takes out a parked order and its expiry.
    pub(super) fn unpark(&mut self, id: OrderId) -> Option<ParkedOrder> {
        let stop = self.parked.remove(id)?;
        self.book.expiries.remove(stop.expiry(), id);
        self.plain = self.plain_now();
        Some(stop)
    }

    /// Queues the stops that the last trade triggers. They wait while an auction collects.
    #[inline]
    pub(super) fn trigger_stops(&mut self) {
        if self.parked.len() > 0
            && self.phase == Phase::Continuous
            && let Some(last) = self.last
        {
            self.parked.trigger(last, &mut self.triggered);
            self.plain = self.plain_now();
        }
    }

    /// Gives triggered stops their turn, and those that they trigger, until none is left.
    #[inline]
    pub(super) fn settle_stops<S: EventSink>(&mut self, sink: &mut S) {
        if !self.triggered.is_empty() {
            self.run_stops(sink);
        }
    }

    #[cold]
    fn run_stops<S: EventSink>(&mut self, sink: &mut S) {
        while let Some(stop) = self.triggered.pop_front() {
            self.book.expiries.remove(stop.expiry(), stop.order.id);
            let (account, order) = (stop.account, stop.order);
            let (side, leaves) = (order.side, order.qty);
            self.tape.say(sink, EngineEvent::Triggered { order: order.id, account, side, leaves });
            let order_type = order.limit_price().map_or(OrderType::Market, |price| OrderType::Limit { price });
            let order = NewOrder { order_type, ..order };
            match self.admit_again(&order) {
                Ok(limit) => self.enter(&order, incoming(account, &order, stop.arrival, limit), sink),
                Err(_) => {
                    let refused = incoming(account, &order, stop.arrival, order.side.worst_price());
                    self.say_canceled(&refused, CancelReason::Refused, sink);
                }
            }
        }
    }

    /// The rows that depend on the state of the book and of the market, for an order that was a stop.
    fn admit_again(&self, order: &NewOrder) -> Result<Price, RejectReason> {
        order.limit_price().map_or(Ok(()), |price| self.rules.check_limit(price, self.last))?;
        self.admit_price(order)
    }
}
