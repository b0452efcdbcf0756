//! Who paid: what every class of participants gained or lost, what the book lost of itself, and how long everybody had to wait; within
//! episodes and outside of them.
//!
//! Invariant: what all classes together gained is nothing, before fees: one sells what another buys, and both are marked at one midpoint.

use hft_app::chapter::ChapterTable;
use hft_core::account::{FillLine, MARKOUT_HORIZONS, Markout, TopLine};
use hft_core::models::{AccountId, BookId, Command, ExecKind, Nanos, OrderId, Side, Timestamp, Top};
use hft_core::world::{Directory, OrderRecord};
use std::collections::BTreeMap;

/// At which horizon a fill is judged: ten seconds, when what was pushed has come back.
const HORIZON: Nanos = MARKOUT_HORIZONS[3];

/// Within an episode, or outside of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    Outside,
    Within,
}

/// What an account gained in one of the two.
#[derive(Clone, Copy, Debug, Default)]
struct Gain {
    lots: i64,
    /// Half ticks times lots, ten seconds later.
    gained: i128,
    fees: f64,
}

/// A sum, and how many times or seconds it is of.
type Mean = fn(&Quality) -> (f64, f64);

/// The state of the book and of its gateway over time.
#[derive(Clone, Copy, Debug, Default)]
struct Quality {
    seconds: f64,
    /// Ticks times seconds.
    spread: f64,
    /// Lots at the touch times seconds.
    depth: f64,
    orders: u64,
    waited_s: f64,
    longest_s: f64,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub(super) struct Harm {
    gains: BTreeMap<AccountId, [Gain; 2]>,
    waiting: BTreeMap<(BookId, u64, OrderId), (AccountId, i64, When)>,
    sent: BTreeMap<OrderId, (Timestamp, When)>,
    quality: [Quality; 2],
    top: Option<(Timestamp, Top, When)>,
}

impl When {
    const fn index(self) -> usize {
        match self {
            When::Outside => 0,
            When::Within => 1,
        }
    }
}

impl Harm {
    pub(super) fn fill(&mut self, line: &FillLine, when: When) {
        let record = &line.record;
        let (lots, fee) = (record.fill.qty.lots(), record.fill.fee.to_f64());
        let gain = &mut self.gains.entry(record.account).or_default()[when.index()];
        gain.lots += lots;
        gain.fees += fee;
        self.waiting.insert((record.book, record.fill.trade.0, record.order), (record.account, lots, when));
    }

    pub(super) fn markout(&mut self, markout: &Markout) {
        if markout.horizon != HORIZON {
            return;
        }
        let key = (markout.book, markout.trade.0, markout.order);
        if let Some((account, lots, when)) = self.waiting.remove(&key) {
            let gain = &mut self.gains.entry(account).or_default()[when.index()];
            gain.gained += markout.per_lot.count() * i128::from(lots);
        }
    }

    /// How long the gateway kept an order of somebody else waiting; the way there is part of it, and the same at all times.
    pub(super) fn order(&mut self, record: &OrderRecord, when: When) {
        match record {
            OrderRecord::Sent { at, instruction, .. } => {
                if let Command::New(order) = &instruction.command {
                    self.sent.insert(order.id, (*at, when));
                }
            }
            OrderRecord::Reported { report, .. } => {
                if let Some((at, when)) = self.sent.remove(&report.order)
                    && matches!(report.kind, ExecKind::New)
                {
                    let (waited, quality) = (report.time.since(at).to_secs_f64(), &mut self.quality[when.index()]);
                    quality.orders += 1;
                    quality.waited_s += waited;
                    quality.longest_s = quality.longest_s.max(waited);
                }
            }
            OrderRecord::Refused { .. } => {}
        }
    }

    pub(super) fn top(&mut self, line: &TopLine, when: When) {
        self.until(line.time);
        self.top = Some((line.time, line.top, when));
    }

    fn until(&mut self, now: Timestamp) {
        let Some((since, top, when)) = self.top else { return };
        let (Some(bid), Some(ask)) = (top.side(Side::Buy), top.side(Side::Sell)) else { return };
        let (seconds, quality) = (now.since(since).to_secs_f64(), &mut self.quality[when.index()]);
        quality.seconds += seconds;
        quality.spread += seconds * (ask.price.ticks() - bid.price.ticks()) as f64;
        quality.depth += seconds * (bid.qty.lots() + ask.qty.lots()) as f64;
    }

    /// What an account gained within episodes, price units, before fees.
    pub(super) fn gained_within(&self, account: AccountId, tick_size: f64) -> f64 {
        let gained = self.gains.get(&account).map_or(0, |gain| gain[When::Within.index()].gained);
        gained as f64 / 2.0 * tick_size
    }

    /// The bill of every class.
    pub(super) fn victims(&self, who: &Directory, accused: Option<AccountId>, tick_size: f64) -> ChapterTable {
        let title = if accused.is_some() { "who paid" } else { "who trades with whom" };
        let columns = ["accounts", "contracts", "gained in 10 s", "a contract", "fees", "gained outside"];
        let mut table = ChapterTable::new(title, &columns);
        let mut classes: BTreeMap<String, (u32, [Gain; 2])> = BTreeMap::new();
        for (&account, gains) in &self.gains {
            let name = if accused == Some(account) { "the account under test" } else { who.class(account) };
            let (accounts, sum) = classes.entry(name.to_owned()).or_default();
            *accounts += 1;
            for (sum, gain) in sum.iter_mut().zip(gains) {
                sum.lots += gain.lots;
                sum.gained += gain.gained;
                sum.fees += gain.fees;
            }
        }
        let shown = if accused.is_some() { When::Within } else { When::Outside };
        let worth = |gain: &Gain| gain.gained as f64 / 2.0 * tick_size;
        let mut rows: Vec<_> = classes.into_iter().collect();
        rows.sort_by_key(|(name, (_, gains))| (gains[shown.index()].gained, name.clone()));
        for (name, (accounts, gains)) in rows {
            let (gain, outside) = (&gains[shown.index()], &gains[When::Outside.index()]);
            let each = (gain.lots > 0).then(|| worth(gain) / gain.lots as f64);
            let cells = [f64::from(accounts), gain.lots as f64, worth(gain)].map(Some);
            let rest = [each, Some(gain.fees), accused.is_some().then(|| worth(outside))];
            table.row(name, cells.into_iter().chain(rest).collect());
        }
        table.drawn = Some(2);
        table
    }

    /// What became of the book and of the queue before it.
    pub(super) fn market(&mut self, ended: Timestamp, is_tested: bool) -> ChapterTable {
        self.until(ended);
        self.top = None;
        let columns: &[&str] = if is_tested { &["outside", "within episodes"] } else { &["all the time"] };
        let mut table = ChapterTable::new("the market", columns);
        let per = |sum: f64, count: f64| (count > 0.0).then(|| sum / count);
        let figures: [(&str, Mean); 4] = [
            ("spread, ticks", |quality| (quality.spread, quality.seconds)),
            ("shown at the touch, contracts", |quality| (quality.depth, quality.seconds)),
            ("from sending to matching, us: mean", |quality| (quality.waited_s * 1e6, quality.orders as f64)),
            ("from sending to matching, us: longest", |quality| (quality.longest_s * 1e6, 1.0)),
        ];
        for (name, figure) in figures {
            let cells = self.quality.iter().map(|quality| {
                let (sum, count) = figure(quality);
                per(sum, count)
            });
            table.row(name, cells.take(columns.len()).collect());
        }
        table
    }
}
