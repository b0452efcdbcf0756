//! A contract: what a tick and a lot of it are worth.

use super::{Cash, Decimal, DecimalError, FeeSchedule, HalfTicks, Lots, Price, Qty};
use thiserror::Error;

/// A tradable contract and the border between its decimals and the market's integers.
///
/// Inside the market a price is a number of ticks and a size a number of lots; one tick of one lot is worth
/// `tick_size * lot_size * multiplier` of the currency, exactly.
///
/// ```
/// use hft_core::models::{Decimal, FeeSchedule, Instrument, Price, Qty};
/// let es = Instrument::new("ES", "USD", "0.25".parse()?, Decimal::ONE, "50".parse()?, FeeSchedule::default())?;
/// assert_eq!(es.parse_price("5000.75")?, Price::new(20_003));
/// assert_eq!(es.print_price(Price::new(20_003)), "5000.75");
/// assert!(es.parse_price("5000.80").is_err(), "off the tick");
/// assert_eq!(es.notional(Price::new(1), Qty::new(1)).decimal(), "12.50");
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instrument {
    symbol: String,
    currency: String,
    tick_size: Decimal,
    lot_size: Decimal,
    multiplier: Decimal,
    fees: FeeSchedule,
    /// Half of the value of one tick of one lot: a midpoint times a position is exact in it.
    half_tick_value: i128,
}

/// Why an instrument, or a number written in its units, is refused.
///
/// Example: [`Instrument`].
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum InstrumentError {
    /// A size that must be above zero is not.
    #[error("{symbol}: {what} must be above zero, not {value}")]
    NotPositive {
        /// The contract.
        symbol: String,
        /// Which size.
        what: &'static str,
        /// What was given.
        value: Decimal,
    },
    /// Half a tick of one lot is not a whole number of cash units, or the largest is out of range.
    #[error(
        "{symbol}: half a tick of one lot must be worth a whole number of 10^-12 {currency}, below 10^9 {currency}"
    )]
    TickValue {
        /// The contract.
        symbol: String,
        /// Its currency.
        currency: String,
    },
    /// A number that is not a multiple of its step.
    #[error("{symbol}: {value} is not a multiple of the {what} {step}")]
    OffStep {
        /// The contract.
        symbol: String,
        /// `tick size` or `lot size`.
        what: &'static str,
        /// The step.
        step: Decimal,
        /// What was given.
        value: Decimal,
    },
    /// Not a number.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
}

impl Instrument {
    /// A contract quoted in steps of `tick_size` (currency units per unit of the underlying), traded in steps of
    /// `lot_size` (contracts), each contract worth `multiplier` units of the underlying.
    ///
    /// # Errors
    /// When a size is not positive, or half a tick of one lot is not exact in [`Cash`].
    pub fn new(
        symbol: &str,
        currency: &str,
        tick_size: Decimal,
        lot_size: Decimal,
        multiplier: Decimal,
        fees: FeeSchedule,
    ) -> Result<Self, InstrumentError> {
        for (what, value) in [("tick size", tick_size), ("lot size", lot_size), ("multiplier", multiplier)] {
            if !value.is_positive() {
                return Err(InstrumentError::NotPositive { symbol: symbol.to_owned(), what, value });
            }
        }
        let inexact = || InstrumentError::TickValue { symbol: symbol.to_owned(), currency: currency.to_owned() };
        let half_tick_value = half_product([tick_size, lot_size, multiplier]).ok_or_else(inexact)?;
        if half_tick_value >= Cash::PER_UNIT * 1_000_000_000 {
            return Err(inexact());
        }
        Ok(Self {
            symbol: symbol.to_owned(),
            currency: currency.to_owned(),
            tick_size,
            lot_size,
            multiplier,
            fees,
            half_tick_value,
        })
    }

    /// The name that people use.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// What prices and cash are counted in.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The price step.
    pub const fn tick_size(&self) -> Decimal {
        self.tick_size
    }

    /// The size step.
    pub const fn lot_size(&self) -> Decimal {
        self.lot_size
    }

    /// Units of the underlying per contract.
    pub const fn multiplier(&self) -> Decimal {
        self.multiplier
    }

    /// What a venue charges for trading it.
    pub const fn fees(&self) -> &FeeSchedule {
        &self.fees
    }

    /// The value of `qty` at `price`, or `None` where it leaves the range of exact money.
    pub fn checked_notional(&self, price: Price, qty: Qty) -> Option<Cash> {
        let tick_lots = i128::from(price.ticks()) * i128::from(qty.lots());
        tick_lots.checked_mul(self.half_tick_value * 2).map(Cash::new)
    }

    /// The value of `qty` at `price`.
    ///
    /// # Panics
    /// When it leaves the range of exact money, which the gate's notional check has refused before any trade.
    pub fn notional(&self, price: Price, qty: Qty) -> Cash {
        self.checked_notional(price, qty).expect("an accepted order's notional fits in Cash")
    }

    /// The value of a position at a level of half-tick resolution, or `None` where it leaves the range of exact money.
    pub fn checked_value_at(&self, position: Lots, level: HalfTicks) -> Option<Cash> {
        let half_tick_lots = level.count().checked_mul(i128::from(position.count()))?;
        half_tick_lots.checked_mul(self.half_tick_value).map(Cash::new)
    }

