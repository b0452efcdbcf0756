//! Checks every value against its knob and collects all that is wrong, rather than stopping at the first.

use super::knob::is_symbol;
use super::table::may_lack_default;
use super::violation::closest;
use super::{
    Breach, Given, Kind, Knob, MARKET, Origin, PATTERN_TABLES, Presence, REPLAY, Table, Value, Violation, Violations,
    credential,
};
use hft_core::models::Decimal;
use std::collections::BTreeMap;

/// The root of the configuration, by table.
pub(super) type Root = BTreeMap<String, Given>;

/// Walks the values and collects what is wrong with them.
struct Checker<'a> {
    tables: &'a [Table],
    found: Violations,
}

/// Checks all tables; what comes back holds the program's own and the shared tables only.
pub(super) fn check(tables: &[Table], mut root: Root) -> Result<Root, Violations> {
    let mut checker = Checker { tables, found: Violations::default() };
    root.retain(|name, given| match tables.iter().find(|table| table.name() == name) {
        Some(table) => {
            checker.table(table, given);
            true
        }
        None => {
            checker.stranger(name, given);
            false
        }
    });
    checker.found.or(root)
}

/// Checks one table whose values were made by a program.
pub(super) fn check_values(table: &Table, values: Value) -> Result<(), Violations> {
    let mut checker = Checker { tables: &[], found: Violations::default() };
    checker.table(table, &mut Given { value: values, origin: Origin::Program });
    checker.found.or(())
}

/// What is wrong with a table's own defaults and key names.
pub(super) fn default_problems(table: &Table) -> Vec<String> {
    let Value::Table(defaults) = table.defaults() else { return vec!["the defaults are no table".to_owned()] };
    let mut problems = Vec::new();
    agree(table.name(), table.knobs(), defaults, &mut problems);
    let mut checker = Checker { tables: &[], found: Violations::default() };
    checker.table(table, &mut Given { value: table.defaults().clone(), origin: Origin::Default });
    problems.extend(checker.found.0.iter().map(ToString::to_string));
    problems
}

/// Knobs and defaults name the same keys.
fn agree(path: &str, knobs: &[Knob], defaults: &BTreeMap<String, Given>, problems: &mut Vec<String>) {
    for knob in knobs {
        let key = format!("{path}.{}", knob.name());
        if credential::looks_like_one(knob.name()) {
            problems.push(format!("{key} looks like a credential"));
        }
        match (defaults.get(knob.name()), knob.kind()) {
            (None, _) if may_lack_default(knob) => {}
            (None, _) => problems.push(format!("{key} has no default")),
            (Some(Given { value: Value::Table(inner), .. }), Kind::Table(knobs)) => agree(&key, knobs, inner, problems),
            (Some(_), _) => {}
        }
    }
    let unknown = defaults.keys().filter(|key| knobs.iter().all(|knob| knob.name() != *key));
    problems.extend(unknown.map(|key| format!("{path}.{key} has no knob")));
}

/// The value at a dotted key within a table.
pub(super) fn lookup<'a>(given: &'a Given, key: &str) -> Option<&'a Given> {
    key.split('.').try_fold(given, |at, name| at.value.as_table()?.get(name))
}

