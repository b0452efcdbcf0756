//! Observations from any recording, of any format that names orders; and what the surveillance finds in a file.
//!
//! A public recording names orders, not owners: see [`display`](super) for what that costs. Executions are told of the resting order, and
//! whoever took is anybody.

use super::observed::{Deed, Observed};
use super::{Alert, Surveillance, Thresholds, Typology};
use hft_core::models::{OrderId, Price, Qty, Side, Timestamp};
use hft_data::{Body, Event, Flags, InstrumentIndex, OrderRef, ReadError, ReadOptions, Recording, UnixNanos};
use std::collections::BTreeMap;
use std::path::Path;

/// An order of the recording that rests.
#[derive(Clone, Copy, Debug)]
struct Resting {
    side: Side,
    price: Price,
    qty: Qty,
}

/// Turns the events of one instrument into observations.
#[derive(Debug, Default)]
pub struct TapeReader {
    orders: BTreeMap<OrderRef, Resting>,
    began: Option<u64>,
    latest: Timestamp,
}

impl TapeReader {
    /// No order is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// What an event says, at most two observations; times count from the first event. An image of the book, at the beginning or the end
    /// of a recording, is what stands there and nothing that anybody did: orders of it are known, and not observed as messages of that
    /// moment.
    pub fn read(&mut self, event: &Event, mut observe: impl FnMut(&Observed)) {
        let clock = if event.exchange_time == UnixNanos::UNKNOWN { event.local_time } else { event.exchange_time };
        let began = *self.began.get_or_insert(clock.nanos());
        // The clock of a venue's record may step back a little; the order of the record is what is believed.
        self.latest = self.latest.max(Timestamp::new(clock.nanos().saturating_sub(began)));
        if event.flags.has(Flags::SNAPSHOT) {
            if let Some(stood) = self.image(event) {
                observe(&stood);
            }
            return;
        }
        let mut say = |order: OrderRef, deed: Deed, time: Timestamp| {
            observe(&Observed { time, who: None, order: OrderId(order.0), deed });
        };
        let now = self.latest;
        match event.body {
            Body::Add { order, side, price, qty } => {
                self.orders.insert(order, Resting { side, price, qty });
                say(order, Deed::Placed { side, price, shown: qty }, now);
            }
            Body::Modify { order, side, price, qty } => {
                self.orders.insert(order, Resting { side, price, qty });
                say(order, Deed::Changed { price, shown: qty }, now);
            }
            Body::Reduce { order, by, .. } => {
                let Some(resting) = self.orders.get_mut(&order) else { return };
                resting.qty = Qty::new((resting.qty.lots() - by.lots()).max(0));
                let Resting { price, qty, .. } = *resting;
                say(order, Deed::Changed { price, shown: qty }, now);
            }
            Body::Replace { order, by, price, qty } => {
                let Some(old) = self.orders.remove(&order) else { return };
                self.orders.insert(by, Resting { price, qty, ..old });
                say(order, Deed::Cancelled, now);
                say(by, Deed::Placed { side: old.side, price, shown: qty }, now);
            }
            Body::Delete { order, .. } => {
                if self.orders.remove(&order).is_some() {
                    say(order, Deed::Cancelled, now);
                }
            }
            Body::Execute { order, qty, .. } | Body::ExecuteAt { order, qty, .. } => {
                let Some(resting) = self.orders.get_mut(&order) else { return };
                resting.qty = Qty::new((resting.qty.lots() - qty.lots()).max(0));
                let Resting { side, price, qty: shown } = *resting;
                if shown.is_zero() {
                    self.orders.remove(&order);
                }
                say(order, Deed::Filled { side, price, qty, shown, is_taker: false }, now);
            }
            Body::Clear(_) => self.orders.clear(),
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Status(_)
            | Body::Notice(_) => {}
        }
    }

    fn image(&mut self, event: &Event) -> Option<Observed> {
        let Body::Add { order, side, price, qty } = event.body else { return None };
        self.orders.insert(order, Resting { side, price, qty });
        let deed = Deed::Stood { side, price, shown: qty };
        Some(Observed { time: self.latest, who: None, order: OrderId(order.0), deed })
    }

    /// How much of the recording has passed.
    pub const fn latest(&self) -> Timestamp {
        self.latest
    }
}

/// What was found in a recording.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Hour {
    /// Observations.
    pub observations: u64,
    /// How long the recording is, hours.
    pub hours: f64,
    /// What was looked at closely, of every instrument.
    pub found: Vec<Alert>,
}

impl Hour {
    /// Alerts of a typology per hour.
    pub fn alarms_per_hour(&self, typology: Typology, thresholds: Thresholds) -> f64 {
        let is_alert = |alert: &&Alert| alert.typology == typology && alert.score >= thresholds.alert_score;
        self.found.iter().filter(is_alert).count() as f64 / self.hours.max(1e-9)
    }
}

/// Reads a recording through the surveillance, instrument by instrument.
///
/// # Errors
/// When the file cannot be read.
pub fn alarms(path: &Path, options: &ReadOptions, thresholds: Thresholds) -> Result<Hour, ReadError> {
    let mut recording = Recording::open(path, options)?;
    let mut books: BTreeMap<InstrumentIndex, (TapeReader, Surveillance)> = BTreeMap::new();
    let mut told = Hour::default();
    while let Some(event) = recording.next()? {
        let (reader, surveillance) =
            books.entry(event.instrument).or_insert_with(|| (TapeReader::new(), Surveillance::new(thresholds)));
        reader.read(&event, |seen| {
            told.observations += 1;
            surveillance.observe(seen);
        });
    }
    for (reader, surveillance) in books.into_values() {
        told.hours = told.hours.max(reader.latest().to_secs_f64() / 3_600.0);
        told.found.extend(surveillance.finish());
    }
    Ok(told)
}
