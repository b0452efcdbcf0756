//! A venue, a crowd, one strategy: `cargo run --release -p hft-core --example hello_market`.

use hft_core::prelude::*;

/// Quotes two ticks around the midpoint, one lot a side.
struct Hello(BookId);

impl Strategy for Hello {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        let Event::Market(_) = event else { return };
        let Some(mid) = desk.view(self.0).and_then(|view| view.mid()) else { return };
        for side in Side::BOTH {
            let price = side.more_passive(side.round_passive(mid), Ticks::new(2));
            let inventory = desk.position(self.0.instrument).count() * side.sign();
            let target = price.filter(|_| inventory < 10).map(|price| Quote { price, qty: Qty::new(1) });
            desk.quote(self.0, side, target);
        }
    }
}

/// The market, and the account whose profit is explained at the end.
pub fn market() -> anyhow::Result<(World<Simulated>, AccountId)> {
    let mut world = World::<Simulated>::new(7);
    let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
    CrowdConfig::default().join(&mut world, book, Price::new(10_000))?;

    let desk = world.account("desk", Limits::default())?;
    let hello = world.trader("hello", desk, Hello(book))?;
    world.connect(hello, book, Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Levels(5))))?;
    world.blotter(PrintFills, Nanos::from_secs(1))?;
    world.watch(desk)?;

    Ok((world, desk))
}

fn main() -> anyhow::Result<()> {
    let (world, desk) = market()?;
    let mut ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(30));
    let digest = ran.digest();
    ran.outcome?;
    close_books(&mut ran.nodes, ran.ended)?;
    let pnl = ran.nodes.iter().find_map(Node::as_blotter).expect("the world has one").summaries(desk)?[0].parts;
    println!(
        "spread {} + adverse selection {} + inventory {} + fees {} = {}",
        pnl.spread.decimal(),
        pnl.adverse.decimal(),
        pnl.inventory.decimal(),
        pnl.fees.decimal(),
        pnl.total().decimal(),
    );
    println!("{} deliveries, digest {}", ran.stats.deliveries, digest);
    Ok(())
}
