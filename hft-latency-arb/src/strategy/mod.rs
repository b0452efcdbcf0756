//! Everybody who acts in the race: event -> model -> desk.
//!
//! | who | does |
//! |---|---|
//! | [`Sniper`] | takes quotes at a lagging exchange that the leader's price has left behind; we, and our rivals |
//! | [`Follower`] | quotes at a lagging exchange off the leader; the background's makers, and we with `defend` |
//! | [`Investor`] | takes at a lagging exchange for reasons of its own: what the makers live on |
//!
//! Left out: learning whom one races against, and hiding from them.

mod follower;
mod investor;
mod signal;
mod sniper;

pub use follower::Follower;
pub use investor::Investor;
pub use signal::Signal;
pub use sniper::{Exit, Sniper, SniperParts};

use hft_core::models::{BookId, NewOrder, OrderId, Price, Qty, SelfTrade, Side, TimeInForce};
use hft_core::trader::Desk;

/// The two books of one race.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    /// Whose price comes first.
    pub leader: BookId,
    /// Whose price follows.
    pub lagging: BookId,
}

/// How something is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taking {
    /// Now or never.
    Immediate,
    /// In the next auction: the order stands until its owner takes it away.
    InTheBatch,
}

/// Sends an order that means to trade with what stands at this price.
fn take(desk: &mut Desk<'_>, taking: Taking, book: BookId, side: Side, price: Price, qty: Qty) -> OrderId {
    let order = NewOrder::limit(OrderId(0), book, side, price, qty);
    let tif = match taking {
        Taking::Immediate => TimeInForce::Ioc,
        Taking::InTheBatch => TimeInForce::Gtc,
    };
    // What rests of our own goes; it never trades with us.
    desk.submit(NewOrder { tif, self_trade: SelfTrade::CancelOldest, ..order })
}

/// What others show at the best price of a side: its price and their size; nothing where only we stand there.
fn others_at_best(desk: &Desk<'_>, book: BookId, side: Side) -> Option<(Price, Qty)> {
    let best = desk.view(book)?.best(side)?;
    let others = desk.shown_by_others(book, side, best);
    (!others.is_zero()).then_some((best.price, others))
}
