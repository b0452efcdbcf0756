//! One table of the configuration: its knobs, its defaults, and the serde type that must agree with both.

use super::check::{check_values, default_problems};
use super::knob::End;
use super::layers::values_of;
use super::{Bounds, Given, Kind, Knob, Origin, Presence, Value, Violation, Violations};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// A configuration struct that describes itself: a pattern implements this for its own.
///
/// The defaults are the struct's `Default`; the knobs must name exactly its fields.
pub trait Described: Serialize + DeserializeOwned + Default + 'static {
    /// Every key.
    fn knobs() -> Vec<Knob>;

    /// What no single key can say: relations between keys. One entry for each that does not hold.
    fn breaches(&self) -> Vec<Breach> {
        Vec::new()
    }

    /// The same check that a file's table gets, for a struct that a program made.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn check(&self, table: &'static str) -> Result<(), Violations> {
        check_values(&Table::described::<Self>(table, ""), values_of(self))
    }
}

/// Holds a table of knobs against itself, for a pattern's tests: every number next to its range, and none that is not finite, is
/// refused in its own words, its range ends where it says and fits the type, every word of a choice is known to the type, and every
/// knob tells what it has to. Returns how many values were tried.
///
/// # Panics
/// When one is not.
pub fn check_knobs<T: Described>(table: &'static str) -> usize {
    let described = Table::described::<T>(table, "");
    told(table, described.knobs());
    let mut tried = 0;
    for key in described.keys() {
        let kind = described.kind(&key).expect("it is a key");
        let path = key.strip_prefix(table).expect("keys begin with the table").trim_start_matches('.');
        let refused = |value: Value| {
            let violations = check_values(&described, with(described.defaults(), path, value)).expect_err(&key);
            assert_eq!(violations.0.len(), 1, "{key}");
            let problem = &violations.0[0].problem;
            assert!(violations.0[0].key == key && problem.starts_with(&format!("must be {kind}")), "{key}: {problem}");
        };
        // Relations to other keys may forbid an end of the range; the range and the type may not.
        let allowed = |value: Value| {
            let values = with(described.defaults(), path, value.clone());
            let found = check_values(&described, values).err().unwrap_or_default();
            let denied = |v: &&Violation| v.key == table || v.problem.starts_with(&format!("must be {kind}"));
            assert_eq!(found.0.iter().find(denied), None, "{key} = {value} is within its range");
        };
        let bad: Vec<Value> = match kind {
            Kind::Real(Bounds { low, high, low_end }) => {
                let (least, below) = match low_end {
                    End::Included => (*low, low.next_down()),
                    End::Excluded => (low.next_up(), *low),
                };
                [least, *high].map(Value::Real).into_iter().for_each(allowed);
                let reals = [below, high.next_up(), -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
                reals.into_iter().map(Value::Real).collect()
            }
            Kind::Integer(low, high) => {
                [*low, *high].map(|end| Value::Integer(end.into())).into_iter().for_each(allowed);
                [i128::from(*low) - 1, i128::from(*high) + 1].into_iter().map(Value::Integer).collect()
            }
            Kind::Choice(words) => {
                for word in *words {
                    let values = with(described.defaults(), path, Value::Text((*word).to_owned()));
                    let json = values.to_json().expect("finite");
                    assert!(serde_json::from_value::<T>(json).is_ok(), "{key} does not know {word}");
                }
                vec![Value::Text(String::new()), Value::Integer(1)]
            }
            Kind::Symbols(_) => {
                let list = |names: &[&str]| {
                    let text = |name: &&str| Given { value: Value::Text((*name).to_owned()), origin: Origin::Program };
                    Value::List(names.iter().map(text).collect())
                };
                vec![list(&[]), list(&["A", "A"]), list(&["a"]), list(&["A B"]), list(&["ABCDEFGHIJKLMNOPQ"])]
            }
            Kind::Flag => vec![Value::Integer(1)],
            Kind::Decimal(_) | Kind::Text(_) | Kind::List(..) | Kind::Table(_) | Kind::Named(..) => Vec::new(),
        };
        tried += bad.len();
        bad.into_iter().for_each(refused);
    }
    tried
}

/// Every knob tells what a reader has to know of it.
fn told(path: &str, knobs: &[Knob]) {
    for knob in knobs {
        let key = format!("{path}.{}", knob.name());
        match knob.kind() {
            Kind::Table(inner) | Kind::Named(inner, _) => told(&key, inner),
            Kind::Flag
            | Kind::Integer(..)
            | Kind::Real(_)
            | Kind::Decimal(_)
            | Kind::Choice(_)
            | Kind::Text(_)
            | Kind::List(..)
            | Kind::Symbols(_) => assert_eq!(knob.untold(), None, "{key} does not tell it"),
        }
    }
}

/// The defaults with one dotted key changed.
fn with(defaults: &Value, key: &str, value: Value) -> Value {
    let Value::Table(mut entries) = defaults.clone() else { unreachable!("defaults are a table") };
    let (first, rest) = key.split_once('.').unwrap_or((key, ""));
    let given = entries.get_mut(first).expect("a key of the defaults");
    given.value = if rest.is_empty() { value } else { with(&given.value, rest, value) };
    Value::Table(entries)
}

/// A relation between keys that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The key to point at, within its table.
    pub key: &'static str,
    /// What must hold, and does not: the rest of the sentence "`key` = given: ..".
    pub problem: String,
}

