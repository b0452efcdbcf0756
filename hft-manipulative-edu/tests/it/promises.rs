//! What this crate must never be: a program that reaches a market, or a default build with a manipulator in it.

use std::fs;
use std::process::Command;

/// Whatever opens a socket.
const NETWORK: [&str; 12] = [
    "curl",
    "hyper",
    "mio",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "socket2",
    "tungstenite",
    "ureq",
    "websocket",
];

#[test]
fn no_crate_that_it_depends_on_opens_a_socket() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none", "--edges", "normal,build", "-p", "hft-manipulative-edu"])
        .args([
            "--features",
            "educational-manipulation",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .output()
        .expect("cargo can tell the tree");
    let text = String::from_utf8(tree.stdout).expect("names are text");
    let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"hft-core") && names.contains(&"serde"), "{text}");
    let found: Vec<&&str> = names.iter().filter(|name| NETWORK.iter().any(|net| name.contains(net))).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// The binary beside these tests has symbols; those of the laboratory carry its module's name.
#[test]
fn a_default_build_has_no_manipulator_in_it() {
    let binary = fs::read(env!("CARGO_BIN_EXE_hft-manipulative-edu")).expect("the binary of this build");
    let has = |name: &[u8]| binary.windows(name.len()).any(|part| part == name);
    assert!(has(b"20hft_manipulative_edu12surveillance"), "the search finds what is there");
    assert_eq!(has(b"20hft_manipulative_edu10laboratory"), cfg!(feature = "educational-manipulation"));
}

#[test]
fn no_feature_turns_the_laboratory_on() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("a manifest");
    let features = manifest.split("[features]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("features");
    let naming: Vec<&str> = features.lines().filter(|line| line.contains("educational-manipulation")).collect();
    assert_eq!(naming, ["educational-manipulation = []"], "declared, and in no other");
    assert!(!features.lines().any(|line| line.starts_with("default")), "off by default");
}
