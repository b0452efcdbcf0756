//! The race ledger: what everybody at the lagging exchanges tried, found out as races.
//!
//! Invariant: what takers of races gained their makers lost, to the last half tick, before fees.
//!
//! A message counts from its account's report of it: when the venue decided, and how. Reports of different accounts arrive in any order,
//! so messages wait a little before races are looked for.

use crate::model::races::{Arrival, Attempt, Prize, Race, RaceFinder};
use hft_app::chapter::{Chapter, ChapterTable, SideLedger};
use hft_core::account::{FillLine, FillLog, MARKOUT_HORIZONS, Markout};
use hft_core::models::{
    AccountId, BookId, Command, ExecKind, ExecutionReport, Liquidity, Nanos, OrderId, Price, Side, TimeInForce,
    Timestamp,
};
use hft_core::world::{Directory, OrderRecord};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

/// How close messages of one race are: the paper's 500 us.
pub const HORIZON: Nanos = Nanos::from_micros(500);

/// How long a message waits for slower reports of earlier ones: far beyond every latency.
const SETTLED: Nanos = Nanos::from_secs(20);

/// How many races `races.csv` holds.
const RACES_MAX: usize = 200_000;

/// Somebody who may race.
#[derive(Clone, PartialEq, Debug)]
pub struct Participant {
    account: AccountId,
    name: String,
    latency_us: u64,
    tally: Tally,
}

/// What one participant did in races.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Tally {
    entered: u64,
    won: u64,
    lots: i64,
    /// Of its fills in takes and as a maker who was taken from: half ticks times lots a second later.
    gained: i128,
    fees: f64,
}

/// An order at a lagging exchange that has not ended.
#[derive(Clone, Copy, Debug)]
struct Known {
    account: AccountId,
    book: BookId,
    side: Side,
    price: Price,
    takes: bool,
    filled: i64,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct RaceLedger {
    participants: Vec<Participant>,
    leader: BookId,
    tick_size: f64,
    orders: BTreeMap<OrderId, Known>,
    /// Orders that were filled, oldest first: they stay known for as long as a cancel that came too late may name them.
    filled: VecDeque<(Timestamp, OrderId)>,
    waiting: BTreeMap<(Timestamp, u64), Arrival>,
    arrivals: u64,
    finder: RaceFinder,
    races: Vec<Race>,
    count: u64,
    margins: Vec<u64>,
    taken: i64,
    saved: u64,
    wrong: u64,
    participants_in_races: u64,
    /// Fills that wait for what they were worth: lots, and whether it took.
    fills: BTreeMap<(BookId, u64, OrderId), (AccountId, i64)>,
}

impl Participant {
    /// Somebody with this latency, one way.
    pub fn new(account: AccountId, name: &str, latency_us: u64) -> Self {
        Self { account, name: name.to_owned(), latency_us, tally: Tally::default() }
    }
}

impl RaceLedger {
    /// A ledger that knows these people. What happens at the leader is no race.
    pub const fn new(participants: Vec<Participant>, leader: BookId, tick_size: f64) -> Self {
        Self {
            participants,
            leader,
            tick_size,
            orders: BTreeMap::new(),
            filled: VecDeque::new(),
            waiting: BTreeMap::new(),
            arrivals: 0,
            finder: RaceFinder::new(HORIZON.count()),
            races: Vec::new(),
            count: 0,
            margins: Vec::new(),
            taken: 0,
            saved: 0,
            wrong: 0,
            participants_in_races: 0,
            fills: BTreeMap::new(),
        }
    }

