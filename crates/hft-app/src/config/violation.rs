//! What is wrong with a configuration, in lines that say where, what, what is allowed, and what was probably meant.

use super::Origin;
use std::fmt;
use thiserror::Error;

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub struct Violation {
    /// Which layer said it.
    pub origin: Origin,
    /// The key, dotted from the root; empty where a whole file is meant.
    pub key: String,
    /// What was given, as TOML; absent where it is not to be repeated or there is nothing to repeat.
    pub given: Option<String>,
    /// What is wrong with it, and what would be right.
    pub problem: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

/// Everything that is wrong: never empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Error)]
pub struct Violations(pub Vec<Violation>);

impl Violation {
    /// A violation without a given value or a guess.
    pub fn new(origin: Origin, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { origin, key: key.into(), given: None, problem: problem.into(), meant: None }
    }

    /// The same, repeating what was given, shortened to a line.
    #[must_use]
    pub fn given(self, value: &super::Value) -> Self {
        const LONGEST: usize = 60;
        let text = value.to_string();
        let given =
            if text.chars().count() > LONGEST { text.chars().take(LONGEST - 1).chain(['…']).collect() } else { text };
        Self { given: Some(given), ..self }
    }

    /// The same, with a guess.
    #[must_use]
    pub fn meant(self, meant: Option<String>) -> Self {
        Self { meant, ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin.place(&self.key))?;
        match (&*self.key, &self.given) {
            ("", _) => {}
            (key, None) => write!(f, ": {key}")?,
            (key, Some(given)) => write!(f, ": {key} = {given}")?,
        }
        write!(f, ": {}", self.problem)?;
        match &self.meant {
            Some(meant) => write!(f, "; did you mean {meant}?"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            let newline = if i == 0 { "" } else { "\n" };
            write!(f, "{newline}{violation}")?;
        }
        Ok(())
    }
}

impl Violations {
    /// `Ok` where there is none.
    pub(super) fn or<T>(self, value: T) -> Result<T, Violations> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// The candidate most like `word`, where one is like it at all.
pub(super) fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.6;
    let word = word.to_lowercase().replace('-', "_");
    candidates
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
