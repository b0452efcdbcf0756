//! One line as an event: all of it is read before any of it takes effect.

use super::fields::{Fields, Malformed, mistyped};
use super::limits;
use hft_core::models::{OrderType, Price, Qty, Side, Timestamp};
use hft_core::risk::Limits;

/// What a line says.
pub(super) enum Event {
    Config(Box<Limits>),
    Md { sym: String, bid: Option<Price>, ask: Option<Price> },
    New { id: String, strategy: String, sym: String, side: Side, order_type: OrderType, qty: Qty },
    Amend { id: String, price: Option<Price>, qty: Option<Qty> },
    Cancel { id: String },
    MassCancel,
    Canceled { id: String },
    Fill { id: String, qty: Qty, price: Price },
    Ack { id: String },
    Rejected { id: String },
    AmendRejected { id: String },
    Kill,
    Reset { strategy: Option<String> },
}

const NANOS_PER_MILLI: u64 = 1_000_000;

impl Event {
    /// The line's time, where it gives one, and its event.
    pub(super) fn read(fields: &Fields) -> Result<(Option<Timestamp>, Self), Malformed> {
        let now = match fields.count("t")? {
            Some(millis) => {
                let nanos = millis.checked_mul(NANOS_PER_MILLI);
                Some(Timestamp::new(nanos.ok_or_else(|| mistyped("t", "milliseconds within 500 years"))?))
            }
            None => None,
        };
        let id = || fields.require("id", fields.name("id")?);
        let event = match fields.require("ev", fields.text("ev")?)? {
            "config" => Self::Config(Box::new(limits::read(fields)?)),
            "md" => Self::Md { sym: symbol(fields)?, bid: quote(fields, "bid")?, ask: quote(fields, "ask")? },
            "new" => Self::new_order(fields)?,
            "amend" => Self::Amend { id: id()?, price: fields.price("px")?, qty: fields.qty("qty")? },
            "cancel" => Self::Cancel { id: id()? },
            "mass_cancel" => Self::MassCancel,
            "canceled" => Self::Canceled { id: id()? },
            "fill" => {
                let qty = fields.require("qty", fields.qty("qty")?)?;
                let price = fields.require("px", fields.price("px")?)?;
                if !qty.is_positive() || price <= Price::ZERO {
                    return Err(Malformed("a fill has a positive `qty` and `px`".to_owned()));
                }
                Self::Fill { id: id()?, qty, price }
            }
            "ack" => Self::Ack { id: id()? },
            "venue_reject" => match fields.text("of")? {
                None | Some("new") => Self::Rejected { id: id()? },
                Some("amend") => Self::AmendRejected { id: id()? },
                Some(_) => return Err(mistyped("of", "new or amend")),
            },
            "kill" => Self::Kill,
            "reset" => Self::Reset { strategy: fields.name("strategy")? },
            other => return Err(Malformed(format!("unknown event `{other}`"))),
        };
        Ok((now, event))
    }

    fn new_order(fields: &Fields) -> Result<Self, Malformed> {
        let price = fields.price("px")?;
        let order_type = match (fields.text("type")?, price) {
            (Some("market"), _) | (None, None) => OrderType::Market,
            // A limit order without a price has the price that no order may have.
            (Some("limit") | None, price) => OrderType::Limit { price: price.unwrap_or(Price::ZERO) },
            (Some(_), _) => return Err(mistyped("type", "limit or market")),
        };
        let side = match fields.require("side", fields.text("side")?)? {
            "buy" => Side::Buy,
            "sell" => Side::Sell,
            _ => return Err(mistyped("side", "buy or sell")),
        };
        Ok(Self::New {
            id: fields.require("id", fields.name("id")?)?,
            strategy: fields.name("strategy")?.unwrap_or_default(),
            sym: symbol(fields)?,
            side,
            order_type,
            qty: fields.require("qty", fields.qty("qty")?)?,
        })
    }
}

fn symbol(fields: &Fields) -> Result<String, Malformed> {
    fields.require("sym", fields.name("sym")?)
}

/// A quote that is zero or negative is none.
fn quote(fields: &Fields, key: &str) -> Result<Option<Price>, Malformed> {
    Ok(fields.price(key)?.filter(|&price| price > Price::ZERO))
}
