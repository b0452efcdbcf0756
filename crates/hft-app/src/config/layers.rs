//! Merging the layers. The only module that knows figment, which is little maintained: what leaves here is plain
//! [`Given`] values.

use super::check::Root;
use super::value::bare;
use super::{Given, Origin, Table, Value, Violation, Violations};
use crate::output::open_regular;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Num, Value as Raw};
use figment::{Figment, Metadata, Profile, Provider};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest configuration file that is read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// What the names of the environment's configuration begin with.
const PREFIX: &str = "HFT_";

/// Environment variables with the prefix that are not configuration.
const NOT_CONFIGURATION: [&str; 2] = ["HFT_LOG", "HFT_DATA"];

/// Where the layers above the defaults come from, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Configuration files, lowest first. A missing one is a violation; see [`default_file`].
    pub files: Vec<PathBuf>,
    /// The environment; variables without the prefix `HFT_` are skipped.
    pub environment: Vec<(OsString, OsString)>,
    /// Every `--set`, in order.
    pub set: Vec<Setting>,
    /// Other arguments that name any key, each with its name: they win over `set`.
    pub asked: Vec<(&'static str, Setting)>,
    /// Flags that are short for a key, such as `--seed`.
    pub flags: Vec<FlagValue>,
}

/// One `--set table.key=value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The dotted key.
    pub key: String,
    /// What it is set to, as written.
    pub value: String,
}

/// One flag that is short for a key.
#[derive(Clone, PartialEq, Debug)]
pub struct FlagValue {
    /// The flag, dashes included.
    pub flag: &'static str,
    /// The dotted key that it sets.
    pub key: &'static str,
    /// To what.
    pub value: Value,
}

/// Whether this environment variable is configuration.
pub(crate) fn is_variable(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX)) && NOT_CONFIGURATION.iter().all(|other| name != *other)
}

/// `Config.toml` of this folder, where there is one: the one file that may be missing.
pub fn default_file(folder: &Path) -> Option<PathBuf> {
    let path = folder.join("Config.toml");
    path.is_file().then(|| path.strip_prefix(".").map_or(path.clone(), Path::to_path_buf))
}

impl std::str::FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sentence = || format!("`{text}` is not of the form table.key=value");
        let (key, value) = text.split_once('=').ok_or_else(sentence)?;
        let key = key.trim();
        if !key.contains('.') || key.split('.').any(str::is_empty) {
            return Err(sentence());
        }
        Ok(Self { key: key.to_owned(), value: value.trim().to_owned() })
    }
}

/// What a configuration file sets, one entry for each key that is not a table: its dotted name and its value as TOML.
///
/// # Errors
/// When the file cannot be read, or is no TOML.
pub fn leaves(file: &Path) -> Result<BTreeMap<String, String>, Violation> {
    let unreadable = |problem| Violation::new(Origin::File(file.display().to_string()), "", problem);
    let values = read(file).and_then(|text| parse_toml(&text)).map_err(unreadable)?;
    let mut leaves = BTreeMap::new();
    for (key, raw) in values {
        if let Some(Given { value, .. }) = given(raw, &Figment::new(), &[]) {
            collect_leaves(bare(&key), &value, &mut leaves);
        }
    }
    Ok(leaves)
}

fn collect_leaves(path: String, value: &Value, leaves: &mut BTreeMap<String, String>) {
    match value.as_table() {
        Some(entries) => {
            entries
                .iter()
                .for_each(|(key, given)| collect_leaves(format!("{path}.{}", bare(key)), &given.value, leaves));
        }
        None => {
            leaves.insert(path, value.to_string());
        }
    }
}

/// One layer: its values, and its number in the list of origins as figment's name for it.
struct Layer {
    number: usize,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.number.to_string())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// The layers as they pile up.
struct Pile {
    figment: Figment,
    origins: Vec<Origin>,
    found: Violations,
}

/// Merges defaults and sources. What cannot even be read is a violation here; what was read is checked elsewhere.
pub(super) fn merge(tables: &[Table], sources: &Sources) -> Result<Root, Violations> {
    let mut pile = Pile { figment: Figment::new(), origins: Vec::new(), found: Violations::default() };
    let defaults = tables.iter().map(|table| (table.name().to_owned(), raw(table.defaults()))).collect();
    pile.add(Origin::Default, defaults);
    for path in &sources.files {
        pile.add_file(path);
    }
    for (name, value) in &sources.environment {
        pile.add_variable(name, value);
    }
    for setting in &sources.set {
        pile.add_setting(Origin::Set, setting);
    }
    for (name, setting) in &sources.asked {
        pile.add_setting(Origin::Asked(name), setting);
    }
    for flag in &sources.flags {
        pile.add_key(Origin::Flag(flag.flag), flag.key, raw(&flag.value));
    }
    let merged = pile.figment.find_value("").expect("defaults merge");
    let root = given(merged, &pile.figment, &pile.origins);
    let Some(Given { value: Value::Table(root), .. }) = root else { unreachable!("the root is a table") };
    pile.found.or(root)
}

impl Pile {
    fn add(&mut self, origin: Origin, values: Dict) {
        let layer = Layer { number: self.origins.len(), values };
        self.origins.push(origin);
        self.figment = std::mem::take(&mut self.figment).merge(layer);
    }

    fn add_key(&mut self, origin: Origin, key: &str, value: Raw) {
        if let Raw::Dict(_, values) = figment::util::nest(key, value) {
            self.add(origin, values);
        }
    }

