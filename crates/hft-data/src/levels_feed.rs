//! What venues do that send an image and then numbered changes on one connection: the book is good from the image on, and
//! until a number is missing.

use crate::depth_sync::DepthLevel;
use crate::event::{Body, ClearReason, Flags, InstrumentIndex};
use crate::reader::Batch;
use crate::stamp::Stamp;

/// Appends an image: the book is emptied, then told.
pub(crate) fn image(stamp: Stamp, instrument: InstrumentIndex, levels: &[DepthLevel], batch: &mut Batch) {
    batch.events.push(stamp.event(instrument, Flags::SNAPSHOT, Body::Clear(ClearReason::Snapshot)));
    changes(stamp, instrument, levels, Flags::SNAPSHOT, batch);
    if let Some(event) = batch.events.last_mut() {
        event.flags = event.flags.and(Flags::LAST);
    }
}

/// Appends changes; the last of them ends the batch.
pub(crate) fn changes(
    stamp: Stamp,
    instrument: InstrumentIndex,
    levels: &[DepthLevel],
    flags: Flags,
    batch: &mut Batch,
) {
    let body = |&(side, price, qty): &DepthLevel| Body::Level { side, price, qty };
    let from = batch.events.len();
    batch.events.extend(levels.iter().map(|level| stamp.event(instrument, flags, body(level))));
    if let Some(event) = batch.events[from..].last_mut() {
        event.flags = event.flags.and(Flags::LAST);
    }
}

/// Appends that the book is no longer known.
pub(crate) fn gap(stamp: Stamp, instrument: InstrumentIndex, batch: &mut Batch) {
    batch.events.push(stamp.event(instrument, Flags::LAST, Body::Clear(ClearReason::Gap)));
}
