//! Binance: four recordings of one host whose clock is behind the venue's.

use super::sample;
use hft_data::{Body, FindingKind, ReadOptions, Recording};

/// Mids by the recorder's clock, one a second, in ten-thousandths of the price.
fn mids(name: &str) -> Option<Vec<(u64, f64)>> {
    let mut recording = Recording::open(&sample(name)?, &ReadOptions::default()).expect("a known format");
    let mut mids: Vec<(u64, f64)> = Vec::new();
    while let Some(event) = recording.next().expect("a good file") {
        if let Body::Quote { bid, ask, .. } = event.body {
            let second = event.local_time.nanos() / 1_000_000_000;
            #[allow(clippy::cast_precision_loss, reason = "a statistic")]
            let mid = bid.mid(ask).count() as f64;
            match mids.last_mut() {
                Some(last) if last.0 == second => last.1 = mid,
                _ => mids.push((second, mid)),
            }
        }
    }
    Some(mids)
}

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
    let (Some(perp), Some(spot)) = (mids("binance/usdm_btcusdt_20240808.gz"), mids("binance/spot_btcusdt_20240808.gz"))
    else {
        return;
    };
    let spot: std::collections::BTreeMap<u64, f64> = spot.into_iter().collect();
    let basis: Vec<f64> =
        perp.iter().filter_map(|(second, perp)| spot.get(second).map(|spot| (perp / spot - 1.0) * 1e4)).collect();
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    let n = basis.len() as f64;
    let mean = basis.iter().sum::<f64>() / n;
    let sd = (basis.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
    println!("perpetual over spot: {mean:.2} +- {sd:.2} bp over {n} seconds");
    assert!((mean + 3.68).abs() < 0.1 && (sd - 0.57).abs() < 0.1, "{mean} +- {sd}");
}
