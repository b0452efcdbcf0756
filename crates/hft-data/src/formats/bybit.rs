//! Bybit, version 5: recorded websocket messages, and the order book files that the venue publishes.
//!
//! A line is a message, bare or as a recorder wrapped it (see `envelope`).
//!
//! | topic | becomes |
//! |---|---|
//! | `orderbook.N.SYMBOL`, snapshot | [`ClearReason::Snapshot`](crate::ClearReason::Snapshot) and levels flagged as image |
//! | `orderbook.N.SYMBOL`, delta | [`Body::Level`]s; `u` counts by one, a hole is [`ClearReason::Gap`](crate::ClearReason::Gap) until the next snapshot |
//! | `publicTrade.SYMBOL` | [`Body::Trade`]s; `S` is the taker's side |
//! | `tickers.SYMBOL` | [`Body::Quote`] where the best bid or offer is told; what is not told is as it was |
//! | all others | [`Body::Notice`] |
//!
//! The exchange time is `ts`, when the venue sent the message. Where the recorder says where a connection leads, the symbol is
//! `linear:BTCUSDT` or `spot:BTCUSDT`: the venue calls both the same. Steps are 10^-8 unless told otherwise.

use crate::envelope::{self, Letter, Opened};
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
use hft_core::models::{Price, Qty, Side};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

const DECIMALS: u32 = 8;

/// How many connections a recording may name.
const MAX_CONNECTIONS: usize = 1024;

/// Reads recordings of any number of topics.
pub(crate) struct BybitMessages {
    instruments: Instruments,
    decimals: Decimals,
    /// The number of the last update in each book that is good.
    books: FxHashMap<InstrumentIndex, u64>,
    quotes: FxHashMap<InstrumentIndex, Body>,
    /// What a connection's symbols begin with.
    markets: FxHashMap<String, String>,
    name: String,
}

#[derive(Deserialize)]
struct Message<'a> {
    topic: Option<&'a str>,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    ts: Option<u64>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    op: Option<&'a str>,
}

#[derive(Deserialize)]
struct BookData<'a> {
    #[serde(borrow)]
    b: &'a RawValue,
    #[serde(borrow)]
    a: &'a RawValue,
    u: u64,
}

#[derive(Deserialize)]
struct TradeData<'a> {
    #[serde(rename = "S")]
    side: &'a str,
    v: &'a str,
    p: &'a str,
    i: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TickerData<'a> {
    bid1_price: Option<&'a str>,
    bid1_size: Option<&'a str>,
    ask1_price: Option<&'a str>,
    ask1_size: Option<&'a str>,
}

impl BybitMessages {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self {
            instruments: Instruments::default(),
            decimals: Decimals { price: options.price_decimals(DECIMALS), qty: options.qty_decimals(DECIMALS) },
            books: FxHashMap::default(),
            quotes: FxHashMap::default(),
            markets: FxHashMap::default(),
            name: String::new(),
        }
    }
}

impl VenueMessages for BybitMessages {
    fn line(&mut self, line: &[u8], batch: &mut Batch) -> Result<Odd, &'static str> {
        const EXPECTED: &str = "a message with `topic`, `type`, `ts` and `data`";
        let letter = match envelope::open(line)? {
            Opened::Letter(letter) => letter,
            Opened::Connect { conn, addr } => {
                let market = addr.rsplit('/').next().unwrap_or_default();
                if self.markets.len() < MAX_CONNECTIONS {
                    self.markets.insert(conn.into_owned(), format!("{market}:"));
                }
                return Ok(None);
            }
            Opened::Nothing => return Ok(None),
        };
        let message: Message<'_> = serde_json::from_slice(&letter.json).map_err(|_| EXPECTED)?;
        let (Some(topic), Some(data)) = (message.topic, message.data) else {
            // Answers to subscriptions and to pings.
            return if message.op.is_some() { Ok(None) } else { Err(EXPECTED) };
        };
        let stamp = Stamp::of_millis(message.ts, letter.local)?;
        let instrument = self.instrument(topic, &letter)?;
        let (channel, _) = topic.split_once('.').ok_or("a topic such as orderbook.50.BTCUSDT")?;
        match (channel, message.kind) {
            ("orderbook", Some(kind)) => self.book(kind, data, instrument, stamp, batch),
            ("publicTrade", _) => self.trades(data, instrument, stamp, batch).map(|()| None),
            ("tickers", _) => self.ticker(data, instrument, stamp, batch).map(|()| None),
            _ => {
                batch.events.push(stamp.event(instrument, Flags::LAST, Body::Notice(0)));
                Ok(None)
            }
        }
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }
}

