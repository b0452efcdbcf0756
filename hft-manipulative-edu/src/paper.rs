//! What the surveillance says of a recorded market, as a command: `paper alarms FILE`.
//!
//! Nobody knows what was meant in a recording, so nothing here is gated: it is a count, and what it is a count of.

use crate::surveillance::{Thresholds, Typology, alarms};
use clap::Args;
use hft_app::paper::{Paper, PaperReport, PaperRow, PaperSeed};
use hft_data::ReadOptions;
use std::path::PathBuf;

/// A recording.
#[derive(Clone, Debug, Args)]
struct AlarmsArgs {
    /// A recording that names orders, of any format
    file: PathBuf,
}

/// All of them.
pub(crate) fn papers() -> Vec<Paper> {
    let about = "The surveillance on a recorded market that nobody touched: alarms an hour, and what they are";
    vec![Paper::new("alarms", about, run)]
}

fn run(args: AlarmsArgs, _seed: PaperSeed) -> anyhow::Result<PaperReport> {
    let thresholds = Thresholds::default();
    let told = alarms(&args.file, &ReadOptions::default(), thresholds)?;
    let mut rows = vec![
        PaperRow::new("recording", "hours", told.hours),
        PaperRow::new("recording", "observations", told.observations as f64),
        PaperRow::new("recording", "looked at closely", told.found.len() as f64),
    ];
    for typology in Typology::ALL {
        let an_hour = told.alarms_per_hour(typology, thresholds);
        rows.push(PaperRow::new("alarms an hour", typology.name(), an_hour));
    }
    let mut best: Vec<_> = told.found.iter().filter(|alert| alert.score >= thresholds.alert_score).collect();
    best.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut notes = vec![
        "Owners are not known: each order is judged alone, a fill on the other side may be anybody's, and a feed that does not tell executions from \
         cancels counts both as taken out."
            .to_owned(),
        "An alarm is not an accusation: nobody knows what was meant.".to_owned(),
    ];
    notes.extend(best.iter().take(3).map(|alert| {
        format!(
            "{:.3} s: {}, score {:.2}: {}",
            alert.raised_ns as f64 / 1e9,
            alert.typology.name(),
            alert.score,
            alert.why()
        )
    }));
    Ok(PaperReport {
        name: "alarms".to_owned(),
        citation: args.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        rows,
        notes,
    })
}
