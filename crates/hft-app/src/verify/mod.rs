//! The task `verify`: runs a recorded run again, and compares.
//!
//! A run folder with a journal is replayed from it: every node must send, in order, byte-equal messages. One without (a lockstep run
//! keeps none, unless asked) is run again from its seed and configuration. Either way the digest must come out equal, every file that
//! the run wrote to the last byte, and every file must still be what the manifest says it is.
//!
//! A run that was killed has no manifest. Its journal, if it kept one, is replayed up to where it was cut, and its rows must agree as
//! far as both go.
//!
//! Left out: `wall_s` of the summary, which no two runs share; of a run by the clock, the stages that its driver measured and why it
//! stopped, which no journal tells; `report.html`, which is drawn from the other files.

mod files;
mod journal;
mod observed;

use journal::{Replayed, replay_journal};
pub(crate) use observed::Restaged;

use crate::config::{self, Resolved, RunConfig, Sources};
use crate::exit::Failure;
use crate::flags::Shared;
use crate::interrupt::Interrupt;
use crate::output::{MANIFEST, Manifest, RunFolder, Summary};
use crate::pattern::{Pattern, kept_tables};
use crate::run::{
    self, ALWAYS, CONFIGURATION, Driver, Facts, Files, Gauge, JOURNAL, Outcome, RecorderParts, Stops, Until,
};
use crate::sweep;
use crate::terminal::Terminal;
use anyhow::{Context, anyhow};
use hft_core::world::{Ending, Unobserved};
use std::path::{Path, PathBuf};

/// What was compared, for people and as JSON.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Verdict {
    /// `journal` or `seed and configuration`.
    pub from: &'static str,
    /// Records of the journal that were replayed; none without one.
    pub records: Option<u64>,
    /// The digest, equal in both.
    pub digest: String,
    /// Whether the journal was closed by its run, or cut.
    pub whole: bool,
    /// Fills that came out byte for byte the same; none where the journal was cut, for then the run's rows go further.
    pub fills: Option<u64>,
    /// The files that came out byte for byte the same; where the journal was cut, as far as both go.
    pub files: Vec<String>,
}

/// Where and from what a run happens again.
struct Again<'a> {
    folder: &'a Path,
    config: &'a Resolved,
    /// The folder of its own that it writes to.
    scratch: PathBuf,
    interrupt: &'a Interrupt,
}

/// Runs the run in a folder again.
///
/// # Errors
/// [`Failure::Data`] when the folder is no run of this pattern or its files were changed, [`Failure::ReplayMismatch`] when the
/// run does not come out the same.
pub fn verify<P: Pattern>(folder: &Path, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    shared.leaves_configuration("a run is verified with its own configuration and seed")?;
    one_run(folder)?;
    let scratch = tempfile::tempdir().context("no room for a scratch folder")?;
    let interrupt = &terminal.interrupt;
    let verdict = if !folder.join(MANIFEST).exists() && folder.join(JOURNAL).exists() {
        let config = configuration::<P>(folder)?;
        killed::<P>(&Again { folder, config: &config, scratch: scratch.path().to_owned(), interrupt })?
    } else {
        let (manifest, config) = open::<P>(folder)?;
        let again = Again { folder, config: &config, scratch: scratch.path().to_owned(), interrupt };
        finished::<P>(&again, &manifest)?
    };
    let text = if shared.json {
        format!("{:#}\n", serde_json::to_value(&verdict).map_err(anyhow::Error::from)?)
    } else {
        verdict.words()
    };
    Ok(terminal.out.write_all(text.as_bytes())?)
}

/// Opens the folder of a finished run of this pattern, in which nothing was changed.
///
/// # Errors
/// When it is none.
pub(crate) fn open<P: Pattern>(folder: &Path) -> Result<(Manifest, Resolved), Failure> {
    one_run(folder)?;
    let manifest = Manifest::read(folder).map_err(Failure::Data)?;
    let refused = |text: String| Err(Failure::Data(anyhow!("{}: {text}", folder.join(MANIFEST).display())));
    if manifest.run.pattern != P::NAME {
        return refused(format!("a run of {}, not of {}", manifest.run.pattern, P::NAME));
    }
    if let Some(name) = ALWAYS.iter().find(|name| !manifest.files.contains_key(**name)) {
        return refused(format!("{name} is not in it, which every run leaves"));
    }
    manifest.check(folder).map_err(Failure::Data)?;
    let config = configuration::<P>(folder)?;
    let run: RunConfig = config.table("run");
    if manifest.run.seed != run.seed {
        return refused(format!("seed {}, and {CONFIGURATION} says {}", manifest.run.seed, run.seed));
    }
    if manifest.run.config_hash != config.hash() {
        let (was, is) = (&manifest.run.config_hash, config.hash());
        return refused(format!("a configuration with the hash {was}, and that of {CONFIGURATION} is {is}"));
    }
    Ok((manifest, config))
}

/// Refuses the folder of a sweep, which holds rows of many runs and nothing that one of them left.
///
/// # Errors
/// When it is one.
pub(crate) fn one_run(folder: &Path) -> Result<(), Failure> {
    if sweep::is_sweep(folder) {
        return Err(Failure::Data(anyhow!(
            "{} is the folder of a sweep, of many runs; this needs the folder of one: run the seed of a row of its runs.csv with `run`",
            folder.display()
        )));
    }
    Ok(())
}

