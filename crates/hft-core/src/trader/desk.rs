//! The desk: all that a strategy can see and do, lent to it for one event.

use super::view::BookView;
use super::working::{OrderState, WorkingOrder, WorkingOrders};
use crate::models::{
    BookId, Command, ExecKind, ExecutionReport, InstrumentId, Lots, NewOrder, OrderId, Price, Qty, Quote, Side,
    Timestamp,
};
use crate::world::{Instruction, LinkId, Mail, Message, TraderId};
use std::collections::BTreeMap;

/// Why a desk could not do what it was asked: the strategy named something that it does not have.
///
/// Example: [`Desk`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DeskError {
    /// No working order of this trader has the id.
    #[error("order {0} does not work for this trader")]
    UnknownOrder(OrderId),
}

/// What a trader keeps between events.
#[derive(Debug)]
pub(super) struct DeskState {
    pub(super) last_id: OrderId,
    pub(super) account: LinkId,
    /// When the event that is being answered happened.
    pub(super) cause: Timestamp,
    pub(super) views: BTreeMap<BookId, BookView>,
    pub(super) working: WorkingOrders,
    positions: BTreeMap<InstrumentId, Lots>,
    /// How many commands were decided on.
    pub(super) commands: u64,
}

impl DeskState {
    pub(super) fn new(trader: TraderId, account: LinkId) -> Self {
        Self {
            last_id: OrderId::first_of(trader.0),
            account,
            cause: Timestamp::START,
            views: BTreeMap::new(),
            working: WorkingOrders::default(),
            positions: BTreeMap::new(),
            commands: 0,
        }
    }

    pub(super) fn position(&self, instrument: InstrumentId) -> Lots {
        self.positions.get(&instrument).copied().unwrap_or_default()
    }

    pub(super) fn on_report(&mut self, report: &ExecutionReport) {
        if let ExecKind::Trade(fill) = report.kind {
            *self.positions.entry(report.book.instrument).or_default() += fill.side.signed(fill.qty);
        }
        self.working.on_report(report);
    }
}

/// A strategy's hands and eyes during one event.
///
/// ```
/// use hft_core::prelude::*;
/// use hft_core::trader::OrderState;
/// /// Bids at the touch for a second, then takes out what works.
/// struct Patient(BookId);
/// impl Strategy for Patient {
///     fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
///         match event {
///             Event::Start => desk.wake_at(desk.now() + Nanos::from_secs(1), 0),
///             Event::Wake(_) => {
///                 let live = desk.working().iter().filter(|order| order.state == OrderState::Live);
///                 for id in live.map(|order| order.id).collect::<Vec<_>>() {
///                     desk.cancel(id).expect("it works");
///                 }
///             }
///             Event::Market(_) if desk.working().is_empty() && desk.position(self.0.instrument).count() == 0 => {
///                 let Some(bid) = desk.view(self.0).and_then(|view| view.best(Side::Buy)) else { return };
///                 desk.submit(NewOrder::limit(OrderId(0), self.0, Side::Buy, bid.price, Qty::new(1)));
///             }
///             Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
///         }
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Desk<'a> {
    now: Timestamp,
    state: &'a mut DeskState,
    mail: &'a mut Mail,
}

impl<'a> Desk<'a> {
    pub(super) const fn new(now: Timestamp, state: &'a mut DeskState, mail: &'a mut Mail) -> Self {
        Self { now, state, mail }
    }

    /// The time at which this event is handled.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The trader's picture of a book, or `None` if it takes no data from it.
    pub fn view(&self, book: BookId) -> Option<&BookView> {
        self.state.views.get(&book)
    }

    /// What this trader has bought less what it has sold, as far as its reports tell.
    pub fn position(&self, instrument: InstrumentId) -> Lots {
        self.state.position(instrument)
    }

    /// Its orders that still work, in an order that depends on history alone.
    pub fn working(&self) -> &[WorkingOrder] {
        self.state.working.as_slice()
    }

