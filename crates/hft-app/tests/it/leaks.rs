//! A strategy that knows the future is found out, whatever the future it knows; an honest one is not accused.

use hft_app::config::{Described, Kind, Knob};
use hft_app::exit::Exit;
use hft_app::testing::CommandLine;
use hft_app::{Parts, Pattern, Scenario};
use hft_core::flow::Fundamental;
use hft_core::prelude::*;
use serde::{Deserialize, Serialize};

/// Trades towards the value that it believes in.
struct Trader {
    book: BookId,
    /// Every value there will be, for one who peeks; nobody tells an honest trader.
    future: Option<Box<dyn Iterator<Item = (Timestamp, News)> + Send>>,
    /// How far it looks ahead.
    ahead: Nanos,
    value: Option<HalfTicks>,
}

impl Strategy for Trader {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let Event::Market(_) = event else { return };
        while let Some(future) = &mut self.future
            && let Some((time, News::Value { value, .. })) = future.next()
        {
            self.value = Some(value);
            if time >= desk.now() + self.ahead {
                break;
            }
        }
        let Some(mid) = desk.view(self.book).and_then(|view| view.mid()) else { return };
        // Who knows nothing tosses a coin, which lies on the market's floor.
        let up = self.value.map_or(mid.count() % 2 == 0, |value| value > mid);
        let side = if up { Side::Buy } else { Side::Sell };
        let position = desk.position(self.book.instrument).count();
        if desk.working().is_empty() && position * side.sign() < 5 {
            desk.submit(NewOrder::market(OrderId(0), self.book, side, Qty::new(1)));
        }
    }
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Peek {
    peek: bool,
}

impl Described for Peek {
    fn knobs() -> Vec<Knob> {
        vec![Knob::new("peek", Kind::Flag)]
    }
}

struct Peeker;

impl Pattern for Peeker {
    type Config = Peek;
    type Market = CrowdConfig;
    const NAME: &'static str = "hft-peeker";
    const TABLE: &'static str = "passive_mm";
    const ABOUT: &'static str = "Looks a second ahead, or not.";

    fn scenario(parts: Parts<'_, Peek, CrowdConfig>) -> anyhow::Result<Scenario> {
        let Parts { seed, config, market, limits } = parts;
        let first = Price::new(10_000);
        let mut world = World::<Simulated>::new(seed);
        let xsim = world.venue("XSIM", VenueConfig::default())?;
        let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
        let book = world.list(xsim, x, BookRules::default(), first)?;
        market.join(&mut world, book, first)?;
        let name = format!("value/{}", book.instrument);
        let path = Fundamental::new(market.fundamental, book.instrument, first, market.dice(seed, &name));
        let future: Option<Box<dyn Iterator<Item = (Timestamp, News)> + Send>> =
            if config.peek { Some(Box::new(path)) } else { None };
        let desk = world.account("desk", limits)?;
        let trader = Trader { book, future, ahead: Nanos::from_secs(1), value: None };
        let trader = world.trader("trader", desk, trader)?;
        let latency = Nanos::from_micros(100);
        world.connect(trader, book, Connection::symmetric(latency, Feed::every_change(Depth::Levels(1))))?;
        let (horizon, inventory_limit, side) = (Nanos::from_secs(1), None, None);
        Ok(Scenario { world, desk, horizon, inventory_limit, shortest_latency: latency, side })
    }
}

const CLI: CommandLine<Peeker> = CommandLine::new();

#[test]
fn who_peeks_is_found_out() {
    CLI.check(&[
        ("leak-test --duration 20s", Exit::Ok, "No decision knew of the future"),
        ("leak-test --duration 20s --json", Exit::Ok, "\"parted_s\": 5."),
        ("leak-test --duration 20s --set passive_mm.peek=true", Exit::Honesty, "the future leaked"),
        ("leak-test --duration 20s --at 25s", Exit::Usage, "before the end of the run"),
    ]);
}

/// Of every market: until the fork nothing is another, after it everything is.
#[test]
fn an_honest_trader_is_honest_in_every_market() {
    for model in ["cst", "santa-fe", "queue-reactive", "hawkes", "balanced-queues", "ecology"] {
        let line = format!("leak-test --duration 12s --at 6s --json --set market.model={model}");
        let (exit, out, err) = CLI.run(&line);
        assert_eq!(exit, Exit::Ok, "{model}: {err}");
        assert!(!out.contains("null"), "{model}: the other future is noticed: {out}");
    }
}
