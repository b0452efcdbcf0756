//! An alarm when residuals stop coming back: Page's (1954) cumulative sum of log likelihood ratios.
//!
//! A residual that reverts was expected to move by `-(1 - b)(x - m)` and moved by `r`; one that does not was expected not to move. The
//! evidence of one sample against reversion is therefore
//!
//! ```text
//! l = ((r + (1 - b)(x - m))^2 - r^2) / (2 sd^2)           S_n = max(0, S_{n-1} + l_n),  alarm at S >= h
//! ```
//!
//! While it reverts, `l` is negative on average and `S` stays near zero; when a level shifts or reversion ends, it stays away from its mean
//! and every sample adds `(1 - b)^2 (x - m)^2 / (2 sd^2)`. By Lorden (1971) no rule with as few false alarms finds the change sooner in
//! the worst case, as `h` grows; `paper breaks` prints both.

use super::ou::Ar1;

/// The evidence so far.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cusum {
    threshold: f64,
    sum: f64,
}

impl Cusum {
    /// Raises the alarm at this much evidence, a natural logarithm of odds.
    pub const fn new(threshold: f64) -> Self {
        Self { threshold, sum: 0.0 }
    }

    /// Adds one sample's evidence; `true` is an alarm, after which it begins anew.
    pub fn add(&mut self, evidence: f64) -> bool {
        self.sum = (self.sum + evidence).max(0.0);
        let alarm = self.sum >= self.threshold;
        if alarm {
            self.sum = 0.0;
        }
        alarm
    }

    /// The evidence now.
    pub const fn sum(&self) -> f64 {
        self.sum
    }
}

/// What a move of `r`, from `x`, says against a process that was fitted beforehand.
pub fn evidence(fitted: &Ar1, x: f64, r: f64) -> f64 {
    let Ar1 { a, b, noise_sd } = *fitted;
    // (1 - b)(x - m), which is defined where m is not.
    let pull = (1.0 - b) * x - a;
    ((r + pull) * (r + pull) - r * r) / (2.0 * noise_sd * noise_sd)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: b = 1/2, m = 0, sd = 1. At 4 a reverting residual falls by 2: staying is evidence of 2, falling by 2 of -2.
    #[test]
    fn evidence_on_paper() {
        let fitted = Ar1 { a: 0.0, b: 0.5, noise_sd: 1.0 };
        assert!((evidence(&fitted, 4.0, 0.0) - 2.0).abs() < 1e-12);
        assert!((evidence(&fitted, 4.0, -2.0) + 2.0).abs() < 1e-12);
        let mut cusum = Cusum::new(5.0);
        let alarms = [2.0, -4.0, 2.0, 2.0, 0.9, 0.2, 1.0].map(|l| cusum.add(l));
        assert_eq!(alarms, [false, false, false, false, false, true, false]);
        assert!((cusum.sum() - 1.0).abs() < 1e-12, "after an alarm it begins anew");
    }
}
