//! A configuration held against the list of knobs: every violation, not only the first.

use super::knobs::{Allowed, Value};
use super::list::{KNOBS, MAX_UNITS};
use super::{PassiveMmConfig, StrategyKind};
use serde::Serialize;
use std::fmt;

/// A value that is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Violation {
    /// The key below `[passive_mm]`.
    pub key: String,
    /// What it was.
    pub value: String,
    /// What it may be.
    pub allowed: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "passive_mm.{} = {}: allowed is {}", self.key, self.value, self.allowed)
    }
}

impl std::error::Error for Violation {}

impl PassiveMmConfig {
    /// Everything that is wrong with it, in the order of the file; empty when it can run. What depends on the contract
    /// (whole lots) is checked when a maker is built for one.
    pub fn validate(&self) -> Vec<Violation> {
        let mut violations: Vec<Violation> = KNOBS
            .iter()
            .filter(|knob| !knob.allowed.admits(&(knob.value)(self)))
            .map(|knob| violation(knob.key, (knob.value)(self), knob.allowed))
            .collect();
        // Relations between knobs are worth a word only where each is right by itself.
        if violations.is_empty() {
            violations.extend(self.relations());
        }
        violations
    }

    fn relations(&self) -> Vec<Violation> {
        let mut violations = Vec::new();
        if self.size > self.inv_limit {
            let allowed = format!("at most inv_limit, {}: larger quotes would never be sent", self.inv_limit);
            violations.push(violation("size", self.size, allowed));
        }
        if self.strategy == StrategyKind::Glft && self.inv_limit / self.size > MAX_UNITS {
            let allowed = format!("at most {MAX_UNITS} times size with strategy = \"glft\"");
            violations.push(violation("inv_limit", self.inv_limit, allowed));
        }
        violations
    }
}

pub(crate) fn violation(key: &str, value: impl fmt::Display, allowed: impl fmt::Display) -> Violation {
    Violation { key: key.to_owned(), value: value.to_string(), allowed: allowed.to_string() }
}

impl Allowed {
    /// Whether a value of the knob's own kind is allowed.
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Allowed::Number { low, high }, Value::Number(number)) => (low..=high).contains(&number),
            (Allowed::Whole { low, high }, Value::Whole(number)) => (low..=high).contains(&number),
            (Allowed::OneOf(names), Value::Name(name)) => names.contains(&name.as_str()),
            (Allowed::Symbols, Value::Names(names)) => are_symbols(names),
            _ => false,
        }
    }
}

