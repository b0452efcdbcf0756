//! Writes a whole run folder, report included, from made-up numbers: to look at the page without a market.
//!
//! `cargo run -p hft-app --example sample_report -- target/sample [samples]`

#[path = "../tests/it/sample.rs"]
mod sample;

use hft_app::output::{Report, Style};
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let out = args.next().unwrap_or_else(|| "target/sample".to_owned());
    let samples = args.next().map_or(Ok(18_000), |text| text.parse())?;
    let sample = sample::Sample::new(samples);
    let folder = sample.write(Path::new(&out))?;
    print!("{}", sample.summary.render(Style::of_stdout()));
    let html = Report {
        summary: &sample.summary,
        config: &sample.config,
        command: "hft-passive-mm --fast",
        series: &sample.series,
    }
    .html();
    println!("{} ({} bytes)", folder.join("report.html").display(), html.len());
    Ok(())
}
