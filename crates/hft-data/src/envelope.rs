//! What recorders put around a venue's JSON: when the line was received.
//!
//! | line | local time |
//! |---|---|
//! | `1723161253937085768 {..}` | the number: nanoseconds, or micro- or milliseconds where it is that small |
//! | `2024-08-08T23:54:13.937085768Z {..}` | the moment |
//! | `{"t":"recv","conn":"ws.2","ts":1786310819.526357,"data":"{..}"}` | `ts`, in seconds; `"t":"connect"` says where `conn` leads, other lines hold nothing |
//! | `{..}` | unknown: the exchange's own is taken |

use crate::number;
use crate::time::UnixNanos;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A line, opened.
pub(crate) enum Opened<'a> {
    /// A message of the venue.
    Letter(Letter<'a>),
    /// Where a connection leads, from now on.
    Connect {
        /// What the recorder calls it.
        conn: Cow<'a, str>,
        /// The address.
        addr: Cow<'a, str>,
    },
    /// Something of the recorder's own.
    Nothing,
}

/// A message of the venue.
pub(crate) struct Letter<'a> {
    /// The connection that it came by, where the recorder tells.
    pub(crate) conn: Option<Cow<'a, str>>,
    /// When it was received, where the line says.
    pub(crate) local: Option<UnixNanos>,
    /// What the venue sent.
    pub(crate) json: Cow<'a, [u8]>,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(borrow)]
    conn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    addr: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ts: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<Cow<'a, str>>,
}

const EXPECTED: &str = "JSON, or a time, a space and JSON";

/// Opens a line.
pub(crate) fn open(line: &[u8]) -> Result<Opened<'_>, &'static str> {
    if line.starts_with(b"{\"t\":\"") {
        return unwrap(line);
    }
    if line.starts_with(b"{") || line.starts_with(b"[") {
        return Ok(Opened::Letter(Letter { conn: None, local: None, json: line.into() }));
    }
    let space = memchr::memchr(b' ', line).ok_or(EXPECTED)?;
    let (time, json) = (&line[..space], &line[space + 1..]);
    let local = moment(time).ok_or(EXPECTED)?;
    Ok(Opened::Letter(Letter { conn: None, local: Some(local), json: json.into() }))
}

fn moment(text: &[u8]) -> Option<UnixNanos> {
    match number::unsigned(text) {
        Some(nanos @ 1_000_000_000_000_000_000..) => Some(UnixNanos::new(nanos)),
        Some(micros @ 1_000_000_000_000_000..) => UnixNanos::from_micros(micros),
        Some(millis @ 1_000_000_000_000..) => UnixNanos::from_millis(millis),
        Some(_) => None,
        None => UnixNanos::from_rfc3339(std::str::from_utf8(text).ok()?),
    }
}

fn unwrap(line: &[u8]) -> Result<Opened<'_>, &'static str> {
    let wrapped: Wrapped<'_> = serde_json::from_slice(line).map_err(|_| EXPECTED)?;
    if let ("connect", Some(conn), Some(addr)) = (&*wrapped.t, &wrapped.conn, &wrapped.addr) {
        return Ok(Opened::Connect { conn: conn.clone(), addr: addr.clone() });
    }
    let (true, Some(ts), Some(data)) = (wrapped.t == "recv", wrapped.ts, wrapped.data) else {
        return Ok(Opened::Nothing);
    };
    let nanos = number::steps(ts.get().as_bytes(), 9).ok().and_then(|nanos| u64::try_from(nanos).ok());
    let local = nanos.map(UnixNanos::new).ok_or("a time `ts` in seconds")?;
    let json = match data {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Ok(Opened::Letter(Letter { conn: wrapped.conn, local: Some(local), json }))
}
