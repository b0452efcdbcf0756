//! Journals: what stands in one replays; what was cut, changed or exchanged is told apart.

mod toys;

use hft_core::models::Timestamp;
use hft_core::world::{
    Background, Delivery, Digest, Ending, Jitter, JournalError, JournalHeader, JournalReader, JournalWriter, Latency,
    Lockstep, NodeId, Observer, Ran, Record, ReplayError, Wiring, replay, replay_observed,
};
use proptest::prelude::*;
use std::sync::OnceLock;
use toys::{Latencies, Script, Shelf, Toy, market};

const UNTIL: Timestamp = Timestamp::new(20_000_000);

fn world() -> (Vec<Toy>, Wiring) {
    let extra = Jitter::Exponential { mean_ns: 30_000.0 };
    let latencies = Latencies { feed: Latency::Jittered { base_ns: 5_000, extra }, ..Latencies::constant(20_000) };
    market(11, &Script { chase: 3, ..Script::default() }, 2, &latencies).expect("valid")
}

fn header(wiring: &Wiring) -> JournalHeader {
    let nodes = wiring.names().map(str::to_owned).collect();
    JournalHeader { seed: wiring.seed(), until: UNTIL, nodes, configuration: b"half_spread = 2".to_vec() }
}

/// A run and its journal.
fn journaled() -> &'static (Ran<Toy>, Vec<u8>) {
    static RUN: OnceLock<(Ran<Toy>, Vec<u8>)> = OnceLock::new();
    RUN.get_or_init(|| {
        let (nodes, wiring) = world();
        let shelf = Shelf::default();
        let journal = JournalWriter::new(shelf.clone(), &header(&wiring)).expect("a shelf takes anything");
        let ran = Lockstep::new(nodes, wiring).journaled(journal).run(UNTIL);
        (ran, shelf.bytes())
    })
}

fn replayed(bytes: &[u8]) -> Result<(Ran<Toy>, Ending), ReplayError> {
    let (nodes, wiring) = world();
    let mut reader = JournalReader::new(bytes)?;
    reader.check(&header(&wiring))?;
    replay(&mut reader, nodes, &wiring)
}

#[test]
fn a_run_replays() {
    let (ran, bytes) = journaled();
    let (again, ending) = replayed(bytes).expect("every message is equal");
    assert_eq!(ending, Ending::Whole);
    assert_eq!((again.digest(), &again.nodes, again.ended), (ran.digest(), &ran.nodes, ran.ended));
    assert_eq!(again.stats, hft_core::world::Stats { timers_discarded: 0, ..ran.stats.clone() });
    assert!(ran.stats.deliveries > 10_000, "{:?}", ran.stats);
    let plain = {
        let (nodes, wiring) = world();
        Lockstep::new(nodes, wiring).run(UNTIL)
    };
    assert_eq!(plain.digest(), ran.digest(), "a journal changes nothing");
}

/// Counts what it sees, and has enough after so many deliveries.
struct Counter {
    before: u64,
    after: u64,
    enough: u64,
}

impl Observer<Toy> for Counter {
    fn before(&mut self, delivery: &Delivery<'_>) {
        assert!(delivery.now <= UNTIL || self.before > 0);
        self.before += 1;
    }
    fn after(&mut self, _: Timestamp, node: NodeId, nodes: &[Toy]) -> anyhow::Result<()> {
        assert!(nodes.len() > node.0 as usize);
        self.after += 1;
        anyhow::ensure!(self.after < self.enough, "seen enough");
        Ok(())
    }
}

#[test]
fn a_replay_is_observed_as_its_run_was() {
    let (ran, bytes) = journaled();
    let observe = |enough| {
        let (nodes, wiring) = world();
        let mut reader = JournalReader::new(&bytes[..]).expect("a journal");
        let mut counter = Counter { before: 0, after: 0, enough };
        let replayed = replay_observed(&mut reader, nodes, &wiring, &mut counter).map(|(again, _)| again.digest());
        (replayed, counter)
    };
    let (digest, counter) = observe(u64::MAX);
    assert_eq!(digest.expect("every message is equal"), ran.digest(), "observing changes nothing");
    assert_eq!((counter.before, counter.after), (ran.stats.deliveries, ran.stats.deliveries));
    let (stopped, counter) = observe(100);
    assert_eq!(stopped.expect_err("it had enough").to_string(), "record 100: seen enough");
    assert_eq!(counter.before, 100);
}