/// The configuration that a run folder keeps, and no other.
///
/// # Errors
/// When it is not there or no longer allowed.
pub fn configuration<P: Pattern>(folder: &Path) -> Result<Resolved, Failure> {
    let file = folder.join(CONFIGURATION);
    if !file.exists() {
        return Err(Failure::Data(anyhow!("{} is missing: this is no folder of a finished run", file.display())));
    }
    Ok(config::load(kept_tables::<P>(&file), &Sources { files: vec![file], ..Sources::default() })?)
}

/// A run that ended: everything is compared.
fn finished<P: Pattern>(again: &Again<'_>, manifest: &Manifest) -> Result<Verdict, Failure> {
    let told = Summary::of_folder(again.folder).map_err(Failure::Data)?;
    let by_clock = told.run.driver == Driver::Realtime.to_string();
    let (mut verdict, outcome) = if again.folder.join(JOURNAL).exists() {
        match from_journal::<P>(again)? {
            (verdict, Some(outcome)) => (verdict, outcome),
            (verdict, None) => return Ok(verdict),
        }
    } else if by_clock {
        let text = anyhow!("{} was run by the clock, and has no journal any more", again.folder.display());
        return Err(Failure::Data(text));
    } else {
        from_seed::<P>(again, manifest.run.stopped_after)?
    };
    if manifest.run.digest.as_deref() != Some(verdict.digest.as_str()) {
        let was = manifest.run.digest.as_deref().unwrap_or_default();
        return Err(Failure::ReplayMismatch(format!("the digest was {was} and is {}", verdict.digest)));
    }
    for name in files::ROWS {
        let lines = files::same_rows(name, again.folder, &only(&again.scratch)?)?;
        if name == files::ROWS[0] {
            verdict.fills = Some(lines.saturating_sub(1));
        }
        verdict.files.push(name.to_owned());
    }
    files::same_summary(told, outcome.summary, verdict.records.is_some())?;
    verdict.files.push("summary.json".to_owned());
    for (name, content) in &outcome.files {
        files::same_content(name, again.folder, content)?;
        verdict.files.push(name.clone());
    }
    Ok(verdict)
}

/// A run that never ended, and left a journal: what there is of both is compared.
fn killed<P: Pattern>(again: &Again<'_>) -> Result<Verdict, Failure> {
    let (mut verdict, _) = from_journal::<P>(again)?;
    for name in files::ROWS {
        files::agreeing_rows(name, again.folder, &only(&again.scratch)?)?;
        verdict.files.push(name.to_owned());
    }
    Ok(Verdict { whole: false, ..verdict })
}

fn parts(again: &Again<'_>) -> anyhow::Result<RecorderParts> {
    let run: RunConfig = again.config.table("run");
    let folder = RunFolder::create(&again.scratch, "again", run.seed)?;
    let files = Some(Files::create(&folder)?);
    Ok(RecorderParts { files, lines: None, gauge: Gauge::new(run.duration()), stop: Interrupt::default() })
}

fn from_seed<P: Pattern>(again: &Again<'_>, stop_after: Option<u64>) -> Result<(Verdict, Outcome), Failure> {
    let parts = parts(again)?;
    let halt = parts.stop.clone();
    let (stage, scene) = run::stage::<P>(again.config, parts)?;
    let facts = Facts::again::<P>(again.config);
    let desk = stage.desk;
    let stops = Stops { interrupt: again.interrupt, halt: &halt };
    let ended = run::rerun(stage.world, Until { until: facts.until, stop_after, stops }, &mut Unobserved)?;
    let outcome = run::conclude(ended, desk, &facts, scene)?;
    let digest = outcome.summary.run.digest.clone();
    let verdict =
        Verdict { from: "seed and configuration", records: None, digest, whole: true, fills: None, files: Vec::new() };
    Ok((verdict, outcome))
}

/// Without an outcome where the journal was cut: its run went further than anybody knows.
fn from_journal<P: Pattern>(again: &Again<'_>) -> Result<(Verdict, Option<Outcome>), Failure> {
    let (stage, scene) = run::stage::<P>(again.config, parts(again)?)?;
    let desk = stage.desk;
    let Replayed { ran, ending, records } =
        replay_journal(again.folder, again.config, stage, again.interrupt, &mut Unobserved)?;
    let verdict = Verdict {
        from: "journal",
        records: Some(records),
        digest: ran.digest().to_string(),
        whole: ending == Ending::Whole,
        fills: None,
        files: Vec::new(),
    };
    if ending == Ending::Cut {
        return Ok((verdict, None));
    }
    let outcome = run::conclude(run::replayed(ran), desk, &Facts::again::<P>(again.config), scene)?;
    match outcome.failure {
        Some(failure @ Failure::Honesty(_)) => Err(failure),
        _ => Ok((verdict, Some(outcome))),
    }
}

/// The folder that the run made in its scratch folder.
fn only(scratch: &Path) -> anyhow::Result<PathBuf> {
    let mut entries = std::fs::read_dir(scratch).context("the scratch folder is gone")?;
    Ok(entries.next().context("the run made a folder")?.context("the scratch folder is gone")?.path())
}

impl Verdict {
    fn words(&self) -> String {
        let from = match self.records {
            Some(records) => format!("{records} records of the journal, every message equal"),
            None => "run again from seed and configuration".to_owned(),
        };
        let files = self.files.join(", ");
        let rest = match self.fills {
            Some(fills) => format!("{fills} fills; {files} byte for byte the same"),
            None if files.is_empty() => "the journal was cut: what precedes the cut agrees".to_owned(),
            None => format!("the run never ended: what its journal and {files} hold agrees"),
        };
        format!("verified: {from}; digest {}; {rest}\n", self.digest)
    }
}
