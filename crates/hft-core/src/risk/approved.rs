//! The proof that the gate said yes.

use crate::models::AccountId;
use serde::Serialize;

/// A command that a risk gate has approved for an account, and the proof of it: a venue accepts nothing else.
///
/// The fields are private to this module's parent, there is no `From`, no `Clone` and no `Deserialize`, so no code outside the gate can
/// make one, keep a second one, or read one from a file.
///
/// ```compile_fail,E0451
/// use hft_core::{models::AccountId, risk::Approved};
/// let forged = Approved { account: AccountId(1), inner: () }; // the fields are private
/// ```
///
/// A command without the proof reaches no venue, which hears this message and no other:
///
/// ```compile_fail,E0308
/// use hft_core::models::{BookId, Command, InstrumentId, NewOrder, OrderId, Price, Qty, Side, VenueId};
/// use hft_core::world::{LinkId, Mail, Message};
/// let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let order = NewOrder::limit(OrderId(1), book, Side::Buy, Price::new(100), Qty::new(1));
/// Mail::new().send(LinkId(0), Message::Approved(Command::New(order))); // expected `Approved<Command>`
/// ```
#[derive(PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Approved<T> {
    account: AccountId,
    inner: T,
}

impl<T> Approved<T> {
    /// Only the gate, which lives beside this module, approves.
    pub(super) const fn new(account: AccountId, inner: T) -> Self {
        Self { account, inner }
    }

    /// For whom it was approved.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What was approved, to read.
    pub const fn get(&self) -> &T {
        &self.inner
    }
}
