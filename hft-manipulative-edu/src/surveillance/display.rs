//! Spoofing and layering: a display on one side that was not meant to trade.
//!
//! A *display* begins when somebody shows on one side many times what others usually show, and little on the other; it ends when it is
//! gone. If most of it was cancelled at once, it is judged by the rule of Mendonça & De Genaro (2020): a large order, an execution on the other
//! side, then the cancel; by the shape (orders at several prices at once); and by constant re-pricing out of reach, as in the published case
//! of 6 May 2010, where nothing had to trade.
//!
//! A maker that quotes both sides shows as much on the other side and begins no display, however fast it re-quotes. Where owners are not
//! known, each order is its own participant, and a fill on the other side may be anybody's: it counts for less.

use super::alert::{Alert, File, Scale, Typology};
use super::depth::{Change, Shown, ShownBook};
use super::observed::{Deed, Observed};
use hft_core::models::{AccountId, Nanos, OrderId, Price, Qty, Side, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A display is one-sided where it shows so many times what its owner showed on the other side of late.
const ONE_SIDED: i64 = 3;
/// How long what was shown is remembered for that.
const MEMORY: Nanos = Nanos::from_secs(1);
/// After the last of a display went: an execution on the other side within this time still belongs to it (the published case of a
/// display that was turned over did so within five milliseconds).
const FLIP: Nanos = Nanos::from_millis(10);
/// Of how many levels the share of a display is told.
const LEVELS: usize = 10;
/// Weight of the newest size in what somebody usually shows.
const NEWEST: f64 = 0.05;
/// How long an earlier display is held against its owner.
const HELD_AGAINST: Nanos = Nanos::from_secs(600);
/// How much it takes to be believed, log-odds.
const BIAS: f64 = -7.0;

/// Whose display: an account's, or where accounts are not known, that of one order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Owner {
    Account(AccountId),
    Order(OrderId),
}

/// What one participant shows.
#[derive(Debug, Default)]
struct Stand {
    /// Logarithm of what it usually shows in an order.
    usual: Option<f64>,
    orders: [BTreeMap<OrderId, (Price, i64)>; 2],
    shown: [i64; 2],
    /// The most that was shown of late, and when.
    recent: [(Timestamp, i64); 2],
    displays: [Option<Display>; 2],
    /// When earlier displays went, within what is remembered of them.
    past: VecDeque<Timestamp>,
    messages: u64,
    fills: u64,
}

/// A display that stands, or has just gone.
#[derive(Debug)]
struct Display {
    began: Timestamp,
    typical: f64,
    peak: i64,
    levels: usize,
    share: f64,
    other_peak: i64,
    orders: u64,
    changes: u64,
    executed: i64,
    /// Cancelled within the last second: what goes bit by bit was no display.
    cancelled: VecDeque<(Timestamp, i64)>,
    last_cancel: Timestamp,
    /// Executed on the other side while it stood.
    opposite: i64,
    last_opposite: Option<Timestamp>,
    file: File,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct DisplayWatch {
    /// How many times what others usually show is large.
    large: f64,
    stands: BTreeMap<Owner, Stand>,
    /// What anybody usually shows, for those whose owners are not known.
    anybody: Option<f64>,
    standing: BTreeSet<(Owner, Side)>,
    going: BTreeSet<(Timestamp, Owner, Side)>,
}

impl DisplayWatch {
    pub(super) fn new(large: f64) -> Self {
        let (stands, standing, going) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { large, stands, anybody: None, standing, going }
    }

    /// One observation, and what it did to the book.
    pub(super) fn observe(&mut self, seen: &Observed, change: Change, book: &ShownBook, found: &mut Vec<Alert>) {
        self.finish_until(seen.time, found);
        let owner = seen.who.map_or(Owner::Order(seen.order), Owner::Account);
        if let Deed::Placed { shown, .. } = seen.deed {
            self.learn(owner, shown);
        }
        let stand = self.stands.entry(owner).or_default();
        stand.messages += u64::from(seen.is_message());
        for side in Side::BOTH {
            stand.note(side, seen.time);
        }
        let is_visible = change.before != change.after;
        if let Some(order) = change.after.or(change.before).filter(|_| is_visible) {
            self.moved(owner, seen, change, order, book);
        }
        if let Deed::Filled { side, price, qty, .. } = seen.deed {
            self.filled(owner, seen, (side, price, qty));
        }
        let Some(stand) = self.stands.get(&owner) else { return };
        if matches!(owner, Owner::Order(_)) && stand.shown == [0, 0] && stand.displays.iter().all(Option::is_none) {
            self.stands.remove(&owner);
        }
    }

    /// Whatever is still open when the tape ends.
    pub(super) fn finish(&mut self, found: &mut Vec<Alert>) {
        self.finish_until(Timestamp::MAX, found);
    }

    fn learn(&mut self, owner: Owner, shown: Qty) {
        let size = libm::log(shown.lots().max(1) as f64);
        let learned = |usual: Option<f64>| Some(usual.map_or(size, |usual| usual + NEWEST * (size - usual)));
        self.anybody = learned(self.anybody);
        if matches!(owner, Owner::Account(_)) {
            let stand = self.stands.entry(owner).or_default();
            stand.usual = learned(stand.usual);
        }
    }

