//! Surveillance and its laboratory as a program: `hft-manipulative-edu --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_manipulative_edu::ManipulativeEduPattern>()
}