    fn of(&mut self, account: AccountId) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|participant| participant.account == account)
    }

    fn sent(&mut self, account: AccountId, command: &Command) {
        if let Command::New(order) = command
            && order.book != self.leader
            && let Some(price) = order.limit_price()
        {
            let takes = order.tif == TimeInForce::Ioc;
            let known = Known { account, book: order.book, side: order.side, price, takes, filled: 0 };
            self.orders.insert(order.id, known);
        }
    }

    fn reported(&mut self, report: &ExecutionReport) {
        let Some(mut known) = self.orders.get(&report.order).copied() else { return };
        match report.kind {
            ExecKind::Replaced { price } => {
                if price != known.price {
                    self.arrive(report.time, known, Attempt::Cancel, true, 0);
                }
                known.price = price;
                self.orders.insert(report.order, known);
            }
            ExecKind::Canceled(_) if known.takes => {
                self.arrive(report.time, known, Attempt::Take, known.filled > 0, known.filled);
            }
            ExecKind::Canceled(_) => self.arrive(report.time, known, Attempt::Cancel, true, 0),
            // Too late: it is gone, or was at that moment.
            ExecKind::CommandRejected(_) => self.arrive(report.time, known, Attempt::Cancel, false, 0),
            ExecKind::New
            | ExecKind::Rejected(_)
            | ExecKind::Trade(_)
            | ExecKind::Triggered
            | ExecKind::Prevented(_) => {}
        }
        if matches!(report.kind, ExecKind::Canceled(_) | ExecKind::Rejected(_) | ExecKind::CommandRejected(_)) {
            self.orders.remove(&report.order);
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some(&(time, order)) = self.filled.front()
            && time.after(SETTLED) < now
        {
            self.filled.pop_front();
            self.orders.remove(&order);
        }
    }

    fn arrive(&mut self, time: Timestamp, known: Known, attempt: Attempt, succeeded: bool, taken: i64) {
        // A taker races for what rests on the other side.
        let side = if known.takes { known.side.opposite() } else { known.side };
        let prize = Prize {
            book: u32::from(known.book.venue.0),
            side: u8::from(side == Side::Sell),
            price: known.price.ticks(),
        };
        let participant = known.account.0;
        let arrival = Arrival { time_ns: time.nanos(), prize, participant, attempt, succeeded, taken };
        self.arrivals += 1;
        self.waiting.insert((time, self.arrivals), arrival);
        while let Some((&(oldest, _), _)) = self.waiting.first_key_value()
            && oldest.after(SETTLED) < time
        {
            let (_, arrival) = self.waiting.pop_first().expect("it was just seen");
            self.finder.add(arrival);
        }
        let races = self.finder.take();
        races.into_iter().for_each(|race| self.raced(race));
    }

    fn raced(&mut self, race: Race) {
        let winner = race.winner();
        self.count += 1;
        self.taken += race.taken();
        self.saved += u64::from(winner.attempt == Attempt::Cancel);
        self.margins.push(race.margin_ns());
        self.participants_in_races += race.participants() as u64;
        let latency = |account: u32, all: &[Participant]| {
            all.iter().find(|participant| participant.account.0 == account).map_or(u64::MAX, |found| found.latency_us)
        };
        let fastest = race.arrivals.iter().map(|arrival| latency(arrival.participant, &self.participants)).min();
        self.wrong += u64::from(fastest < Some(latency(winner.participant, &self.participants)));
        let mut entered: Vec<u32> = race.arrivals.iter().map(|arrival| arrival.participant).collect();
        entered.sort_unstable();
        entered.dedup();
        for account in entered {
            if let Some(participant) = self.of(AccountId(account)) {
                participant.tally.entered += 1;
                participant.tally.won += u64::from(winner.participant == account);
            }
        }
        for arrival in &race.arrivals {
            if let Some(participant) = self.of(AccountId(arrival.participant)) {
                participant.tally.lots += arrival.taken;
            }
        }
        if self.races.len() < RACES_MAX {
            self.races.push(race);
        }
    }

    fn over(&mut self) {
        for (_, arrival) in std::mem::take(&mut self.waiting) {
            self.finder.add(arrival);
        }
        let finder = std::mem::replace(&mut self.finder, RaceFinder::new(HORIZON.count()));
        finder.finish().into_iter().for_each(|race| self.raced(race));
        self.margins.sort_unstable();
    }

    fn name(&self, account: u32) -> &str {
        let found = self.participants.iter().find(|participant| participant.account.0 == account);
        found.map_or("somebody", |participant| participant.name.as_str())
    }

    fn csv(&self) -> String {
        let mut text =
            "time_ns,venue,side,price,participants,takes,cancels,winner,winner_tried,margin_ns,taken\n".to_owned();
        for race in &self.races {
            let tried = |attempt: Attempt| race.arrivals.iter().filter(|arrival| arrival.attempt == attempt).count();
            let winner = race.winner();
            let side = if race.prize.side == 1 { "ask" } else { "bid" };
            let word = if winner.attempt == Attempt::Take { "take" } else { "cancel" };
            writeln!(
                text,
                "{},LAG{},{side},{:.2},{},{},{},{},{word},{},{}",
                race.arrivals[0].time_ns,
                race.prize.book,
                race.prize.price as f64 * self.tick_size,
                race.participants(),
                tried(Attempt::Take),
                tried(Attempt::Cancel),
                self.name(winner.participant),
                race.margin_ns(),
                race.taken()
            )
            .expect("a String takes everything");
        }
        text
    }
}

