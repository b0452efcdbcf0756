//! What a handful of runs says of all runs: means with confidence intervals, Sharpe ratios, and how much of the best one is luck.
//!
//! Invariant: pure functions of numbers, summed in the order given. Where the numbers say nothing (one run, no variance), the answer is
//! `None`, never NaN.
//!
//! Sources: Student (1908) for the interval of a mean; Mertens (2002) and Bailey & López de Prado (2012) for the standard error of a
//! Sharpe ratio of changes that are not normal; Bailey & López de Prado (2014), "The Deflated Sharpe Ratio: Correcting for Selection
//! Bias, Backtest Overfitting and Non-Normality", for what the best of many trials has to beat.

pub mod hayashi_yoshida;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// How sure an interval is: 95 %.
pub const CONFIDENCE: f64 = 0.95;

/// Euler's and Mascheroni's constant.
const EULER_MASCHERONI: f64 = 0.577_215_664_901_532_9;

/// A mean and its confidence interval ([`CONFIDENCE`]).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The low end; absent where there are fewer than two numbers.
    pub low: Option<f64>,
    /// The high end.
    pub high: Option<f64>,
}

/// The first four moments of some numbers, of which there are at least two and not all equal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moments {
    /// How many.
    pub count: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation, with n - 1.
    pub deviation: f64,
    /// Third standardised moment; 0 for a normal law.
    pub skewness: f64,
    /// Fourth standardised moment; 3 for a normal law.
    pub kurtosis: f64,
}

/// The Sharpe ratio of the best of several trials, and the chance that it is above what luck gives the best of so many.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeflatedSharpe {
    /// How many trials the best was chosen from.
    pub trials: u64,
    /// Mean over standard deviation of the net, per run: of the best trial.
    pub sharpe: f64,
    /// What the best of so many trials without any merit is expected to show.
    pub expected_of_luck: f64,
    /// The probability that the true ratio of the best is above that.
    pub probability: f64,
}

impl Estimate {
    /// The mean of these numbers, taken as independent draws of one law.
    ///
    /// # Panics
    /// When there are none.
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    pub fn of(numbers: &[f64]) -> Self {
        assert!(!numbers.is_empty(), "the mean of nothing");
        let (count, mean) = (numbers.len() as f64, mean(numbers));
        if numbers.len() < 2 {
            return Self { mean, low: None, high: None };
        }
        let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        let law = StudentsT::new(0.0, 1.0, count - 1.0).expect("at least one degree of freedom");
        let half = law.inverse_cdf(0.5 + CONFIDENCE / 2.0) * error;
        Self { mean, low: Some(mean - half), high: Some(mean + half) }
    }

    /// The mean of `numbers - others`, pair by pair: runs on the same seed saw the same market, so most of the noise is in both.
    ///
    /// # Panics
    /// When there are none, or not equally many.
    pub fn of_pairs(numbers: &[f64], others: &[f64]) -> Self {
        assert_eq!(numbers.len(), others.len(), "pairs have two");
        let differences: Vec<f64> = numbers.iter().zip(others).map(|(number, other)| number - other).collect();
        Self::of(&differences)
    }

    /// The same for something that lies within these bounds: so does its interval.
    #[must_use]
    pub fn within(self, [least, most]: [f64; 2]) -> Self {
        let inside = |end: Option<f64>| end.map(|end| end.clamp(least, most));
        Self { low: inside(self.low), high: inside(self.high), ..self }
    }

    /// Half the width of the interval.
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }

    /// True where the interval leaves zero out.
    pub fn excludes_zero(&self) -> bool {
        self.low.is_some_and(|low| low > 0.0) || self.high.is_some_and(|high| high < 0.0)
    }
}

impl Moments {
    /// Those of these numbers, where there are enough of them and they differ.
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    pub fn of(numbers: &[f64]) -> Option<Self> {
        if numbers.len() < 2 {
            return None;
        }
        let (count, mean) = (numbers.len() as f64, mean(numbers));
        let central = |power: i32| numbers.iter().map(|number| (number - mean).powi(power)).sum::<f64>() / count;
        let variance = central(2);
        let deviation = (variance * count / (count - 1.0)).sqrt();
        let (skewness, kurtosis) = (central(3) / (variance * variance.sqrt()), central(4) / (variance * variance));
        let moments = Self { count, mean, deviation, skewness, kurtosis };
        (deviation > 0.0 && skewness.is_finite() && kurtosis.is_finite()).then_some(moments)
    }

    /// Mean over standard deviation.
    pub fn sharpe(&self) -> f64 {
        self.mean / self.deviation
    }

    /// The probability that the true Sharpe ratio is above `benchmark` (the "probabilistic Sharpe ratio").
    pub fn probability_above(&self, benchmark: f64) -> Option<f64> {
        let ratio = self.sharpe();
        let spread = 1.0 - self.skewness * ratio + (self.kurtosis - 1.0) / 4.0 * ratio * ratio;
        let score = (ratio - benchmark) * (self.count - 1.0).sqrt() / spread.sqrt();
        score.is_finite().then(|| Normal::standard().cdf(score))
    }
}

