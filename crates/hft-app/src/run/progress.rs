//! What a run shows while it goes: fills on stdout, and how far it is on stderr.
//!
//! Invariant: nothing here changes the run. The recorder and the driver set gauges and send lines; the main thread reads both.

use crate::terminal::Terminal;
use hft_core::models::{Cash, Nanos, Timestamp};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// How many lines may wait to be printed.
const LINES_MAX: usize = 4_096;

/// How often the bar is drawn.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How often a run without a terminal says that it goes on.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Where lines for stdout go.
pub type Lines = Option<SyncSender<String>>;

/// The way of the lines from the recorder to the main thread; closed at once where nothing is to be printed.
pub(super) fn channel(wanted: bool) -> (Lines, Receiver<String>) {
    let (sender, receiver) = sync_channel(LINES_MAX);
    (wanted.then_some(sender), receiver)
}

/// How far a run is. Clones share the figures.
#[derive(Clone, Debug)]
pub struct Gauge(Arc<Figures>);

#[derive(Debug)]
struct Figures {
    /// Market time that the run takes, ns.
    span: u64,
    now: AtomicU64,
    events: AtomicU64,
    fills: AtomicU64,
    /// Bits of a float, currency.
    pnl: AtomicU64,
    over: AtomicU64,
}

impl Gauge {
    /// A run of this market time, which has not begun.
    pub fn new(span: Nanos) -> Self {
        Self(Arc::new(Figures {
            span: span.count(),
            now: AtomicU64::new(0),
            events: AtomicU64::new(0),
            fills: AtomicU64::new(0),
            pnl: AtomicU64::new(0.0_f64.to_bits()),
            over: AtomicU64::new(0),
        }))
    }

    pub(super) fn at(&self, now: Timestamp) {
        self.0.now.store(now.nanos().min(self.0.span), Relaxed);
    }

    pub(super) fn delivered(&self, events: u64) {
        self.0.events.store(events, Relaxed);
    }

    pub(super) fn filled(&self) {
        self.0.fills.fetch_add(1, Relaxed);
    }

    pub(super) fn worth(&self, pnl: Cash) {
        self.0.pnl.store(pnl.to_f64().to_bits(), Relaxed);
    }

    /// Says that the run is over when it is dropped, however that comes about: whoever watches may go.
    pub(super) fn guard(&self) -> OverWhenDropped {
        OverWhenDropped(self.clone())
    }

    fn is_over(&self) -> bool {
        self.0.over.load(Relaxed) != 0
    }

    /// `12.3s of 30.0s, 41 %, 1 200 000 events/s, 17 fills, pnl +0.42`; by the clock, where deliveries are not counted while it goes,
    /// without their rate.
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    fn words(&self, elapsed: Duration) -> String {
        let figures = &*self.0;
        let (now, span) = (figures.now.load(Relaxed) as f64, figures.span.max(1) as f64);
        let rate = match figures.events.load(Relaxed) {
            0 => String::new(),
            events => format!("{} events/s, ", crate::output::grouped(events as f64 / elapsed.as_secs_f64().max(1e-9))),
        };
        format!(
            "{:.1}s of {:.1}s, {:.0} %, {rate}{} fills, pnl {:+.2}",
            now / 1e9,
            span / 1e9,
            100.0 * now / span,
            figures.fills.load(Relaxed),
            f64::from_bits(figures.pnl.load(Relaxed)),
        )
    }

    /// What is left, if things go on like this.
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let (now, span) = (self.0.now.load(Relaxed) as f64, self.0.span as f64);
        (now > 0.0).then(|| elapsed.mul_f64((span / now - 1.0).clamp(0.0, 1e6)))
    }
}

/// See [`Gauge::guard`].
#[derive(Debug)]
pub(super) struct OverWhenDropped(Gauge);

impl Drop for OverWhenDropped {
    fn drop(&mut self) {
        self.0.0.over.store(1, Relaxed);
    }
}

/// Prints lines until the run is over; draws the bar, or says now and then that the run goes on. A closed stdout is no error here:
/// the channel closes, and the recorder sends no more.
#[allow(clippy::disallowed_methods, reason = "progress is for people; the run does not see it")]
pub(super) fn attend(lines: Receiver<String>, gauge: &Gauge, terminal: &mut Terminal<'_>, quiet: bool) {
    let begun = Instant::now();
    let bar = (!quiet && std::io::stderr().is_terminal()).then(|| bar(1_000));
    let mut said = begun;
    let mut lines = Some(lines);
    while !gauge.is_over() || lines.is_some() {
        let received = match &lines {
            Some(lines) => lines.recv_timeout(DRAW_EVERY),
            None => {
                std::thread::park_timeout(DRAW_EVERY.min(Duration::from_millis(20)));
                Err(RecvTimeoutError::Timeout)
            }
        };
        match received {
            Ok(line) => {
                let mut print = || writeln!(terminal.out, "{line}").and_then(|()| terminal.out.flush());
                let printed = match &bar {
                    Some(bar) => bar.suspend(print),
                    None => print(),
                };
                if printed.is_err() {
                    lines = None;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => lines = None,
        }
        let elapsed = begun.elapsed();
        if let Some(bar) = &bar {
            let left = gauge.left(elapsed).map_or(String::new(), |left| {
                format!(", {} to go", humantime::format_duration(Duration::from_secs(left.as_secs())))
            });
            bar.set_position(gauge.0.now.load(Relaxed) * 1_000 / gauge.0.span.max(1));
            bar.set_message(gauge.words(elapsed) + &left);
        } else if !quiet && said.elapsed() >= HEARTBEAT {
            said = Instant::now();
            let _ = writeln!(terminal.err, "{}", gauge.words(elapsed)); // nowhere left to say so
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

/// A bar of this length on stderr, with a message beside it; the same for one run and for many.
pub(crate) fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(5));
    bar.set_style(ProgressStyle::with_template("{bar:16} {wide_msg}").expect("a template of known fields"));
    bar
}
