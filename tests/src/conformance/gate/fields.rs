//! The fields of one line, read by name and type.

use hft_core::models::{Price, Qty};
use serde_json::{Map, Value};

/// Why a line is answered with `{"error": ..}`.
#[derive(Debug)]
pub(super) struct Malformed(pub(super) String);

/// An object of a line.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn read(line: &str) -> Result<Self, Malformed> {
        match serde_json::from_str(line) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Malformed("not a JSON object".to_owned())),
            Err(error) => Err(Malformed(format!("not a JSON object: {error}"))),
        }
    }

    /// An object inside the object.
    pub(super) fn object(&self, key: &str) -> Result<Option<Self>, Malformed> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields.clone()))),
            Some(_) => Err(mistyped(key, "an object")),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&str>, Malformed> {
        let text = |value: &'_ Value| value.is_string();
        match self.value(key) {
            Some(value) if text(value) => Ok(value.as_str()),
            Some(_) => Err(mistyped(key, "a string")),
            None => Ok(None),
        }
    }

    /// A name: a string or an integer, the same name either way.
    pub(super) fn name(&self, key: &str) -> Result<Option<String>, Malformed> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(name)) => Ok(Some(name.clone())),
            Some(Value::Number(number)) if !number.is_f64() => Ok(Some(number.to_string())),
            Some(_) => Err(mistyped(key, "an integer or a string")),
        }
    }

    /// An integer: a number without a fraction, or its digits in a string. Beyond 128 bits it is the nearest.
    pub(super) fn integer(&self, key: &str) -> Result<Option<i128>, Malformed> {
        let integer = match self.value(key) {
            None => return Ok(None),
            Some(Value::Number(number)) => match (number.as_i128(), number.as_f64()) {
                (Some(integer), _) => Some(integer),
                #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, as documented")]
                (None, Some(float)) if float.fract() == 0.0 => Some(float as i128),
                _ => None,
            },
            Some(Value::String(digits)) => digits.parse().ok(),
            Some(_) => None,
        };
        integer.map(Some).ok_or_else(|| mistyped(key, "an integer"))
    }

    /// An integer that is zero or more, at most as large as its type.
    pub(super) fn count(&self, key: &str) -> Result<Option<u64>, Malformed> {
        match self.integer(key)? {
            Some(value) if value < 0 => Err(mistyped(key, "zero or more")),
            value => Ok(value.map(|value| u64::try_from(value).unwrap_or(u64::MAX))),
        }
    }

    pub(super) fn qty(&self, key: &str) -> Result<Option<Qty>, Malformed> {
        Ok(self.integer(key)?.map(|value| Qty::new(clamped(value))))
    }

    pub(super) fn price(&self, key: &str) -> Result<Option<Price>, Malformed> {
        Ok(self.integer(key)?.map(|value| Price::new(clamped(value))))
    }

    pub(super) fn require<T>(&self, key: &str, value: Option<T>) -> Result<T, Malformed> {
        value.ok_or_else(|| Malformed(format!("`{key}` is missing")))
    }
}

pub(super) fn mistyped(key: &str, expected: &str) -> Malformed {
    Malformed(format!("`{key}` must be {expected}"))
}

/// Beyond 64 bits: the largest, or smallest, that there is.
fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
