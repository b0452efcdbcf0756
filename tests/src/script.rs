//! Commands and events as text, so that a rule can be read as a short dialogue with the market.
//!
//! ```text
//! config tick=5 band=50 ref_px=100     a fresh book; what is not named is off, as in `rules::declared`
//! buy 1 10@100                         order 1 buys 10 at 100, good till cancelled
//! sell 2 10 market ioc                 at any price
//! buy 3 10 stop@105                    becomes a market order at 105; `buy 3 10@106 stop@105`: a limit order
//!     ioc fok day gtd=7  post  show=3  min=5  acct=4  stp=oldest|newest|both|decrement
//! amend 1 px=101 qty=12                qty is the new total
//! reduce 1 by=3      cancel 1 acct=4      mass_cancel acct=4 side=buy
//! kill acct=4        unkill               disconnect acct=4
//! time 7             end_session          phase auction|continuous|halt      uncross
//! clock 7                              time passes too, and the book hears of it with the next order or amend
//! show                                 the book: id(open), or id(visible/open) where some is hidden
//! ```
//!
//! An order without `acct` belongs to an account of its own.

mod read;
mod write;

use crate::engine::Engine;
use crate::rules::{BookRules, declared};
use hft_core::exchange::{EngineEvent, EventSink};
use hft_core::models::{AccountId, NewOrder, OrderId, Phase, Price, Qty, Side, Timestamp};
use std::fmt::Write;

pub use write::Told;

/// One command to a book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Starts a fresh book.
    Config(Box<BookRules>),
    /// Enters an order.
    New {
        /// Whose.
        account: AccountId,
        /// Which.
        order: NewOrder,
    },
    /// Changes an order.
    Amend {
        /// Who asks, if that is asked.
        account: Option<AccountId>,
        /// Which order.
        id: OrderId,
        /// Its new price.
        price: Option<Price>,
        /// Its new total.
        qty: Option<Qty>,
    },
    /// Cuts an order.
    Reduce {
        /// Who asks, if that is asked.
        account: Option<AccountId>,
        /// Which order.
        id: OrderId,
        /// By how much.
        by: Qty,
    },
    /// Takes an order out.
    Cancel {
        /// Who asks, if that is asked.
        account: Option<AccountId>,
        /// Which order.
        id: OrderId,
    },
    /// Takes out many.
    MassCancel {
        /// Whose, or everybody's.
        account: Option<AccountId>,
        /// Which side's, or both.
        side: Option<Side>,
    },
    /// Throws the kill switch of an account, or everybody's.
    Kill(Option<AccountId>),
    /// Releases it.
    Unkill(Option<AccountId>),
    /// Loses a connection, or all.
    Disconnect(Option<AccountId>),
    /// Lets time pass.
    Time(Timestamp),
    /// Lets time pass and tells nobody: the next order or amend comes at this moment.
    Clock(Timestamp),
    /// Ends the session.
    EndSession,
    /// Changes the phase.
    Phase(Phase),
    /// Runs the auction.
    Uncross,
    /// Prints the book.
    Show,
}

/// The account of an order whose script names none.
pub fn own_account(order: OrderId) -> AccountId {
    const FIRST: u32 = 1_000_000;
    AccountId(FIRST + u32::try_from(order.0).expect("scripts number their orders modestly"))
}

/// A book that plays a script.
#[derive(Debug)]
pub struct Player<E> {
    /// The book.
    pub engine: E,
    now: Timestamp,
}

impl<E: Engine> Player<E> {
    /// A fresh book.
    pub fn open(rules: BookRules) -> Self {
        Self { engine: E::open(rules), now: Timestamp::START }
    }

    /// Does what the step says. Time never runs backwards.
    pub fn play(&mut self, step: &Step, sink: &mut dyn EventSink) {
        let engine = &mut self.engine;
        match *step {
            Step::Config(ref rules) => *self = Self::open((**rules).clone()),
            Step::New { account, ref order } => engine.submit(self.now, account, order, sink),
            Step::Amend { account, id, price, qty } => engine.amend(self.now, account, id, price, qty, sink),
            Step::Reduce { account, id, by } => engine.reduce(account, id, by, sink),
            Step::Cancel { account, id } => engine.cancel(account, id, sink),
            Step::MassCancel { account, side } => engine.mass_cancel(account, side, sink),
            Step::Kill(account) => engine.kill(account, sink),
            Step::Unkill(account) => engine.unkill(account),
            Step::Disconnect(account) => engine.disconnect(account, sink),
            Step::Time(to) => {
                self.now = self.now.max(to);
                engine.advance_time(self.now, sink);
            }
            Step::Clock(to) => self.now = self.now.max(to),
            Step::EndSession => engine.end_session(sink),
            Step::Phase(phase) => engine.set_phase(phase, sink),
            Step::Uncross => _ = engine.uncross(sink),
            Step::Show => {}
        }
    }

    /// Does it, and prints all that was answered, one indented line each.
    pub fn answer(&mut self, step: &Step) -> String {
        let mut told = Transcript::default();
        self.play(step, &mut told);
        if matches!(step, Step::Show) {
            told.0.push_str(&self.book());
        }
        told.0
    }

    /// The book as a ladder: highest price first.
    fn book(&self) -> String {
        let (mut asks, bids) = (self.engine.levels(Side::Sell), self.engine.levels(Side::Buy));
        asks.reverse();
        let mut text = String::new();
        for (side, level) in asks.iter().map(|l| (Side::Sell, l)).chain(bids.iter().map(|l| (Side::Buy, l))) {
            write!(text, "  {} {}:", word(side), level.price).expect("a String takes all");
            for (id, open) in self.engine.queue(side, level.price) {
                let visible = self.engine.order(id).expect("what queues lives").visible;
                let shown = if visible == open { open.to_string() } else { format!("{visible}/{open}") };
                write!(text, " {id}({shown})").expect("a String takes all");
            }
            text.push('\n');
        }
        if text.is_empty() { "  empty\n".to_owned() } else { text }
    }
}

/// Plays the commands of a script on a fresh book: each command, then its whole answer.
///
/// # Errors
/// With the line that is no command, and why.
pub fn play<E: Engine>(commands: &str) -> Result<String, String> {
    let mut player = Player::<E>::open(declared());
    let mut text = String::new();
    for line in commands.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let step: Step = line.parse().map_err(|why| format!("`{line}`: {why}"))?;
        writeln!(text, "> {line}").expect("a String takes all");
        text.push_str(&player.answer(&step));
    }
    Ok(text)
}

/// Writes events down as they come.
#[derive(Default)]
struct Transcript(String);

impl EventSink for Transcript {
    fn on_event(&mut self, _seq: u64, event: EngineEvent) {
        writeln!(self.0, "  {}", Told(event)).expect("a String takes all");
    }
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}
