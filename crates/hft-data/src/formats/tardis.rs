//! Tardis: normalised CSV with a header, `incremental_book_L2`, `quotes` and `trades`.
//!
//! Times are microseconds: `timestamp` of the venue, `local_timestamp` of the recorder. Symbols become `exchange:symbol`.
//!
//! | file | becomes |
//! |---|---|
//! | `incremental_book_L2` | [`Body::Level`]s; rows of one symbol with one local time are one batch. Where `is_snapshot` begins, the book is emptied first ([`ClearReason::Snapshot`]) |
//! | `quotes` | [`Body::Quote`]; an empty side has size zero |
//! | `trades` | [`Body::Trade`] |
//!
//! Steps are 10^-8 unless told otherwise. Left out: their other file types, and raw replays (those are the venue's own format).

use crate::bad_record::{Place, ReadError};
use crate::csv_line::Fields;
use crate::event::{Body, ClearReason, Flags, InstrumentIndex};
use crate::instruments::Instruments;
use crate::json_levels::Decimals;
use crate::lines::Lines;
use crate::number::{self, NumberError};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::stamp::Stamp;
use crate::time::UnixNanos;
use hft_core::models::{Price, Qty, Side};

const BOOK: &[u8] = b"exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount";
const QUOTES: &[u8] = b"exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount";
const TRADES: &[u8] = b"exchange,symbol,timestamp,local_timestamp,id,side,price,amount";

const DECIMALS: u32 = 8;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Book,
    Quotes,
    Trades,
}

/// Reads files of the three types.
pub struct TardisReader {
    lines: Lines,
    kind: Kind,
    instruments: Instruments,
    decimals: Decimals,
    name: String,
    /// The row that was read last: whether it ends its batch is seen from the next.
    held: Option<Row>,
    /// Whose image is being told.
    imaging: Option<InstrumentIndex>,
}

#[derive(Clone, Copy)]
struct Row {
    stamp: Stamp,
    instrument: InstrumentIndex,
    is_image: bool,
    body: Body,
}

impl TardisReader {
    pub(crate) fn open(entry: &Entry, options: &ReadOptions) -> Result<Self, ReadError> {
        let mut lines = Lines::new(entry.open()?, entry.shown());
        let header = lines.next()?.unwrap_or_default().to_vec();
        let Some(kind) = kind_of(&header) else {
            return Err(lines.bad(&header, "the header of incremental_book_L2, quotes or trades").into());
        };
        let decimals = Decimals { price: options.price_decimals(DECIMALS), qty: options.qty_decimals(DECIMALS) };
        let (instruments, name) = (Instruments::default(), String::new());
        Ok(Self { lines, kind, instruments, decimals, name, held: None, imaging: None })
    }

    /// Gives out the row that was held, now that it is known what follows it.
    fn give(&mut self, row: Row, next: Option<&Row>, batch: &mut Batch) {
        let is_last = self.kind != Kind::Book
            || next.is_none_or(|next| next.instrument != row.instrument || next.stamp.local != row.stamp.local);
        let mut flags = if is_last { Flags::LAST } else { Flags::NONE };
        if row.is_image {
            flags = flags.and(Flags::SNAPSHOT);
            if self.imaging != Some(row.instrument) {
                let body = Body::Clear(ClearReason::Snapshot);
                batch.events.push(row.stamp.event(row.instrument, Flags::SNAPSHOT, body));
            }
            self.imaging = Some(row.instrument);
        } else if self.imaging == Some(row.instrument) {
            self.imaging = None;
        }
        batch.events.push(row.stamp.event(row.instrument, flags, row.body));
    }
}

struct Parser<'a> {
    kind: Kind,
    decimals: Decimals,
    instruments: &'a mut Instruments,
    name: &'a mut String,
}

