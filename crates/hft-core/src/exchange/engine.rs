//! Invariant: after every command the best bid is below the best ask (but while an auction collects), every order is
//! somewhere exactly once, and everything that changed has been said.
//!
//! The matching engine of one instrument: one method for each thing that can be asked. Time is an argument, events go
//! straight to the caller's sink, and the same commands give the same events. Who enters is decided in
//! [`entry`](super::entry), what meets in [`matching`](super::matching). Left out: fees, latency, publication and
//! everything that spans instruments, which is the venue's.

use super::book::Book;
use super::event::{EngineEvent, EventSink};
use super::id_index::{Home, UsedIds};
use super::matching::LevelChange;
use super::orders::Order;
use super::parked::{Parked, ParkedOrder};
use super::plain::Plain;
use super::rules::BookRules;
use crate::models::{AccountId, CancelReason, OrderId, Phase, Price, Qty, RejectReason, Side, Timestamp, TradeId};
use std::collections::{BTreeSet, VecDeque};

/// A price-time order book with all order rules, for one instrument.
///
/// ```
/// use hft_core::exchange::{BookRules, EngineEvent, MatchingEngine};
/// use hft_core::models::*;
/// let book = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
/// let mut engine = MatchingEngine::new(BookRules::default());
/// let mut events = Vec::new();
/// let mut sink = |_seq: u64, event: EngineEvent| events.push(event);
/// let now = Timestamp::START;
/// let ask = NewOrder::limit(OrderId(1), book, Side::Sell, Price::new(101), Qty::new(5));
/// engine.submit(now, AccountId(1), &ask, &mut sink);
/// let bid = NewOrder::limit(OrderId(2), book, Side::Buy, Price::new(102), Qty::new(8));
/// engine.submit(now, AccountId(2), &bid, &mut sink);
/// assert_eq!(engine.last_price(), Some(Price::new(101)), "a trade prints at the resting order's price");
/// assert_eq!(engine.top().bid, Some(Quote { price: Price::new(102), qty: Qty::new(3) }));
/// assert_eq!(engine.top().ask, None);
/// assert!(matches!(events[4], EngineEvent::Trade { qty, .. } if qty == Qty::new(5)));
/// ```
#[derive(Debug)]
pub struct MatchingEngine {
    pub(super) rules: BookRules,
    pub(super) book: Book,
    pub(super) parked: Parked,
    pub(super) tape: Tape,
    pub(super) phase: Phase,
    /// Within which bounds the rules and the state leave a [plain](super::plain) order no reason to be refused.
    pub(super) plain: Plain,
    pub(super) last: Option<Price>,
    /// The latest moment that any command was told.
    pub(super) clock: Timestamp,
    pub(super) killed: Killed,
    /// Ids of all accepted orders, where the rules ask to remember them.
    pub(super) used: Option<UsedIds>,
    /// Stops that are triggered and wait for their turn.
    pub(super) triggered: VecDeque<ParkedOrder>,
    /// Scratch: levels of the other side that the current command changed.
    pub(super) swept: Vec<LevelChange>,
    /// Scratch: orders that the current command ends.
    pub(super) listed: Vec<OrderId>,
    /// Scratch: levels that it touches.
    pub(super) touched: Vec<(Side, Price)>,
}

/// Numbers events and trades, from 1.
#[derive(Debug, Default)]
pub(super) struct Tape {
    seq: u64,
    trades: u64,
}

/// Where the book keeps an order, and where the index keeps its id.
#[derive(Clone, Copy, Debug)]
struct Place {
    slot: u32,
    home: Home,
}

/// Where a live order is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Named {
    /// In the book, in this slot.
    Resting(u32),
    /// Among the stops.
    Parked,
}

/// Whose kill switch holds.
#[derive(Debug, Default)]
pub(super) struct Killed {
    all: bool,
    accounts: BTreeSet<AccountId>,
}

impl Tape {
    #[inline]
    pub(super) fn say<S: EventSink>(&mut self, sink: &mut S, event: EngineEvent) {
        // 2^64 events never happen, and this is the hottest line of all.
        self.seq = self.seq.wrapping_add(1);
        sink.on_event(self.seq, event);
    }

    /// How many events there have been.
    #[inline]
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    #[inline]
    pub(super) fn next_trade(&mut self) -> TradeId {
        // Fewer than there are events.
        self.trades = self.trades.wrapping_add(1);
        TradeId(self.trades)
    }

