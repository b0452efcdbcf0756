//! How well was read: directions, sureness, names, novelty.

use crate::model::scores::{Calibration, Confusion, Found};
use crate::reader::{Reading, Unreadable};
use crate::tape::{COMPANIES, Copy, Direction, NewsItem};
use hft_app::chapter::ChapterTable;
use std::fmt::Write as _;

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Quality {
    min_confidence: f64,
    read: u64,
    refused: u64,
    abstained: u64,
    directions: Confusion,
    calibration: Calibration,
    kinds: Found,
    novelty: Found,
    names: Found,
}

impl Quality {
    pub(super) fn new(min_confidence: f64) -> Self {
        Self {
            min_confidence,
            read: 0,
            refused: 0,
            abstained: 0,
            directions: Confusion::default(),
            calibration: Calibration::default(),
            kinds: Found::default(),
            novelty: Found::default(),
            names: Found::default(),
        }
    }

    pub(super) fn add(&mut self, item: &NewsItem, reading: Result<&Reading, &Unreadable>) {
        let Ok(reading) = reading else {
            self.refused += 1;
            return;
        };
        self.read += 1;
        self.abstained += u64::from(reading.confidence() < self.min_confidence);
        let Some(label) = &item.label else { return };
        self.novelty.add(label.copy != Copy::Original, reading.novelty < 0.5);
        for company in 0..COMPANIES.len() {
            let truth = label.effects.iter().any(|effect| effect.company == company);
            let claimed = reading.subjects.iter().any(|subject| subject.company == company);
            self.names.add(truth, claimed);
        }
        if !label.effects.is_empty() {
            let said = reading.direction();
            self.directions.add(label.direction.index(), said.index());
            self.calibration.add(reading.confidence(), said == label.direction);
            self.kinds.add(true, label.kind == reading.kind);
        }
    }

    pub(super) fn tables(&self) -> Vec<ChapterTable> {
        let mut read = ChapterTable::new("what was read", &["figure"]);
        let counts = [
            ("headlines", self.read as f64),
            ("refused", self.refused as f64),
            ("too unsure to trade", self.abstained as f64),
            ("accuracy of the direction", self.directions.accuracy()),
            ("macro-F1 of the direction", self.directions.macro_f1()),
            ("expected calibration error", self.calibration.error()),
        ];
        counts.into_iter().for_each(|(name, figure)| read.row(name, vec![Some(figure)]));
        read.row("accuracy of the kind of event", vec![self.kinds.recall()]);

        let mut confusion = ChapterTable::new("directions", &["said negative", "said neutral", "said positive"]);
        for truth in Direction::ALL {
            let said = Direction::ALL.map(|said| Some(self.directions.count(truth.index(), said.index()) as f64));
            confusion.row(format!("is {}", truth.word()), said.to_vec());
        }

        let mut sure = ChapterTable::new("sureness", &["headlines", "said", "was right"]);
        for (count, said, right) in self.calibration.bins() {
            #[allow(clippy::cast_possible_truncation, reason = "0 to 9")]
            let low = ((said * 10.0) as i64).min(9) * 10;
            sure.row(format!("{low} to {} %", low + 10), vec![Some(count as f64), Some(said), Some(right)]);
        }

        let mut found = ChapterTable::new("what was found", &["precision", "recall"]);
        found.row("said before", vec![self.novelty.precision(), self.novelty.recall()]);
        found.row("companies", vec![self.names.precision(), self.names.recall()]);
        vec![read, confusion, sure, found]
    }
}

/// One line for each headline: the truth, and what was read.
pub(super) fn csv(items: &[(NewsItem, Option<Reading>)]) -> String {
    let head = "event_ns,published_ns,kind,direction,ticks,copy,read_kind,read_direction,confidence,expected_ticks,novelty,companies,text\n";
    let mut text = head.to_owned();
    for (item, reading) in items {
        let label = item.label.as_ref();
        let kind = label.map_or("", |label| label.kind.word());
        let direction = label.map_or("", |label| label.direction.word());
        let ticks = label.and_then(|label| label.effects.first()).map_or(0, |effect| effect.ticks);
        let copy = label.map_or("", |label| match label.copy {
            Copy::Original => "original",
            Copy::Duplicate => "duplicate",
            Copy::Rewrite => "rewrite",
        });
        let (said_kind, said) =
            reading.as_ref().map_or(("refused", ""), |reading| (reading.kind.word(), reading.direction().word()));
        let figures = reading.as_ref().map_or([0.0; 3], |r| [r.confidence(), r.expected(), r.novelty]);
        let names = reading.iter().flat_map(|reading| &reading.subjects);
        let names: Vec<&str> = names.map(|subject| COMPANIES[subject.company].ticker).collect();
        let quoted = item.text.replace('"', "\"\"");
        writeln!(
            text,
            "{},{},{kind},{direction},{ticks},{copy},{said_kind},{said},{:.4},{:.2},{:.0},{},\"{quoted}\"",
            item.event.nanos(),
            item.published.nanos(),
            figures[0],
            figures[1],
            figures[2],
            names.join(" ")
        )
        .expect("a String takes everything");
    }
    text
}
