//! Budish, Cramton & Shim (2015), "The high-frequency trading arms race", Quarterly Journal of Economics 130(4) 1547, section VI.
//!
//! Investors arrive at rate `lambda_inv` and pay the half-spread `h`; the public value jumps at rate `lambda_jump`, by `J` in size. One of
//! `N` equally fast players provides liquidity, the others snipe its stale quote whenever `J > h`; who is first is a fair draw. A player
//! is indifferent between both roles when
//!
//! ```text
//! lambda_inv h = lambda_jump E[(J - h)^+]
//! ```
//!
//! which does not depend on `N`, and everybody then earns `lambda_inv h / N`. For exponential jumps of mean `m`,
//! `h = m W(lambda_jump / lambda_inv)` with Lambert's `W`.
//!
//! Left out: more than one unit, and the choice of speed, which the paper solves first.

use hft_core::world::draws;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::fmt;
use std::str::FromStr;

/// The law of the size of a jump.
#[derive(Clone, PartialEq, Debug)]
pub enum JumpLaw {
    /// Exponential with this mean.
    Exponential(f64),
    /// The absolute value of a normal draw of this standard deviation.
    HalfNormal(f64),
    /// Always this size.
    Constant(f64),
    /// One of these, with equal chance.
    Empirical(Vec<f64>),
}

impl JumpLaw {
    /// `E[(J - h)^+]`, for `h` of zero or more.
    pub fn mean_excess(&self, h: f64) -> f64 {
        match self {
            JumpLaw::Exponential(mean) => mean * libm::exp(-h / mean),
            JumpLaw::HalfNormal(sigma) => {
                let z = h / sigma;
                let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
                2.0 * (sigma * density - h * upper_tail(z))
            }
            JumpLaw::Constant(size) => (size - h).max(0.0),
            JumpLaw::Empirical(sizes) => sizes.iter().map(|size| (size - h).max(0.0)).sum::<f64>() / sizes.len() as f64,
        }
    }

    /// The mean size.
    pub fn mean(&self) -> f64 {
        self.mean_excess(0.0)
    }

    /// One draw.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            JumpLaw::Exponential(mean) => mean * draws::exponential(rng),
            JumpLaw::HalfNormal(sigma) => (sigma * draws::normal(rng)).abs(),
            JumpLaw::Constant(size) => *size,
            JumpLaw::Empirical(sizes) => sizes[rng.random_range(0..sizes.len() as u64) as usize],
        }
    }
}

/// `P(Z > z)` of a standard normal.
fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// `exp:1`, `half-normal:1`, `constant:1`, `empirical:0.5,1,3`.
impl FromStr for JumpLaw {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = || {
            format!(
                "`{text}` is no law of jumps: write exp:1, half-normal:1, constant:1 or empirical:0.5,1,3, sizes above 0"
            )
        };
        let (law, sizes) = text.split_once(':').ok_or_else(allowed)?;
        let sizes: Vec<f64> = sizes.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| allowed())?;
        if sizes.iter().any(|size| !(1e-9..=1e9).contains(size)) {
            return Err(allowed());
        }
        match (law, sizes.as_slice()) {
            ("exp", &[mean]) => Ok(JumpLaw::Exponential(mean)),
            ("half-normal", &[sigma]) => Ok(JumpLaw::HalfNormal(sigma)),
            ("constant", &[size]) => Ok(JumpLaw::Constant(size)),
            ("empirical", _) => Ok(JumpLaw::Empirical(sizes)),
            _ => Err(allowed()),
        }
    }
}

impl fmt::Display for JumpLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JumpLaw::Exponential(mean) => write!(f, "exp:{mean}"),
            JumpLaw::HalfNormal(sigma) => write!(f, "half-normal:{sigma}"),
            JumpLaw::Constant(size) => write!(f, "constant:{size}"),
            JumpLaw::Empirical(sizes) => {
                let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
                write!(f, "empirical:{}", sizes.join(","))
            }
        }
    }
}

