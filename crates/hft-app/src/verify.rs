//! The task `verify`: runs a recorded run again, and compares.
//!
//! A run folder with a journal is replayed from it: every node must send, in order, byte-equal messages. One without (a lockstep run
//! keeps none, unless asked) is run again from its seed and configuration. Either way the digest and `fills.csv` must come out equal,
//! and every file must still be what the manifest says it is.
//!
//! Left out: `wall_s` of the summary, which no two runs share.

use crate::config::{self, Resolved, RunConfig, Sources};
use crate::exit::Failure;
use crate::flags::Shared;
use crate::interrupt::Interrupt;
use crate::output::{Manifest, RunFolder};
use crate::pattern::{Pattern, tables};
use crate::run::{self, CONFIGURATION, Facts, Files, Gauge, JOURNAL, RecorderParts, Stage, Stops, Until};
use crate::sweep;
use crate::terminal::Terminal;
use anyhow::{Context, anyhow};
use hft_core::models::Timestamp;
use hft_core::world::{
    Delivery, Digest, Ending, JournalError, JournalReader, Node, NodeId, Observer, Ran, ReplayError, Unobserved,
    replay_observed,
};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

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
    pub fills: Option<usize>,
}

/// Runs the run in a folder again.
///
/// # Errors
/// [`Failure::Data`] when the folder is no run of this pattern or its files were changed, [`Failure::ReplayMismatch`] when the
/// run does not come out the same.
pub fn verify<P: Pattern>(folder: &Path, shared: &Shared, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let (manifest, config) = open::<P>(folder)?;
    let scratch = tempfile::tempdir().context("no room for a scratch folder")?;
    let verdict = if folder.join(JOURNAL).exists() {
        from_journal::<P>(folder, &config, scratch.path(), &terminal.interrupt)?
    } else {
        from_seed::<P>(&config, manifest.run.stopped_after, scratch.path(), &terminal.interrupt)?
    };
    if verdict.whole && manifest.run.digest.as_deref() != Some(verdict.digest.as_str()) {
        let was = manifest.run.digest.unwrap_or_default();
        return Err(Failure::ReplayMismatch(format!("the digest was {was} and is {}", verdict.digest)));
    }
    let verdict = if verdict.whole { with_fills(verdict, folder, scratch.path())? } else { verdict };
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
    if manifest.run.pattern != P::NAME {
        let text = anyhow!("{} is a run of {}, not of {}", folder.display(), manifest.run.pattern, P::NAME);
        return Err(Failure::Data(text));
    }
    manifest.check(folder).map_err(Failure::Data)?;
    let config = configuration::<P>(folder)?;
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
    Ok(config::load(tables::<P>(), &Sources { files: vec![file], ..Sources::default() })?)
}

fn parts(scratch: &Path, config: &Resolved) -> anyhow::Result<(RunFolder, RecorderParts)> {
    let run: RunConfig = config.table("run");
    let folder = RunFolder::create(scratch, "again", run.seed)?;
    let files = Some(Files::create(&folder)?);
    Ok((folder, RecorderParts { files, lines: None, gauge: Gauge::new(run.duration()), stop: Interrupt::default() }))
}

fn from_seed<P: Pattern>(
    config: &Resolved,
    stop_after: Option<u64>,
    scratch: &Path,
    interrupt: &Interrupt,
) -> Result<Verdict, Failure> {
    let (_folder, parts) = parts(scratch, config)?;
    let halt = parts.stop.clone();
    let (stage, scene) = run::stage::<P>(config, parts)?;
    let facts = Facts::again::<P>(config);
    let desk = stage.desk;
    let ends = Until { until: facts.until, stop_after, stops: Stops { interrupt, halt: &halt } };
    let ended = run::rerun(stage.world, ends, &mut Unobserved)?;
    let outcome = run::conclude(ended, desk, &facts, scene)?;
    let digest = outcome.summary.run.digest;
    Ok(Verdict { from: "seed and configuration", records: None, digest, whole: true, fills: None })
}

fn from_journal<P: Pattern>(
    folder: &Path,
    config: &Resolved,
    scratch: &Path,
    interrupt: &Interrupt,
) -> Result<Verdict, Failure> {
    let (_folder, parts) = parts(scratch, config)?;
    let (stage, _) = run::stage::<P>(config, parts)?;
    let desk = stage.desk;
    let Replayed { ran, ending, records } = replay_journal(folder, config, stage, interrupt, &mut Unobserved)?;
    let digest: Digest = ran.digest();
    let facts = Facts::again::<P>(config);
    run::finish_recorder(ran, facts.until, desk)?;
    Ok(Verdict {
        from: "journal",
        records: Some(records),
        digest: digest.to_string(),
        whole: ending == Ending::Whole,
        fills: None,
    })
}

