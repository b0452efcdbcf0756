//! The first pass through a recording: all that must be known of it before a market can be made of it.
//!
//! Memory does not grow with the file.

use super::playback::Playback;
use crate::bad_record::ReadError;
use crate::book::ObservedBook;
use crate::clock::{ClockEstimate, ClockOffset};
use crate::event::{Body, Event, Flags, InstrumentIndex};
use crate::findings::FindingKind;
use crate::instruments::InstrumentInfo;
use crate::recording::{ReadOptions, Recording};
use crate::steps::Steps;
use crate::time::UnixNanos;
use hft_core::models::{Decimal, Nanos, Price, Qty, Quote, Timestamp, Top};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What tells the book of a recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// Single orders, with names.
    Orders,
    /// Sizes at prices.
    Levels,
    /// The best bid and offer.
    Quotes,
}

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in it moves a book.
    #[error("{files}: nothing there tells a book of {wanted}: replay needs orders, levels or quotes")]
    NoBook {
        /// The files.
        files: String,
        /// Of which instrument.
        wanted: String,
    },
    /// Several instruments, and none was chosen.
    #[error("{files}: there is no {symbol} in it, but {known}")]
    NoSuchSymbol {
        /// The files.
        files: String,
        /// What was asked for.
        symbol: String,
        /// What there is.
        known: String,
    },
}

/// What a recording is, and what of it is to be replayed.
///
/// ```no_run
/// use hft_data::{ReadOptions, replay::Survey};
/// let survey = Survey::of(&["usdm_btcusdt.gz".into()], &ReadOptions::default(), None)?;
/// println!("{} in steps of {}, for {} s", survey.info.symbol, survey.tick, survey.span.to_secs_f64());
/// # Ok::<(), hft_data::replay::ReplayError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Survey {
    /// The files, in the order in which equal times are played.
    pub files: Vec<PathBuf>,
    /// How they are read.
    pub options: ReadOptions,
    /// The instrument.
    pub info: InstrumentInfo,
    /// Its number in each of the files.
    pub(super) indices: Vec<Option<InstrumentIndex>>,
    /// The coarsest steps that tell all its prices and sizes.
    pub(super) steps: Steps,
    /// Its tick, in the currency.
    pub tick: Decimal,
    /// Its lot, in units or contracts.
    pub lot: Decimal,
    /// What tells its book.
    pub detail: Detail,
    /// How many events it has.
    pub events: u64,
    /// When it begins, on the venue's clock as the recorder's tells it.
    pub(super) begins: UnixNanos,
    /// How long it takes.
    pub span: Nanos,
    /// Up to when the recorded book is crossed: till then the venue collects orders. Zero where it never is, or now and then to the
    /// end, which is a feed's imprecision and no auction.
    pub opens: Timestamp,
    /// The first best prices, in ticks.
    pub first: Top,
    /// The mean spread, in ticks, over the events with two sides.
    pub mean_spread: f64,
    /// The two clocks, where both are told.
    pub clock: Option<ClockEstimate>,
    /// Latencies of the feed over the shortest, ns: at most [`Survey::LATENCIES`], evenly spread over the file. Empty where one
    /// clock alone is told.
    pub latencies_ns: Vec<u64>,
    /// What was odd, by kind.
    pub findings: BTreeMap<FindingKind, u64>,
}

/// One instrument of one file on the first pass.
#[derive(Debug, Default)]
struct Seen {
    events: u64,
    kinds: [u64; Body::KINDS.len()],
    steps: Steps,
    clocks: ClockOffset,
    differences: Thinned,
    book: ObservedBook,
    first: Option<Top>,
    /// When the book was crossed last, and how many events there had been.
    crossed_until: Option<(UnixNanos, u64)>,
    spread_sum: i128,
    spreads: u64,
    times: Option<[UnixNanos; 2]>,
}

/// Every so many of a sequence, evenly spread, whatever its length.
#[derive(Debug)]
struct Thinned {
    kept: Vec<i64>,
    every: u64,
    seen: u64,
}

impl Default for Thinned {
    fn default() -> Self {
        Self { kept: Vec::new(), every: 1, seen: 0 }
    }
}

impl Thinned {
    fn see(&mut self, value: i64) {
        if self.seen.is_multiple_of(self.every) {
            self.kept.push(value);
            if self.kept.len() >= 2 * Survey::LATENCIES {
                let mut place = 0;
                self.kept.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
                self.every *= 2;
            }
        }
        self.seen += 1;
    }
}

