//! Gatev, Goetzmann & Rouwenhorst (2006), "Pairs trading: performance of a relative-value arbitrage rule", Review of Financial Studies
//! 19(3) 797.
//!
//! Over a formation period every price is scaled to begin at one; the pairs with the smallest sum of squared differences are taken. In the
//! trading period that follows, a pair is opened when its scaled prices are two of the *formation period's* standard deviations apart, and
//! closed when they cross.

/// A pair, and how far apart its prices usually were.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pair {
    /// The first contract.
    pub a: usize,
    /// The second.
    pub b: usize,
    /// Sum of squared differences of the scaled prices.
    pub distance: f64,
    /// Standard deviation of the differences.
    pub sd: f64,
}

/// What to hold of the first contract of a pair, in units of money; the second is its opposite.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holding {
    /// Long the first, short the second.
    Long,
    /// Nothing.
    Flat,
    /// Short the first, long the second.
    Short,
}

/// The `count` closest pairs of these price series, closest first. A contract may be in several, as in the paper.
#[allow(clippy::cast_precision_loss, reason = "a count")]
pub fn closest_pairs(prices: &[&[f64]], count: usize) -> Vec<Pair> {
    let scaled: Vec<Vec<f64>> =
        prices.iter().map(|series| series.iter().map(|price| price / series[0]).collect()).collect();
    let mut pairs = Vec::new();
    for a in 0..scaled.len() {
        for b in a + 1..scaled.len() {
            let apart: Vec<f64> = scaled[a].iter().zip(&scaled[b]).map(|(a, b)| a - b).collect();
            let n = apart.len() as f64;
            let distance: f64 = apart.iter().map(|d| d * d).sum();
            let mean = apart.iter().sum::<f64>() / n;
            let sd = ((distance - n * mean * mean) / (n - 1.0)).max(0.0).sqrt();
            pairs.push(Pair { a, b, distance, sd });
        }
    }
    pairs.sort_by(|one, other| one.distance.total_cmp(&other.distance));
    pairs.truncate(count);
    pairs
}

impl Pair {
    /// What to hold when the scaled prices, both one at the start of the trading period, are so far `apart`, first less second, and were
    /// held as `before`.
    pub fn hold(&self, before: Holding, apart: f64) -> Holding {
        let opens = |apart: f64| match apart {
            d if d > 2.0 * self.sd => Holding::Short,
            d if d < -2.0 * self.sd => Holding::Long,
            _ => Holding::Flat,
        };
        match before {
            Holding::Long if apart < 0.0 => Holding::Long,
            Holding::Short if apart > 0.0 => Holding::Short,
            Holding::Long | Holding::Short | Holding::Flat => opens(apart),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_pair_is_found_and_traded_until_it_crosses() {
        let (one, two, far) = ([10.0, 11.0, 12.0, 11.0], [20.0, 22.2, 24.0, 21.8], [5.0, 4.0, 3.0, 2.0]);
        let pairs = closest_pairs(&[&one, &far, &two], 2);
        assert_eq!((pairs[0].a, pairs[0].b), (0, 2));
        // Scaled they are 0, -0.01, 0, +0.01 apart.
        assert!((pairs[0].distance - 2e-4).abs() < 1e-12 && (pairs[0].sd - (2e-4f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!(pairs[1].distance > pairs[0].distance);
        let mut held = Holding::Flat;
        let path = [0.01, 0.02, 0.005, -0.001, -0.02, -0.001, 0.05];
        let expected = [
            Holding::Flat,
            Holding::Short,
            Holding::Short,
            Holding::Flat,
            Holding::Long,
            Holding::Long,
            Holding::Short,
        ];
        for (apart, expected) in path.into_iter().zip(expected) {
            held = pairs[0].hold(held, apart);
            assert_eq!(held, expected, "{apart}");
        }
    }
}
