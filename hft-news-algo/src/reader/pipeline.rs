//! The stages, one after another, and what comes out of them.

use super::entities::{Entity, Linker, subject};
use super::novelty::{Novelty, NoveltyConfig, Seen};
use super::parse::{Unreadable, parse};
use super::shipped::Shipped;
use crate::model::features::Extractor;
use crate::model::linear::likeliest;
use crate::model::min_hash::mixed;
use crate::model::text::Text;
use crate::tape::{Copy, Direction, EventKind, Label};
use hft_app::choices;
use hft_core::models::{Nanos, Timestamp};
use std::collections::VecDeque;
use std::sync::Arc;

choices! {
    /// What reads.
    pub enum ModelKind {
        /// Softmax regression on hashed features.
        #[default]
        Linear = "linear",
        /// Naive Bayes on words.
        NaiveBayes = "naive-bayes",
        /// Counted words.
        Lexicon = "lexicon",
        /// The truth, as often as `accuracy` says, and its opposite otherwise: what being right is worth.
        Truth = "truth",
    }
}

/// How a reader reads.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ReaderConfig {
    /// With what.
    pub model: ModelKind,
    /// Of the truth: how often it is told.
    pub accuracy: f64,
    /// What counts as said before; nothing does where this is not set.
    pub novelty: Option<NoveltyConfig>,
    /// Decides which truths are turned around.
    pub seed: u64,
}

/// A stage, for those who time them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// Bytes to text.
    Parse,
    /// Text to tokens.
    Normalise,
    /// Said before?
    Novelty,
    /// About whom?
    Entities,
    /// What happened, and which way?
    Classify,
    /// How far?
    Magnitude,
    /// What to make of it.
    Decide,
}

impl Stage {
    /// In their order.
    pub const ALL: [Self; 7] =
        [Self::Parse, Self::Normalise, Self::Novelty, Self::Entities, Self::Classify, Self::Magnitude, Self::Decide];

    /// As people write it.
    pub const fn word(self) -> &'static str {
        ["parse", "normalise", "novelty", "entities", "classify", "magnitude", "decide"][self as usize]
    }
}

/// A company in a reading.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Subject {
    /// Which of [`COMPANIES`](crate::tape::COMPANIES).
    pub company: usize,
    /// What share of the surprise is its, with its sign: a buyer loses what the bought one gains, in part.
    pub share: f64,
}

/// What a headline says, as far as it was understood.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// What happened.
    pub kind: EventKind,
    /// Probabilities of the directions, in their order.
    pub directions: [f32; 3],
    /// About whom; the subject first.
    pub subjects: Vec<Subject>,
    /// How far the price should move, ticks, without its sign.
    pub magnitude: f64,
    /// 1 of what was never said, 0 of what was.
    pub novelty: f64,
    /// The text that said it before.
    pub seen: Option<Seen>,
    /// An end of a halt.
    pub resumes: bool,
}

impl Reading {
    /// The likeliest direction.
    pub fn direction(&self) -> Direction {
        Direction::ALL[likeliest(&self.directions)]
    }

    /// How sure it is of that.
    pub fn confidence(&self) -> f64 {
        f64::from(self.directions[likeliest(&self.directions)])
    }

