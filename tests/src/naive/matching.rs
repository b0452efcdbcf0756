//! How an order trades: best price first, then arrival, at the resting order's price.

use super::{NaiveEngine, Order, wide};
use crate::rules::{Allocation, MANY_ROUNDS, MarketRemainder};
use hft_core::exchange::{EngineEvent, Party};
use hft_core::models::{
    CancelReason, OrderId, OrderType, Phase, Price, Qty, SelfTrade, Side, Ticks, TimeInForce, TradeId,
};

/// How an order came out of a sweep.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Swept {
    /// It traded all it could; what is left is open.
    Through,
    /// Self-trade prevention ended it.
    Prevented,
}

/// One order's part of what an aggressor takes from a level.
struct Share {
    order: OrderId,
    visible: Qty,
    qty: Qty,
}

impl NaiveEngine {
    /// Lets an accepted order trade and then rest or end.
    pub(super) fn enter(&mut self, mut taker: Order) {
        if self.phase == Phase::Auction {
            return self.rest(taker);
        }
        let protection = self.protection_price(taker.side);
        let limit = match taker.order_type {
            OrderType::Market => protection.unwrap_or(taker.side.worst_price()),
            OrderType::Limit { .. } | OrderType::Stop { .. } | OrderType::StopLimit { .. } => taker.price,
        };
        // A stop may have been cut below its minimum: all that is left of it is enough then.
        let at_once = if taker.tif == TimeInForce::Fok { taker.leaves } else { taker.min_fill.min(taker.leaves) };
        if at_once.is_positive() && self.within_reach(&taker, limit) < at_once {
            return self.end(&taker, CancelReason::Fok);
        }
        taker.min_fill = Qty::ZERO;
        if self.sweep(&mut taker, limit) == Swept::Prevented {
            return self.end(&taker, CancelReason::Stp);
        }
        if taker.leaves.is_zero() {
            self.ended.insert(taker.id);
            return;
        }
        let resting_price = match taker.order_type {
            OrderType::Market if self.rules.market_remainder == MarketRemainder::Cancel => None,
            OrderType::Market => protection.filter(|&price| self.has_room_at(taker.side, price)),
            OrderType::Limit { .. } | OrderType::Stop { .. } | OrderType::StopLimit { .. } => Some(taker.price),
        };
        match resting_price {
            Some(price) if !taker.is_immediate() => self.rest(Order { price, ..taker }),
            _ => self.end(&taker, CancelReason::Ioc),
        }
    }

    /// A stop's turn after its trigger was reached: it becomes an order like any other, or the book refuses it.
    pub(super) fn trigger(&mut self, stop: Order) {
        let Order { id: order, account, side, leaves, .. } = stop;
        self.say(EngineEvent::Triggered { order, account, side, leaves });
        let OrderType::StopLimit { price, .. } = stop.order_type else {
            return self.enter(Order { order_type: OrderType::Market, ..stop });
        };
        let allowed = self.check_band(price).and_then(|()| self.check_entry(side, price, stop.post_only, stop.tif));
        match allowed {
            Ok(price) => self.enter(Order { order_type: OrderType::Limit { price }, price, ..stop }),
            Err(_) => self.end(&stop, CancelReason::Refused),
        }
    }

    /// Moves the stops that the last trade triggers to the queue of those whose turn comes after this command: buys
    /// first, then sells, each in the order in which a moving price reaches them, then by age.
    pub(super) fn elect(&mut self) {
        let (Phase::Continuous, Some(last)) = (self.phase, self.last) else { return };
        for id in self.stops_in_order() {
            let at = self.stops.iter().position(|stop| stop.id == id).expect("it was just listed");
            let trigger = self.stops[at].trigger().expect("what waits has a trigger");
            if self.stops[at].side.is_triggered(trigger, last) {
                let stop = self.stops.remove(at);
                self.elected.push_back(stop);
            }
        }
    }

