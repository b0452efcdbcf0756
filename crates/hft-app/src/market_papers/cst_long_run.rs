//! What the book of Cont, Stoikov & Talreja does in the long run: its spread, and how much its midpoint moves.
//!
//! No solver knows these: the spread's law is that of a chain of all queues at once. Simulated on the matching engine; the clock is the mean
//! time that each event takes, which adds no noise of its own. Standard errors are of independent paths.

use super::poisson_book::{Opening, PoissonBook};
use super::{on_all_cores, stream};
use crate::paper::PaperRow;
use hft_core::flow::laws::PoissonRates;
use rand_chacha::ChaCha8Rng;

/// Paths, one stream each, that share out the events.
const PATHS: u64 = 16;
/// Streams of the tables are numbered below.
const FIRST_STREAM: u64 = 1_000_000;
/// Spreads that are told one by one, ticks.
const SPREADS: usize = 6;
/// Units of time over which changes of the midpoint are taken.
const SPANS: [f64; 3] = [0.1, 1.0, 10.0];

/// One path, after a tenth of the events has passed unseen.
#[derive(Clone, Debug, Default)]
struct Path {
    time: f64,
    /// Spread times time, and time at each spread; the last: wider.
    spread: f64,
    at: [f64; SPREADS + 1],
    /// Sum of the squares of all moves of the midpoint, ticks squared.
    moves: f64,
    /// The same of its changes over each span.
    changes: [f64; SPANS.len()],
}

fn play(rates: &PoissonRates, events: u64, rng: &mut ChaCha8Rng) -> Path {
    let mut book = PoissonBook::new(rates);
    book.open(Opening { bid: 1, ask: 1, spread: 1, own: [false, false] });
    (0..events / 10).for_each(|_| {
        book.step(rng);
    });
    let mut path = Path::default();
    let mid = |[bid, ask]: [i64; 2]| (bid + ask) as f64 / 2.0;
    let mut before = mid(book.best());
    let mut last = [(0.0, before); SPANS.len()];
    for _ in 0..events {
        let best = book.best();
        let now = mid(best);
        path.moves += (now - before) * (now - before);
        before = now;
        for ((span, (since, from)), sum) in SPANS.iter().zip(&mut last).zip(&mut path.changes) {
            if path.time >= *since + span {
                *sum += (now - *from) * (now - *from);
                // The span may have been a little longer than asked: the next one makes up for it.
                (*since, *from) = (*since + span, now);
            }
        }
        let lasted = book.step(rng);
        let spread = best[1] - best[0];
        path.spread += spread as f64 * lasted;
        let place = usize::try_from(spread - 1).expect("a spread is a tick at least");
        path.at[place.min(SPREADS)] += lasted;
        path.time += lasted;
    }
    path
}

/// Mean spread, the law of the spread, and the volatility by span.
pub(super) fn rows(rates: &PoissonRates, events: u64, seed: u64) -> Vec<PaperRow> {
    let jobs: Vec<u64> = (0..PATHS).collect();
    let paths = on_all_cores(&jobs, |&path| play(rates, events / PATHS, &mut stream(seed, FIRST_STREAM + path)));
    let title = format!("in the long run, {events} events");
    let row = |label: String, of: &dyn Fn(&Path) -> f64| {
        let each: Vec<f64> = paths.iter().map(of).collect();
        let mean = each.iter().sum::<f64>() / PATHS as f64;
        let square: f64 = each.iter().map(|x| (x - mean) * (x - mean)).sum();
        let error = libm::sqrt(square / (PATHS - 1) as f64 / PATHS as f64);
        PaperRow::new(&title, label, mean).standard_error(error)
    };
    let mut rows = vec![row("mean spread, ticks".to_owned(), &|path| path.spread / path.time)];
    for place in 0..=SPREADS {
        let label =
            if place < SPREADS { format!("P(spread = {})", place + 1) } else { format!("P(spread > {SPREADS})") };
        rows.push(row(label, &|path| path.at[place] / path.time));
    }
    for (place, span) in SPANS.iter().enumerate() {
        let label = format!("volatility over {span} min, ticks a root minute");
        rows.push(row(label, &|path| libm::sqrt(path.changes[place] / path.time)));
    }
    rows.push(row("realised volatility, every move".to_owned(), &|path| libm::sqrt(path.moves / path.time)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book whose queues are so long that the mid rarely moves has a spread of one tick, and one that drains fast does not.
    #[test]
    fn the_spread_and_the_volatility_follow_the_rates() {
        let paper = PoissonRates::cont_stoikov_talreja();
        let impatient = PoissonRates { mu: 4.0, ..paper.clone() };
        let calm = rows(&paper, 160_000, 7);
        let wild = rows(&impatient, 160_000, 7);
        assert_eq!(calm.len(), 1 + SPREADS + 1 + SPANS.len() + 1);
        let law: f64 = calm[1..=SPREADS + 1].iter().map(|row| row.ours).sum();
        assert!((law - 1.0).abs() < 1e-9, "a law sums to one: {law}");
        assert!(wild[0].ours > 1.3 * calm[0].ours, "{} {}", wild[0].ours, calm[0].ours);
        let [short, .., all] = &calm[SPREADS + 2..] else { unreachable!("the volatilities come last") };
        assert!(all.ours > short.ours, "what bounces back within a span is in every move: {} {}", all.ours, short.ours);
    }
}
