//! The program from outside: what a person types, and what comes back.

mod command_line;
mod explain;
mod market;
mod run;
