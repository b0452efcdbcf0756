//! Glosten & Milgrom (1985), "Bid, ask and transaction prices in a specialist market with heterogeneously informed
//! traders", Journal of Financial Economics 14, 71: the two-value case.
//!
//! The value is `high` with probability `p`, else `low`. A trader arrives; with probability `mu` he knows the value and
//! trades the right way, otherwise he buys or sells with equal odds. A maker who earns nothing on average quotes the
//! value's expectation *given* that the quote is hit:
//!
//! ```text
//! ask = E[V | buy]  = low + (high - low) P(high | buy)
//! bid = E[V | sell] = low + (high - low) P(high | sell)
//! P(high | buy) = p (1 + mu) / (1 + mu (2p - 1))      P(high | sell) = p (1 - mu) / (1 - mu (2p - 1))
//! ```
//!
//! so at `p = 1/2` the spread is `mu (high - low)`: it is what being wrong about the counterparty costs, with no
//! inventory and no fees in sight. Left out: order sizes, traders who may decline to trade, and a cost of making.

use serde::{Deserialize, Serialize};

/// What the maker believes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Belief {
    /// The value if the news is bad.
    pub low: f64,
    /// The value if the news is good.
    pub high: f64,
    /// Probability of good news, `p`, 0 to 1.
    pub p: f64,
    /// Share of informed traders among those who arrive, `mu`, 0 to 1.
    pub mu: f64,
}

/// Break-even quotes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct BreakEven {
    /// The expected value given that somebody sells.
    pub bid: f64,
    /// The expected value given that somebody buys.
    pub ask: f64,
}

/// What the trader who arrived did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// Took the ask.
    Buy,
    /// Hit the bid.
    Sell,
}

impl Belief {
    /// The expected value before anybody arrives.
    pub fn mean(&self) -> f64 {
        self.low + (self.high - self.low) * self.p
    }

    /// The probability that the next arrival is of this kind.
    pub fn probability(&self, arrival: Arrival) -> f64 {
        let tilt = self.mu * (2.0 * self.p - 1.0);
        match arrival {
            Arrival::Buy => (1.0 + tilt) / 2.0,
            Arrival::Sell => (1.0 - tilt) / 2.0,
        }
    }

    /// The belief after an arrival, by Bayes' rule. An arrival that the belief holds impossible teaches nothing.
    #[must_use]
    pub fn after(&self, arrival: Arrival) -> Belief {
        let likelihood_if_high = match arrival {
            Arrival::Buy => (1.0 + self.mu) / 2.0,
            Arrival::Sell => (1.0 - self.mu) / 2.0,
        };
        let total = self.probability(arrival);
        if total > 0.0 { Belief { p: self.p * likelihood_if_high / total, ..*self } } else { *self }
    }

    /// The quotes at which a maker breaks even on either trade.
    ///
    /// ```
    /// use hft_passive_mm::model::glosten_milgrom::Belief;
    /// let quotes = Belief { low: 99.0, high: 101.0, p: 0.5, mu: 0.25 }.quotes();
    /// assert!((quotes.ask - quotes.bid - 0.5).abs() < 1e-12); // mu (high - low)
    /// ```
    pub fn quotes(&self) -> BreakEven {
        BreakEven { bid: self.after(Arrival::Sell).mean(), ask: self.after(Arrival::Buy).mean() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posteriors_in_closed_form() {
        for (p, mu) in [(0.5, 0.0), (0.5, 0.3), (0.2, 0.7), (0.9, 1.0), (0.01, 0.5)] {
            let belief = Belief { low: 90.0, high: 110.0, p, mu };
            let quotes = belief.quotes();
            let ask = 90.0 + 20.0 * p * (1.0 + mu) / (1.0 + mu * (2.0 * p - 1.0));
            let bid = 90.0 + 20.0 * p * (1.0 - mu) / (1.0 - mu * (2.0 * p - 1.0));
            assert!((quotes.ask - ask).abs() < 1e-12 && (quotes.bid - bid).abs() < 1e-12);
            assert!(quotes.bid <= belief.mean() + 1e-12 && belief.mean() <= quotes.ask + 1e-12);
        }
    }

    /// Transaction prices are a martingale: the mean of the next belief is this one.
    #[test]
    fn prices_are_a_martingale() {
        let belief = Belief { low: 0.0, high: 1.0, p: 0.37, mu: 0.4 };
        let next: f64 =
            [Arrival::Buy, Arrival::Sell].map(|a| belief.probability(a) * belief.after(a).mean()).iter().sum();
        assert!((next - belief.mean()).abs() < 1e-15);
    }

    /// A buy and a sell in either order cancel: only their difference matters, so the log odds walk by
    /// `ln((1+mu)/(1-mu))`.
    #[test]
    fn log_odds_are_a_walk() {
        let belief = Belief { low: 0.0, high: 1.0, p: 0.37, mu: 0.4 };
        let there_and_back = belief.after(Arrival::Buy).after(Arrival::Sell);
        assert!((there_and_back.p - 0.37).abs() < 1e-15);
        let odds = |b: Belief| b.p / (1.0 - b.p);
        assert!((odds(belief.after(Arrival::Buy)) / odds(belief) - 1.4 / 0.6).abs() < 1e-12);
    }

    #[test]
    fn the_impossible_teaches_nothing() {
        let belief = Belief { low: 0.0, high: 1.0, p: 0.0, mu: 1.0 };
        assert_eq!(belief.after(Arrival::Buy), belief);
    }
}