    /// What others usually show in an order: the lower median over participants, so that nobody moves it by showing more.
    fn typical(&self, owner: Owner) -> f64 {
        let usual = match owner {
            Owner::Order(_) => self.anybody,
            Owner::Account(_) => {
                let others = self.stands.iter().filter(|(other, _)| **other != owner);
                let mut sizes: Vec<f64> = others.filter_map(|(_, stand)| stand.usual).collect();
                sizes.sort_by(f64::total_cmp);
                sizes.get(sizes.len().saturating_sub(1) / 2).copied()
            }
        };
        usual.map_or(f64::INFINITY, libm::exp)
    }

    /// What somebody shows has changed.
    fn moved(&mut self, owner: Owner, seen: &Observed, change: Change, order: Shown, book: &ShownBook) {
        let side = order.side;
        let typical = self.typical(owner);
        let stand = self.stands.get_mut(&owner).expect("it was just noted");
        stand.show(seen.order, change, side, seen.time);
        let (shown, other) = (stand.shown[side.index()], stand.recent[side.opposite().index()].1);
        let is_large = shown as f64 >= self.large * typical;
        let is_one_sided = shown >= ONE_SIDED * other;
        let is_growing = matches!(seen.deed, Deed::Placed { .. } | Deed::Changed { .. });
        if stand.displays[side.index()].is_none() && is_large && is_one_sided && is_growing {
            stand.displays[side.index()] = Some(Display::new(stand, side, seen.time, typical, other));
            self.standing.insert((owner, side));
        }
        let levels = if stand.displays[side.index()].is_some() { stand.prices(side) } else { 0 };
        if let Some(display) = &mut stand.displays[side.opposite().index()] {
            display.other_peak = display.other_peak.max(shown);
        }
        let Some(display) = &mut stand.displays[side.index()] else { return };
        display.on_own(seen, change, order);
        if shown > display.peak {
            display.peak = shown;
            display.levels = display.levels.max(levels);
            let depth = book.depth(side, LEVELS).max(1);
            display.share = display.share.max((shown as f64 / depth as f64).min(1.0));
        }
        let ends = seen.time.after(FLIP);
        if (shown as f64) < self.large * display.typical / 2.0 {
            self.going.insert((ends, owner, side));
        } else {
            // Taken out to be put elsewhere: it is the same display.
            self.going.retain(|&(_, who, at)| (who, at) != (owner, side));
        }
    }

    /// Somebody traded: what stands on the other side was perhaps shown for that.
    fn filled(&mut self, owner: Owner, seen: &Observed, (side, price, qty): (Side, Price, Qty)) {
        let stand = self.stands.get_mut(&owner).expect("it was just noted");
        stand.fills += 1;
        let against = side.opposite();
        let concerned: Vec<Owner> = match owner {
            Owner::Account(_) => vec![owner],
            Owner::Order(_) => self.standing.iter().filter(|(_, at)| *at == against).map(|(who, _)| *who).collect(),
        };
        for who in concerned {
            let stand = self.stands.get_mut(&who);
            if let Some(display) = stand.and_then(|stand| stand.displays[against.index()].as_mut()) {
                display.opposite += qty.lots();
                display.last_opposite = Some(seen.time);
                display.file.add(seen.time, seen.order, "filled on the other side", (side, price, qty));
            }
        }
    }

    fn finish_until(&mut self, now: Timestamp, found: &mut Vec<Alert>) {
        while let Some(&(ends, owner, side)) = self.going.first()
            && ends < now
        {
            self.going.pop_first();
            self.standing.remove(&(owner, side));
            let Some(stand) = self.stands.get_mut(&owner) else { continue };
            if let Some(display) = stand.displays[side.index()].take()
                && display.went_at_once()
            {
                let messages = stand.messages as f64 / stand.fills.max(1) as f64;
                while stand.past.front().is_some_and(|past| past.after(HELD_AGAINST) < display.last_cancel) {
                    stand.past.pop_front();
                }
                let before = stand.past.len();
                stand.past.push_back(display.last_cancel);
                found.push(display.judge(owner, self.large, messages, before));
            }
        }
    }
}

impl Stand {
    /// Takes note of the most that was shown of late.
    fn note(&mut self, side: Side, now: Timestamp) {
        let (shown, (at, most)) = (self.shown[side.index()], self.recent[side.index()]);
        if shown >= most || at.after(MEMORY) < now {
            self.recent[side.index()] = (now, shown);
        }
    }

    fn show(&mut self, id: OrderId, change: Change, side: Side, now: Timestamp) {
        let lots = |shown: Option<Shown>| shown.map_or(0, |order| order.qty.lots());
        self.shown[side.index()] += lots(change.after) - lots(change.before);
        match change.after {
            Some(order) => self.orders[side.index()].insert(id, (order.price, order.qty.lots())),
            None => self.orders[side.index()].remove(&id),
        };
        self.note(side, now);
    }

