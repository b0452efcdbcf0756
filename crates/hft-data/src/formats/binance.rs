//! Binance: raw recordings of websocket streams, spot, USD-margined and coin-margined futures, with images of the book as the
//! REST interface answers them.
//!
//! A line is what a recorder received (see `envelope`): `<local ns> {"stream":"btcusdt@depth@100ms","data":{..}}`, the data
//! alone, or an image `<local ns> {"lastUpdateId":..,"bids":[..],"asks":[..]}`.
//!
//! | message | becomes |
//! |---|---|
//! | `depthUpdate` | through [`DepthSync`]: nothing before an image, then [`Body::Level`]s; a hole is [`ClearReason::Gap`](crate::ClearReason::Gap) and a finding |
//! | image | the joined book, as [`ClearReason::Snapshot`](crate::ClearReason::Snapshot) and levels flagged as image |
//! | `bookTicker` | [`Body::Quote`] |
//! | `trade`, `aggTrade` | [`Body::Trade`]; `m` (the buyer was the maker) means that a seller came |
//!
//! Messages of other streams become [`Body::Notice`]. The exchange time is `E`, when the venue sent the message; spot's `bookTicker` and spot's images have none. An image of spot
//! or USD-M does not name its symbol: it is that of the only stream of differences in the file. Sizes of coin-margined
//! futures are contracts of 100 dollars for BTC and of 10 for everything else, told as the instrument's multiplier.
//! Trades that the insurance fund or the matching engine made up (`X` is not `MARKET`) are left out of the tape.
//! Steps are 10^-8 for prices and sizes unless told otherwise.

use crate::depth_sync::{DepthLevel, DepthMode, DepthState, DepthSync, DepthUpdate};
use crate::envelope::{self, Opened};
use crate::event::{Body, Flags, InstrumentIndex};
use crate::findings::FindingKind;
use crate::instruments::Instruments;
use crate::json_levels::{self, Decimals};
use crate::levels_feed;
use crate::number::{self, NumberError};
use crate::reader::Batch;
use crate::recording::ReadOptions;
use crate::stamp::Stamp;
use crate::venue_lines::{Odd, VenueMessages};
use hft_core::models::{Decimal, Price, Qty, Side};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Digits behind the point, as spot writes all its numbers.
const DECIMALS: u32 = 8;

/// Reads raw recordings of one or more streams.
pub(crate) struct BinanceMessages {
    instruments: Instruments,
    decimals: Decimals,
    /// The books that are kept, by instrument.
    books: FxHashMap<InstrumentIndex, Book>,
    /// The instrument of images that do not say theirs: that of the first stream of differences.
    depth: Option<InstrumentIndex>,
    /// An image that came before the first difference.
    early: Option<(u64, Stamp, Vec<DepthLevel>)>,
}

struct Book {
    sync: DepthSync,
    is_followed: bool,
}

/// The fields of all messages; one name means different things in different messages, so values stay as they are.
#[derive(Deserialize)]
struct Message<'a> {
    e: Option<&'a str>,
    #[serde(rename = "E")]
    sent: Option<u64>,
    s: Option<&'a str>,
    ps: Option<&'a str>,
    #[serde(rename = "U")]
    first: Option<u64>,
    u: Option<u64>,
    pu: Option<u64>,
    #[serde(borrow)]
    b: Option<&'a RawValue>,
    #[serde(borrow)]
    a: Option<&'a RawValue>,
    #[serde(rename = "B", borrow)]
    bid_qty: Option<&'a RawValue>,
    #[serde(rename = "A", borrow)]
    ask_qty: Option<&'a RawValue>,
    t: Option<u64>,
    p: Option<&'a str>,
    q: Option<&'a str>,
    m: Option<bool>,
    #[serde(rename = "X")]
    origin: Option<&'a str>,
    #[serde(rename = "lastUpdateId")]
    image: Option<u64>,
    symbol: Option<&'a str>,
    #[serde(borrow)]
    bids: Option<&'a RawValue>,
    #[serde(borrow)]
    asks: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Combined<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

impl BinanceMessages {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        let decimals = Decimals { price: options.price_decimals(DECIMALS), qty: options.qty_decimals(DECIMALS) };
        Self { instruments: Instruments::default(), decimals, books: FxHashMap::default(), depth: None, early: None }
    }
}

