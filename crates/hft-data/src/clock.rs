//! How far the recorder's clock is from the venue's.
//!
//! A message cannot arrive before it was sent. So where `local - exchange` is ever negative the recorder's clock is behind, and
//! by at least that much; the smallest difference is the offset plus the shortest latency there was. The two cannot be told
//! apart from a recording alone, so the shortest latency is taken for zero:
//!
//! ```text
//! latency(event) = local - exchange - min over all events (local - exchange)     >= 0
//! ```
//!
//! It is a lower bound. Left out: the path back, which nobody records.

use crate::event::{Event, Flags};
use crate::time::UnixNanos;
use serde::Serialize;

/// Follows the two clocks of a recording in constant memory.
///
/// ```
/// use hft_data::{Body, ClockOffset, Event, InstrumentIndex, UnixNanos};
/// let mut clocks = ClockOffset::default();
/// for (exchange, local) in [(2_000, 1_500), (3_000, 2_400), (4_000, 3_900)] {
///     let event = Event::at(UnixNanos::new(local), InstrumentIndex(0), Body::Notice(0));
///     clocks.see(&Event { exchange_time: UnixNanos::new(exchange), ..event });
/// }
/// let estimate = clocks.estimate().expect("both clocks were told");
/// assert_eq!(estimate.shortest_ns, -600, "the recorder is behind, by 600 ns or more");
/// assert_eq!(estimate.latency_ns(UnixNanos::new(4_000), UnixNanos::new(3_900)), 500);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ClockOffset {
    samples: u64,
    sum: i128,
    /// The smallest difference in each window of time, oldest first.
    windows: Vec<Window>,
    width: u64,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    start: UnixNanos,
    shortest: i64,
}

/// What the clocks of a recording come to.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ClockEstimate {
    /// How many events told both clocks.
    pub samples: u64,
    /// The smallest `local - exchange`, in nanoseconds: negative where the recorder's clock is behind.
    pub shortest_ns: i64,
    /// The mean `local - exchange`, in nanoseconds.
    pub mean_ns: i64,
    /// How fast the smallest difference moves, in nanoseconds per second of the recording: the clocks' drift.
    pub drift_ns_per_s: f64,
}

impl ClockEstimate {
    /// A message's latency, counted from the shortest there was; never negative for the events that were seen.
    pub fn latency_ns(&self, exchange: UnixNanos, local: UnixNanos) -> i64 {
        local.minus(exchange).saturating_sub(self.shortest_ns)
    }
}

impl ClockOffset {
    /// How many windows are kept; when there are more, pairs are merged.
    const MAX_WINDOWS: usize = 64;
    /// The width of a window at first, in nanoseconds.
    const WIDTH: u64 = 1_000_000_000;

    /// Looks at one event. Images are passed over: they tell of what was long before.
    pub fn see(&mut self, event: &Event) {
        let (exchange, local) = (event.exchange_time, event.local_time);
        if !exchange.is_known() || event.flags.has(Flags::SNAPSHOT) {
            return;
        }
        let difference = local.minus(exchange);
        self.samples += 1;
        self.sum += i128::from(difference);
        self.width = self.width.max(Self::WIDTH);
        match self.windows.last_mut() {
            Some(window) if window.start.plus(self.width).is_none_or(|end| local < end) => {
                window.shortest = window.shortest.min(difference);
            }
            _ => {
                self.windows.push(Window { start: local, shortest: difference });
                self.thin_out();
            }
        }
    }

    fn thin_out(&mut self) {
        if self.windows.len() > Self::MAX_WINDOWS {
            self.width = self.width.saturating_mul(2);
            let merged = self.windows.chunks(2).map(|pair| Window {
                start: pair[0].start,
                shortest: pair.iter().map(|window| window.shortest).min().expect("a chunk is not empty"),
            });
            self.windows = merged.collect();
        }
    }

    /// What it comes to; `None` where no event told both clocks.
    pub fn estimate(&self) -> Option<ClockEstimate> {
        let shortest_ns = self.windows.iter().map(|window| window.shortest).min()?;
        let mean_ns = i64::try_from(self.sum / i128::from(self.samples)).expect("a mean lies between its terms");
        Some(ClockEstimate { samples: self.samples, shortest_ns, mean_ns, drift_ns_per_s: self.drift() })
    }

    /// Between the smallest differences of the first and of the last third.
    #[allow(clippy::cast_precision_loss, reason = "an estimate for people")]
    fn drift(&self) -> f64 {
        let third = self.windows.len() / 3;
        let smallest = |windows: &[Window]| windows.iter().copied().min_by_key(|window| window.shortest);
        let (Some(early), Some(late)) =
            (smallest(&self.windows[..third]), smallest(&self.windows[self.windows.len() - third..]))
        else {
            return 0.0;
        };
        let seconds = late.start.minus(early.start) as f64 * 1e-9;
        (late.shortest as f64 - early.shortest as f64) / seconds
    }
}
