//! Smith, Farmer, Gillemot & Krishnamurthy (2003), zero intelligence: the collapse of the spread, on the matching engine.
//!
//! Limit orders fall on every price at the same rate, market orders take the best, every order is cancelled at the same rate. By
//! dimensions the mean spread, in units of `mu / alpha`, can depend on nothing but `delta / mu` and the tick in units of
//! `mu / (2 alpha)`: books whose rates differ and these two do not must agree.

use super::poisson_book::{Opening, PoissonBook};
use super::{on_all_cores, stream};
use crate::paper::{Paper, PaperError, PaperReport, PaperRow, check};
use hft_core::flow::laws::PoissonRates;
use rand_chacha::ChaCha8Rng;

/// The seed unless another is asked for: the paper's year.
pub(super) const SEED: u64 = 2003;
/// Events of each book at which the tolerance is [`COLLAPSE`].
const GATED: u64 = 20_000_000;
/// How far the books may be from one another, of their mean.
const COLLAPSE: f64 = 0.01;
/// Batches that the events are cut into, for the standard error.
const BATCHES: u64 = 50;
/// Paths of a book, one stream each; the events are shared out among them.
const PATHS: u64 = 2;

/// How each book differs: `alpha`, `mu`, `delta` and the tick times so much, none of which changes `delta / mu` or the tick in its unit.
const BOOKS: [[f64; 4]; 4] =
    [[1.0, 1.0, 1.0, 1.0], [7.0, 7.0, 7.0, 1.0], [3.0, 1.0, 1.0, 1.0 / 3.0], [0.5, 2.0, 2.0, 4.0]];

/// The parameters of the first book.
#[derive(Clone, Copy, PartialEq, Debug, clap::Args)]
pub struct SantaFeArgs {
    /// Limit orders per unit of time and price, each side
    #[arg(long, default_value_t = 0.05)]
    pub alpha: f64,
    /// Market orders per unit of time, both sides together
    #[arg(long, default_value_t = 1.0)]
    pub mu: f64,
    /// Cancels of each order per unit of time
    #[arg(long, default_value_t = 0.02)]
    pub delta: f64,
    /// Tick, in the unit of the price
    #[arg(long, default_value_t = 1.0)]
    pub tick: f64,
    /// How far from the opposite best orders fall, in units of mu / (2 alpha)
    #[arg(long, default_value_t = 8.0)]
    pub reach: f64,
    /// Events of each book on the matching engine
    #[arg(long, default_value_t = GATED)]
    pub events: u64,
}

impl SantaFeArgs {
    fn validate(&self) -> Result<(), PaperError> {
        for (name, value) in
            [("--alpha", self.alpha), ("--mu", self.mu), ("--delta", self.delta), ("--tick", self.tick)]
        {
            check(name, value, [1e-6, 1e6])?;
        }
        check("--reach", self.reach, [2.0, 100.0])?;
        check("--tick", self.tick, [self.unit() * self.reach / 2_000.0, self.unit() * self.reach / 2.0])?;
        check("--events", self.events as f64, [1e5, 1e10])
    }

    /// The characteristic price, `mu / (2 alpha)`.
    fn unit(&self) -> f64 {
        self.mu / (2.0 * self.alpha)
    }

    fn scaled(&self, [alpha, mu, delta, tick]: [f64; 4]) -> Self {
        Self { alpha: self.alpha * alpha, mu: self.mu * mu, delta: self.delta * delta, tick: self.tick * tick, ..*self }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "2 to 2,000 levels")]
    fn rates(&self) -> PoissonRates {
        let levels = libm::round(self.reach * self.unit() / self.tick) as usize;
        PoissonRates {
            lambda: vec![self.alpha * self.tick; levels],
            theta: vec![self.delta; levels],
            mu: self.mu / 2.0,
        }
    }
}

/// The paper as a command.
pub(super) fn paper() -> Paper {
    let about = "Smith, Farmer, Gillemot & Krishnamurthy (2003), zero intelligence: the collapse of the spread";
    Paper::new("santa-fe", about, |args: SantaFeArgs, seed| Ok(report(&args, seed.or(SEED))?))
}

