//! What a run leaves in its folder besides the rows: configuration and journal at the start, so that a killed run can be held against
//! both; summary, report and manifest at the end.

use super::command::{command_line, repeat};
use super::driver::Driver;
use super::{Facts, Outcome, Stage};
use crate::config::{Journal, REPLAY, Resolved, RunConfig};
use crate::output::{Report, RunFacts, RunFolder};
use anyhow::Context;
use hft_core::models::Timestamp;
use hft_core::world::{Background, JournalHeader, JournalWriter};
use std::fs::File;

/// The name of the journal in a run folder.
pub const JOURNAL: &str = "journal";

/// The name of the resolved configuration in a run folder.
pub const CONFIGURATION: &str = "config.resolved.toml";

/// What every run leaves, the manifest aside.
pub const ALWAYS: [&str; 6] = [CONFIGURATION, "equity.csv", "fills.csv", "orders.csv", "report.html", "summary.json"];

/// The header of the journal of a staged run: everything that decides it, beside the code.
pub fn journal_header(stage: &Stage, config: &Resolved) -> JournalHeader {
    let run: RunConfig = config.table("run");
    JournalHeader {
        seed: run.seed,
        until: Timestamp::START + run.duration(),
        nodes: stage.world.wiring.names().map(str::to_owned).collect(),
        configuration: config.to_toml().into_bytes(),
    }
}

/// Writes the configuration, and opens the journal where that wants one.
pub(super) fn begin(
    folder: &RunFolder,
    stage: &Stage,
    config: &Resolved,
    driver: Driver,
) -> anyhow::Result<Option<JournalWriter>> {
    folder.write(CONFIGURATION, &config.to_toml())?;
    let run: RunConfig = config.table("run");
    if driver == Driver::Lockstep && run.journal == Journal::Realtime {
        return Ok(None);
    }
    let path = folder.path().join(JOURNAL);
    let file = File::create_new(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(Some(JournalWriter::new(Background::new(file)?, &journal_header(stage, config))?))
}

/// Writes what is written at the end, and closes the folder.
pub(super) fn close(folder: RunFolder, config: &Resolved, facts: &Facts, outcome: &Outcome) -> anyhow::Result<()> {
    let (toml, summary) = (config.to_toml(), &outcome.summary);
    folder.write("summary.json", &summary.to_json())?;
    for (name, content) in &outcome.files {
        folder.write(name, content)?;
    }
    let task: &[&str] = match facts.driver {
        Driver::Lockstep if config.has(REPLAY) => &["replay"],
        Driver::Lockstep => &["run", "--fast"],
        Driver::Realtime => &["run"],
    };
    let command = repeat(facts.pattern, task, folder.path());
    let report = Report { summary, config: &toml, command: &command, series: &outcome.series };
    folder.write("report.html", &report.html())?;
    folder.finish(RunFacts {
        pattern: facts.pattern.to_owned(),
        version: facts.version.to_owned(),
        seed: facts.seed,
        config_hash: facts.config_hash.clone(),
        digest: Some(summary.run.digest.clone()),
        stopped_after: outcome.stopped_after,
        command_line: command_line(),
    })?;
    Ok(())
}
