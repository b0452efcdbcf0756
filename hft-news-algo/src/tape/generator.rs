//! The maker of headlines: stories happen, are told, told again, told in other words, and sometimes taken back.
//!
//! Invariant: an endless sequence in the order of publication, and a function of its stream alone.
//!
//! Each story has a latent surprise, in ticks of its company's value; its text, the numbers in it included, is made to say so: 0.4 percent a
//! tick. Half of what is rumoured is false and is denied after a while, which takes back what the rumour moved.

use super::grammar::{DECOYS, RUMOURS, known, wordings};
use super::{COMPANIES, Copy, Direction, Effect, EventKind, Label, NewsItem};
use hft_core::models::{Nanos, Timestamp};
use hft_core::world::draws::exponential;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The law of the news.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GeneratorConfig {
    /// Stories a minute, all companies together.
    pub stories_per_min: f64,
    /// Mean size of a surprise, ticks, beyond the least one of four.
    pub surprise: f64,
    /// Share of the stories that say nothing of worth.
    pub chatter: f64,
    /// Mean number of copies of a story: half verbatim, half in other words.
    pub copies: f64,
    /// Share of the takeovers that are rumours first.
    pub rumours: f64,
    /// From what happened to its publication, ms, mean.
    pub desk_ms: f64,
}

impl Default for GeneratorConfig {
    fn default() -> Self {
        Self { stories_per_min: 40.0, surprise: 25.0, chatter: 0.3, copies: 1.0, rumours: 0.5, desk_ms: 200.0 }
    }
}

/// Which wordings are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wordings {
    /// Those that a model may be trained on.
    Known,
    /// Only the others.
    Unseen,
    /// All.
    All,
}

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct Generator {
    config: GeneratorConfig,
    wordings: Wordings,
    /// The first so many companies are written about four times in five.
    listed: usize,
    rng: ChaCha8Rng,
    next_story: Timestamp,
    stories: u32,
    made: u64,
    /// Published later than the stories that are still to come.
    pending: BTreeMap<(Timestamp, u64), NewsItem>,
}

/// What a text is made of.
#[derive(Clone, Copy, Debug)]
struct Facts {
    kind: EventKind,
    direction: Direction,
    subject: usize,
    other: usize,
    /// What is, and what was.
    more: f64,
    less: f64,
    percent: f64,
    count: u64,
    period: usize,
    broker: usize,
    ticks: i64,
}

const PERIODS: [&str; 6] = ["Q1", "Q2", "Q3", "Q4", "first-half", "third-quarter"];
const BROKERS: [&str; 5] = ["Harrow & Pyke", "Castlegate Research", "Delmarva Securities", "Nordhaven", "Pike Street"];
const PREFIXES: [&str; 6] = ["", "", "", "BRIEF-", "UPDATE 1-", "** "];
const SUFFIXES: [&str; 4] = [" - newswire", " (adds details)", " - sources", " | Markets"];

/// The least surprise, ticks.
const LEAST: i64 = 4;
/// The largest, ticks.
const MOST: i64 = 150;

/// What a text says of one tick of surprise, percent.
pub const PERCENT_A_TICK: f64 = 0.4;

impl Generator {
    /// The first so many companies have books.
    pub fn new(config: GeneratorConfig, wordings: Wordings, listed: usize, mut rng: ChaCha8Rng) -> Self {
        let first = wait_s(&mut rng, 60.0 / config.stories_per_min);
        let next_story = Timestamp::START.after(first);
        Self { config, wordings, listed, rng, next_story, stories: 0, made: 0, pending: BTreeMap::new() }
    }

    fn pick(&mut self, count: usize) -> usize {
        let count = u32::try_from(count).expect("short lists");
        usize::try_from(self.rng.random_range(0..count)).expect("a u32 indexes memory")
    }

    fn chance(&mut self, share: f64) -> bool {
        self.rng.random::<f64>() < share
    }

