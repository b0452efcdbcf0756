//! Reading our own CSV.

use super::{FLAGS, HEADER, INSTRUMENT, kind};
use crate::bad_record::{Place, ReadError};
use crate::csv_line::Fields;
use crate::event::{Event, Flags, InstrumentIndex};
use crate::flat::{self, Flat};
use crate::instruments::Instruments;
use crate::lines::Lines;
use crate::number::{self, NumberError};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::UnixNanos;
use hft_core::models::{Decimal, Side};

const DECIMALS: u32 = 8;

/// Reads rows.
pub struct CsvReader {
    lines: Lines,
    rows: Rows,
}

struct Rows {
    instruments: Instruments,
    /// The steps of symbols that no row describes.
    steps: (Decimal, Decimal),
}

/// Digits behind the point, and how many of the smallest units a step is.
#[derive(Clone, Copy)]
struct Steps {
    decimals: u32,
    units: i64,
}

impl CsvReader {
    pub(crate) fn open(entry: &Entry, options: &ReadOptions) -> Result<Self, ReadError> {
        let mut lines = Lines::new(entry.open()?, entry.shown());
        let header = lines.next()?.unwrap_or_default().to_vec();
        if header != HEADER.as_bytes() {
            return Err(lines.bad(&header, format!("the header `{HEADER}`")).into());
        }
        let steps = (number::step(options.price_decimals(DECIMALS)), number::step(options.qty_decimals(DECIMALS)));
        Ok(Self { lines, rows: Rows { instruments: Instruments::default(), steps } })
    }
}

impl RecordReader for CsvReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let Some(line) = self.lines.next()? else { return Ok(false) };
        match self.rows.row(line) {
            Ok(event) => {
                batch.events.extend(event);
                Ok(true)
            }
            Err(expected) => {
                let line = line.to_vec();
                Err(self.lines.bad(&line, expected).into())
            }
        }
    }

    fn instruments(&self) -> &Instruments {
        &self.rows.instruments
    }

    fn place(&self) -> Place {
        self.lines.place()
    }

    fn is_cut(&self) -> bool {
        self.lines.is_cut()
    }
}

const COLUMNS: &str = "the twelve columns of the header";

/// The fields of a row behind its flags, and what they are counted in.
struct Row<'a> {
    order: &'a [u8],
    other: &'a [u8],
    side: &'a [u8],
    levels: [[&'a [u8]; 2]; 2],
    price: Steps,
    qty: Steps,
}

impl Rows {
    fn row(&mut self, line: &[u8]) -> Result<Option<Event>, &'static str> {
        let mut fields = Fields::of(line);
        let time = |text: &[u8]| number::unsigned(text).map(UnixNanos::new).ok_or("a time in nanoseconds since 1970");
        let local_time = time(fields.next(COLUMNS)?)?;
        let exchange_time = match fields.next(COLUMNS)? {
            b"" => UnixNanos::UNKNOWN,
            text => time(text)?,
        };
        let symbol = fields.text("a symbol")?;
        if symbol.is_empty() {
            return Err("a symbol");
        }
        let (name, flags) = (fields.next(COLUMNS)?, fields.next(COLUMNS)?);
        let mut rest = [&b""[..]; 7];
        for field in &mut rest {
            *field = fields.next(COLUMNS)?;
        }
        let [order, other, side, price, qty, price2, qty2] = rest;
        if name == INSTRUMENT.as_bytes() {
            return self.instrument(symbol, [price, qty, price2]).map(|()| None);
        }
        let instrument = self.instruments.index_of(symbol, self.steps.0, self.steps.1);
        let instrument = instrument.ok_or("fewer, shorter symbols")?;
        let (price_steps, qty_steps) = self.steps_of(instrument)?;
        let levels = [[price, qty], [price2, qty2]];
        let row = Row { order, other, side, levels, price: price_steps, qty: qty_steps };
        let kind = kind(name).ok_or("an event such as add, level, quote or trade")?;
        let (flags, body) = (flags_of(flags)?, row.flat(kind)?.body(kind)?);
        Ok(Some(Event { exchange_time, local_time, instrument, flags, body }))
    }

    /// A row that describes an instrument.
    fn instrument(&mut self, symbol: &str, [price, qty, multiplier]: [&[u8]; 3]) -> Result<(), &'static str> {
        let decimal = |text: &[u8]| {
            let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<Decimal>().ok());
            number.filter(|number| number.is_positive()).ok_or("steps and a multiplier above zero")
        };
        let (price, qty) = (decimal(price)?, decimal(qty)?);
        let multiplier = if multiplier.is_empty() { Decimal::ONE } else { decimal(multiplier)? };
        if let Some(known) = self.instruments.find(symbol) {
            let known = self.instruments.get(known);
            let is_same = (known.price_step, known.qty_step, known.multiplier) == (price, qty, multiplier);
            return if is_same { Ok(()) } else { Err("an instrument to be described once, before its events") };
        }
        let index = self.instruments.index_of(symbol, price, qty).ok_or("fewer, shorter symbols")?;
        self.instruments.set_multiplier(index, multiplier);
        Ok(())
    }

    fn steps_of(&self, instrument: InstrumentIndex) -> Result<(Steps, Steps), &'static str> {
        let info = self.instruments.get(instrument);
        let of = |step: Decimal| Steps { decimals: step.scale(), units: step.mantissa() };
        Ok((of(info.price_step), of(info.qty_step)))
    }
}

impl Steps {
    fn count(self, text: &[u8]) -> Result<i64, &'static str> {
        let units = number::steps(text, self.decimals).map_err(NumberError::expected)?;
        if units % self.units == 0 { Ok(units / self.units) } else { Err("a multiple of the instrument's step") }
    }
}

impl Row<'_> {
    /// The columns as numbers; an empty one is not told.
    fn flat(&self, kind: usize) -> Result<Flat, &'static str> {
        let number = |text: &[u8]| match text {
            b"" => Ok(None),
            text => number::unsigned(text).map(Some).ok_or("a whole number, as order and as other"),
        };
        let word = |words: &[&str]| words.iter().position(|word| word.as_bytes() == self.other);
        let other = match flat::words(kind) {
            Some(words) => word(words).and_then(|code| u64::try_from(code).ok()),
            None => number(self.other)?,
        };
        let side = match self.side {
            b"buy" => Some(Side::Buy),
            b"sell" => Some(Side::Sell),
            b"" => None,
            _ => return Err("a side of buy or sell"),
        };
        let count = |text: &[u8], steps: Steps| match text {
            b"" => Ok(None),
            text => steps.count(text).map(Some),
        };
        let [[price, qty], [price2, qty2]] = self.levels;
        let first = (count(price, self.price)?, count(qty, self.qty)?);
        let levels = [first, (count(price2, self.price)?, count(qty2, self.qty)?)];
        Ok(Flat { order: number(self.order)?, other, side, levels })
    }
}

fn flags_of(text: &[u8]) -> Result<Flags, &'static str> {
    match text {
        b"" => Ok(Flags::LAST),
        b"-" => Ok(Flags::NONE),
        letters => letters.iter().try_fold(Flags::NONE, |flags, letter| {
            let known = FLAGS.iter().find(|(known, _)| known == letter);
            known.map(|&(_, flag)| flags.and(flag)).ok_or("flags of L, S, U and X, or -")
        }),
    }
}

/// Whether a line is the header: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    line == HEADER.as_bytes()
}
