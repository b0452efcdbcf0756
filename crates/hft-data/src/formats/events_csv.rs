//! Our own CSV: any recording, exactly, and the natural way to bring data that no reader here knows.
//!
//! One event a row under the header `local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2`:
//!
//! | column | is |
//! |---|---|
//! | local_time, exchange_time | nanoseconds since 1970; the second may be empty: unknown |
//! | event | a name of the table below |
//! | flags | letters: `L` last of its batch, `S` image, `U` unprinted, `X` auction; `-` for none; empty is `L` |
//! | price, qty, price2, qty2 | decimals |
//!
//! | event | order | other | side | price, qty | price2, qty2 |
//! |---|---|---|---|---|---|
//! | `add`, `modify` | order | | of the order | of the order | |
//! | `reduce`, `delete`, `execute` | order | | of the order, may be empty | price where the side is told; how much | |
//! | `execute_at` | order | | | of the trade | |
//! | `replace` | order that goes | order that comes | | of the latter | |
//! | `hidden_trade`, `trade` | order; number of the trade | | who came: `buy`, `sell`, empty | of the trade | |
//! | `bust` | number of the trade | | | | |
//! | `level` | | | its side | price, all that rests there | |
//! | `quote` | | | | bid | ask |
//! | `clear` | | `snapshot`, `gap`, `session` | | | |
//! | `status` | | `pre_open`, `trading`, `quote_only`, `halt`, `close` | | | |
//! | `notice` | | a code | | | |
//! | `instrument` | | | | price step, size step | multiplier |
//!
//! An `instrument` row before its first event fixes a symbol's steps, each one over a power of ten or a multiple of it; without one they
//! are 10^-8, unless told otherwise. What [`CsvWriter`] writes is read back as the same events, bit by bit.

mod read;
mod write;

pub use read::CsvReader;
pub(crate) use read::looks_like;
pub use write::CsvWriter;

use crate::event::{Body, Flags};

/// The first line.
pub const HEADER: &str = "local_time,exchange_time,symbol,event,flags,order,other,side,price,qty,price2,qty2";

const INSTRUMENT: &str = "instrument";

const FLAGS: [(u8, Flags); 4] =
    [(b'L', Flags::LAST), (b'S', Flags::SNAPSHOT), (b'U', Flags::UNPRINTED), (b'X', Flags::CROSS)];

fn kind(name: &[u8]) -> Option<usize> {
    Body::KINDS.iter().position(|kind| kind.as_bytes() == name)
}