impl Checker<'_> {
    fn report(&mut self, violation: Violation) {
        self.found.0.push(violation);
    }

    fn table(&mut self, table: &Table, given: &mut Given) {
        let before = self.found.0.len();
        self.entries(table.name(), table.knobs(), given);
        if self.found.0.len() > before {
            return;
        }
        let Some(json) = given.value.to_json() else { return };
        match table.accepts(json) {
            Ok(breaches) => breaches.into_iter().for_each(|breach| self.breach(table, breach, given)),
            Err(problem) => self.report(Violation::new(given.origin.clone(), table.name(), problem)),
        }
    }

    fn breach(&mut self, table: &Table, breach: Breach, given: &Given) {
        let key = format!("{}.{}", table.name(), breach.key);
        self.report(match lookup(given, breach.key) {
            Some(at) => Violation::new(at.origin.clone(), key, breach.problem).given(&at.value),
            None => Violation::new(Origin::Default, key, breach.problem),
        });
    }

    /// A table that is not ours: another pattern's is let be, but not with a credential in it, nor where an argument of this very
    /// program names one of its keys, which would do nothing; any other is refused.
    fn stranger(&mut self, name: &str, given: &Given) {
        // A run has either a made-up market or a recorded one; a file may tell of both.
        let known = PATTERN_TABLES.contains(&name) || [MARKET, REPLAY].contains(&name);
        if !known && !credential::looks_like_one(name) {
            let names = self.tables.iter().map(Table::name).chain(PATTERN_TABLES);
            let (what, meant) = match given.value.as_table() {
                Some(_) => ("no such table", closest(name, names).map(|name| format!("[{name}]"))),
                None => ("no such key: keys stand in tables", self.elsewhere(name)),
            };
            self.report(Violation::new(given.origin.clone(), name, what).meant(meant));
        }
        if known {
            self.misdirected(name, given);
        }
        self.credentials(name, name, given);
    }

    /// Refuses keys that were meant for this program and stand in a table that it does not read.
    fn misdirected(&mut self, path: &str, given: &Given) {
        if let Value::Table(entries) = &given.value {
            entries.iter().for_each(|(key, inner)| self.misdirected(&format!("{path}.{key}"), inner));
        } else if given.origin.means_us() && !path.rsplit('.').any(credential::looks_like_one) {
            let ours: Vec<String> = self.tables.iter().map(|table| format!("[{}]", table.name())).collect();
            let problem = format!("is not a key of this program, which here reads {}", ours.join(", "));
            self.report(Violation::new(given.origin.clone(), path, problem));
        }
    }

    fn credentials(&mut self, path: &str, key: &str, given: &Given) {
        if credential::looks_like_one(key) {
            self.report(Violation::new(given.origin.clone(), path, credential::SENTENCE));
        } else if let Value::Table(entries) = &given.value {
            for (key, inner) in entries {
                self.credentials(&format!("{path}.{key}"), key, inner);
            }
        }
    }

    fn entries(&mut self, path: &str, knobs: &[Knob], given: &mut Given) {
        let origin = given.origin.clone();
        let Value::Table(entries) = &mut given.value else {
            return self.report(Violation::new(origin, path, "must be a table of keys").given(&given.value));
        };
        for (key, inner) in entries.iter_mut() {
            let full = format!("{path}.{key}");
            match knobs.iter().find(|knob| knob.name() == key) {
                Some(knob) => self.value(&full, knob.kind(), knob.unit_name(), inner),
                None if credential::looks_like_one(key) => self.credentials(&full, key, inner),
                None => {
                    let near = closest(key, knobs.iter().map(Knob::name)).map(|name| format!("{path}.{name}"));
                    let meant = near.or_else(|| self.elsewhere(key));
                    self.report(Violation::new(inner.origin.clone(), full, "no such key").meant(meant));
                }
            }
        }
        for knob in knobs.iter().filter(|knob| knob.presence() == Presence::Required) {
            if !entries.contains_key(knob.name()) {
                let problem = format!("is missing: must be {}", knob.kind());
                self.report(Violation::new(origin.clone(), format!("{path}.{}", knob.name()), problem));
            }
        }
    }

    /// The full name of a key that stands in some other table, the pattern's own (the last) before the shared ones.
    fn elsewhere(&self, key: &str) -> Option<String> {
        self.tables.iter().rev().flat_map(Table::keys).find(|full| full.rsplit('.').next() == Some(key))
    }

    fn value(&mut self, path: &str, kind: &Kind, unit: &str, given: &mut Given) {
        if given.origin.is_textual() {
            reread(kind, &mut given.value);
        }
        match (kind, &mut given.value) {
            (Kind::Table(knobs), _) => self.entries(path, knobs, given),
            (Kind::Named(knobs, most), Value::Table(entries)) if entries.len() <= *most => {
                for (name, inner) in entries {
                    self.entries(&format!("{path}.{name}"), knobs, inner);
                }
            }
            (Kind::List(item, most), Value::List(items)) if items.len() <= *most => {
                for (i, inner) in items.iter_mut().enumerate() {
                    self.value(&format!("{path}[{i}]"), item, unit, inner);
                }
            }
            (kind, value) if is_allowed(kind, value) => {}
            (kind, value) => {
                let word = match (kind, &*value) {
                    (Kind::Choice(words), Value::Text(text)) => closest(text, words.iter().copied()),
                    _ => None,
                };
                let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
                let violation = Violation::new(given.origin.clone(), path, format!("must be {kind}{unit}"));
                self.report(violation.given(value).meant(word.map(|word| format!("\"{word}\""))));
            }
        }
    }
}

/// The environment and `--set` give text: read it as the knob wants it.
fn reread(kind: &Kind, value: &mut Value) {
    let reread = match (kind, &*value) {
        (Kind::Real(_), Value::Text(text)) => text.parse().ok().map(Value::Real),
        (Kind::Text(_) | Kind::Choice(_), Value::Integer(number)) => Some(Value::Text(number.to_string())),
        _ => None,
    };
    if let Some(reread) = reread {
        *value = reread;
    }
}

fn are_symbols(items: &[Given], most: usize) -> bool {
    let symbol = |item: &Given| matches!(&item.value, Value::Text(text) if is_symbol(text));
    let is_first = |i: usize| items[..i].iter().all(|earlier| earlier.value != items[i].value);
    (1..=most).contains(&items.len()) && items.iter().all(symbol) && (0..items.len()).all(is_first)
}

#[allow(clippy::cast_precision_loss, reason = "a bound is compared, not computed with")]
fn is_allowed(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Flag, Value::Flag(_)) => true,
        (Kind::Integer(low, high), Value::Integer(number)) => (i128::from(*low)..=i128::from(*high)).contains(number),
        (Kind::Real(bounds), Value::Real(number)) => bounds.contains(*number),
        (Kind::Real(bounds) | Kind::Decimal(bounds), Value::Integer(number)) => bounds.contains(*number as f64),
        (Kind::Decimal(bounds), Value::Real(number)) => {
            bounds.contains(*number) && number.to_string().parse::<Decimal>().is_ok()
        }
        (Kind::Decimal(bounds), Value::Text(text)) => {
            text.parse::<Decimal>().is_ok_and(|number| bounds.contains(number.to_f64()))
        }
        (Kind::Symbols(most), Value::List(items)) => are_symbols(items, *most),
        (Kind::Choice(words), Value::Text(text)) => words.contains(&text.as_str()),
        (Kind::Text(longest), Value::Text(text)) => {
            (1..=*longest).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        }
        _ => false,
    }
}
