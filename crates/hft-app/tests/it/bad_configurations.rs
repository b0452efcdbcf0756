//! Every configuration in `bad_configurations.txt` is refused with exactly the lines below its `----`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p hft-app bad_config` rewrites the answers; read the difference before keeping it.

use crate::mirror::tables;
use hft_app::config::{Setting, Sources, load};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/bad_configurations.txt");

/// What a case gives, line by line: `env NAME=VALUE`, `set KEY=VALUE`, `file` (one that is not there); all other lines are `Config.toml`.
fn sources(given: &str, folder: &Path) -> Sources {
    let mut sources = Sources::default();
    let mut toml = String::new();
    for line in given.lines() {
        match line.split_once(' ') {
            Some(("env", variable)) => {
                let (name, value) = variable.split_once('=').expect("env NAME=VALUE");
                sources.environment.push((name.into(), value.into()));
            }
            Some(("set", setting)) => sources.set.push(setting.parse::<Setting>().expect("set KEY=VALUE")),
            Some(("file", name)) => sources.files.push(PathBuf::from(name)),
            _ => writeln!(toml, "{line}").expect("a String takes everything"),
        }
    }
    if !toml.is_empty() {
        let path = folder.join("Config.toml");
        std::fs::write(&path, toml).expect("a temporary folder can be written");
        sources.files.insert(0, path);
    }
    sources
}

#[test]
fn bad_configurations_are_refused_with_a_line_for_each_mistake() {
    let script = std::fs::read_to_string(SCRIPT).expect("the script is in the repository");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut cases, mut answers) = (0, String::new());
    for case in script.split("\n\n").filter(|case| !case.trim().is_empty()) {
        let (given, _) = case.split_once("\n----").expect("a case has a ---- line");
        let refused = load(tables(), &sources(given.trim(), folder.path()));
        let message = match refused {
            Ok(_) => panic!("accepted, but should not be:\n{given}"),
            Err(violations) => violations.to_string().replace(&format!("{}/", folder.path().display()), ""),
        };
        let gap = if cases == 0 { "" } else { "\n" };
        writeln!(answers, "{gap}{}\n----\n{message}", given.trim()).expect("a String takes everything");
        cases += 1;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(SCRIPT, &answers).expect("the script can be written");
    }
    assert!(cases >= 60, "{cases} bad configurations are too few");
    let script = std::fs::read_to_string(SCRIPT).expect("the script is in the repository");
    for (expected, got) in script.split("\n\n").zip(answers.split("\n\n")) {
        assert_eq!(expected.trim(), got.trim());
    }
}
