//! What a knob is.

use super::PassiveMmConfig;
use serde::Serialize;
use std::fmt;

/// One knob.
#[derive(Clone, Copy, Debug)]
pub struct Knob {
    /// Its key below `[passive_mm]`, dots between tables.
    pub key: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it may be.
    pub allowed: Allowed,
    /// Where the default comes from.
    pub source: &'static str,
    /// What moves when it is raised, or what the choices mean.
    pub effect: &'static str,
    /// Reads it.
    pub value: fn(&PassiveMmConfig) -> Value,
}

/// What a knob may be.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// A finite number in `low..=high`.
    Number {
        /// Least.
        low: f64,
        /// Largest.
        high: f64,
    },
    /// A whole number in `low..=high`.
    Whole {
        /// Least.
        low: u64,
        /// Largest.
        high: u64,
    },
    /// One of these names; anything else is already refused when the file is read.
    OneOf(&'static [&'static str]),
    /// A list of 1 to 64 different symbols.
    Symbols,
}

/// A knob's value.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A whole number.
    Whole(u64),
    /// A choice.
    Name(String),
    /// A list.
    Names(Vec<String>),
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allowed::Number { low, high } => write!(f, "a number from {low} to {high}"),
            Allowed::Whole { low, high } => write!(f, "a whole number from {low} to {high}"),
            Allowed::OneOf(names) => write!(f, "one of {}", names.join(", ")),
            Allowed::Symbols => f.write_str("1 to 64 different symbols of 1 to 16 characters A-Z, 0-9, `.`, `_`, `-`"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Whole(number) => number.fmt(f),
            Value::Name(name) => name.fmt(f),
            Value::Names(names) => write!(f, "[{}]", names.join(", ")),
        }
    }
}
