//! The house rules that a compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

/// A file fits in a sitting.
const LINES_MAX: usize = 420;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace").to_owned()
}

/// Every Rust file of the workspace, outside build output.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the workspace") {
            let path = entry.expect("readable").path();
            let name = path.file_name().expect("entries have names").to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && name != "target" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("source files are text");
                files.push((path, text));
            }
        }
    }
    assert!(files.len() > 50, "the walk found the workspace");
    files
}

fn offenders(what: &str, is_offence: impl Fn(&Path, &str) -> bool) {
    let found: Vec<_> = sources().into_iter().filter(|(path, text)| is_offence(path, text)).map(|(p, _)| p).collect();
    assert!(found.is_empty(), "{what}: {found:#?}");
}

#[test]
fn every_file_says_what_it_is() {
    offenders("no module documentation on top", |_, text| !text.starts_with("//!") && !text.starts_with("#!"));
}

#[test]
fn every_file_fits_in_a_sitting() {
    offenders("longer than a sitting", |_, text| text.lines().count() > LINES_MAX);
}

#[test]
fn nothing_is_left_unfinished() {
    let words = ["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}", "unimpl\u{65}mented!", "tod\u{6f}!("];
    offenders("unfinished", |_, text| words.iter().any(|word| text.contains(word)));
}

#[test]
fn async_and_clocks_stay_at_the_edge() {
    offenders("async, channels or tokio outside the realtime driver", |path, text| {
        let path = path.to_string_lossy();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let uses = code.into_iter().any(|line| line.contains("tokio") || line.contains("async fn"));
        path.contains("crates/hft-core/src") && !path.contains("world/realtime") && uses
    });
}

#[test]
fn the_core_knows_no_pattern() {
    offenders("a pattern named in the core", |path, text| {
        let patterns = ["hft_passive", "hft_latency", "hft_index", "hft_statarb", "hft_news", "hft_lob", "hft_manip"];
        path.to_string_lossy().contains("crates/hft-core/src") && patterns.iter().any(|name| text.contains(name))
    });
}

/// What a file declares with `pub` at its margin, each with its documentation. The compiler warns of a `pub` that cannot
/// be reached, so these are the public items. Left out: the types that a macro makes.
fn public_items(text: &str) -> Vec<(&str, String)> {
    let mut items = Vec::new();
    let mut documentation = String::new();
    for line in text.lines() {
        if let Some(said) = line.strip_prefix("///") {
            documentation.push_str(said);
            documentation.push('\n');
        } else if let Some(item) = line.strip_prefix("pub ") {
            items.push((item, std::mem::take(&mut documentation)));
        } else if line.is_empty() {
            documentation.clear();
        }
    }
    items
}

/// `struct Price(i64);` is called `Price`.
fn name_of(item: &str) -> &str {
    let name = item.split(' ').nth(1).unwrap_or_default();
    name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn has_example(documentation: &str) -> bool {
    documentation
        .lines()
        .map(str::trim_start)
        .any(|line| line.starts_with("```") && line != "```text" && line != "```toml")
}

#[test]
fn every_public_type_of_the_core_leads_to_an_example() {
    let core = sources().into_iter().filter(|(path, _)| path.to_string_lossy().contains("crates/hft-core/src"));
    let files: Vec<(PathBuf, String)> = core.collect();
    let items: Vec<_> = files.iter().flat_map(|(_, text)| public_items(text)).collect();
    let shown: Vec<&str> = items.iter().filter(|(_, text)| has_example(text)).map(|(item, _)| name_of(item)).collect();
    let leads = |text: &str| {
        let linked = text.lines().filter_map(|line| line.trim().strip_prefix("Example: [`")?.split('`').next());
        linked.into_iter().any(|name| shown.contains(&name))
    };
    let is_type = |item: &str| ["struct ", "enum ", "trait "].iter().any(|kind| item.starts_with(kind));
    let types: Vec<_> = items.iter().filter(|(item, _)| is_type(item)).collect();
    assert!(types.len() > 100, "the walk found the types");
    let silent: Vec<_> =
        types.iter().filter(|(_, text)| !has_example(text) && !leads(text)).map(|(item, _)| item).collect();
    assert!(silent.is_empty(), "neither an example nor a link to one: {silent:#?}");
}
