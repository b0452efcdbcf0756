//! The auction: one price for all. Among all ticks between the lowest and the highest order price it is the one with
//! maximum volume, then minimum surplus, then by market pressure, then nearest the reference price.
//!
//! Self-trade prevention and proportional allocation have no part in it. The reference is the book's, or else the last
//! trade; without either, and at equal distance, the lower price is taken.

use super::matching::party;
use super::{NaiveEngine, Order, wide};
use hft_core::exchange::EngineEvent;
use hft_core::models::{OrderId, Price, Qty, Side};
use std::collections::{BTreeSet, VecDeque};

/// A displayed or hidden part of an order.
#[derive(Clone, Copy)]
struct Part {
    order: OrderId,
    qty: Qty,
    is_hidden: bool,
}

/// What an auction at one price would do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Candidate {
    price: Price,
    buys: u128,
    sells: u128,
}

impl Candidate {
    fn volume(self) -> u128 {
        self.buys.min(self.sells)
    }

    fn surplus(self) -> u128 {
        self.buys.abs_diff(self.sells)
    }
}

impl NaiveEngine {
    /// Trades all that crosses at the auction price: its price and volume, if there is any.
    pub(super) fn match_auction(&mut self) -> Option<(Price, u128)> {
        let winner = choose(&self.candidates(), self.rules.reference.or(self.last))?;
        let (price, volume) = (winner.price, winner.volume());
        let [mut buys, mut sells] = Side::BOTH.map(|side| self.parts(side, price));
        while let (Some(buy), Some(sell)) = (buys.front_mut(), sells.front_mut()) {
            let qty = buy.qty.min(sell.qty);
            buy.qty -= qty;
            sell.qty -= qty;
            let parts = [*buy, *sell];
            let parties = [(Side::Buy, *buy), (Side::Sell, *sell)].map(|(side, part)| {
                let at = self.position(side, part.order);
                let order = &mut self.book[side.index()][at];
                order.filled += qty;
                order.leaves -= qty;
                party(order)
            });
            self.print(price, qty, parties[0], parties[1], None, Qty::ZERO);
            for (side, part) in Side::BOTH.into_iter().zip(parts) {
                let at = self.position(side, part.order);
                match part.is_hidden {
                    false => self.after_trade(side, at, qty),
                    true => self.after_hidden_trade(side, at),
                }
            }
            for parts in [&mut buys, &mut sells] {
                parts.retain(|part| part.qty.is_positive());
            }
        }
        Some((price, volume))
    }

    /// What a side offers at the auction price, in the order in which it is served: level by level, what shows first,
    /// then what is hidden.
    fn parts(&self, side: Side, price: Price) -> VecDeque<Part> {
        let mut parts = VecDeque::new();
        for level in self.prices(side).into_iter().filter(|&level| side.accepts(level, price)) {
            let shown = |order: &Order| Part { order: order.id, qty: order.visible, is_hidden: false };
            let hidden = |order: &Order| Part { order: order.id, qty: order.leaves - order.visible, is_hidden: true };
            parts.extend(self.at(side, level).map(shown));
            parts.extend(self.at(side, level).map(hidden).filter(|part| part.qty.is_positive()));
        }
        parts
    }

    /// What a trade of hidden quantity leaves of an order: nothing, or no more than is open may show.
    fn after_hidden_trade(&mut self, side: Side, at: usize) {
        let order = &mut self.book[side.index()][at];
        let shown = order.visible;
        order.cut(Qty::ZERO);
        let (id, price, leaves, visible) = (order.id, order.price, order.leaves, order.visible);
        if leaves.is_zero() {
            self.take_out(side, at);
            self.ended.insert(id);
        } else if visible != shown {
            self.touched(side, price);
            self.say(EngineEvent::Resized { order: id, visible });
        }
    }