impl DeflatedSharpe {
    /// Of the one that was chosen of these trials; each is the net of every run of that trial. Trials without variance have no ratio
    /// but count.
    ///
    /// The trials are taken as independent, as in the paper. Those of a sweep are alike, so the true hurdle is lower than this one.
    pub fn of(trials: &[Vec<f64>], chosen: usize) -> Option<Self> {
        let best = Moments::of(trials.get(chosen)?)?;
        let ratios: Vec<f64> =
            trials.iter().filter_map(|trial| Moments::of(trial)).map(|moments| moments.sharpe()).collect();
        let expected_of_luck = match Moments::of(&ratios) {
            Some(spread) => spread.deviation * expected_maximum(trials.len()),
            None => 0.0,
        };
        let probability = best.probability_above(expected_of_luck)?;
        let trials = u64::try_from(trials.len()).expect("trials fit");
        Some(Self { trials, sharpe: best.sharpe(), expected_of_luck, probability })
    }
}

/// The expected maximum of so many independent standard normal draws, to the paper's approximation; 0 for one.
#[allow(clippy::cast_precision_loss, reason = "a count")]
fn expected_maximum(trials: usize) -> f64 {
    if trials < 2 {
        return 0.0;
    }
    let (law, n) = (Normal::standard(), trials as f64);
    let quantile = |share: f64| law.inverse_cdf(1.0 - share);
    (1.0 - EULER_MASCHERONI) * quantile(1.0 / n) + EULER_MASCHERONI * quantile(1.0 / (n * std::f64::consts::E))
}

#[allow(clippy::cast_precision_loss, reason = "a count")]
fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    /// By hand: the mean of 2, 4, 4, 6 is 4, their deviation sqrt(8/3), and Student's quantile of three degrees of freedom is 3.182446.
    #[test]
    fn an_interval_is_that_of_the_tables() {
        let estimate = Estimate::of(&[2.0, 4.0, 4.0, 6.0]);
        close(estimate.mean, 4.0, 1e-12);
        close(estimate.half_width().expect("four numbers"), 3.182_446_305 * (8.0f64 / 3.0 / 4.0).sqrt(), 1e-6);
        assert!(estimate.excludes_zero());
        assert!(!Estimate::of(&[-2.0, 2.5]).excludes_zero());
        let share = Estimate::of(&[0.1, 1.0, 1.0]).within([0.0, 1.0]);
        assert_eq!((share.low, share.high), (Some(0.0), Some(1.0)), "no share is above the whole");
        assert_eq!(Estimate::of(&[1.5]), Estimate { mean: 1.5, low: None, high: None });
        assert!(Moments::of(&[1.0, 1.0, 1.0]).is_none() && Moments::of(&[1.0]).is_none());
    }

    #[test]
    fn pairs_take_the_common_noise_out() {
        let base: Vec<f64> = (0..20).map(|i| f64::from(i * i % 17)).collect();
        let better: Vec<f64> =
            base.iter().enumerate().map(|(i, x)| x + 1.0 + if i % 2 == 0 { 0.1 } else { -0.1 }).collect();
        let paired = Estimate::of_pairs(&better, &base);
        close(paired.mean, 1.0, 1e-12);
        assert!(paired.excludes_zero());
        assert!(paired.half_width().expect("twenty") < 0.1 * Estimate::of(&better).half_width().expect("twenty"));
    }

    /// By hand: of 0, 0, 0, 1 the central moments are 3/16, 3/32, 21/256.
    #[test]
    fn moments_are_those_on_paper() {
        let moments = Moments::of(&[0.0, 0.0, 0.0, 1.0]).expect("they differ");
        close(moments.deviation, 0.5, 1e-12);
        close(moments.sharpe(), 0.5, 1e-12);
        close(moments.skewness, 2.0 / 3.0f64.sqrt(), 1e-12);
        close(moments.kurtosis, 7.0 / 3.0, 1e-12);
    }

    /// The numerical example of Bailey & López de Prado (2014): a ratio of 2.5 a year of 250 days over 1,250 days, skewness -3, kurtosis
    /// 10, the best of 100 trials whose yearly ratios have a variance of 1/2. They find a hurdle of 0.1132 a day and 0.9004.
    #[test]
    fn the_published_example_is_reproduced() {
        let daily = 2.5 / 250.0f64.sqrt();
        let moments = Moments { count: 1_250.0, mean: daily, deviation: 1.0, skewness: -3.0, kurtosis: 10.0 };
        let hurdle = (0.5f64 / 250.0).sqrt() * expected_maximum(100);
        close(hurdle, 0.1132, 5e-5);
        close(moments.probability_above(hurdle).expect("it is a number"), 0.9004, 5e-5);
    }

    /// By hand: two trials with ratios 0.5 and -0.5 have a deviation of sqrt(1/2); the best of two draws is expected at
    /// 0.4228 x 0 + 0.5772 x 0.9003 = 0.5197 deviations, so at 0.3675.
    #[test]
    fn the_best_of_two_is_deflated_by_two() {
        let trials = [vec![0.0, 0.0, 0.0, 1.0], vec![0.0, 0.0, 0.0, -1.0]];
        let deflated = DeflatedSharpe::of(&trials, 0).expect("both vary");
        assert_eq!(deflated.trials, 2);
        close(deflated.sharpe, 0.5, 1e-12);
        close(deflated.expected_of_luck, 0.3675, 5e-4);
        let spread = (1.0 - 2.0 / 3.0f64.sqrt() * 0.5 + (7.0f64 / 3.0 - 1.0) / 4.0 * 0.25).sqrt();
        let score = (0.5 - deflated.expected_of_luck) * 3.0f64.sqrt() / spread;
        close(deflated.probability, Normal::standard().cdf(score), 1e-12);
        let alone = DeflatedSharpe::of(&trials[..1], 0).expect("it varies");
        close(alone.expected_of_luck, 0.0, 0.0);
        assert_eq!(DeflatedSharpe::of(&[vec![1.0, 1.0]], 0), None);
    }
}