    /// A setting is a line of TOML, so that a key may be quoted; a value that is no TOML is a text.
    fn add_setting(&mut self, origin: Origin, setting: &Setting) {
        let Setting { key, value } = setting;
        let is_line = |text: &str| !text.contains(['\n', '\r']);
        let quoted = Value::Text(value.clone());
        let lines = [format!("{key} = {value}"), format!("{key} = {quoted}")];
        match lines.iter().filter(|line| is_line(line)).find_map(|line| parse_toml(line).ok()) {
            Some(values) => self.add(origin, values),
            None => self.found.0.push(Violation::new(origin, key, "is not a key such as passive_mm.half_spread")),
        }
    }

    fn add_file(&mut self, path: &Path) {
        let origin = Origin::File(path.display().to_string());
        match read(path).and_then(|text| parse_toml(&text)) {
            Ok(values) => self.add(origin, values),
            Err(problem) => self.found.0.push(Violation::new(origin, "", problem)),
        }
    }

    fn add_variable(&mut self, name: &OsString, value: &OsString) {
        if !is_variable(name) {
            return;
        }
        let Some(key) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { return };
        let key = key.to_lowercase().replace("__", ".");
        match value.to_str() {
            Some(value) => self.add_key(Origin::Environment, &key, parse(value)),
            None => self.found.0.push(Violation::new(Origin::Environment, key, "is not UTF-8")),
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    // Not by the size that the system tells, which may have changed since.
    let mut text = String::new();
    open_regular(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_string(&mut text)).map_err(unreadable)?;
    if u64::try_from(text.len()).expect("it was just read") > LARGEST_FILE {
        return Err(format!("is too long; a configuration file has at most {LARGEST_FILE} bytes"));
    }
    Ok(text)
}

/// The file's keys, or where and why it is no TOML, on one line.
fn parse_toml(text: &str) -> Result<Dict, String> {
    let profiles = Toml::string(text).data().map_err(|error| one_line(&error.to_string()))?;
    Ok(profiles.into_values().next().unwrap_or_default())
}

/// Turns the parser's picture of an error ("at line 3, column 9", the line, carets, the reason) into a sentence.
fn one_line(error: &str) -> String {
    let place = error.lines().next().and_then(|line| line.split_once(" at ")).map_or("", |(_, place)| place);
    let picture = |line: &&str| !line.trim_start().starts_with(|c: char| c == '|' || c.is_ascii_digit());
    let reasons: Vec<&str> = error.lines().skip(1).filter(picture).map(str::trim).filter(|l| !l.is_empty()).collect();
    format!("is not TOML: {place}: {}", reasons.join(", "))
}

/// Reads a text of the environment as TOML would (`0.5`, `true`, `["A", "B"]`); what is no TOML is a text.
fn parse(text: &str) -> Raw {
    let mut parsed = parse_toml(&format!("value = {text}")).unwrap_or_default();
    match (parsed.remove("value"), parsed.is_empty()) {
        (Some(value), true) => value,
        _ => Raw::from(text),
    }
}

/// The values of a struct, non-finite numbers included, which JSON could not say.
pub(super) fn values_of<T: serde::Serialize>(table: &T) -> Value {
    let raw = Raw::serialize(table).expect("a configuration struct serialises");
    given(raw, &Figment::new(), &[]).expect("a struct is a table").value
}

fn given(value: Raw, figment: &Figment, origins: &[Origin]) -> Option<Given> {
    let number = figment.get_metadata(value.tag()).and_then(|layer| layer.name.parse::<usize>().ok());
    let origin = number.and_then(|number| origins.get(number).cloned()).unwrap_or(Origin::Default);
    let value = match value {
        Raw::String(_, text) => Value::Text(text),
        Raw::Char(_, c) => Value::Text(c.to_string()),
        Raw::Bool(_, flag) => Value::Flag(flag),
        Raw::Num(_, number) => plain_number(number)?,
        Raw::Empty(..) => return None,
        Raw::Dict(_, mut entries) => {
            if let Some(Raw::String(_, date)) = entries.remove("$__toml_private_datetime") {
                return Some(Given { value: Value::Text(date), origin });
            }
            let pairs = entries.into_iter().filter_map(|(key, value)| Some((key, given(value, figment, origins)?)));
            Value::Table(pairs.collect())
        }
        Raw::Array(_, items) => {
            Value::List(items.into_iter().filter_map(|item| given(item, figment, origins)).collect())
        }
    };
    Some(Given { value, origin })
}

fn plain_number(number: Num) -> Option<Value> {
    let whole = number.to_i128().or_else(|| number.to_u128().map(|whole| i128::try_from(whole).unwrap_or(i128::MAX)));
    whole.map(Value::Integer).or_else(|| number.to_f64().map(Value::Real))
}

fn raw(value: &Value) -> Raw {
    match value {
        Value::Flag(flag) => Raw::from(*flag),
        Value::Integer(number) => Raw::from(*number),
        Value::Real(number) => Raw::from(*number),
        Value::Text(text) => Raw::from(text.as_str()),
        Value::List(items) => Raw::from(items.iter().map(|item| raw(&item.value)).collect::<Vec<_>>()),
        Value::Table(entries) => {
            Raw::from(entries.iter().map(|(key, given)| (key.clone(), raw(&given.value))).collect::<Dict>())
        }
    }
}
