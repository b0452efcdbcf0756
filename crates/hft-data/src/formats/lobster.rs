//! LOBSTER: order-by-order messages of one NASDAQ stock and one day, reconstructed by the service of that name.
//!
//! `TICKER_DATE_START_END_message_LEVEL.csv`, six columns without a header:
//!
//! | column | is | becomes |
//! |---|---|---|
//! | time | seconds after midnight in New York, to the nanosecond | both clocks |
//! | type | 1 new, 2 partial cancel, 3 delete, 4 execution, 5 hidden execution, 6 auction trade, 7 halt | the body |
//! | order | id | [`OrderRef`] |
//! | size | shares | [`Qty`], step 1 |
//! | price | dollars x 10,000 | [`Price`], step 0.0001 |
//! | direction | of the resting order: 1 buy, -1 sell | its side; whoever executed it came from the other |
//!
//! A halt (type 7) has its meaning in the price: -1 halted, 0 quotes only, 1 trading. A seventh column is passed over.
//!
//! The companion `_orderbook_LEVEL.csv` has in row k the book after message k. Its first row can seed a replay: the
//! reader then begins with an image of that book, in which the order of message 1, where it is a new one, has its own id
//! and all other size at a price stands under one invented id (see [`seed_order`]). Files of 1, 5 or 10 levels hold only the
//! messages that touch those levels; only files that see all orders can be replayed from end to end.

mod pair;
mod write;

pub(crate) use pair::LobsterPair;
pub use write::{LobsterWriter, file_names};

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::event::{Body, ClearReason, Event, Flags, InstrumentIndex, OrderRef, Resting, Status};
use crate::findings::FindingKind;
use crate::instruments::Instruments;
use crate::lines::Lines;
use crate::number;
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::{Date, UnixNanos, Zone};
use hft_core::models::{Decimal, Price, Qty, Side};
use std::path::Path;

/// Digits behind the point of a price.
pub(crate) const PRICE_DECIMALS: u32 = 4;

/// Reads message files.
pub struct LobsterReader {
    lines: Lines,
    instruments: Instruments,
    instrument: InstrumentIndex,
    midnight: UnixNanos,
    seed: Option<Vec<BookLevel>>,
    assumed: Vec<&'static str>,
}

/// One price of an orderbook row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BookLevel {
    /// Its side.
    pub side: Side,
    /// Its price, in ten-thousandths of a dollar.
    pub price: Price,
    /// All that rests there.
    pub qty: Qty,
}

/// The id under which the seed keeps what rested at a price: no venue numbers an order so.
pub const fn seed_order(side: Side, price: Price) -> OrderRef {
    OrderRef((1 << 63) | ((side as u64) << 62) | (price.ticks().unsigned_abs() & ((1 << 62) - 1)))
}

impl LobsterReader {
    pub(crate) fn open(message: &Entry, book: Option<&Entry>, options: &ReadOptions) -> Result<Self, ReadError> {
        let mut assumed = Vec::new();
        let date = options.date.or_else(|| Date::find(&message.name));
        let midnight = date.and_then(|date| date.midnight(options.zone.unwrap_or(Zone::NewYork)));
        if midnight.is_none() {
            assumed.push("no date in the file's name (see --date): times are counted from 1970-01-01");
        }
        let ticker = message.name.split(['_', '/', '.']).next().unwrap_or_default();
        let symbol = options.symbol.as_deref().unwrap_or(ticker);
        let mut instruments = Instruments::default();
        let steps = (number::step(PRICE_DECIMALS), Decimal::ONE);
        let Some(instrument) = instruments.index_of(symbol, steps.0, steps.1) else {
            let expected = format!("a symbol of at most {} bytes (see --symbol)", Instruments::MAX_SYMBOL);
            return Err(BadRecord::new(&message.shown(), Place::Line(0), symbol.as_bytes(), expected).into());
        };
        let seed = book.map(first_row).transpose()?.flatten();
        let lines = Lines::new(message.open()?, message.shown());
        let midnight = midnight.unwrap_or(UnixNanos::new(0));
        Ok(Self { lines, instruments, instrument, midnight, seed, assumed })
    }

