//! What the detector is worth where the truth is known: every behaviour, its episodes, and the honest beside them.

use crate::CLI;
use crate::run::figure;
use hft_app::output::Summary;
use hft_app::testing::temporary;
use hft_core::models::{Nanos, Timestamp};
use hft_core::risk::Limits;
use hft_manipulative_edu::config::{Behaviour, ManipulativeEduConfig};
use hft_manipulative_edu::gate::PHRASE;
use hft_manipulative_edu::scenario;

const BEHAVIOURS: [Behaviour; 7] = [
    Behaviour::Spoofing,
    Behaviour::Layering,
    Behaviour::Coscia,
    Behaviour::Sarao,
    Behaviour::Oystacher,
    Behaviour::Stuffing,
    Behaviour::Ignition,
];

/// A run of a behaviour, through a configuration file, as the sentence has spaces.
fn told(behaviour: Behaviour, seconds: u32, seed: u64) -> (Summary, String, tempfile::TempDir) {
    let out = temporary();
    let file = out.path().join("laboratory.toml");
    let text = format!("[manipulative_edu]\nbehaviour = \"{behaviour}\"\nacknowledgement = \"{PHRASE}\"\n");
    std::fs::write(&file, text).expect("writable");
    let line = format!("run --fast --duration {seconds}s --seed {seed} --config {}", file.display());
    let runs = temporary();
    let (folder, stdout) = CLI.done_in(runs.path(), &line);
    (Summary::of_folder(&folder).expect("readable"), stdout, runs)
}

#[test]
fn every_behaviour_is_caught_and_nobody_else_is_accused() {
    for behaviour in BEHAVIOURS {
        let (summary, stdout, _runs) = told(behaviour, 600, 5);
        let (episodes, caught) = (figure(&summary, "episodes"), figure(&summary, "episodes caught, share"));
        println!(
            "{behaviour}: {episodes} episodes, {caught:.3} caught, {} false, the control {} a day",
            figure(&summary, "false alarms"),
            figure(&summary, "order-to-trade alone, at 95 % caught: false alarms a day")
        );
        assert!(episodes >= 7.0, "{behaviour}: {episodes} episodes");
        // A display that is executed was never shown to be a display; a push that goes nowhere ignites nothing.
        let (least, accused) = match behaviour {
            Behaviour::Ignition => (0.6, 1.5),
            Behaviour::Spoofing => (0.8, 0.5),
            Behaviour::None
            | Behaviour::Layering
            | Behaviour::Coscia
            | Behaviour::Sarao
            | Behaviour::Oystacher
            | Behaviour::Stuffing => (0.95, 0.5),
        };
        assert!(caught >= least, "{behaviour}: {caught} of {episodes} episodes\n{stdout}");
        assert!(figure(&summary, "false alarms") < accused, "{behaviour}\n{stdout}");
        assert!(summary.attribution.sums_to_net());
        // Who never trades, or sends thousands of messages, is found by any count of messages; who trades is not.
        if matches!(behaviour, Behaviour::Spoofing | Behaviour::Layering | Behaviour::Coscia | Behaviour::Oystacher) {
            let alone = figure(&summary, "order-to-trade alone, at 95 % caught: false alarms a day");
            assert!(alone > 100.0, "{behaviour}: the control accuses {alone} honest a day");
        }
    }
}

/// Verdict, victims, market, and last the account under test; and the watermark in every file.
#[test]
fn harm_is_told_first_and_everything_is_marked() {
    let (summary, stdout, runs) = told(Behaviour::Layering, 60, 11);
    let titles: Vec<&str> =
        summary.chapter.as_ref().expect("surveillance").tables.iter().map(|table| table.title.as_str()).collect();
    assert_eq!(titles, ["the detector's verdict", "who paid", "the market", "the account under test, last"]);
    assert!(stdout.starts_with("SIMULATED.") && stdout.contains(PHRASE));
    let folder = std::fs::read_dir(runs.path()).expect("made").next().expect("one run").expect("readable").path();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        let bytes = std::fs::read(&path).expect("readable");
        assert!(
            bytes.windows(9).any(|part| part == b"SIMULATED") || bytes.windows(9).any(|part| part == b"simulated"),
            "{}",
            path.display()
        );
        files += 1;
    }
    assert!(files >= 9, "{files} files");
}

/// The world is built by hand: whoever did not type the sentence gets none.
#[test]
fn no_world_is_built_without_the_sentence() {
    for behaviour in BEHAVIOURS {
        let mut config = ManipulativeEduConfig { behaviour, ..ManipulativeEduConfig::default() };
        for typed in ["", "yes", &PHRASE.to_lowercase(), &PHRASE[..PHRASE.len() - 1]] {
            config.acknowledgement = typed.to_owned();
            let parts =
                scenario::Parts { seed: 1, config: &config, market: &Default::default(), limits: Limits::default() };
            let refused = scenario::scenario(parts).expect_err("refused").to_string();
            assert!(refused.starts_with("refused: "), "{refused}");
        }
        config.acknowledgement = PHRASE.to_owned();
        let parts =
            scenario::Parts { seed: 1, config: &config, market: &Default::default(), limits: Limits::default() };
        let world = scenario::scenario(parts).expect("admitted").world;
        world.lockstep().run(Timestamp::START + Nanos::from_secs(1)).outcome.expect("it runs");
    }
}
