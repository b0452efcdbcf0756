//! What one key may hold: the same description validates, explains and generates the schema, so the three cannot disagree.

use std::borrow::Cow;
use std::fmt;

/// One key of a table: its type and range, its unit, what it is and what moves when it is raised.
///
/// ```
/// use hft_app::config::{Bounds, Knob};
/// let knob = Knob::real("half_spread", Bounds::above(0.0).up_to(1e6))
///     .unit("price units")
///     .about("Distance of each quote from the midpoint when flat.")
///     .raising("fewer fills, each earning more");
/// assert_eq!(knob.kind().to_string(), "a number > 0 and <= 1000000");
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Knob {
    name: &'static str,
    kind: Kind,
    presence: Presence,
    unit: &'static str,
    about: Cow<'static, str>,
    raising: &'static str,
    meaning: &'static str,
    default_from: &'static str,
}

/// The type and the range of a value.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second, both included.
    Integer(i64, i64),
    /// A finite number; whole numbers are accepted too.
    Real(Bounds),
    /// An exact decimal number, written as a number or as a text such as "0.05".
    Decimal(Bounds),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A text of one character to so many, without control characters.
    Text(usize),
    /// A list of one to so many different symbols of contracts, as [`SYMBOL_MAX`] and the alphabet allow.
    Symbols(usize),
    /// A list of so many values at most, all of one kind.
    List(Box<Kind>, usize),
    /// A table within the table.
    Table(Vec<Knob>),
    /// Tables by name, for instance by symbol: so many at most.
    Named(Vec<Knob>, usize),
}

/// How many symbols a list of them holds at most, unless a pattern wants fewer.
pub const SYMBOLS_MAX: usize = 64;

/// How long a symbol may be.
pub const SYMBOL_MAX: usize = 16;

/// The range of a number. Everything has a limit, so both ends are always given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bounds {
    /// The low end.
    pub low: f64,
    /// The high end, always included.
    pub high: f64,
    /// Whether the low end itself is allowed.
    pub low_end: End,
}

/// Whether the end of a range belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It does.
    Included,
    /// It does not.
    Excluded,
}

/// What it means when a key is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// The table's default has it, so it always is.
    Defaulted,
    /// Absent says "none", for instance no limit.
    Optional,
    /// Whoever writes the table has to write this key.
    Required,
}

impl Bounds {
    /// From `low` to `high`, both included.
    pub const fn between(low: f64, high: f64) -> Self {
        Self { low, high, low_end: End::Included }
    }

    /// Above `low`, without an upper end yet: say [`up_to`](Self::up_to).
    pub const fn above(low: f64) -> Self {
        Self { low, high: f64::MAX, low_end: End::Excluded }
    }

    /// The same with this upper end, included.
    #[must_use]
    pub const fn up_to(self, high: f64) -> Self {
        Self { high, ..self }
    }

    /// True for a number in the range; never for NaN or an infinity.
    pub fn contains(&self, number: f64) -> bool {
        let above = match self.low_end {
            End::Included => number >= self.low,
            End::Excluded => number > self.low,
        };
        number.is_finite() && above && number <= self.high
    }
}

/// True for the symbol of a contract.
pub(super) fn is_symbol(text: &str) -> bool {
    (1..=SYMBOL_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.low_end {
            End::Included => ">=",
            End::Excluded => ">",
        };
        write!(f, "{sign} {} and <= {}", self.low, self.high)
    }
}

