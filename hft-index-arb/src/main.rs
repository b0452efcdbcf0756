//! The desk as a program: `hft-index-arb --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_index_arb::IndexArbPattern>()
}
