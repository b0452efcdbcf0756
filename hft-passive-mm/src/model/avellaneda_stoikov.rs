//! Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book", Quantitative Finance 8(3) 217.
//!
//! A dealer with exponential utility `-exp(-gamma W)` quotes one unit a side around a mid that is a Brownian motion of
//! volatility `sigma`; a quote at distance `d` from the mid is filled at rate `A exp(-k d)`. To the order of the
//! paper's expansion (section 3.2),
//!
//! ```text
//! r(s, q, t)  = s - q gamma sigma^2 (T - t)
//! spread(t)   = gamma sigma^2 (T - t) + (2/gamma) ln(1 + gamma/k)
//! ```
//!
//! and the quotes stand at `r -+ spread / 2`. What is left out is what the paper leaves out: the expansion is linear in
//! the arrivals, so the quotes do not depend on `A`. [`glft`](super::glft) solves the same problem exactly.

use serde::{Deserialize, Serialize};

/// How far a pair of quotes stands from the mid, in price units. Negative: beyond the mid.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Distances {
    /// Mid less bid, `delta^b`.
    pub bid: f64,
    /// Ask less mid, `delta^a`.
    pub ask: f64,
}

/// The parameters of the dealer's problem.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Dealer {
    /// Risk aversion `gamma`, above zero.
    pub gamma: f64,
    /// Volatility of the mid, `sigma`.
    pub sigma: f64,
    /// How fast the fill rate decays with distance, `k`, above zero.
    pub k: f64,
}

impl Dealer {
    /// The indifference price less the mid, `-q gamma sigma^2 (T - t)`: what a unit is worth to a dealer who holds `q`
    /// (section 3.2).
    pub fn reservation_shift(&self, q: f64, time_left: f64) -> f64 {
        -q * self.gamma * self.sigma * self.sigma * time_left
    }

    /// The optimal total spread with `time_left` to go (section 3.2).
    pub fn spread(&self, time_left: f64) -> f64 {
        self.gamma * self.sigma * self.sigma * time_left + 2.0 * self.monopoly_margin()
    }

    /// `(1/gamma) ln(1 + gamma/k)`, the half spread of a dealer without inventory risk. Tends to `1/k` as `gamma` goes
    /// to zero.
    pub fn monopoly_margin(&self) -> f64 {
        libm::log1p(self.gamma / self.k) / self.gamma
    }

    /// The dealer's quotes with inventory `q`.
    ///
    /// ```
    /// use hft_passive_mm::model::avellaneda_stoikov::Dealer;
    /// let dealer = Dealer { gamma: 0.1, sigma: 2.0, k: 1.5 };
    /// let quotes = dealer.quotes(0.0, 0.5);
    /// assert!((quotes.bid + quotes.ask - 1.4908).abs() < 5e-5); // the paper's table 1 prints 1.49
    /// ```
    pub fn quotes(&self, q: f64, time_left: f64) -> Distances {
        self.around(self.reservation_shift(q, time_left), self.spread(time_left))
    }

    /// The benchmark of section 3.3: the average over `[0, T]` of the optimal spread, centred at the mid whatever the
    /// inventory.
    pub fn symmetric_quotes(&self, horizon: f64) -> Distances {
        self.around(0.0, self.spread(horizon / 2.0))
    }

    /// The quotes of the infinite-horizon dealer of section 2.3, who holds at most `q_max` either way and discounts at
    /// `omega = gamma^2 sigma^2 (q_max + 1)^2 / 2`: reservation bid and ask, each widened by the monopoly margin.
    ///
    /// `r^{a,b} = s + (1/gamma) ln(1 + (+-1 - 2q) gamma^2 sigma^2 / (2 omega - gamma^2 q^2 sigma^2))`; the factors
    /// `gamma^2 sigma^2` cancel. Beyond `+-q_max` the side that would add has no price (`None`).
    pub fn infinite_horizon_quotes(&self, q: f64, q_max: f64) -> (Option<f64>, Option<f64>) {
        let room = (q_max + 1.0) * (q_max + 1.0) - q * q;
        let shift = |sign: f64| libm::log1p((sign - 2.0 * q) / room) / self.gamma;
        let bid = (q < q_max && room > 0.0).then(|| self.monopoly_margin() - shift(-1.0));
        let ask = (q > -q_max && room > 0.0).then(|| self.monopoly_margin() + shift(1.0));
        (bid, ask)
    }

    fn around(&self, shift: f64, spread: f64) -> Distances {
        Distances { bid: spread / 2.0 - shift, ask: spread / 2.0 + shift }
    }
}

/// `A exp(-k d)`: fills a second of a quote at distance `d` (section 2.5).
pub fn fill_rate(a: f64, k: f64, distance: f64) -> f64 {
    a * libm::exp(-k * distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables 1 to 3 of the paper print 1.49, 1.35 and 3.02.
    #[test]
    fn the_average_spread_is_the_printed_one() {
        for (gamma, spread) in [(0.1, 1.4908), (0.01, 1.3489), (1.0, 3.0217)] {
            let quotes = Dealer { gamma, sigma: 2.0, k: 1.5 }.symmetric_quotes(1.0);
            assert!((quotes.bid + quotes.ask - spread).abs() < 5e-5, "gamma {gamma}");
            assert!((quotes.bid - quotes.ask).abs() < 1e-15);
        }
    }

    #[test]
    fn the_reservation_price_leans_against_the_inventory_and_forgives_it_at_the_end() {
        let dealer = Dealer { gamma: 0.1, sigma: 2.0, k: 1.5 };
        assert!((dealer.reservation_shift(3.0, 0.5) + 0.6).abs() < 1e-12);
        assert!(dealer.reservation_shift(3.0, 0.0).abs() < 1e-12);
        let long = dealer.quotes(3.0, 0.5);
        assert!(long.bid > long.ask, "a long dealer bids low and offers low");
    }

    #[test]
    fn without_risk_aversion_the_dealer_is_a_monopolist() {
        let dealer = Dealer { gamma: 1e-9, sigma: 2.0, k: 1.5 };
        assert!((dealer.monopoly_margin() - 1.0 / 1.5).abs() < 1e-8);
    }

    /// Section 2.3: with q = 0 the reservation ask is `(1/gamma) ln(1 + 1/(q_max + 1)^2)` above the mid and the
    /// reservation bid a little more below it (`ln(1 - x)` against `ln(1 + x)`).
    #[test]
    fn the_infinite_horizon_dealer() {
        let dealer = Dealer { gamma: 0.1, sigma: 2.0, k: 1.5 };
        let (bid, ask) = dealer.infinite_horizon_quotes(0.0, 4.0);
        let margin = dealer.monopoly_margin();
        assert!((ask.expect("room") - margin - 10.0 * libm::log(1.0 + 1.0 / 25.0)).abs() < 1e-12);
        assert!((bid.expect("room") - margin + 10.0 * libm::log(1.0 - 1.0 / 25.0)).abs() < 1e-12);
        // At the limit one side is gone; by symmetry bid(q) = ask(-q) up to the difference of the logarithms.
        assert_eq!(dealer.infinite_horizon_quotes(4.0, 4.0).0, None);
        assert_eq!(dealer.infinite_horizon_quotes(-4.0, 4.0).1, None);
        let (_, ask_long) = dealer.infinite_horizon_quotes(3.0, 4.0);
        assert!(ask_long < ask, "the long dealer offers lower");
    }
}
