//! Coinbase: recorded websocket messages, of Advanced Trade and of the older Exchange feed.
//!
//! A line is a message, bare or as a recorder wrapped it (see `envelope`).
//!
//! | message | becomes |
//! |---|---|
//! | `l2_data` snapshot, Exchange `snapshot` | [`ClearReason::Snapshot`](crate::ClearReason::Snapshot) and levels flagged as image |
//! | `l2_data` update, Exchange `l2update` | [`Body::Level`]s |
//! | `market_trades`, Exchange `match`, `last_match` | [`Body::Trade`]; `side` is the maker's, who came is the other. What the venue repeats from before the connection is flagged as image |
//! | `ticker` | [`Body::Quote`], where it tells the best sizes |
//! | all others | nothing |
//!
//! Advanced Trade numbers all messages of a connection: a hole empties every book ([`ClearReason::Gap`](crate::ClearReason::Gap)) until its next image.
//! The exchange time is the message's `timestamp` or `time`. Steps are 10^-8 unless told otherwise.

use crate::depth_sync::DepthLevel;
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
use crate::time::UnixNanos;
use crate::venue_lines::{Odd, VenueMessages};
use hft_core::models::{Price, Qty, Side};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeSet;

const DECIMALS: u32 = 8;

/// Reads recordings of any number of products.
pub(crate) struct CoinbaseMessages {
    instruments: Instruments,
    decimals: Decimals,
    /// Whose book is good.
    books: BTreeSet<InstrumentIndex>,
    /// The number of the last message.
    sequence: Option<u64>,
}

#[derive(Deserialize)]
struct Message<'a> {
    channel: Option<&'a str>,
    timestamp: Option<&'a str>,
    sequence_num: Option<u64>,
    #[serde(borrow)]
    events: Option<Vec<EventData<'a>>>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    product_id: Option<&'a str>,
    time: Option<&'a str>,
    #[serde(borrow)]
    bids: Option<&'a RawValue>,
    #[serde(borrow)]
    asks: Option<&'a RawValue>,
    #[serde(borrow)]
    changes: Option<Vec<[&'a str; 3]>>,
    trade_id: Option<u64>,
    side: Option<&'a str>,
    price: Option<&'a str>,
    size: Option<&'a str>,
}

#[derive(Deserialize)]
struct EventData<'a> {
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    product_id: Option<&'a str>,
    #[serde(borrow)]
    updates: Option<Vec<LevelData<'a>>>,
    #[serde(borrow)]
    trades: Option<Vec<TradeData<'a>>>,
    #[serde(borrow)]
    tickers: Option<Vec<TickerData<'a>>>,
}

#[derive(Deserialize)]
struct LevelData<'a> {
    side: &'a str,
    price_level: &'a str,
    new_quantity: &'a str,
}

#[derive(Deserialize)]
struct TradeData<'a> {
    product_id: &'a str,
    trade_id: &'a str,
    price: &'a str,
    size: &'a str,
    side: &'a str,
}

#[derive(Deserialize)]
struct TickerData<'a> {
    product_id: &'a str,
    best_bid: Option<&'a str>,
    best_ask: Option<&'a str>,
    best_bid_quantity: Option<&'a str>,
    best_ask_quantity: Option<&'a str>,
}

impl CoinbaseMessages {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self {
            instruments: Instruments::default(),
            decimals: Decimals { price: options.price_decimals(DECIMALS), qty: options.qty_decimals(DECIMALS) },
            books: BTreeSet::new(),
            sequence: None,
        }
    }
}

