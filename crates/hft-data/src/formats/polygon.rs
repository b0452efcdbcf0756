//! Polygon (now Massive): trades and quotes of US stocks, as its websocket sends them and as its flat files hold them.
//!
//! | record | becomes |
//! |---|---|
//! | `{"ev":"T","sym","p","s","t","i"}` | [`Body::Trade`]; who came is not told |
//! | `{"ev":"Q","sym","bp","bs","ap","as","t"}` | [`Body::Quote`] |
//! | flat file with `ticker`, `price`, `size`, `participant_timestamp`, `sip_timestamp` | [`Body::Trade`] |
//! | flat file with `ticker`, `bid_price`, `bid_size`, `ask_price`, `ask_size` and the same times | [`Body::Quote`] |
//! | other `ev` | [`Body::Notice`] where it names a symbol |
//!
//! A line of JSON is a message or a list of them, bare or as a recorder wrapped it (see `envelope`). Its exchange time is `t`,
//! milliseconds. In flat files the exchange time is the participant's, the local one the consolidated feed's (SIP). Sizes
//! of quotes are as the vendor tells them: round lots for long, shares since late in 2025. Numbers are read from their
//! digits, JSON's too. Steps are 10^-6 unless told otherwise. Left out: conditions, exchanges, tapes.

use crate::bad_record::{Place, ReadError};
use crate::envelope::{self, Opened};
use crate::event::{Body, Flags, InstrumentIndex};
use crate::instruments::Instruments;
use crate::json_levels::Decimals;
use crate::lines::Lines;
use crate::number::{self, NumberError};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::stamp::Stamp;
use crate::time::UnixNanos;
use hft_core::models::{Price, Qty};
use serde::Deserialize;
use serde_json::value::RawValue;

const DECIMALS: u32 = 6;

/// Reads messages and flat files.
pub struct PolygonReader {
    lines: Lines,
    state: State,
}

struct State {
    instruments: Instruments,
    decimals: Decimals,
    /// Where the columns of a flat file are; `None` for JSON.
    columns: Option<Columns>,
}

/// The columns that are read, by their places in the header.
#[derive(Clone, Debug)]
struct Columns {
    ticker: usize,
    participant: usize,
    sip: usize,
    numbers: Numbers,
}

#[derive(Clone, Debug)]
enum Numbers {
    Trade { price: usize, size: usize },
    Quote { bid: usize, bid_size: usize, ask: usize, ask_size: usize },
}

fn columns(header: &[u8]) -> Option<Columns> {
    let names: Vec<&[u8]> = header.split(|&byte| byte == b',').collect();
    let place = |name: &str| names.iter().position(|&found| found == name.as_bytes());
    let numbers = match (place("price"), place("size")) {
        (Some(price), Some(size)) => Numbers::Trade { price, size },
        _ => Numbers::Quote {
            bid: place("bid_price")?,
            bid_size: place("bid_size")?,
            ask: place("ask_price")?,
            ask_size: place("ask_size")?,
        },
    };
    let (participant, sip) = (place("participant_timestamp")?, place("sip_timestamp")?);
    Some(Columns { ticker: place("ticker")?, participant, sip, numbers })
}

#[derive(Deserialize)]
struct Message<'a> {
    ev: &'a str,
    sym: Option<&'a str>,
    t: Option<u64>,
    i: Option<&'a str>,
    #[serde(borrow)]
    p: Option<&'a RawValue>,
    #[serde(borrow)]
    s: Option<&'a RawValue>,
    #[serde(borrow)]
    bp: Option<&'a RawValue>,
    #[serde(borrow)]
    bs: Option<&'a RawValue>,
    #[serde(borrow)]
    ap: Option<&'a RawValue>,
    #[serde(rename = "as", borrow)]
    ask_size: Option<&'a RawValue>,
}

impl PolygonReader {
    pub(crate) fn open(entry: &Entry, options: &ReadOptions) -> Result<Self, ReadError> {
        let head = entry.head(4096)?;
        let columns = columns(head.split(|&byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default());
        let mut lines = Lines::new(entry.open()?, entry.shown());
        if columns.is_some() {
            lines.next()?;
        }
        let decimals = Decimals { price: options.price_decimals(DECIMALS), qty: options.qty_decimals(DECIMALS) };
        Ok(Self { lines, state: State { instruments: Instruments::default(), decimals, columns } })
    }
}

impl RecordReader for PolygonReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let Some(line) = self.lines.next()? else { return Ok(false) };
        let read = match self.state.columns.clone() {
            Some(columns) => self.state.row(line, &columns, batch),
            None => self.state.json(line, batch),
        };
        match read {
            Ok(()) => Ok(true),
            Err(expected) => {
                let line = line.to_vec();
                Err(self.lines.bad(&line, expected).into())
            }
        }
    }

    fn instruments(&self) -> &Instruments {
        &self.state.instruments
    }

    fn place(&self) -> Place {
        self.lines.place()
    }

    fn is_cut(&self) -> bool {
        self.lines.is_cut()
    }
}

