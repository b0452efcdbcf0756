//! Who decided what, when, and what they knew: commands, each with the moment in which its trader decided on it.
//!
//! Invariant: a trader's commands reach its account in the order in which they were decided, so the n-th that arrives is the n-th that
//! was counted. The moment kept with it is that of the decision, which thinking time and links put well before the arrival.

use hft_core::models::{BookId, Command, HalfTicks, InstrumentId, Lots, News, OrderId, Price, Timestamp, Top};
use hft_core::trader::{BookView, Reason, Trader};
use hft_core::world::TraderId;
use std::collections::{BTreeMap, VecDeque};

/// How many decisions of one trader are remembered.
const MEMORY: usize = 256;

/// What a trader knew when it decided.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Moment {
    pub(super) at: Timestamp,
    /// The venue's clock when it sent the last change of the book that the trader saw.
    pub(super) seen: Timestamp,
    pub(super) top: Top,
    pub(super) position: Lots,
    /// The hidden value, where it had been told.
    pub(super) value: Option<HalfTicks>,
    /// Its own reasons, where it gives any.
    pub(super) reasons: Vec<Reason>,
}

/// One command about one order.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Decided {
    pub(super) command: Command,
    pub(super) moment: Moment,
    /// When the gate's approval reached the venue.
    pub(super) reached: Option<Timestamp>,
}

/// One trader's decisions.
#[derive(Debug, Default)]
struct Diary {
    decided: u64,
    arrived: u64,
    value: BTreeMap<InstrumentId, HalfTicks>,
    /// Moments of decisions that have not reached the account yet, each with the count up to which it decided.
    pending: VecDeque<(u64, Moment)>,
    recent: VecDeque<(OrderId, Decided)>,
}

/// Everybody's decisions about one book.
#[derive(Debug)]
pub(super) struct Decisions {
    book: BookId,
    /// Whose reasons are asked for.
    ours: TraderId,
    diaries: BTreeMap<TraderId, Diary>,
    told: Option<HalfTicks>,
}

impl Decisions {
    pub(super) const fn new(book: BookId, ours: TraderId) -> Self {
        Self { book, ours, diaries: BTreeMap::new(), told: None }
    }

    /// A trader is about to hear news.
    pub(super) fn hear(&mut self, trader: TraderId, news: &News) {
        if let News::Value { instrument, value } = *news {
            self.diaries.entry(trader).or_default().value.insert(instrument, value);
            if instrument == self.book.instrument {
                self.told = Some(value);
            }
        }
    }

    /// The hidden value, as it was last told to anybody.
    pub(super) const fn told(&self) -> Option<HalfTicks> {
        self.told
    }

    /// A trader has handled something.
    pub(super) fn see(&mut self, now: Timestamp, trader: &Trader) {
        let diary = self.diaries.entry(trader.id()).or_default();
        if trader.commands() == diary.decided {
            return;
        }
        diary.decided = trader.commands();
        let view = trader.view(self.book);
        let moment = Moment {
            at: now,
            seen: view.map_or(now, BookView::book_time),
            top: view.map_or(Top { bid: None, ask: None }, BookView::top),
            position: trader.position(self.book.instrument),
            value: diary.value.get(&self.book.instrument).copied(),
            reasons: if trader.id() == self.ours { trader.rationale() } else { Vec::new() },
        };
        diary.pending.push_back((diary.decided, moment));
    }

    /// A trader's command is about to reach its account.
    pub(super) fn arrive(&mut self, trader: TraderId, command: Command) {
        let diary = self.diaries.entry(trader).or_default();
        diary.arrived += 1;
        while diary.pending.front().is_some_and(|(through, _)| *through < diary.arrived) {
            diary.pending.pop_front();
        }
        let (Some((_, moment)), Some(order)) = (diary.pending.front(), command.order_id()) else { return };
        if diary.recent.len() == MEMORY {
            diary.recent.pop_front();
        }
        diary.recent.push_back((order, Decided { command, moment: moment.clone(), reached: None }));
    }

    /// An approved command is about to reach its venue.
    pub(super) fn reach(&mut self, now: Timestamp, command: &Command) {
        let Some(order) = command.order_id() else { return };
        let Some(diary) = self.diaries.get_mut(&TraderId(order.trader())) else { return };
        let waits = |(id, decided): &&mut (OrderId, Decided)| {
            *id == order && decided.command == *command && decided.reached.is_none()
        };
        if let Some((_, decided)) = diary.recent.iter_mut().find(waits) {
            decided.reached = Some(now);
        }
    }

    /// The decision that had put an order at this price by this time: the latest that had reached the venue.
    pub(super) fn in_force(&self, order: OrderId, price: Price, by: Timestamp) -> Option<&Decided> {
        let placed = |decided: &&Decided| {
            let named = match decided.command {
                Command::New(new) => new.limit_price(),
                Command::Amend { price, .. } => price,
                Command::Reduce { .. } | Command::Cancel { .. } | Command::MassCancel { .. } => return false,
            };
            // What a taker named is worse than what it got, or nothing.
            let names = matches!(decided.command, Command::New(_)) || named == Some(price);
            names && decided.reached.is_some_and(|reached| reached <= by)
        };
        self.about(order).rev().find(placed)
    }

    /// What had been decided about an order by a time, and had not reached the venue: too late.
    pub(super) fn too_late(&self, order: OrderId, by: Timestamp) -> Option<&Decided> {
        self.about(order).find(|decided| decided.moment.at <= by && decided.reached.is_none_or(|reached| reached > by))
    }

    /// What is remembered about an order, in the order of arrival at its account.
    fn about(&self, order: OrderId) -> impl DoubleEndedIterator<Item = &Decided> {
        let diary = self.diaries.get(&TraderId(order.trader()));
        diary
            .into_iter()
            .flat_map(|diary| &diary.recent)
            .filter(move |(id, _)| *id == order)
            .map(|(_, decided)| decided)
    }
}
