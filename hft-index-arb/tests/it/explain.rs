//! The story of a fill has the desk's own numbers.

use crate::CLI;
use crate::run::summary;
use hft_app::exit::Exit;
use hft_app::explain::{ExplainFlags, explanation};
use hft_app::interrupt::Interrupt;
use hft_app::testing::temporary;
use hft_index_arb::IndexArbPattern;

#[test]
fn a_fill_is_explained_with_the_numbers_behind_it() {
    let out = temporary();
    let (exit, _, stderr, folder) = CLI.run_in(out.path(), "run --fast --duration 10s --seed 11 --quiet");
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let fills = summary(&folder).execution.fills;
    assert!(fills >= 5, "{fills} fills");
    let mut opened = 0;
    for fill in (1..=fills.min(60)).step_by(12) {
        let flags =
            ExplainFlags { fill, run: None, what_if: vec!["index_arb.estimator=naive".parse().expect("a setting")] };
        let story = explanation::<IndexArbPattern>(&folder, &flags, &Interrupt::default()).expect("it can be told");
        let decision = story.decision.as_ref().expect("it is remembered");
        let reason = |name: &str| decision.reasons.iter().find(|reason| reason.name == name).map(|reason| reason.value);
        let (target, position) = (reason("target").expect("every leg has one"), reason("position").expect("and this"));
        let sign = if story.fill.side == "buy" { 1.0 } else { -1.0 };
        assert!(sign * (target - position) > 0.0, "fill {fill}: {sign} from {position} to {target}");
        let gap = reason("gap between the midpoints when it was decided").expect("a decision has one");
        let entry = reason("gap from which it is opened").expect("and a band");
        if target != 0.0 && position == 0.0 {
            opened += 1;
            assert!(gap >= entry, "fill {fill}: {gap} is inside the band of {entry}");
        }
    }
    assert!(opened > 0, "nothing was opened");
}
