//! Trains the model that ships, on headlines of our own making: `cargo run --release -p hft-news-algo --example train`.
//!
//! The same bytes every time; the tests hold the file against them.

use hft_news_algo::reader::{SIZE_MAX, Shipped};

fn main() -> anyhow::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/headlines.bin");
    let bytes = Shipped::train().to_bytes();
    anyhow::ensure!(bytes.len() <= SIZE_MAX, "{} bytes of weights; at most {SIZE_MAX} are shipped", bytes.len());
    std::fs::write(path, &bytes)?;
    println!("{path}: {} bytes", bytes.len());
    Ok(())
}
