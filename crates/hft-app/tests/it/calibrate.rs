//! Markets whose parameters are known, written down as recordings and fitted: the parameters come out again.

use hft_app::interrupt::Interrupt;
use hft_app::market::calibrate::{Fitted, fitted};
use hft_app::transcript::Transcript;
use hft_core::flow::NoiseConfig;
use hft_core::prelude::*;
use hft_data::formats::events_csv::CsvWriter;
use hft_data::{Body, Event, InstrumentIndex, Instruments, OrderRef, Resting, UnixNanos};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

fn near(what: &str, is: f64, was: f64, share: f64) {
    assert!((is / was - 1.0).abs() < share, "{what} was {was}, and {is} was found");
}

/// Fits what somebody writes.
fn fit_of(write: impl FnOnce(&mut dyn FnMut(&Event, &Instruments))) -> Fitted {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("events.csv");
    let mut csv = CsvWriter::new(std::fs::File::create(&path).expect("writable")).expect("writable");
    write(&mut |event, instruments| csv.write(event, instruments).expect("writable"));
    csv.finish().expect("writable");
    fitted(&path, None, &Interrupt::default()).expect("orders")
}

/// The default market without makers and without anybody who knows: what is left are the uninformed, whose rates stand in the
/// configuration.
#[test]
fn the_rates_of_a_simulated_crowd_are_found_again() {
    let noise = NoiseConfig {
        limits_per_s: 30.0,
        cancels_per_s: 0.25,
        least_distance: 8,
        mean_distance: 20.0,
        mean_size: 5.0,
        initial_levels: 40,
    };
    let crowd = CrowdConfig {
        noise,
        makers: 0,
        takers_per_s: 4.0,
        informed_fraction: 0.0,
        latency_us: 1,
        ..CrowdConfig::default()
    };
    let mut world = World::<Simulated>::new(5);
    let cent = "0.01".parse().expect("a tick");
    let x = Instrument::new("X", "USD", cent, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("allowed");
    let venue = world.venue("XSIM", VenueConfig::default()).expect("one");
    let book = world.list(venue, x, BookRules::default(), Price::new(10_000)).expect("listed");
    crowd.join(&mut world, book, Price::new(10_000)).expect("one crowd");
    world.keep_events();
    let fit = fit_of(|write| {
        let sink = |event: &Event, instruments: &Instruments| {
            write(event, instruments);
            Ok(())
        };
        let begins = UnixNanos::new(1_000_000_000_000_000_000);
        let mut transcript = Transcript::new(&world.directory(), begins, sink).expect("a short name");
        let ran = world.lockstep().run_observed(Timestamp::START + Nanos::from_secs(1_800), &mut transcript);
        ran.outcome.expect("it ran");
    })
    .crowd;
    near("limits_per_s", fit.limits_per_s, 30.0, 0.03);
    near("cancels_per_s", fit.cancels_per_s, 0.25, 0.03);
    near("takers_per_s", fit.takers_per_s, 4.0, 0.05);
    near("mean_size", fit.mean_size, 5.0, 0.03);
    near("least_distance", fit.least_distance, 8.0, 0.13);
    near("mean_distance", fit.mean_distance, 20.0, 0.08);
}

/// A bid side beside one vast offer at a price that never moves.
struct Queues {
    rng: ChaCha8Rng,
    time: f64,
    next: u64,
    /// Orders at each price, oldest first.
    levels: BTreeMap<i64, Vec<u64>>,
    instruments: Instruments,
}

const ASK: i64 = 1_000;

impl Queues {
    fn open(write: &mut dyn FnMut(&Event, &Instruments)) -> Self {
        let mut instruments = Instruments::default();
        instruments.index_of("X", "0.01".parse().expect("a step"), Decimal::ONE).expect("room");
        let rng = ChaCha8Rng::seed_from_u64(2_010);
        let queues = Self { rng, time: 1e6, next: 1, levels: BTreeMap::new(), instruments };
        queues.say(Body::Add { order: OrderRef(0), side: Side::Sell, price: Price::new(ASK), qty: Qty::new(1) }, write);
        queues
    }

    fn say(&self, body: Body, write: &mut dyn FnMut(&Event, &Instruments)) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a moment")]
        let time = UnixNanos::new((self.time * 1e9) as u64);
        write(&Event::at(time, InstrumentIndex(0), body), &self.instruments);
    }

    /// Waits at the sum of the rates, and picks one of them.
    fn pick(&mut self, rates: &[f64]) -> usize {
        let total: f64 = rates.iter().sum();
        self.time -= libm::log(1.0 - self.rng.random::<f64>()) / total;
        let mut draw = self.rng.random::<f64>() * total;
        rates
            .iter()
            .position(|rate| {
                (draw < *rate) || {
                    draw -= rate;
                    false
                }
            })
            .unwrap_or(rates.len() - 1)
    }

    fn add(&mut self, price: i64, write: &mut dyn FnMut(&Event, &Instruments)) {
        self.levels.entry(price).or_default().push(self.next);
        let order = OrderRef(self.next);
        self.say(Body::Add { order, side: Side::Buy, price: Price::new(price), qty: Qty::new(1) }, write);
        self.next += 1;
    }

    fn take(&mut self, price: i64, traded: bool, write: &mut dyn FnMut(&Event, &Instruments)) {
        let Some(level) = self.levels.get_mut(&price) else { return };
        let order = OrderRef(level.remove(0));
        if level.is_empty() {
            self.levels.remove(&price);
        }
        let (qty, resting) = (Qty::new(1), Some(Resting { side: Side::Buy, price: Price::new(price) }));
        let body = if traded { Body::Execute { order, qty, resting } } else { Body::Delete { order, qty, resting } };
        self.say(body, write);
    }
}