/// A journal's run, run again.
pub(crate) struct Replayed {
    pub(crate) ran: Ran<Node>,
    pub(crate) ending: Ending,
    pub(crate) records: u64,
}

/// Lets a person stop a replay, which asks nobody else.
struct Interruptible<'a, O> {
    interrupt: &'a Interrupt,
    records: u64,
    observer: &'a mut O,
}

impl<O: Observer<Node>> Observer<Node> for Interruptible<'_, O> {
    fn before(&mut self, delivery: &Delivery<'_>) {
        self.observer.before(delivery);
    }

    fn after(&mut self, now: Timestamp, node: NodeId, nodes: &[Node]) -> anyhow::Result<()> {
        self.records += 1;
        if self.records.is_multiple_of(LOOK_EVERY) && self.interrupt.count() > 0 {
            return Err(run::interrupted());
        }
        self.observer.after(now, node, nodes)
    }
}

/// Every how many records of a journal a person may stop its replay: well under a millisecond's worth.
const LOOK_EVERY: u64 = 1 << 10;

/// Replays the journal of a run folder under an observer's eyes.
///
/// # Errors
/// When it cannot be read, is of another run, or differs.
pub(crate) fn replay_journal(
    folder: &Path,
    config: &Resolved,
    stage: Stage,
    interrupt: &Interrupt,
    observer: &mut impl Observer<Node>,
) -> Result<Replayed, Failure> {
    let header = run::journal_header(&stage, config);
    let path = folder.join(JOURNAL);
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display())).map_err(Failure::Data)?;
    let mut reader = JournalReader::new(BufReader::new(file)).map_err(unreadable)?;
    reader.check(&header).map_err(unreadable)?;
    let (nodes, wiring) = stage.world.into_parts();
    let mut observer = Interruptible { interrupt, records: 0, observer };
    let (ran, ending) = replay_observed(&mut reader, nodes, &wiring, &mut observer).map_err(|error| match error {
        ReplayError::Observed { .. } if interrupt.count() > 0 => run::interrupted().into(),
        ReplayError::Journal(error) => unreadable(error),
        differs @ (ReplayError::Differs { .. }
        | ReplayError::Missing { .. }
        | ReplayError::Digest { .. }
        | ReplayError::Unknown { .. }
        | ReplayError::Failed { .. }
        | ReplayError::Observed { .. }) => Failure::ReplayMismatch(differs.to_string()),
    })?;
    Ok(Replayed { ran, ending, records: reader.records() })
}

fn unreadable(error: JournalError) -> Failure {
    Failure::Data(error.into())
}

/// Compares the fills of the two runs, byte by byte.
fn with_fills(verdict: Verdict, folder: &Path, scratch: &Path) -> Result<Verdict, Failure> {
    let again = fs::read_dir(scratch).context("the scratch folder is gone")?.next().context("the run made a folder")?;
    let again = again.context("the scratch folder is gone")?.path();
    let read = |folder: &Path| fs::read_to_string(folder.join("fills.csv")).context("fills.csv").map_err(Failure::Data);
    let (was, is) = (read(folder)?, read(&again)?);
    if let Some((line, (was, is))) = was.lines().zip(is.lines()).enumerate().find(|(_, (was, is))| was != is) {
        return Err(Failure::ReplayMismatch(format!("line {} of fills.csv was {was} and is {is}", line + 1)));
    }
    if was.len() != is.len() {
        let (was, is) = (was.lines().count() - 1, is.lines().count() - 1);
        return Err(Failure::ReplayMismatch(format!("there were {was} fills and there are {is}")));
    }
    Ok(Verdict { fills: Some(was.lines().count() - 1), ..verdict })
}

impl Verdict {
    fn words(&self) -> String {
        let from = match self.records {
            Some(records) => format!("{records} records of the journal, every message equal"),
            None => "run again from seed and configuration".to_owned(),
        };
        let fills = match self.fills {
            Some(fills) => format!("{fills} fills, byte for byte the same"),
            None => "the journal was cut: what precedes the cut agrees".to_owned(),
        };
        format!("verified: {from}; digest {}; {fills}\n", self.digest)
    }
}
