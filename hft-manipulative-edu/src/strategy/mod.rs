//! Everybody honest whom this crate adds to the crowd: event -> desk.
//!
//! | who | does | is a test of |
//! |---|---|---|
//! | [`FastMaker`] | quotes large on both sides, moves with every change; one kind takes everything out at a sudden move | message rates, sizes, cancels |
//! | [`Iceberg`] | works a large order of which little shows | one-sided intent that is honest |
//! | [`BookReader`] | takes in the direction of the book's imbalance | whom a display deceives |
//! | [`TrendFollower`] | takes in the direction of a move | whom an ignition deceives |
//! | [`StopHolder`] | keeps a stop order on either side | what an ignition triggers |
//!
//! The uninformed and the informed of the core's crowd do not look at the book beyond the touch: what is displayed deceives them through
//! depth alone, which is to say hardly.

mod fast_maker;
mod iceberg;
mod reader;
mod stops;
mod trend;

pub use fast_maker::{FastMaker, FastMakerConfig};
pub use iceberg::{Iceberg, IcebergConfig};
pub use reader::BookReader;
pub use stops::StopHolder;
pub use trend::TrendFollower;

use hft_core::models::{BookId, NewOrder, OrderId, Price, Qty, Side, TimeInForce};
use hft_core::trader::{BookView, Desk};

/// Takes up to so much at the best price of the other side.
pub(crate) fn take_best(desk: &mut Desk<'_>, book: BookId, side: Side, qty: Qty) {
    let Some(quote) = desk.view(book).and_then(|view| view.best(side.opposite())) else { return };
    take(desk, book, side, quote.price, qty);
}

/// Takes up to so much at this price or better.
pub(crate) fn take(desk: &mut Desk<'_>, book: BookId, side: Side, price: Price, qty: Qty) {
    let order = NewOrder::limit(OrderId(0), book, side, price, qty);
    desk.submit(NewOrder { tif: TimeInForce::Ioc, ..order });
}

/// The midpoint that somebody sees, half ticks.
pub(crate) fn seen_mid(desk: &Desk<'_>, book: BookId) -> Option<i64> {
    let mid = desk.view(book).and_then(BookView::mid)?;
    i64::try_from(mid.count()).ok()
}
