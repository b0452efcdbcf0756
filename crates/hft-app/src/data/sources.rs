//! Where recordings of real markets are to be had for nothing, and how to get them into a form that is read here.
//!
//! Left out: fetching. Every source has terms of its own, and whoever downloads accepts them; nothing here opens a connection.

use crate::output::Style;
use hft_data::Format;
use serde::Serialize;
use std::fmt::Write as _;

/// One place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// Who offers it.
    pub name: &'static str,
    /// What.
    pub what: &'static str,
    /// Where.
    pub address: &'static str,
    /// What it costs, and what may be done with it.
    pub terms: &'static str,
    /// How to get it into a file that is read here.
    pub how: &'static str,
    /// The word for `--format`.
    pub format: &'static str,
}

/// All that are known.
pub const SOURCES: [Source; 8] = [
    Source {
        name: "LOBSTER samples",
        what: "five NASDAQ stocks on 2012-06-21, order by order, with the book after each message",
        address: "https://lobsterdata.com/info/DataSamples.php",
        terms: "free, for research; not to be passed on",
        how: "download a zip and hand it over as it is: messages and orderbook are found in it",
        format: "lobster",
    },
    Source {
        name: "NASDAQ TotalView-ITCH samples",
        what: "whole days of all NASDAQ stocks, every message of every order",
        address: "https://emi.nasdaq.com/ITCH/Nasdaq%20ITCH/",
        terms: "free to download; NASDAQ's terms; gigabytes a day",
        how: "download a .gz and hand it over as it is; --symbol chooses a stock",
        format: "itch",
    },
    Source {
        name: "Binance streams",
        what: "depth differences, best prices and trades of spot and futures",
        address: "wss://stream.binance.com:9443, wss://fstream.binance.com; images: GET /api/v3/depth, /fapi/v1/depth",
        terms: "free, without a key; the venue's terms",
        how: "record with any websocket client, one message a line behind the nanosecond of its arrival and a blank, and one \
              image of the book in the same form after the first message",
        format: "binance",
    },
    Source {
        name: "Coinbase streams",
        what: "level2, market_trades, ticker",
        address: "wss://advanced-trade-ws.coinbase.com",
        terms: "free, without a key; the venue's terms",
        how: "record with any websocket client, one message a line; the first is an image of the book",
        format: "coinbase",
    },
    Source {
        name: "Bybit order book files",
        what: "500 levels of a day, image and differences",
        address: "https://www.bybit.com/derivatives/en/history-data",
        terms: "free; the venue's terms",
        how: "download an ob500 zip and hand it over as it is",
        format: "bybit",
    },
    Source {
        name: "Tardis.dev",
        what: "order books, quotes and trades of dozens of crypto venues",
        address: "https://docs.tardis.dev/downloadable-csv-files",
        terms: "the first day of each month is free, without a key",
        how: "download incremental_book_L2, quotes or trades as .csv.gz and hand it over as it is",
        format: "tardis",
    },
    Source {
        name: "QuantConnect LEAN",
        what: "seconds and minutes of some stocks and futures",
        address: "https://github.com/QuantConnect/Lean/tree/master/Data",
        terms: "free, Apache-2.0",
        how: "download a zip with its path, from which its contract and day are told",
        format: "lean",
    },
    Source {
        name: "Databento",
        what: "market by order, by price and trades of futures and stocks",
        address: "https://databento.com",
        terms: "credit for new accounts, then paid; the vendor's terms",
        how: "order DBN with zstandard; this program reads it when it was built with --features dbn",
        format: "dbn",
    },
];

/// The list, for people.
pub(super) fn list(style: Style) -> String {
    let mut text = String::new();
    let mut put = |line: &str| writeln!(text, "{line}").expect("a String takes everything");
    for source in SOURCES {
        put(&style.bold(source.name));
        for (label, said) in [
            ("what", source.what),
            ("where", source.address),
            ("terms", source.terms),
            ("how", source.how),
            ("format", source.format),
        ] {
            put(&format!("  {label:<7} {said}"));
        }
        if !Format::names().contains(&source.format) {
            put(&style.dim("          (this program was built without it)"));
        }
    }
    put("");
    put(
        "Nothing is downloaded here, and nothing is needed to begin: `run --fast`, then `data export` makes a recording of our own market.",
    );
    text
}
