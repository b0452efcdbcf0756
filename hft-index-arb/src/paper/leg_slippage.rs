//! Two legs are sent at once, and one arrives later: by how much its price has moved, on a real venue with real latencies.

use super::quoted::Quoter;
use super::{ERRORS, SEED, told};
use crate::model::slippage::expected;
use anyhow::Context;
use hft_app::paper::{PaperReport, PaperRow, Sample, check};
use hft_core::account::{FillLine, FillLog};
use hft_core::flow::{Fundamental, FundamentalConfig};
use hft_core::prelude::*;
use hft_core::world::stream;

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct SlippageTable {
    /// Volatility, ticks a square root of a second.
    pub sigma: f64,
    /// How much later the second leg arrives, ms; one row each.
    pub later_ms: Vec<u64>,
    /// Trades of two legs.
    pub trades: u64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for SlippageTable {
    fn default() -> Self {
        Self { sigma: 200.0, later_ms: vec![1, 2, 4, 8, 16], trades: 20_000, seed: SEED }
    }
}

/// The first price, ticks: far from zero.
const FIRST: Price = Price::new(1_000_000_000);

/// The mean size of the move against the law.
///
/// # Errors
/// When a parameter is out of range, or the venue cannot be run.
pub fn leg_slippage(table: &SlippageTable) -> anyhow::Result<PaperReport> {
    let SlippageTable { sigma, later_ms, trades, seed } = table;
    // Below it the price's ticks are seen, above it the price leaves its range.
    check("sigma", *sigma, [20.0, 1e5])?;
    check("rows", later_ms.len() as f64, [1.0, 64.0])?;
    later_ms.iter().try_for_each(|ms| check("later", *ms as f64, [1.0, 10_000.0]))?;
    check("trades", *trades as f64, [100.0, 1e6])?;
    let mut rows = Vec::new();
    for &ms in later_ms {
        let Sample { mean, error } = Sample::of(&slips(table, ms)?);
        let row = PaperRow::new("mean size of what a later leg slips, ticks", format!("{ms} ms later"), mean);
        let exact = expected(*sigma, ms as f64 / 1e3);
        rows.push(row.exact(exact).standard_error(error).within(ERRORS * error));
    }
    Ok(PaperReport {
        name: "leg-slippage".to_owned(),
        citation: "E|N(0, sigma^2 tau)| = sigma sqrt(2 tau / pi); latency and its cost: Moallemi & Sağlam (2013), Operations Research 61(5) 1070".to_owned(),
        rows,
        notes: vec![
            format!("{trades} trades of two legs each, {sigma} ticks a root second, seed {}; gate: {ERRORS} standard errors.", told(*seed)),
            "Both legs buy from one book; what is compared is the midpoint that each met.".to_owned(),
        ],
    })
}

/// A lot bought at each turn of a timer.
struct Buyer {
    book: BookId,
    every: Nanos,
    between: Nanos,
}

impl Strategy for Buyer {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            // Between two steps of the price, so that it is clear how many of them lie between the legs.
            Event::Start => desk.wake_at(desk.now() + self.every + self.between, 0),
            Event::Wake(_) => {
                desk.submit(NewOrder {
                    tif: TimeInForce::Ioc,
                    ..NewOrder::limit(OrderId(0), self.book, Side::Buy, Price::new(2 * FIRST.ticks()), Qty::new(1))
                });
                desk.wake_at(desk.now() + self.every, 0);
            }
            Event::Market(_) | Event::News(_) | Event::Report(_) | Event::Refused(_) => {}
        }
    }
}

/// Midpoints that the fills of each account met, in half ticks.
#[derive(Default)]
struct Met([Vec<i128>; 2]);

impl FillLog for Met {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        self.0[usize::from(line.record.account.0 == LATER)].push(line.record.fill.mid.count());
        Ok(())
    }
}

/// The number of the account whose orders come later: after the quoter's, and the other's.
const LATER: u32 = 2;

/// By how much each second leg slipped, as a size in ticks.
fn slips(table: &SlippageTable, ms: u64) -> anyhow::Result<Vec<f64>> {
    // The price steps four times between the legs where that is possible, and trades do not overlap.
    let step_ms = if ms.is_multiple_of(4) { ms / 4 } else { ms };
    let every = Nanos::from_millis(ms + 2 * step_ms);
    let between = Nanos::from_micros(step_ms * 500);
    let mut world = World::<Simulated>::new(table.seed);
    let venue = world.venue("ONE", VenueConfig::default())?;
    let contract =
        Instrument::new("ONE", "USD", Decimal::new(1, 6), Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
    let book = world.list(venue, contract, BookRules::default(), FIRST)?;
    let feed = Feed::every_change(Depth::Top);
    let makers = world.account("maker/account", Limits::default())?;
    let quoter = world.trader("maker", makers, Quoter(book))?;
    world.connect(quoter, book, Connection::symmetric(Nanos::ZERO, feed))?;
    let law = FundamentalConfig {
        reversion_per_s: 0.0,
        volatility: table.sigma,
        jumps_per_s: 0.0,
        step_ms: 1,
        ..FundamentalConfig::default()
    };
    let path = Fundamental::new(law, book.instrument, FIRST, stream(table.seed, &format!("price/{ms}")));
    let tape = world.tape("prices", path)?;
    world.inform(quoter, tape, Latency::NONE)?;
    world.blotter(Met::default(), Nanos::from_secs(1))?;
    for (name, latency) in [("first", Nanos::ZERO), ("second", Nanos::from_millis(ms))] {
        let account = world.account(&format!("{name}/account"), Limits::default())?;
        let buyer = world.trader(name, account, Buyer { book, every, between })?;
        let orders = Latency::constant(latency);
        world.connect(buyer, book, Connection { orders, ..Connection::symmetric(Nanos::ZERO, feed) })?;
        world.watch(account)?;
    }
    let span = every.count().saturating_mul(table.trades + 2);
    let ran = world.lockstep().run(Timestamp::START + Nanos::new(span));
    ran.outcome?;
    let blotter = ran.nodes.into_iter().find_map(Node::into_blotter).context("the world has a blotter")?;
    let Met([first, second]) = blotter.into_log().context("the blotter keeps the fills")?;
    Ok(first.iter().zip(&second).map(|(first, second)| (second - first).abs() as f64 / 2.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_slips_with_the_root_of_its_delay() {
        let table = SlippageTable { later_ms: vec![1, 9], trades: 4_000, ..SlippageTable::default() };
        let report = leg_slippage(&table).expect("in range");
        assert!(report.passes(), "{report}");
        let ratio = report.rows[1].ours / report.rows[0].ours;
        assert!((ratio - 3.0).abs() < 0.2, "nine times as late, three times as far: {ratio}");
    }
}
