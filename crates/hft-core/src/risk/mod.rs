//! The pre-trade gate: the only maker of [`Approved`] commands.
//!
//! Reading order: [`Limits`] (what may be limited), [`RiskReject`] (in which order it is checked), [`RiskGate`] (the checks),
//! [`Kill`] (the switch), [`Approved`] (the proof).

mod approved;
mod checks;
mod events;
mod gate;
mod ids;
mod kill;
mod limits;
mod orders;
mod rate;
mod reject;
mod state;
mod window;

pub use approved::Approved;
pub use events::OpenOrderView;
pub use gate::RiskGate;
pub use kill::Kill;
pub use limits::{AccountLimits, CountLimit, InstrumentLimits, LimitError, Limits, RateLimit, SelfCross};
pub use reject::RiskReject;
