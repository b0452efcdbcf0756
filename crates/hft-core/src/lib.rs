//! The market: order books, venues, accounts, the risk gate, and the two drivers that run them.
//!
//! > Time, latency, timers and messages are one thing: an envelope with a delivery time.
//!
//! ```text
//! VENUE ── ticks, book updates, trades ──► TRADER ── Command ──► ACCOUNT ── Approved<Command> ──► VENUE
//!  (LOB)            (link latency)        (strategy,          (risk gate,        (link latency)      │
//!                                          the paper)          ledger)                               │
//!                                             ▲                  │  ▲                               │
//!                                             └─ reports,        │  └────── execution reports ──────┘
//!                                                refusals ───────┤
//!                                                                └── fills ──► BLOTTER (fill log, PnL)
//! every delivery ──► digest, and journal where one is kept
//! ```
//!
//! A node is a plain struct with one entry point, `handle(now, from, message, &mut mail)`. It never reads a clock, never
//! awaits and never calls another node. Two drivers deliver the mail: [`world::Lockstep`] in virtual time, and
//! `world::realtime` over tokio channels. They share every line of everything else.
//!
//! # Reading order
//!
//! 1. [`models`]: the vocabulary. Integers with units.
//! 2. [`exchange`]: the book, the order rules, the venue.
//! 3. [`risk`]: the gate, the only maker of [`risk::Approved`].
//! 4. [`account`]: the ledger, the attribution of profit, the fill log.
//! 5. [`trader`]: the one trait a strategy implements, and its desk.
//! 6. [`flow`]: the crowd that it trades with.
//! 7. [`world`]: links, queues, drivers, the journal, and how a world is put together.
//!
//! # Invariants
//!
//! 1. This crate depends on no pattern.
//! 2. `async`, channels and clocks occur in `world::realtime` only; tokio is built without `net`.
//! 3. A venue accepts only [`Approved`](risk::Approved) commands, and only the gate can make one. Nothing here sends
//!    orders over a network.
//! 4. No unordered map iteration, wall clock, thread RNG or global state on the simulated path. One seed, one named
//!    [`stream`](world::stream) per component.
//! 5. `unsafe` is forbidden. Refusals are data, impossibilities are asserts, the environment is `anyhow`.
//! 6. Everything has a limit and the limit has a name.
//! 7. After every command: best bid < best ask; a level's total is the sum of its orders; filled + open + cancelled =
//!    submitted; positions and cash sum to zero over all accounts; exactly one terminal report per order; a refused command
//!    changes nothing.
//! 8. At most one awaited edge in any cycle of channels: reports never await.

pub mod account;
pub mod exchange;
pub mod flow;
pub mod models;
pub mod prelude;
pub mod risk;
pub mod trader;
pub mod world;
