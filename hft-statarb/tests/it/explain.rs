//! The story of a fill has the desk's own numbers.

use crate::CLI;
use hft_app::explain::{ExplainFlags, explanation};
use hft_app::interrupt::Interrupt;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use hft_statarb::StatarbPattern;

#[test]
fn a_fill_is_explained_with_the_numbers_behind_it() {
    let out = temporary();
    let (folder, _) = CLI.done_in(out.path(), "run --fast --duration 20s --seed 11 --quiet");
    let fills = Summary::of_folder(&folder).expect("readable").execution.fills;
    assert!(fills >= 5, "{fills} fills");
    let (mut contracts, mut hedges) = (0, 0);
    for fill in 1..=fills.min(30) {
        let flags =
            ExplainFlags { fill, run: None, what_if: vec!["statarb.latency_us=1000".parse().expect("a setting")] };
        let story = explanation::<StatarbPattern>(&folder, &flags, &Interrupt::default()).expect("it can be told");
        let decision = story.decision.as_ref().expect("it is remembered");
        let reason = |name: &str| decision.reasons.iter().find(|reason| reason.name == name).map(|reason| reason.value);
        let (target, position) = (reason("target").expect("every leg has one"), reason("position").expect("and this"));
        let sign = if story.fill.side == "buy" { 1.0 } else { -1.0 };
        assert!(sign * (target - position) > 0.0, "fill {fill}: {sign} from {position} to {target}");
        match reason("s-score, positive is dear") {
            Some(score) => {
                contracts += 1;
                // A target is kept until the score is half a deviation beyond the mean.
                let opens = target != 0.0 && position == 0.0;
                assert!(!opens || sign * score < 0.5, "fill {fill}: what is dear is not bought: {score}");
            }
            None => hedges += 1,
        }
    }
    assert!(contracts > 0 && hedges > 0, "{contracts} fills of contracts, {hedges} of the hedge");
}
