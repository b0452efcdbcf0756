//! Momentum ignition: a burst of taking moves the price, others follow, and whoever lit it leaves at the price that they made.
//!
//! A *move* is looked at when the midpoint, over two seconds, went further than three of its usual standard deviations, and one account
//! took most of what was taken that way. It is judged when that account has traded the other way, or six seconds later. Somebody informed
//! moves the price as well, and stays: the price does not come back, and neither does he.

use super::alert::{Alert, File, Scale, Typology};
use super::depth::ShownBook;
use super::observed::{Deed, Observed};
use hft_core::models::{AccountId, Nanos, Side, Timestamp};
use std::collections::VecDeque;

/// Over which time a move is measured.
const WINDOW: Nanos = Nanos::from_secs(2);
/// How long the way out is waited for.
const PATIENCE: Nanos = Nanos::from_secs(6);
/// How many usual standard deviations a move must have to be looked at.
const LOOKED_AT: f64 = 3.0;
/// So many windows teach before the first move is judged.
const WARM_UP: u64 = 5;
/// Weight of the newest window in the usual variance.
const NEWEST: f64 = 0.02;

/// A taking, of one account or anybody's.
#[derive(Clone, Copy, Debug)]
struct Taken {
    time: Timestamp,
    who: Option<AccountId>,
    signed: i64,
}

#[derive(Debug)]
struct Move {
    began: Timestamp,
    side: Side,
    who: Option<AccountId>,
    share: f64,
    from: f64,
    /// The furthest price, ticks.
    far: f64,
    deviations: f64,
    usual: f64,
    taken: i64,
    /// Traded the other way since.
    undone: i64,
    undone_value: f64,
    taken_value: f64,
    file: File,
    ends: Timestamp,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct IgnitionWatch {
    takes: VecDeque<Taken>,
    mids: VecDeque<(Timestamp, f64)>,
    variance: f64,
    /// Taken in a usual window, lots, and in this one so far.
    usual: f64,
    in_window: i64,
    windows: u64,
    next_window: Timestamp,
    window_mid: Option<f64>,
    open: Option<Move>,
}

impl IgnitionWatch {
    pub(super) fn observe(&mut self, seen: &Observed, book: &ShownBook, found: &mut Vec<Alert>) {
        let now = seen.time;
        let Some(mid) = book.mid() else { return };
        if self.mids.back().is_none_or(|&(_, last)| (last - mid).abs() > 0.0) {
            self.mids.push_back((now, mid));
        }
        while self.mids.len() > 1 && self.mids[1].0.after(WINDOW) < now {
            self.mids.pop_front();
        }
        while self.takes.front().is_some_and(|take| take.time.after(WINDOW) < now) {
            self.takes.pop_front();
        }
        self.learn(now, mid);
        if let Deed::Filled { side, price, qty, is_taker, .. } = seen.deed {
            self.traded(seen, (side, price.ticks() as f64, qty.lots(), is_taker));
            if self.open.is_none() && self.windows >= WARM_UP {
                self.look(seen, mid);
            }
        }
        if let Some(open) = &mut self.open {
            let is_further = (mid - open.far) * open.side.sign() as f64 > 0.0;
            open.far = if is_further { mid } else { open.far };
            let back = (open.far - mid) / (open.far - open.from);
            let is_over = now >= open.ends || (open.undone * 10 >= open.taken * 9 && back >= 0.5);
            if is_over {
                let open = self.open.take().expect("it is open");
                found.push(open.judge(now, back.clamp(-1.0, 2.0)));
            }
        }
    }

    pub(super) fn finish(&mut self, found: &mut Vec<Alert>) {
        if let Some(open) = self.open.take() {
            let mid = self.mids.back().map_or(open.far, |&(_, mid)| mid);
            let (ends, back) = (open.ends, (open.far - mid) / (open.far - open.from));
            found.push(open.judge(ends, back.clamp(-1.0, 2.0)));
        }
    }

    /// What a window's move usually is, ticks squared.
    fn learn(&mut self, now: Timestamp, mid: f64) {
        if now < self.next_window {
            return;
        }
        if let Some(before) = self.window_mid.filter(|_| self.open.is_none()) {
            let squared = (mid - before) * (mid - before);
            let weight = NEWEST.max(1.0 / (self.windows + 1) as f64);
            // What is looked at teaches no more than what is just not.
            let known = if self.windows < WARM_UP { squared } else { squared.min(4.0 * self.variance.max(1.0)) };
            self.variance += weight * (known - self.variance);
            self.usual += weight * (self.in_window as f64 - self.usual);
            self.windows += 1;
        }
        self.window_mid = Some(mid);
        self.in_window = 0;
        self.next_window = now.after(WINDOW);
    }

