//! What is in a file: `cargo run --release -p hft-data --example info -- FILE..`

use hft_data::{Info, OnBadRecord, ReadOptions};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = ReadOptions { on_bad_record: OnBadRecord::Skip, ..ReadOptions::default() };
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args_os().skip(1) {
        match Info::of(path.as_ref(), &options) {
            Ok(info) => print!("{info}"),
            Err(error) => {
                eprintln!("{error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