impl VenueMessages for BinanceMessages {
    fn line(&mut self, line: &[u8], batch: &mut Batch) -> Result<Odd, &'static str> {
        const EXPECTED: &str = "a message of a depth, bookTicker, trade or aggTrade stream, or an image of a book";
        let Opened::Letter(letter) = envelope::open(line)? else { return Ok(None) };
        let combined: Combined<'_>;
        let text = std::str::from_utf8(&letter.json).map_err(|_| EXPECTED)?;
        let data = if text.starts_with("{\"stream\":") {
            combined = serde_json::from_str(text).map_err(|_| EXPECTED)?;
            combined.data.get()
        } else {
            text
        };
        let message: Message<'_> = serde_json::from_str(data).map_err(|_| EXPECTED)?;
        let stamp = Stamp::of_millis(message.sent, letter.local)?;
        match message.e {
            Some("depthUpdate") => self.update(&message, stamp, batch),
            Some("trade" | "aggTrade") => self.trade(&message, stamp, batch).map(|()| None),
            Some("bookTicker") => self.quote(&message, stamp, batch).map(|()| None),
            None if message.image.is_some() => self.image(&message, stamp, batch),
            None if message.bid_qty.is_some() => self.quote(&message, stamp, batch).map(|()| None),
            Some(_) if message.s.is_some() => {
                let instrument = self.instrument(&message)?;
                batch.events.push(stamp.event(instrument, Flags::LAST, Body::Notice(0)));
                Ok(None)
            }
            _ => Err(EXPECTED),
        }
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }
}

impl BinanceMessages {
    fn instrument(&mut self, message: &Message<'_>) -> Result<InstrumentIndex, &'static str> {
        let symbol = message.s.or(message.symbol).ok_or("a symbol `s`")?;
        let known = self.instruments.as_slice().len();
        let steps = (number::step(self.decimals.price), number::step(self.decimals.qty));
        let index = self.instruments.index_of(symbol, steps.0, steps.1).ok_or("fewer, shorter symbols")?;
        if let (true, Some(pair)) = (self.instruments.as_slice().len() > known, message.ps) {
            let dollars = if pair == "BTCUSD" { 100 } else { 10 };
            self.instruments.set_multiplier(index, Decimal::new(dollars, 0));
        }
        Ok(index)
    }

    fn update(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<Odd, &'static str> {
        let (Some(first), Some(last)) = (message.first, message.u) else { return Err("update numbers `U` and `u`") };
        if first > last {
            return Err("update numbers `U` <= `u`");
        }
        let levels = self.levels(message.b, message.a)?;
        let instrument = self.instrument(message)?;
        let mode = if message.pu.is_some() { DepthMode::Futures } else { DepthMode::Spot };
        self.books.entry(instrument).or_insert_with(|| Book { sync: DepthSync::new(mode), is_followed: false });
        let mut odd = None;
        if self.depth.is_none() {
            self.depth = Some(instrument);
            if let Some((number, stamp, levels)) = self.early.take() {
                odd = self.join(instrument, number, &levels, stamp, batch);
            }
        }
        let book = self.books.get_mut(&instrument).expect("just entered");
        let from = batch.events.len();
        let number = book.sync.number();
        levels_feed::changes(stamp, instrument, &levels, Flags::NONE, batch);
        let state = book.sync.on_update(DepthUpdate { first, last, previous: message.pu, levels });
        if state == DepthState::Applied {
            book.is_followed = true;
        } else {
            batch.events.truncate(from);
        }
        if matches!(state, DepthState::Resync | DepthState::ResyncCrossed) {
            book.is_followed = false;
            levels_feed::gap(stamp, instrument, batch);
            let number = number.unwrap_or_default();
            odd = Some(if state == DepthState::Resync {
                (FindingKind::Gap, format!("updates from {first} follow {number}"))
            } else {
                (FindingKind::Crossed, format!("the updates to {last} cross the book"))
            });
        } else if state == DepthState::Ignored && book.is_followed {
            odd =
                Some((FindingKind::Duplicate, format!("updates to {last} come after {}", number.unwrap_or_default())));
        }
        Ok(odd)
    }

    fn image(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<Odd, &'static str> {
        let number = message.image.ok_or("a lastUpdateId")?;
        let levels = self.levels(message.bids, message.asks)?;
        let instrument = match message.symbol {
            Some(_) => Some(self.instrument(message)?),
            None if self.books.len() > 1 => return Err("an image with a symbol, in a file of several streams"),
            None => self.depth,
        };
        match instrument.filter(|instrument| self.books.contains_key(instrument)) {
            Some(instrument) => Ok(self.join(instrument, number, &levels, stamp, batch)),
            None => {
                self.early = Some((number, stamp, levels));
                Ok(None)
            }
        }
    }

    /// Joins an image with what was kept, and tells the book that comes of it.
    fn join(
        &mut self,
        instrument: InstrumentIndex,
        number: u64,
        levels: &[DepthLevel],
        stamp: Stamp,
        batch: &mut Batch,
    ) -> Odd {
        let book = self.books.get_mut(&instrument)?;
        match book.sync.on_snapshot(number, levels) {
            DepthState::Synced => {}
            DepthState::SnapshotTooOld => return Some((FindingKind::StaleImage, format!("an image as of {number}"))),
            DepthState::Resync => return Some((FindingKind::Gap, format!("updates are missing after image {number}"))),
            DepthState::ResyncCrossed => {
                return Some((FindingKind::Crossed, format!("the image as of {number} is crossed")));
            }
            DepthState::Buffered | DepthState::Applied | DepthState::Ignored | DepthState::Buffering => return None,
        }
        book.is_followed = true;
        let book = book.sync.book()?;
        let side = |side| book.levels(side).into_iter().map(move |level| (side, level.price, level.qty));
        let joined: Vec<DepthLevel> = side(Side::Buy).chain(side(Side::Sell)).collect();
        levels_feed::image(stamp, instrument, &joined, batch);
        None
    }

    fn levels(&self, bids: Option<&RawValue>, asks: Option<&RawValue>) -> Result<Vec<DepthLevel>, &'static str> {
        let mut levels = Vec::new();
        for (side, raw) in [(Side::Buy, bids), (Side::Sell, asks)] {
            let raw = raw.ok_or("levels of both sides")?;
            json_levels::read(raw.get(), side, self.decimals, &mut levels)?;
        }
        Ok(levels)
    }