    /// One of them.
    pub fn order(&self, id: OrderId) -> Option<&WorkingOrder> {
        self.state.working.get(id)
    }

    /// What others show in a level of a book that it watches: the level less its own orders there; nothing where its own orders are all
    /// that is seen of it, or more than is seen yet.
    pub fn shown_by_others(&self, book: BookId, side: Side, level: Quote) -> Qty {
        let own = self.working().iter().filter(|o| o.book == book && o.side == side && o.price == Some(level.price));
        let others = level.qty.lots() - own.map(|order| order.leaves.lots()).sum::<i64>();
        Qty::new(others.max(0))
    }

    /// Sends a new order and returns the id it was given; `order.id` is ignored. The gate may refuse it, the venue may
    /// reject it: both come back as events.
    pub fn submit(&mut self, order: NewOrder) -> OrderId {
        self.state.last_id = self.state.last_id.next();
        let order = NewOrder { id: self.state.last_id, ..order };
        self.state.working.sent(&order);
        self.send(Command::New(order));
        order.id
    }

    /// Asks for another price, another open size, or both. A smaller size at the same price keeps its place.
    ///
    /// # Errors
    /// When no working order has the id.
    pub fn replace(&mut self, id: OrderId, price: Option<Price>, open: Option<Qty>) -> Result<(), DeskError> {
        let order = *self.state.working.get(id).ok_or(DeskError::UnknownOrder(id))?;
        // Totals, not open sizes, are amended: a fill that is on its way then cannot make the order larger than meant.
        let qty = open.map(|open| order.filled + open);
        self.state.working.set_state(id, OrderState::PendingReplace);
        self.send(Command::Amend { book: order.book, id, price, qty });
        Ok(())
    }

    /// Asks to take an order out.
    ///
    /// # Errors
    /// When no working order has the id.
    pub fn cancel(&mut self, id: OrderId) -> Result<(), DeskError> {
        let order = *self.state.working.get(id).ok_or(DeskError::UnknownOrder(id))?;
        self.state.working.set_state(id, OrderState::PendingCancel);
        self.send(Command::Cancel { book: order.book, id });
        Ok(())
    }

    /// Moves the trader's quote on one side of a book to `target` (or takes it out, for `None`) with the fewest messages:
    /// nothing when it already stands there, one amend when it stands elsewhere, one post-only order when there is none.
    ///
    /// One change is in flight at a time: a quote that is being changed is left alone until its report, which is an event on
    /// which the strategy quotes again. Taking out is never delayed. Returns the order that quotes, if one does.
    pub fn quote(&mut self, book: BookId, side: Side, target: Option<Quote>) -> Option<OrderId> {
        let standing = self.working().iter().find(|order| order.book == book && order.side == side).copied();
        match (standing, target) {
            (None, None) => None,
            (None, Some(Quote { price, qty })) => {
                let order = NewOrder::limit(OrderId(0), book, side, price, qty);
                Some(self.submit(NewOrder { post_only: true, ..order }))
            }
            (Some(order), None) => {
                if order.state != OrderState::PendingCancel {
                    self.cancel(order.id).expect("a standing order works");
                }
                None
            }
            (Some(order), Some(target)) => {
                let moves = (order.price != Some(target.price)).then_some(target.price);
                let resizes = (order.leaves != target.qty).then_some(target.qty);
                if order.state == OrderState::Live && (moves.is_some() || resizes.is_some()) {
                    self.replace(order.id, moves, resizes).expect("a standing order works");
                }
                Some(order.id)
            }
        }
    }

    /// Asks for [`Event::Wake`](super::Event::Wake) with this number at `when`, or at once if that has passed.
    pub fn wake_at(&mut self, when: Timestamp, tag: u32) {
        self.mail.wake_at(when, u64::from(tag));
    }

    fn send(&mut self, command: Command) {
        self.state.commands += 1;
        let instruction = Instruction { command, cause: self.state.cause };
        self.mail.send(self.state.account, Message::Command(instruction));
    }
}
