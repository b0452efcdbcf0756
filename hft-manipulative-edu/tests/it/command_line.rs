//! Configuration and gate on the command line.

use crate::CLI;
use hft_app::exit::Exit;

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "behaviour = \"none\""),
        ("config show", Exit::Ok, "[manipulative_edu.surveillance]"),
        ("config schema", Exit::Ok, "oystacher-2014"),
        ("config check --set manipulative_edu.behaviour=spoofing", Exit::Ok, "ok: "),
        ("config check --set manipulative_edu.behaviour=spoof", Exit::Config, "spoofing"),
        ("config check --set manipulative_edu.surveillance.alert_score=1.5", Exit::Config, "must be a number >= 0"),
        (
            "config check --set manipulative_edu.honest.iceberg_shown=100",
            Exit::Config,
            "must be at most iceberg_size, 60",
        ),
        ("paper", Exit::Ok, "alarms"),
        ("paper alarms nowhere.csv", Exit::Usage, "nowhere.csv"),
        ("config check --set manipulative_edu.venue.servic_ns=1", Exit::Config, "service_ns"),
    ]);
}

/// Nobody manipulates by mistake: not by a flag, not by a wrong sentence, and not in a sweep.
#[test]
fn whoever_is_not_admitted_is_refused_with_a_code_of_its_own() {
    let says = if cfg!(feature = "educational-manipulation") {
        "set manipulative_edu.acknowledgement"
    } else {
        "this build has no manipulator in it"
    };
    for line in [
        "run --fast --duration 1s --set manipulative_edu.behaviour=spoofing",
        "run --fast --duration 1s --set manipulative_edu.behaviour=ignition --set manipulative_edu.acknowledgement=indeed",
        "run --fast --seeds 2 --duration 1s --set manipulative_edu.behaviour=stuffing",
        "--duration 1s --set manipulative_edu.behaviour=sarao-2010 --set manipulative_edu.acknowledgement=yes",
        "sweep manipulative_edu.behaviour=spoofing,layering --seeds 1 --duration 1s",
    ] {
        let out = hft_app::testing::temporary();
        let (exit, stdout, stderr, folder) = CLI.run_in(out.path(), line);
        assert_eq!(exit, Exit::GateRefused, "{line}\n{stdout}{stderr}");
        assert!(stderr.contains(says), "{stderr}");
        assert!(!folder.join("summary.json").exists(), "{line} left a run");
    }
}

/// The file at the root is allowed as it stands, and documents the defaults.
#[test]
fn the_documented_configuration_is_allowed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../Config.toml");
    CLI.check_documented(file, &["behaviour = \"none\"", "acknowledgement = \"none\"", "latency_us = 200"]);
}
