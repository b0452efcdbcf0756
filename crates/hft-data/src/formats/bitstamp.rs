//! Bitstamp, order by order: what its `live_orders` channel says of every order, as CSV with a header.
//!
//! `id,timestamp,exchange_timestamp,price,volume,action,direction`, times in milliseconds:
//!
//! | action | becomes |
//! |---|---|
//! | `created` | [`Body::Add`] |
//! | `changed` | [`Body::Modify`]: `volume` is what is open from now on, executed or cancelled we are not told |
//! | `deleted` | [`Body::Delete`]: filled or cancelled we are not told; `volume` is what was open |
//!
//! `timestamp` is the recorder's clock, `exchange_timestamp` the venue's. Recorders of this format begin with the book as it
//! was: orders `created` at one and the same pair of times, which become an image; at the end they may close it again with
//! orders `deleted` at equal times, which are flagged as image too. Orders of less than a step appear as size zero.
//!
//! The companion `trade_id,timestamp,exchange_timestamp,price,amount,buy_order_id,sell_order_id,side` becomes
//! [`Body::Trade`]. Steps are 0.01 for prices and 10^-8 for sizes unless told otherwise.

use crate::bad_record::{Place, ReadError};
use crate::csv_line::Fields;
use crate::event::{Body, ClearReason, Event, Flags, InstrumentIndex, OrderRef, Resting};
use crate::instruments::Instruments;
use crate::json_levels::Decimals;
use crate::lines::Lines;
use crate::number::{self, NumberError};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::UnixNanos;
use hft_core::models::{Price, Qty, Side};

/// The header of a file of orders.
pub(crate) const ORDERS: &[u8] = b"id,timestamp,exchange_timestamp,price,volume,action,direction";
/// The header of a file of trades.
pub(crate) const TRADES: &[u8] = b"trade_id,timestamp,exchange_timestamp,price,amount,buy_order_id,sell_order_id,side";

const PRICE_DECIMALS: u32 = 2;
const QTY_DECIMALS: u32 = 8;

/// Reads files of orders and files of trades.
pub struct BitstampReader {
    lines: Lines,
    instruments: Instruments,
    instrument: InstrumentIndex,
    decimals: Decimals,
    image: Image,
}

/// Where the reader stands with the image at the beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Image {
    Awaited,
    /// Its pair of times.
    Of(UnixNanos, UnixNanos),
    Past,
}

impl BitstampReader {
    pub(crate) fn open(entry: &Entry, options: &ReadOptions) -> Result<Self, ReadError> {
        let lines = Lines::new(entry.open()?, entry.shown());
        let decimals =
            Decimals { price: options.price_decimals(PRICE_DECIMALS), qty: options.qty_decimals(QTY_DECIMALS) };
        let mut instruments = Instruments::default();
        let symbol = options.symbol.as_deref().unwrap_or("BITSTAMP");
        let steps = (number::step(decimals.price), number::step(decimals.qty));
        let Some(instrument) = instruments.index_of(symbol, steps.0, steps.1) else {
            return Err(lines.bad(symbol.as_bytes(), "a shorter symbol (see --symbol)").into());
        };
        Ok(Self { lines, instruments, instrument, decimals, image: Image::Awaited })
    }
}

/// One line, read.
struct Row {
    exchange: UnixNanos,
    local: UnixNanos,
    body: Body,
}

fn row(line: &[u8], decimals: Decimals) -> Result<Row, &'static str> {
    const COLUMNS: &str = "the columns of the header";
    let mut fields = Fields::of(line);
    let id = number::unsigned(fields.next(COLUMNS)?).ok_or("an id")?;
    let mut millis =
        || number::unsigned(fields.next(COLUMNS)?).and_then(UnixNanos::from_millis).ok_or("a time in milliseconds");
    let (local, exchange) = (millis()?, millis()?);
    let price = number::steps(fields.next(COLUMNS)?, decimals.price).map_err(NumberError::expected)?;
    let qty = number::steps(fields.next(COLUMNS)?, decimals.qty).map_err(NumberError::expected)?;
    if qty < 0 {
        return Err("a volume that is not negative");
    }
    let (price, qty, order) = (Price::new(price), Qty::new(qty), OrderRef(id));
    let word = fields.next(COLUMNS)?;
    let body = if matches!(word, b"created" | b"changed" | b"deleted") {
        let side = match fields.next(COLUMNS)? {
            b"bid" => Side::Buy,
            b"ask" => Side::Sell,
            _ => return Err("a direction of bid or ask"),
        };
        match word {
            b"created" => Body::Add { order, side, price, qty },
            b"changed" => Body::Modify { order, side, price, qty },
            _ => Body::Delete { order, qty, resting: Some(Resting { side, price }) },
        }
    } else if number::unsigned(word).is_some() {
        fields.next(COLUMNS)?;
        let aggressor = match fields.next(COLUMNS)? {
            b"buy" => Side::Buy,
            b"sell" => Side::Sell,
            _ => return Err("a side of buy or sell"),
        };
        Body::Trade { id, price, qty, aggressor: Some(aggressor) }
    } else {
        return Err("an action of created, changed or deleted");
    };
    Ok(Row { exchange, local, body })
}

impl BitstampReader {
    fn flags(&mut self, row: &Row, batch: &mut Batch) -> Flags {
        let (Body::Add { .. }, times) = (row.body, (row.local, row.exchange)) else {
            self.image = Image::Past;
            let is_closing = row.local == row.exchange && matches!(row.body, Body::Delete { .. });
            return if is_closing { Flags::LAST.and(Flags::SNAPSHOT) } else { Flags::LAST };
        };
        match self.image {
            Image::Awaited => {
                self.image = Image::Of(times.0, times.1);
                let clear = Body::Clear(ClearReason::Snapshot);
                batch.events.push(self.event(row, clear, Flags::SNAPSHOT));
                Flags::LAST.and(Flags::SNAPSHOT)
            }
            Image::Of(local, exchange) if (local, exchange) == times => Flags::LAST.and(Flags::SNAPSHOT),
            Image::Of(..) | Image::Past => {
                self.image = Image::Past;
                Flags::LAST
            }
        }
    }

    const fn event(&self, row: &Row, body: Body, flags: Flags) -> Event {
        Event { exchange_time: row.exchange, local_time: row.local, instrument: self.instrument, flags, body }
    }
}

impl RecordReader for BitstampReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let Some(mut line) = self.lines.next()? else { return Ok(false) };
        if matches!(line, ORDERS | TRADES) {
            let Some(next) = self.lines.next()? else { return Ok(false) };
            line = next;
        }
        match row(line, self.decimals) {
            Ok(row) => {
                let flags = self.flags(&row, batch);
                batch.events.push(self.event(&row, row.body, flags));
                Ok(true)
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