impl VenueMessages for CoinbaseMessages {
    fn line(&mut self, line: &[u8], batch: &mut Batch) -> Result<Odd, &'static str> {
        const EXPECTED: &str = "a message with a `channel` and `events`, or with a `type`";
        let letter = match envelope::open(line)? {
            Opened::Letter(letter) => letter,
            Opened::Connect { .. } => {
                self.sequence = None; // a new connection counts anew
                return Ok(None);
            }
            Opened::Nothing => return Ok(None),
        };
        let message: Message<'_> = serde_json::from_slice(&letter.json).map_err(|_| EXPECTED)?;
        if message.channel.is_none() && message.kind.is_none() {
            return Err(EXPECTED);
        }
        let sent = message.timestamp.or(message.time);
        let sent = sent.map(|text| UnixNanos::from_rfc3339(text).ok_or("a time such as 2026-08-09T21:05:48.1Z"));
        let stamp = Stamp::of(sent.transpose()?, letter.local)?;
        let odd = message.sequence_num.and_then(|number| self.count(number, stamp, batch));
        match (message.channel, message.kind) {
            (Some(_), _) => {
                for event in message.events.iter().flatten() {
                    self.event(event, stamp, batch)?;
                }
            }
            (None, Some("snapshot")) => self.image(&message, stamp, batch)?,
            (None, Some("l2update")) => self.changes(&message, stamp, batch)?,
            (None, Some(kind @ ("match" | "last_match"))) => {
                let flags = if kind == "match" { Flags::LAST } else { Flags::LAST.and(Flags::SNAPSHOT) };
                self.matched(&message, stamp, flags, batch)?;
            }
            (None, _) => {}
        }
        Ok(odd)
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }
}

impl CoinbaseMessages {
    /// Follows the numbers of a connection; a hole empties every book.
    fn count(&mut self, number: u64, stamp: Stamp, batch: &mut Batch) -> Odd {
        let last = self.sequence.replace(number)?;
        if number == last.wrapping_add(1) || number == 0 {
            return None;
        }
        if number <= last {
            return Some((FindingKind::Duplicate, format!("message {number} comes after {last}")));
        }
        for instrument in std::mem::take(&mut self.books) {
            levels_feed::gap(stamp, instrument, batch);
        }
        Some((FindingKind::Gap, format!("message {number} follows {last}")))
    }

