//! What the program works with: checked values, typed on request, each still knowing its layer.

use super::check::{Root, lookup};
use super::value::bare;
use super::{Given, Origin, Table, Value};
use serde::de::DeserializeOwned;
use std::fmt::Write as _;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// The checked configuration.
#[derive(Debug)]
pub struct Resolved {
    tables: Arc<[Table]>,
    root: Root,
}

/// Whether the text says where each value came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Comments {
    Origins,
    None,
}

impl Resolved {
    pub(super) fn new(tables: Vec<Table>, root: Root) -> Self {
        Self { tables: tables.into(), root }
    }

    /// The same with another seed: what a sweep runs, once for every seed.
    ///
    /// # Panics
    /// When the seed cannot be written in TOML, or there is no `[run]`.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        assert!(i64::try_from(seed).is_ok(), "seeds are at most {}", i64::MAX);
        let mut root = self.root.clone();
        let Some(Given { value: Value::Table(run), .. }) = root.get_mut("run") else { panic!("[run] is always there") };
        let given = run.get_mut("seed").expect("run.seed has a default");
        given.value = Value::Integer(seed.into());
        Self { tables: Arc::clone(&self.tables), root }
    }

    /// One table as its type.
    ///
    /// # Panics
    /// When `T` is not the type that the table of this name was made of.
    pub fn table<T: DeserializeOwned>(&self, name: &str) -> T {
        let given = self.root.get(name).unwrap_or_else(|| panic!("[{name}] is not among the tables"));
        let json = given.value.to_json().expect("checked values have a JSON form");
        serde_json::from_value(json).expect("checked values have the table's type")
    }

    /// Whether there is a table of this name.
    pub fn has(&self, name: &str) -> bool {
        self.root.contains_key(name)
    }

    /// The value at a dotted key, and its layer.
    pub fn value(&self, key: &str) -> Option<&Given> {
        let (table, rest) = key.split_once('.')?;
        lookup(self.root.get(table)?, rest)
    }

    /// As TOML, every value followed by the layer that set it. A valid configuration file.
    pub fn show(&self) -> String {
        self.text(Comments::Origins)
    }

    /// As TOML without comments: the same for the same values, whichever layers they came from. This is what a run folder
    /// keeps, and `--config` on it repeats the run.
    pub fn to_toml(&self) -> String {
        self.text(Comments::None)
    }

    /// A hash of the values: of the table of what the run is (`[run]`: `out`) nothing that says where it is written.
    pub fn hash(&self) -> String {
        let text: String = self.to_toml().lines().filter(|line| !line.starts_with("out = ")).collect();
        format!("{:032x}", xxh3_128(text.as_bytes()))
    }

    /// As JSON: `{"table": {"key": {"value": .., "source": ".."}}}`, nested tables nested.
    pub fn to_json(&self) -> serde_json::Value {
        let tables = self.in_order().map(|(name, given)| (name.to_owned(), sourced(name, given)));
        serde_json::Value::Object(tables.collect())
    }

    fn text(&self, comments: Comments) -> String {
        let mut text = String::new();
        for (name, given) in self.in_order() {
            write_table(&mut text, name, given, comments);
        }
        text
    }

    /// The tables in the order in which they were declared.
    fn in_order(&self) -> impl Iterator<Item = (&'static str, &Given)> {
        self.tables.iter().filter_map(|table| Some((table.name(), self.root.get(table.name())?)))
    }
}

fn sourced(key: &str, given: &Given) -> serde_json::Value {
    match given.value.as_table() {
        Some(entries) => {
            let pairs = entries.iter().map(|(name, inner)| (name.clone(), sourced(&format!("{key}.{name}"), inner)));
            serde_json::Value::Object(pairs.collect())
        }
        None => serde_json::json!({ "value": given.value.to_json(), "source": given.origin.place(key) }),
    }
}

/// Values first, then the tables within, as TOML wants it.
fn write_table(text: &mut String, path: &str, given: &Given, comments: Comments) {
    let Some(entries) = given.value.as_table() else { return };
    let (tables, values): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, inner)| inner.value.as_table().is_some());
    if !values.is_empty() || !path.contains('.') {
        let gap = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{gap}[{path}]").expect("a String takes everything");
    }
    let lines: Vec<(String, &Origin, &String)> =
        values.iter().map(|(key, inner)| (format!("{} = {}", bare(key), inner.value), &inner.origin, *key)).collect();
    let width = lines.iter().map(|(line, ..)| line.chars().count()).max().unwrap_or(0);
    for (line, origin, key) in lines {
        match comments {
            Comments::None => writeln!(text, "{line}"),
            Comments::Origins => writeln!(text, "{line:width$}  # {}", origin.place(&format!("{path}.{key}"))),
        }
        .expect("a String takes everything");
    }
    for (key, inner) in tables {
        write_table(text, &format!("{path}.{}", bare(key)), inner, comments);
    }
}
