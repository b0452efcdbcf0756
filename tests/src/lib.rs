//! Judges of the market: a slow matching engine that can be checked by reading it, scripts that any engine can be asked
//! to play, and the conformance program through which strangers put questions to the real types.
//!
//! Reading order: [`rules`] (what a book is told at its opening), [`engine`] (what every matching engine can be
//! asked), [`naive`] (the rules, written as plainly as possible), [`script`] (commands and events as text), [`audit`]
//! (what must hold whatever was asked), [`conformance`] (the same over JSON lines).

pub mod audit;
pub mod conformance;
pub mod engine;
pub mod naive;
pub mod rules;
pub mod script;
pub mod words;
