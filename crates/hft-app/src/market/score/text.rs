//! The score in a terminal.

use super::{AMBER, Card, Colour, Line, Score};
use crate::output::Style;
use hft_data::StylisedFacts;
use std::fmt::Write as _;

impl Score {
    /// All cards.
    pub fn render(&self, style: Style) -> String {
        let mut text = String::new();
        let mut put = |line: String| writeln!(text, "{}", line.trim_end()).expect("a String takes everything");
        put(style.bold(&format!("{}: {}", self.subject.name, self.subject.facts.symbol)));
        put(style.dim(&size(&self.subject.facts)));
        if !self.subject.others.is_empty() {
            put(style.dim(&format!("also there: {} (see --symbol)", self.subject.others.join(", "))));
        }
        for (card, sample) in self.cards.iter().zip(&self.samples) {
            put(String::new());
            put(style.bold(&format!("against {}: {}", card.sample, sample.facts.symbol)));
            put(style.dim(&size(&sample.facts)));
            card.lines(style).into_iter().for_each(&mut put);
        }
        if self.cards.is_empty() {
            put(
                "\nNothing to hold it against: name recordings with --against, or set HFT_DATA to a folder of samples."
                    .to_owned(),
            );
            own(&self.subject.facts).into_iter().for_each(&mut put);
        } else {
            put(String::new());
            put(style.dim(
                "A yardstick is what real markets differ by: AAPL and GOOG, or GOOG's morning and afternoon. Green within one, amber within three.",
            ));
            put(style.dim("Scales (ours over theirs): green within a factor of 2, amber within 5; knobs set them, so they do not count."));
        }
        if let Some(limits) = self.limits {
            put(String::new());
            put(style.bold(&format!("What the model \"{}\" cannot have, whatever its knobs", limits.model)));
            limits.cannot.iter().for_each(|what| put(format!("  - {what}")));
        }
        text
    }
}

impl Card {
    fn lines(&self, style: Style) -> Vec<String> {
        let head = format!(
            "  {:<20} {:<28} {:>10} {:>10}  {:<19} {:>6} {:>6}  {}",
            "", "", "ours", "theirs", "yardsticks off", "W1", "L1", "scale"
        );
        let [green, amber, red, untold] = self.count;
        let mut count = format!("{green} green, {amber} amber, {red} red");
        if untold > 0 {
            write!(count, ", {untold} untold").expect("a String takes everything");
        }
        let total = format!("  score {:.2} yardsticks off on average: {count}", self.score);
        let lines = self.lines.iter().map(|line| line.text(style));
        std::iter::once(style.dim(&head)).chain(lines).chain([style.bold(&total)]).collect()
    }
}

impl Line {
    fn text(&self, style: Style) -> String {
        let number = |value: Option<f64>| value.map_or("-".to_owned(), short);
        let far = match self.yardsticks {
            Some(far) => format!("{:<6} {:>5.2} {}", self.colour.name(), far, gauge(far)),
            None => "untold".to_owned(),
        };
        let distance = self.distance.map_or(String::new(), |distance| format!("{distance:.3}"));
        let l1 = self.l1.map_or(String::new(), |l1| format!("{l1:.3}"));
        let scale = match (self.scale, self.scale_colour) {
            (Some(scale), Some(colour)) => colour.paint(style, &format!("x {}", short(scale))),
            _ => String::new(),
        };
        let far = self.colour.paint(style, &format!("{far:<19}"));
        format!(
            "  {:<20} {} {:>10} {:>10}  {far} {distance:>6} {l1:>6}  {scale}",
            self.name,
            style.dim(&format!("{:<28}", self.shown)),
            number(self.ours),
            number(self.theirs),
        )
    }
}

impl Colour {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
            Self::Untold => "untold",
        }
    }

    fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Green => style.good(text),
            Self::Amber => style.warning(text),
            Self::Red => style.bad(text),
            Self::Untold => style.dim(text),
        }
    }
}

/// A bar that is full at twice what still counts as amber.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 6")]
fn gauge(far: f64) -> String {
    "▪".repeat((far / AMBER * 3.0).ceil().clamp(0.0, 6.0) as usize)
}

/// Three figures that mean something.
pub(super) fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if !(0.001..100_000.0).contains(&size) => format!("{value:.1e}"),
        size if size < 1.0 => format!("{value:.4}"),
        size if size < 100.0 => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

fn size(facts: &StylisedFacts) -> String {
    let span = crate::output::span(facts.seconds);
    format!("{} events over {span}, tick {}", facts.events, short(facts.tick))
}

/// What is known of the market alone.
fn own(facts: &StylisedFacts) -> Vec<String> {
    let alone = super::MEASURES.iter().filter_map(|measure| {
        let value = measure.alone(facts)?;
        Some(format!("  {:<20} {:<28} {:>10}", measure.name, measure.shown, short(value)))
    });
    alone.collect()
}
