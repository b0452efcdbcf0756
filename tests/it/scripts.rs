//! The rules of the market, one concept a file: `scripts/*.txt` hold a sentence, commands, and under `----` all that
//! every engine answers. `UPDATE_GOLDEN=1 cargo test -p hft-tests scripts` rewrites the answers; read them against the
//! sentence before they are committed.

use hft_core::exchange::MatchingEngine;
use hft_tests::naive::NaiveEngine;
use hft_tests::script::{Step, play};
use std::fs;
use std::path::PathBuf;

const RULE: &str = "----\n";

type Play = fn(&str) -> Result<String, String>;

/// Every engine that must give the same answers.
const ENGINES: &[(&str, Play)] = &[("naive", play::<NaiveEngine>), ("fast", play::<MatchingEngine>)];

fn scripts() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/scripts");
    let files = fs::read_dir(folder).expect("the folder of scripts is there");
    let mut paths: Vec<_> = files.map(|file| file.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_engine_answers_every_script_as_written() {
    let is_update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for path in scripts() {
        let text = fs::read_to_string(&path).expect("a script is text");
        let (commands, golden) = text.split_once(RULE).unwrap_or((&text, ""));
        let name = path.file_stem().expect("a file has a name").to_string_lossy();
        assert!(commands.starts_with("# "), "{name}: begins with a sentence");
        for (engine, play) in ENGINES {
            let answer = play(commands).unwrap_or_else(|why| panic!("{name}: {why}"));
            if is_update {
                fs::write(&path, format!("{}\n\n{RULE}{answer}", commands.trim_end())).expect("it can be written");
            } else if answer != golden {
                wrong.push(format!("{name}, {engine}:\n{}", first_difference(golden, &answer)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line that differs, with what was asked.
fn first_difference(golden: &str, answer: &str) -> String {
    let (mut golden, mut asked) = (golden.lines(), "");
    for line in answer.lines() {
        let expected = golden.next().unwrap_or("(nothing)");
        if line.starts_with('>') {
            asked = line;
        }
        if line != expected {
            return format!("  {asked}\n  expected: {expected}\n  answered: {line}\n");
        }
    }
    format!("  {asked}\n  expected: {}\n  answered: (nothing)\n", golden.next().unwrap_or(""))
}

#[test]
fn a_step_survives_its_text() {
    for path in scripts() {
        let text = fs::read_to_string(&path).expect("a script is text");
        let (commands, _) = text.split_once(RULE).unwrap_or((&text, ""));
        for line in commands.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let step: Step = line.parse().expect(line);
            assert_eq!(step.to_string().parse(), Ok(step), "{line}");
        }
    }
}
