//! What must hold after every command, whatever was asked: a second book, kept from the events alone, that must
//! equal the engine's own.
//!
//! - events are numbered without a gap;
//! - `filled + open + cancelled + prevented = submitted`, order by order, and each order ends exactly once;
//! - a trade is at the best price, with the order that stood first there, at its price (one taken out of turn is an
//!   error; under proportional allocation, only the price is asked);
//! - outside an auction and a halt the best bid is below the best ask;
//! - a level's total is the sum of its orders, and the last `Level` event said so.

use crate::engine::Engine;
use crate::rules::Allocation;
use hft_core::exchange::{EngineEvent, EventSink, Party};
use hft_core::models::{OrderId, Phase, Price, Qty, Side};
use std::collections::BTreeMap;

/// An order's sizes, as its events told them.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    filled: Qty,
    leaves: Qty,
}

/// One order, or slice, in the book.
#[derive(Clone, Copy, Debug)]
struct Place {
    order: OrderId,
    price: Price,
    visible: Qty,
}

/// Follows one engine's events.
#[derive(Debug)]
pub struct Audit {
    allocation: Allocation,
    events: u64,
    live: BTreeMap<OrderId, Sizes>,
    /// Both halves in priority order.
    book: [Vec<Place>; 2],
    /// Both halves as `Level` events tell them.
    levels: [BTreeMap<Price, Qty>; 2],
    /// The maker of the last trade, until its effect on the book is told.
    traded: Option<OrderId>,
}

impl Audit {
    /// Follows a fresh book.
    pub fn new(allocation: Allocation) -> Self {
        Self {
            allocation,
            events: 0,
            live: BTreeMap::new(),
            book: [Vec::new(), Vec::new()],
            levels: [BTreeMap::new(), BTreeMap::new()],
            traded: None,
        }
    }

    /// How many orders live.
    pub fn live_orders(&self) -> usize {
        self.live.len()
    }

    /// The live order with this number, oldest name first.
    pub fn order(&self, number: usize) -> Option<OrderId> {
        self.live.keys().nth(number).copied()
    }

    /// Compares what was followed with the engine itself.
    ///
    /// # Panics
    /// Where they differ.
    pub fn check(&self, engine: &impl Engine) {
        assert!(self.traded.is_none(), "a trade's effect on {:?} was never told", self.traded);
        assert_eq!(engine.live_orders(), self.live.len(), "live orders");
        let top = engine.top();
        if let (Phase::Continuous, Some(bid), Some(ask)) = (engine.phase(), top.bid, top.ask) {
            assert!(bid.price < ask.price, "crossed: {top:?}");
        }
        for side in Side::BOTH {
            let levels = engine.levels(side);
            let told: Vec<_> = self.levels[side.index()].iter().map(|(&price, &qty)| (price, qty)).collect();
            let mut found: Vec<_> = levels.iter().map(|level| (level.price, engine.level(side, level.price))).collect();
            found.sort_unstable();
            assert_eq!(told, found, "levels told and levels there");
            let places = &self.book[side.index()];
            let mut seen = 0;
            for level in levels {
                let here: Vec<_> = places.iter().filter(|place| place.price == level.price).collect();
                let visible: u128 = here.iter().map(|place| wide(place.visible)).sum();
                assert_eq!(level.visible, visible, "visible at {}", level.price);
                assert_eq!(engine.level(side, level.price), Qty::new(i64::try_from(visible).unwrap_or(i64::MAX)));
                let queue: Vec<_> = here.iter().map(|p| (p.order, self.live[&p.order].leaves)).collect();
                assert_eq!(engine.queue(side, level.price), queue, "queue at {}", level.price);
                assert_eq!(level.count, queue.len(), "orders at {}", level.price);
                let total: u128 = queue.iter().map(|&(_, open)| wide(open)).sum();
                assert_eq!(level.total, total, "open at {}", level.price);
                seen += queue.len();
            }
            assert_eq!(seen, places.len(), "places without a level");
        }
    }

    fn sizes(&mut self, order: OrderId) -> &mut Sizes {
        self.live.get_mut(&order).unwrap_or_else(|| panic!("order {order} is told of, and does not live"))
    }