impl Knob {
    /// A key of any kind, present in the defaults.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            presence: Presence::Defaulted,
            unit: "",
            about: Cow::Borrowed(""),
            raising: "",
            meaning: "",
            default_from: "",
        }
    }

    /// A finite number.
    pub const fn real(name: &'static str, bounds: Bounds) -> Self {
        Self::new(name, Kind::Real(bounds))
    }

    /// A whole number from `low` to `high`.
    pub const fn integer(name: &'static str, low: i64, high: i64) -> Self {
        Self::new(name, Kind::Integer(low, high))
    }

    /// An exact decimal number.
    pub const fn decimal(name: &'static str, bounds: Bounds) -> Self {
        Self::new(name, Kind::Decimal(bounds))
    }

    /// One word of several.
    pub const fn choice(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::new(name, Kind::Choice(words))
    }

    /// A table within the table.
    pub const fn table(name: &'static str, knobs: Vec<Knob>) -> Self {
        Self::new(name, Kind::Table(knobs))
    }

    /// What the number counts.
    #[must_use]
    pub fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// What it is: a sentence or two.
    #[must_use]
    pub fn about(self, about: impl Into<Cow<'static, str>>) -> Self {
        Self { about: about.into(), ..self }
    }

    /// What moves when it is raised.
    #[must_use]
    pub fn raising(self, raising: &'static str) -> Self {
        Self { raising, ..self }
    }

    /// What its words mean, where it is not a number.
    #[must_use]
    pub fn meaning(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }

    /// Where its default comes from.
    #[must_use]
    pub fn default_from(self, default_from: &'static str) -> Self {
        Self { default_from, ..self }
    }

    /// May be absent, which says "none".
    #[must_use]
    pub fn optional(self) -> Self {
        Self { presence: Presence::Optional, ..self }
    }

    /// Has to be written by whoever writes the table around it.
    #[must_use]
    pub fn required(self) -> Self {
        Self { presence: Presence::Required, ..self }
    }

    /// The key.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its type and range.
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// What its absence means.
    pub const fn presence(&self) -> Presence {
        self.presence
    }

    /// What it counts; empty for a pure number or a word.
    pub const fn unit_name(&self) -> &'static str {
        self.unit
    }

    /// What a pattern's knob has to tell and does not: where its default comes from and, of a number, its unit and what moves when it
    /// is raised.
    pub(super) fn untold(&self) -> Option<&'static str> {
        let is_number = matches!(self.kind, Kind::Integer(..) | Kind::Real(_) | Kind::Decimal(_));
        let of_numbers = [("its unit", self.unit), ("what moves when it is raised", self.raising)];
        let has_to = of_numbers.into_iter().filter(|_| is_number).chain([("its default's origin", self.default_from)]);
        has_to.into_iter().find(|(_, text)| text.is_empty()).map(|(what, _)| what)
    }

    /// Everything that is said of it, for a schema or a comment.
    pub fn description(&self) -> String {
        let mut text = self.about.clone().into_owned();
        let mut add = |label: &str, words: &str| {
            if !words.is_empty() {
                let space = if text.is_empty() { "" } else { " " };
                text.push_str(&format!("{space}{label}: {words}."));
            }
        };
        add("Unit", self.unit);
        add("The default", self.default_from);
        add("Raising it", self.raising);
        add("What it does", self.meaning);
        text
    }
}

/// What is allowed, as the second half of "must be ..".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Flag => f.write_str("true or false"),
            Kind::Integer(low, high) => write!(f, "a whole number from {low} to {high}"),
            Kind::Real(bounds) => write!(f, "a number {bounds}"),
            Kind::Decimal(bounds) => write!(f, "a decimal number {bounds} with at most 12 digits behind the point"),
            Kind::Choice(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                write!(f, "one of {}", quoted.join(", "))
            }
            Kind::Text(longest) => write!(f, "a text of 1 to {longest} characters, none of them a control character"),
            Kind::Symbols(most) => {
                write!(f, "1 to {most} different symbols of 1 to {SYMBOL_MAX} characters A-Z, 0-9, `.`, `_`, `-`")
            }
            Kind::List(item, most) => write!(f, "a list of at most {most} values, each {item}"),
            Kind::Table(_) => f.write_str("a table of keys"),
            Kind::Named(_, most) => write!(f, "at most {most} tables by name"),
        }
    }
}