impl Seen {
    fn see(&mut self, event: &Event) {
        self.events += 1;
        self.kinds[event.body.kind()] += 1;
        self.steps.see(event);
        self.clocks.see(event);
        if event.exchange_time.is_known() && !event.flags.has(Flags::SNAPSHOT) {
            self.differences.see(event.local_time.minus(event.exchange_time));
        }
        let [begun, _] = self.times.unwrap_or([event.local_time; 2]);
        self.times = Some([begun, event.local_time]);
        let quoted = quoted(&event.body);
        if quoted.is_none() {
            let _ = self.book.apply(event); // oddities are the findings' business
        }
        if event.flags.has(Flags::LAST) {
            self.look(quoted.unwrap_or_else(|| self.book.top()), event.local_time);
        }
    }

    fn look(&mut self, top: Top, now: UnixNanos) {
        let Top { bid: Some(bid), ask: Some(ask) } = top else { return };
        if bid.price >= ask.price {
            self.crossed_until = Some((now, self.events));
        } else {
            self.first.get_or_insert(top);
            self.spread_sum += i128::from((ask.price - bid.price).count());
            self.spreads += 1;
        }
    }

    /// Events that move the book.
    fn book_events(&self) -> [u64; 3] {
        let sum = |names: &[&str]| {
            let of = |name: &&str| Body::KINDS.iter().position(|kind| kind == name).map_or(0, |at| self.kinds[at]);
            names.iter().map(of).sum()
        };
        [sum(&["add", "modify", "replace"]), sum(&["level"]), sum(&["quote"])]
    }
}

impl Survey {
    /// How many latencies are kept.
    pub const LATENCIES: usize = 1_024;

    /// Reads the files once. The instrument is the one of this name, else the one with the most events that move a book; files that do
    /// not have it must have one instrument alone (a file of trades beside a file of orders), which is then taken for it.
    ///
    /// # Errors
    /// When a file cannot be read, or nothing in it tells a book.
    pub fn of(files: &[PathBuf], options: &ReadOptions, symbol: Option<&str>) -> Result<Self, ReplayError> {
        let mut all = Vec::new();
        let mut findings = BTreeMap::new();
        for file in files {
            let mut recording = Recording::open(file, options)?;
            let mut seen: BTreeMap<InstrumentIndex, Seen> = BTreeMap::new();
            while let Some(event) = recording.next()? {
                seen.entry(event.instrument).or_default().see(&event);
            }
            for kind in FindingKind::ALL {
                *findings.entry(kind).or_default() += recording.findings().count(kind);
            }
            all.push((recording.instruments().as_slice().to_vec(), seen));
        }
        let (info, indices) = choose(files, &all, symbol)?;
        let chosen: Vec<&Seen> =
            all.iter().zip(&indices).filter_map(|((_, seen), index)| seen.get(&(*index)?)).collect();
        findings.retain(|_, count| *count > 0);
        Self::summed(files, options, info, indices, &chosen, findings)
    }

    fn summed(
        files: &[PathBuf],
        options: &ReadOptions,
        info: InstrumentInfo,
        indices: Vec<Option<InstrumentIndex>>,
        chosen: &[&Seen],
        findings: BTreeMap<FindingKind, u64>,
    ) -> Result<Self, ReplayError> {
        let main = chosen.iter().max_by_key(|seen| seen.book_events().iter().sum::<u64>()).expect("one was chosen");
        let [orders, levels, quotes] = main.book_events();
        let detail = match (orders, levels, quotes) {
            (0, 0, 0) => {
                return Err(ReplayError::NoBook { files: names(files), wanted: info.symbol });
            }
            (0, 0, _) => Detail::Quotes,
            (0, ..) => Detail::Levels,
            _ => Detail::Orders,
        };
        let steps = chosen.iter().fold(Steps::default(), |sum, seen| sum.with(seen.steps));
        let (tick, lot) = steps.decimals(&info);
        let clock = main.clocks.estimate();
        let shortest = clock.map_or(0, |clock| clock.shortest_ns);
        let over = |difference: &i64| u64::try_from(difference.saturating_sub(shortest)).unwrap_or(0);
        let mut latencies_ns: Vec<u64> = main.differences.kept.iter().map(over).collect();
        if latencies_ns.iter().all(|latency| *latency == 0) {
            latencies_ns.clear(); // one clock, told twice
        }
        let times = chosen.iter().filter_map(|seen| seen.times);
        let (first, last) = times
            .fold((UnixNanos::new(u64::MAX), UnixNanos::new(0)), |(first, last), [begun, ended]| {
                (first.min(begun), last.max(ended))
            });
        let mut survey = Self {
            files: files.to_vec(),
            options: options.clone(),
            info,
            indices,
            steps,
            tick,
            lot,
            detail,
            events: chosen.iter().map(|seen| seen.events).sum(),
            begins: first,
            span: Nanos::ZERO,
            opens: Timestamp::START,
            first: in_ticks(main.first.unwrap_or_default(), steps),
            mean_spread: main.mean_spread() / ticks_f64(steps),
            clock,
            latencies_ns,
            findings,
        };
        if let Some(begins) = Playback::of(&survey)?.first_time() {
            survey.begins = begins;
        }
        survey.span = Nanos::new(last.nanos().saturating_sub(survey.begins.nanos()));
        survey.opens = survey.opening(main);
        Ok(survey)
    }

