//! Self-trade prevention: the taker's instruction governs, and only orders that would have executed are touched, in
//! order. What it would do also bounds what can trade at once.

use super::matching::Swept;
use super::{NaiveEngine, Order};
use crate::rules::Allocation;
use hft_core::exchange::EngineEvent;
use hft_core::models::{CancelReason, Price, Qty, SelfTrade, Side};

impl NaiveEngine {
    /// What `taker` would trade at once down to `limit`, found by trying it on a copy.
    pub(super) fn within_reach(&self, taker: &Order, limit: Price) -> Qty {
        let (mut copy, mut taker) = (self.copy(), taker.clone());
        let before = taker.filled;
        copy.sweep(&mut taker, limit);
        taker.filled - before
    }

    /// Position of the next order of the taker's own account that would execute and may not: the first of the level
    /// where all of it shares, the front of the queue otherwise.
    pub(super) fn own_in_the_way(&self, taker: &Order, side: Side, price: Price) -> Option<usize> {
        if taker.self_trade == SelfTrade::Allow {
            return None;
        }
        let reached = match self.rules.allocation {
            Allocation::Fifo => 1,
            Allocation::ProRata => self.at(side, price).count(),
        };
        self.book[side.index()].iter().take(reached).position(|order| order.account == taker.account)
    }

    /// Applies the taker's instruction to its own order at `at`.
    pub(super) fn prevent(&mut self, taker: &mut Order, side: Side, at: usize) -> Swept {
        match taker.self_trade {
            SelfTrade::Allow => unreachable!("then nothing is in the way"),
            SelfTrade::CancelNewest => Swept::Prevented,
            SelfTrade::CancelOldest => {
                self.cancel_resting(side, at, CancelReason::Stp);
                Swept::Through
            }
            SelfTrade::CancelBoth => {
                self.cancel_resting(side, at, CancelReason::Stp);
                Swept::Prevented
            }
            SelfTrade::Decrement => {
                let qty = taker.leaves.min(self.book[side.index()][at].leaves);
                let shown = self.book[side.index()][at].visible;
                self.book[side.index()][at].cut(qty);
                taker.leaves -= qty;
                let resting = self.book[side.index()][at].clone();
                for &Order { id, account, side, filled, leaves, .. } in [&resting, &*taker] {
                    self.say(EngineEvent::Prevented { order: id, account, side, qty, filled, leaves });
                }
                if resting.leaves.is_zero() {
                    self.cancel_resting(side, at, CancelReason::Stp);
                } else if resting.visible != shown {
                    self.touched(side, resting.price);
                    self.say(EngineEvent::Resized { order: resting.id, visible: resting.visible });
                }
                if taker.leaves.is_zero() { Swept::Prevented } else { Swept::Through }
            }
        }
    }
}
