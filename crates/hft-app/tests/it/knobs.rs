//! What every pattern tests of its table in a line, tried on a table that is right and on tables that are not.

use hft_app::config::{Bounds, Described, Kind, Knob, check_knobs};
use serde::{Deserialize, Serialize};
use std::panic::catch_unwind;

hft_app::choices! {
    /// How fast.
    enum Mode {
        /// Slowly.
        #[default]
        Slow = "slow",
        /// Fast.
        VeryFast = "very-fast",
    }
}

/// One knob of each kind.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Desk {
    size: f64,
    count: u8,
    mode: Mode,
    loud: bool,
    symbols: Vec<String>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { size: 1.0, count: 1, mode: Mode::Slow, loud: false, symbols: vec!["A".to_owned()] }
    }
}

/// Everything is told, and `count` goes up to `most`.
fn told(most: i64) -> Vec<Knob> {
    let knobs = [
        Knob::real("size", Bounds::above(0.0).up_to(9.0)),
        Knob::integer("count", 0, most),
        Knob::choice("mode", Mode::WORDS),
        Knob::new("loud", Kind::Flag),
        Knob::new("symbols", Kind::Symbols(2)),
    ];
    knobs.into_iter().map(|k| k.about("What it is.").default_from("a paper").unit("lots").raising("more")).collect()
}

impl Described for Desk {
    fn knobs() -> Vec<Knob> {
        told(255)
    }
}

/// The same, but for a number without a unit.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Untold(Desk);

impl Described for Untold {
    fn knobs() -> Vec<Knob> {
        let mut knobs = told(255);
        knobs[0] = Knob::real("size", Bounds::above(0.0).up_to(9.0)).default_from("a paper").raising("more");
        knobs
    }
}

/// The same, but for a range that the struct's field cannot hold.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
struct TooWide(Desk);

impl Described for TooWide {
    fn knobs() -> Vec<Knob> {
        told(256)
    }
}

#[test]
fn a_table_is_held_against_itself() {
    assert!(check_knobs::<Desk>("desk") > 10);
    for (check, says) in [
        (check_knobs::<Untold> as fn(&'static str) -> usize, "desk.size does not tell it"),
        (check_knobs::<TooWide>, "desk.count = 256 is within its range"),
    ] {
        let panic = catch_unwind(|| check("desk")).expect_err(says);
        let sentence = panic.downcast_ref::<String>().expect("a sentence");
        assert!(sentence.contains(says), "{sentence}");
    }
}
