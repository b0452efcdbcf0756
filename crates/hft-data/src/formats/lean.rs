//! LEAN: second and minute bars of quotes and trades, headerless CSV in a zip a day.
//!
//! The names say what is in it: `20131007_spy_second_quote.csv`; of a future also its month, `20131007_es_minute_trade_201312.csv`.
//!
//! | | equities | futures |
//! |---|---|---|
//! | clock | New York | universal time |
//! | prices | dollars x 10,000 | decimals |
//!
//! Mixing the two up is the classic mistake with these files: a wrong zone leaves a correlation of nothing.
//!
//! A bar becomes one event at its *end*, since nobody knew its close before: a quote bar [`Body::Quote`] with the closing prices
//! and last sizes, a trade bar [`Body::Trade`] with the close and the volume. Both clocks are the bar's. The contracts in a
//! future's zip are merged by time. Left out: tick, hour and daily files; what happened inside a bar.

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::csv_line::Fields;
use crate::event::{Body, Event, InstrumentIndex};
use crate::instruments::Instruments;
use crate::lines::Lines;
use crate::number::{self, NumberError};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::{Date, UnixNanos, Zone};
use hft_core::models::{Decimal, Price, Qty};

/// Digits behind the point of a price.
const PRICE_DECIMALS: u32 = 4;

const NANOS_PER_MILLI: u64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Quote,
    Trade,
    OpenInterest,
}

/// What a file's name says.
struct Name<'a> {
    symbol: &'a str,
    period: u64,
    kind: Kind,
    /// The month of a future.
    expiry: Option<&'a str>,
}

fn name(of: &str) -> Option<Name<'_>> {
    let stem = of.rsplit('/').next()?.strip_suffix(".csv")?;
    let mut parts = stem.split('_');
    let (_date, symbol, resolution, kind) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let period = match resolution {
        "second" => 1_000 * NANOS_PER_MILLI,
        "minute" => 60_000 * NANOS_PER_MILLI,
        _ => return None,
    };
    let kind = match kind {
        "quote" => Kind::Quote,
        "trade" => Kind::Trade,
        "openinterest" => Kind::OpenInterest,
        _ => return None,
    };
    Some(Name { symbol, period, kind, expiry: parts.next() })
}

/// One file of bars.
struct Bars {
    lines: Lines,
    kind: Kind,
    instrument: InstrumentIndex,
    midnight: UnixNanos,
    period: u64,
    /// Of a price: an equity's are whole numbers already.
    decimals: u32,
    /// The bar that was read ahead.
    next: Option<Event>,
    is_ended: bool,
}

/// Reads a day's zip, or one file of it.
pub struct LeanReader {
    instruments: Instruments,
    files: Vec<Bars>,
    last: usize,
}

impl LeanReader {
    pub(crate) fn open(entries: &[Entry], options: &ReadOptions) -> Result<Self, ReadError> {
        let mut reader = Self { instruments: Instruments::default(), files: Vec::new(), last: 0 };
        for entry in entries {
            let bad = |expected: &str| {
                ReadError::from(BadRecord::new(&entry.shown(), Place::Line(0), entry.name.as_bytes(), expected))
            };
            let told = name(&entry.name).ok_or_else(|| bad("a name such as 20131007_spy_second_quote.csv"))?;
            let symbol = match told.expiry {
                Some(month) => format!("{}{month}", told.symbol.to_uppercase()),
                None => told.symbol.to_uppercase(),
            };
            let zone = if told.expiry.is_some() { Zone::Utc } else { Zone::NewYork };
            let date = options.date.or_else(|| Date::find(&entry.name)).ok_or_else(|| bad("a date in the name"))?;
            let midnight = date.midnight(options.zone.unwrap_or(zone)).ok_or_else(|| bad("a later date"))?;
            let instrument = reader
                .instruments
                .index_of(options.symbol.as_deref().unwrap_or(&symbol), number::step(PRICE_DECIMALS), Decimal::ONE)
                .ok_or_else(|| bad("a shorter symbol"))?;
            let bars = Bars {
                lines: Lines::new(entry.open()?, entry.shown()),
                kind: told.kind,
                instrument,
                midnight,
                period: told.period,
                decimals: if told.expiry.is_some() { PRICE_DECIMALS } else { 0 },
                next: None,
                is_ended: false,
            };
            reader.files.push(bars);
        }
        Ok(reader)
    }
}

impl Bars {
    /// Reads the next bar ahead.
    fn advance(&mut self) -> Result<(), ReadError> {
        let Some(line) = self.lines.next()? else {
            self.is_ended = true;
            return Ok(());
        };
        match bar(line, self.kind, self.decimals) {
            Ok((millis, body)) => {
                let at = millis.checked_mul(NANOS_PER_MILLI).and_then(|nanos| nanos.checked_add(self.period));
                let Some(time) = at.and_then(|nanos| self.midnight.plus(nanos)) else {
                    let line = line.to_vec();
                    return Err(self.lines.bad(&line, "milliseconds since midnight").into());
                };
                self.next = Some(Event::at(time, self.instrument, body));
                Ok(())
            }
            Err(expected) => {
                let line = line.to_vec();
                Err(self.lines.bad(&line, expected).into())
            }
        }
    }
}

fn bar(line: &[u8], kind: Kind, decimals: u32) -> Result<(u64, Body), &'static str> {
    const QUOTE: &str = "eleven columns: time, bid open, high, low, close, size, ask open, high, low, close, size";
    const TRADE: &str = "six columns: time, open, high, low, close, volume";
    let mut fields = Fields::of(line);
    let expected = if kind == Kind::Quote { QUOTE } else { TRADE };
    let millis = number::unsigned(fields.next(expected)?).ok_or("milliseconds since midnight")?;
    // Open, high and low are passed over; an empty close means that the side was empty.
    let mut side = || {
        for _ in 0..3 {
            fields.next(expected)?;
        }
        let (close, size) = (fields.next(expected)?, fields.next(expected)?);
        if close.is_empty() {
            return Ok((Price::ZERO, Qty::ZERO));
        }
        let price = number::steps(close, decimals).map_err(NumberError::expected)?;
        let qty = number::steps(size, 0).map_err(|_| "a whole size")?;
        if qty < 0 { Err("a size that is not negative") } else { Ok((Price::new(price), Qty::new(qty))) }
    };
    let body = match kind {
        Kind::Quote => {
            let ((bid, bid_qty), (ask, ask_qty)) = (side()?, side()?);
            Body::Quote { bid, bid_qty, ask, ask_qty }
        }
        Kind::Trade => {
            let (price, qty) = side()?;
            Body::Trade { id: 0, price, qty, aggressor: None }
        }
        Kind::OpenInterest => Body::Notice(0),
    };
    Ok((millis, body))
}

impl RecordReader for LeanReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        for (at, file) in self.files.iter_mut().enumerate() {
            self.last = at;
            while file.next.is_none() && !file.is_ended {
                file.advance()?;
            }
        }
        let due = |(at, file): (usize, &Bars)| file.next.map(|event| (event.local_time, at));
        let Some((_, at)) = self.files.iter().enumerate().filter_map(due).min() else { return Ok(false) };
        self.last = at;
        batch.events.extend(self.files[at].next.take());
        Ok(true)
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    fn place(&self) -> Place {
        self.files.get(self.last).map_or(Place::Line(0), |file| file.lines.place())
    }
}

/// Whether a name is one of LEAN's: for detection.
pub(crate) fn looks_like(entry: &str) -> bool {
    name(entry).is_some() && Date::find(entry).is_some()
}
