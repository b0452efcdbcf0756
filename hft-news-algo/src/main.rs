//! The reader as a program: `hft-news-algo --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    hft_app::main::<hft_news_algo::NewsAlgoPattern>()
}
