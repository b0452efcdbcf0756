//! From a model's distance to a price on the tick: always away from the other side, never by a float's last bit.

use hft_core::models::{HalfTicks, Price, Side};

/// A distance this near to a whole number of half ticks is that number: a float's noise must not cost a tick.
const SNAP: f64 = 1e-6;
/// No quote stands further than this from the mid, in half ticks; beyond it a float has no half ticks left.
const FARTHEST: f64 = 1e15;

/// The price `distance` (in ticks, negative beyond the mid) behind `mid` on `side`, rounded passively. `None` for a
/// distance that is not a number or absurdly far.
pub(super) fn behind(mid: HalfTicks, side: Side, distance: f64) -> Option<Price> {
    let half_ticks = distance * 2.0;
    if half_ticks.is_nan() || half_ticks.abs() > FARTHEST {
        return None;
    }
    let nearest = half_ticks.round();
    let outward = if (half_ticks - nearest).abs() < SNAP { nearest } else { half_ticks.ceil() };
    #[allow(clippy::cast_possible_truncation, reason = "bounded above")]
    let level = HalfTicks::new(mid.count() - i128::from(side.sign()) * outward as i128);
    Some(side.round_passive(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_round_away_from_the_mid() {
        // Mid in half ticks, distance in ticks, bid, ask.
        for (mid, distance, bid, ask) in [
            (20_000, 25.0, 9_975, 10_025),
            (20_001, 25.0, 9_975, 10_026),
            (20_000, 25.2, 9_974, 10_026),
            (20_001, 25.5, 9_975, 10_026),
            (20_000, 0.25 / 0.01, 9_975, 10_025),
            // 0.35 / 0.01 is 35 less a float's noise, 0.07 / 0.01 is 7 and a float's noise.
            (20_000, 0.35 / 0.01, 9_965, 10_035),
            (20_000, 0.07 / 0.01, 9_993, 10_007),
            (20_000, -3.0, 10_003, 9_997),
            (20_000, -2.5, 10_002, 9_998),
            (-3, 0.0, -2, -1),
        ] {
            let mid = HalfTicks::new(mid);
            let prices = Side::BOTH.map(|side| behind(mid, side, distance).map(Price::ticks));
            assert_eq!(prices, [Some(bid), Some(ask)], "{mid} {distance}");
        }
    }

    #[test]
    fn what_is_not_a_distance_has_no_price() {
        for distance in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(behind(HalfTicks::new(20_000), Side::Buy, distance), None);
        }
    }
}
