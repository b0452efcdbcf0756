//! From text to a [`Step`].

use super::{Step, own_account};
use crate::engine::BOOK;
use crate::rules::{BookRules, declared};
use crate::words::{
    ALLOCATION, AMEND_BELOW_FILLED, COD_SCOPE, ID_REUSE, MARKET_REMAINDER, PHASES, POST_ONLY_CROSS, SIDES, value_of,
};
use hft_core::models::{
    AccountId, NewOrder, OrderId, OrderType, Price, Qty, SelfTrade, Side, Ticks, TimeInForce, Timestamp,
};
use std::str::FromStr;

/// The words of a command that are still to be read.
struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    /// The next word by position.
    fn next(&mut self, what: &str) -> Result<&'a str, String> {
        if self.0.is_empty() { Err(format!("{what} is missing")) } else { Ok(self.0.remove(0)) }
    }

    /// Takes a word if it is there.
    fn flag(&mut self, word: &str) -> bool {
        let at = self.0.iter().position(|&found| found == word);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes the text behind a prefix such as `acct=`.
    fn text(&mut self, prefix: &str) -> Option<&'a str> {
        let at = self.0.iter().position(|word| word.starts_with(prefix))?;
        self.0.remove(at).strip_prefix(prefix)
    }

    fn number<T: FromStr>(&mut self, prefix: &str) -> Result<Option<T>, String> {
        self.text(prefix).map(number).transpose()
    }

    fn end(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(format!("unknown: {}", self.0.join(" "))) }
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let mut words = Words(line.split_whitespace().collect());
        let command = words.next("a command")?;
        let account = if command == "buy" || command == "sell" { None } else { words.number("acct=")?.map(AccountId) };
        let id = |words: &mut Words<'_>| words.next("an id").and_then(number).map(OrderId);
        let step = match command {
            "config" => Step::Config(Box::new(rules(&mut words)?)),
            "buy" => new(Side::Buy, &mut words)?,
            "sell" => new(Side::Sell, &mut words)?,
            "amend" => Step::Amend {
                account,
                id: id(&mut words)?,
                price: words.number("px=")?.map(Price::new),
                qty: words.number("qty=")?.map(Qty::new),
            },
            "reduce" => {
                let (id, by) = (id(&mut words)?, words.number("by=")?.ok_or("by= is missing")?);
                Step::Reduce { account, id, by: Qty::new(by) }
            }
            "cancel" => Step::Cancel { account, id: id(&mut words)? },
            "mass_cancel" => {
                let side = words.text("side=").map(|side| pick(side, SIDES)).transpose()?;
                Step::MassCancel { account, side }
            }
            "kill" => Step::Kill(account),
            "unkill" => Step::Unkill(account),
            "disconnect" => Step::Disconnect(account),
            "time" => Step::Time(Timestamp::new(number(words.next("a moment")?)?)),
            "clock" => Step::Clock(Timestamp::new(number(words.next("a moment")?)?)),
            "end_session" => Step::EndSession,
            "phase" => Step::Phase(pick(words.next("a phase")?, PHASES)?),
            "uncross" => Step::Uncross,
            "show" => Step::Show,
            _ => return Err(format!("unknown command {command}")),
        };
        words.end()?;
        Ok(step)
    }
}

fn new(side: Side, words: &mut Words<'_>) -> Result<Step, String> {
    let id = OrderId(number(words.next("an id")?)?);
    let size = words.next("a size")?;
    let (qty, price) = match size.split_once('@') {
        Some((qty, price)) => (qty, Some(Price::new(number(price)?))),
        None => (size, None),
    };
    let trigger = words.number("stop@")?.map(Price::new);
    let order_type = match (price, trigger, words.flag("market")) {
        (Some(price), None, false) => OrderType::Limit { price },
        (Some(price), Some(trigger), false) => OrderType::StopLimit { trigger, price },
        (None, Some(trigger), false) => OrderType::Stop { trigger },
        (None, None, true) => OrderType::Market,
        _ => return Err("one of qty@price, qty market, qty stop@trigger, qty@price stop@trigger".to_owned()),
    };
    let order = NewOrder {
        id,
        book: BOOK,
        side,
        order_type,
        qty: Qty::new(number(qty)?),
        tif: time_in_force(words)?,
        post_only: words.flag("post"),
        display: words.number("show=")?.map(Qty::new),
        min_fill: words.number("min=")?.map_or(Qty::ZERO, Qty::new),
        self_trade: words.text("stp=").map(|mode| pick(mode, SELF_TRADE)).transpose()?.unwrap_or_default(),
    };
    let account = words.number("acct=")?.map_or_else(|| own_account(id), AccountId);
    Ok(Step::New { account, order })
}

fn time_in_force(words: &mut Words<'_>) -> Result<TimeInForce, String> {
    if let Some(expires) = words.number("gtd=")? {
        return Ok(TimeInForce::Gtd { expires: Timestamp::new(expires) });
    }
    let found = TIMES_IN_FORCE.iter().find(|(word, _)| words.flag(word));
    Ok(found.map_or(TimeInForce::Gtc, |&(_, tif)| tif))
}

fn rules(words: &mut Words<'_>) -> Result<BookRules, String> {
    let mut rules = declared();
    while let Ok(word) = words.next("a rule") {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("{word} is no rule"))?;
        match key {
            "tick" => rules.tick = Ticks::new(number(value)?),
            "lot" => rules.lot = Qty::new(number(value)?),
            "min_qty" => rules.min_qty = Qty::new(number(value)?),
            "max_qty" => rules.max_qty = Qty::new(number(value)?),
            "min_px" => rules.min_px = Price::new(number(value)?),
            "max_px" => rules.max_px = Price::new(number(value)?),
            "band" => rules.band = Some(Ticks::new(number(value)?)),
            "ref_px" => rules.reference = Some(Price::new(number(value)?)),
            "protection_points" => rules.protection = Some(Ticks::new(number(value)?)),
            "post_only_cross" => rules.post_only_cross = pick(value, POST_ONLY_CROSS)?,
            "amend_below_filled" => rules.amend_below_filled = pick(value, AMEND_BELOW_FILLED)?,
            "id_reuse" => rules.id_reuse = pick(value, ID_REUSE)?,
            "cod_scope" => rules.disconnect_scope = pick(value, COD_SCOPE)?,
            "kill_cancels_resting" => rules.kill_cancels_resting = number(value)?,
            "market_remainder" => rules.market_remainder = pick(value, MARKET_REMAINDER)?,
            "allocation" => rules.allocation = pick(value, ALLOCATION)?,
            "max_orders" => rules.max_orders = number(value)?,
            "max_levels" => rules.max_levels = number(value)?,
            _ => return Err(format!("unknown rule {key}")),
        }
    }
    Ok(rules)
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no such number"))
}

fn pick<T: Copy>(word: &str, words: &[(&str, T)]) -> Result<T, String> {
    value_of(word, words).ok_or_else(|| format!("{word} is not known here"))
}

pub(super) const SELF_TRADE: &[(&str, SelfTrade)] = &[
    ("none", SelfTrade::Allow),
    ("oldest", SelfTrade::CancelOldest),
    ("newest", SelfTrade::CancelNewest),
    ("both", SelfTrade::CancelBoth),
    ("decrement", SelfTrade::Decrement),
];
pub(super) const TIMES_IN_FORCE: &[(&str, TimeInForce)] =
    &[("gtc", TimeInForce::Gtc), ("day", TimeInForce::Day), ("ioc", TimeInForce::Ioc), ("fok", TimeInForce::Fok)];
