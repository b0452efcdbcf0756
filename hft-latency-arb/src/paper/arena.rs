//! The market of Budish, Cramton & Shim (2015) played on the matching engine: real orders, real cancels, real priority.
//!
//! Player 0 provides one unit on each side of the value, the others snipe. An event is an investor, who takes a quote, or a jump, after
//! which every player sends one message and the messages arrive in an order that is a fair draw. Profit is what was traded, at the value
//! after the event. Ticks are a ten-thousandth of the mean jump, and quotes are rounded to the nearest one.

use crate::model::equilibrium::Arena;
use hft_core::exchange::{BookRules, EngineEvent, EventSink, MatchingEngine};
use hft_core::models::{
    AccountId, BookId, InstrumentId, NewOrder, OrderId, Phase, Price, Qty, Side, TimeInForce, Timestamp, VenueId,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Ticks in a mean jump.
const TICKS: f64 = 10_000.0;

/// Where the value starts, ticks; it returns there when it has strayed by half of it, which changes nothing: only differences count.
const START: i64 = 1 << 42;

const BOOK: BookId = BookId { venue: VenueId(0), instrument: InstrumentId(0) };
const UNIT: Qty = Qty::new(1);

/// What a game came to, per event and in the unit of the jumps; sums of products are for standard errors and control variates.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Played {
    /// Investors and jumps.
    pub events: u64,
    /// Jumps beyond the half-spread.
    pub races: u64,
    /// Races in which the provider's stale quote was taken.
    pub lost: u64,
    /// Profit of every player, the provider first.
    pub profit: Vec<f64>,
    /// Sums of squares of each player's profit in an event.
    pub squares: Vec<f64>,
    /// Sum and sum of squares of the provider's profit less the mean sniper's, in an event.
    pub difference: [f64; 2],
    /// What the races were worth, `(J - h)^+`: sum, sum of squares, and sums of products with each player's profit.
    pub worth: [f64; 2],
    /// See `worth`.
    pub with_worth: Vec<f64>,
    /// Investors.
    pub investors: u64,
}

/// What one player traded in the event that is played, valued at a price: hears the engine.
struct Till<'a> {
    value: f64,
    profit: &'a mut [f64],
    taken: bool,
}

impl EventSink for Till<'_> {
    fn on_event(&mut self, _seq: u64, event: EngineEvent) {
        let EngineEvent::Trade { price, maker, taker, aggressor, .. } = event else { return };
        let ticks = (price.ticks() - START) as f64;
        // In an auction the maker is the buyer.
        let bought = match aggressor {
            Some(Side::Buy) => (taker.account, maker.account),
            Some(Side::Sell) | None => (maker.account, taker.account),
        };
        for (account, gain) in [(bought.0, self.value - ticks), (bought.1, ticks - self.value)] {
            // Investors have no till: they come after the players.
            if let Some(sum) = self.profit.get_mut(account.0 as usize) {
                *sum += gain / TICKS;
            }
            self.taken |= account == PROVIDER;
        }
    }
}

const PROVIDER: AccountId = AccountId(0);

/// The engine, and the value around which the provider quotes, both in ticks.
struct Table {
    engine: MatchingEngine,
    /// From [`START`].
    value: f64,
    half_spread: f64,
    next: OrderId,
    quotes: [Option<OrderId>; 2],
}

fn deaf(_: u64, _: EngineEvent) {}

impl Table {
    fn new(half_spread: f64) -> Self {
        let engine = MatchingEngine::new(BookRules::default());
        Self { engine, value: 0.0, half_spread, next: OrderId(1), quotes: [None; 2] }
    }

    fn id(&mut self) -> OrderId {
        self.next = self.next.next();
        self.next
    }

    #[allow(clippy::cast_possible_truncation, reason = "ticks within a few million of the start")]
    fn price(ticks: f64) -> Price {
        Price::new(START + libm::round(ticks) as i64)
    }

    /// One unit on every side that has none.
    fn quote(&mut self) {
        for side in Side::BOTH {
            if self.quotes[side.index()].is_none() {
                let id = self.id();
                let price = Self::price(self.value - self.half_spread * side.sign() as f64);
                let order = NewOrder::limit(id, BOOK, side, price, UNIT);
                self.engine.submit(Timestamp::START, PROVIDER, &order, &mut deaf);
                self.quotes[side.index()] = Some(id);
            }
        }
    }

