//! A value that knows where it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

/// What a layer gave for a key.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a point.
    Real(f64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Given>),
    /// Values by key.
    Table(BTreeMap<String, Given>),
}

/// A value and its layer.
#[derive(Clone, PartialEq, Debug)]
pub struct Given {
    /// What.
    pub value: Value,
    /// From where.
    pub origin: Origin,
}

/// The layers, lowest first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// The program's own default.
    Default,
    /// A program that uses this one as a library.
    Program,
    /// A configuration file, named as the user named it.
    File(String),
    /// An environment variable: its name follows from the key.
    Environment,
    /// A `--set` on the command line.
    Set,
    /// Another argument that names any key: `--what-if`, the keys of a `sweep`.
    Asked(&'static str),
    /// A flag of its own on the command line.
    Flag(&'static str),
}

impl Origin {
    /// The place to go to, to change `key`.
    pub fn place(&self, key: &str) -> String {
        match self {
            Origin::Default => "default".to_owned(),
            Origin::Program => "program".to_owned(),
            Origin::File(path) => path.clone(),
            Origin::Environment => format!("HFT_{}", key.to_uppercase().replace('.', "__")),
            Origin::Set => "--set".to_owned(),
            Origin::Asked(name) | Origin::Flag(name) => (*name).to_owned(),
        }
    }

    /// True where whoever said it meant this program: a file and an environment may serve several.
    pub(super) const fn means_us(&self) -> bool {
        match self {
            Origin::Set | Origin::Asked(_) | Origin::Flag(_) => true,
            Origin::Default | Origin::Program | Origin::File(_) | Origin::Environment => false,
        }
    }

    /// True where everything arrives as text, so that a text may stand for a number.
    pub(super) const fn is_textual(&self) -> bool {
        match self {
            Origin::Environment | Origin::Set | Origin::Asked(_) => true,
            Origin::Default | Origin::Program | Origin::File(_) | Origin::Flag(_) => false,
        }
    }
}

impl Value {
    /// The entries of a table; `None` for anything else.
    pub const fn as_table(&self) -> Option<&BTreeMap<String, Given>> {
        if let Value::Table(entries) = self { Some(entries) } else { None }
    }

    /// As JSON, for typing it with serde. `None` where JSON cannot say it: NaN, infinities, integers beyond 64 bits.
    pub(super) fn to_json(&self) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        Some(match self {
            Value::Flag(flag) => Json::Bool(*flag),
            Value::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(signed), _) => Json::from(signed),
                (Err(_), Ok(unsigned)) => Json::from(unsigned),
                (Err(_), Err(_)) => return None,
            },
            Value::Real(number) => Json::Number(serde_json::Number::from_f64(*number)?),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(|item| item.value.to_json()).collect::<Option<_>>()?),
            Value::Table(entries) => {
                let pairs = entries.iter().map(|(key, given)| Some((key.clone(), given.value.to_json()?)));
                Json::Object(pairs.collect::<Option<_>>()?)
            }
        })
    }

    /// From a default's JSON. Absent values (`null`) are left out of their table.
    pub(super) fn from_json(json: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        let default = |json| Some(Given { value: Self::from_json(json)?, origin: Origin::Default });
        Some(match json {
            Json::Null => return None,
            Json::Bool(flag) => Value::Flag(*flag),
            Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(signed), _, _) => Value::Integer(signed.into()),
                (None, Some(unsigned), _) => Value::Integer(unsigned.into()),
                (None, None, real) => Value::Real(real?),
            },
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().filter_map(default).collect()),
            Json::Object(entries) => {
                let pairs = entries.iter().filter_map(|(key, json)| Some((key.clone(), default(json)?)));
                Value::Table(pairs.collect())
            }
        })
    }
}

/// As TOML writes it, inline.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Real(number) if number.is_finite() => write!(f, "{number:?}"),
            Value::Real(number) => f.write_str(if number.is_nan() { "nan" } else { ["inf", "-inf"][sign(*number)] }),
            Value::Text(text) => f.write_str(&quoted(text)),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.value.to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Value::Table(entries) => {
                let pairs: Vec<String> =
                    entries.iter().map(|(key, given)| format!("{} = {}", bare(key), given.value)).collect();
                write!(f, "{{ {} }}", pairs.join(", "))
            }
        }
    }
}

fn sign(number: f64) -> usize {
    usize::from(number < 0.0)
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => write!(out, "\\u{:04X}", u32::from(c)).expect("a String takes everything"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A TOML key: bare where it can be.
pub(super) fn bare(key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain { key.to_owned() } else { quoted(key) }
}