    /// The value of a position at a level of half-tick resolution, exactly.
    ///
    /// # Panics
    /// When it leaves the range of exact money, which position limits exclude.
    pub fn value_at(&self, position: Lots, level: HalfTicks) -> Cash {
        self.checked_value_at(position, level).expect("a limited position's value fits in Cash")
    }

    /// Parses a price such as `100.18`.
    ///
    /// # Errors
    /// When it is no decimal or not a multiple of the tick size.
    pub fn parse_price(&self, text: &str) -> Result<Price, InstrumentError> {
        self.price(text.parse()?)
    }

    /// A decimal price in ticks.
    ///
    /// # Errors
    /// When it is not a multiple of the tick size.
    pub fn price(&self, value: Decimal) -> Result<Price, InstrumentError> {
        self.steps("tick size", self.tick_size, value).map(Price::new)
    }

    /// A decimal size in lots.
    ///
    /// # Errors
    /// When it is not a multiple of the lot size.
    pub fn qty(&self, value: Decimal) -> Result<Qty, InstrumentError> {
        self.steps("lot size", self.lot_size, value).map(Qty::new)
    }

    /// Prints a price with as many digits as the tick size has.
    pub fn print_price(&self, price: Price) -> String {
        print_steps(i128::from(price.ticks()), self.tick_size)
    }

    /// Prints a size with as many digits as the lot size has.
    pub fn print_qty(&self, qty: Qty) -> String {
        print_steps(i128::from(qty.lots()), self.lot_size)
    }

    /// Prints a signed size with as many digits as the lot size has.
    pub fn print_lots(&self, lots: Lots) -> String {
        print_steps(i128::from(lots.count()), self.lot_size)
    }

    /// A signed size as a float, for models and plots.
    #[allow(clippy::cast_precision_loss, reason = "models round")]
    pub fn lots_f64(&self, lots: Lots) -> f64 {
        lots.count() as f64 * self.lot_size.to_f64()
    }

    /// A price as a float in currency units, for models and plots.
    #[allow(clippy::cast_precision_loss, reason = "models round")]
    pub fn price_f64(&self, price: Price) -> f64 {
        price.ticks() as f64 * self.tick_size.to_f64()
    }

    fn steps(&self, what: &'static str, step: Decimal, value: Decimal) -> Result<i64, InstrumentError> {
        let off_step = || InstrumentError::OffStep { symbol: self.symbol.clone(), what, step, value };
        let (value_pico, step_pico) = (value.to_pico(), step.to_pico());
        if value_pico % step_pico != 0 {
            return Err(off_step());
        }
        i64::try_from(value_pico / step_pico).map_err(|_| off_step())
    }
}

/// `product / 2` in units of 10^-12, or `None` where that is no whole number or out of range.
fn half_product(factors: [Decimal; 3]) -> Option<i128> {
    let mut mantissa: i128 = 1;
    let mut scale = 0;
    for factor in factors {
        mantissa = mantissa.checked_mul(i128::from(factor.mantissa()))?;
        scale += factor.scale();
    }
    let half_pico = mantissa.checked_mul(10i128.pow(Decimal::MAX_SCALE))?;
    let divisor = 2 * 10i128.checked_pow(scale)?;
    (half_pico % divisor == 0).then(|| half_pico / divisor)
}

fn print_steps(count: i128, step: Decimal) -> String {
    let units = count * i128::from(step.mantissa());
    let sign = if units < 0 { "-" } else { "" };
    let one = 10u128.pow(step.scale());
    let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    match step.scale() {
        0 => format!("{sign}{whole}"),
        scale => format!("{sign}{whole}.{part:0width$}", width = usize::try_from(scale).unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(tick: &str, lot: &str, multiplier: &str) -> Result<Instrument, InstrumentError> {
        Instrument::new("X", "USD", tick.parse()?, lot.parse()?, multiplier.parse()?, FeeSchedule::default())
    }

    #[test]
    fn ticks_and_decimals_are_one_to_one() {
        let x = instrument("0.01", "0.001", "1").expect("plain");
        assert_eq!(x.parse_price("100.18").expect("on the tick"), Price::new(10_018));
        assert_eq!(x.print_price(Price::new(-5)), "-0.05");
        assert_eq!(x.print_qty(Qty::new(1_500)), "1.500");
        let error = x.parse_price("100.185").expect_err("between ticks");
        assert_eq!(error.to_string(), "X: 100.185 is not a multiple of the tick size 0.01");
    }

    #[test]
    fn a_half_tick_of_one_lot_is_exact_or_refused() {
        assert!(instrument("0.000000000001", "1", "1").is_err(), "half of 10^-12 is not a whole unit");
        assert!(instrument("0.00001", "0.00001", "1").is_ok());
        assert!(instrument("0", "1", "1").is_err());
        assert!(instrument("1", "-1", "1").is_err());
        assert!(instrument("1000000", "1000000", "1000000").is_err(), "too large to multiply safely");
    }

    #[test]
    fn marks_are_exact_at_half_ticks() {
        let x = instrument("0.25", "1", "50").expect("ES-like");
        assert_eq!(x.value_at(Lots::new(-3), Price::new(10).mid(Price::new(11))).decimal(), "-393.75");
        assert_eq!(x.checked_notional(Price::MAX, Qty::MAX), None, "refused, never wrapped");
    }
}
