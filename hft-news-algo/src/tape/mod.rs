//! The tape: what was published, when, and, where it was made here, what it is worth.
//!
//! Invariant: an item is known to nobody before it is published, and its text never changes afterwards. Four clocks: when it happened, when
//! it was published (both stand in the item), when it was received (the link's latency later) and when it was decided upon (the reader's
//! time later).
//!
//! Left out: pictures, tables, and bodies longer than a headline.

mod clock;
mod company;
mod feed;
mod generator;
mod grammar;
mod recorded;
mod value;

pub use company::{COMPANIES, Company};
pub use generator::{Generator, GeneratorConfig, PERCENT_A_TICK, Wordings};
pub use recorded::{Fault, Recorded};
pub use value::{NewsValue, left};

use hft_core::models::{News, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

/// Which way a text speaks of its subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The price should fall.
    Negative,
    /// The price should stay.
    Neutral,
    /// The price should rise.
    Positive,
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Results, beside what was expected.
    Earnings,
    /// The outlook was changed.
    Guidance,
    /// A takeover.
    Deal,
    /// A product was taken back.
    Recall,
    /// An analyst changed his mind.
    Rating,
    /// An order was won or lost.
    Contract,
    /// A court or an authority spoke.
    Legal,
    /// The economy.
    Macro,
    /// What was said before is not so.
    Retraction,
    /// Trading stopped, or goes on.
    Halt,
    /// Nothing.
    Chatter,
}

/// How an item relates to what was published before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Copy {
    /// It is new.
    Original,
    /// The same words again.
    Duplicate,
    /// The same in other words.
    Rewrite,
}

/// What one item truly means for one company.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effect {
    /// Which of [`COMPANIES`].
    pub company: usize,
    /// How far its value moves, ticks; a copy moves nothing, and says what the original moved.
    pub ticks: i64,
}

/// What the maker of an item knows about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Items of one story share its number.
    pub story: u32,
    /// What happened.
    pub kind: EventKind,
    /// How the text speaks of it.
    pub direction: Direction,
    /// Whom it concerns, and how. Whoever is only mentioned is not here.
    pub effects: Vec<Effect>,
    /// Whether it is new.
    pub copy: Copy,
    /// It is said, not known; some of these are retracted later.
    pub is_rumour: bool,
}

/// One published item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewsItem {
    /// When it happened.
    pub event: Timestamp,
    /// When it was published.
    pub published: Timestamp,
    /// When a recording received it, where that is known.
    pub received: Option<Timestamp>,
    /// The headline.
    pub text: String,
    /// The truth about it, where somebody knows it.
    pub label: Option<Label>,
}

impl Direction {
    /// In the order of the classes.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// The direction of a move.
    pub const fn of(ticks: i64) -> Self {
        match ticks.signum() {
            -1 => Self::Negative,
            0 => Self::Neutral,
            _ => Self::Positive,
        }
    }

    /// Its place among the classes.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// -1, 0 or 1.
    pub const fn sign(self) -> i64 {
        self as i64 - 1
    }

    /// As people write it.
    pub const fn word(self) -> &'static str {
        ["negative", "neutral", "positive"][self as usize]
    }
}

impl EventKind {
    /// In the order of the classes.
    pub const ALL: [Self; 11] = [
        Self::Earnings,
        Self::Guidance,
        Self::Deal,
        Self::Recall,
        Self::Rating,
        Self::Contract,
        Self::Legal,
        Self::Macro,
        Self::Retraction,
        Self::Halt,
        Self::Chatter,
    ];

    /// Its place among the classes.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// As people write it.
    pub const fn word(self) -> &'static str {
        [
            "earnings",
            "guidance",
            "deal",
            "recall",
            "rating",
            "contract",
            "legal",
            "macro",
            "retraction",
            "halt",
            "chatter",
        ][self as usize]
    }
}

impl NewsItem {
    /// From when on it is on its way to whoever listens.
    pub fn sent(&self) -> Timestamp {
        self.received.unwrap_or(self.published)
    }
}

impl Label {
    /// What the item adds to what was known: copies add nothing.
    pub fn impacts(&self) -> &[Effect] {
        if self.copy == Copy::Original { &self.effects } else { &[] }
    }
}

/// What is published, in the order of publication; every reader holds one of its own, and all say the same.
#[derive(Clone, Debug)]
pub struct Wire {
    source: Source,
    /// How many items were given out.
    given: u32,
    /// Given out, and perhaps still asked for: the first is number `given - kept.len()`.
    kept: VecDeque<NewsItem>,
}

#[derive(Clone, Debug)]
enum Source {
    Made(Box<Generator>),
    Recorded(Arc<[NewsItem]>),
}

/// How many items stay within reach behind the newest: far more than are ever waited for.
const REACH: usize = 4_096;

impl Wire {
    /// Headlines made here, without end.
    pub fn made(generator: Generator) -> Self {
        Self { source: Source::Made(Box::new(generator)), given: 0, kept: VecDeque::new() }
    }

    /// Recorded items, in the order of publication.
    pub fn recorded(items: Arc<[NewsItem]>) -> Self {
        Self { source: Source::Recorded(items), given: 0, kept: VecDeque::new() }
    }

    /// The item of this number, from zero; nothing beyond the end, or where it was given out long ago.
    pub fn item(&mut self, number: u32) -> Option<&NewsItem> {
        while self.given <= number {
            self.advance()?;
        }
        let behind = usize::try_from(self.given - number).expect("a u32 indexes memory");
        self.kept.get(self.kept.len().checked_sub(behind)?)
    }

    fn advance(&mut self) -> Option<&NewsItem> {
        let item = match &mut self.source {
            Source::Made(generator) => generator.next()?,
            Source::Recorded(items) => items.get(usize::try_from(self.given).ok()?)?.clone(),
        };
        self.given += 1;
        if self.kept.len() == REACH {
            self.kept.pop_front();
        }
        self.kept.push_back(item);
        self.kept.back()
    }

    /// As a tape node plays it: numbered from zero, when each is sent.
    pub fn headlines(mut self) -> impl Iterator<Item = (Timestamp, News)> + Send {
        (0..).map_while(move |item| {
            let known = self.item(item)?;
            let (published, sent) = (known.published, known.sent());
            Some((sent, News::Headline { item, published }))
        })
    }
}