    /// Where a market order of this side stops trading: beyond the opposite touch by the protection points, inside the
    /// price range, on the tick. None without protection, or without an opposite side.
    fn protection_price(&self, side: Side) -> Option<Price> {
        let (touch, points) = (self.touch(side.opposite())?, self.rules.protection?);
        let (lowest, highest) = (self.rules.min_px, self.rules.max_px);
        let price = side.more_aggressive(touch, points).unwrap_or(side.worst_price()).clamp(lowest, highest);
        let beyond = price.ticks() % self.rules.tick.count();
        match (side, beyond) {
            (_, 0) => Some(price),
            (Side::Buy, beyond) => Some(price - Ticks::new(beyond)),
            (Side::Sell, beyond) => Some(price + Ticks::new(self.rules.tick.count() - beyond)),
        }
    }

    /// Trades level by level. Displayed quantity at a price goes first; an iceberg's next slice stands behind it.
    pub(super) fn sweep(&mut self, taker: &mut Order, limit: Price) -> Swept {
        let side = taker.side.opposite();
        let (mut level, mut ahead) = (None, Qty::ZERO);
        while taker.leaves.is_positive() {
            let Some(price) = self.touch(side).filter(|&price| taker.side.accepts(limit, price)) else { break };
            if level != Some(price) {
                (level, ahead) = (Some(price), Qty::ZERO);
            }
            if let Some(own) = self.own_in_the_way(taker, side, price) {
                ahead = saturating_sum(ahead, self.book[side.index()][own].visible);
                if self.prevent(taker, side, own) == Swept::Prevented {
                    return Swept::Prevented;
                }
                continue;
            }
            let is_free = taker.self_trade == SelfTrade::Allow
                || self.at(side, price).all(|order| order.account != taker.account);
            let rounds = self.whole_rounds(side, price, wide(taker.leaves));
            if is_free && rounds >= MANY_ROUNDS {
                ahead = self.take_rounds(taker, side, price, rounds, ahead);
                continue;
            }
            for share in self.shares(side, price, taker.leaves) {
                if share.qty.is_positive() {
                    self.execute(taker, side, &share, ahead);
                }
                ahead = saturating_sum(ahead, share.visible);
            }
        }
        Swept::Through
    }

    /// How many times over `wanted` takes everything that a level of nothing but icebergs displays, every slice in full.
    pub(super) fn whole_rounds(&self, side: Side, price: Price, wanted: u128) -> u128 {
        let slices = |order: &Order| match order.display {
            Some(display) if display == order.visible => wide(order.leaves) / wide(display),
            _ => 1,
        };
        let displayed: u128 = self.at(side, price).map(|order| wide(order.visible)).sum();
        self.at(side, price).map(slices).min().unwrap_or(0).min(wanted / displayed)
    }

    /// Takes that many rounds in one trade an order. The book is left as slice after slice would have left it.
    fn take_rounds(&mut self, taker: &mut Order, side: Side, price: Price, rounds: u128, ahead: Qty) -> Qty {
        let slices: Vec<_> = self.at(side, price).map(|order| (order.id, order.visible)).collect();
        let mut ahead = ahead;
        for (order, visible) in slices {
            let qty = i64::try_from(rounds * wide(visible)).map(Qty::new).expect("no more than the order has open");
            let at = self.position(side, order);
            self.book[side.index()][at].visible = qty;
            self.execute(taker, side, &Share { order, visible: qty, qty }, ahead);
            ahead = saturating_sum(ahead, qty);
        }
        ahead
    }

