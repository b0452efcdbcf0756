//! Recordings of Bybit, Coinbase and Tardis, and LEAN's bars.

use super::sample;
use hft_data::{Body, Event, FindingKind, Flags, InstrumentIndex, ObservedBook, ReadOptions, Recording};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads all, keeps a book for every instrument, and counts how often it is crossed at the end of a batch.
struct Seen {
    kinds: [u64; Body::KINDS.len()],
    records: u64,
    findings: [u64; FindingKind::ALL.len()],
    batches: u64,
    crossed: u64,
    symbols: Vec<String>,
}

fn see(path: &Path) -> Seen {
    let mut recording = Recording::open(path, &ReadOptions::default()).expect("a known format");
    let mut books: BTreeMap<InstrumentIndex, ObservedBook> = BTreeMap::new();
    let (mut kinds, mut batches, mut crossed) = ([0; Body::KINDS.len()], 0, 0);
    while let Some(event) = recording.next().expect("a good file") {
        kinds[event.body.kind()] += 1;
        let book = books.entry(event.instrument).or_default();
        book.apply(&event).expect("a book follows");
        if matches!(event.body, Body::Level { .. }) && event.flags.has(Flags::LAST) {
            batches += 1;
            crossed += u64::from(book.is_crossed());
        }
    }
    let findings = FindingKind::ALL.map(|kind| recording.findings().count(kind));
    println!("{}: {kinds:?} {:?}", path.display(), recording.findings());
    let symbols = recording.instruments().as_slice().iter().map(|info| info.symbol.clone()).collect();
    Seen { kinds, records: recording.records(), findings, batches, crossed, symbols }
}

#[test]
fn bybits_books_follow_without_a_hole() {
    let Some(path) = sample("crypto_recordings/BYBIT.jsonl.zst") else { return };
    let seen = see(&path);
    assert_eq!((seen.records, seen.crossed, seen.batches), (3_256, 0, 2_148));
    let mut expected = [0; FindingKind::ALL.len()];
    expected[FindingKind::OutOfOrder as usize] = 1; // one connection after the other, and so the clock goes back once
    assert_eq!(seen.findings, expected);
    for symbol in ["linear:BTCUSDT", "spot:BTCUSDT"] {
        assert!(seen.symbols.iter().any(|known| known == symbol), "{symbol}");
    }
    let Some(path) = sample("crypto_recordings/xrpusdt-ob500.data.zip") else { return };
    let seen = see(&path);
    assert_eq!((seen.records, seen.crossed, seen.batches), (50, 0, 50));
}

#[test]
fn coinbases_messages_are_all_there() {
    let Some(path) = sample("crypto_recordings/COINBASE.jsonl.zst") else { return };
    let seen = see(&path);
    assert_eq!((seen.records, seen.crossed), (1_038, 0));
    assert_eq!(seen.findings, [0; FindingKind::ALL.len()]);
    assert!(seen.batches >= 775 && seen.kinds[8] >= 57, "two images, 773 updates, trades");
}

#[test]
fn tardis_quotes_and_trades() {
    let Some(path) = sample("crypto_recordings/tardis_quotes.csv.gz") else { return };
    let quotes = see(&path);
    assert_eq!(quotes.kinds[11], quotes.records);
    let Some(path) = sample("crypto_recordings/tardis_trades_small.csv.gz") else { return };
    let trades = see(&path);
    assert_eq!(trades.kinds[8], trades.records);
    assert!(quotes.records > 1_000 && trades.records > 1_000);
    assert_eq!(quotes.symbols, ["binance-futures:BTCUSDT"]);
}

/// Mid prices at the end of each minute of New York's session.
fn minutes(path: &Path, symbol: &str) -> BTreeMap<u64, f64> {
    let mut recording = Recording::open(path, &ReadOptions::default()).expect("a known format");
    let mut mids = BTreeMap::new();
    while let Some(Event { local_time, instrument, body, .. }) = recording.next().expect("a good file") {
        if let Body::Quote { bid, bid_qty, ask, ask_qty } = body
            && bid_qty.is_positive()
            && ask_qty.is_positive()
            && recording.instruments().get(instrument).symbol == symbol
        {
            #[allow(clippy::cast_precision_loss, reason = "a statistic")]
            mids.insert(local_time.nanos() / 60_000_000_000, bid.mid(ask).count() as f64);
        }
    }
    mids
}

#[test]
fn spy_and_es_move_together_only_by_the_right_clocks() {
    let Some(spy) = sample("lean/equity/usa/minute/spy/20131008_quote.zip") else { return };
    let Some(es) = sample("lean/future/cme/minute/es/20131008_quote.zip") else { return };
    let (spy, es) = (minutes(&spy, "SPY"), minutes(&es, "ES201312"));
    let correlation = |shift: u64| {
        let pairs: Vec<(f64, f64)> = spy
            .iter()
            .filter_map(|(minute, mid)| {
                let before = spy.get(&(minute - 1))?;
                let (now, then) = (es.get(&(minute + shift))?, es.get(&(minute + shift - 1))?);
                Some((mid / before - 1.0, now / then - 1.0))
            })
            .collect();
        #[allow(clippy::cast_precision_loss, reason = "a statistic")]
        let n = pairs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| of(p.0 - x, p.1 - y)).sum::<f64>();
        sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
    };
    let (right, wrong) = (correlation(0), correlation(60));
    println!("SPY and ES, one-minute returns: {right:.3}; with a clock an hour off {wrong:.3}");
    assert!(right > 0.95 && wrong.abs() < 0.3, "{right}, {wrong}");
}
