//! What looks like a trap: each with its evidence, so that a reader can judge.

use super::Seen;
use crate::clock::ClockEstimate;
use crate::event::{Body, Event};
use crate::findings::FindingKind;
use crate::format::Format;
use crate::recording::Recording;
use crate::time::{Date, UnixNanos, Zone};
use serde::Serialize;

/// Something to beware of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Suspicion {
    /// What it is, in a word or two.
    pub trap: &'static str,
    /// What shows it, and what to do.
    pub evidence: String,
}

/// Trades inside and outside New York's session, by the day that the first of them falls on.
#[derive(Default)]
pub(super) struct Session {
    hours: Option<(UnixNanos, UnixNanos)>,
    inside: u64,
    outside: u64,
}

const NANOS_PER_MINUTE: u64 = 60_000_000_000;
const SESSION_MINUTES: (u64, u64) = (570, 960);

impl Session {
    pub(super) fn see(&mut self, event: &Event) {
        if !matches!(event.body, Body::Execute { .. } | Body::HiddenTrade { .. } | Body::Trade { .. }) {
            return;
        }
        if self.hours.is_none_or(|(open, _)| event.local_time.minus(open).unsigned_abs() > 1_440 * NANOS_PER_MINUTE) {
            let midnight = Date::find(&event.local_time.to_string()).and_then(|date| date.midnight(Zone::NewYork));
            let at = |minutes: u64| midnight.and_then(|midnight| midnight.plus(minutes * NANOS_PER_MINUTE));
            self.hours = at(SESSION_MINUTES.0).zip(at(SESSION_MINUTES.1));
        }
        let is_inside = self.hours.is_some_and(|(open, close)| open <= event.local_time && event.local_time <= close);
        *(if is_inside { &mut self.inside } else { &mut self.outside }) += 1;
    }
}

/// A clock that is this far off, in nanoseconds, is worth a word; networks take less.
const OFFSET_WORTH_A_WORD: i64 = 500_000_000;

/// A share of a hundredth is worth a word.
const SHARE: u64 = 100;

pub(super) fn all(seen: &Seen, recording: &Recording, clock: Option<&ClockEstimate>) -> Vec<Suspicion> {
    let mut list = Vec::new();
    let mut add = |trap, evidence: String| list.push(Suspicion { trap, evidence });
    if let Some(clock) = clock {
        clock_offset(clock, &mut add);
    }
    books(seen, recording, &mut add);
    let Session { inside, outside, .. } = seen.session;
    if is_new_york(recording.format()) && outside > inside {
        let evidence = format!(
            "{outside} of {} trades fall outside 9:30 to 16:00 in New York: the zone or the day may be wrong (see --zone, --date)",
            inside + outside
        );
        add("wrong session", evidence);
    }
    if recording.format() == Format::Lean {
        add("bars", "each event is a bar, told at its end: what happened inside is not known".to_owned());
    }
    let told = [
        (FindingKind::Gap, "gaps", "updates are missing: the book was unknown after each until the next image"),
        (FindingKind::Duplicate, "duplicates", "records that were there before; they changed nothing"),
        (
            FindingKind::OutOfOrder,
            "clock goes back",
            "events are earlier than those before them: several streams in a row, or a clock that was set",
        ),
        (FindingKind::Truncated, "torn end", "the file ends in the middle of a record"),
        (FindingKind::StaleImage, "stale image", "an image is older than the updates that should follow it"),
    ];
    for (kind, trap, what) in told {
        let count = recording.findings().count(kind);
        if count > 0 {
            add(trap, format!("{count}: {what}"));
        }
    }
    list
}

/// LEAN's futures trade around the clock, so bars of it say nothing of a session.
const fn is_new_york(format: Format) -> bool {
    matches!(format, Format::Lobster | Format::Itch)
}

#[allow(clippy::cast_precision_loss, reason = "for people")]
fn clock_offset(clock: &ClockEstimate, add: &mut impl FnMut(&'static str, String)) {
    let millis = clock.shortest_ns as f64 * 1e-6;
    if clock.shortest_ns < 0 {
        let evidence = format!(
            "messages arrive up to {:.3} ms before they were sent: the recorder's clock is behind by at least that; latencies \
             are told from the shortest, and streams of one recorder are ordered by its clock alone",
            -millis
        );
        add("clock offset", evidence);
    } else if clock.shortest_ns > OFFSET_WORTH_A_WORD {
        let evidence =
            format!("no message took less than {millis:.0} ms: the recorder's clock is ahead, or the feed delayed");
        add("clock offset", evidence);
    }
}

fn books(seen: &Seen, recording: &Recording, add: &mut impl FnMut(&'static str, String)) {
    let sum = |of: fn(&super::Watched) -> u64| seen.instruments.iter().map(of).sum::<u64>();
    let (crossed, observed) = (sum(|one| one.touch.crossed), sum(|one| one.touch.observations));
    if crossed > 0 {
        let times = seen.instruments.iter().filter(|one| one.touch.crossed > 0).map(|one| one.touch.crossed_since());
        let (first, last) = times.max_by_key(|&(_, last)| last).expect("one of them was crossed");
        let evidence = format!(
            "{crossed} of {observed} books are crossed, from {first} to {last} at the latest: a pre-open or an auction, orders \
             that trade on arrival, or updates that are missing"
        );
        add("crossed book", evidence);
    }
    let (misfits, changes) = (sum(|one| one.misfits), sum(|one| one.changes));
    if misfits * SHARE > changes {
        let hint = if recording.format() == Format::Lobster {
            "; a file of few levels holds only what touches them, and only one of all orders can be replayed from end to end \
             (see --seed-book)"
        } else {
            "; the recording begins in the middle of the day"
        };
        add("unknown orders", format!("{misfits} of {changes} changes do not fit the book{hint}"));
    }
    let imageless = seen.instruments.iter().filter(|one| one.starts_without_image).count();
    if imageless > 0 {
        add("no image", format!("the levels of {imageless} instruments begin without an image of their book"));
    }
}
