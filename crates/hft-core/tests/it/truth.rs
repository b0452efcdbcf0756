//! Who took money from whom, against what the accounts' own ledgers say, which know nothing of it.

#![allow(clippy::cast_precision_loss, reason = "statistics")]

use hft_core::account::MARKOUT_HORIZONS;
use hft_core::flow::{EcologyConfig, EcologyMix, FlowModel};
use hft_core::prelude::*;
use hft_core::world::{Directory, Ran};

const FIRST: Price = Price::new(10_000);

fn run(market: &CrowdConfig, keep: bool) -> (Directory, Ran<Node>) {
    let mut world = World::<Simulated>::new(9);
    let xsim = world.venue("XSIM", VenueConfig::default()).expect("a new name");
    let rate = |notional_ppb| FeeRate { notional_ppb, ..FeeRate::FREE };
    let fees = FeeSchedule::flat(rate(-10_000), rate(30_000));
    let tick = "0.01".parse().expect("a decimal");
    let x = Instrument::new("X", "USD", tick, Decimal::ONE, "3".parse().expect("a decimal"), fees).expect("valid");
    let book = world.list(xsim, x, BookRules::default(), FIRST).expect("listed once");
    market.join(&mut world, book, FIRST).expect("an empty world");
    if keep {
        world.keep_truth();
    }
    let who = world.directory();
    let mut ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(90));
    std::mem::replace(&mut ran.outcome, Ok(())).expect("nothing goes wrong");
    close_books(&mut ran.nodes, ran.ended).expect("conserved");
    (who, ran)
}

fn ecology() -> CrowdConfig {
    let ecology = EcologyConfig { mix: EcologyMix::Toxic, population: 1 };
    CrowdConfig { model: FlowModel::Ecology, ecology, ..CrowdConfig::default() }
}

#[test]
fn what_each_took_from_the_others_is_what_its_ledger_has() {
    for market in [CrowdConfig::default(), ecology()] {
        let (_, ran) = run(&market, true);
        let venue = ran.nodes.iter().find_map(Node::as_venue).expect("one venue");
        let (book, contract, truth) = venue.truths().next().expect("kept");
        let unit = contract.value_at(Lots::new(1), HalfTicks::new(1)).raw();
        let Some(engine) = venue.books().next() else { unreachable!("one book") };
        assert_eq!(engine.0, book);
        let mut all = 0;
        let mut traded = 0;
        for account in
            ran.nodes.iter().filter_map(|node| if let Node::Account(account) = node { Some(account) } else { None })
        {
            let (ledger, id) = (account.ledger(), account.ledger().account());
            let taken: i128 = truth.dealings().filter(|one| one.taker == id).map(|one| truth.gained(one)).sum();
            let given: i128 = truth.dealings().filter(|one| one.maker == id).map(|one| truth.gained(one)).sum();
            let worth = ledger.cash() + contract.value_at(ledger.position(book.instrument), truth.mid());
            assert_eq!(worth.raw(), (taken - given) * unit, "account {id}");
            all += taken - given;
            traded += u64::from(taken != 0 || given != 0);
        }
        assert_eq!(all, 0);
        assert!(traded > 3, "{traded} accounts gained or lost");
    }
}

#[test]
fn who_knows_takes_from_who_rests_and_noise_does_not() {
    let (who, ran) = run(&ecology(), true);
    let venue = ran.nodes.iter().find_map(Node::as_venue).expect("one venue");
    let (_, _, truth) = venue.truths().next().expect("kept");
    let after = |class: &str, horizon: usize| {
        let of = truth.dealings().filter(|one| who.class(one.taker) == class).map(|one| one.later[horizon]);
        let (lots, gained) = of.fold((0, 0), |sum, later| (sum.0 + later.lots, sum.1 + later.gained));
        assert!(lots > 0, "{class} traded");
        gained as f64 / lots as f64 / 2.0
    };
    let second = MARKOUT_HORIZONS.iter().position(|horizon| *horizon == Nanos::from_secs(1)).expect("one of them");
    assert!(
        after("sniper", second) > 0.5 && after("noise", second) < 0.0,
        "{} {}",
        after("sniper", second),
        after("noise", second)
    );
    assert_eq!(truth.unmeasured(), 0);
}

#[test]
fn keeping_it_changes_nothing() {
    assert_eq!(run(&ecology(), true).1.digest(), run(&ecology(), false).1.digest());
}
