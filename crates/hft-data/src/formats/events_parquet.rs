//! Our own Parquet: the table of [`events_csv`](super::events_csv) as integers. Feature `parquet`.
//!
//! Twelve columns, all 64 bits, none missing: `local_time, exchange_time, instrument, flags, event, order, other, side, price,
//! qty, price2, qty2`. Prices and sizes are whole steps; the instruments with their steps stand in the file's metadata under
//! `hft-instruments`, as JSON. What a kind of event does not have is zero; `side` is 1 for buy, 2 for sell; `event` is the
//! place in [`Body::KINDS`](crate::Body::KINDS). What [`ParquetWriter`] writes is read back as the same events, bit by bit.
//!
//! A row group is read at once, so its length is limited.

mod read;
mod write;

pub use read::ParquetReader;
pub(crate) use read::looks_like;
pub use write::ParquetWriter;

/// How many columns a row has.
const COLUMNS: usize = 12;

const SCHEMA: &str = "message events {
    required int64 local_time (INTEGER(64, false));
    required int64 exchange_time (INTEGER(64, false));
    required int64 instrument;
    required int64 flags;
    required int64 event;
    required int64 order (INTEGER(64, false));
    required int64 other (INTEGER(64, false));
    required int64 side;
    required int64 price;
    required int64 qty;
    required int64 price2;
    required int64 qty2;
}";

/// Where the instruments stand in the metadata.
const INSTRUMENTS: &str = "hft-instruments";

/// Events in a row group as they are written.
const GROUP: usize = 1 << 16;

/// Most events in a row group that is read.
const MAX_GROUP: usize = 1 << 20;