    /// What a level shows now.
    #[inline]
    pub(super) fn say_level<S: EventSink>(&mut self, sink: &mut S, side: Side, price: Price, qty: Qty) {
        self.say(sink, EngineEvent::Level { side, price, qty });
    }
}

impl Killed {
    #[inline]
    pub(super) fn holds(&self, account: AccountId) -> bool {
        self.all || !self.accounts.is_empty() && self.accounts.contains(&account)
    }
}

/// Totals are exact inside and saturate at the border.
#[inline]
pub(super) fn saturate(lots: u128) -> Qty {
    i64::try_from(lots).map_or(Qty::MAX, Qty::new)
}

impl MatchingEngine {
    /// An empty book in continuous trading.
    ///
    /// # Panics
    /// When the rules do not hold together: see [`BookRules::validate`].
    pub fn new(rules: BookRules) -> Self {
        if let Err(error) = rules.validate() {
            panic!("{error}");
        }
        let used = match rules.id_reuse {
            super::IdReuse::Reject => Some(UsedIds::default()),
            super::IdReuse::Allow => None,
        };
        Self {
            plain: Plain::of(&rules),
            rules,
            book: Book::new(),
            parked: Parked::default(),
            tape: Tape::default(),
            phase: Phase::Continuous,
            last: None,
            clock: Timestamp::START,
            killed: Killed::default(),
            used,
            triggered: VecDeque::new(),
            swept: Vec::new(),
            listed: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Takes an order out. `account`, where it is given, must be the owner.
    // Inlined always: it is nearly half of all messages, and short.
    #[inline(always)]
    pub fn cancel<S: EventSink>(&mut self, account: Option<AccountId>, id: OrderId, sink: &mut S) {
        let home = self.book.home(id);
        match self.book.find_at(home, id) {
            Some((slot, order)) if account.is_none_or(|account| account == order.account) => {
                let order = *order;
                self.cancel_resting(Place { slot, home }, &order, CancelReason::Requested, sink);
            }
            Some(_) => self.say_unknown(id, sink),
            None => self.cancel_parked(account, id, sink),
        }
    }

    #[cold]
    fn cancel_parked<S: EventSink>(&mut self, account: Option<AccountId>, id: OrderId, sink: &mut S) {
        match self.parked.get(id) {
            Some(stop) if account.is_none_or(|account| account == stop.account) => {
                self.end_parked(id, CancelReason::Requested, sink);
            }
            _ => self.say_unknown(id, sink),
        }
    }

    #[cold]
    fn say_unknown<S: EventSink>(&mut self, order: OrderId, sink: &mut S) {
        self.tape.say(sink, EngineEvent::CommandRejected { order, reason: RejectReason::UnknownOrder });
    }

    /// Cuts the open quantity by `by`, what is hidden first; priority is kept. Cutting all of it or more cancels.
    pub fn reduce<S: EventSink>(&mut self, account: Option<AccountId>, id: OrderId, by: Qty, sink: &mut S) {
        match self.named(account, id).and_then(|(named, _)| self.rules.check_part(by).map(|()| named)) {
            Err(reason) => self.tape.say(sink, EngineEvent::CommandRejected { order: id, reason }),
            Ok(Named::Resting(slot)) if by < self.book.orders.leaves(slot) => self.cut_resting(slot, by, sink),
            Ok(Named::Resting(slot)) => self.cancel_slot(slot, CancelReason::Reduced, sink),
            Ok(Named::Parked) => {
                let stop = self.parked.get_mut(id).expect("it was just found");
                if by < stop.qty {
                    stop.qty -= by;
                    self.say_parked_replaced(id, sink);
                } else {
                    self.end_parked(id, CancelReason::Reduced, sink);
                }
            }
        }
    }

    /// The live order that a command names, and its owner: row 1 of the [rules](super::rules).
    #[inline]
    pub(super) fn named(&self, account: Option<AccountId>, id: OrderId) -> Result<(Named, AccountId), RejectReason> {
        let named = match self.book.find(id) {
            Some(slot) => Some((Named::Resting(slot), self.book.orders.get(slot).account)),
            None => self.parked.get(id).map(|stop| (Named::Parked, stop.account)),
        };
        let owned = named.filter(|(_, owner)| account.is_none_or(|account| account == *owner));
        owned.ok_or(RejectReason::UnknownOrder)
    }

    /// Cuts a resting order by less than all that is open, and says so.
    #[inline]
    pub(super) fn cut_resting<S: EventSink>(&mut self, slot: u32, by: Qty, sink: &mut S) {
        let shown = self.book.cut(slot, by);
        self.say_replaced(slot, sink);
        if shown.is_positive() {
            let order = *self.book.orders.get(slot);
            let visible = self.book.orders.sizes(&order).visible;
            self.tape.say(sink, EngineEvent::Resized { order: order.id, visible });
            let level = self.book.levels.get(order.level());
            self.tape.say_level(sink, order.side(), level.price, level.shown());
        }
    }

    /// `Replaced` for a resting order as it is now.
    #[inline]
    pub(super) fn say_replaced<S: EventSink>(&mut self, slot: u32, sink: &mut S) {
        let order = self.book.orders.get(slot);
        let sizes = self.book.orders.sizes(order);
        let event = EngineEvent::Replaced {
            order: order.id,
            account: order.account,
            side: order.side(),
            price: self.book.levels.get(order.level()).price,
            filled: sizes.filled,
            leaves: sizes.leaves(),
        };
        self.tape.say(sink, event);
    }

    /// Ends the resting order in this slot as a command of its own.
    pub(super) fn cancel_slot<S: EventSink>(&mut self, slot: u32, reason: CancelReason, sink: &mut S) {
        let order = *self.book.orders.get(slot);
        self.cancel_resting(Place { slot, home: self.book.home(order.id) }, &order, reason, sink);
    }

    /// Ends a resting order as a command of its own: what happened to it, then its level.
    #[inline(always)]
    fn cancel_resting<S: EventSink>(&mut self, place: Place, order: &Order, reason: CancelReason, sink: &mut S) {
        let price = self.book.levels.get(order.level()).price;
        let left = self.end_resting(place, order, reason, sink);
        self.tape.say_level(sink, order.side(), price, left);
    }

    /// Ends a resting order; what its level shows then.
    #[inline(always)]
    fn end_resting<S: EventSink>(
        &mut self,
        Place { slot, home }: Place,
        order: &Order,
        reason: CancelReason,
        sink: &mut S,
    ) -> Qty {
        let (id, account, side) = (order.id, order.account, order.side());
        let sizes = self.book.orders.sizes(order);
        let (filled, leaves) = (sizes.filled, sizes.leaves());
        let left = self.book.remove(slot, order, home);
        self.tape.say(sink, EngineEvent::Canceled { order: id, account, side, filled, leaves, reason });
        self.tape.say(sink, EngineEvent::Removed { order: id });
        left
    }

    /// Ends the resting order in this slot; its level is for the caller to say.
    pub(super) fn end_slot<S: EventSink>(&mut self, slot: u32, reason: CancelReason, sink: &mut S) {
        let order = *self.book.orders.get(slot);
        self.end_resting(Place { slot, home: self.book.home(order.id) }, &order, reason, sink);
    }

    /// What a book allows at the moment.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        self.last
    }

    /// The rules it was made with.
    pub fn rules(&self) -> &BookRules {
        &self.rules
    }

    /// Refuses new orders and amends of an account, or of all, until [`unkill`](Self::unkill). By policy, what stands
    /// is cancelled.
    pub fn kill<S: EventSink>(&mut self, account: Option<AccountId>, sink: &mut S) {
        match account {
            Some(account) => {
                self.killed.accounts.insert(account);
            }
            None => self.killed.all = true,
        }
        self.plain = self.plain_now();
        if self.rules.kill_cancels_resting {
            self.cancel_those(CancelReason::KillSwitch, sink, |order| account.is_none_or(|a| a == order.account));
        }
    }

    /// Releases an account's kill switch; `None` releases all, those of single accounts included.
    pub fn unkill(&mut self, account: Option<AccountId>) {
        match account {
            Some(account) => {
                self.killed.accounts.remove(&account);
            }
            None => self.killed = Killed::default(),
        }
        self.plain = self.plain_now();
    }

    /// What `plain` must be now.
    pub(super) fn plain_now(&self) -> Plain {
        let is_killed = self.killed.all || !self.killed.accounts.is_empty();
        let is_open = self.phase == Phase::Continuous && !is_killed && self.parked.len() == 0;
        if is_open { Plain::of(&self.rules) } else { Plain::NONE }
    }
}
