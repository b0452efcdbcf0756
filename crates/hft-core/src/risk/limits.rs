//! What one account may do: every limit has a name here, and every limit left out is no limit.
//!
//! ```toml
//! [risk]
//! stale_ms = 500                      # market data older than this denies new orders
//! self_cross = "deny"
//! [risk.instrument]                   # for each instrument that `symbols` does not name
//! max_long = 10                       # lots
//! max_short = 10
//! max_order_notional = 100000.0       # currency
//! collar_bps = 100
//! [risk.account]
//! max_daily_loss = 500.0              # currency
//! [risk.rate]
//! capacity = 100                      # messages at once
//! refill_per_s = 50
//! cancel_reserve = 20                 # kept for cancels
//! ```
//!
//! Bounds are inclusive: what equals the limit is allowed, except that a loss or a drawdown that *reaches* its limit
//! kills.

use crate::models::{Cash, Decimal, Nanos, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// Everything the gate checks against.
///
/// ```
/// use hft_core::models::{Cash, Qty};
/// use hft_core::risk::{AccountLimits, CountLimit, InstrumentLimits, Limits, RateLimit, SelfCross};
/// let dollars = |d: i128| Some(Cash::new(d * Cash::PER_UNIT));
/// let limits = Limits {
///     instrument: Some(InstrumentLimits { max_long: Some(Qty::new(10)), ..InstrumentLimits::default() }),
///     account: AccountLimits { max_daily_loss: dollars(500), ..AccountLimits::default() },
///     rate: Some(RateLimit { capacity: 100, refill_per_s: 50, cancel_reserve: 20 }),
///     reject_storm: Some(CountLimit { max: 20, window_ms: 1_000 }),
///     self_cross: SelfCross::Deny,
///     ..Limits::default()
/// };
/// limits.validate()?;
/// let senseless = AccountLimits { max_daily_loss: dollars(-500), ..AccountLimits::default() };
/// let error = Limits { account: senseless, ..limits }.validate().expect_err("a loss is a positive number here");
/// assert!(error.to_string().contains("max_daily_loss"));
/// # Ok::<(), hft_core::risk::LimitError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// For each instrument that `symbols` does not name. Where `symbols` is given and this is not, an instrument that
    /// is not named may not be traded at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<InstrumentLimits>,
    /// By symbol; an entry replaces `instrument` for that symbol, it does not add to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbols: Option<BTreeMap<String, InstrumentLimits>>,
    /// Over all instruments.
    pub account: AccountLimits,
    /// Messages per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<RateLimit>,
    /// Orders alike in book, side, type, price and size, from whichever strategy: at most `max` pass in a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<CountLimit>,
    /// Executions of one strategy: the one that reaches `max` in a window disables it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<CountLimit>,
    /// The gate's own denials of one strategy: the one that reaches `max` in a window disables it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reject_storm: Option<CountLimit>,
    /// How old the top of a book may be, in milliseconds, for an order to go there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_ms: Option<u64>,
    /// Whether an order may meet another of its own account.
    pub self_cross: SelfCross,
}

/// Limits of one instrument. Positions count over all venues; sizes are in lots, money in the currency.
///
/// Example: [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstrumentLimits {
    /// The largest long position, all open buys filled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_long: Option<Qty>,
    /// The largest short position, all open sells filled: a size, so positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_short: Option<Qty>,
    /// The largest total size of one order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_order_qty: Option<Qty>,
    /// The largest value of one order.
    #[serde(skip_serializing_if = "Option::is_none", with = "money")]
    pub max_order_notional: Option<Cash>,
    /// How far through the opposite touch a price may reach, in hundredths of a percent of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collar_bps: Option<u32>,
    /// How many orders may be open in the instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_open_orders: Option<u32>,
}