    /// The book as the first row tells it, at the moment of the first message, which is part of it.
    fn seed(&self, levels: &[BookLevel], first: &Event, batch: &mut Batch) {
        let image = |body| Event::at(first.local_time, self.instrument, body).flagged(Flags::SNAPSHOT);
        batch.events.push(image(Body::Clear(ClearReason::Snapshot)));
        for level in levels {
            let mut qty = level.qty;
            if let Body::Add { side, price, qty: added, .. } = first.body
                && (side, price) == (level.side, level.price)
                && added <= qty
            {
                qty -= added;
            }
            if qty.is_positive() {
                let order = seed_order(level.side, level.price);
                batch.events.push(image(Body::Add { order, side: level.side, price: level.price, qty }));
            }
        }
        if let Some(last) = batch.events.last_mut() {
            last.flags = last.flags.and(Flags::LAST);
        }
    }
}

impl RecordReader for LobsterReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        for text in self.assumed.drain(..) {
            batch.findings.note(FindingKind::Assumed, Place::Line(0), || text.to_owned());
        }
        let Some(line) = self.lines.next()? else { return Ok(false) };
        match message(line, self.midnight) {
            Ok((time, body)) => {
                let event = Event::at(time, self.instrument, body);
                let event = if matches!(body, Body::Trade { .. }) {
                    event.flagged(Flags::LAST.and(Flags::CROSS))
                } else {
                    event
                };
                match self.seed.take() {
                    Some(levels) => {
                        self.seed(&levels, &event, batch);
                        if matches!(body, Body::Add { .. }) {
                            batch.events.push(event);
                        }
                    }
                    None => batch.events.push(event),
                }
                Ok(true)
            }
            Err(expected) => {
                let line = line.to_vec();
                let is_short = memchr::memchr_iter(b',', &line).count() < 5;
                let expected =
                    if is_short { "six columns: time, type, order, size, price, direction" } else { expected };
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

/// One line of a message file. The columns are read in one go, digit by digit: this is the busiest loop of the format.
fn message(line: &[u8], midnight: UnixNanos) -> Result<(UnixNanos, Body), &'static str> {
    let mut rest = line;
    let time = nanos(&mut rest).and_then(|nanos| midnight.plus(nanos)).ok_or("seconds after midnight")?;
    let &[kind, b',', ref tail @ ..] = rest else { return Err("a type of 1 to 7") };
    rest = tail;
    let order = OrderRef(column(&mut rest).ok_or("an order id")?);
    let size = column(&mut rest).and_then(|size| i64::try_from(size).ok()).ok_or("a size in shares")?;
    let is_negative = rest.first() == Some(&b'-');
    rest = &rest[usize::from(is_negative)..];
    let price = column(&mut rest).and_then(|price| i64::try_from(price).ok());
    let price = price.ok_or("a price in ten-thousandths of a dollar")?;
    let price = if is_negative { -price } else { price };
    if kind == b'7' {
        return match price {
            -1 => Ok((time, Body::Status(Status::Halt))),
            0 => Ok((time, Body::Status(Status::QuoteOnly))),
            1 => Ok((time, Body::Status(Status::Trading))),
            _ => Err("a halt's price of -1, 0 or 1"),
        };
    }
    let side = match rest {
        [b'1'] | [b'1', b',', ..] => Side::Buy,
        [b'-', b'1'] | [b'-', b'1', b',', ..] => Side::Sell,
        _ => return Err("a direction of 1 or -1"),
    };
    let (price, qty) = (Price::new(price), Qty::new(size));
    let resting = Some(Resting { side, price });
    let aggressor = Some(side.opposite());
    if !qty.is_positive() {
        return Err("a size above zero");
    }
    let body = match kind {
        b'1' => Body::Add { order, side, price, qty },
        b'2' => Body::Reduce { order, by: qty, resting },
        b'3' => Body::Delete { order, qty, resting },
        b'4' => Body::Execute { order, qty, resting },
        b'5' => Body::HiddenTrade { order, price, qty, aggressor },
        b'6' => Body::Trade { id: order.0, price, qty, aggressor },
        _ => return Err("a type of 1 to 7"),
    };
    Ok((time, body))
}

/// The digits at the front, at least one and no more than cannot overflow, and how many they were.
fn digits(rest: &mut &[u8]) -> Option<(u64, usize)> {
    const MOST: usize = 19;
    let (mut value, mut count) = (0u64, 0);
    for &byte in *rest {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        if count == MOST {
            return None;
        }
        value = value * 10 + u64::from(digit);
        count += 1;
    }
    *rest = &rest[count..];
    (count > 0).then_some((value, count))
}

/// A column of digits and the comma behind it.
fn column(rest: &mut &[u8]) -> Option<u64> {
    let (value, _) = digits(rest)?;
    let [b',', tail @ ..] = *rest else { return None };
    *rest = tail;
    Some(value)
}

/// Seconds and the comma behind them, as nanoseconds. Some files were written through floats (`35821.088778456004`): digits
/// behind the ninth are their noise, and the nearest nanosecond is what was meant.
fn nanos(rest: &mut &[u8]) -> Option<u64> {
    let seconds = digits(rest)?.0.checked_mul(1_000_000_000)?;
    let part = match *rest {
        [b'.', tail @ ..] => {
            *rest = tail;
            let (mut part, count) = digits(rest)?;
            let tenth = if count > 9 { part / 10u64.pow(u32::try_from(count - 10).ok()?) % 10 } else { 0 };
            part = match count {
                0..=9 => part * 10u64.pow(u32::try_from(9 - count).ok()?),
                _ => part / 10u64.pow(u32::try_from(count - 9).ok()?),
            };
            part + u64::from(tenth >= 5)
        }
        _ => 0,
    };
    let [b',', tail @ ..] = *rest else { return None };
    *rest = tail;
    seconds.checked_add(part)
}

/// Rows of an orderbook file, one after the other.
pub struct BookRows {
    lines: Lines,
}

impl BookRows {
    /// What stands where there is no level.
    pub const PAD: i64 = 9_999_999_999;

    /// Opens an orderbook file, packed or not; of a zip, the entry that is named so.
    ///
    /// # Errors
    /// When it cannot be read or holds none.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let entries = Entry::list(path)?;
        let is_book = |entry: &&Entry| entries.len() == 1 || entry.name.contains("_orderbook_");
        let Some(entry) = entries.iter().find(is_book) else {
            let shown = path.display().to_string();
            return Err(BadRecord::new(&shown, Place::Line(0), b"", "an entry named _orderbook_").into());
        };
        Self::of(entry)
    }

    pub(crate) fn of(entry: &Entry) -> Result<Self, ReadError> {
        Ok(Self { lines: Lines::new(entry.open()?, entry.shown()) })
    }

    /// The levels of the next row, from the touch outwards, offers and bids in turn; `false` at the end.
    ///
    /// # Errors
    /// When the row is bad or cannot be read.
    pub fn next(&mut self, levels: &mut Vec<BookLevel>) -> Result<bool, ReadError> {
        levels.clear();
        let Some(line) = self.lines.next()? else { return Ok(false) };
        if row(line, levels).is_none() {
            let line = line.to_vec();
            let expected = "columns of ask price, ask size, bid price, bid size in turn";
            return Err(self.lines.bad(&line, expected).into());
        }
        Ok(true)
    }
}

fn row(line: &[u8], levels: &mut Vec<BookLevel>) -> Option<()> {
    let mut fields = line.split(|&byte| byte == b',');
    let mut side = Side::Sell;
    while let Some(price) = fields.next() {
        let price = number::steps(price, 0).ok()?;
        let qty = number::steps(fields.next()?, 0).ok()?;
        if price.abs() != BookRows::PAD && qty > 0 {
            levels.push(BookLevel { side, price: Price::new(price), qty: Qty::new(qty) });
        }
        side = side.opposite();
    }
    (side == Side::Sell).then_some(())
}

fn first_row(entry: &Entry) -> Result<Option<Vec<BookLevel>>, ReadError> {
    let mut rows = BookRows::of(entry)?;
    let mut levels = Vec::new();
    Ok(rows.next(&mut levels)?.then_some(levels))
}

/// Whether a line may be of a message file: for detection.
pub(crate) fn looks_like_message(line: &[u8]) -> bool {
    let columns = line.iter().filter(|&&byte| byte == b',').count() + 1;
    matches!(columns, 6 | 7) && line.contains(&b'.') && message(line, UnixNanos::new(0)).is_ok()
}
