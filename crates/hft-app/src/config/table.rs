//! One table of the configuration: its knobs, its defaults, and the serde type that must agree with both.

use super::check::default_problems;
use super::{Kind, Knob, Presence, Value};
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
