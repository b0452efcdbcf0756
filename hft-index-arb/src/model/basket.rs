//! Whole lots that track the index best: the integers `n` with the least variance of `sum n_i dp_i - U dI`.
//!
//! With one common factor of variance `v`, and `e_i = n_i - x_i` lots beside the ideal fractions `x_i`, that is
//!
//! ```text
//! v (sum e_i l_i)^2 + sum e_i^2 o_i^2
//! ```
//!
//! where `l_i` is what a lot gains when the factor rises by one and `o_i` the volatility of its own part. Up to [`EXACT_MAX`] contracts it is solved by
//! branch and bound, beyond that by exchanges of single lots and pairs, which stop where none helps.

/// Up to how many contracts the answer is proven to be the best.
pub const EXACT_MAX: usize = 14;

/// What is asked: everything a lot, in one unit of money.
#[derive(Clone, PartialEq, Debug)]
pub struct Tracking {
    /// The ideal number of lots of each, which need not be whole.
    pub ideal: Vec<f64>,
    /// Gain of a lot when the factor rises by one.
    pub loading: Vec<f64>,
    /// Volatility of a lot's own part.
    pub own: Vec<f64>,
    /// Variance of the factor.
    pub factor_variance: f64,
}

/// A search among whole lots: where it stands and the best it has seen.
struct Search<'a> {
    asked: &'a Tracking,
    /// `sum l^2 / o^2` of the contracts from each on.
    rest: Vec<f64>,
    lots: Vec<i64>,
    best: Vec<i64>,
    least: f64,
}

impl Tracking {
    /// Variance of the difference with these lots, in the unit of `own` squared.
    pub fn variance(&self, lots: &[i64]) -> f64 {
        let (mut common, mut own) = (0.0, 0.0);
        for (i, lots) in lots.iter().enumerate() {
            let off = *lots as f64 - self.ideal[i];
            common += off * self.loading[i];
            own += (off * self.own[i]).powi(2);
        }
        self.factor_variance * common * common + own
    }

    /// The best whole lots, none negative.
    ///
    /// ```
    /// use hft_index_arb::model::basket::Tracking;
    /// // Half a lot of each: one of them whole follows the factor, and is the quieter one.
    /// let asked = Tracking { ideal: vec![0.5, 0.5], loading: vec![1.0, 1.0], own: vec![0.5, 0.2], factor_variance: 9.0 };
    /// let best = asked.best();
    /// assert_eq!(best.iter().sum::<i64>(), 1);
    /// ```
    pub fn best(&self) -> Vec<i64> {
        let found = self.exchanged(self.rounded());
        if self.ideal.len() > EXACT_MAX {
            return found;
        }
        let mut rest = vec![0.0; self.ideal.len() + 1];
        for i in (0..self.ideal.len()).rev() {
            rest[i] = rest[i + 1] + (self.loading[i] / self.own_of(i)).powi(2);
        }
        let least = self.variance(&found);
        let mut search = Search { asked: self, rest, lots: vec![0; found.len()], best: found, least };
        search.from(0, 0.0, 0.0);
        search.best
    }

    /// A contract without a part of its own is as good as exact: it has a very small one.
    fn own_of(&self, i: usize) -> f64 {
        self.own[i].max(1e-9)
    }

    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and lots are few")]
    fn rounded(&self) -> Vec<i64> {
        self.ideal.iter().map(|ideal| ideal.round().max(0.0) as i64).collect()
    }

    /// Adds or takes a lot, or exchanges one for another, as long as that helps.
    fn exchanged(&self, mut lots: Vec<i64>) -> Vec<i64> {
        let mut off: Vec<f64> = lots.iter().zip(&self.ideal).map(|(lots, ideal)| *lots as f64 - ideal).collect();
        let mut common: f64 = off.iter().zip(&self.loading).map(|(off, loading)| off * loading).sum();
        let own = |i: usize, off: f64| (off * self.own[i]).powi(2);
        loop {
            let change = |i: usize, by: f64, off: &[f64]| own(i, off[i] + by) - own(i, off[i]);
            let factor = |by: f64| self.factor_variance * ((common + by).powi(2) - common * common);
            let steps = |lots: &[i64]| {
                let down = lots.iter().enumerate().filter(|(_, lots)| **lots > 0).map(|(i, _)| (i, -1));
                (0..lots.len()).map(|i| (i, 1)).chain(down).collect::<Vec<(usize, i64)>>()
            };
            let all = steps(&lots);
            let mut best: (f64, Vec<(usize, i64)>) = (-1e-9 * (1.0 + self.factor_variance), Vec::new());
            for (place, &(i, by)) in all.iter().enumerate() {
                let moved = by as f64 * self.loading[i];
                let alone = change(i, by as f64, &off);
                if alone + factor(moved) < best.0 {
                    best = (alone + factor(moved), vec![(i, by)]);
                }
                for &(j, and) in all[place + 1..].iter().filter(|(j, _)| *j != i) {
                    let both = alone + change(j, and as f64, &off) + factor(moved + and as f64 * self.loading[j]);
                    if both < best.0 {
                        best = (both, vec![(i, by), (j, and)]);
                    }
                }
            }
            if best.1.is_empty() {
                return lots;
            }
            for (i, by) in best.1 {
                lots[i] += by;
                off[i] += by as f64;
                common += by as f64 * self.loading[i];
            }
        }
    }
}

