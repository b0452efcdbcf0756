//! The journal of a run folder, replayed: every node must send, in order, byte-equal messages.

use crate::config::Resolved;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::run::{self, JOURNAL, Stage, Wired};
use anyhow::Context;
use hft_core::models::Timestamp;
use hft_core::world::{
    Delivery, Ending, JournalError, JournalReader, Node, NodeId, Observer, Ran, ReplayError, replay_observed,
};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

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
    let Wired { nodes, wiring } = stage.world;
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
