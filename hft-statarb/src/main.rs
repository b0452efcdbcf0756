//! The desk as a program: `hft-statarb --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_statarb::StatarbPattern>()
}
