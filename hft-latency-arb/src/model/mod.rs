//! The papers: pure functions of numbers, in the papers' own symbols.
//!
//! | module | what | source |
//! |---|---|---|
//! | [`equilibrium`] | the half-spread that the race forces, and everybody's rent | Budish, Cramton & Shim (2015) |
//! | [`lead_lag`] | which of two asynchronous prices leads, and by how much | Hayashi & Yoshida (2005), Hoffmann, Rosenbaum & Yoshida (2013) |
//! | [`races`] | races in a log of messages: who came when, who won | Aquilina, Budish & O'Neill (2022) |

pub mod equilibrium;
pub mod lead_lag;
pub mod races;