impl BybitMessages {
    fn instrument(&mut self, topic: &str, letter: &Letter<'_>) -> Result<InstrumentIndex, &'static str> {
        let market = letter.conn.as_deref().and_then(|conn| self.markets.get(conn)).map_or("", String::as_str);
        self.name.clear();
        self.name.push_str(market);
        self.name.push_str(topic.rsplit('.').next().unwrap_or_default());
        let steps = (number::step(self.decimals.price), number::step(self.decimals.qty));
        self.instruments.index_of(&self.name, steps.0, steps.1).ok_or("fewer, shorter symbols")
    }

    fn book(
        &mut self,
        kind: &str,
        data: &RawValue,
        instrument: InstrumentIndex,
        stamp: Stamp,
        batch: &mut Batch,
    ) -> Result<Odd, &'static str> {
        let data: BookData<'_> = serde_json::from_str(data.get()).map_err(|_| "levels `b` and `a` and a number `u`")?;
        let mut levels = Vec::new();
        json_levels::read(data.b.get(), Side::Buy, self.decimals, &mut levels)?;
        json_levels::read(data.a.get(), Side::Sell, self.decimals, &mut levels)?;
        match (kind, self.books.get(&instrument).copied()) {
            // `u` of 1 is an image too, after the venue's service began anew.
            ("snapshot", _) | ("delta", Some(_) | None) if kind == "snapshot" || data.u == 1 => {
                levels_feed::image(stamp, instrument, &levels, batch);
                self.books.insert(instrument, data.u);
                Ok(None)
            }
            ("delta", None) => Ok(None),
            ("delta", Some(last)) if data.u <= last => {
                Ok(Some((FindingKind::Duplicate, format!("update {} comes after {last}", data.u))))
            }
            ("delta", Some(last)) if data.u > last + 1 => {
                self.books.remove(&instrument);
                levels_feed::gap(stamp, instrument, batch);
                Ok(Some((FindingKind::Gap, format!("update {} follows {last}", data.u))))
            }
            ("delta", Some(_)) => {
                levels_feed::changes(stamp, instrument, &levels, Flags::NONE, batch);
                self.books.insert(instrument, data.u);
                Ok(None)
            }
            _ => Err("a type of snapshot or delta"),
        }
    }

    fn trades(
        &mut self,
        data: &RawValue,
        instrument: InstrumentIndex,
        stamp: Stamp,
        batch: &mut Batch,
    ) -> Result<(), &'static str> {
        let trades: Vec<TradeData<'_>> =
            serde_json::from_str(data.get()).map_err(|_| "trades with `S`, `v`, `p` and `i`")?;
        for trade in trades {
            let aggressor = match trade.side {
                "Buy" => Side::Buy,
                "Sell" => Side::Sell,
                _ => return Err("a side `S` of Buy or Sell"),
            };
            let price = number::steps(trade.p.as_bytes(), self.decimals.price).map_err(NumberError::expected)?;
            let qty = number::steps(trade.v.as_bytes(), self.decimals.qty).map_err(NumberError::expected)?;
            let id = number::unsigned(trade.i.as_bytes()).unwrap_or(0); // some markets number, some name them
            let body = Body::Trade { id, price: Price::new(price), qty: Qty::new(qty), aggressor: Some(aggressor) };
            batch.events.push(stamp.event(instrument, Flags::LAST, body));
        }
        Ok(())
    }

    fn ticker(
        &mut self,
        data: &RawValue,
        instrument: InstrumentIndex,
        stamp: Stamp,
        batch: &mut Batch,
    ) -> Result<(), &'static str> {
        let data: TickerData<'_> = serde_json::from_str(data.get()).map_err(|_| "a ticker's fields as strings")?;
        let empty = Body::Quote { bid: Price::ZERO, bid_qty: Qty::ZERO, ask: Price::ZERO, ask_qty: Qty::ZERO };
        let quote = self.quotes.entry(instrument).or_insert(empty);
        let Body::Quote { bid, bid_qty, ask, ask_qty } = quote else { unreachable!("only quotes are kept here") };
        let before = (*bid, *bid_qty, *ask, *ask_qty);
        let told = |text: Option<&str>, decimals| {
            text.map(|text| number::steps(text.as_bytes(), decimals).map_err(NumberError::expected)).transpose()
        };
        let (price, qty) = (self.decimals.price, self.decimals.qty);
        *bid = told(data.bid1_price, price)?.map_or(*bid, Price::new);
        *bid_qty = told(data.bid1_size, qty)?.map_or(*bid_qty, Qty::new);
        *ask = told(data.ask1_price, price)?.map_or(*ask, Price::new);
        *ask_qty = told(data.ask1_size, qty)?.map_or(*ask_qty, Qty::new);
        if before != (*bid, *bid_qty, *ask, *ask_qty) {
            batch.events.push(stamp.event(instrument, Flags::LAST, *quote));
        }
        Ok(())
    }
}

/// Whether a line may be of such a recording: for detection.
pub(crate) fn looks_like(line: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    let topics = [&b"\"topic\":\"orderbook."[..], b"\"topic\":\"publicTrade.", b"\"topic\":\"tickers."];
    topics.into_iter().any(has) || has(b"\"exchange\":\"BYBIT\"")
}
