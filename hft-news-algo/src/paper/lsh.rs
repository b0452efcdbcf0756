//! How often two sets meet in at least one band, against `1 - (1 - s^r)^b`.
//!
//! For each similarity pairs of sets are made that share exactly that part of their union, each pair with a family of hashes of its own.

use super::{ERRORS, SEED, told};
use crate::model::min_hash::{Bands, MinHash, mixed, similarity};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct LshTable {
    /// Bands.
    pub bands: u32,
    /// Hashes in each.
    pub rows: u32,
    /// Elements of the union of a pair.
    pub union: u64,
    /// Pairs of each similarity.
    pub pairs: u64,
    /// Of everything random.
    pub seed: u64,
}

impl Default for LshTable {
    fn default() -> Self {
        Self { bands: 20, rows: 5, union: 100, pairs: 4_000, seed: SEED }
    }
}

/// How many similarities are looked at.
const STEPS: u64 = 10;

/// The curve.
///
/// # Errors
/// When a parameter is out of range.
pub fn lsh(table: &LshTable) -> Result<PaperReport, PaperError> {
    let LshTable { bands, rows, union, pairs, seed } = *table;
    check("bands", f64::from(bands), [1.0, 1_000.0])?;
    check("rows", f64::from(rows), [1.0, 100.0])?;
    check("bands times rows", f64::from(bands) * f64::from(rows), [1.0, 10_000.0])?;
    check("union", union as f64, [10.0, 1e5])?;
    check("pairs", pairs as f64, [100.0, 1e6])?;
    let shape = Bands { bands, rows };
    let section = "two sets of similarity s meet in at least one band, share of pairs";
    let mut found = Vec::new();
    for step in 1..STEPS {
        let shared = union * step / STEPS;
        let (mut met, mut similar) = (0u64, 0.0);
        for pair in 0..pairs {
            let (one, other) = made(mixed(seed ^ mixed(step * 1_000_003 + pair)), union, shared);
            similar = similarity(&one, &other);
            let mut family = MinHash::new(shape, mixed(seed ^ mixed(pair)) ^ step);
            let first: Vec<u64> = family.bands(&one).collect();
            met += u64::from(family.bands(&other).zip(&first).any(|(a, b)| a == *b));
        }
        let (exact, ours) = (shape.meeting(similar), met as f64 / pairs as f64);
        // A share of exactly nothing or all has an error too: that of one pair.
        let error = (exact * (1.0 - exact) / pairs as f64).sqrt().max(1.0 / pairs as f64);
        let row = PaperRow::new(section, format!("s = {similar:.2}"), ours).exact(exact).standard_error(error);
        found.push(row.within(ERRORS * error));
    }
    found.push(PaperRow::new("the curve", "similarity where it is steepest, about (1 / b)^(1 / r)", shape.threshold()));
    Ok(PaperReport {
        name: "lsh".to_owned(),
        citation: "Broder (1997), On the resemblance and containment of documents; Indyk & Motwani (1998)".to_owned(),
        rows: found,
        notes: vec![
            format!(
                "b = {bands} bands of r = {rows} hashes: 1 - (1 - s^r)^b; {pairs} pairs of sets with a union of {union}."
            ),
            format!("Seed {}.", told(seed)),
        ],
    })
}

/// Two sorted sets with this union, of which `shared` elements are in both; the others are dealt in turn.
fn made(seed: u64, union: u64, shared: u64) -> (Vec<u64>, Vec<u64>) {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for i in 0..union {
        let element = mixed(seed ^ mixed(i));
        if i < shared || i % 2 == 0 {
            one.push(element);
        }
        if i < shared || i % 2 == 1 {
            other.push(element);
        }
    }
    one.sort_unstable();
    other.sort_unstable();
    (one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_met_for_any_shape() {
        for (bands, rows) in [(20, 5), (1, 1), (12, 3), (50, 2)] {
            let table = LshTable { bands, rows, pairs: 1_000, ..LshTable::default() };
            let report = lsh(&table).expect("in range");
            assert!(report.passes(), "{report}");
            assert_eq!(report.rows.len(), 10);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let table = LshTable { rows: 0, ..LshTable::default() };
        assert_eq!(lsh(&table).expect_err("no rows").parameter, "rows");
    }
}
