//! The fields of one command line, read by name and type.

use super::exact;
use crate::words::value_of;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Why a line is answered with `{"error": ..}`.
#[derive(Debug)]
pub(super) struct Malformed(pub(super) String);

/// What the sender calls an order or an account: an integer or a string, the same name either way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    /// Names with the same text are the same.
    pub(super) text: String,
    /// As it was given.
    pub(super) given: Value,
}

/// An integer as it fits the market's types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Amount {
    /// In range; what is below the range is its lowest value, which every rule refuses.
    Of(i64),
    /// Above the range.
    Beyond,
}

/// One command line.
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    pub(super) fn read(line: &'a str) -> Result<Self, Malformed> {
        serde_json::from_str(line).map(Self).map_err(|error| Malformed(format!("not a JSON object: {error}")))
    }

    pub(super) fn require<T>(&self, key: &str, value: Option<T>) -> Result<T, Malformed> {
        value.ok_or_else(|| Malformed(format!("`{key}` is missing")))
    }

    pub(super) fn raw(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).map(|raw| raw.get()).filter(|&text| text != "null")
    }

    fn mistyped(&self, key: &str, expected: &str) -> Malformed {
        Malformed(format!("`{key}` must be {expected}"))
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Malformed> {
        let text = |raw| serde_json::from_str(raw).map_err(|_| self.mistyped(key, "a string"));
        self.raw(key).map(text).transpose()
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, Malformed> {
        let flag = |raw| serde_json::from_str(raw).map_err(|_| self.mistyped(key, "true or false"));
        self.raw(key).map(flag).transpose()
    }

    /// An integer: a JSON number without a fraction, or its digits in a string.
    pub(super) fn integer(&self, key: &str) -> Result<Option<i128>, Malformed> {
        let integer = |raw: &str| {
            let quoted: Option<String> = serde_json::from_str(raw).ok();
            exact::integer(quoted.as_deref().unwrap_or(raw)).ok_or_else(|| self.mistyped(key, "an integer"))
        };
        self.raw(key).map(integer).transpose()
    }

    pub(super) fn amount(&self, key: &str) -> Result<Option<Amount>, Malformed> {
        let fit = |value: i128| match i64::try_from(value) {
            Ok(value) => Amount::Of(value),
            Err(_) if value < 0 => Amount::Of(i64::MIN),
            Err(_) => Amount::Beyond,
        };
        Ok(self.integer(key)?.map(fit))
    }

    pub(super) fn name(&self, key: &str) -> Result<Option<Name>, Malformed> {
        let mistyped = || self.mistyped(key, "an integer or a string");
        let name = |raw: &str| {
            let is_integer = raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            let text = if is_integer { raw.to_owned() } else { serde_json::from_str(raw).map_err(|_| mistyped())? };
            let number = raw.parse::<i64>().map(Value::from).or_else(|_| raw.parse::<u64>().map(Value::from));
            let given = number.unwrap_or_else(|_| Value::String(text.clone()));
            Ok(Name { text, given })
        };
        self.raw(key).map(name).transpose()
    }

    /// One of a closed list of words.
    pub(super) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, Malformed> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let found = value_of(&text, words);
        let names = || words.iter().map(|&(word, _)| word).collect::<Vec<_>>().join(", ");
        found.map(Some).ok_or_else(|| Malformed(format!("`{key}` is `{text}`, not one of {}", names())))
    }
}