/// Limits over all instruments of the account.
///
/// Example: [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountLimits {
    /// Marked value of all positions and value of all open orders, nothing netted.
    #[serde(skip_serializing_if = "Option::is_none", with = "money")]
    pub max_gross_notional: Option<Cash>,
    /// Marked value of what is long less what is short, all open orders of one side filled, whichever way: what a portfolio whose legs
    /// should offset each other may have unhedged.
    #[serde(skip_serializing_if = "Option::is_none", with = "money")]
    pub max_net_notional: Option<Cash>,
    /// How many orders may be open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_open_orders: Option<u32>,
    /// A loss since the start (or the last reset) that kills when reached.
    #[serde(skip_serializing_if = "Option::is_none", with = "money")]
    pub max_daily_loss: Option<Cash>,
    /// A fall from the highest equity since the start (or the last reset) that kills when reached.
    #[serde(skip_serializing_if = "Option::is_none", with = "money")]
    pub max_drawdown: Option<Cash>,
}

/// A token bucket: a message takes a token.
///
/// Example: [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How many tokens the bucket holds, and starts with.
    pub capacity: u64,
    /// How many it gains in a second.
    pub refill_per_s: u64,
    /// How many of them only cancels may take.
    #[serde(default)]
    pub cancel_reserve: u64,
}

/// How often something may happen within a sliding window. What happened exactly `window_ms` ago is forgotten.
///
/// Example: [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountLimit {
    /// How often.
    pub max: u32,
    /// The window's length in milliseconds.
    pub window_ms: u64,
}

/// What happens to an order that could trade with one of its own account's.
///
/// Example: [`Limits`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfCross {
    /// The gate does not ask; the venue's self-trade prevention may.
    #[default]
    Allow,
    /// It is denied.
    Deny,
}

/// A limit that cannot be meant.
///
/// Example: [`Limits`].
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("risk limit `{name}` must not be negative")]
pub struct LimitError {
    /// Its name.
    pub name: String,
}

impl Limits {
    /// The limits of an instrument, or `None` where it may not be traded.
    pub fn of_symbol(&self, symbol: &str) -> Option<InstrumentLimits> {
        match &self.symbols {
            Some(symbols) => symbols.get(symbol).copied().or(self.instrument),
            None => Some(self.instrument.unwrap_or_default()),
        }
    }

    /// Refuses limits that cannot be meant.
    ///
    /// # Errors
    /// Names the first negative one.
    pub fn validate(&self) -> Result<(), LimitError> {
        let named = self.symbols.iter().flatten().map(|(symbol, limits)| (format!("symbols.{symbol}"), limits));
        let each = self.instrument.iter().map(|limits| ("instrument".to_owned(), limits));
        for (place, limits) in each.chain(named) {
            limits.validate(&place)?;
        }
        let money = [
            ("max_gross_notional", self.account.max_gross_notional),
            ("max_net_notional", self.account.max_net_notional),
            ("max_daily_loss", self.account.max_daily_loss),
            ("max_drawdown", self.account.max_drawdown),
        ];
        match money.iter().find(|(_, limit)| limit.is_some_and(|cash| cash < Cash::ZERO)) {
            Some((name, _)) => Err(LimitError { name: format!("account.{name}") }),
            None => Ok(()),
        }
    }

    /// True where any limit concerns a new order; those on losses, executions and denials concern what follows.
    pub(super) fn ask_of_orders(&self) -> bool {
        let Self { instrument, symbols, account, rate, duplicate, repeat: _, reject_storm: _, stale_ms, self_cross } =
            self;
        let of_account = account.value_orders() || account.max_open_orders.is_some();
        let over_time = rate.is_some() || duplicate.is_some() || stale_ms.is_some();
        let of_instruments = instrument.is_some() || symbols.is_some();
        of_account || over_time || of_instruments || *self_cross == SelfCross::Deny
    }

    /// The age beyond which market data is stale.
    pub(super) fn stale_after(&self) -> Option<Nanos> {
        self.stale_ms.map(millis)
    }
}

impl AccountLimits {
    /// True where a limit asks what open orders are worth.
    pub(super) fn value_orders(&self) -> bool {
        self.max_gross_notional.is_some() || self.max_net_notional.is_some()
    }
}

impl InstrumentLimits {
    fn validate(&self, place: &str) -> Result<(), LimitError> {
        let sizes = [
            ("max_long", self.max_long.map(Qty::lots)),
            ("max_short", self.max_short.map(Qty::lots)),
            ("max_order_qty", self.max_order_qty.map(Qty::lots)),
            ("max_order_notional", self.max_order_notional.map(|cash| if cash < Cash::ZERO { -1 } else { 0 })),
        ];
        match sizes.iter().find(|(_, size)| size.is_some_and(|size| size < 0)) {
            Some((name, _)) => Err(LimitError { name: format!("{place}.{name}") }),
            None => Ok(()),
        }
    }
}