/// A line's fields where some may be quoted, as lists of conditions are. Quotes inside quotes do not occur.
fn quoted(line: &[u8]) -> Vec<&[u8]> {
    let (mut fields, mut from, mut is_quoted) = (Vec::with_capacity(16), 0, false);
    for (at, &byte) in line.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                fields.push(&line[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    fields.push(&line[from..]);
    fields
}

impl State {
    fn instrument(&mut self, symbol: &str) -> Result<InstrumentIndex, &'static str> {
        let steps = (number::step(self.decimals.price), number::step(self.decimals.qty));
        self.instruments.index_of(symbol, steps.0, steps.1).ok_or("fewer, shorter symbols")
    }

    fn price(&self, text: &[u8]) -> Result<Price, &'static str> {
        number::steps(text, self.decimals.price).map(Price::new).map_err(NumberError::expected)
    }

    fn qty(&self, text: &[u8]) -> Result<Qty, &'static str> {
        match number::steps(text, self.decimals.qty) {
            Ok(qty) if qty < 0 => Err("a size that is not negative"),
            Ok(qty) => Ok(Qty::new(qty)),
            Err(error) => Err(error.expected()),
        }
    }

    fn row(&mut self, line: &[u8], columns: &Columns, batch: &mut Batch) -> Result<(), &'static str> {
        let fields = quoted(line);
        let field = |place: usize| fields.get(place).copied().ok_or("the columns of the header");
        let nanos = |place| number::unsigned(field(place)?).map(UnixNanos::new).ok_or("a time in nanoseconds");
        let stamp = Stamp { exchange: nanos(columns.participant)?, local: nanos(columns.sip)? };
        let body = match columns.numbers {
            Numbers::Trade { price, size } => {
                Body::Trade { id: 0, price: self.price(field(price)?)?, qty: self.qty(field(size)?)?, aggressor: None }
            }
            Numbers::Quote { bid, bid_size, ask, ask_size } => Body::Quote {
                bid: self.price(field(bid)?)?,
                bid_qty: self.qty(field(bid_size)?)?,
                ask: self.price(field(ask)?)?,
                ask_qty: self.qty(field(ask_size)?)?,
            },
        };
        let symbol = std::str::from_utf8(field(columns.ticker)?).map_err(|_| "a ticker")?;
        let instrument = self.instrument(symbol)?;
        batch.events.push(stamp.event(instrument, Flags::LAST, body));
        Ok(())
    }

    fn json(&mut self, line: &[u8], batch: &mut Batch) -> Result<(), &'static str> {
        const EXPECTED: &str = "a message with `ev`, or a list of them";
        let Opened::Letter(letter) = envelope::open(line)? else { return Ok(()) };
        let messages: Vec<Message<'_>> = if letter.json.trim_ascii_start().starts_with(b"[") {
            serde_json::from_slice(&letter.json).map_err(|_| EXPECTED)?
        } else {
            vec![serde_json::from_slice(&letter.json).map_err(|_| EXPECTED)?]
        };
        for message in messages {
            let Some(symbol) = message.sym else { continue }; // what the service says of itself
            let stamp = Stamp::of_millis(message.t, letter.local)?;
            let price = |raw: Option<&RawValue>| self.price(raw.ok_or("prices")?.get().as_bytes());
            let qty = |raw: Option<&RawValue>| self.qty(raw.ok_or("sizes")?.get().as_bytes());
            let body = match message.ev {
                "T" => {
                    let id = message.i.and_then(|id| number::unsigned(id.as_bytes())).unwrap_or(0);
                    Body::Trade { id, price: price(message.p)?, qty: qty(message.s)?, aggressor: None }
                }
                "Q" => Body::Quote {
                    bid: price(message.bp)?,
                    bid_qty: qty(message.bs)?,
                    ask: price(message.ap)?,
                    ask_qty: qty(message.ask_size)?,
                },
                _ => Body::Notice(0),
            };
            let instrument = self.instrument(symbol)?;
            batch.events.push(stamp.event(instrument, Flags::LAST, body));
        }
        Ok(())
    }
}

/// Whether a line may be of such a file: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let is_json = has(b"\"sym\":\"") && (has(b"\"ev\":\"T\"") || has(b"\"ev\":\"Q\""));
    is_json || columns(line).is_some()
}