/// The market of section VI.
#[derive(Clone, PartialEq, Debug)]
pub struct Arena {
    /// Investors per unit of time, both sides together.
    pub investors: f64,
    /// Jumps per unit of time, both directions together.
    pub jumps: f64,
    /// How far the value jumps.
    pub law: JumpLaw,
    /// Players, the provider included: two or more.
    pub players: u32,
}

impl Arena {
    /// The half-spread at which providing and sniping pay the same.
    ///
    /// ```
    /// use hft_latency_arb::model::equilibrium::{Arena, JumpLaw};
    /// let arena = Arena { investors: 1.0, jumps: 1.0, law: JumpLaw::Exponential(1.0), players: 5 };
    /// assert!((arena.half_spread() - 0.567143).abs() < 1e-6); // Lambert's W(1)
    /// let quiet = Arena { jumps: 0.1, ..arena };
    /// assert!(quiet.half_spread() < 0.1); // fewer jumps, tighter quotes
    /// ```
    pub fn half_spread(&self) -> f64 {
        // Falling in h, positive at zero; negative where even certain jumps could not pay for it.
        let surplus = |h: f64| self.jumps * self.law.mean_excess(h) - self.investors * h;
        let (mut low, mut high) = (0.0, self.law.mean() * self.jumps / self.investors + f64::MIN_POSITIVE);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if surplus(middle) > 0.0 { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// What each player earns per unit of time at that half-spread.
    pub fn rent(&self) -> f64 {
        self.investors * self.half_spread() / f64::from(self.players)
    }

    /// Which share of the races the provider loses when all are equally fast.
    pub fn races_lost(&self) -> f64 {
        f64::from(self.players - 1) / f64::from(self.players)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn arena(investors: f64, jumps: f64, law: &str) -> Arena {
        Arena { investors, jumps, law: law.parse().expect("a law"), players: 5 }
    }

    #[test]
    fn the_half_spread_is_the_published_one() {
        for (investors, jumps, expected) in [(1.0, 1.0, 0.567143), (10.0, 1.0, 0.091277), (1.0, 10.0, 1.745528)] {
            let h = arena(investors, jumps, "exp:1").half_spread();
            assert!((h - expected).abs() < 1e-6, "{investors}, {jumps}: {h}");
            let scaled = arena(investors, jumps, "exp:3").half_spread();
            assert!((scaled - 3.0 * h).abs() < 1e-9, "it scales with the jumps");
        }
        // lambda_inv h = lambda_jump (c - h): h = c / (1 + lambda_inv / lambda_jump).
        assert!((arena(3.0, 1.0, "constant:2").half_spread() - 0.5).abs() < 1e-12);
        assert!((arena(3.0, 1.0, "empirical:2,2").half_spread() - 0.5).abs() < 1e-12);
    }

    /// The law that is drawn is the law that is solved.
    #[test]
    fn draws_have_the_mean_excess_of_their_law() {
        for law in ["exp:1", "half-normal:1.5", "constant:0.7", "empirical:0.2,1,4"] {
            let law: JumpLaw = law.parse().expect("a law");
            let mut rng = ChaCha8Rng::seed_from_u64(2015);
            let draws: Vec<f64> = (0..200_000).map(|_| law.draw(&mut rng)).collect();
            for h in [0.0, 0.3, 1.1] {
                let mean = draws.iter().map(|size| (size - h).max(0.0)).sum::<f64>() / draws.len() as f64;
                assert!((mean - law.mean_excess(h)).abs() < 0.012, "{law} at {h}: {mean}");
            }
        }
    }

    #[test]
    fn a_law_is_read_as_it_is_written_and_nonsense_is_refused() {
        for text in ["exp:1", "half-normal:0.5", "constant:2", "empirical:0.5,1,3"] {
            assert_eq!(text.parse::<JumpLaw>().expect(text).to_string(), text);
        }
        for text in
            ["", "exp", "exp:", "exp:0", "exp:-1", "exp:nan", "exp:1,2", "cauchy:1", "empirical:", "constant:inf"]
        {
            let refused = text.parse::<JumpLaw>().expect_err(text);
            assert!(refused.contains("half-normal:1"), "{refused}");
        }
    }
}
