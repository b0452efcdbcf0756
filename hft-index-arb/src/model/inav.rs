//! The index from prices of which some are old: the naive sum, and one that moves the old ones with the rest.
//!
//! Constituent `i` moves as `dp_i = b_i dF + s_i dW_i`. A price heard at `t_i` says where `F` was: between two of its prices it moved by `b_i (F(t)
//! - F(t_i))` and noise of variance `s_i^2 (t - t_i) + 2 w^2`, with `w` the midpoint's own noise. Each new price is thus an observation of one scalar
//! random walk, and a Kalman filter of one state learns `F` from whichever constituents were heard of. Then
//!
//! ```text
//! naive  I(t) = sum w_i p_i(t_i)          aware  I(t) = sum w_i (p_i(t_i) + b_i (F(t) - F(t_i)))
//! ```
//!
//! The filter takes its own past estimate `F(t_i)` for known, so its variance is that of the newest change alone; the exact filter has a state for every
//! constituent and says much the same (Kalman 1960; on stale prices in an index, Lo & MacKinlay 1990).

/// What is known of a constituent.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Member {
    /// Index points a unit of its price.
    pub weight: f64,
    /// Its price's move a unit of the common factor.
    pub loading: f64,
    /// Volatility of its own part, a square root of a second.
    pub own: f64,
}

/// The price of a constituent, when it was heard, and where the factor was thought to be.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Heard {
    price: f64,
    at_s: f64,
    factor: f64,
}

/// Both estimates, kept up to date price by price.
///
/// ```
/// use hft_index_arb::model::inav::{Inav, Member};
/// let member = Member { weight: 0.5, loading: 1.0, own: 0.1 };
/// let mut inav = Inav::new(vec![member; 2], 2.0, 0.01);
/// inav.hear(0, 0.0, 100.0);
/// inav.hear(1, 0.0, 100.0);
/// inav.hear(0, 1.0, 103.0);
/// assert_eq!(inav.naive(), Some(101.5));
/// let aware = inav.aware().unwrap();
/// assert!((aware - 103.0).abs() < 0.05, "the other has not been heard of, and moved with it: {aware}");
/// ```
#[derive(Clone, Debug)]
pub struct Inav {
    members: Vec<Member>,
    heard: Vec<Option<Heard>>,
    missing: usize,
    /// Volatility of the factor, a square root of a second.
    volatility: f64,
    /// Standard deviation of a midpoint around its value.
    noise: f64,
    factor: f64,
    variance: f64,
    at_s: f64,
    /// `sum w p`, `sum w b F(t_i)` and `sum w b`.
    sum: f64,
    behind: f64,
    loading: f64,
}

impl Inav {
    /// Of these constituents, none of which was heard yet.
    pub fn new(members: Vec<Member>, volatility: f64, noise: f64) -> Self {
        let loading = members.iter().map(|member| member.weight * member.loading).sum();
        let (heard, missing) = (vec![None; members.len()], members.len());
        Self {
            members,
            heard,
            missing,
            volatility,
            noise,
            factor: 0.0,
            variance: 0.0,
            at_s: 0.0,
            sum: 0.0,
            behind: 0.0,
            loading,
        }
    }

    /// A price, `at_s` seconds after the start; times do not go back.
    pub fn hear(&mut self, i: usize, at_s: f64, price: f64) {
        let Member { weight, loading, own } = self.members[i];
        let elapsed = (at_s - self.at_s).max(0.0);
        self.variance += self.volatility * self.volatility * elapsed;
        self.at_s += elapsed;
        match self.heard[i] {
            None => self.missing -= 1,
            Some(before) => {
                let age = (at_s - before.at_s).max(0.0);
                let noise = own * own * age + 2.0 * self.noise * self.noise;
                self.learn(before.factor + (price - before.price) / loading, noise / (loading * loading));
                self.sum -= weight * before.price;
                self.behind -= weight * loading * before.factor;
            }
        }
        self.sum += weight * price;
        self.behind += weight * loading * self.factor;
        self.heard[i] = Some(Heard { price, at_s, factor: self.factor });
    }

    /// An observation of the factor with this variance; one of a contract that does not load on it says nothing.
    fn learn(&mut self, observed: f64, noise: f64) {
        let total = self.variance + noise;
        if total.is_finite() && total > 0.0 {
            let gain = self.variance / total;
            self.factor += gain * (observed - self.factor);
            self.variance *= 1.0 - gain;
        }
    }

    /// A price that the market was told of and that is no news of the factor, such as after a dividend.
    pub fn restate(&mut self, i: usize, by: f64) {
        if let Some(heard) = &mut self.heard[i] {
            heard.price += by;
            self.sum += self.members[i].weight * by;
        }
    }

    /// The sum of the last prices; none before every constituent was heard.
    pub fn naive(&self) -> Option<f64> {
        (self.missing == 0).then_some(self.sum)
    }

    /// The same with each moved by what the factor did since.
    pub fn aware(&self) -> Option<f64> {
        self.naive().map(|naive| naive + self.loading * self.factor - self.behind)
    }

    /// By how much a constituent is thought to have moved since it was heard.
    pub fn drift(&self, i: usize) -> f64 {
        self.heard[i].map_or(0.0, |heard| self.members[i].loading * (self.factor - heard.factor))
    }
}