    fn instrument(&mut self, product: Option<&str>) -> Result<InstrumentIndex, &'static str> {
        let product = product.ok_or("a `product_id`")?;
        let steps = (number::step(self.decimals.price), number::step(self.decimals.qty));
        self.instruments.index_of(product, steps.0, steps.1).ok_or("fewer, shorter products")
    }

    fn price(&self, text: &str) -> Result<Price, &'static str> {
        number::steps(text.as_bytes(), self.decimals.price).map(Price::new).map_err(NumberError::expected)
    }

    fn qty(&self, text: &str) -> Result<Qty, &'static str> {
        match number::steps(text.as_bytes(), self.decimals.qty) {
            Ok(qty) if qty < 0 => Err("a size that is not negative"),
            Ok(qty) => Ok(Qty::new(qty)),
            Err(error) => Err(error.expected()),
        }
    }

    fn event(&mut self, event: &EventData<'_>, stamp: Stamp, batch: &mut Batch) -> Result<(), &'static str> {
        let is_image = event.kind == Some("snapshot");
        if let Some(updates) = &event.updates {
            let instrument = self.instrument(event.product_id)?;
            let mut levels = Vec::with_capacity(updates.len());
            for update in updates {
                levels.push(self.level(update.side, update.price_level, update.new_quantity)?);
            }
            self.book(instrument, is_image, &levels, stamp, batch);
        }
        for trade in event.trades.iter().flatten() {
            let id = number::unsigned(trade.trade_id.as_bytes()).ok_or("a number `trade_id`")?;
            let flags = if is_image { Flags::LAST.and(Flags::SNAPSHOT) } else { Flags::LAST };
            let body = self.trade(id, trade.side, trade.price, trade.size)?;
            let instrument = self.instrument(Some(trade.product_id))?;
            batch.events.push(stamp.event(instrument, flags, body));
        }
        for ticker in event.tickers.iter().flatten() {
            let told = (ticker.best_bid, ticker.best_bid_quantity, ticker.best_ask, ticker.best_ask_quantity);
            let (Some(bid), Some(bid_qty), Some(ask), Some(ask_qty)) = told else { continue };
            let (bid, ask) = (self.price(bid)?, self.price(ask)?);
            let body = Body::Quote { bid, bid_qty: self.qty(bid_qty)?, ask, ask_qty: self.qty(ask_qty)? };
            let instrument = self.instrument(Some(ticker.product_id))?;
            batch.events.push(stamp.event(instrument, Flags::LAST, body));
        }
        Ok(())
    }

    fn level(&self, side: &str, price: &str, qty: &str) -> Result<DepthLevel, &'static str> {
        let side = match side {
            "bid" | "buy" => Side::Buy,
            "offer" | "sell" => Side::Sell,
            _ => return Err("a side of bid or offer"),
        };
        Ok((side, self.price(price)?, self.qty(qty)?))
    }

    fn trade(&self, id: u64, maker: &str, price: &str, size: &str) -> Result<Body, &'static str> {
        let aggressor = match maker {
            "BUY" | "buy" => Side::Sell,
            "SELL" | "sell" => Side::Buy,
            _ => return Err("a side of buy or sell"),
        };
        Ok(Body::Trade { id, price: self.price(price)?, qty: self.qty(size)?, aggressor: Some(aggressor) })
    }

    fn book(
        &mut self,
        instrument: InstrumentIndex,
        is_image: bool,
        levels: &[DepthLevel],
        stamp: Stamp,
        batch: &mut Batch,
    ) {
        if is_image {
            self.books.insert(instrument);
            levels_feed::image(stamp, instrument, levels, batch);
        } else if self.books.contains(&instrument) {
            levels_feed::changes(stamp, instrument, levels, Flags::NONE, batch);
        }
    }

    fn image(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<(), &'static str> {
        let instrument = self.instrument(message.product_id)?;
        let mut levels = Vec::new();
        for (side, raw) in [(Side::Buy, message.bids), (Side::Sell, message.asks)] {
            json_levels::read(raw.ok_or("`bids` and `asks`")?.get(), side, self.decimals, &mut levels)?;
        }
        self.book(instrument, true, &levels, stamp, batch);
        Ok(())
    }

    fn changes(&mut self, message: &Message<'_>, stamp: Stamp, batch: &mut Batch) -> Result<(), &'static str> {
        let instrument = self.instrument(message.product_id)?;
        let changes = message.changes.as_ref().ok_or("`changes`")?;
        let levels =
            changes.iter().map(|&[side, price, qty]| self.level(side, price, qty)).collect::<Result<Vec<_>, _>>()?;
        self.book(instrument, false, &levels, stamp, batch);
        Ok(())
    }

    fn matched(
        &mut self,
        message: &Message<'_>,
        stamp: Stamp,
        flags: Flags,
        batch: &mut Batch,
    ) -> Result<(), &'static str> {
        let told = (message.trade_id, message.side, message.price, message.size);
        let (Some(id), Some(side), Some(price), Some(size)) = told else {
            return Err("`trade_id`, `side`, `price` and `size`");
        };
        let body = self.trade(id, side, price, size)?;
        let instrument = self.instrument(message.product_id)?;
        batch.events.push(stamp.event(instrument, flags, body));
        Ok(())
    }
}

/// Whether a line may be of such a recording: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let is_advanced = has(b"\"channel\":\"") && has(b"\"sequence_num\":");
    let types = [&b"\"type\":\"l2update\""[..], b"\"type\":\"match\"", b"\"type\":\"last_match\""];
    let is_exchange = has(b"\"product_id\":") && (types.into_iter().any(has) || has(b"\"bids\":"));
    is_advanced || is_exchange || has(b"\"exchange\":\"COINBASE\"")
}
