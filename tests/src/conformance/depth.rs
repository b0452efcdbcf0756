//! `conformance depth`: the synchroniser of depth streams under questions. The synchroniser is the real one, the same that
//! reads recordings.
//!
//! `{"op":"config","mode":"spot"|"futures"}` begins anew (spot, before any); `event`, `snapshot`, `disconnect` and `dump` as
//! they are named. Prices and quantities are integers, as numbers or as digits in a string.

use super::Session;
use super::exact::{integer, number};
use super::fields::{Fields, Malformed};
use hft_core::models::{Price, Qty, Side};
use hft_data::{DepthLevel, DepthMode, DepthState, DepthSync, DepthUpdate};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A synchroniser under questions.
pub struct DepthSession {
    sync: DepthSync,
}

impl Default for DepthSession {
    fn default() -> Self {
        Self::new()
    }
}

impl Session for DepthSession {
    fn policies(&self) -> Value {
        json!({
            "policies": {
                "snapshot_while_synced": "ignored",
                "event_that_shows_a_gap": "kept_for_the_next_snapshot",
                "locked_book": "crossed",
            },
            "features": ["spot", "futures"],
        })
    }

    fn answer(&mut self, line: &str) -> Value {
        self.ask(line).unwrap_or_else(|Malformed(error)| json!({ "error": error }))
    }
}

impl DepthSession {
    /// A spot synchroniser that knows nothing yet.
    pub fn new() -> Self {
        Self { sync: DepthSync::new(DepthMode::Spot) }
    }

    fn ask(&mut self, line: &str) -> Result<Value, Malformed> {
        let fields = Fields::read(line)?;
        let op = fields.require("op", fields.text("op")?)?;
        let state = match op.as_str() {
            "config" => {
                let modes = [("spot", DepthMode::Spot), ("futures", DepthMode::Futures)];
                let mode = fields.word("mode", &modes)?.unwrap_or(DepthMode::Spot);
                self.sync = DepthSync::new(mode);
                DepthState::Buffering
            }
            "event" => {
                let (first, last) = (update_id(&fields, "U")?, update_id(&fields, "u")?);
                let (first, last) = (fields.require("U", first)?, fields.require("u", last)?);
                if first > last {
                    return Err(Malformed(format!("`U` is {first}, after `u`, which is {last}")));
                }
                let previous = update_id(&fields, "pu")?;
                self.sync.on_update(DepthUpdate { first, last, previous, levels: levels(&fields)? })
            }
            "snapshot" => {
                let id = fields.require("lastUpdateId", update_id(&fields, "lastUpdateId")?)?;
                self.sync.on_snapshot(id, &levels(&fields)?)
            }
            "disconnect" => self.sync.on_disconnect(),
            "dump" => return Ok(self.dump()),
            _ => {
                return Err(Malformed(format!("`op` is `{op}`, not one of config, event, snapshot, disconnect, dump")));
            }
        };
        Ok(json!({ "state": name(state) }))
    }

    fn dump(&self) -> Value {
        let book = self.sync.book();
        let side = |side| {
            let levels = book.map(|book| book.levels(side)).unwrap_or_default();
            levels.iter().map(|level| json!([level.price.ticks(), level.qty.lots()])).collect::<Vec<_>>()
        };
        json!({
            "state": name(if book.is_some() { DepthState::Synced } else { DepthState::Buffering }),
            "id": self.sync.number().map(number),
            "bids": side(Side::Buy),
            "asks": side(Side::Sell),
        })
    }
}

fn name(state: DepthState) -> &'static str {
    match state {
        DepthState::Buffered => "buffered",
        DepthState::Synced => "synced",
        DepthState::SnapshotTooOld => "snapshot_too_old",
        DepthState::Applied => "applied",
        DepthState::Ignored => "ignored",
        DepthState::Resync => "resync",
        DepthState::ResyncCrossed => "resync_crossed",
        DepthState::Buffering => "buffering",
    }
}

fn update_id(fields: &Fields<'_>, key: &str) -> Result<Option<u64>, Malformed> {
    let id = |value: i128| u64::try_from(value).map_err(|_| Malformed(format!("`{key}` must fit 64 bits unsigned")));
    fields.integer(key)?.map(id).transpose()
}

/// The levels of both sides, bids first.
fn levels(fields: &Fields<'_>) -> Result<Vec<DepthLevel>, Malformed> {
    let mut levels = Vec::new();
    for (key, side) in [("b", Side::Buy), ("a", Side::Sell)] {
        let malformed = || Malformed(format!("`{key}` must be a list of [price, quantity], integers of 64 bits"));
        let Some(raw) = fields.raw(key) else { continue };
        let pairs: Vec<[&RawValue; 2]> = serde_json::from_str(raw).map_err(|_| malformed())?;
        for pair in pairs {
            let [price, qty] = pair.map(|raw| {
                let quoted: Option<String> = serde_json::from_str(raw.get()).ok();
                integer(quoted.as_deref().unwrap_or(raw.get())).and_then(|value| i64::try_from(value).ok())
            });
            let (Some(price), Some(qty)) = (price, qty.filter(|&qty| qty >= 0)) else { return Err(malformed()) };
            levels.push((side, Price::new(price), Qty::new(qty)));
        }
    }
    Ok(levels)
}
