//! One swept key and its values: `KEY=a..b:n`, `KEY=a..b:n:log`, `KEY=v1,v2,v3`.

use super::POINTS_MAX;
use crate::config::{Kind, Setting};
use std::fmt;
use std::str::FromStr;

/// What was asked for, before any configuration is known.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// As it was written, to repeat it.
    text: String,
    /// The dotted key; without a table, the pattern's own is meant.
    key: String,
    values: Values,
}

/// The values of an axis.
#[derive(Clone, PartialEq, Debug)]
enum Values {
    Range { from: f64, to: f64, count: u32, spacing: Spacing },
    List(Vec<String>),
}

/// How the values of an axis lie on a line, for whoever draws it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spacing {
    /// Equal differences.
    Linear,
    /// Equal ratios.
    Logarithmic,
    /// Words, or numbers picked one by one: side by side.
    Listed,
}

impl Axis {
    /// The dotted key, in the table `own` where none was written; `hft_` before a table's name may be written or left out.
    pub fn key(&self, own: &str) -> String {
        match self.key.split_once('.') {
            None => format!("{own}.{}", self.key),
            Some((table, rest)) => format!("{}.{rest}", table.strip_prefix("hft_").unwrap_or(table)),
        }
    }

    /// How many values.
    pub fn count(&self) -> usize {
        match &self.values {
            Values::Range { count, .. } => usize::try_from(*count).expect("at most POINTS_MAX"),
            Values::List(items) => items.len(),
        }
    }

    /// How they lie.
    pub fn spacing(&self) -> Spacing {
        match &self.values {
            Values::Range { spacing, .. } => *spacing,
            Values::List(_) => Spacing::Listed,
        }
    }

    /// Its values as settings of `key`. Where the knob counts, those of a range are rounded to whole numbers.
    ///
    /// # Errors
    /// When rounding makes two of them one.
    pub fn settings(&self, key: &str, kind: Option<&Kind>) -> Result<Vec<Setting>, String> {
        let setting = |value: String| Setting { key: key.to_owned(), value };
        let Values::Range { from, to, count, spacing } = &self.values else {
            let Values::List(items) = &self.values else { unreachable!("a range or a list") };
            return Ok(items.iter().cloned().map(setting).collect());
        };
        let values = (0..*count).map(|i| between(*from, *to, f64::from(i) / f64::from(count - 1), *spacing));
        if !matches!(kind, Some(Kind::Integer(..))) {
            return Ok(values.map(|value| setting(format!("{value:?}"))).collect());
        }
        let whole: Vec<String> = values.map(|value| format!("{:.0}", value.round())).collect();
        match whole.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("{self}: {key} is a whole number, and {} would be run twice", pair[0])),
            None => Ok(whole.into_iter().map(setting).collect()),
        }
    }
}

/// A share of the way from one end to the other, to 12 significant digits: a grid of 0.05 says 0.15, not 0.15000000000000002.
fn between(from: f64, to: f64, share: f64, spacing: Spacing) -> f64 {
    let value = match spacing {
        Spacing::Logarithmic => from * libm::pow(to / from, share),
        Spacing::Linear | Spacing::Listed => from + (to - from) * share,
    };
    format!("{value:.11e}").parse().expect("a float in scientific notation is a float")
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Axis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((key, values)) = text.split_once('=') else {
            return Err("write KEY=a..b:n, KEY=a..b:n:log or KEY=v1,v2,v3".to_owned());
        };
        let (key, values) = (key.trim(), values.trim());
        if key.split('.').any(str::is_empty) {
            return Err("the key is missing: write, for instance, passive_mm.half_spread=0.1..1:10".to_owned());
        }
        let values = if values.contains("..") { range(values)? } else { list(values)? };
        Ok(Self { text: text.to_owned(), key: key.to_owned(), values })
    }
}

fn range(text: &str) -> Result<Values, String> {
    let mut parts = text.split(':');
    let ends = parts.next().unwrap_or_default();
    let (from, to) = ends.split_once("..").unwrap_or_default();
    let end = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{text}` is not an end of a range: write a..b:n with two numbers")),
    };
    let (from, to) = (end(from)?, end(to)?);
    let Some(count) = parts.next() else {
        return Err(format!("how many values from {from} to {to}? Write {from}..{to}:10"));
    };
    let spacing = match parts.next() {
        None => Spacing::Linear,
        Some("log") => Spacing::Logarithmic,
        Some(other) => return Err(format!("`{other}` is not a spacing: write a..b:n or a..b:n:log")),
    };
    if parts.next().is_some() {
        return Err("too many colons: write a..b:n or a..b:n:log".to_owned());
    }
    let most = u32::try_from(POINTS_MAX).expect("a small limit");
    let count = match count.parse::<u32>() {
        Ok(count) if (2..=most).contains(&count) => count,
        _ => return Err(format!("`{count}` is not a number of values: 2 to {most}, both ends included")),
    };
    if from >= to {
        return Err(format!("a range rises: {from} is not below {to}"));
    }
    if spacing == Spacing::Logarithmic && from <= 0.0 {
        return Err(format!("a geometric range begins above 0, not at {from}"));
    }
    Ok(Values::Range { from, to, count, spacing })
}

fn list(text: &str) -> Result<Values, String> {
    let items: Vec<String> = text.split(',').map(|item| item.trim().to_owned()).collect();
    if items.iter().any(String::is_empty) {
        return Err("a value is missing: write v1,v2,v3".to_owned());
    }
    if items.len() > POINTS_MAX {
        return Err(format!("at most {POINTS_MAX} values"));
    }
    match items.iter().enumerate().find(|(i, item)| items[..*i].contains(item)) {
        Some((_, item)) => Err(format!("{item} is there twice")),
        None => Ok(Values::List(items)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, kind: Option<&Kind>) -> Vec<String> {
        let axis: Axis = text.parse().expect(text);
        let settings = axis.settings(&axis.key("own"), kind).expect(text);
        assert_eq!(settings.len(), axis.count());
        settings.into_iter().map(|setting| setting.value).collect()
    }

    #[test]
    fn ranges_have_both_ends_and_read_as_meant() {
        assert_eq!(values("a.b=0.05..0.25:5", None), ["0.05", "0.1", "0.15", "0.2", "0.25"]);
        assert_eq!(values("a.b=-1..1:3", None), ["-1.0", "0.0", "1.0"]);
        assert_eq!(values("a.b=0.01..100:5:log", None), ["0.01", "0.1", "1.0", "10.0", "100.0"]);
        assert_eq!(values("a.b=skew, glft", None), ["skew", "glft"]);
        let whole = Kind::Integer(0, 1_000);
        assert_eq!(values("a.b=10..50:5", Some(&whole)), ["10", "20", "30", "40", "50"]);
        assert_eq!(values("a.b=1..100:4:log", Some(&whole)), ["1", "5", "22", "100"]);
        let axis: Axis = "a.b=1..3:5".parse().expect("a range");
        assert!(axis.settings("a.b", Some(&whole)).is_err_and(|error| error.contains("would be run twice")));
    }

    #[test]
    fn a_key_may_be_short() {
        let key = |text: &str| text.parse::<Axis>().expect(text).key("passive_mm");
        assert_eq!(key("half_spread=1,2"), "passive_mm.half_spread");
        assert_eq!(key("passive_mm.half_spread=1,2"), "passive_mm.half_spread");
        assert_eq!(key("hft_passive_mm.half_spread=1,2"), "passive_mm.half_spread");
        assert_eq!(key("market.maker.half_spread=1,2"), "market.maker.half_spread");
    }
}
