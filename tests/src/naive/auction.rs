//! The auction: one price for all. Among all ticks between the lowest and the highest order price it is the one with
//! maximum volume, then minimum surplus, then by market pressure, then nearest the reference price.
//!
//! Self-trade prevention and proportional allocation have no part in it. The reference is the book's, or else the last
//! trade; without either, and at equal distance, the lower price is taken. Each side is served in the order in which one
//! vast aggressor would serve it: pieces, found on a copy of the book, that then meet those of the other side.

use super::matching::party;
use super::{NaiveEngine, wide};
use crate::rules::MANY_ROUNDS;
use hft_core::models::{OrderId, Price, Qty, Side};
use std::collections::{BTreeSet, VecDeque};

/// What an order gives when it is its turn.
#[derive(Clone, Copy)]
struct Piece {
    order: OrderId,
    qty: Qty,
    of: Of,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// What shows, or as much of it as is needed.
    OneSlice,
    /// A great many slices in full.
    ManySlices,
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
        let [mut buys, mut sells] = Side::BOTH.map(|side| self.pieces(side, volume));
        while let (Some(buy), Some(sell)) = (buys.front_mut(), sells.front_mut()) {
            let qty = buy.qty.min(sell.qty);
            buy.qty -= qty;
            sell.qty -= qty;
            let pieces = [(Side::Buy, *buy), (Side::Sell, *sell)];
            let [buyer, seller] = pieces.map(|(side, piece)| {
                let at = self.position(side, piece.order);
                let order = &mut self.book[side.index()][at];
                order.filled += qty;
                order.leaves -= qty;
                party(order)
            });
            self.print(price, qty, buyer, seller, None, Qty::ZERO);
            for (side, piece) in pieces {
                let at = self.position(side, piece.order);
                match piece.of {
                    Of::OneSlice => self.after_trade(side, at, qty),
                    // Of many slices the end is told; the last of them is used up then.
                    Of::ManySlices if piece.qty.is_zero() => {
                        let shown = self.book[side.index()][at].visible;
                        self.after_trade(side, at, shown);
                    }
                    Of::ManySlices => {}
                }
            }
            for pieces in [&mut buys, &mut sells] {
                if pieces.front().is_some_and(|piece| piece.qty.is_zero()) {
                    pieces.pop_front();
                }
            }
        }
        Some((price, volume))
    }

    /// How a side serves this volume, piece by piece.
    fn pieces(&self, side: Side, volume: u128) -> VecDeque<Piece> {
        let (mut copy, mut pieces, mut left) = (self.copy(), VecDeque::new(), volume);
        while left > 0 {
            let level = copy.touch(side).expect("the volume is there");
            let rounds = copy.whole_rounds(side, level, left);
            let turns: Vec<_> = copy.at(side, level).map(|order| (order.id, order.visible)).collect();
            let turns = match rounds {
                MANY_ROUNDS.. => {
                    turns.into_iter().map(|(id, shown)| (id, rounds * wide(shown), Of::ManySlices)).collect()
                }
                _ => vec![(turns[0].0, left.min(wide(turns[0].1)), Of::OneSlice)],
            };
            for (order, lots, of) in turns {
                let qty = Qty::new(i64::try_from(lots).expect("no more than an order has"));
                let at = copy.position(side, order);
                let served = &mut copy.book[side.index()][at];
                served.leaves -= qty;
                served.visible = served.visible.max(qty);
                copy.after_trade(side, at, qty);
                pieces.push_back(Piece { order, qty, of });
                left -= lots;
            }
        }
        pieces
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
    use hft_core::exchange::{EngineEvent, EventSink};
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
