//! `[risk]`: what the account may do. The keys are those of the core's limits; a limit left out is no limit.

use super::{Bounds, Breach, Kind, Knob, Table};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The name of the table.
pub const RISK: &str = "risk";

/// The table of limits of this type.
///
/// # Panics
/// When `Limits` has other keys than are described here.
pub fn risk_table<Limits: Serialize + DeserializeOwned + Default + 'static>(
    breaches: impl Fn(&Limits) -> Vec<Breach> + Send + Sync + 'static,
) -> Table {
    let about = "What the account may do. A limit left out is no limit; what equals a limit is allowed.";
    Table::of::<Limits>(RISK, about, knobs(), breaches)
}

const MONEY: Bounds = Bounds::between(0.0, 1e12);
const LOTS: (i64, i64) = (0, 1_000_000_000_000);

fn knobs() -> Vec<Knob> {
    vec![
        Knob::table("instrument", instrument()).optional().about("For each instrument that `symbols` does not name."),
        Knob::new("symbols", Kind::Named(instrument(), 65_536))
            .optional()
            .about("By symbol of a contract that is traded; an entry replaces `instrument` for that symbol."),
        Knob::table("account", account()).about("Over all instruments."),
        Knob::table("rate", rate()).optional().about("Messages per second: a token bucket."),
        Knob::table("duplicate", count())
            .optional()
            .about("Orders alike in book, side, type, price and size: at most `max` pass in a window."),
        Knob::table("repeat", count())
            .optional()
            .about("Executions of one strategy: the one that reaches `max` in a window disables it."),
        Knob::table("reject_storm", count())
            .optional()
            .about("The gate's own denials of one strategy: the one that reaches `max` in a window disables it."),
        Knob::integer("stale_ms", 0, 86_400_000)
            .optional()
            .unit("ms")
            .about("How old the top of a book may be for an order to go there.")
            .raising("orders on older prices"),
        Knob::choice("self_cross", &["allow", "deny"])
            .about("Whether an order may meet another of its own account; the venue's own prevention comes after."),
    ]
}

fn lots(name: &'static str) -> Knob {
    Knob::integer(name, LOTS.0, LOTS.1).optional().unit("lots")
}

fn money(name: &'static str) -> Knob {
    Knob::decimal(name, MONEY).optional().unit("currency")
}

fn instrument() -> Vec<Knob> {
    vec![
        lots("max_long").about("The largest long position, all open buys filled.").raising("more inventory risk"),
        lots("max_short").about("The largest short position, all open sells filled.").raising("more inventory risk"),
        lots("max_order_qty").about("The largest size of one order.").raising("fewer refusals"),
        money("max_order_notional").about("The largest value of one order.").raising("fewer refusals"),
        Knob::integer("collar_bps", 0, 1_000_000)
            .optional()
            .unit("hundredths of a percent")
            .about("How far through the opposite touch a price may reach.")
            .raising("fewer refusals"),
        open_orders(),
    ]
}

fn open_orders() -> Knob {
    Knob::integer("max_open_orders", 0, i64::from(u32::MAX))
        .optional()
        .unit("orders")
        .about("How many orders may be open.")
        .raising("fewer refusals")
}

fn account() -> Vec<Knob> {
    vec![
        money("max_gross_notional")
            .about("Marked value of all positions and of all open orders, nothing netted.")
            .raising("more leverage"),
        money("max_net_notional")
            .about(
                "Marked value of what is long less what is short, all open orders of one side filled, whichever way.",
            )
            .raising("more that may be unhedged"),
        open_orders(),
        money("max_daily_loss").about("A loss since the start that kills when reached.").raising("a later kill"),
        money("max_drawdown").about("A fall from the highest equity that kills when reached.").raising("a later kill"),
    ]
}

fn rate() -> Vec<Knob> {
    vec![
        Knob::integer("capacity", 1, 1_000_000_000)
            .required()
            .unit("messages")
            .about("How many tokens the bucket holds, and starts with.")
            .raising("larger bursts"),
        Knob::integer("refill_per_s", 0, 1_000_000_000)
            .required()
            .unit("messages/s")
            .about("How many it gains in a second.")
            .raising("more messages"),
        Knob::integer("cancel_reserve", 0, 1_000_000_000)
            .optional()
            .unit("messages")
            .about("How many of them only cancels may take: at most `capacity`.")
            .raising("fewer orders and more certain cancels"),
    ]
}

fn count() -> Vec<Knob> {
    vec![
        Knob::integer("max", 1, i64::from(u32::MAX)).required().unit("times").about("How often.").raising("a later no"),
        Knob::integer("window_ms", 1, 86_400_000)
            .required()
            .unit("ms")
            .about("The window's length.")
            .raising("an earlier no"),
    ]
}
