//! What is in a file: its span, its events, its spread and depth, and what looks like a trap. One pass, constant memory for
//! each instrument.
//!
//! Integers are exact; what is a mean is a float, for people.

mod suspicion;
mod text;
mod touch;

pub use suspicion::Suspicion;
pub use touch::TouchStats;

use crate::bad_record::ReadError;
use crate::book::{ObservedBook, Oddity};
use crate::clock::{ClockEstimate, ClockOffset};
use crate::event::{Body, Event, Flags};
use crate::findings::{Finding, FindingKind};
use crate::format::Format;
use crate::recording::{ReadOptions, Recording};
use crate::steps::Steps;
use crate::time::UnixNanos;
use hft_core::models::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What is in a file.
///
/// ```no_run
/// use hft_data::{Info, ReadOptions};
/// let info = Info::of("GOOG_2012-06-21.zip".as_ref(), &ReadOptions::default())?;
/// println!("{info}");
/// # Ok::<(), hft_data::ReadError>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Info {
    /// The file, as it was named.
    pub file: String,
    /// What it is.
    pub format: Format,
    /// Records, bad ones left out.
    pub records: u64,
    /// Events that they made.
    pub events: u64,
    /// The recorder's times of the first and the last event.
    pub span: Option<[String; 2]>,
    /// How long that is, in seconds.
    pub seconds: f64,
    /// The instruments, in the order in which they were met.
    pub instruments: Vec<InstrumentStats>,
    /// The two clocks, where both are told and differ.
    pub clock: Option<ClockEstimate>,
    /// How many oddities of each kind were met.
    pub findings: BTreeMap<FindingKind, u64>,
    /// The first of each.
    pub first_findings: Vec<Finding>,
    /// What to beware of.
    pub suspicions: Vec<Suspicion>,
}

/// What is known of one instrument.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct InstrumentStats {
    /// Its name.
    pub symbol: String,
    /// What all its resting prices are a multiple of.
    pub tick: Decimal,
    /// What all its sizes are a multiple of.
    pub lot: Decimal,
    /// Units in a contract.
    pub multiplier: Decimal,
    /// Its events by kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// How much traded, in units or contracts, counted once.
    pub volume: f64,
    /// The touch of its book, where orders or levels are told.
    pub book: Option<TouchStats>,
    /// The touch as quotes tell it.
    pub quotes: Option<TouchStats>,
    /// Events that do not fit the book: unknown orders, more taken than there is, ids used twice.
    pub misfits: u64,
    /// Events that a book was changed by.
    pub changes: u64,
}

/// What is gathered of one instrument while the file is read.
#[derive(Default)]
struct Watched {
    book: ObservedBook,
    steps: Steps,
    kinds: [u64; Body::KINDS.len()],
    touch: TouchStats,
    quotes: TouchStats,
    misfits: u64,
    changes: u64,
    is_imaged: bool,
    starts_without_image: bool,
    traded: Traded,
}

/// Volume, by the way in which it was told.
#[derive(Default)]
struct Traded {
    tape: i128,
    orders: i128,
}

impl Info {
    /// Reads a file to its end.
    ///
    /// # Errors
    /// When it cannot be read, or at a bad record that is not to be skipped.
    pub fn of(path: &Path, options: &ReadOptions) -> Result<Self, ReadError> {
        let mut recording = Recording::open(path, options)?;
        let mut seen = Seen::default();
        while let Some(event) = recording.next()? {
            seen.see(&event);
        }
        Ok(seen.conclude(path, &recording))
    }
}

#[derive(Default)]
struct Seen {
    instruments: Vec<Watched>,
    clock: ClockOffset,
    events: u64,
    first: UnixNanos,
    last: UnixNanos,
    session: suspicion::Session,
}

