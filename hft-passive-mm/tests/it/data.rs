//! Recordings, looked at from the command line.

use crate::CLI;
use hft_app::exit::Exit;
use hft_app::testing::temporary;
use std::fs;

#[test]
fn what_is_in_a_file_is_told_and_what_is_no_recording_is_refused() {
    let folder = temporary();
    let file = folder.path().join("events.csv");
    let rows = "local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2\n\
                1700000000000000000,,XYZ,quote,,,,,99.98,5,100.02,7\n\
                1700000000000500000,,XYZ,trade,,1,,buy,100.02,3,,\n";
    fs::write(&file, rows).expect("writable");
    let (exit, stdout, stderr) = CLI.run(&format!("data info {}", file.display()));
    assert_eq!(exit, Exit::Ok, "{stderr}");
    assert!(stdout.contains("csv, 2 records, 2 events") && stdout.contains("quote 1, trade 1"), "{stdout}");
    let (exit, stdout, _) = CLI.run(&format!("data info {} --json", file.display()));
    let told: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((exit, &told[0]["events"]), (Exit::Ok, &serde_json::json!(2)));
    fs::write(&file, rows.replace("99.98", "a lot")).expect("writable");
    for (flags, exit, says) in [
        ("--on-bad-record stop", Exit::Data, "events.csv, line 2"),
        ("--on-bad-record skip", Exit::Ok, "1 events"),
        ("--on-bad-record perhaps", Exit::Usage, "stop, skip"),
        ("--format tape", Exit::Usage, "lobster"),
        ("--format itch", Exit::Data, "expected"),
    ] {
        let (got, stdout, stderr) = CLI.run(&format!("data info {} {flags}", file.display()));
        assert_eq!(got, exit, "{flags}: {stdout}{stderr}");
        assert!(stdout.contains(says) || stderr.contains(says), "{flags}: {stdout}{stderr}");
    }
    let (exit, _, stderr) = CLI.run("data info no-such-file");
    assert_eq!(exit, Exit::Data, "{stderr}");
}

#[test]
fn sources_are_named_and_nothing_is_fetched() {
    let (exit, stdout, stderr) = CLI.run("data fetch --list");
    assert_eq!(exit, Exit::Ok, "{stderr}");
    let (_, json, _) = CLI.run("data fetch --list --json");
    let told: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let sources = told.as_array().expect("a list");
    for source in sources {
        for key in ["name", "what", "address", "terms", "how", "format"] {
            assert!(stdout.contains(source[key].as_str().expect(key)), "{key} of {source}");
        }
        let format = source["format"].as_str().expect("a word");
        assert!(format == "dbn" || hft_data::Format::names().contains(&format), "{format} is read here");
    }
    assert_eq!(CLI.run("data fetch").0, Exit::Usage, "there is nothing else to ask");
}