    fn trade(&mut self, party: Party, qty: Qty) {
        let sizes = self.sizes(party.order);
        sizes.filled += qty;
        sizes.leaves -= qty;
        assert!(qty.is_positive() && sizes.leaves >= Qty::ZERO, "order {} trades {qty}", party.order);
        assert_eq!((sizes.filled, sizes.leaves), (party.filled, party.leaves), "order {}", party.order);
        if party.leaves.is_zero() {
            self.live.remove(&party.order);
        }
    }

    fn check_turn(&self, side: Side, maker: OrderId, price: Price) {
        let best = self.book[side.index()].first().expect("who rests is in the book");
        assert_eq!(best.price, price, "order {maker} traded through a better price, or not at its own");
        let at = self.book[side.index()].iter().find(|place| place.order == maker).expect("the maker rests");
        assert_eq!(at.price, price, "order {maker} traded at a price that is not its own");
        if self.allocation == Allocation::Fifo {
            assert_eq!(best.order, maker, "order {maker} traded out of turn");
        }
    }

    fn place(&mut self, order: OrderId) -> (usize, usize) {
        self.traded = self.traded.filter(|&traded| traded != order);
        for side in [0, 1] {
            if let Some(at) = self.book[side].iter().position(|place| place.order == order) {
                return (side, at);
            }
        }
        panic!("order {order} is told to stand in the book, and does not")
    }
}

impl EventSink for Audit {
    fn on_event(&mut self, seq: u64, event: EngineEvent) {
        self.events += 1;
        assert_eq!(seq, self.events, "a gap in the numbers");
        match event {
            EngineEvent::Accepted { order, qty, .. } => {
                let before = self.live.insert(order, Sizes { filled: Qty::ZERO, leaves: qty });
                assert!(before.is_none(), "order {order} was accepted twice");
            }
            EngineEvent::Trade { price, qty, maker, taker, aggressor, .. } => {
                match aggressor {
                    Some(side) => {
                        self.check_turn(side.opposite(), maker.order, price);
                        self.traded = Some(maker.order);
                    }
                    None => self.traded = None, // what an auction takes may be hidden
                }
                self.trade(maker, qty);
                self.trade(taker, qty);
            }
            EngineEvent::Prevented { order, qty, filled, leaves, .. } => {
                let sizes = self.sizes(order);
                sizes.leaves -= qty;
                assert_eq!((sizes.filled, sizes.leaves), (filled, leaves), "order {order}");
            }
            EngineEvent::Replaced { order, filled, leaves, .. } => {
                let sizes = self.sizes(order);
                assert_eq!(sizes.filled, filled, "order {order}");
                assert!(leaves.is_positive(), "order {order} is replaced by nothing");
                sizes.leaves = leaves;
            }
            EngineEvent::Canceled { order, filled, leaves, .. } => {
                let sizes = *self.sizes(order);
                assert_eq!((sizes.filled, sizes.leaves), (filled, leaves), "order {order}");
                self.live.remove(&order);
            }
            EngineEvent::Rested { order, side, price, visible } => {
                assert!(visible.is_positive() && visible <= self.sizes(order).leaves, "order {order} shows {visible}");
                let half = &mut self.book[side.index()];
                assert!(half.iter().all(|place| place.order != order), "order {order} stands twice");
                let at = half.iter().position(|place| side.is_better(price, place.price)).unwrap_or(half.len());
                half.insert(at, Place { order, price, visible });
            }
            EngineEvent::Resized { order, visible } => {
                let (side, at) = self.place(order);
                let place = &mut self.book[side][at];
                assert!(visible.is_positive() && visible < place.visible, "order {order} shows {visible}");
                place.visible = visible;
            }
            EngineEvent::Removed { order } => {
                let (side, at) = self.place(order);
                self.book[side].remove(at);
            }
            EngineEvent::Level { side, price, qty } if qty.is_zero() => {
                self.levels[side.index()].remove(&price);
            }
            EngineEvent::Level { side, price, qty } => {
                self.levels[side.index()].insert(price, qty);
            }
            EngineEvent::Triggered { order, leaves, .. } => {
                let sizes = self.sizes(order);
                assert_eq!((sizes.filled, sizes.leaves), (Qty::ZERO, leaves), "order {order}");
            }
            EngineEvent::Rejected { .. } | EngineEvent::CommandRejected { .. } | EngineEvent::Phase(_) => {}
        }
    }
}

fn wide(qty: Qty) -> u128 {
    u128::try_from(qty.lots()).expect("sizes in a book are not negative")
}
