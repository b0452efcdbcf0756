//! The published corpora, where they are: nothing of them is part of this project.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::paper::PaperReport;
use std::path::{Path, PathBuf};

/// A file in `$HFT_DATA`, or in `../shared/data` beside the workspace; without it the test has nothing to say, and says so.
fn shared(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("HFT_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join("news").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("not checked: {} is not there (set HFT_DATA to the folder of samples)", path.display());
    None
}

fn report(line: &str) -> PaperReport {
    let (exit, out, err) = CLI.run(&format!("{line} --json"));
    assert_eq!(exit, Exit::Ok, "{line}: {err}\n{out}");
    serde_json::from_str(&out).expect("a report as JSON")
}

fn figure(report: &PaperReport, section: &str, label: &str) -> f64 {
    let row = report.rows.iter().find(|row| row.section == section && row.label == label);
    row.unwrap_or_else(|| panic!("no {section}: {label}")).ours
}

/// What the gates ask: accuracy and macro-F1 on sentences of full agreement, and better by far than what it is beside.
#[test]
fn sentences_of_full_agreement_meet_their_gates() {
    let Some(file) = shared("FinancialPhraseBank-v1.0/Sentences_AllAgree.txt") else { return };
    let told = report(&format!("paper phrasebank {}", file.display()));
    let ours = figure(&told, "accuracy", "hashed linear (ours)");
    assert!(ours >= 0.88 && figure(&told, "macro-F1", "hashed linear (ours)") >= 0.83, "{told}");
    for (model, by) in [("majority", 0.2), ("lexicon", 0.05), ("naive Bayes", 0.03)] {
        assert!(ours > figure(&told, "accuracy", model) + by, "{model}: {told}");
    }
}

/// Of shuffled labels nothing can be learned.
#[test]
fn shuffled_labels_fall_to_the_majority() {
    let Some(file) = shared("FinancialPhraseBank-v1.0/Sentences_AllAgree.txt") else { return };
    let told = report(&format!("paper phrasebank {} --shuffle-labels --folds 5", file.display()));
    let majority = figure(&told, "accuracy", "majority");
    assert!(figure(&told, "accuracy", "hashed linear (ours)") <= majority + 0.05, "{told}");
}
