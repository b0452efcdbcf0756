//! tmp
use hft_core::prelude::*;
use hft_core::world::Node;
fn main() -> anyhow::Result<()> {
    let secs: u64 = std::env::args().nth(1).map_or(600, |s| s.parse().unwrap());
    let mut world = World::<Simulated>::new(7);
    let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
    let xsim = world.venue("XSIM", VenueConfig::default())?;
    let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
    CrowdConfig::default().join(&mut world, book, Price::new(10_000))?;
    struct Probe(BookId, u64, i64, i64, i64);
    impl Strategy for Probe {
        fn on_event(&mut self, e: &Event, d: &mut Desk<'_>) {
            if matches!(e, Event::Start | Event::Wake(_)) {
                d.wake_at(d.now() + Nanos::from_millis(100), 0);
                let v = d.view(self.0).unwrap();
                if let (Some(b), Some(a)) = (v.best(Side::Buy), v.best(Side::Sell)) {
                    self.1 += 1;
                    self.2 += (a.price - b.price).count();
                    self.3 += b.qty.lots();
                    if self.1 % 100 == 0 {
                        println!(
                            "{} mid {} spread {} mean {:.2} bidqty {:.1} levels {:?}",
                            d.now().to_secs_f64(),
                            v.mid().unwrap().count() as f64 / 2.,
                            (a.price - b.price).count(),
                            self.2 as f64 / self.1 as f64,
                            self.3 as f64 / self.1 as f64,
                            v.levels(Side::Buy).map(|q| (q.price.ticks(), q.qty.lots())).collect::<Vec<_>>()
                        );
                    }
                } else {
                    self.4 += 1;
                }
            }
        }
    }
    let desk = world.account("desk", Limits::default())?;
    let hello = world.trader("hello", desk, Probe(book, 0, 0, 0, 0))?;
    world.connect(hello, book, Connection::symmetric(Nanos::from_micros(200), Feed::every_change(Depth::Levels(5))))?;
    let t = std::time::SystemTime::now();
    let ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(secs));
    let dt = t.elapsed()?.as_secs_f64();
    println!(
        "{:?} {:?} {} deliveries/s {:.2} M  {:.3}s digest {}",
        ran.outcome,
        ran.stats,
        ran.stats.deliveries,
        ran.stats.deliveries as f64 / dt / 1e6,
        dt,
        ran.digest()
    );
    for n in &ran.nodes {
        if let Node::Account(a) = n {
            println!(
                "{:?} pos {:?} equity {:?}",
                a.id(),
                a.ledger().position(InstrumentId(0)),
                a.ledger().equity().decimal()
            );
        }
    }
    Ok(())
}