    /// All prices at which an auction could settle, lowest first. What would trade changes only at an order's price, so
    /// of each stretch of ticks between two of them its ends, and the ticks around the reference, stand for all.
    fn candidates(&self) -> Vec<Candidate> {
        let orders: Vec<Price> = self.book.iter().flatten().map(|order| order.price).collect();
        let (Some(&lowest), Some(&highest)) = (orders.iter().min(), orders.iter().max()) else { return Vec::new() };
        let tick = self.rules.tick.count();
        let reference = self.rules.reference.or(self.last).map(|price| Price::new(price.ticks() / tick * tick));
        let mut prices: BTreeSet<Price> = BTreeSet::new();
        for price in orders.into_iter().chain(reference) {
            prices.insert(price);
            prices.extend(Side::BOTH.map(|side| side.more_aggressive(price, self.rules.tick)).into_iter().flatten());
        }
        let within = prices.into_iter().filter(|price| (lowest..=highest).contains(price));
        within.map(|price| self.candidate(price)).collect()
    }

    fn candidate(&self, price: Price) -> Candidate {
        let willing = |side: Side| {
            let orders = self.book[side.index()].iter().filter(|order| side.accepts(order.price, price));
            orders.map(|order| wide(order.leaves)).sum()
        };
        Candidate { price, buys: willing(Side::Buy), sells: willing(Side::Sell) }
    }
}

/// The winner among `candidates`, which are in ascending order of price. None where nothing would trade.
fn choose(candidates: &[Candidate], reference: Option<Price>) -> Option<Candidate> {
    let volume = candidates.iter().map(|candidate| candidate.volume()).max().filter(|&volume| volume > 0)?;
    let mut best: Vec<_> = candidates.iter().copied().filter(|candidate| candidate.volume() == volume).collect();
    let surplus = best.iter().map(|candidate| candidate.surplus()).min()?;
    best.retain(|candidate| candidate.surplus() == surplus);
    if best.iter().all(|candidate| candidate.buys > candidate.sells) {
        return best.last().copied();
    }
    if best.iter().all(|candidate| candidate.buys < candidate.sells) {
        return best.first().copied();
    }
    match reference {
        Some(reference) => best
            .into_iter()
            .min_by_key(|candidate| (candidate.price.ticks().abs_diff(reference.ticks()), candidate.price)),
        None => best.first().copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::BOOK;
    use crate::rules::BookRules;
    use hft_core::exchange::EventSink;
    use hft_core::models::{AccountId, NewOrder, Phase, Ticks, Timestamp};

    struct Deaf;

    impl EventSink for Deaf {
        fn on_event(&mut self, _seq: u64, _event: EngineEvent) {}
    }

    /// A reproducible die; a book of a few orders needs no better one.
    fn throw(state: &mut u64, sides: u64) -> i64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((*state >> 33) % sides).expect("a small number")
    }

    #[test]
    fn the_candidates_that_are_looked_at_stand_for_every_tick() {
        let mut state = 1;
        for _ in 0..2_000 {
            let tick = 1 + throw(&mut state, 3);
            let reference = Some(Price::new(1 + throw(&mut state, 70)));
            let mut engine = NaiveEngine::new(BookRules { tick: Ticks::new(tick), reference, ..BookRules::default() });
            engine.set_phase(Phase::Auction, &mut Deaf);
            for id in 0..1 + u64::try_from(throw(&mut state, 7)).expect("small") {
                let side = Side::BOTH[usize::from(throw(&mut state, 2) == 1)];
                let (price, qty) = (Price::new(tick * (1 + throw(&mut state, 20))), Qty::new(1 + throw(&mut state, 4)));
                let order = NewOrder::limit(OrderId(id), BOOK, side, price, qty);
                engine.submit(Timestamp::START, AccountId(1), &order, &mut Deaf);
            }
            let (lowest, highest) = {
                let prices: Vec<_> = engine.book.iter().flatten().map(|order| order.price.ticks()).collect();
                (*prices.iter().min().expect("an order"), *prices.iter().max().expect("an order"))
            };
            let every: Vec<_> = (lowest..=highest)
                .filter(|price| price % tick == 0)
                .map(|price| engine.candidate(Price::new(price)))
                .collect();
            assert_eq!(choose(&engine.candidates(), reference), choose(&every, reference));
        }
    }
}