impl FillLog for RaceLedger {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        let record = &line.record;
        if record.book == self.leader {
            return Ok(());
        }
        let lots = record.fill.qty.lots();
        let fee = record.fill.fee.to_f64();
        if let Some(participant) = self.of(record.account) {
            participant.tally.fees += fee;
        }
        self.fills.insert((record.book, record.fill.trade.0, record.order), (record.account, lots));
        if let Some(mut known) = self.orders.get(&record.order).copied() {
            known.filled += lots;
            self.orders.insert(record.order, known);
            if known.takes && record.leaves.is_zero() && record.fill.liquidity == Liquidity::Taker {
                self.arrive(record.time, known, Attempt::Take, true, known.filled);
                self.orders.remove(&record.order);
            } else if record.leaves.is_zero() {
                self.filled.push_back((record.time, record.order));
            }
            self.forget(record.time);
        }
        Ok(())
    }

    fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
        match record {
            OrderRecord::Sent { account, instruction, .. } => self.sent(*account, &instruction.command),
            OrderRecord::Refused { refusal, .. } => {
                if let Some(id) = refusal.command.order_id() {
                    self.orders.remove(&id);
                }
            }
            OrderRecord::Reported { report, .. } => self.reported(report),
        }
        Ok(())
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        let is_second = markout.horizon == MARKOUT_HORIZONS[2];
        if let Some((account, lots)) =
            is_second.then(|| self.fills.remove(&(markout.book, markout.trade.0, markout.order))).flatten()
            && let Some(participant) = self.of(account)
        {
            participant.tally.gained += markout.per_lot.count() * i128::from(lots);
        }
        Ok(())
    }
}

impl SideLedger for RaceLedger {
    fn chapter(&mut self, _who: &Directory, ended: Timestamp) -> Chapter {
        self.over();
        let count = self.count as f64;
        let share = |part: f64| (count > 0.0).then(|| part / count);
        let mut races = ChapterTable::new("at the lagging exchanges", &["figure"]);
        let margin = |at: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
            let place = (at * self.margins.len() as f64) as usize;
            self.margins.get(place.min(self.margins.len().saturating_sub(1))).map(|ns| *ns as f64 / 1e3)
        };
        races.row("races", vec![Some(count)]);
        races.row("races a minute", vec![Some(count * 60.0 / ended.to_secs_f64().max(1e-9))]);
        races.row("participants, mean", vec![share(self.participants_in_races as f64)]);
        races.row("won by a cancel, share", vec![share(self.saved as f64)]);
        races.row("not won by the fastest, share", vec![share(self.wrong as f64)]);
        races.row("margin to the first loser, us: median", vec![margin(0.5)]);
        races.row("margin, us: 90 of 100", vec![margin(0.9)]);
        races.row("taken in races, contracts", vec![Some(self.taken as f64)]);

        let columns = ["latency, us", "races", "won", "won, share", "contracts", "gained in 1 s", "fees"];
        let mut people = ChapterTable::new("who raced", &columns);
        let mut sorted: Vec<&Participant> = self.participants.iter().collect();
        sorted.sort_by_key(|participant| participant.latency_us);
        let worth = |half_ticks: i128| half_ticks as f64 / 2.0 * self.tick_size;
        for Participant { name, latency_us, tally, .. } in sorted {
            let won = (tally.entered > 0).then(|| tally.won as f64 / tally.entered as f64);
            people.row(
                name,
                vec![
                    Some(*latency_us as f64),
                    Some(tally.entered as f64),
                    Some(tally.won as f64),
                    won,
                    Some(tally.lots as f64),
                    Some(worth(tally.gained)),
                    Some(tally.fees),
                ],
            );
        }
        people.drawn = Some(3);
        let all: i128 = self.participants.iter().map(|participant| participant.tally.gained).sum();
        let notes = vec![
            format!(
                "Gained: what fills at the lagging exchanges were worth a second later, over all fills; all together {:+.2}: what some win the others lose.",
                worth(all)
            ),
            "Races as in Aquilina, Budish & O'Neill (2022): one side of one book at one price within 500 us, at least one take, one success, one failure.".to_owned(),
        ];
        Chapter {
            title: "Races".to_owned(),
            tables: vec![races, people],
            notes,
            files: vec![("races.csv".to_owned(), self.csv())],
        }
    }
}
