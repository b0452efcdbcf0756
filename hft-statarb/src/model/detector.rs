//! A residual, watched for the end of its reversion: the evidence of [`cusum`](super::cusum) against a fit that is not
//! allowed to get used to what it should find.
//!
//! A fit of a rolling window that holds a break explains it: the jump becomes variance, the new level a mean, and the evidence is gone. So the
//! fit that residuals are held against is renewed only while nothing speaks against it, and not right after a surprise.

use super::cusum::{Cusum, evidence};
use super::ou::Ar1;
use super::residual::{Drift, Fit};

/// A change of so many standard deviations is a surprise.
const SURPRISE: f64 = 4.0;

/// A residual is watched once the window holds so many times of its reversion, `n (1 - b)`: before that its mean is hardly known.
const REVERSIONS_MIN: f64 = 6.0;

/// Watches one residual.
#[derive(Clone, PartialEq, Debug)]
pub struct Detector {
    cusum: Cusum,
    reference: Option<Reference>,
    surprised: bool,
}

/// What the residual is held against.
#[derive(Clone, PartialEq, Debug)]
struct Reference {
    fit: Fit,
    /// The fit's autoregression without its bias: a fit finds too much reversion, and would be disappointed by an honest residual.
    ar1: Ar1,
    /// Where the residual stands.
    x: f64,
}

impl Detector {
    /// Raises the alarm at this much evidence, a natural logarithm of odds.
    pub const fn new(threshold: f64) -> Self {
        Self { cusum: Cusum::new(threshold), reference: None, surprised: false }
    }

    /// Holds one change against the reference, where there is one; `true` is an alarm, after which it begins anew.
    pub fn observe(&mut self, change: f64, factors: &[f64]) -> bool {
        let Some(reference) = self.reference.as_mut().filter(|known| known.fit.betas.len() == factors.len()) else {
            return false;
        };
        let r = reference.fit.innovation(change, factors);
        let told = evidence(&reference.ar1, reference.x, r);
        reference.x += r;
        self.surprised = r.abs() > SURPRISE * reference.ar1.noise_sd;
        let alarm = self.cusum.add(told);
        if alarm {
            self.reference = None;
        }
        alarm
    }

    /// Offers the newest fit, of so many changes; taken while nothing speaks against the one before.
    pub fn renew(&mut self, fit: &Fit, drift: Drift, changes: usize) {
        if self.reference.is_some() && (self.cusum.sum() > 0.0 || self.surprised) {
            return;
        }
        let ar1 = fit.ar1.without_bias(fit.bias_of_b(drift, changes));
        #[allow(clippy::cast_precision_loss, reason = "a count")]
        let ar1 = ar1.filter(|ar1| changes as f64 * (1.0 - ar1.b) >= REVERSIONS_MIN);
        self.reference = ar1.map(|ar1| Reference { fit: fit.clone(), ar1, x: fit.x });
    }

    /// The evidence now.
    pub const fn evidence(&self) -> f64 {
        self.cusum.sum()
    }
}