    /// Both quotes, as far as they stand.
    fn withdraw(&mut self) {
        for id in self.quotes.iter_mut().filter_map(Option::take) {
            self.engine.cancel(Some(PROVIDER), id, &mut deaf);
        }
    }

    fn take(&mut self, account: AccountId, side: Side, limit: Price, till: &mut Till<'_>) {
        let id = self.id();
        let order = NewOrder { tif: TimeInForce::Ioc, ..NewOrder::limit(id, BOOK, side, limit, UNIT) };
        till.taken = false;
        self.engine.submit(Timestamp::START, account, &order, till);
        if till.taken {
            self.quotes[side.opposite().index()] = None;
        }
    }

    /// If the value has strayed it moves back, and what stood around it goes; quotes are made anew before anything happens.
    fn recentre(&mut self) {
        if self.value.abs() > (START / 2) as f64 {
            self.withdraw();
            self.value = 0.0;
        }
    }
}

/// Who comes first to a race in continuous trading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speed {
    /// Anybody, with equal chance.
    Equal,
    /// The provider, always: it is strictly faster.
    ProviderFirst,
}

/// Plays continuous trading with quotes at `half_spread` (in the unit of the jumps).
pub fn play_continuous(arena: &Arena, speed: Speed, half_spread: f64, events: u64, rng: &mut ChaCha8Rng) -> Played {
    let players = arena.players as usize;
    let scale = TICKS / arena.law.mean();
    let unscale = arena.law.mean();
    let mut table = Table::new(half_spread * scale);
    let mut played = Played::nothing_yet(events, players);
    let investor_share = arena.investors / (arena.investors + arena.jumps);
    let mut order: Vec<u32> = (0..arena.players).collect();
    let mut profit = vec![0.0; players];
    table.quote();
    for _ in 0..events {
        profit.fill(0.0);
        let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
        let mut worth = 0.0;
        if rng.random::<f64>() < investor_share {
            played.investors += 1;
            let mut till = Till { value: table.value, profit: &mut profit, taken: false };
            let limit = Table::price(table.value + 2.0 * table.half_spread * side.sign() as f64);
            table.take(AccountId(arena.players), side, limit, &mut till);
        } else {
            let jump = arena.law.draw(rng) * scale;
            table.value += jump * side.sign() as f64;
            let is_race = jump > table.half_spread;
            if is_race {
                played.races += 1;
                worth = (jump - table.half_spread) / scale;
            }
            let mut till = Till { value: table.value, profit: &mut profit, taken: false };
            let limit = Table::price(table.value);
            if speed == Speed::Equal {
                shuffle(&mut order, rng);
            }
            let mut is_lost = false;
            for &player in &order {
                if player == 0 {
                    // Both quotes are stale; the one that the jump made cheap is raced for.
                    table.withdraw();
                } else if is_race {
                    table.take(AccountId(player), side, limit, &mut till);
                    is_lost |= till.taken;
                }
            }
            played.lost += u64::from(is_lost);
        }
        table.recentre();
        table.quote();
        // The till counts in units of the mean jump.
        profit.iter_mut().for_each(|gain| *gain *= unscale);
        played.count(&profit, worth);
    }
    played
}

