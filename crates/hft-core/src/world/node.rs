//! The five kinds of node, as one closed set.

use super::message::{Machine, Mail, Message, NodeId};
use crate::account::{Account, Blotter};
use crate::exchange::Venue;
use crate::flow::Tape;
use crate::models::Timestamp;
use crate::trader::Trader;

/// A node of a world.
///
/// Example: [`Blotter`].
#[derive(Debug)]
pub enum Node {
    /// One exchange.
    Venue(Box<Venue>),
    /// One strategy with its desk.
    Trader(Box<Trader>),
    /// A risk gate and a ledger.
    Account(Box<Account>),
    /// The log.
    Blotter(Box<Blotter>),
    /// Outside events.
    Tape(Box<Tape>),
}

impl Node {
    /// The blotter, where this node is one.
    pub fn as_blotter(&self) -> Option<&Blotter> {
        if let Node::Blotter(blotter) = self { Some(blotter) } else { None }
    }

    /// The blotter itself, where this node is one.
    pub fn into_blotter(self) -> Option<Blotter> {
        if let Node::Blotter(blotter) = self { Some(*blotter) } else { None }
    }

    /// The venue, where this node is one.
    pub fn as_venue(&self) -> Option<&Venue> {
        if let Node::Venue(venue) = self { Some(venue) } else { None }
    }

    /// The trader, where this node is one.
    pub fn as_trader(&self) -> Option<&Trader> {
        if let Node::Trader(trader) = self { Some(trader) } else { None }
    }
}

impl Machine for Node {
    #[inline]
    fn handle(&mut self, now: Timestamp, from: NodeId, message: Message, mail: &mut Mail) {
        match self {
            Node::Venue(venue) => venue.handle(now, from, message, mail),
            Node::Trader(trader) => trader.handle(now, from, message, mail),
            Node::Account(account) => account.handle(now, from, message, mail),
            Node::Blotter(blotter) => blotter.handle(now, from, message, mail),
            Node::Tape(tape) => tape.handle(now, from, message, mail),
        }
    }
}
