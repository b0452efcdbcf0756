//! Writing our own CSV.

use super::{FLAGS, HEADER, INSTRUMENT};
use crate::event::{Body, Event};
use crate::flat::{self, Flat};
use crate::instruments::{InstrumentInfo, Instruments};
use crate::number;
use hft_core::models::Side;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes events as rows.
///
/// ```
/// use hft_core::models::{Decimal, Price, Qty, Side};
/// use hft_data::formats::events_csv::CsvWriter;
/// use hft_data::{Body, Event, Instruments, UnixNanos};
/// let mut instruments = Instruments::default();
/// let x = instruments.index_of("X", "0.01".parse()?, Decimal::ONE).expect("room for one");
/// let mut file = Vec::new();
/// let mut writer = CsvWriter::new(&mut file)?;
/// let body = Body::Level { side: Side::Buy, price: Price::new(9_999), qty: Qty::new(5) };
/// writer.write(&Event::at(UnixNanos::new(7), x, body), &instruments)?;
/// let text = String::from_utf8(file)?;
/// assert!(text.ends_with("0,,X,instrument,,,,,0.01,1,1,\n7,7,X,level,L,,,buy,99.99,5,,\n"), "{text}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CsvWriter<W: Write> {
    out: W,
    row: String,
    /// How many instruments have had their row.
    told: usize,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        writeln!(out, "{HEADER}")?;
        Ok(Self { out, row: String::new(), told: 0 })
    }

    /// Writes one event, and before it the instruments that were met since the last.
    ///
    /// # Errors
    /// When it cannot be written, or a symbol would break the row.
    pub fn write(&mut self, event: &Event, instruments: &Instruments) -> io::Result<()> {
        for info in instruments.as_slice().get(self.told..).unwrap_or_default() {
            if info.symbol.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) || info.symbol.is_empty() {
                return Err(io::Error::other(format!("the symbol `{}` cannot stand in a CSV row", info.symbol)));
            }
            let (symbol, price, qty) = (&info.symbol, info.price_step, info.qty_step);
            writeln!(self.out, "0,,{symbol},{INSTRUMENT},,,,,{price},{qty},{},", info.multiplier)?;
            self.told += 1;
        }
        self.row.clear();
        row(event, instruments.get(event.instrument), &mut self.row);
        self.out.write_all(self.row.as_bytes())
    }

    /// Hands back what was written to, flushed.
    ///
    /// # Errors
    /// When it cannot be flushed.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn row(event: &Event, info: &InstrumentInfo, out: &mut String) {
    let written = write!(out, "{},", event.local_time.nanos());
    written.expect("a String takes all that is written");
    let number = |value: Option<u64>, out: &mut String| {
        if let Some(value) = value {
            write!(out, "{value}").expect("a String takes all that is written");
        }
        out.push(',');
    };
    number(event.exchange_time.is_known().then_some(event.exchange_time.nanos()), out);
    for part in [&info.symbol, ",", Body::KINDS[event.body.kind()], ","] {
        out.push_str(part);
    }
    let letters = FLAGS.iter().filter(|(_, flag)| event.flags.has(*flag));
    let before = out.len();
    out.extend(letters.map(|&(letter, _)| char::from(letter)));
    if out.len() == before {
        out.push('-');
    }
    out.push(',');
    let fields = Flat::of(&event.body);
    number(fields.order, out);
    match (flat::words(event.body.kind()), fields.other) {
        (Some(words), Some(code)) => {
            out.push_str(words[usize::try_from(code).expect("a code is small")]);
            out.push(',');
        }
        (_, other) => number(other, out),
    }
    out.push_str(fields.side.map_or("", |side| if side == Side::Buy { "buy" } else { "sell" }));
    for (price, qty) in fields.levels {
        out.push(',');
        if let Some(price) = price {
            number::print(price, info.price_step, out);
        }
        out.push(',');
        if let Some(qty) = qty {
            number::print(qty, info.qty_step, out);
        }
    }
    out.push('\n');
}