    fn quote(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<(), &'static str> {
        let quoted = |raw: Option<&RawValue>, decimals| {
            let text = raw.map(RawValue::get).ok_or("prices `b`, `a` and sizes `B`, `A`")?;
            number::steps(text.trim_matches('"').as_bytes(), decimals).map_err(NumberError::expected)
        };
        let bid = Price::new(quoted(message.b, self.decimals.price)?);
        let ask = Price::new(quoted(message.a, self.decimals.price)?);
        let bid_qty = Qty::new(quoted(message.bid_qty, self.decimals.qty)?);
        let ask_qty = Qty::new(quoted(message.ask_qty, self.decimals.qty)?);
        let body = Body::Quote { bid, bid_qty, ask, ask_qty };
        let instrument = self.instrument(message)?;
        batch.events.push(stamp.event(instrument, Flags::LAST, body));
        Ok(())
    }

    fn trade(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<(), &'static str> {
        let (Some(price), Some(qty), Some(maker_bought)) = (message.p, message.q, message.m) else {
            return Err("a price `p`, a size `q` and `m`");
        };
        let id = match (message.t, message.a) {
            (Some(id), _) => id,
            (None, Some(raw)) => number::unsigned(raw.get().as_bytes()).ok_or("a number `a`")?,
            (None, None) => return Err("a number `t` or `a`"),
        };
        let price = number::steps(price.as_bytes(), self.decimals.price).map_err(NumberError::expected)?;
        let qty = number::steps(qty.as_bytes(), self.decimals.qty).map_err(NumberError::expected)?;
        let instrument = self.instrument(message)?;
        if message.origin.is_some_and(|origin| origin != "MARKET") {
            return Ok(());
        }
        let aggressor = Some(if maker_bought { Side::Sell } else { Side::Buy });
        let body = Body::Trade { id, price: Price::new(price), qty: Qty::new(qty), aggressor };
        batch.events.push(stamp.event(instrument, Flags::LAST, body));
        Ok(())
    }
}

/// Whether a line may be of such a recording: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let is_image = has(b"\"lastUpdateId\":") && has(b"\"bids\":");
    let is_message = [&b"\"e\":\"depthUpdate\""[..], b"\"e\":\"trade\"", b"\"e\":\"aggTrade\"", b"@bookTicker\""];
    is_image || is_message.into_iter().any(has)
}