    /// How the displayed orders of the best level share `wanted`, in priority order.
    fn shares(&self, side: Side, price: Price, wanted: Qty) -> Vec<Share> {
        let first_served = |order: &Order, wanted: Qty| order.visible.min(wanted);
        match self.rules.allocation {
            Allocation::Fifo => {
                let front = self.at(side, price).next().expect("a touched level has an order");
                vec![Share { order: front.id, visible: front.visible, qty: first_served(front, wanted) }]
            }
            Allocation::ProRata => {
                let displayed: u128 = self.at(side, price).map(|order| wide(order.visible)).sum();
                let taken = wide(wanted).min(displayed);
                let lot = wide(self.rules.lot);
                let in_proportion = |order: &Order| {
                    let lots = taken * wide(order.visible) / displayed / lot * lot;
                    Qty::new(i64::try_from(lots).expect("a share is at most the order"))
                };
                let share =
                    |order: &Order| Share { order: order.id, visible: order.visible, qty: in_proportion(order) };
                let mut shares: Vec<_> = self.at(side, price).map(share).collect();
                let mut rest = taken - shares.iter().map(|share| wide(share.qty)).sum::<u128>();
                for share in &mut shares {
                    let more = rest.min(wide(share.visible - share.qty));
                    share.qty += Qty::new(i64::try_from(more).expect("at most the order"));
                    rest -= more;
                }
                shares
            }
        }
    }

    /// One trade between `taker` and a resting order, and what it does to the latter.
    fn execute(&mut self, taker: &mut Order, side: Side, share: &Share, ahead: Qty) {
        let at = self.position(side, share.order);
        let maker = &mut self.book[side.index()][at];
        let price = maker.price;
        for order in [&mut *maker, &mut *taker] {
            order.filled += share.qty;
            order.leaves -= share.qty;
        }
        let (maker, taker_party) = (party(maker), party(taker));
        self.print(price, share.qty, maker, taker_party, Some(taker.side), ahead);
        self.after_trade(side, at, share.qty);
    }

    /// Counts and tells a trade, and lets stops see it.
    pub(super) fn print(
        &mut self,
        price: Price,
        qty: Qty,
        maker: Party,
        taker: Party,
        aggressor: Option<Side>,
        ahead: Qty,
    ) {
        self.trades += 1;
        self.last = Some(price);
        self.say(EngineEvent::Trade { trade: TradeId(self.trades), price, qty, maker, taker, aggressor, ahead });
        self.elect();
    }

    /// What a trade of `qty` leaves of the resting order at `at`: nothing, its next slice at the back, or less in place.
    pub(super) fn after_trade(&mut self, side: Side, at: usize, qty: Qty) {
        let order = &mut self.book[side.index()][at];
        order.visible -= qty;
        let (id, visible) = (order.id, order.visible);
        if order.leaves.is_zero() {
            self.take_out(side, at);
            self.ended.insert(id);
        } else if visible.is_zero() {
            let slice = self.take_out(side, at);
            self.rest(slice);
        } else {
            self.touched(side, self.book[side.index()][at].price);
            self.say(EngineEvent::Resized { order: id, visible });
        }
    }

    /// Puts an order at the back of its level.
    pub(super) fn rest(&mut self, mut order: Order) {
        order.order_type = OrderType::Limit { price: order.price };
        order.show();
        let (side, price) = (order.side, order.price);
        self.say(EngineEvent::Rested { order: order.id, side, price, visible: order.visible });
        self.touched(side, price);
        let half = &mut self.book[side.index()];
        let behind = half.iter().position(|other| side.is_better(price, other.price)).unwrap_or(half.len());
        half.insert(behind, order);
    }

    /// Takes an order, or its slice, out of the book.
    pub(super) fn take_out(&mut self, side: Side, at: usize) -> Order {
        let order = self.book[side.index()].remove(at);
        self.touched(side, order.price);
        self.say(EngineEvent::Removed { order: order.id });
        order
    }

    /// Where a resting order stands.
    pub(super) fn position(&self, side: Side, id: OrderId) -> usize {
        self.book[side.index()].iter().position(|order| order.id == id).expect("the order rests")
    }
}

/// An order's side of a trade.
pub(super) fn party(order: &Order) -> Party {
    Party { order: order.id, account: order.account, filled: order.filled, leaves: order.leaves }
}

fn saturating_sum(a: Qty, b: Qty) -> Qty {
    Qty::new(a.lots().saturating_add(b.lots()))
}