/// Mean spread in ticks of each batch, after a tenth of the events has passed unseen.
fn play(rates: &PoissonRates, events: u64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut book = PoissonBook::new(rates);
    book.open(Opening { bid: 1, ask: 1, spread: 1, own: [false, false] });
    (0..events / 10).for_each(|_| {
        book.step(rng);
    });
    let mut batch = || {
        let (mut weighted, mut time) = (0.0, 0.0);
        for _ in 0..events / BATCHES {
            let [bid, ask] = book.best();
            let lasted = book.step(rng);
            weighted += (ask - bid) as f64 * lasted;
            time += lasted;
        }
        weighted / time
    };
    (0..BATCHES).map(|_| batch()).collect()
}

/// The spread of the four books, in units of `mu / alpha`.
///
/// # Errors
/// When a parameter is out of range.
pub fn report(args: &SantaFeArgs, seed: u64) -> Result<PaperReport, PaperError> {
    args.validate()?;
    let books = BOOKS.map(|factors| args.scaled(factors));
    let jobs: Vec<(usize, u64)> = (0..books.len()).flat_map(|book| (0..PATHS).map(move |path| (book, path))).collect();
    let played = on_all_cores(&jobs, |&(book, path)| {
        play(&books[book].rates(), args.events / PATHS, &mut stream(seed, book as u64 * PATHS + path))
    });
    let spreads: Vec<(f64, f64)> = books
        .iter()
        .enumerate()
        .map(|(book, of)| {
            let own = jobs.iter().zip(&played).filter(|((of, _), _)| *of == book);
            let batches: Vec<f64> =
                own.flat_map(|(_, part)| part).map(|ticks| ticks * of.tick * of.alpha / of.mu).collect();
            mean_and_error(&batches)
        })
        .collect();
    let common = spreads.iter().map(|(spread, _)| spread).sum::<f64>() / spreads.len() as f64;
    let row = |(of, (spread, error)): (&SantaFeArgs, &(f64, f64))| {
        let label = format!("alpha {:.4} mu {:.4} delta {:.4} tick {:.4}", of.alpha, of.mu, of.delta, of.tick);
        let row = PaperRow::new("mean spread x alpha / mu", label, *spread).exact(common).standard_error(*error);
        row.within(if args.events >= GATED { COLLAPSE / 2.0 * common } else { 5.0 * error })
    };
    Ok(PaperReport {
        name: "santa-fe".to_owned(),
        citation: "Smith, Farmer, Gillemot & Krishnamurthy (2003), Statistical theory of the continuous double auction, Quantitative Finance 3(6) 481"
            .to_owned(),
        rows: books.iter().zip(&spreads).map(row).collect(),
        notes: vec![
            format!(
                "All books: delta / mu = {}, tick = {} mu / (2 alpha); {} events each on the matching engine, seed {seed}, a stream each.",
                args.delta / args.mu,
                args.tick / args.unit(),
                args.events
            ),
            "exact: what the books have in common, their mean; each is within half a per cent of it, so any two within one.".to_owned(),
            "mu counts the market orders of both sides, alpha the limit orders of each. The paper's closed form is a mean-field fit and no gate."
                .to_owned(),
        ],
    })
}

/// Mean of independent batches and its standard error.
fn mean_and_error(batches: &[f64]) -> (f64, f64) {
    let n = batches.len() as f64;
    let mean = batches.iter().sum::<f64>() / n;
    let square = batches.iter().map(|batch| (batch - mean) * (batch - mean)).sum::<f64>();
    (mean, libm::sqrt(square / (n - 1.0) / n))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: SantaFeArgs =
        SantaFeArgs { alpha: 0.25, mu: 1.0, delta: 0.05, tick: 1.0, reach: 8.0, events: 400_000 };

    #[test]
    fn the_spread_collapses() {
        let report = report(&SMALL, SEED).expect("small books");
        assert!(report.passes(), "{report}");
    }

    /// What the collapse is about: another `delta / mu` is another spread.
    #[test]
    fn another_ratio_is_another_spread() {
        let spread = |delta| report(&SantaFeArgs { delta, ..SMALL }, SEED).expect("small books").rows[0].ours;
        assert!(spread(0.2) > 1.1 * spread(0.05));
    }

    #[test]
    fn a_tick_as_wide_as_the_book_is_refused() {
        let error = report(&SantaFeArgs { tick: 100.0, ..SMALL }, SEED).expect_err("one level").to_string();
        assert!(error.starts_with("--tick must be"), "{error}");
    }
}