    /// At how many prices it shows something.
    fn prices(&self, side: Side) -> usize {
        let prices: BTreeSet<Price> = self.orders[side.index()].values().map(|(price, _)| *price).collect();
        prices.len()
    }
}

impl Display {
    fn new(stand: &Stand, side: Side, now: Timestamp, typical: f64, other_peak: i64) -> Self {
        let orders = &stand.orders[side.index()];
        let mut file = File::default();
        for (&id, &(price, lots)) in orders {
            file.add(now, id, "shown", (side, price, Qty::new(lots)));
        }
        Self {
            began: now,
            typical,
            peak: 0,
            levels: 1,
            share: 0.0,
            other_peak,
            orders: (orders.len() as u64).saturating_sub(1),
            changes: 0,
            executed: 0,
            cancelled: VecDeque::new(),
            last_cancel: now,
            opposite: 0,
            last_opposite: None,
            file,
        }
    }

    /// Whether most of it was taken out within a second.
    fn went_at_once(&self) -> bool {
        let cancelled: i64 = self.cancelled.iter().map(|(_, lots)| lots).sum();
        cancelled * 2 >= self.peak
    }

    /// Something happened to one of its own orders.
    fn on_own(&mut self, seen: &Observed, change: Change, order: Shown) {
        let at = (order.side, order.price, order.qty);
        match seen.deed {
            Deed::Placed { .. } => {
                self.orders += 1;
                self.file.add(seen.time, seen.order, "placed", at);
            }
            Deed::Changed { .. } => {
                self.changes += 1;
                self.file.add(seen.time, seen.order, "moved", at);
            }
            Deed::Cancelled => {
                self.cancelled.push_back((seen.time, change.before.map_or(0, |before| before.qty.lots())));
                while self.cancelled.front().is_some_and(|&(at, _)| at.after(MEMORY) < seen.time) {
                    self.cancelled.pop_front();
                }
                self.last_cancel = seen.time;
                self.file.add(seen.time, seen.order, "cancelled", at);
            }
            Deed::Filled { qty, .. } => {
                self.executed += qty.lots();
                self.file.add(seen.time, seen.order, "filled", at);
            }
            Deed::Stood { .. } | Deed::Ended | Deed::Came { .. } | Deed::InVain => {}
        }
    }

    fn judge(self, owner: Owner, large: f64, messages_per_fill: f64, before: usize) -> Alert {
        // One order that follows the market is an order that follows the market.
        let moves = if self.levels >= 3 { self.changes as f64 / self.orders.max(1) as f64 } else { 0.0 };
        let (peak, other) = (self.peak.max(1) as f64, self.other_peak as f64);
        let is_known = matches!(owner, Owner::Account(_));
        let mut scale = Scale::new(BIAS)
            .weigh("size, times what others show", peak / self.typical, [large, 4.0 * large], 1.0)
            .weigh("share of it executed", self.executed as f64 / peak, [0.2, 0.0], 2.0)
            .weigh("share of what its side shows", self.share, [0.05, 0.25], 1.0)
            .weigh("prices at once", self.levels as f64, [1.0, 4.0], 2.0)
            .weigh("moves per order of several", moves, [2.0, 8.0], 1.5)
            .weigh("life of the display, s", self.last_cancel.since(self.began).to_secs_f64(), [5.0, 0.5], 0.5);
        if is_known {
            let lopsided = (peak - other) / (peak + other);
            scale = scale
                .weigh("such displays of it in ten minutes before", before as f64, [0.0, 2.0], 2.5)
                .weigh("imbalance of its own two sides", lopsided, [0.5, 0.9], 1.5)
                .weigh("messages per fill", messages_per_fill, [20.0, 200.0], 0.5);
        }
        if let Some(last) = self.last_opposite {
            // What a maker shows on both sides was not shown for a fill on one of them.
            let one_sided = (((peak - other) / (peak + other) - 0.5) / 0.4).clamp(0.0, 1.0);
            let wait = self.last_cancel.since(last).to_secs_f64();
            let (what, weight) = if is_known {
                ("filled on the other side meanwhile, lots", 2.5 * one_sided)
            } else {
                ("filled on the other side meanwhile, by anybody, lots", 1.0)
            };
            scale = scale.weigh(what, self.opposite as f64, [0.0, 1.0], weight);
            scale = scale.weigh(
                "from that fill to the cancel, s",
                wait,
                [1.0, 0.05],
                if is_known { 2.0 * one_sided } else { 1.0 },
            );
        }
        let (score, reasons) = scale.sum();
        let (evidence, evidence_left_out) = self.file.close();
        Alert {
            began_ns: self.began.nanos(),
            raised_ns: self.last_cancel.after(FLIP).nanos(),
            typology: if self.levels >= 3 { Typology::Layering } else { Typology::Spoofing },
            who: match owner {
                Owner::Account(account) => Some(account.0),
                Owner::Order(_) => None,
            },
            score,
            reasons,
            evidence,
            evidence_left_out,
        }
    }
}
