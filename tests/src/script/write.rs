//! From a [`Step`], or an event, to text.

use super::read::{SELF_TRADE, TIMES_IN_FORCE};
use super::{Step, own_account, word};
use crate::rules::{BookRules, declared};
use crate::words::{
    ALLOCATION, AMEND_BELOW_FILLED, COD_SCOPE, ID_REUSE, MARKET_REMAINDER, PHASES, POST_ONLY_CROSS, word_for,
};
use hft_core::exchange::{EngineEvent, Party};
use hft_core::models::{AccountId, NewOrder, OrderType, Qty, SelfTrade, TimeInForce};
use std::fmt::{self, Display, Formatter};

/// An event, as a transcript shows it.
#[derive(Clone, Copy, Debug)]
pub struct Told(pub EngineEvent);

/// `before` and a value, or nothing.
struct Optional<T>(&'static str, Option<T>);

impl<T: Display> Display for Optional<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.1.as_ref().map_or(Ok(()), |value| write!(f, " {}{value}", self.0))
    }
}

fn acct(account: Option<AccountId>) -> Optional<AccountId> {
    Optional("acct=", account)
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Step::Config(rules) => config(f, rules),
            Step::New { account, order } => new(f, *account, order),
            Step::Amend { account, id, price, qty } => {
                write!(f, "amend {id}{}{}{}", Optional("px=", *price), Optional("qty=", *qty), acct(*account))
            }
            Step::Reduce { account, id, by } => write!(f, "reduce {id} by={by}{}", acct(*account)),
            Step::Cancel { account, id } => write!(f, "cancel {id}{}", acct(*account)),
            Step::MassCancel { account, side } => {
                write!(f, "mass_cancel{}{}", Optional("side=", side.map(word)), acct(*account))
            }
            Step::Kill(account) => write!(f, "kill{}", acct(*account)),
            Step::Unkill(account) => write!(f, "unkill{}", acct(*account)),
            Step::Disconnect(account) => write!(f, "disconnect{}", acct(*account)),
            Step::Time(to) => write!(f, "time {to}"),
            Step::Clock(to) => write!(f, "clock {to}"),
            Step::EndSession => f.write_str("end_session"),
            Step::Phase(phase) => write!(f, "phase {}", word_for(phase, PHASES)),
            Step::Uncross => f.write_str("uncross"),
            Step::Show => f.write_str("show"),
        }
    }
}

fn new(f: &mut Formatter<'_>, account: AccountId, order: &NewOrder) -> fmt::Result {
    write!(f, "{} {} {}", word(order.side), order.id, order.qty)?;
    match order.order_type {
        OrderType::Limit { price } => write!(f, "@{price}")?,
        OrderType::Market => f.write_str(" market")?,
        OrderType::Stop { trigger } => write!(f, " stop@{trigger}")?,
        OrderType::StopLimit { trigger, price } => write!(f, "@{price} stop@{trigger}")?,
    }
    match order.tif {
        TimeInForce::Gtc => {}
        TimeInForce::Gtd { expires } => write!(f, " gtd={expires}")?,
        TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok => {
            write!(f, " {}", word_for(&order.tif, TIMES_IN_FORCE))?;
        }
    }
    if order.post_only {
        f.write_str(" post")?;
    }
    write!(f, "{}", Optional("show=", order.display))?;
    write!(f, "{}", Optional("min=", (order.min_fill != Qty::ZERO).then_some(order.min_fill)))?;
    let self_trade = (order.self_trade != SelfTrade::Allow).then(|| word_for(&order.self_trade, SELF_TRADE));
    write!(f, "{}", Optional("stp=", self_trade))?;
    let is_own = u32::try_from(order.id.0).is_ok() && account == own_account(order.id);
    write!(f, "{}", acct((!is_own).then_some(account)))
}

