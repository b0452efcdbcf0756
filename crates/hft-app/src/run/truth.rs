//! Who took money from whom: the chapter that every run has, from what its venues kept.
//!
//! Invariant: a class of participants is what its accounts' names begin with. What one class takes from another the other loses, so the
//! table is its own mirror image with the signs changed, and everything sums to zero; the venues' fees are no part of it. Each book's dealings are counted at
//! its own last midpoint.

use crate::chapter::{Chapter, ChapterTable};
use crate::output::{seconds, span};
use hft_core::account::MARKOUT_HORIZONS;
use hft_core::models::{Cash, HalfTicks, Instrument, Lots};
use hft_core::world::{Directory, Node};
use std::collections::BTreeMap;

/// Columns of the table: beyond, a class has a row and no column.
const CLASSES_MAX: usize = 8;

/// What of a class is told by horizon, as aggressor or at rest.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    contracts: f64,
    /// At each horizon: contracts whose horizon passed, and what they were worth, currency.
    later: [(f64, f64); MARKOUT_HORIZONS.len()],
}

/// The dealings of all venues, by class.
#[derive(Debug, Default)]
struct Classes {
    /// What the first took from the second, both ways.
    taken: BTreeMap<(String, String), Cash>,
    sides: BTreeMap<(String, &'static str), Side>,
    unmeasured: u64,
}

impl Classes {
    fn of(nodes: &[Node], who: &Directory) -> Self {
        let mut all = Self::default();
        for (_, contract, truth) in nodes.iter().filter_map(Node::as_venue).flat_map(|venue| venue.truths()) {
            all.unmeasured += truth.unmeasured();
            let unit = contract.value_at(Lots::new(1), HalfTicks::new(1));
            for dealing in truth.dealings() {
                let [taker, maker] = [dealing.taker, dealing.maker].map(|account| who.class(account).to_owned());
                let gained = Cash::new(unit.raw() * truth.gained(dealing));
                *all.taken.entry((taker.clone(), maker.clone())).or_default() += gained;
                *all.taken.entry((maker.clone(), taker.clone())).or_default() += -gained;
                for (class, role, sign) in [(taker, "taking", 1.0), (maker, "resting", -1.0)] {
                    let side = all.sides.entry((class, role)).or_default();
                    side.contracts += contracts(contract, dealing.lots);
                    for ((lots, worth), later) in side.later.iter_mut().zip(dealing.later) {
                        *lots += contracts(contract, later.lots);
                        *worth += sign * Cash::new(unit.raw() * later.gained).to_f64();
                    }
                }
            }
        }
        all
    }

    /// The classes, those who gained most first, and what each gained from all others.
    fn ranking(&self) -> Vec<(String, Cash)> {
        let mut gains = BTreeMap::<&str, Cash>::new();
        for ((class, _), gained) in &self.taken {
            *gains.entry(class).or_default() += *gained;
        }
        let mut ranking: Vec<(String, Cash)> =
            gains.into_iter().map(|(class, gain)| (class.to_owned(), gain)).collect();
        ranking.sort_by(|(a, gain), (b, other)| other.cmp(gain).then_with(|| a.cmp(b)));
        ranking
    }

    fn matrix(&self, ranking: &[(String, Cash)]) -> ChapterTable {
        let shown = &ranking[..ranking.len().min(CLASSES_MAX)];
        let columns: Vec<String> = shown.iter().map(|(class, _)| format!("from {class}")).collect();
        let mut names: Vec<&str> = columns.iter().map(String::as_str).collect();
        names.push("all together");
        let mut table = ChapterTable::new("what each took, currency, before fees", &names);
        for (class, gain) in ranking {
            let mut figures: Vec<Option<f64>> = shown
                .iter()
                .map(|(from, _)| {
                    let taken = self.taken.get(&(class.clone(), from.clone())).filter(|_| from != class);
                    taken.map(|cash| cents(*cash))
                })
                .collect();
            figures.push(Some(cents(*gain)));
            table.row(class, figures);
        }
        table.drawn = Some(names.len() - 1);
        table
    }

    fn markouts(&self, ranking: &[(String, Cash)]) -> ChapterTable {
        let horizons: Vec<String> = MARKOUT_HORIZONS.iter().map(|horizon| span(seconds(*horizon))).collect();
        let mut columns = vec!["contracts"];
        columns.extend(horizons.iter().map(String::as_str));
        let mut table = ChapterTable::new("what a contract was worth to whom, some time after its trade", &columns);
        for (class, _) in ranking {
            for role in ["taking", "resting"] {
                let Some(side) = self.sides.get(&(class.clone(), role)) else { continue };
                let mut figures = vec![Some(side.contracts)];
                figures.extend(side.later.iter().map(|(lots, worth)| (*lots > 0.0).then(|| worth / lots)));
                table.row(format!("{class}, {role}"), figures);
            }
        }
        table
    }
}

#[allow(clippy::cast_precision_loss, reason = "for people")]
fn contracts(contract: &Instrument, lots: i128) -> f64 {
    contract.lots_f64(Lots::new(1)) * lots as f64
}

/// Money for a table: whole cents, so that a sum of cells reads as it should.
fn cents(cash: Cash) -> f64 {
    (cash.to_f64() * 100.0).round() / 100.0
}

/// The chapter; nothing where nobody traded.
pub(super) fn chapter(nodes: &[Node], who: &Directory) -> Option<Chapter> {
    let classes = Classes::of(nodes, who);
    let ranking = classes.ranking();
    if ranking.is_empty() {
        return None;
    }
    let sum = ranking.iter().fold(Cash::ZERO, |sum, (_, gain)| sum + *gain);
    let mut notes = vec![format!(
        "Everybody's trades, at each book's last midpoint, before fees: all together {}. No strategy sees any of this.",
        sum.decimal()
    )];
    if classes.unmeasured > 0 {
        notes.push(format!("{} trades came too thick for what they were worth later.", classes.unmeasured));
    }
    let tables = vec![classes.matrix(&ranking), classes.markouts(&ranking)];
    Some(Chapter { title: "Who takes money from whom".to_owned(), tables, notes, files: Vec::new() })
}