/// Plays frequent batch auctions: the provider's cancel reaches the venue `edge` later than the snipers' orders, an interval takes
/// `interval` (same unit of time), and a jump comes at any moment of it with equal chance. Only races are played.
pub fn play_batches(
    arena: &Arena,
    half_spread: f64,
    [interval, edge]: [f64; 2],
    races: u64,
    rng: &mut ChaCha8Rng,
) -> Played {
    let players = arena.players as usize;
    let scale = TICKS / arena.law.mean();
    let mut played = Played { races, ..Played::nothing_yet(races, players) };
    let mut profit = vec![0.0; players];
    let mut table = Table::new(half_spread * scale);
    table.engine.set_phase(Phase::Auction, &mut deaf);
    for _ in 0..races {
        profit.fill(0.0);
        table.quote();
        // A jump that is worth racing for.
        let jump = loop {
            let jump = arena.law.draw(rng) * scale;
            if jump > table.half_spread {
                break jump;
            }
        };
        let side = if rng.random::<bool>() { Side::Buy } else { Side::Sell };
        table.value += jump * side.sign() as f64;
        let left = rng.random::<f64>() * interval;
        let limit = Table::price(table.value);
        let mut bids = Vec::with_capacity(players);
        for player in 1..arena.players {
            let id = table.id();
            let order = NewOrder::limit(id, BOOK, side, limit, UNIT);
            table.engine.submit(Timestamp::START, AccountId(player), &order, &mut deaf);
            bids.push(id);
        }
        if left >= edge {
            table.withdraw();
        }
        let mut till = Till { value: table.value, profit: &mut profit, taken: false };
        table.engine.cross(&mut till);
        if till.taken {
            played.lost += 1;
            table.quotes[side.opposite().index()] = None;
        }
        // What did not trade is taken away; an auction order of a sniper is for this batch alone.
        for id in bids {
            table.engine.cancel(None, id, &mut deaf);
        }
        table.withdraw();
        table.recentre();
        profit.iter_mut().for_each(|gain| *gain *= arena.law.mean());
        played.count(&profit, (jump - table.half_spread) / scale);
    }
    played
}

/// Fisher and Yates: every order with equal chance.
fn shuffle(order: &mut [u32], rng: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        let other = rng.random_range(0..=last as u64);
        order.swap(last, usize::try_from(other).expect("an index"));
    }
}

impl Played {
    fn nothing_yet(events: u64, players: usize) -> Self {
        let zero = || vec![0.0; players];
        Self { events, profit: zero(), squares: zero(), with_worth: zero(), ..Self::default() }
    }

    fn count(&mut self, profit: &[f64], worth: f64) {
        let snipers = profit.len().max(2) - 1;
        let difference = profit[0] - profit[1..].iter().sum::<f64>() / snipers as f64;
        self.difference[0] += difference;
        self.difference[1] += difference * difference;
        self.worth[0] += worth;
        self.worth[1] += worth * worth;
        for (player, gain) in profit.iter().enumerate() {
            self.profit[player] += gain;
            self.squares[player] += gain * gain;
            self.with_worth[player] += gain * worth;
        }
    }

    /// Mean of an event and its standard error, of the provider's profit less the mean sniper's.
    pub fn difference(&self) -> [f64; 2] {
        let n = self.events as f64;
        let mean = self.difference[0] / n;
        [mean, ((self.difference[1] / n - mean * mean).max(0.0) / n).sqrt()]
    }

    /// Mean of an event of a player's profit and its standard error. What investors paid is known exactly for their number, and what
    /// races were worth has a known mean, `expected_worth` an event: both are used as control variates, for what is asked is who gets it.
    pub fn profit(&self, player: usize, half_spread: f64, investor_share: f64, expected_worth: f64) -> [f64; 2] {
        let n = self.events as f64;
        let paid = if player == 0 { half_spread } else { 0.0 };
        let raw = self.profit[player] / n - paid * (self.investors as f64 / n - investor_share);
        let (mean_worth, mean) = (self.worth[0] / n, self.profit[player] / n);
        let variance_of_worth = self.worth[1] / n - mean_worth * mean_worth;
        let covariance = self.with_worth[player] / n - mean * mean_worth;
        // Of an event that is a race; an investor's event has neither worth nor luck once its number is taken out.
        let slope = if variance_of_worth > 0.0 {
            (covariance - paid_covariance(paid, self, n)) / variance_of_worth
        } else {
            0.0
        };
        let adjusted = raw - slope * (mean_worth - expected_worth);
        let race_square = self.squares[player] / n - paid * paid * self.investors as f64 / n;
        let race_mean = mean - paid * self.investors as f64 / n;
        let race_variance = race_square - race_mean * race_mean;
        let left = race_variance - slope * slope * variance_of_worth;
        [adjusted, (left.max(0.0) / n).sqrt()]
    }
}

/// Covariance of what investors paid with what races were worth: they exclude each other.
fn paid_covariance(paid: f64, played: &Played, n: f64) -> f64 {
    -(paid * played.investors as f64 / n) * (played.worth[0] / n)
}
