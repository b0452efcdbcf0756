//! Two venues print one price at times of their own: what a grid sees of their correlation, and what overlapping changes see.
//!
//! Both venues are real: each print is a sell that rests and a buy that takes it, and what is analysed are the venues' own records of trades.

use super::quoted::Printer;
use super::{SEED, told};
use crate::model::epps::{previous_tick, share};
use anyhow::Context;
use hft_app::paper::{PaperReport, PaperRow, check};
use hft_app::statistics::hayashi_yoshida::{Seen, correlation};
use hft_core::account::{FillLine, FillLog};
use hft_core::prelude::*;
use hft_core::world::{TradeRecord, draws};
use rand_chacha::ChaCha8Rng;

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct EppsTable {
    /// Prints a second at each venue.
    pub rates: [f64; 2],
    /// Correlation of the two prices.
    pub rho: f64,
    /// Sampling intervals, s.
    pub intervals: Vec<f64>,
    /// Market time, s.
    pub seconds: f64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for EppsTable {
    fn default() -> Self {
        let intervals = vec![0.5, 1.0, 2.0, 5.0, 10.0];
        Self { rates: [1.0; 2], rho: 1.0, intervals, seconds: 200_000.0, seed: SEED }
    }
}

const TOLERANCE: f64 = 0.01;

/// The first price of both, ticks: far from zero.
const FIRST: f64 = 1e9;

/// Volatility, ticks a square root of a second: so that rounding to ticks is nothing.
const VOLATILITY: f64 = 1e3;

/// The correlation on every grid against the formula, and that of Hayashi & Yoshida.
///
/// # Errors
/// When a parameter is out of range, or the venues cannot be run.
pub fn epps(table: &EppsTable) -> anyhow::Result<PaperReport> {
    let EppsTable { rates, rho, intervals, seconds, seed } = table;
    rates.iter().try_for_each(|rate| check("rate", *rate, [1e-3, 1e4]))?;
    check("rho", *rho, [-1.0, 1.0])?;
    check("intervals", intervals.len() as f64, [1.0, 64.0])?;
    let most = seconds / 100.0;
    intervals.iter().try_for_each(|interval| check("interval", *interval, [1e-3, most]))?;
    check("seconds", *seconds, [100.0, 1e7])?;
    check("prints", seconds * (rates[0] + rates[1]), [1_000.0, 1e7])?;
    let [x, y] = printed(table)?;
    let mut rows = Vec::new();
    for &interval in intervals {
        let (found, exact) = (previous_tick(&x, &y, interval), rho * share(*rates, interval));
        let error = (1.0 - found * found) / (seconds / interval).sqrt();
        let label = format!("sampled every {interval} s");
        let row = PaperRow::new("correlation of the last prices on a grid", label, found);
        rows.push(row.exact(exact).standard_error(error).within(TOLERANCE));
    }
    let row = PaperRow::new("of all changes that overlap", "Hayashi & Yoshida", correlation(&x, &y));
    rows.push(row.exact(*rho).within(TOLERANCE));
    Ok(PaperReport {
        name: "epps".to_owned(),
        citation:
            "Epps (1979), J. American Statistical Association 74 291; Hayashi & Yoshida (2005), Bernoulli 11(2) 359"
                .to_owned(),
        rows,
        notes: vec![
            format!(
                "Two venues print at Poisson times, {} and {} a second; the prices' correlation is {rho}; no bounce, fine ticks.",
                rates[0], rates[1]
            ),
            format!("{} and {} trades in {seconds} s of market time, seed {}.", x.len(), y.len(), told(*seed)),
        ],
    })
}

/// The trades of both venues.
fn printed(table: &EppsTable) -> anyhow::Result<[Vec<Seen>; 2]> {
    let mut world = World::<Simulated>::new(table.seed);
    let (mut traders, mut books) = (Vec::new(), Vec::new());
    for name in ["ONE", "TWO"] {
        let venue = world.venue(name, VenueConfig::default())?;
        let tick = Decimal::new(1, 6);
        let contract = Instrument::new(name, "USD", tick, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
        #[allow(clippy::cast_possible_truncation, reason = "a billion")]
        let book = world.list(venue, contract, BookRules::default(), Price::new(FIRST as i64))?;
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let printer = world.trader(&format!("{name}/printer"), account, Printer(book))?;
        world.connect(printer, book, Connection::symmetric(Nanos::ZERO, Feed::every_change(Depth::Top)))?;
        traders.push((printer, account));
        books.push(book.instrument);
    }
    let clocks = Clocks::new(table, [books[0], books[1]], &world);
    let tape = world.tape("prices", clocks)?;
    world.blotter(Trades::default(), Nanos::from_secs(1))?;
    for (printer, account) in traders {
        world.inform(printer, tape, Latency::NONE)?;
        world.watch(account)?;
    }
    let ran = world.lockstep().run(Timestamp::START + Nanos::from_secs_f64(table.seconds));
    ran.outcome?;
    let blotter = ran.nodes.into_iter().find_map(Node::into_blotter).context("the world has a blotter")?;
    let trades: Trades = blotter.into_log().context("the blotter keeps the trades")?;
    Ok(trades.0)
}

/// Keeps every trade of each venue.
#[derive(Default)]
struct Trades([Vec<Seen>; 2]);

impl FillLog for Trades {
    fn fill(&mut self, _: &FillLine) -> anyhow::Result<()> {
        Ok(())
    }

    fn trade(&mut self, trade: &TradeRecord) -> anyhow::Result<()> {
        let seen = Seen { time: trade.time.to_secs_f64(), price: trade.price.ticks() as f64 };
        self.0[usize::from(trade.book.venue.0)].push(seen);
        Ok(())
    }
}

/// When each venue prints, and where its price is then.
struct Clocks {
    rates: [f64; 2],
    rho: f64,
    instruments: [InstrumentId; 2],
    next_s: [f64; 2],
    at_s: f64,
    prices: [f64; 2],
    rng: ChaCha8Rng,
}

impl Clocks {
    fn new(table: &EppsTable, instruments: [InstrumentId; 2], world: &World<Simulated>) -> Self {
        let EppsTable { rates, rho, .. } = *table;
        let mut rng = world.stream("clocks");
        let next_s = rates.map(|rate| draws::exponential(&mut rng) / rate);
        Self { rates, rho, instruments, next_s, at_s: 0.0, prices: [FIRST; 2], rng }
    }
}

impl Iterator for Clocks {
    type Item = (Timestamp, News);

    fn next(&mut self) -> Option<Self::Item> {
        let which = usize::from(self.next_s[1] < self.next_s[0]);
        let at_s = self.next_s[which];
        let sd = VOLATILITY * (at_s - self.at_s).sqrt();
        let [a, b] = [0, 1].map(|_| draws::normal(&mut self.rng));
        self.prices[0] += sd * a;
        self.prices[1] += sd * (self.rho * a + (1.0 - self.rho * self.rho).sqrt() * b);
        self.at_s = at_s;
        self.next_s[which] = at_s + draws::exponential(&mut self.rng) / self.rates[which];
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates; a billion, give or take")]
        let value = HalfTicks::new((self.prices[which] * 2.0).round() as i128);
        let time = Timestamp::START + Nanos::from_secs_f64(at_s);
        Some((time, News::Value { instrument: self.instruments[which], value }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn venues_that_trade_at_their_own_times_seem_correlated_less_than_they_are() {
        let table = EppsTable {
            rates: [2.0, 0.5],
            rho: -0.6,
            intervals: vec![1.0, 4.0],
            seconds: 20_000.0,
            ..EppsTable::default()
        };
        let report = epps(&table).expect("in range");
        // So short a time may miss the paper's tolerance: what it shows must be within its own error.
        for row in report.rows.iter().filter(|row| row.standard_error.is_some()) {
            let (exact, error) = (row.exact.expect("known"), row.standard_error.expect("just asked"));
            assert!((row.ours - exact).abs() < 4.0 * error, "{report}");
        }
        let overlapping = report.rows.last().expect("Hayashi & Yoshida");
        assert!((overlapping.ours + 0.6).abs() < 0.03, "{report}");
        let told = epps(&EppsTable { intervals: vec![5_000.0], ..EppsTable::default() }).expect_err("too long");
        assert!(told.to_string().contains("interval must be"), "{told}");
    }
}