impl Search<'_> {
    /// All whole lots of the contracts from `i` on, with what those before make of the common part and of the own ones.
    fn from(&mut self, i: usize, common: f64, own: f64) {
        if i == self.lots.len() {
            let total = self.asked.factor_variance * common * common + own;
            if total < self.least {
                self.least = total;
                self.best.clone_from(&self.lots);
            }
            return;
        }
        let (loading, sd, ideal) = (self.asked.loading[i], self.asked.own_of(i), self.asked.ideal[i]);
        // What the common part still costs when everything after is free to take its best fraction.
        let price = self.asked.factor_variance / (1.0 + self.asked.factor_variance * self.rest[i + 1]);
        let turn = ideal - price * common * loading / (sd * sd + price * loading * loading);
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and lots are few")]
        let start = turn.round().max(0.0) as i64;
        for step in [1, -1] {
            let mut lots = if step > 0 { start } else { start - 1 };
            while lots >= 0 {
                let off = lots as f64 - ideal;
                let (common, own) = (common + off * loading, own + off * off * sd * sd);
                if own + price * common * common >= self.least {
                    break;
                }
                self.lots[i] = lots;
                self.from(i + 1, common, own);
                lots += step;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hft_core::world::{draws, stream};

    /// All of 0 to 3 lots of each.
    fn brute_force(asked: &Tracking) -> f64 {
        let count = asked.ideal.len();
        let mut lots = vec![0; count];
        let mut least = f64::INFINITY;
        for code in 0..4_u64.pow(u32::try_from(count).expect("a dozen")) {
            let mut rest = code;
            for place in &mut lots {
                *place = i64::try_from(rest % 4).expect("below four");
                rest /= 4;
            }
            least = least.min(asked.variance(&lots));
        }
        least
    }

    fn drawn(count: usize, name: &str) -> Tracking {
        let mut rng = stream(5, name);
        let mut draw = |low: f64, high: f64| low + (high - low) * (1.0 - libm::exp(-draws::exponential(&mut rng)));
        Tracking {
            ideal: (0..count).map(|_| draw(0.2, 2.2)).collect(),
            loading: (0..count).map(|_| draw(0.6, 1.6)).collect(),
            own: (0..count).map(|_| draw(0.3, 1.0)).collect(),
            factor_variance: 4.0,
        }
    }

    #[test]
    fn it_is_what_trying_all_of_them_finds() {
        for count in 1..=9 {
            for draw in 0..4 {
                let asked = drawn(count, &format!("{count}/{draw}"));
                let (found, least) = (asked.variance(&asked.best()), brute_force(&asked));
                assert!((found - least).abs() < 1e-9, "{count} contracts: {found} against {least}");
            }
        }
        let dozen = drawn(12, "dozen");
        assert!((dozen.variance(&dozen.best()) - brute_force(&dozen)).abs() < 1e-9, "twelve");
    }

    #[test]
    fn exchanges_alone_come_close_and_a_large_index_is_quick() {
        let mut worst = 1.0_f64;
        for draw in 0..20 {
            let asked = drawn(12, &format!("close/{draw}"));
            let exchanged = asked.variance(&asked.exchanged(asked.rounded()));
            worst = worst.max(exchanged / asked.variance(&asked.best()));
        }
        println!("exchanges alone: at most {worst:.3} times the least variance");
        assert!(worst < 1.3, "{worst}");
        let large = Tracking { ideal: vec![0.1; 500], ..drawn(500, "large") };
        let (found, nothing) = (large.variance(&large.best()), large.variance(&[0; 500]));
        assert!(found < nothing / 50.0, "{found} of {nothing}");
    }
}
