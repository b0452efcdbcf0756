//! Writing a LOBSTER pair: a message for every change of an order, and the book after each.

use super::{BookRows, PRICE_DECIMALS};
use crate::book::ObservedBook;
use crate::event::{Body, Event, Flags, OrderRef, Resting, Status};
use crate::instruments::InstrumentInfo;
use crate::number;
use crate::time::{Date, UnixNanos};
use hft_core::models::{Qty, Side};
use std::fmt::Write as _;
use std::io::{self, Write};

/// What the files of a pair are called: `XYZ_2024-01-02_34200000_57600000_message_10.csv` and its orderbook.
pub fn file_names(symbol: &str, date: Date, millis: std::ops::Range<u64>, levels: usize) -> [String; 2] {
    let name = |what| format!("{symbol}_{date}_{}_{}_{what}_{levels}.csv", millis.start, millis.end);
    [name("message"), name("orderbook")]
}

/// Writes the events of one instrument as a pair of files.
///
/// A change that LOBSTER has no type for is written as those that it is made of: a replaced order as a deletion and a new
/// order. An order that is part of an image is in the book and in no message. Prices are dollars x 10,000; sizes are the
/// instrument's steps. What follows an order that neither the book nor the event itself places is left out and counted.
///
/// ```
/// use hft_core::models::{Decimal, Price, Qty, Side};
/// use hft_data::formats::lobster::LobsterWriter;
/// use hft_data::{Body, Event, Instruments, OrderRef, UnixNanos};
/// let mut instruments = Instruments::default();
/// let x = instruments.index_of("X", "0.01".parse()?, Decimal::ONE).expect("room for one");
/// let midnight = UnixNanos::new(1_704_171_600_000_000_000);
/// let (mut messages, mut books) = (Vec::new(), Vec::new());
/// let mut writer = LobsterWriter::new(&mut messages, &mut books, midnight, 1);
/// let body = Body::Add { order: OrderRef(7), side: Side::Buy, price: Price::new(10_001), qty: Qty::new(5) };
/// let half_past_nine = midnight.plus(34_200_500_000_000).expect("a moment");
/// writer.write(&Event::at(half_past_nine, x, body), instruments.get(x))?;
/// assert_eq!(String::from_utf8(messages)?, "34200.5,1,7,5,1000100,1\n");
/// assert_eq!(String::from_utf8(books)?, "9999999999,0,1000100,5\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LobsterWriter<W: Write> {
    messages: W,
    books: W,
    midnight: UnixNanos,
    levels: usize,
    book: ObservedBook,
    line: String,
    left_out: u64,
}

/// One row of the message file.
struct Message {
    kind: u8,
    order: OrderRef,
    qty: Qty,
    /// In the instrument's steps; a halt's has another meaning.
    price: i64,
    side: Side,
}

impl<W: Write> LobsterWriter<W> {
    /// Writes times as seconds after `midnight`, and books of so many levels.
    pub fn new(messages: W, books: W, midnight: UnixNanos, levels: usize) -> Self {
        let (book, line) = (ObservedBook::default(), String::new());
        Self { messages, books, midnight, levels, book, line, left_out: 0 }
    }

    /// Writes what an event changes.
    ///
    /// # Errors
    /// When it cannot be written: the file fails, the event is a level and no order, a price is finer than a ten-thousandth,
    /// or the time is before midnight.
    pub fn write(&mut self, event: &Event, info: &InstrumentInfo) -> io::Result<()> {
        let time = if event.exchange_time.is_known() { event.exchange_time } else { event.local_time };
        let nanos = u64::try_from(time.minus(self.midnight)).map_err(|_| io::Error::other("before midnight"))?;
        if event.flags.has(Flags::SNAPSHOT) {
            return self.follow(event);
        }
        match event.body {
            Body::Replace { order, by, price, qty } => {
                let Some((at, open)) = self.book.order(order) else { return self.leave_out() };
                let resting = Some(at);
                self.one(nanos, event, Body::Delete { order, qty: open, resting }, info)?;
                self.one(nanos, event, Body::Add { order: by, side: at.side, price, qty }, info)
            }
            Body::Modify { order, side, price, qty } => {
                let known = self.book.order(order);
                if let Some((at, open)) = known {
                    let resting = Some(at);
                    if (at.side, at.price) == (side, price) && qty <= open {
                        let by = open - qty;
                        let body = if qty.is_zero() {
                            Body::Delete { order, qty: by, resting }
                        } else {
                            Body::Reduce { order, by, resting }
                        };
                        return if by.is_zero() { Ok(()) } else { self.one(nanos, event, body, info) };
                    }
                    self.one(nanos, event, Body::Delete { order, qty: open, resting }, info)?;
                }
                self.one(nanos, event, Body::Add { order, side, price, qty }, info)
            }
            Body::Level { .. } => Err(io::Error::other("LOBSTER holds orders: a book of levels cannot be written so")),
            Body::Clear(_) => self.follow(event),
            Body::Quote { .. } | Body::Bust { .. } | Body::Notice(_) => Ok(()),
            // An execution is told where its order stands; the tape's copy of it would tell it twice.
            Body::Trade { .. } if !event.flags.has(Flags::CROSS) => Ok(()),
            body @ (Body::Add { .. }
            | Body::Reduce { .. }
            | Body::Delete { .. }
            | Body::Execute { .. }
            | Body::ExecuteAt { .. }
            | Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Status(_)) => self.one(nanos, event, body, info),
        }
    }