/// Cont, Stoikov and Talreja's flow on one side: the offers, one order, tell nothing and take no part.
#[test]
fn rates_by_distance_are_found_again() {
    let price = |d: usize| ASK - 1 - i64::try_from(d).expect("few");
    let (lambda, theta, mu) = ([3.0, 2.0, 1.5, 1.0, 0.5], [0.5, 0.4, 0.3, 0.2, 0.1], 0.9);
    let fit = fit_of(|write| {
        let mut queues = Queues::open(write);
        for _ in 0..100_000 {
            let standing = |d: usize| queues.levels.get(&price(d)).map_or(0, Vec::len) as f64;
            let mut rates: Vec<f64> = lambda.to_vec();
            rates.extend((0..5).map(|d| theta[d] * standing(d)));
            rates.push(if queues.levels.is_empty() { 0.0 } else { mu });
            match queues.pick(&rates) {
                d @ 0..5 => queues.add(price(d), write),
                d @ 5..10 => queues.take(price(d - 5), false, write),
                _ => {
                    let best = queues.levels.last_key_value().map(|(price, _)| *price).expect("one stands");
                    queues.take(best, true, write);
                }
            }
        }
    });
    assert_eq!((fit.spacing, fit.unit), (1, 1));
    // Rates are of a side, and one of two sides is silent.
    for (fit, was) in fit.cst.lambda.iter().zip(lambda) {
        near("lambda", 2.0 * fit, was, 0.05);
    }
    // The silent offer stands one step from the best bid, and is never cancelled: there it dilutes the rate.
    for (fit, was) in fit.cst.theta.iter().zip(theta).skip(1) {
        near("theta", *fit, was, 0.08);
    }
    near("mu", 2.0 * fit.cst.mu, mu, 0.06);
}

/// One queue whose rates depend on its length; behind it stands one order that never goes, so that it never empties the book.
#[test]
fn rates_by_length_of_the_queue_are_found_again() {
    let limits = |n: usize| 4.0 / (1.0 + 0.2 * n as f64);
    let cancels = |n: usize| 0.3 * n as f64;
    let markets = |n: usize| 1.0 + 0.1 * n as f64;
    let fit = fit_of(|write| {
        let mut queues = Queues::open(write);
        queues.add(ASK - 9, write);
        queues.add(ASK - 1, write);
        for _ in 0..150_000 {
            let n = queues.levels.get(&(ASK - 1)).map_or(0, Vec::len);
            let leaves = if n == 0 { [0.0; 2] } else { [cancels(n), markets(n)] };
            match queues.pick(&[limits(n), leaves[0], leaves[1]]) {
                0 => queues.add(ASK - 1, write),
                1 => queues.take(ASK - 1, false, write),
                _ => queues.take(ASK - 1, true, write),
            }
        }
    });
    let fit = fit.queue_reactive;
    // From two on: at one, the queue behind is the first now and then. The silent offer is a queue of one.
    for n in 2..8 {
        near("limits", fit.limits[0][n], limits(n), 0.05);
        near("cancels", fit.cancels[0][n - 1], cancels(n), 0.08);
        near("markets", fit.markets[0][n - 1], markets(n), 0.08);
    }
}
