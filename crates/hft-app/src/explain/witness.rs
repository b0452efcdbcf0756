//! Watches a run happen again, and keeps what has to do with one fill.
//!
//! Invariant: a witness changes nothing; the digest of the run that it watched is compared with the one of the run that is explained.

use super::decisions::{Decided, Decisions};
use super::kept::KeptFill;
use super::queue::QueuePath;
use super::sight::{MidPath, venue_of};
use hft_core::models::{BookId, HalfTicks, OrderId, Timestamp};
use hft_core::world::{Delivery, Message, Node, NodeId, Observer, TradeParty, TradeRecord, TraderId};

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Witness {
    target: Target,
    /// Found at the first delivery.
    places: Option<Places>,
    decisions: Decisions,
    pub(super) queue: QueuePath,
    pub(super) mids: MidPath,
    pub(super) scene: Option<FillScene>,
}

/// Names the fill.
#[derive(Clone, Copy, Debug)]
struct Target {
    order: OrderId,
    trade: u64,
    book: BookId,
    time: Timestamp,
}

/// Where things are among the nodes.
#[derive(Debug)]
struct Places {
    venue: NodeId,
    traders: Vec<Option<TraderId>>,
}

/// What was known when the fill happened.
#[derive(Clone, Debug)]
pub(super) struct FillScene {
    pub(super) trade: TradeRecord,
    pub(super) other: TradeParty,
    pub(super) ours: Option<Decided>,
    /// What we had decided since, and came too late.
    pub(super) too_late: Option<Decided>,
    pub(super) theirs: Option<Decided>,
    /// The hidden value, as it was last told to anybody.
    pub(super) value: Option<HalfTicks>,
}

impl Witness {
    pub(super) fn new(fill: &KeptFill, book: BookId) -> Self {
        let order = OrderId(fill.order);
        let target = Target { order, trade: fill.trade, book, time: fill.time() };
        let decisions = Decisions::new(book, TraderId(order.trader()));
        let (queue, mids) = (QueuePath::new(order, target.time), MidPath::around(target.time));
        Self { target, places: None, decisions, queue, mids, scene: None }
    }

    fn trader(&self, node: NodeId) -> Option<TraderId> {
        self.places.as_ref()?.traders[node.0 as usize]
    }

    fn traded(&mut self, trade: &TradeRecord) {
        let Target { order, book, time, .. } = self.target;
        if trade.book != book || trade.trade.0 != self.target.trade {
            return;
        }
        let other = if trade.maker.order == order { trade.taker } else { trade.maker };
        self.scene = Some(FillScene {
            trade: *trade,
            other,
            ours: self.decisions.in_force(order, trade.price, time).cloned(),
            too_late: self.decisions.too_late(order, time).cloned(),
            theirs: self.decisions.in_force(other.order, trade.price, time).cloned(),
            value: self.decisions.told(),
        });
    }
}

impl Observer<Node> for Witness {
    fn before(&mut self, delivery: &Delivery<'_>) {
        match delivery.message {
            Message::News(news) => {
                if let Some(trader) = self.trader(delivery.to) {
                    self.decisions.hear(trader, news);
                }
            }
            Message::Command(instruction) => {
                if let Some(trader) = self.trader(delivery.from) {
                    self.decisions.arrive(trader, instruction.command);
                }
            }
            Message::Approved(approved) => self.decisions.reach(delivery.now, approved.get()),
            Message::Report(report) => self.queue.report(report),
            Message::Trade(trade) => self.traded(trade),
            Message::Start
            | Message::Stop
            | Message::Wake(_)
            | Message::Refused(_)
            | Message::Market(_)
            | Message::Resend { .. }
            | Message::Disconnected(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_)
            | Message::Panicked => {}
        }
    }

    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        let places = self.places.get_or_insert_with(|| Places {
            venue: venue_of(nodes, self.target.book).expect("a book has a venue"),
            traders: nodes.iter().map(|node| node.as_trader().map(hft_core::trader::Trader::id)).collect(),
        });
        let handled = &nodes[node.0 as usize];
        if node == places.venue {
            let books = handled.as_venue().expect("it was found as one").books();
            let (.., engine) =
                books.into_iter().find(|(book, ..)| *book == self.target.book).expect("it was found there");
            self.queue.see(now, engine);
            self.mids.see(now, engine.top().mid());
        } else if let Some(trader) = handled.as_trader() {
            self.decisions.see(now, trader);
        }
        Ok(())
    }
}