#[test]
fn format_is_golden() {
    let (_, bytes) = journaled();
    let mut hash = crc32fast::Hasher::new();
    hash.update(bytes);
    assert_eq!(
        (bytes.len(), hash.finalize()),
        (1_057_192, 1_064_558_653),
        "a change of the format needs a new version"
    );
}

#[test]
fn other_runs_and_other_files_are_refused() {
    let (_, bytes) = journaled();
    let (_, wiring) = world();
    let right = header(&wiring);
    let reader = JournalReader::new(&bytes[..]).expect("a journal");
    let other = |change: fn(&mut JournalHeader)| {
        let mut other = right.clone();
        change(&mut other);
        reader.check(&other).expect_err("another run").to_string()
    };
    let sentence = "this journal is of another run: its configuration differs";
    assert_eq!(other(|header| header.configuration.push(b'0')), sentence);
    assert_eq!(other(|header| header.seed = 12), "this journal is of another run: its seed differs");
    assert_eq!(other(|header| drop(header.nodes.pop())), "this journal is of another run: its list of nodes differs");
    let refused = |bytes: &[u8]| JournalReader::new(bytes).expect_err("refused").to_string();
    assert_eq!(refused(b""), "this is not a journal");
    assert_eq!(refused(b"%PDF-1.7 and so on"), "this is not a journal");
    assert_eq!(refused(b"HFTJRNL9........"), "this journal has format '9', and only format '1' can be read");
    assert_eq!(refused(&bytes[..40]), "the journal is damaged at record 0");
}

#[test]
fn other_nodes_differ_at_a_named_record() {
    let (_, bytes) = journaled();
    let (mut nodes, wiring) = world();
    if let Toy::Trader(trader) = &mut nodes[4] {
        trader.ticks_per_command = 5;
    }
    let mut reader = JournalReader::new(&bytes[..]).expect("a journal");
    let sentence = replay(&mut reader, nodes, &wiring).expect_err("another strategy").to_string();
    assert!(sentence.starts_with("record ") && sentence.contains(": desk should have handled "), "{sentence}");
}

/// Where the frames of a journal begin, its header's first.
fn frames(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![8];
    while let Some(&start) = starts.last()
        && start < bytes.len()
    {
        let length = u32::from_le_bytes(bytes[start..start + 4].try_into().expect("four")) as usize;
        starts.push(start + 8 + length);
    }
    starts
}

