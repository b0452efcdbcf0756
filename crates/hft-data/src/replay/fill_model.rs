//! What is assumed of the queue where a recording tells sizes and no orders.
//!
//! A recording of levels says that five contracts left a price, not whether they stood before us or behind. Each model is an
//! answer. With `front` the size before our order and `back` the size behind it, a decrease `d` that is no trade leaves
//! from behind us in the share
//!
//! ```text
//! risk-averse    1, while there is anything behind            nothing moves us forward but trades
//! pro-rata       back / (back + front)                        everybody is as likely to leave
//! power n        back^n / (back^n + front^n)
//! log            ln(1 + back) / (ln(1 + back) + ln(1 + front))
//! power2 n       back^n / (back + front)^n
//! log2           ln(1 + back) / ln(1 + back + front)
//! power3 n       1 - (front / (back + front))^n
//! ```
//!
//! and the rest from before us. `power`, `log` and their variants are the functions that E. Rigtorp proposed ("Estimating order queue
//! position", 2013) and that the documentation of hftbacktest lists ("Order fill", probability queue models); the formulas are
//! theirs, the code is not. Around them stand two that know no queue: `touch` fills us before anybody at our price, `through`
//! only when the market trades beyond it. Where orders have names, `exact` needs none of this.

use libm::{log1p, pow};
use serde::Serialize;
use std::fmt;

/// What is assumed of our place in a queue.
///
/// ```
/// use hft_data::replay::FillModel;
/// assert_eq!(FillModel::RiskAverse.behind(90, 10), 1.0);
/// assert_eq!(FillModel::Power(1.0).behind(90, 10), 0.1, "one in ten stands behind us");
/// assert!(FillModel::Power(3.0).behind(90, 10) < 0.01, "most leave from the longer part");
/// assert_eq!(FillModel::Power(3.0).to_string(), "power 3");
/// ```
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FillModel {
    /// The order itself stands in the recorded queue: only where orders have names.
    Exact,
    /// Any trade at our price fills us first.
    Touch,
    /// Only a trade beyond our price fills us.
    Through,
    /// Nobody before us ever leaves.
    RiskAverse,
    /// By powers of the sizes before and behind.
    Power(f64),
    /// By their logarithms.
    Log,
    /// By the power of the size behind, of all.
    Power2(f64),
    /// By the logarithm of the size behind, of all.
    Log2,
    /// By the power of the share before.
    Power3(f64),
}

impl FillModel {
    /// The ladder that runs side by side, with this exponent for `power`: from who is filled most to who is filled least.
    pub const fn ladder(power: f64) -> [Self; 6] {
        [Self::Touch, Self::Power(1.0), Self::Power(power), Self::Log, Self::RiskAverse, Self::Through]
    }

    /// In which share a decrease leaves from behind us, from 0 to 1.
    #[allow(clippy::cast_precision_loss, reason = "a model rounds")]
    pub fn behind(self, front: i64, back: i64) -> f64 {
        let (front, back) = (front.max(0) as f64, back.max(0) as f64);
        let share = match self {
            Self::Exact | Self::Touch | Self::Through | Self::RiskAverse => 1.0,
            Self::Power(n) => pow(back, n) / (pow(back, n) + pow(front, n)),
            Self::Log => log1p(back) / (log1p(back) + log1p(front)),
            Self::Power2(n) => pow(back / (back + front), n),
            Self::Log2 => log1p(back) / log1p(back + front),
            Self::Power3(n) => 1.0 - pow(front / (back + front), n),
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 }
    }
}

impl fmt::Display for FillModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.pad("exact"),
            Self::Touch => f.pad("touch"),
            Self::Through => f.pad("through"),
            Self::RiskAverse => f.pad("risk-averse"),
            Self::Power(n) if (n - 1.0).abs() < f64::EPSILON => f.pad("pro-rata"),
            Self::Power(n) => f.pad(&format!("power {n}")),
            Self::Log => f.pad("log"),
            Self::Power2(n) => f.pad(&format!("power2 {n}")),
            Self::Log2 => f.pad("log2"),
            Self::Power3(n) => f.pad(&format!("power3 {n}")),
        }
    }
}