/// One table, typed away.
pub struct Table {
    name: &'static str,
    about: &'static str,
    knobs: Vec<Knob>,
    defaults: Value,
    accepts: Accepts,
}

/// Types the table's JSON and asks for what does not hold in it.
type Accepts = Box<dyn Fn(serde_json::Value) -> Result<Vec<Breach>, String> + Send + Sync>;

impl Breach {
    /// A relation that does not hold, told at `key`.
    pub fn new(key: &'static str, problem: impl Into<String>) -> Self {
        Self { key, problem: problem.into() }
    }
}

impl Table {
    /// The table of a struct that describes itself.
    ///
    /// # Panics
    /// As [`Table::of`].
    pub fn described<T: Described>(name: &'static str, about: &'static str) -> Self {
        Self::of(name, about, T::knobs(), |table: &T| table.breaches())
    }

    /// The table of any serde struct: for those of other crates, which cannot describe themselves here.
    ///
    /// # Panics
    /// When knobs and struct disagree about the keys, or a default is out of its own range: a mistake of the program that
    /// every start would find.
    pub fn of<T: Serialize + DeserializeOwned + Default + 'static>(
        name: &'static str,
        about: &'static str,
        knobs: Vec<Knob>,
        breaches: impl Fn(&T) -> Vec<Breach> + Send + Sync + 'static,
    ) -> Self {
        let json = serde_json::to_value(T::default()).expect("a configuration struct serialises");
        let defaults = Value::from_json(&json).expect("a configuration struct is a table");
        let accepts: Accepts = Box::new(move |json| match serde_json::from_value::<T>(json) {
            Ok(table) => Ok(breaches(&table)),
            Err(error) => Err(error.to_string()),
        });
        let table = Self { name, about, knobs, defaults, accepts };
        let problems = default_problems(&table);
        assert!(problems.is_empty(), "[{name}]: knobs and defaults disagree: {problems:?}");
        table
    }

    /// Its name in the file.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is about, in a sentence.
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// Its keys.
    pub fn knobs(&self) -> &[Knob] {
        &self.knobs
    }

    /// What it holds where nobody says anything.
    pub const fn defaults(&self) -> &Value {
        &self.defaults
    }

    /// Relations that do not hold in these values, or why the type refuses them.
    pub(super) fn accepts(&self, json: serde_json::Value) -> Result<Vec<Breach>, String> {
        (self.accepts)(json)
    }

    /// What a dotted key of the table may hold, where there is such a key.
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        let mut path = key.strip_prefix(self.name)?.strip_prefix('.')?.split('.');
        let first = path.next()?;
        let mut found = self.knobs.iter().find(|knob| knob.name() == first)?.kind();
        for name in path {
            let Kind::Table(knobs) = found else { return None };
            found = knobs.iter().find(|knob| knob.name() == name)?.kind();
        }
        Some(found)
    }

    /// Every key of the table, dotted, nested ones included; names within [`Kind::Named`] cannot be listed.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        collect_keys(self.name, &self.knobs, &mut keys);
        keys
    }
}

fn collect_keys(prefix: &str, knobs: &[Knob], keys: &mut Vec<String>) {
    for knob in knobs {
        let key = format!("{prefix}.{}", knob.name());
        if let Kind::Table(inner) = knob.kind() {
            collect_keys(&key, inner, keys);
        } else {
            keys.push(key);
        }
    }
}

/// Whether a key may be missing from the defaults.
pub(super) fn may_lack_default(knob: &Knob) -> bool {
    match knob.presence() {
        Presence::Defaulted => false,
        Presence::Optional | Presence::Required => true,
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("name", &self.name).field("knobs", &self.knobs).finish_non_exhaustive()
    }
}
