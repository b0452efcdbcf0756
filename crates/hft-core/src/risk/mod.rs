//! The pre-trade gate: the only maker of [`Approved`] commands.

mod approved;
mod reject;

pub use approved::Approved;
pub use reject::RiskReject;