/// Names what differs from an ordinary book.
fn config(f: &mut Formatter<'_>, rules: &BookRules) -> fmt::Result {
    let base = declared();
    let entries = |rules: &BookRules| {
        let optional = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
        [
            ("tick", rules.tick.to_string()),
            ("lot", rules.lot.to_string()),
            ("min_qty", rules.min_qty.to_string()),
            ("max_qty", rules.max_qty.to_string()),
            ("min_px", rules.min_px.to_string()),
            ("max_px", rules.max_px.to_string()),
            ("band", optional(rules.band.map(|band| band.count()))),
            ("ref_px", optional(rules.reference.map(|price| price.ticks()))),
            ("protection_points", optional(rules.protection.map(|points| points.count()))),
            ("post_only_cross", word_for(&rules.post_only_cross, POST_ONLY_CROSS).to_owned()),
            ("amend_below_filled", word_for(&rules.amend_below_filled, AMEND_BELOW_FILLED).to_owned()),
            ("id_reuse", word_for(&rules.id_reuse, ID_REUSE).to_owned()),
            ("cod_scope", word_for(&rules.disconnect_scope, COD_SCOPE).to_owned()),
            ("kill_cancels_resting", rules.kill_cancels_resting.to_string()),
            ("market_remainder", word_for(&rules.market_remainder, MARKET_REMAINDER).to_owned()),
            ("allocation", word_for(&rules.allocation, ALLOCATION).to_owned()),
            ("max_orders", rules.max_orders.to_string()),
            ("max_levels", rules.max_levels.to_string()),
        ]
    };
    f.write_str("config")?;
    for ((key, value), (_, ordinary)) in entries(rules).into_iter().zip(entries(&base)) {
        if value != ordinary {
            write!(f, " {key}={value}")?;
        }
    }
    Ok(())
}

impl Display for Told {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let state = |filled: Qty, leaves: Qty| format!("({filled} filled, {leaves} open)");
        let party = |party: Party| format!("{} {}", party.order, state(party.filled, party.leaves));
        match self.0 {
            EngineEvent::Accepted { order, side, qty, .. } => write!(f, "accepted {order} {} {qty}", word(side)),
            EngineEvent::Rejected { order, reason, .. } => write!(f, "rejected {order} {reason}"),
            EngineEvent::CommandRejected { order, reason } => write!(f, "refused {order} {reason}"),
            EngineEvent::Trade { trade, price, qty, maker, taker, aggressor, ahead } => {
                write!(f, "trade #{trade} {qty}@{price} ")?;
                match aggressor {
                    Some(_) => write!(f, "maker {}, taker {}", party(maker), party(taker))?,
                    None => write!(f, "buyer {}, seller {}", party(maker), party(taker))?,
                }
                write!(f, "{}", Optional("ahead ", (!ahead.is_zero()).then_some(ahead)))
            }
            EngineEvent::Prevented { order, qty, filled, leaves, .. } => {
                write!(f, "prevented {order} {qty} {}", state(filled, leaves))
            }
            EngineEvent::Replaced { order, price, filled, leaves, .. } => {
                write!(f, "replaced {order} @{price} {}", state(filled, leaves))
            }
            EngineEvent::Triggered { order, leaves, .. } => write!(f, "triggered {order} ({leaves} open)"),
            EngineEvent::Canceled { order, filled, leaves, reason, .. } => {
                write!(f, "canceled {order} {reason} ({filled} filled, {leaves} gone)")
            }
            EngineEvent::Rested { order, side, price, visible } => {
                write!(f, "rested {order} {} {visible}@{price}", word(side))
            }
            EngineEvent::Resized { order, visible } => write!(f, "resized {order} to {visible}"),
            EngineEvent::Removed { order } => write!(f, "removed {order}"),
            EngineEvent::Level { side, price, qty } => write!(f, "level {} {price} = {qty}", word(side)),
            EngineEvent::Phase(phase) => write!(f, "phase {}", word_for(&phase, PHASES)),
        }
    }
}
