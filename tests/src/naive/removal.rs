//! How orders leave without trading: on request, by kill, with a connection, with time.

use super::{NaiveEngine, Order};
use crate::rules::DisconnectScope;
use hft_core::exchange::{EngineEvent, EventSink};
use hft_core::models::{AccountId, CancelReason, OrderId, RejectReason, Side, TimeInForce, Timestamp};

impl NaiveEngine {
    /// Takes an order out.
    pub fn cancel(&mut self, account: Option<AccountId>, id: OrderId, sink: &mut impl EventSink) {
        match self.find(account, id) {
            Some(_) => self.cancel_live(id, CancelReason::Requested),
            None => self.refuse(id, RejectReason::UnknownOrder),
        }
        self.settle(Side::Sell, sink);
    }

    /// Takes out all orders, stops included, of an account or of everybody, of one side or of both.
    pub fn mass_cancel(&mut self, account: Option<AccountId>, side: Option<Side>, sink: &mut impl EventSink) {
        self.cancel_where(CancelReason::MassCancel, |order| {
            account.is_none_or(|account| account == order.account) && side.is_none_or(|side| side == order.side)
        });
        self.settle(Side::Sell, sink);
    }

    /// Refuses new orders and amends of an account, or of everybody, until released; by policy also takes out what
    /// stands.
    pub fn kill(&mut self, account: Option<AccountId>, sink: &mut impl EventSink) {
        match account {
            Some(account) => _ = self.killed.insert(account),
            None => self.all_killed = true,
        }
        if self.rules.kill_cancels_resting {
            self.cancel_where(CancelReason::KillSwitch, |order| account.is_none_or(|account| account == order.account));
        }
        self.settle(Side::Sell, sink);
    }

    /// Releases an account from its own kill, or everybody from every kill.
    pub fn unkill(&mut self, account: Option<AccountId>) {
        match account {
            Some(account) => _ = self.killed.remove(&account),
            None => {
                self.all_killed = false;
                self.killed.clear();
            }
        }
    }

    /// Loses the connection of an account, or everybody's.
    pub fn disconnect(&mut self, account: Option<AccountId>, sink: &mut impl EventSink) {
        let scope = self.rules.disconnect_scope;
        self.cancel_where(CancelReason::Disconnect, |order| {
            let in_scope = scope == DisconnectScope::All || order.tif == TimeInForce::Day;
            in_scope && account.is_none_or(|account| account == order.account)
        });
        self.settle(Side::Sell, sink);
    }

    /// Lets time pass: an order whose moment has come has expired.
    pub fn advance_time(&mut self, now: Timestamp, sink: &mut impl EventSink) {
        let mut expired: Vec<_> = self
            .live()
            .filter_map(|order| match order.tif {
                TimeInForce::Gtd { expires } if now >= expires && expires != Timestamp::MAX => {
                    Some((expires, order.age, order.id))
                }
                TimeInForce::Gtd { .. } | TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok => {
                    None
                }
            })
            .collect();
        expired.sort_unstable();
        for (_, _, id) in expired {
            self.cancel_live(id, CancelReason::Expired);
        }
        self.settle(Side::Sell, sink);
    }

    /// Ends the session: day orders have expired.
    pub fn end_session(&mut self, sink: &mut impl EventSink) {
        self.cancel_where(CancelReason::Expired, |order| order.tif == TimeInForce::Day);
        self.settle(Side::Sell, sink);
    }

    /// A live order, if `account` is not asked or owns it.
    pub(super) fn find(&self, account: Option<AccountId>, id: OrderId) -> Option<&Order> {
        self.live().find(|order| order.id == id && account.is_none_or(|account| account == order.account))
    }

    /// Tells the end of an order that does not rest.
    pub(super) fn end(&mut self, order: &Order, reason: CancelReason) {
        self.ended.insert(order.id);
        self.say(EngineEvent::Canceled {
            order: order.id,
            account: order.account,
            side: order.side,
            filled: order.filled,
            leaves: order.leaves,
            reason,
        });
    }

    /// Ends the resting order at `at`.
    pub(super) fn cancel_resting(&mut self, side: Side, at: usize, reason: CancelReason) {
        let order = self.book[side.index()][at].clone();
        self.end(&order, reason);
        self.take_out(side, at);
    }

    /// Ends a live order, wherever it is.
    pub(super) fn cancel_live(&mut self, id: OrderId, reason: CancelReason) {
        if let Some(at) = self.stops.iter().position(|stop| stop.id == id) {
            let stop = self.stops.remove(at);
            self.end(&stop, reason);
        } else {
            let side = self.live().find(|order| order.id == id).expect("the order lives").side;
            self.cancel_resting(side, self.position(side, id), reason);
        }
    }

    /// The ids of all stops: buys from the lowest trigger, then sells from the highest, then by age.
    pub(super) fn stops_in_order(&self) -> Vec<OrderId> {
        let mut stops: Vec<&Order> = self.stops.iter().collect();
        stops.sort_by_key(|stop| {
            let trigger = i128::from(stop.trigger().expect("what waits has a trigger").ticks());
            (stop.side, trigger * i128::from(stop.side.sign()), stop.age)
        });
        stops.into_iter().map(|stop| stop.id).collect()
    }

    /// Ends all orders that `is_meant`, in a fixed order.
    fn cancel_where(&mut self, reason: CancelReason, is_meant: impl Fn(&Order) -> bool) {
        let meant: Vec<_> = self.live().filter(|order| is_meant(order)).map(|order| order.id).collect();
        let resting = self.book.iter().flatten().map(|order| order.id);
        let in_order: Vec<_> = resting.chain(self.stops_in_order()).filter(|id| meant.contains(id)).collect();
        for id in in_order {
            self.cancel_live(id, reason);
        }
    }

    fn live(&self) -> impl Iterator<Item = &Order> {
        self.book.iter().flatten().chain(&self.stops)
    }
}
