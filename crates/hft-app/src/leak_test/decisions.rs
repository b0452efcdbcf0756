//! What the strategies of one account decided, in order, and where two such lists part.

use crate::interrupt::Interrupt;
use crate::output::seconds_at;
use hft_core::models::{AccountId, Command, Timestamp};
use hft_core::world::{Delivery, Directory, Message, Node, NodeId, Observer, TraderId};
use std::fmt;

/// One decision.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Decided {
    /// When it reached the account.
    pub(super) time: Timestamp,
    /// Whose it was.
    pub(super) trader: String,
    pub(super) command: Command,
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} s: {:?}", self.trader, seconds_at(self.time), self.command)
    }
}

impl Decided {
    /// The first decision, up to a moment, that is in one of the two and not in the other at its place.
    pub(super) fn parted(one: &[Decided], other: &[Decided], until: Timestamp) -> Option<Decided> {
        let within = |list: &[Decided]| list.iter().take_while(|decided| decided.time <= until).count();
        let (one, other) = (&one[..within(one)], &other[..within(other)]);
        let common = one.iter().zip(other).take_while(|(a, b)| a == b).count();
        // Of two that differ the earlier is the one that the other did not make.
        let firsts = [one.get(common), other.get(common)].into_iter().flatten();
        firsts.min_by_key(|decided| decided.time).cloned()
    }
}

/// Every how many deliveries somebody who wants to stop is looked for.
const LOOK_EVERY: u64 = 1 << 12;

/// Listens to the traders of one account.
pub(super) struct Decisions<'a> {
    who: Directory,
    account: AccountId,
    interrupt: &'a Interrupt,
    /// Which node is which trader; found at the first delivery.
    traders: Vec<Option<TraderId>>,
    deliveries: u64,
    pub(super) seen: Vec<Decided>,
}

impl<'a> Decisions<'a> {
    pub(super) fn new(who: Directory, account: AccountId, interrupt: &'a Interrupt) -> Self {
        Self { who, account, interrupt, traders: Vec::new(), deliveries: 0, seen: Vec::new() }
    }

    /// The trader behind a node, where it is one of the account's.
    fn ours(&self, node: NodeId) -> Option<TraderId> {
        let trader = (*self.traders.get(node.0 as usize)?)?;
        Some(trader).filter(|trader| self.who.account_of(*trader) == self.account)
    }
}

impl Observer<Node> for Decisions<'_> {
    fn before(&mut self, delivery: &Delivery<'_>) {
        self.deliveries += 1;
        if let Message::Command(instruction) = delivery.message
            && let Some(trader) = self.ours(delivery.from)
        {
            let trader = self.who.trader(trader).to_owned();
            self.seen.push(Decided { time: delivery.now, trader, command: instruction.command });
        }
    }

    fn after(&mut self, _: Timestamp, _: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        if self.traders.is_empty() {
            self.traders = nodes.iter().map(|node| node.as_trader().map(hft_core::trader::Trader::id)).collect();
        }
        Ok(())
    }

    fn wants_stop(&mut self) -> bool {
        self.deliveries.is_multiple_of(LOOK_EVERY) && self.interrupt.count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::models::{BookId, InstrumentId, VenueId};

    fn decided(time: u64, instrument: u16) -> Decided {
        let book = BookId { venue: VenueId(0), instrument: InstrumentId(instrument) };
        Decided {
            time: Timestamp::new(time),
            trader: "we".to_owned(),
            command: Command::MassCancel { book, side: None },
        }
    }

    #[test]
    fn two_lists_part_at_the_first_decision_that_only_one_has() {
        let one = [decided(1, 0), decided(5, 0), decided(9, 0)];
        let parted = |other: &[Decided], until| {
            Decided::parted(&one, other, Timestamp::new(until)).map(|first| first.time.nanos())
        };
        assert_eq!(parted(&one, 10), None);
        assert_eq!(parted(&[decided(1, 0), decided(5, 1)], 10), Some(5), "another command");
        assert_eq!(parted(&[decided(1, 0), decided(3, 0), decided(5, 0)], 10), Some(3), "one more");
        assert_eq!(parted(&one[..1], 10), Some(5), "one less");
        assert_eq!(parted(&one[..2], 8), None, "what is later is not asked for");
    }
}
