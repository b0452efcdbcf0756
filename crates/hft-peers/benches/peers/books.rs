//! The books, each behind the same few words. What an adapter does beyond calling its book is count the trades.

use crate::workload::engine::{Listener, give};
use crate::workload::naive::NaiveBook;
use crate::workload::{Action, Message, Side, Tally};
use hft_core::exchange::{BookRules, MatchingEngine};
use rust_decimal::Decimal;
use std::hint::black_box;

/// A book that takes the workload, one message after the other.
pub trait Book {
    const NAME: &'static str;

    fn new() -> Self;

    /// Does what the message asks, and counts its trades.
    fn give(&mut self, message: Message);

    /// What was counted.
    fn tally(&mut self) -> &mut Tally;
}

/// The engine of hft-core.
pub struct Engine {
    engine: MatchingEngine,
    listener: Listener,
}

impl Book for Engine {
    const NAME: &'static str = "hft-core";

    fn new() -> Self {
        Self { engine: MatchingEngine::new(BookRules::default()), listener: Listener::default() }
    }

    #[inline(always)]
    fn give(&mut self, message: Message) {
        give(&mut self.engine, message, &mut self.listener);
    }

    fn tally(&mut self) -> &mut Tally {
        black_box(self.listener.fold);
        &mut self.listener.tally
    }
}

/// The naive twin.
pub struct Twin(NaiveBook);

impl Book for Twin {
    const NAME: &'static str = "naive twin";

    fn new() -> Self {
        Self(NaiveBook::default())
    }

    #[inline(always)]
    fn give(&mut self, message: Message) {
        self.0.give(message);
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.0.tally
    }
}

/// matchcore: names orders by the place of the command that entered them.
pub struct Matchcore {
    book: matchcore::OrderBook,
    next: u64,
    tally: Tally,
}

impl Book for Matchcore {
    const NAME: &'static str = "matchcore 0.4";

    fn new() -> Self {
        Self { book: matchcore::OrderBook::new("X"), next: 0, tally: Tally::default() }
    }

    fn give(&mut self, message: Message) {
        use matchcore::{
            AmendCmd, AmendPatch, CancelCmd, Command, CommandKind, CommandMeta, CommandOutcome, CommandReport,
            LimitOrder, LimitOrderPatch, NewOrder, OrderFlags, OrderId, OrderKind, Price, Quantity, QuantityPolicy,
            SequenceNumber, SubmitCmd, TimeInForce, Timestamp,
        };
        let order_id = OrderId(message.id);
        let standard = |lots: u32| QuantityPolicy::Standard { quantity: Quantity(u64::from(lots)) };
        let kind = match message.action {
            Action::Limit { side, price, qty, .. } => {
                let side = match side {
                    Side::Buy => matchcore::Side::Buy,
                    Side::Sell => matchcore::Side::Sell,
                };
                let flags = OrderFlags::new(side, false, TimeInForce::Gtc);
                let order = LimitOrder::new(Price(u64::from(price)), standard(qty), flags);
                CommandKind::Submit(SubmitCmd { order: NewOrder::Limit(order) })
            }
            Action::Cancel => CommandKind::Cancel(CancelCmd { order_id, order_kind: OrderKind::Limit }),
            Action::Reduce { left, .. } => {
                let patch = LimitOrderPatch::new().with_quantity_policy(standard(left));
                CommandKind::Amend(AmendCmd { order_id, patch: AmendPatch::Limit(patch) })
            }
        };
        let meta = CommandMeta { sequence_number: SequenceNumber(self.next), timestamp: Timestamp(self.next) };
        self.next += 1;
        if let CommandOutcome::Applied(CommandReport::Submit(effects)) = self.book.execute(&Command { meta, kind })
            && let Some(matched) = effects.target_order().match_result()
        {
            self.tally.trades += matched.trades().len() as u64;
            self.tally.quantity += matched.executed_quantity().0;
        }
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}

/// lobster.
pub struct Lobster {
    book: lobster::OrderBook,
    tally: Tally,
}

impl Book for Lobster {
    const NAME: &'static str = "lobster 0.7";

    fn new() -> Self {
        Self { book: lobster::OrderBook::default(), tally: Tally::default() }
    }

    fn give(&mut self, message: Message) {
        use lobster::{OrderEvent, OrderType};
        let id = u128::from(message.id);
        let order = match message.action {
            Action::Limit { side, price, qty, .. } => {
                let side = match side {
                    Side::Buy => lobster::Side::Bid,
                    Side::Sell => lobster::Side::Ask,
                };
                OrderType::Limit { id, side, qty: u64::from(qty), price: u64::from(price) }
            }
            Action::Cancel => OrderType::Cancel { id },
            Action::Reduce { .. } => unreachable!("its list has no reductions"),
        };
        match self.book.execute(order) {
            OrderEvent::PartiallyFilled { filled_qty, fills, .. } | OrderEvent::Filled { filled_qty, fills, .. } => {
                self.tally.trades += fills.len() as u64;
                self.tally.quantity += filled_qty;
            }
            OrderEvent::Unfilled { .. } | OrderEvent::Placed { .. } | OrderEvent::Canceled { .. } => {}
        }
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}

/// rust_ob.
pub struct RustOb {
    book: rust_ob::OrderBook<u64>,
    tally: Tally,
}

impl Book for RustOb {
    const NAME: &'static str = "rust_ob 2.5";

    fn new() -> Self {
        Self { book: rust_ob::OrderBook::new(), tally: Tally::default() }
    }

    fn give(&mut self, message: Message) {
        match message.action {
            Action::Limit { side, price, qty, .. } => {
                let side = match side {
                    Side::Buy => rust_ob::Side::Buy,
                    Side::Sell => rust_ob::Side::Sell,
                };
                let matches = self.book.process_limit_order(message.id, side, Decimal::from(price), Decimal::from(qty));
                // The resting orders' matches, then the new order's own.
                if let Ok(matches) = matches
                    && let [resting @ .., own] = matches.as_slice()
                {
                    self.tally.trades += resting.len() as u64;
                    self.tally.quantity += u64::try_from(own.quantity).expect("whole lots");
                }
            }
            Action::Cancel => _ = self.book.cancel_order(message.id),
            Action::Reduce { .. } => unreachable!("its list has no reductions"),
        }
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}
