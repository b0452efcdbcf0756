//! Who is who in a world: the names behind the numbers that records carry.

use super::assembly::index;
use super::message::TraderId;
use crate::account::Listing;
use crate::models::{AccountId, BookId, VenueId};

/// Names of venues, accounts and traders, and what is listed where. It outlives the world, whose nodes a driver takes.
///
/// ```
/// use hft_core::prelude::*;
/// let mut world = World::<Simulated>::new(7);
/// let noise = world.account("noise/X", Limits::default())?;
/// let who = world.directory();
/// assert_eq!((who.account(noise), who.class(noise)), ("noise/X", "noise"));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Directory {
    pub(super) venues: Vec<String>,
    pub(super) accounts: Vec<String>,
    pub(super) traders: Vec<String>,
    pub(super) accounts_of_traders: Vec<AccountId>,
    pub(super) listings: Vec<Listing>,
}

impl Directory {
    /// The name of an exchange.
    pub fn venue(&self, venue: VenueId) -> &str {
        &self.venues[usize::from(venue.0)]
    }

    /// The name of an account.
    pub fn account(&self, account: AccountId) -> &str {
        &self.accounts[index(account.0)]
    }

    /// What kind of participant an account belongs to: its name up to the first slash, such as `noise` or `informed`.
    pub fn class(&self, account: AccountId) -> &str {
        let name = self.account(account);
        name.split_once('/').map_or(name, |(class, _)| class)
    }

    /// The name of a trader.
    pub fn trader(&self, trader: TraderId) -> &str {
        &self.traders[index(trader.0)]
    }

    /// The account over which a trader trades.
    pub fn account_of(&self, trader: TraderId) -> AccountId {
        self.accounts_of_traders[index(trader.0)]
    }

    /// The contract behind a book.
    ///
    /// # Panics
    /// When the book is none of this world.
    pub fn listing(&self, book: BookId) -> &Listing {
        self.listings.iter().find(|listing| listing.book == book).expect("a book of this world")
    }

    /// Every book, in the order of listing.
    pub fn listings(&self) -> &[Listing] {
        &self.listings
    }
}