impl Seen {
    fn see(&mut self, event: &Event) {
        if self.events == 0 {
            self.first = event.local_time;
        }
        self.events += 1;
        self.last = self.last.max(event.local_time);
        self.clock.see(event);
        self.session.see(event);
        let at = usize::from(event.instrument.0);
        while self.instruments.len() <= at {
            self.instruments.push(Watched::default());
        }
        self.instruments[at].see(event);
    }

    fn conclude(self, path: &Path, recording: &Recording) -> Info {
        let list = recording.instruments().as_slice();
        let kinds = FindingKind::ALL.map(|kind| (kind, recording.findings().count(kind)));
        let clock = self.clock.estimate().filter(|clock| (clock.shortest_ns, clock.mean_ns) != (0, 0));
        let suspicions = suspicion::all(&self, recording, clock.as_ref());
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let seconds = self.last.minus(self.first) as f64 * 1e-9;
        let instruments = list.iter().enumerate().filter_map(|(at, info)| {
            let watched = self.instruments.get(at)?;
            let (tick, lot) = watched.steps.decimals(info);
            Some(watched.stats(info.symbol.clone(), [tick, lot, info.multiplier], info.price_step, info.qty_step))
        });
        Info {
            file: path.display().to_string(),
            format: recording.format(),
            records: recording.records(),
            events: self.events,
            span: (self.events > 0).then(|| [self.first.to_string(), self.last.to_string()]),
            seconds,
            instruments: instruments.collect(),
            clock,
            findings: kinds.into_iter().filter(|&(_, count)| count > 0).collect(),
            first_findings: recording.findings().first().to_vec(),
            suspicions,
        }
    }
}

impl Watched {
    fn see(&mut self, event: &Event) {
        self.kinds[event.body.kind()] += 1;
        self.steps.see(event);
        match event.body {
            Body::Quote { .. } => self.quotes.see_quote(event),
            Body::Trade { qty, .. } if !event.flags.has(Flags::SNAPSHOT) => self.traded.tape += i128::from(qty.lots()),
            Body::HiddenTrade { qty, .. } => self.traded.orders += i128::from(qty.lots()),
            Body::Execute { qty, .. } | Body::ExecuteAt { qty, .. } if !event.flags.has(Flags::UNPRINTED) => {
                self.traded.orders += i128::from(qty.lots());
            }
            Body::Clear(_) => self.is_imaged = true,
            Body::Level { .. } if !self.is_imaged => self.starts_without_image = true,
            Body::Add { .. }
            | Body::Reduce { .. }
            | Body::Delete { .. }
            | Body::Replace { .. }
            | Body::Modify { .. }
            | Body::Execute { .. }
            | Body::ExecuteAt { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
        // What leaves the book as it is says nothing new of its touch.
        let is_change = event.body.kind() < 7 || matches!(event.body, Body::Level { .. } | Body::Clear(_));
        if !is_change {
            return;
        }
        self.changes += 1;
        self.misfits += u64::from(matches!(self.book.apply(event), Err(oddity) if oddity != Oddity::Full));
        if event.flags.has(Flags::LAST) && !matches!(event.body, Body::Clear(_)) {
            self.touch.see_book(&self.book, event.local_time);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "for people")]
    fn stats(
        &self,
        symbol: String,
        [tick, lot, multiplier]: [Decimal; 3],
        price_step: Decimal,
        qty_step: Decimal,
    ) -> InstrumentStats {
        let kinds = Body::KINDS.iter().zip(self.kinds).filter(|&(_, count)| count > 0);
        // Where both tell, the tape tells what the orders told.
        let volume = if self.traded.tape > 0 { self.traded.tape } else { self.traded.orders };
        let told = |stats: &TouchStats| (stats.observations > 0).then(|| stats.in_units(price_step, qty_step));
        InstrumentStats {
            symbol,
            tick,
            lot,
            multiplier,
            kinds: kinds.map(|(&kind, count)| (kind, count)).collect(),
            volume: volume as f64 * qty_step.to_f64(),
            book: told(&self.touch),
            quotes: told(&self.quotes),
            misfits: self.misfits,
            changes: self.changes,
        }
    }
}