    /// The end of the crossed part, where that is less than half of the events.
    fn opening(&self, main: &Seen) -> Timestamp {
        match main.crossed_until {
            Some((crossed, events)) if events < main.events / 2 => {
                Timestamp::new(u64::try_from(crossed.minus(self.begins)).unwrap_or(0).max(1))
            }
            _ => Timestamp::START,
        }
    }

    /// When something happened, on the run's clock: the venue's time, moved by the clocks' difference.
    pub(super) fn time_of(&self, event: &Event) -> UnixNanos {
        let shortest = self.clock.map_or(0, |clock| clock.shortest_ns);
        if !event.exchange_time.is_known() || event.flags.has(Flags::SNAPSHOT) {
            return event.local_time;
        }
        UnixNanos::new(event.exchange_time.nanos().saturating_add_signed(shortest))
    }
}

/// The touch that a quote tells.
fn quoted(body: &Body) -> Option<Top> {
    let Body::Quote { bid, bid_qty, ask, ask_qty } = *body else { return None };
    let quote = |price, qty: Qty| qty.is_positive().then_some(Quote { price, qty });
    Some(Top { bid: quote(bid, bid_qty), ask: quote(ask, ask_qty) })
}

impl Seen {
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    fn mean_spread(&self) -> f64 {
        self.spread_sum as f64 / self.spreads.max(1) as f64
    }
}

#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn ticks_f64(steps: Steps) -> f64 {
    steps.price() as f64
}

fn in_ticks(top: Top, steps: Steps) -> Top {
    let scaled = |quote: Quote| Quote { price: Price::new(quote.price.ticks() / steps.price()), ..quote };
    Top { bid: top.bid.map(scaled), ask: top.ask.map(scaled) }
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

type OfFile = (Vec<InstrumentInfo>, BTreeMap<InstrumentIndex, Seen>);

/// Which instrument is replayed, and its number in each file.
fn choose(
    files: &[PathBuf],
    all: &[OfFile],
    symbol: Option<&str>,
) -> Result<(InstrumentInfo, Vec<Option<InstrumentIndex>>), ReplayError> {
    let weighed = all.iter().flat_map(|(infos, seen)| {
        seen.iter().map(|(index, seen)| (&infos[usize::from(index.0)], seen.book_events().iter().sum::<u64>()))
    });
    let named: Vec<_> = weighed.filter(|(info, _)| symbol.is_none_or(|symbol| info.symbol == symbol)).collect();
    let Some((info, _)) = named.iter().max_by_key(|(_, weight)| *weight) else {
        let known = all.iter().flat_map(|(infos, _)| infos).map(|info| info.symbol.as_str()).take(20);
        let known = known.collect::<Vec<_>>().join(", ");
        return Err(match symbol {
            Some(symbol) => ReplayError::NoSuchSymbol { files: names(files), symbol: symbol.to_owned(), known },
            None => ReplayError::NoBook { files: names(files), wanted: "anything".to_owned() },
        });
    };
    let index = |(infos, seen): &OfFile| {
        let of_name = infos.iter().position(|other| other.symbol == info.symbol);
        let alone = (infos.len() == 1 && seen.len() == 1).then_some(0);
        of_name.or(alone).and_then(|index| u16::try_from(index).ok()).map(InstrumentIndex)
    };
    Ok(((*info).clone(), all.iter().map(index).collect()))
}