proptest! {
    #[test]
    fn a_torn_tail_is_cut_and_the_rest_replays(cut in 0.0..1.0_f64, zeros in 0_usize..5_000) {
        let (_, bytes) = journaled();
        let starts = frames(bytes);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
        let cut = starts[1] + (cut * (bytes.len() - starts[1]) as f64) as usize;
        let mut torn = bytes[..cut].to_vec();
        torn.resize(cut + zeros, 0);
        let (again, ending) = replayed(&torn).expect("a prefix replays");
        prop_assert_eq!(ending, Ending::Cut);
        let whole = starts.iter().filter(|&&start| start <= cut).count() - 2;
        // Zeros may complete a frame whose last bytes are zeros.
        prop_assert!(again.stats.deliveries == whole as u64 || zeros > 0 && again.stats.deliveries == whole as u64 + 1);
    }

    #[test]
    fn a_changed_byte_is_never_replayed(at in 0.0..1.0_f64, flip in 1_u8..=255) {
        let (_, bytes) = journaled();
        let starts = frames(bytes);
        let end = starts[starts.len() - 2]; // before the last record
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place")]
        let at = (at * end as f64) as usize;
        let mut changed = bytes.clone();
        changed[at] ^= flip;
        match replayed(&changed) {
            Err(ReplayError::Journal(_)) => {}
            // A length that now leads past the end looks like a tear.
            Ok((again, ending)) => {
                prop_assert_eq!(ending, Ending::Cut);
                prop_assert!(again.stats.deliveries < journaled().0.stats.deliveries);
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

#[test]
fn a_record_rewritten_with_a_right_checksum_is_found_out() {
    let (_, bytes) = journaled();
    let starts = frames(bytes);
    for (record, &start) in starts.iter().enumerate().skip(1).take(starts.len() - 2).step_by(997) {
        let mut changed = bytes.clone();
        let (body, end) = (start + 8, starts[record + 1]);
        changed[end - 1] ^= 1; // the last byte of the message, or of the run's digest
        let crc = crc32fast::hash(&changed[body..end]).to_le_bytes();
        changed[start + 4..start + 8].copy_from_slice(&crc);
        let error = replayed(&changed).expect_err("it differs").to_string();
        assert!(error.contains(&format!("record {record}")), "{record}: {error}");
    }
}

#[test]
fn limits_and_full_disks_end_the_run_with_a_sentence() {
    let (nodes, wiring) = world();
    let journal = JournalWriter::new(Shelf::default(), &header(&wiring)).expect("room").limited(50_000);
    let ran = Lockstep::new(nodes.clone(), wiring.clone()).journaled(journal).run(UNTIL);
    assert_eq!(ran.outcome.expect_err("full").to_string(), "the journal has reached its limit of 50000 bytes");

    for background in [false, true] {
        let shelf = Shelf::default();
        let disk = Disk { shelf: shelf.clone(), left: 100_000 };
        let journal = match background {
            true => JournalWriter::new(Background::new(disk).expect("a thread"), &header(&wiring)),
            false => JournalWriter::new(disk, &header(&wiring)),
        };
        let ran = Lockstep::new(nodes.clone(), wiring.clone()).journaled(journal.expect("room")).run(UNTIL);
        assert_eq!(ran.outcome.expect_err("full").to_string(), "the journal failed: no space left on the toy disk");
        let (again, ending) = replayed(&shelf.bytes()).expect("what was written replays");
        assert_eq!(ending, Ending::Cut);
        assert!(again.stats.deliveries > 1_000, "{:?}", again.stats);
    }
}

/// Takes so many bytes.
struct Disk {
    shelf: Shelf,
    left: usize,
}

impl std::io::Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Err(std::io::Error::other("no space left on the toy disk"));
        }
        let taken = bytes.len().min(self.left);
        self.left -= taken;
        self.shelf.write(&bytes[..taken])
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_journal_dropped_in_a_panic_is_valid() {
    let (mut nodes, wiring) = world();
    nodes[2] = Toy::Bomb(100);
    let shelf = Shelf::default();
    let journal = JournalWriter::new(shelf.clone(), &header(&wiring)).expect("room");
    let run = || Lockstep::new(nodes.clone(), wiring.clone()).journaled(journal).run(UNTIL);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).expect_err("the bomb goes off");
    let mut reader = JournalReader::new(std::io::Cursor::new(shelf.bytes())).expect("a journal");
    let (again, ending) = replay(&mut reader, nodes, &wiring).expect("up to the panic, the panic included");
    assert_eq!((ending, &again.nodes[2]), (Ending::Cut, &Toy::Bomb(0)));
}

#[test]
fn records_read_as_written() {
    let (ran, bytes) = journaled();
    let mut reader = JournalReader::new(&bytes[..]).expect("a journal");
    let (mut handled, mut end) = (0, None);
    while let Some(record) = reader.next_record().expect("whole") {
        match record {
            Record::Handled { .. } => handled += 1,
            Record::Dropped { .. } => panic!("lockstep drops nothing"),
            Record::End(digest) => end = Some(digest),
        }
    }
    assert_eq!((handled, end), (ran.stats.deliveries, Some::<Digest>(ran.digest())));
    assert!(matches!(JournalReader::new(&b"x"[..]), Err(JournalError::NotAJournal)));
}
