//! What a venue charges for a trade: per lot, per notional, by tier of the volume that the account has traded.
//!
//! A schedule states *charges* (a rebate is a negative charge); an execution report states the *cash flow* (a rebate
//! is positive), which is what a ledger adds.

use super::{Cash, Liquidity, Qty};
use serde::{Deserialize, Serialize};

/// A charge for one side of a trade: `per_lot * lots + notional * notional_ppb / 10^9`.
///
/// Example: [`FeeSchedule`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeeRate {
    /// Charged for each lot; negative is a rebate.
    pub per_lot: Cash,
    /// Charged on the notional, in parts per billion (one basis point is 100,000); negative is a rebate.
    pub notional_ppb: i64,
}

/// The rates that hold from a traded volume on.
///
/// Example: [`FeeSchedule`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeeTier {
    /// The tier begins when the account has traded this much at the book before the trade at hand.
    pub from_volume: Qty,
    /// Charged to the order that rested.
    pub maker: FeeRate,
    /// Charged to the order that arrived.
    pub taker: FeeRate,
}

/// Fee tiers in ascending order of volume. Empty: trading is free.
///
/// ```
/// use hft_core::models::{Cash, FeeRate, FeeSchedule, FeeTier, Liquidity, Qty};
/// let cents = |cents: i128| FeeRate { per_lot: Cash::new(cents * Cash::PER_UNIT / 100), ..FeeRate::FREE };
/// let first = FeeTier { from_volume: Qty::ZERO, maker: FeeRate::FREE, taker: cents(3) };
/// let busy = FeeTier { from_volume: Qty::new(1_000), maker: cents(-1), taker: cents(2) };
/// let fees = FeeSchedule::new(vec![first, busy]);
/// let fee = |volume, liquidity| fees.cash_flow(liquidity, Qty::new(volume), Cash::ZERO, Qty::new(10)).decimal();
/// assert_eq!(fee(999, Liquidity::Taker), "-0.30");
/// assert_eq!(fee(1_000, Liquidity::Maker), "0.10", "a rebate");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeeSchedule {
    tiers: Vec<FeeTier>,
}

impl FeeRate {
    /// Nothing.
    pub const FREE: Self = Self { per_lot: Cash::ZERO, notional_ppb: 0 };

    /// The cash flow of a trade: negative is paid, positive is a rebate received. The notional part is rounded half
    /// away from zero to 10^-12 of the currency, the one rounding in the money of this crate.
    pub fn cash_flow(self, notional: Cash, qty: Qty) -> Cash {
        const BILLION: i128 = 1_000_000_000;
        let scaled = notional.raw() * i128::from(self.notional_ppb);
        let on_notional = (scaled.abs() + BILLION / 2) / BILLION * scaled.signum();
        -Cash::new(self.per_lot.raw() * i128::from(qty.lots()) + on_notional)
    }
}

impl FeeSchedule {
    /// A schedule of tiers, sorted by volume.
    pub fn new(mut tiers: Vec<FeeTier>) -> Self {
        tiers.sort_by_key(|tier| tier.from_volume);
        Self { tiers }
    }

    /// One tier for everybody.
    ///
    /// ```
    /// use hft_core::models::{Cash, FeeRate, FeeSchedule, Liquidity, Qty};
    /// let bps = |bps: i64| FeeRate { notional_ppb: bps * 100_000, ..FeeRate::FREE };
    /// let fees = FeeSchedule::flat(bps(-1), bps(3));
    /// let notional = Cash::new(10_000 * Cash::PER_UNIT);
    /// assert_eq!(fees.cash_flow(Liquidity::Maker, Qty::ZERO, notional, Qty::new(1)).decimal(), "1.00");
    /// assert_eq!(fees.cash_flow(Liquidity::Taker, Qty::ZERO, notional, Qty::new(1)).decimal(), "-3.00");
    /// ```
    pub fn flat(maker: FeeRate, taker: FeeRate) -> Self {
        Self { tiers: vec![FeeTier { from_volume: Qty::ZERO, maker, taker }] }
    }

    /// The cash flow of a trade for an account that had traded `volume` before it. An auction charges its parties as
    /// makers: nobody took liquidity.
    pub fn cash_flow(&self, liquidity: Liquidity, volume: Qty, notional: Cash, qty: Qty) -> Cash {
        let Some(tier) = self.tiers.iter().rev().find(|tier| tier.from_volume <= volume) else {
            return Cash::ZERO;
        };
        match liquidity {
            Liquidity::Maker | Liquidity::Auction => tier.maker,
            Liquidity::Taker => tier.taker,
        }
        .cash_flow(notional, qty)
    }
}
