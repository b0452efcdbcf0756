//! The maker as a program: `hft-passive-mm --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_passive_mm::PassiveMmPattern>()
}
