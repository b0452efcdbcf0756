//! Bitstamp: half an hour, order by order.

use super::sample;
use hft_data::{Body, Flags, OrderRef, ReadOptions, Recording};
use std::collections::BTreeMap;

#[test]
fn orders_mostly_live_a_tenth_of_a_second() {
    let Some(path) = sample("bitstamp/ob_analytics_2026_orders.csv.gz") else { return };
    let mut recording = Recording::open(&path, &ReadOptions::default()).expect("a known format");
    let (mut events, mut opened, mut closed) = (0u32, 0u32, 0u32);
    let mut born: BTreeMap<OrderRef, u64> = BTreeMap::new();
    let (mut orders, mut short) = (0u32, 0u32);
    while let Some(event) = recording.next().expect("a good file") {
        let is_image = event.flags.has(Flags::SNAPSHOT);
        match event.body {
            Body::Clear(_) => continue,
            Body::Add { .. } if is_image => (opened, orders) = (opened + 1, orders + 1),
            Body::Delete { .. } if is_image => closed += 1,
            Body::Add { order, .. } => {
                orders += 1;
                born.insert(order, event.exchange_time.nanos());
            }
            Body::Delete { order, .. } => {
                if let Some(birth) = born.remove(&order) {
                    short += u32::from(event.exchange_time.nanos() - birth < 100_000_000);
                }
            }
            _ => {}
        }
        events += 1;
    }
    assert_eq!((events, opened, closed), (314_057, 6_512, 6_518));
    assert_eq!(recording.records(), 314_057);
    let share = f64::from(short) / f64::from(orders);
    println!("Bitstamp: {:.1} % of {orders} orders lived less than 100 ms; {:?}", share * 100.0, recording.findings());
    assert!((share - 0.77).abs() < 0.01, "{share}");
}