    /// How many events were left out, since nobody knows where their order stands.
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Hands back what was written to, flushed.
    ///
    /// # Errors
    /// When it cannot be flushed.
    pub fn finish(mut self) -> io::Result<(W, W)> {
        self.messages.flush()?;
        self.books.flush()?;
        Ok((self.messages, self.books))
    }

    fn leave_out(&mut self) -> io::Result<()> {
        self.left_out += 1;
        Ok(())
    }

    /// Changes the book alone.
    fn follow(&mut self, event: &Event) -> io::Result<()> {
        match self.book.apply(event) {
            Ok(()) => Ok(()),
            Err(_) => self.leave_out(),
        }
    }

    /// One message and the book after it.
    fn one(&mut self, nanos: u64, event: &Event, body: Body, info: &InstrumentInfo) -> io::Result<()> {
        let Some(message) = self.message(&body) else { return self.leave_out() };
        // A book that does not know the order is wrong afterwards as before; the message is right all the same.
        let _ = self.book.apply(&Event { body, ..*event });
        let price = if message.kind == b'7' { message.price } else { scale(message.price, info)? };
        self.line.clear();
        time(nanos, &mut self.line);
        let direction = if message.side == Side::Buy && message.kind != b'7' { "1" } else { "-1" };
        let (kind, order, qty) = (char::from(message.kind), message.order.0, message.qty.lots());
        writeln!(self.line, ",{kind},{order},{qty},{price},{direction}").expect("a String takes all that is written");
        self.messages.write_all(self.line.as_bytes())?;
        self.row(info)
    }

    fn message(&self, body: &Body) -> Option<Message> {
        let place = |order: OrderRef, told: Option<Resting>| told.or_else(|| self.book.order(order).map(|(at, _)| at));
        let of = |kind, order, qty, at: Resting| Message { kind, order, qty, price: at.price.ticks(), side: at.side };
        let maker = |aggressor: Option<Side>| aggressor.unwrap_or(Side::Sell).opposite();
        Some(match *body {
            Body::Add { order, side, price, qty } => of(b'1', order, qty, Resting { side, price }),
            Body::Reduce { order, by, resting } => of(b'2', order, by, place(order, resting)?),
            Body::Delete { order, qty, resting } => {
                let open = self.book.order(order).map_or(qty, |(_, open)| open);
                of(b'3', order, if qty.is_zero() { open } else { qty }, place(order, resting)?)
            }
            Body::Execute { order, qty, resting } => of(b'4', order, qty, place(order, resting)?),
            Body::ExecuteAt { order, qty, .. } => of(b'4', order, qty, place(order, None)?),
            Body::HiddenTrade { order, price, qty, aggressor } => {
                of(b'5', order, qty, Resting { side: maker(aggressor), price })
            }
            Body::Trade { id, price, qty, aggressor } => {
                of(b'6', OrderRef(id), qty, Resting { side: maker(aggressor), price })
            }
            Body::Status(status) => {
                let price = match status {
                    Status::Halt | Status::Close => -1,
                    Status::QuoteOnly | Status::PreOpen => 0,
                    Status::Trading => 1,
                };
                Message { kind: b'7', order: OrderRef(0), qty: Qty::ZERO, price, side: Side::Sell }
            }
            Body::Replace { .. }
            | Body::Modify { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Bust { .. }
            | Body::Clear(_)
            | Body::Notice(_) => return None,
        })
    }

    /// The book as a row.
    fn row(&mut self, info: &InstrumentInfo) -> io::Result<()> {
        self.line.clear();
        let (mut asks, mut bids) = (self.book.levels(Side::Sell), self.book.levels(Side::Buy));
        for level in 0..self.levels {
            if level > 0 {
                self.line.push(',');
            }
            for (separator, quote, pad) in [("", asks.next(), BookRows::PAD), (",", bids.next(), -BookRows::PAD)] {
                let (price, qty) = match quote {
                    Some(quote) => (scale(quote.price.ticks(), info)?, quote.qty.lots()),
                    None => (pad, 0),
                };
                write!(self.line, "{separator}{price},{qty}").expect("a String takes all that is written");
            }
        }
        self.line.push('\n');
        self.books.write_all(self.line.as_bytes())
    }
}

/// A price in ten-thousandths.
fn scale(ticks: i64, info: &InstrumentInfo) -> io::Result<i64> {
    let units = i128::from(ticks) * info.price_step.to_pico();
    let step = number::step(PRICE_DECIMALS).to_pico();
    let scaled = (units % step == 0).then(|| i64::try_from(units / step).ok()).flatten();
    scaled
        .ok_or_else(|| io::Error::other(format!("{}: a price finer than a ten-thousandth, or too large", info.symbol)))
}

/// Seconds with as many digits as they need.
fn time(nanos: u64, line: &mut String) {
    let (seconds, part) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    write!(line, "{seconds}").expect("a String takes all that is written");
    if part > 0 {
        let digits = format!("{part:09}");
        line.push('.');
        line.push_str(digits.trim_end_matches('0'));
    }
}