    fn traded(&mut self, seen: &Observed, (side, price, lots, is_taker): (Side, f64, i64, bool)) {
        // Of an unnamed trade the maker is told, and the taker is anybody.
        let aggressor = match (seen.who, is_taker) {
            (_, true) => Some(side),
            (None, false) => Some(side.opposite()),
            (Some(_), false) => None,
        };
        if let Some(aggressor) = aggressor {
            self.in_window += lots;
            self.takes.push_back(Taken { time: seen.time, who: seen.who, signed: lots * aggressor.sign() });
        }
        let Some(open) = &mut self.open else { return };
        let is_other_way = if seen.who.is_none() { aggressor != Some(open.side) } else { side != open.side };
        if open.who == seen.who && is_other_way {
            open.undone += lots;
            open.undone_value += price * lots as f64;
            let Deed::Filled { price, qty, .. } = seen.deed else { return };
            open.file.add(seen.time, seen.order, "way out", (side, price, qty));
        } else if open.who == seen.who && aggressor == Some(open.side) && open.undone == 0 {
            open.taken += lots;
            open.taken_value += price * lots as f64;
            let Deed::Filled { price, qty, .. } = seen.deed else { return };
            open.file.add(seen.time, seen.order, "taken", (side, price, qty));
        }
    }

    fn look(&mut self, seen: &Observed, mid: f64) {
        let Some(&(_, from)) = self.mids.front() else { return };
        let deviations = (mid - from) / libm::sqrt(self.variance.max(1.0));
        if deviations.abs() < LOOKED_AT {
            return;
        }
        let side = if deviations > 0.0 { Side::Buy } else { Side::Sell };
        let that_way = || self.takes.iter().filter(|take| take.signed * side.sign() > 0);
        let all: i64 = that_way().map(|take| take.signed.abs()).sum();
        let Deed::Filled { price, qty, .. } = seen.deed else { return };
        let of = |who: Option<AccountId>| -> i64 {
            that_way().filter(|take| take.who == who).map(|take| take.signed.abs()).sum()
        };
        let Some((taken, who)) = that_way().map(|take| (of(take.who), take.who)).max() else { return };
        let began = that_way().find(|take| take.who == who).map_or(seen.time, |take| take.time);
        let mut file = File::default();
        file.add(seen.time, seen.order, "moved the price", (side, price, qty));
        self.open = Some(Move {
            began,
            side,
            who,
            share: taken as f64 / all.max(1) as f64,
            from,
            far: mid,
            deviations: deviations.abs(),
            usual: self.usual,
            taken,
            undone: 0,
            undone_value: 0.0,
            taken_value: taken as f64 * (from + mid) / 2.0,
            file,
            ends: seen.time.after(PATIENCE),
        });
    }
}

impl Move {
    fn judge(self, now: Timestamp, back: f64) -> Alert {
        let undone = self.undone as f64 / self.taken.max(1) as f64;
        let gain = if self.undone == 0 {
            0.0
        } else {
            let (out, entry) = (self.undone_value / self.undone as f64, self.taken_value / self.taken.max(1) as f64);
            (out - entry) * self.side.sign() as f64
        };
        let is_known = self.who.is_some();
        let scale = Scale::new(if is_known { -9.0 } else { -9.5 })
            .weigh("share of what was taken that way", self.share, [0.5, 0.8], if is_known { 2.0 } else { 0.0 })
            .weigh("move, usual standard deviations", self.deviations, [LOOKED_AT, 2.0 * LOOKED_AT], 1.0)
            .weigh(
                "taken, times what everybody usually takes",
                self.taken as f64 / self.usual.max(1.0),
                [1.5, 4.0],
                2.5,
            )
            .weigh("share of the move that came back", back, [0.2, 0.7], 1.5)
            .weigh("share of it traded the other way", undone, [0.4, 0.9], 3.5)
            .weigh("gained on the way, ticks", gain, [0.0, 2.0], 1.0);
        let (score, reasons) = scale.sum();
        let (evidence, evidence_left_out) = self.file.close();
        Alert {
            began_ns: self.began.nanos(),
            raised_ns: now.nanos(),
            typology: Typology::Ignition,
            who: self.who.map(|account| account.0),
            score,
            reasons,
            evidence,
            evidence_left_out,
        }
    }
}