    fn one_of(&mut self, list: &'static [&'static str]) -> &'static str {
        let seen = known(list.len());
        let at = match self.wordings {
            Wordings::Known => self.pick(seen),
            Wordings::Unseen => seen + self.pick(list.len() - seen),
            Wordings::All => self.pick(list.len()),
        };
        list[at]
    }

    fn tell(&mut self, event: Timestamp, published: Timestamp, text: String, label: Label) {
        self.made += 1;
        self.pending
            .insert((published, self.made), NewsItem { event, published, received: None, text, label: Some(label) });
    }

    fn story(&mut self) {
        let event = self.next_story;
        self.next_story = event.after(wait_s(&mut self.rng, 60.0 / self.config.stories_per_min));
        self.stories += 1;
        let published = event.after(wait_s(&mut self.rng, self.config.desk_ms / 1e3));
        if self.chance(self.config.chatter) {
            return self.nothing(event, published);
        }
        let mut facts = self.facts();
        let is_rumour = facts.kind == EventKind::Deal && self.chance(self.config.rumours);
        let list: &'static [&'static str] = if is_rumour { &RUMOURS } else { wordings(facts.kind, facts.direction) };
        let text = self.worded(list, &facts);
        let label = self.label(&facts, is_rumour);
        self.copies(event, published, list, &facts, &text, &label);
        self.tell(event, published, text, label);
        if is_rumour && self.chance(0.5) {
            let denied = published.after(wait_s(&mut self.rng, 8.0)).after(Nanos::from_millis(500));
            facts = Facts { kind: EventKind::Retraction, direction: Direction::Negative, ticks: -facts.ticks, ..facts };
            let text = self.worded(wordings(EventKind::Retraction, Direction::Negative), &facts);
            let label = self.label(&facts, false);
            self.tell(denied, denied, text, label);
        }
    }

    fn label(&self, facts: &Facts, is_rumour: bool) -> Label {
        let company = |company, ticks| Effect { company, ticks };
        let effects = match facts.kind {
            EventKind::Macro => Vec::new(),
            // Who buys pays: a third of what the other gains.
            EventKind::Deal | EventKind::Retraction => {
                vec![company(facts.subject, facts.ticks), company(facts.other, -facts.ticks / 3)]
            }
            EventKind::Earnings
            | EventKind::Guidance
            | EventKind::Recall
            | EventKind::Rating
            | EventKind::Contract
            | EventKind::Legal
            | EventKind::Halt
            | EventKind::Chatter => vec![company(facts.subject, facts.ticks)],
        };
        let Facts { kind, direction, .. } = *facts;
        Label { story: self.stories, kind, direction, effects, copy: Copy::Original, is_rumour }
    }

    /// Talk of nothing, half of it with the name of a company as a word.
    fn nothing(&mut self, event: Timestamp, published: Timestamp) {
        let mut facts = Facts { kind: EventKind::Chatter, direction: Direction::Neutral, ticks: 0, ..self.facts() };
        if self.chance(0.3) {
            let text = self.one_of(&DECOYS).to_owned();
            let mut label = self.label(&facts, false);
            label.effects.clear();
            return self.tell(event, published, text, label);
        }
        if self.chance(0.1) {
            facts.kind = EventKind::Halt;
            // The end of a halt is neutral, and its beginning is not.
            if self.chance(0.5) {
                facts.direction = Direction::Negative;
            }
        }
        let text = self.worded(wordings(facts.kind, facts.direction), &facts);
        facts.direction = Direction::Neutral;
        let label = self.label(&facts, false);
        self.tell(event, published, text, label);
    }

    /// The same again, later: verbatim, or in other words.
    fn copies(
        &mut self,
        event: Timestamp,
        published: Timestamp,
        list: &'static [&'static str],
        facts: &Facts,
        text: &str,
        label: &Label,
    ) {
        let mut at = published;
        // A geometric number with the configured mean.
        while self.chance(self.config.copies / (1.0 + self.config.copies)) {
            at = at.after(wait_s(&mut self.rng, 3.0)).after(Nanos::from_millis(20));
            let (copy, text) = match self.pick(4) {
                0 | 1 => (Copy::Duplicate, text.to_owned()),
                2 => (Copy::Rewrite, format!("UPDATE 2-{text}{}", SUFFIXES[self.pick(SUFFIXES.len())])),
                _ => (Copy::Rewrite, self.worded(list, facts)),
            };
            self.tell(event, at, text, Label { copy, ..label.clone() });
        }
    }

    fn facts(&mut self) -> Facts {
        let subject = if self.chance(0.8) { self.pick(self.listed) } else { self.pick(COMPANIES.len()) };
        let other = (subject + 1 + self.pick(COMPANIES.len() - 1)) % COMPANIES.len();
        let kind = match self.pick(20) {
            0..=5 => EventKind::Earnings,
            6..=8 => EventKind::Guidance,
            9..=11 => EventKind::Deal,
            12 => EventKind::Recall,
            13 | 14 => EventKind::Rating,
            15 | 16 => EventKind::Contract,
            17 | 18 => EventKind::Legal,
            _ => EventKind::Macro,
        };
        let direction = match (kind, self.pick(6)) {
            (EventKind::Deal, _) => Direction::Positive,
            (EventKind::Recall, _) => Direction::Negative,
            (EventKind::Macro, 0 | 1) => Direction::Neutral,
            (_, 2 | 3 | 0) => Direction::Positive,
            _ => Direction::Negative,
        };
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and it is bounded")]
        let size = (LEAST + (exponential(&mut self.rng) * self.config.surprise) as i64).min(MOST);
        let percent = size as f64 * PERCENT_A_TICK;
        let less = 50.0 + self.rng.random::<f64>() * 800.0;
        Facts {
            kind,
            direction,
            subject,
            other,
            more: less * (1.0 + percent / 100.0),
            less,
            percent,
            count: 100 * (1 + self.pick(400) as u64),
            period: self.pick(PERIODS.len()),
            broker: self.pick(BROKERS.len()),
            ticks: size * direction.sign(),
        }
    }

    fn worded(&mut self, list: &'static [&'static str], facts: &Facts) -> String {
        let template = self.one_of(list);
        let mut text = PREFIXES[self.pick(PREFIXES.len())].to_owned();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (place, after) = after.split_once('}').expect("places are closed");
            rest = after;
            text.push_str(&facts.fill(place, before.ends_with('$')));
        }
        text.push_str(rest);
        text
    }
}

