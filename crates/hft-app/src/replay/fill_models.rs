//! The task `fill-model-error`: how wrong each fill model is, on a recording that knows the truth.

use crate::config::ReplayConfig;
use crate::exit::Failure;
use crate::flags::{Shared, duration};
use crate::output::{Style, seconds};
use crate::terminal::Terminal;
use clap::Args;
use hft_core::models::Nanos;
use hft_data::Format;
use hft_data::replay::{FillModelError, ModelError, Probing};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Which recording, and how it is probed.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct FillModelFlags {
    /// The files: a recording of single orders and their executions.
    #[arg(required = true)]
    pub data: Vec<PathBuf>,
    /// What they are, where it should not be told from their content.
    #[arg(long)]
    pub format: Option<Format>,
    /// The instrument, where a file has several or does not name it.
    #[arg(long)]
    pub symbol: Option<String>,
    /// A LOBSTER orderbook file whose first row is the book in which a message file begins.
    #[arg(long, value_name = "FILE")]
    pub seed_book: Option<PathBuf>,
    /// Between two probes of a side.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "1s")]
    pub every: Nanos,
    /// How long each is watched.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30s")]
    pub horizon: Nanos,
    /// Where to write a picture of it.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// Measures, and prints.
///
/// # Errors
/// [`Failure::Data`] when the recording cannot be read, or has no truth in it.
pub fn fill_model_error(flags: &FillModelFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration("a recording and how it is probed is all there is to it")?;
    let path = |path: &PathBuf| path.display().to_string();
    let replay = ReplayConfig {
        data: flags.data.iter().map(path).collect(),
        format: flags.format.map_or_else(|| "auto".to_owned(), |format| format.name().to_owned()),
        symbol: flags.symbol.clone(),
        seed_book: flags.seed_book.as_ref().map(path),
        ..ReplayConfig::default()
    };
    let survey = super::market::survey(&replay)?;
    let probing = Probing { every: flags.every, horizon: flags.horizon };
    let found = FillModelError::of(&survey, probing).map_err(|error| Failure::Data(error.into()))?;
    if let Some(file) = &flags.svg {
        std::fs::write(file, picture(&found))?;
    }
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&found).map_err(anyhow::Error::from)?)
    } else {
        table(&found, shared.style())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

fn percent(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    let share = part as f64 / whole.max(1) as f64;
    100.0 * share
}

fn table(found: &FillModelError, style: Style) -> String {
    let FillModelError { symbol, probing, probes, filled, time_to_fill_s, models } = found;
    let (every, horizon) = (seconds(probing.every), seconds(probing.horizon));
    let mut text = format!(
        "{}\n  {probes} unseen orders of one lot joined the best prices, one a side every {every} s, and were watched for {horizon} s.\n  \
         In truth {:.2} % were filled, after {time_to_fill_s:.3} s at the mean.\n\n",
        style.bold(&format!("Fill models against the recorded queue of {symbol}")),
        percent(*filled, *probes)
    );
    let head = format!(
        "  {:<14}{:>10}{:>12}{:>10}{:>16}{:>16}\n",
        "model", "filled %", "bias, pp", "wrong %", "time bias, s", "time error, s"
    );
    text += &style.dim(&head);
    for model in models {
        let ModelError { filled, wrong, time_bias_s, time_error_s, .. } = model;
        writeln!(
            text,
            "  {:<14}{:>10.2}{:>+12.2}{:>10.2}{time_bias_s:>+16.3}{time_error_s:>16.3}",
            model.model.to_string(),
            percent(*filled, *probes),
            100.0 * found.bias(model),
            percent(*wrong, *probes)
        )
        .expect("a String takes everything");
    }
    text
}

/// How often each model fills, beside how often the truth does; and in which share it is wrong.
fn picture(found: &FillModelError) -> String {
    let (left, top, row, width) = (120.0, 56.0, 26.0, 560.0);
    #[allow(clippy::cast_precision_loss, reason = "a picture")]
    let rows = found.models.len() as f64;
    let height = top + row * rows + 40.0;
    let across = |share: f64| width * share / 100.0;
    let truth = left + across(percent(found.filled, found.probes));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <text x=\"{left}\" y=\"20\" font-size=\"15\">{}: how often a fill model fills, and how often it is wrong</text>\n\
         <text x=\"{left}\" y=\"40\" fill=\"#777\">per cent of {} probes; the line is the truth</text>\n",
        found.symbol, found.probes
    );
    let mut y = top;
    for model in &found.models {
        let (fills, wrong) = (percent(model.filled, found.probes), percent(model.wrong, found.probes));
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n\
             <rect x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"10\" fill=\"#4477aa\"/>\n\
             <rect x=\"{left}\" y=\"{:.1}\" width=\"{:.1}\" height=\"6\" fill=\"#cc6677\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\">{fills:.1}, wrong {wrong:.1}</text>",
            left - 8.0,
            y + 12.0,
            model.model,
            across(fills),
            y + 11.0,
            across(wrong),
            left + across(fills.max(wrong)) + 6.0,
            y + 13.0
        )
        .expect("a String takes everything");
        y += row;
    }
    writeln!(
        svg,
        "<line x1=\"{truth:.1}\" x2=\"{truth:.1}\" y1=\"{:.1}\" y2=\"{y:.1}\" stroke=\"#222\"/>\n</svg>",
        top - 6.0
    )
    .expect("a String takes everything");
    svg
}