impl Parser<'_> {
    fn row(&mut self, line: &[u8]) -> Result<Row, &'static str> {
        const COLUMNS: &str = "the columns of the header";
        let mut fields = Fields::of(line);
        self.name.clear();
        self.name.push_str(fields.text("an exchange")?);
        self.name.push(':');
        self.name.push_str(fields.text("a symbol")?);
        let steps = (number::step(self.decimals.price), number::step(self.decimals.qty));
        let instrument = self.instruments.index_of(self.name, steps.0, steps.1).ok_or("fewer, shorter symbols")?;
        let mut micros =
            || number::unsigned(fields.next(COLUMNS)?).and_then(UnixNanos::from_micros).ok_or("a time in microseconds");
        let (exchange, local) = (micros()?, micros()?);
        let stamp = Stamp { exchange, local };
        let mut rest = [&b""[..]; 4];
        for field in &mut rest {
            *field = fields.next(COLUMNS)?;
        }
        let price =
            |text: &[u8]| number::steps(text, self.decimals.price).map(Price::new).map_err(NumberError::expected);
        let qty = |text: &[u8]| match number::steps(text, self.decimals.qty) {
            Ok(qty) if qty < 0 => Err("an amount that is not negative"),
            Ok(qty) => Ok(Qty::new(qty)),
            Err(error) => Err(error.expected()),
        };
        let mut is_image = false;
        let body = match self.kind {
            Kind::Book => {
                is_image = match rest[0] {
                    b"true" => true,
                    b"false" => false,
                    _ => return Err("an is_snapshot of true or false"),
                };
                let side = match rest[1] {
                    b"bid" => Side::Buy,
                    b"ask" => Side::Sell,
                    _ => return Err("a side of bid or ask"),
                };
                Body::Level { side, price: price(rest[2])?, qty: qty(rest[3])? }
            }
            Kind::Quotes => {
                let side = |level: [&[u8]; 2]| -> Result<(Price, Qty), &'static str> {
                    match level {
                        [b"", _] | [_, b""] => Ok((Price::ZERO, Qty::ZERO)),
                        [at, amount] => Ok((price(at)?, qty(amount)?)),
                    }
                };
                let ((ask, ask_qty), (bid, bid_qty)) = (side([rest[1], rest[0]])?, side([rest[2], rest[3]])?);
                Body::Quote { bid, bid_qty, ask, ask_qty }
            }
            Kind::Trades => {
                let aggressor = match rest[1] {
                    b"buy" => Some(Side::Buy),
                    b"sell" => Some(Side::Sell),
                    b"unknown" => None,
                    _ => return Err("a side of buy, sell or unknown"),
                };
                let id = number::unsigned(rest[0]).unwrap_or(0); // some venues name their trades by words
                Body::Trade { id, price: price(rest[2])?, qty: qty(rest[3])?, aggressor }
            }
        };
        Ok(Row { stamp, instrument, is_image, body })
    }
}

impl RecordReader for TardisReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let Some(line) = self.lines.next()? else {
            let Some(last) = self.held.take() else { return Ok(false) };
            self.give(last, None, batch);
            return Ok(true);
        };
        let mut parser = Parser {
            kind: self.kind,
            decimals: self.decimals,
            instruments: &mut self.instruments,
            name: &mut self.name,
        };
        match parser.row(line) {
            Ok(row) => {
                match self.held.replace(row) {
                    Some(held) => {
                        self.give(held, Some(&row), batch);
                        Ok(true)
                    }
                    None => self.read(batch), // the first row: nothing is known of its batch yet
                }
            }
            Err(expected) => {
                let line = line.to_vec();
                Err(self.lines.bad(&line, expected).into())
            }
        }
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    fn place(&self) -> Place {
        self.lines.place()
    }

    fn is_cut(&self) -> bool {
        self.lines.is_cut()
    }
}

fn kind_of(header: &[u8]) -> Option<Kind> {
    match header {
        BOOK => Some(Kind::Book),
        QUOTES => Some(Kind::Quotes),
        TRADES => Some(Kind::Trades),
        _ => None,
    }
}

/// Whether a line is one of the headers: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    kind_of(line).is_some()
}