impl Facts {
    fn fill(&self, place: &str, is_a_share: bool) -> String {
        let (subject, other) = (&COMPANIES[self.subject], &COMPANIES[self.other]);
        // A price of a share is a hundredth of the millions.
        let number = |value: f64| if is_a_share { format!("{:.2}", value / 100.0) } else { format!("{value:.1}") };
        match place {
            "c" => subject.name.to_owned(),
            "t" => subject.ticker.to_owned(),
            "l" => subject.legal.to_owned(),
            "o" => other.name.to_owned(),
            "a" => number(self.more),
            "b" => number(self.less),
            "p" => format!("{:.1}", self.percent),
            "n" => self.count.to_string(),
            "q" => PERIODS[self.period].to_owned(),
            "r" => BROKERS[self.broker].to_owned(),
            "x" => subject.product.to_owned(),
            "w" => match self.ticks.abs() {
                0..12 => "slightly",
                12..35 => "somewhat",
                _ => "much",
            }
            .to_owned(),
            _ => unreachable!("no template has the place {place}"),
        }
    }
}

impl Iterator for Generator {
    type Item = NewsItem;

    fn next(&mut self) -> Option<NewsItem> {
        // No story to come is published before it happens.
        while self.pending.first_key_value().is_none_or(|((published, _), _)| *published > self.next_story) {
            self.story();
        }
        self.pending.pop_first().map(|(_, item)| item)
    }
}

fn wait_s(rng: &mut ChaCha8Rng, mean: f64) -> Nanos {
    Nanos::from_secs_f64(exponential(rng) * mean)
}
