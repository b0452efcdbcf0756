//! Binance: four recordings of one host whose clock is behind the venue's.

use super::sample;
use hft_data::{Body, ClockOffset, FindingKind, Merged, ReadOptions, Recording};
use std::path::Path;

#[test]
fn no_update_is_missing_and_no_line_is_bad() {
    for (name, lines) in [
        ("binance/usdm_btcusdt_20240808.gz", 93_954),
        ("binance/usdm_ethusdt_20240808.gz", 74_655),
        ("binance/spot_btcusdt_20240808.gz", 41_249),
        ("binance/cm_btcusd_perp_20240808.gz", 48_270),
    ] {
        let Some(path) = sample(name) else { return };
        let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
        let mut kinds = [0u64; Body::KINDS.len()];
        while let Some(event) = recording.next().expect("a good file") {
            kinds[event.body.kind()] += 1;
        }
        let found = FindingKind::ALL.map(|kind| (kind, recording.findings().count(kind)));
        println!("{name}: {kinds:?} {:?}", recording.findings());
        assert_eq!(found.map(|(_, count)| count), [0; FindingKind::ALL.len()], "{name}: {found:?}");
        assert_eq!(recording.records(), lines, "{name}");
    }
}

#[test]
fn the_perpetual_trades_below_spot() {
    let names = ["binance/usdm_btcusdt_20240808.gz", "binance/spot_btcusdt_20240808.gz"];
    let [Some(perp), Some(spot)] = names.map(sample) else { return };
    let open = |path: &Path| Recording::open(path, &ReadOptions::default()).expect("a known format");
    let mut merged = Merged::new(vec![open(&perp), open(&spot)]).expect("readable");
    // By the recorder's clock, once a second, from what each venue quoted last.
    let (mut mids, mut basis, mut second) = ([None; 2], Vec::new(), 0);
    while let Some((which, event)) = merged.next().expect("a good file") {
        let now = event.local_time.nanos() / 1_000_000_000;
        if let (true, [Some(perp), Some(spot)]) = (now > second, mids) {
            second = now;
            basis.push((perp / spot - 1.0) * 1e4);
        }
        if let Body::Quote { bid, ask, .. } = event.body {
            #[allow(clippy::cast_precision_loss, reason = "a statistic")]
            let mid = bid.mid(ask).count() as f64;
            mids[which] = Some(mid);
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    let n = basis.len() as f64;
    let mean = basis.iter().sum::<f64>() / n;
    let sd = (basis.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
    println!("perpetual over spot: {mean:.2} +- {sd:.2} bp over {n} seconds");
    assert!((mean + 3.68).abs() < 0.1 && (sd - 0.57).abs() < 0.1, "{mean} +- {sd}");
}

#[test]
fn the_hosts_clock_is_behind_all_three_venues_alike() {
    let names = ["usdm_btcusdt", "usdm_ethusdt", "spot_btcusdt", "cm_btcusd_perp"];
    let paths = names.map(|name| sample(&format!("binance/{name}_20240808.gz")));
    if paths.iter().any(Option::is_none) {
        return;
    }
    let offsets = paths.map(|path| {
        let path = path.expect("just looked");
        let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
        let mut clocks = ClockOffset::default();
        while let Some(event) = recording.next().expect("a good file") {
            clocks.see(&event);
        }
        clocks.estimate().expect("both clocks are told").shortest_ns
    });
    println!("local - exchange, shortest, in ns: {offsets:?}");
    for offset in offsets {
        assert!((offset + 1_270_000_000).abs() < 15_000_000, "{offset}");
    }
}