    /// What is expected of the subject's price, ticks: direction, size and novelty together.
    pub fn expected(&self) -> f64 {
        f64::from(self.directions[2] - self.directions[0]) * self.magnitude * self.novelty
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Pipeline {
    config: ReaderConfig,
    shipped: Arc<Shipped>,
    text: Text,
    extractor: Extractor,
    linker: Linker,
    novelty: Option<Novelty>,
    /// What is known of the companies: kind, direction, since when.
    stories: VecDeque<(usize, EventKind, Direction, Timestamp)>,
}

/// As many stories are remembered.
const STORIES: usize = 256;

/// What a buyer's price gives back of what the bought one's gains.
const BUYER: f64 = -1.0 / 3.0;

impl Pipeline {
    /// A reader that has read nothing yet.
    pub fn new(config: ReaderConfig, shipped: Arc<Shipped>) -> Self {
        Self {
            config,
            shipped,
            text: Text::default(),
            extractor: Extractor::default(),
            linker: Linker::default(),
            novelty: config.novelty.map(Novelty::new),
            stories: VecDeque::new(),
        }
    }

    /// Reads a headline. `truth` is its number and label, for the model that is told.
    ///
    /// # Errors
    /// With the reason why it cannot be read.
    pub fn read(
        &mut self,
        received: Timestamp,
        bytes: &[u8],
        truth: Option<(u32, &Label)>,
    ) -> Result<Reading, Unreadable> {
        self.read_and_tell(received, bytes, truth, |_| ())
    }

    /// The same, telling after each stage that it is done.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_and_tell(
        &mut self,
        received: Timestamp,
        bytes: &[u8],
        truth: Option<(u32, &Label)>,
        mut done: impl FnMut(Stage),
    ) -> Result<Reading, Unreadable> {
        let raw = parse(bytes)?;
        done(Stage::Parse);
        self.text.read(raw);
        done(Stage::Normalise);
        let seen = self.novelty.as_mut().and_then(|novelty| novelty.look(received, &self.text));
        done(Stage::Novelty);
        let entities = self.linker.link(raw, &self.text);
        let about = subject(entities, &self.text);
        done(Stage::Entities);
        let features = self.extractor.features(&self.text);
        let kind = EventKind::ALL[likeliest(&self.shipped.kind.probabilities(features))];
        let directions = match self.config.model {
            ModelKind::Linear => self.shipped.direction.probabilities(features),
            ModelKind::NaiveBayes => self.shipped.naive_bayes.probabilities(self.text.tokens()),
            ModelKind::Lexicon | ModelKind::Truth => counted(&self.extractor),
        };
        done(Stage::Classify);
        let magnitude = self.shipped.magnitude.of(kind, &self.text, &self.extractor);
        done(Stage::Magnitude);
        let resumes = kind == EventKind::Halt && RESUMES.iter().any(|word| raw.contains(word));
        let subjects = subjects(entities, about, kind);
        let mut reading = Reading { kind, directions, subjects, magnitude, novelty: 1.0, seen, resumes };
        if let (ModelKind::Truth, Some((number, label))) = (self.config.model, truth) {
            self.tell(&mut reading, number, label);
        } else if let Some(window) = self.config.novelty.map(|novelty| novelty.window) {
            self.weigh(&mut reading, received, window);
        }
        done(Stage::Decide);
        Ok(reading)
    }

    /// What was said lately, in these or other words, is not news.
    fn weigh(&mut self, reading: &mut Reading, received: Timestamp, window: Nanos) {
        while self.stories.front().is_some_and(|(.., since)| received.since(*since) > window)
            || self.stories.len() >= STORIES
        {
            self.stories.pop_front();
        }
        let direction = reading.direction();
        let subject = reading.subjects.first().map(|subject| subject.company);
        let is_same = |story: &(usize, EventKind, Direction, Timestamp)| {
            Some(story.0) == subject && story.1 == reading.kind && story.2 == direction
        };
        if reading.seen.is_some() || self.stories.iter().any(is_same) {
            reading.novelty = 0.0;
        } else if let Some(company) = subject {
            self.stories.push_back((company, reading.kind, direction, received));
        }
    }

    /// The truth, or its opposite.
    fn tell(&self, reading: &mut Reading, number: u32, label: &Label) {
        let draw = mixed(self.config.seed ^ mixed(u64::from(number)));
        let is_right = (draw >> 11) as f64 / 9_007_199_254_740_992.0 < self.config.accuracy;
        let sign = if is_right { 1 } else { -1 };
        let first = label.effects.first().map_or(0, |effect| effect.ticks);
        let told = Direction::of(first * sign);
        reading.kind = label.kind;
        reading.directions = [0.0; 3];
        reading.directions[told.index()] = 1.0;
        reading.magnitude = first.abs() as f64;
        reading.novelty = if label.copy == Copy::Original { 1.0 } else { 0.0 };
        let share = |ticks: i64| if first == 0 { 1.0 } else { ticks as f64 / first as f64 };
        let subjects = label.effects.iter();
        reading.subjects =
            subjects.map(|effect| Subject { company: effect.company, share: share(effect.ticks) }).collect();
    }
}

/// What the end of a halt is called.
const RESUMES: [&str; 4] = ["resume", "Resume", "lifts", "reopen"];

/// The counted words as probabilities: half the surplus of good over bad, smoothed by two neutral words.
fn counted(extractor: &Extractor) -> [f32; 3] {
    let count = extractor.count();
    #[allow(clippy::cast_precision_loss, reason = "a few words")]
    let [good, bad] = [count.good as f32, count.bad as f32];
    let all = good + bad + 0.5;
    let net = (good - bad) / all;
    let [up, down] = [net.max(0.0), (-net).max(0.0)];
    [down, 1.0 - up - down, up]
}

/// The subject, and whoever buys it.
fn subjects(entities: &[Entity], about: usize, kind: EventKind) -> Vec<Subject> {
    let Some(subject) = entities.get(about) else { return Vec::new() };
    let mut subjects = vec![Subject { company: subject.company, share: 1.0 }];
    if matches!(kind, EventKind::Deal | EventKind::Retraction) {
        let others = entities.iter().filter(|entity| entity.company != subject.company).take(1);
        subjects.extend(others.map(|entity| Subject { company: entity.company, share: BUYER }));
    }
    subjects
}
