//! Records of single orders, of which a fill comes twice: as a fill, and as what it left of the order.

use super::{Header, UNDEFINED, qty, side};
use crate::event::{Body, ClearReason, Flags, OrderRef, Resting};
use crate::reader::Batch;
use dbn::MboMsg;
use dbn::enums::Action;
use hft_core::models::{Price, Qty};

/// What was executed of orders whose cancel or change has not come yet.
#[derive(Default)]
pub(super) struct Executed(Vec<(OrderRef, Qty)>);

impl Executed {
    /// How many are kept: one event fills fewer. The oldest go first.
    const MAX: usize = 4_096;

    fn add(&mut self, order: OrderRef, qty: Qty) {
        match self.0.iter_mut().find(|(known, _)| *known == order) {
            Some((_, sum)) => *sum += qty,
            None => {
                if self.0.len() >= Self::MAX {
                    self.0.remove(0);
                }
                self.0.push((order, qty));
            }
        }
    }

    /// What was executed of an order, which is told now.
    fn take(&mut self, order: OrderRef) -> Qty {
        let at = self.0.iter().position(|(known, _)| *known == order);
        at.map_or(Qty::ZERO, |at| self.0.swap_remove(at).1)
    }
}

pub(super) fn order(
    executed: &mut Executed,
    record: &MboMsg,
    header: Header,
    batch: &mut Batch,
) -> Result<(), &'static str> {
    const EXPECTED: &str = "an order with a side and a price";
    let side = side(record.side())?;
    let (order, size) = (OrderRef(record.order_id), qty(record.size));
    let price = (record.price != UNDEFINED).then(|| Price::new(record.price));
    let resting = side.zip(price).map(|(side, price)| Resting { side, price });
    let body = match record.action().map_err(|_| "an action of A, C, M, R, T, F or N")? {
        Action::Add => {
            let Resting { side, price } = resting.ok_or(EXPECTED)?;
            Body::Add { order, side, price, qty: size }
        }
        Action::Modify => {
            let Resting { side, price } = resting.ok_or(EXPECTED)?;
            executed.take(order);
            Body::Modify { order, side, price, qty: size }
        }
        Action::Cancel => {
            let by = Qty::new((size.lots() - executed.take(order).lots()).max(0));
            if by.is_zero() {
                Body::Notice(record.hd.rtype) // the fill has said it all; the record ends its batch all the same
            } else {
                Body::Reduce { order, by, resting }
            }
        }
        Action::Fill => {
            executed.add(order, size);
            Body::Execute { order, qty: size, resting }
        }
        Action::Trade => {
            let price = price.ok_or("a trade with a price")?;
            Body::Trade { id: 0, price, qty: size, aggressor: side }
        }
        Action::Clear if header.flags.has(Flags::SNAPSHOT) => Body::Clear(ClearReason::Snapshot),
        Action::Clear => Body::Clear(ClearReason::Session),
        Action::None => Body::Notice(record.hd.rtype),
    };
    batch.events.push(header.event(body));
    Ok(())
}