impl CountLimit {
    /// The window's length.
    pub(super) fn window(self) -> Nanos {
        millis(self.window_ms)
    }
}

/// A span that is too long for nanoseconds lasts for ever.
fn millis(millis: u64) -> Nanos {
    Nanos::new(millis.saturating_mul(1_000_000))
}

/// Money as people write it: a decimal number of the currency.
mod money {
    use super::{Cash, Decimal};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Option<Cash>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(cash) => serializer.serialize_str(&cash.decimal()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cash>, D::Error> {
        Ok(Option::<Decimal>::deserialize(deserializer)?.map(|decimal| Cash::new(decimal.to_pico())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_misspelt_is_refused_and_one_left_out_is_none() {
        let limits: Limits = serde_json::from_str("{}").expect("nothing is a set of limits");
        assert_eq!(limits, Limits::default());
        for text in [
            r#"{"stale":5}"#,
            r#"{"account":{"max_loss":5}}"#,
            r#"{"instrument":{"max_longs":5}}"#,
            r#"{"rate":{"capacity":1}}"#,
            r#"{"self_cross":"maybe"}"#,
        ] {
            assert!(serde_json::from_str::<Limits>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn money_is_decimal_and_survives_the_round_trip() {
        let text =
            r#"{"account":{"max_daily_loss":"500.25"},"instrument":{"max_order_notional":1000.5},"self_cross":"deny"}"#;
        let limits: Limits = serde_json::from_str(text).expect("valid");
        assert_eq!(limits.account.max_daily_loss.expect("given").decimal(), "500.25");
        assert_eq!(limits.instrument.expect("given").max_order_notional.expect("given").decimal(), "1000.50");
        let printed = serde_json::to_string(&limits).expect("prints");
        assert_eq!(serde_json::from_str::<Limits>(&printed).expect("valid"), limits);
    }

    #[test]
    fn who_may_be_traded() {
        let tight = InstrumentLimits { max_long: Some(Qty::new(1)), ..InstrumentLimits::default() };
        let named = Some(BTreeMap::from([("X".to_owned(), tight)]));
        let nothing = Limits::default();
        assert_eq!(nothing.of_symbol("Y"), Some(InstrumentLimits::default()), "absent: not limited");
        let closed = Limits { symbols: named.clone(), ..Limits::default() };
        assert_eq!((closed.of_symbol("X"), closed.of_symbol("Y")), (Some(tight), None), "fail closed");
        let open = Limits { symbols: named, instrument: Some(InstrumentLimits::default()), ..Limits::default() };
        assert_eq!((open.of_symbol("X"), open.of_symbol("Y")), (Some(tight), Some(InstrumentLimits::default())));
    }

    #[test]
    fn negative_limits_are_refused_by_name() {
        let short = InstrumentLimits { max_short: Some(Qty::new(-1)), ..InstrumentLimits::default() };
        let limits = Limits { instrument: Some(short), ..Limits::default() };
        assert_eq!(limits.validate().expect_err("negative").name, "instrument.max_short");
        let account = AccountLimits { max_drawdown: Some(Cash::new(-1)), ..AccountLimits::default() };
        let limits = Limits { account, ..Limits::default() };
        assert_eq!(limits.validate().expect_err("negative").name, "account.max_drawdown");
        let zero = InstrumentLimits {
            max_long: Some(Qty::ZERO),
            max_order_notional: Some(Cash::ZERO),
            ..InstrumentLimits::default()
        };
        let account = AccountLimits { max_daily_loss: Some(Cash::ZERO), ..AccountLimits::default() };
        let nothing = Limits { instrument: Some(zero), account, ..Limits::default() };
        assert_eq!(nothing.validate(), Ok(()), "to allow nothing is a limit");
        let worthless = InstrumentLimits { max_order_notional: Some(Cash::new(-1)), ..zero };
        let limits = Limits { instrument: Some(worthless), ..nothing };
        assert_eq!(limits.validate().expect_err("negative").name, "instrument.max_order_notional");
    }
}