fn are_symbols(names: &[String]) -> bool {
    let is_symbol = |name: &String| {
        (1..=16).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    let distinct = names.iter().collect::<std::collections::BTreeSet<_>>().len() == names.len();
    (1..=64).contains(&names.len()) && distinct && names.iter().all(is_symbol)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    /// A configuration with one key changed, read as the shell reads it; `Err` where the file itself is refused.
    fn with(key: &str, value: Json) -> Result<PassiveMmConfig, serde_json::Error> {
        let mut file = serde_json::to_value(PassiveMmConfig::default()).expect("plain data");
        let slot = key.split('.').fold(&mut file, |table, part| &mut table[part]);
        *slot = value;
        serde_json::from_value(file)
    }

    #[test]
    fn the_defaults_are_allowed_and_every_key_is_listed() {
        assert_eq!(PassiveMmConfig::default().validate(), []);
        let file = serde_json::to_value(PassiveMmConfig::default()).expect("plain data");
        let mut keys = Vec::new();
        for (key, value) in file.as_object().expect("a table") {
            match value.as_object() {
                Some(table) => keys.extend(table.keys().map(|inner| format!("{key}.{inner}"))),
                None => keys.push(key.clone()),
            }
        }
        let mut listed: Vec<String> = KNOBS.iter().map(|knob| knob.key.to_owned()).collect();
        keys.sort();
        listed.sort();
        assert_eq!(keys, listed);
    }

    #[test]
    fn every_number_is_refused_just_outside_its_range() {
        let mut tried = 0;
        for knob in KNOBS {
            let bad: Vec<Json> = match knob.allowed {
                Allowed::Number { low, high } => {
                    vec![json!(low - 1e-3_f64.max(low.abs())), json!(high * 1.001), json!(-1e300)]
                }
                Allowed::Whole { low, high } => {
                    let below = low.checked_sub(1).map(|n| json!(n));
                    below.into_iter().chain([json!(high + 1)]).collect()
                }
                Allowed::OneOf(_) | Allowed::Symbols => continue,
            };
            for value in bad {
                let config = with(knob.key, value.clone()).expect("the right type");
                let violations = config.validate();
                assert_eq!(violations.len(), 1, "{} = {value}", knob.key);
                assert_eq!(
                    (violations[0].key.as_str(), violations[0].allowed.clone()),
                    (knob.key, knob.allowed.to_string())
                );
                tried += 1;
            }
        }
        assert!(tried > 60, "{tried}");
    }

    /// Floats that no file should hold, in every number.
    #[test]
    fn nan_and_infinity_are_refused() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut config =
                PassiveMmConfig { half_spread: bad, size: bad, inv_limit: bad, ..PassiveMmConfig::default() };
            config.inv_spread_mult = bad;
            config.model =
                super::super::ModelConfig { gamma: bad, sigma: bad, a: bad, k: bad, horizon_s: bad, ..config.model };
            config.toxicity =
                super::super::ToxicityConfig { bucket: bad, threshold: bad, widen_mult: bad, ..config.toxicity };
            config.estimator.distance_step = bad;
            config.microprice.refit_s = bad;
            let keys: Vec<String> = config.validate().into_iter().map(|v| v.key).collect();
            let expected = [
                "half_spread",
                "size",
                "inv_limit",
                "inv_spread_mult",
                "model.gamma",
                "model.sigma",
                "model.a",
                "model.k",
                "model.horizon_s",
                "estimator.distance_step",
                "microprice.refit_s",
                "toxicity.bucket",
                "toxicity.threshold",
                "toxicity.widen_mult",
            ];
            assert_eq!(keys, expected, "{bad}: all of them, in the order of the file");
        }
    }

    #[test]
    fn relations_between_knobs() {
        let mut config = PassiveMmConfig { size: 11.0, ..PassiveMmConfig::default() };
        assert_eq!(
            config.validate()[0].to_string(),
            "passive_mm.size = 11: allowed is at most inv_limit, 10: larger quotes would never be sent"
        );
        config = PassiveMmConfig { inv_limit: 301.0, ..PassiveMmConfig::default() };
        assert_eq!(config.validate(), [], "a limit that only glft cannot hold");
        config.strategy = StrategyKind::Glft;
        assert_eq!(config.validate()[0].key, "inv_limit");
    }

    #[test]
    fn symbols_are_few_distinct_and_plain() {
        let too_many: Vec<String> = (0..65).map(|i| format!("S{i}")).collect();
        let long = "A".repeat(17);
        for bad in [
            json!([]),
            json!(["A", "A"]),
            json!([""]),
            json!(["a"]),
            json!(["A B"]),
            json!(["Ä"]),
            json!([long]),
            json!(too_many),
        ] {
            let violations = with("symbols", bad.clone()).expect("a list of names").validate();
            assert_eq!(violations.len(), 1, "{bad}");
            assert_eq!(violations[0].key, "symbols");
        }
        assert_eq!(with("symbols", json!(["BTC-USD", "ES.H6", "X_1"])).expect("names").validate(), []);
    }

    /// What the file's reader refuses by itself: unknown keys and names, and values of another kind.
    #[test]
    fn the_reader_refuses_what_it_does_not_know() {
        for (key, value) in [
            ("strategy", json!("glfft")),
            ("strategy", json!("Skew")),
            ("strategy", json!(1)),
            ("half_spreed", json!(0.25)),
            ("half_spread", json!("wide")),
            ("half_spread", json!(null)),
            ("tick_ms", json!(-5)),
            ("tick_ms", json!(2.5)),
            ("symbols", json!("SIM")),
            ("model.gama", json!(0.1)),
            ("model.horizon", json!("forever")),
            ("toxicity.vpin", json!(true)),
            ("estimator.windows", json!(1e12)),
            ("api_key", json!("secret")),
        ] {
            assert!(with(key, value.clone()).is_err(), "{key} = {value}");
        }
    }
}
