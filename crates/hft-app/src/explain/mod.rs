//! The task `explain`: the story of one fill.
//!
//! ```text
//!   run folder ──► the fill's row in fills.csv
//!       │
//!       ├──► the same run again, watched: from its seed, or from its journal ──► decision, queue, aggressor, midpoints
//!       │
//!       └──► its seed with one thing changed, once for each --what-if ──► filled there too? and the run?
//! ```
//!
//! Invariant: the run that is watched has the digest of the run that is explained, or nothing is explained.
//!
//! Left out: what those knew who traded in a recorded market; nobody does.

mod decisions;
mod kept;
mod queue;
mod sight;
mod story;
mod text;
mod what_if;
mod witness;

pub use kept::{KeptFill, newest};
pub use story::{Aggressor, Book, Decision, Explanation, Late, Later, QueueStep};
pub use what_if::WhatIf;

use crate::config::{Resolved, RunConfig, Setting};
use crate::exit::Failure;
use crate::flags::Shared;
use crate::interrupt::Interrupt;
use crate::output::{Manifest, Summary};
use crate::pattern::{Pattern, tables};
use crate::run::Stopped;
use crate::terminal::Terminal;
use crate::verify::{self, Restaged};
use anyhow::anyhow;
use clap::Args;
use hft_core::world::Directory;
use std::path::{Path, PathBuf};
use what_if::Asked;
use witness::Witness;

/// Which fill, of which run, compared with what.
#[derive(Clone, PartialEq, Debug, Args)]
pub struct ExplainFlags {
    /// The number of the fill: the column `fill` of fills.csv.
    pub fill: u64,
    /// The run folder; without it, the newest finished one of this pattern in the folder of runs.
    #[arg(long, value_name = "FOLDER")]
    pub run: Option<PathBuf>,
    /// Run the same seed with this changed, and tell what comes of it; may be repeated, and replaces the pattern's own questions.
    #[arg(long, value_name = "TABLE.KEY=VALUE")]
    pub what_if: Vec<Setting>,
}

/// Explains, and prints.
///
/// # Errors
/// [`Failure::Data`] when the folder is no finished run of this pattern or has no such fill, [`Failure::ReplayMismatch`] when the run
/// does not come out the same again.
pub fn explain<P: Pattern>(flags: &ExplainFlags, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration(
        "a run is explained with its own configuration and seed; to ask about another, write --what-if TABLE.KEY=VALUE",
    )?;
    if let Some(setting) = flags.what_if.iter().find(|setting| setting.key.starts_with("run.")) {
        let text = format!(
            "{} is not something else in the same run, but another run: --what-if changes keys of the market, the risk and the pattern",
            setting.key
        );
        return Err(Failure::Usage(text));
    }
    let folder = match &flags.run {
        Some(folder) => folder.clone(),
        None => {
            let run: RunConfig = shared.configure(tables::<P>(), Vec::new())?.table("run");
            kept::newest(Path::new(&run.out), P::NAME)?
        }
    };
    let explanation = explanation::<P>(&folder, flags, &terminal.interrupt)?;
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&explanation).map_err(anyhow::Error::from)?)
    } else {
        explanation.render(shared.style())
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// The story of a fill, as data.
///
/// # Errors
/// As [`explain`].
pub fn explanation<P: Pattern>(
    folder: &Path,
    flags: &ExplainFlags,
    interrupt: &Interrupt,
) -> Result<Explanation, Failure> {
    let (manifest, config) = verify::open::<P>(folder)?;
    let fill = KeptFill::read(folder, flags.fill)?;
    let (who, witness) = watch::<P>(folder, &manifest, &config, &fill, interrupt)?;
    let scene = witness.scene.clone().ok_or_else(|| {
        Failure::ReplayMismatch(format!("trade {} at {} did not happen again", fill.trade, fill.venue))
    })?;
    let questions = if flags.what_if.is_empty() { own_questions::<P>(&config) } else { flags.what_if.clone() };
    let told = Summary::of_folder(folder).map_err(Failure::Data)?.run;
    let asked = Asked {
        folder,
        fill: &fill,
        stop_after: manifest.run.stopped_after,
        interrupted: (told.ended_by == Stopped::Interrupted.to_string()).then(|| told.ended()),
        interrupt,
    };
    let changes = std::iter::once(None).chain(questions.iter().map(Some));
    let what_ifs: Vec<WhatIf> = changes.map(|change| what_if::what_if::<P>(asked, change)).collect::<Result<_, _>>()?;
    let driver = told.driver;
    Ok(story::tell(story::Told { folder, driver, fill, who: &who, scene, witness, what_ifs }))
}

/// Runs the run again, and watches.
fn watch<P: Pattern>(
    folder: &Path,
    manifest: &Manifest,
    config: &Resolved,
    fill: &KeptFill,
    interrupt: &Interrupt,
) -> Result<(Directory, Witness), Failure> {
    let restaged = Restaged::new::<P>(folder, manifest, config)?;
    let who = restaged.stage.who.clone();
    let book = sight::book_named(&who, &fill.symbol, &fill.venue)
        .ok_or_else(|| Failure::Data(anyhow!("there is no {} at {} in this run", fill.symbol, fill.venue)))?;
    let mut witness = Witness::new(fill, book);
    restaged.run(interrupt, &mut witness)?;
    Ok((who, witness))
}

/// What the pattern itself would ask.
fn own_questions<P: Pattern>(config: &Resolved) -> Vec<Setting> {
    let asked = P::what_ifs(&config.table(P::TABLE)).into_iter();
    asked.map(|(key, value)| Setting { key: format!("{}.{key}", P::TABLE), value }).collect()
}
