//! The race as a program: `hft-latency-arb --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_latency_arb::LatencyArbPattern>()
}
