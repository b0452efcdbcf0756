//! The lines behind the wiring diagram: who sits where, and which links that takes.

use super::{TraderSeat, World, WorldError};
use crate::account::{Account, Listing};
use crate::exchange::{Depth, Feed, Venue};
use crate::models::{AccountId, BookId, VenueId};
use crate::trader::Trader;
use crate::world::{Channel, Latency, LinkId, Node, NodeId, TraderId};

impl<K> World<K> {
    pub(super) fn add(&mut self, name: &str, node: Node) -> Result<NodeId, WorldError> {
        let id = self.wiring.node(name)?;
        self.nodes.push(node);
        Ok(id)
    }

    pub(super) fn seat(
        &mut self,
        name: &str,
        account: AccountId,
        make: impl FnOnce(TraderId, LinkId) -> Trader,
    ) -> Result<TraderId, WorldError> {
        let id = TraderId(u32::try_from(self.traders.len()).expect("fewer than 2^20 traders"));
        let node = self.wiring.node(name)?;
        let desk = self.accounts[index(account.0)].node;
        let commands = self.wiring.link(node, desk, Channel::Orders, Latency::NONE)?;
        let reports = self.wiring.link(desk, node, Channel::Reports, Latency::NONE)?;
        self.nodes.push(Node::Trader(Box::new(make(id, commands))));
        self.account_mut(account).connect_trader(id, node, reports);
        self.traders.push(TraderSeat { node, account });
        Ok(id)
    }

    /// Makes sure that an account can trade a book; with marks at the latency of `data`, or none.
    pub(super) fn route(
        &mut self,
        account: AccountId,
        book: BookId,
        orders: Latency,
        reports: Latency,
        data: Option<&Latency>,
    ) -> Result<(), WorldError> {
        let (venue, seat) = (self.venues[usize::from(book.venue.0)], &mut self.accounts[index(account.0)]);
        let node = seat.node;
        let (new_route, new_book) = (!seat.routes.contains(&book.venue), !seat.books.contains(&book));
        if new_route {
            seat.routes.push(book.venue);
            let out = self.wiring.link(node, venue, Channel::Orders, orders)?;
            let back = self.wiring.link(venue, node, Channel::Reports, reports)?;
            self.account_mut(account).connect_venue(book.venue, out);
            self.venue_mut(book.venue).open_account(account, back);
        }
        if new_book {
            self.accounts[index(account.0)].books.push(book);
            let listing = self.listing(book);
            self.account_mut(account).list(&listing);
            if let Some(data) = data {
                let marks = self.wiring.link(venue, node, Channel::Data, data.clone())?;
                self.subscribe(book, marks, Feed::every_change(Depth::Top));
            }
        }
        Ok(())
    }

    pub(super) fn listing(&self, book: BookId) -> Listing {
        self.listings.iter().find(|listing| listing.book == book).expect("book ids come from `list`").clone()
    }

    pub(super) fn subscribe(&mut self, book: BookId, link: LinkId, feed: Feed) {
        let listed = self.venue_mut(book.venue).subscribe(book, link, feed);
        assert!(listed, "book ids come from `list`");
    }

    pub(super) fn venue_mut(&mut self, venue: VenueId) -> &mut Venue {
        let Node::Venue(venue) = &mut self.nodes[index(self.venues[usize::from(venue.0)].0)] else {
            unreachable!("venue ids name venues")
        };
        venue
    }

    pub(super) fn account_mut(&mut self, account: AccountId) -> &mut Account {
        let Node::Account(account) = &mut self.nodes[index(self.accounts[index(account.0)].node.0)] else {
            unreachable!("account ids name accounts")
        };
        account
    }

    pub(super) fn trader_mut(&mut self, trader: TraderId) -> &mut Trader {
        let Node::Trader(trader) = &mut self.nodes[index(self.traders[index(trader.0)].node.0)] else {
            unreachable!("trader ids name traders")
        };
        trader
    }

    /// The one line from a venue to the blotter: drop copies and midpoints on it keep their order.
    pub(super) fn drop_copy(&mut self, venue: VenueId, blotter: NodeId) -> Result<LinkId, WorldError> {
        if let Some((_, line)) = self.drop_copies.iter().find(|(known, _)| *known == venue) {
            return Ok(*line);
        }
        // Reports, not data: the record of midpoints may not be dropped.
        let line = self.wiring.link(self.venues[usize::from(venue.0)], blotter, Channel::Reports, Latency::NONE)?;
        self.drop_copies.push((venue, line));
        Ok(line)
    }
}

pub(in crate::world) fn index(id: u32) -> usize {
    usize::try_from(id).expect("a u32 indexes memory")
}
