//! Real samples, where they are at hand: in `$HFT_DATA`, or in `../shared/data` beside the workspace.

#![allow(clippy::wildcard_enum_match_arm, reason = "a check looks at the kinds that it counts")]

mod binance;
mod bitstamp;
#[cfg(feature = "dbn")]
mod dbn;
mod itch;
mod lobster;
mod replay;
mod stylised;
mod venues;

use std::path::{Path, PathBuf};

/// A sample, or `None` and one line that says so.
fn sample(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HFT_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        println!("not checked: {} is not there (set HFT_DATA to the folder of samples)", path.display());
        return None;
    }
    Some(path)
}
