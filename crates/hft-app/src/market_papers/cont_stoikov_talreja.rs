//! Tables 3, 4 and 5 of Cont, Stoikov & Talreja (2010): which way the mid goes next, whether an order fills before, whether both do.
//!
//! Each cell three times: as printed, by the solver of [`BestQueues`], and by replications on the matching
//! engine with orders on every level. The print of Table 3 is itself a numerical inversion, right to the third decimal.

use super::poisson_book::{Opening, PoissonBook};
use super::{cst_long_run, on_all_cores, share_error, share_tolerance, stream};
use crate::paper::{Paper, PaperError, PaperReport, PaperRow, check};
use hft_core::flow::laws::{BestQueues, CST_LAMBDA, CST_THETA, LONGEST, PoissonRates};
use hft_core::models::Side;

/// The seed unless another is asked for: the paper's year.
pub(super) const SEED: u64 = 2010;
/// Replications at which the tolerance is [`SIMULATED`].
const GATED: u64 = 30_000;
/// How far a replicated cell may be from the solver's: 3.4 standard errors at most.
const SIMULATED: f64 = 0.010;
/// How far a solved cell may be from what was solved or printed elsewhere.
const SOLVED: f64 = 0.001;

/// The parameters; left alone, they are the paper's.
#[derive(Clone, PartialEq, Debug, clap::Args)]
pub struct CstArgs {
    /// Limit orders per unit of time, 1, 2, ... ticks from the opposite best; beyond the last: k / distance^alpha
    #[arg(long, value_delimiter = ',', default_values_t = CST_LAMBDA)]
    pub lambda: Vec<f64>,
    /// Cancels of each order per unit of time, at the same distances; beyond the last: the last
    #[arg(long, value_delimiter = ',', default_values_t = CST_THETA)]
    pub theta: Vec<f64>,
    /// Market orders per unit of time, each side
    #[arg(long, default_value_t = 0.94)]
    pub mu: f64,
    /// Limit orders far away: k of k / distance^alpha
    #[arg(long, default_value_t = 1.92)]
    pub k: f64,
    /// Limit orders far away: alpha of k / distance^alpha
    #[arg(long, default_value_t = 0.52)]
    pub alpha: f64,
    /// Levels on which there are orders, each side
    #[arg(long, default_value_t = 20)]
    pub levels: u16,
    /// Spread at the start, ticks
    #[arg(long, default_value_t = 1)]
    pub spread: u16,
    /// Longest queue at the start: the tables have so many rows and columns
    #[arg(long, default_value_t = 5)]
    pub queues: u16,
    /// Replications of every cell on the matching engine; 0: the solver alone
    #[arg(long, default_value_t = GATED)]
    pub replications: u64,
    /// Events of the book in the long run, whose spread and volatility are told; 0: none
    #[arg(long, default_value_t = 8_000_000)]
    pub events: u64,
}

impl CstArgs {
    fn validate(&self) -> Result<(), PaperError> {
        for (name, rates) in [("--lambda", &self.lambda), ("--theta", &self.theta)] {
            rates.iter().try_for_each(|&rate| check(name, rate, [1e-6, 1e6]))?;
        }
        check("--mu", self.mu, [0.0, 1e6])?;
        check("--k", self.k, [0.0, 1e6])?;
        check("--alpha", self.alpha, [0.0, 10.0])?;
        check("--levels", self.levels.into(), [1.0, 200.0])?;
        check("--spread", self.spread.into(), [1.0, self.levels.into()])?;
        check("--queues", self.queues.into(), [1.0, 20.0])?;
        check("--replications", self.replications as f64, [0.0, 1e8])?;
        check("--events", self.events as f64, [0.0, 1e10])?;
        let rates = self.rates();
        let best = usize::from(self.spread) - 1;
        check("--theta", rates.theta[best], [rates.lambda[best] / LONGEST, 1e6])
    }

    /// The rates at every distance.
    fn rates(&self) -> PoissonRates {
        let far = |distance: usize| self.k / libm::pow(distance as f64, self.alpha);
        PoissonRates::by_distance(&self.lambda, &self.theta, self.mu, usize::from(self.levels), far)
    }

    /// The best queues at the spread at the start.
    fn best_queues(&self) -> BestQueues {
        self.rates().best_queues(usize::from(self.spread))
    }

    /// Whether the tables' laws are the paper's, whose best queues are all that they depend on.
    fn is_the_paper(&self) -> bool {
        self.best_queues() == BestQueues { lambda: 1.85, mu: 0.94, theta: 0.71, inside: 0.0 }
    }
}

/// One of the tables, and what is known of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Table {
    Up,
    Fill,
    Spread,
}

/// A table of the paper's size, row b, column a.
type Known = [[f64; 5]; 5];

impl Table {
    const ALL: [Table; 3] = [Table::Up, Table::Fill, Table::Spread];

    const fn title(self) -> &'static str {
        match self {
            Table::Up => "table 3, P(mid goes up)",
            Table::Fill => "true table 4, P(a bid, last of b, fills before the mid moves)",
            Table::Spread => "table 5, P(a bid, last of b, and an ask, last of a, both fill before the mid moves)",
        }
    }

    /// What is printed; for table 4, what is true, solved outside this program.
    const fn known(self) -> Known {
        match self {
            Table::Up => [
                [0.500, 0.336, 0.259, 0.216, 0.188],
                [0.664, 0.500, 0.407, 0.348, 0.307],
                [0.741, 0.593, 0.500, 0.437, 0.391],
                [0.784, 0.652, 0.563, 0.500, 0.452],
                [0.812, 0.693, 0.609, 0.548, 0.500],
            ],
            Table::Fill => [
                [0.5025, 0.6980, 0.7939, 0.8483, 0.8824],
                [0.3589, 0.5508, 0.6643, 0.7372, 0.7869],
                [0.2915, 0.4654, 0.5784, 0.6564, 0.7128],
                [0.2514, 0.4093, 0.5174, 0.5956, 0.6543],
                [0.2243, 0.3691, 0.4716, 0.5480, 0.6071],
            ],
            Table::Spread => [
                [0.266, 0.308, 0.309, 0.300, 0.288],
                [0.308, 0.386, 0.406, 0.406, 0.400],
                [0.309, 0.406, 0.441, 0.452, 0.452],
                [0.300, 0.406, 0.452, 0.471, 0.479],
                [0.288, 0.400, 0.452, 0.479, 0.491],
            ],
        }
    }

    fn solve(self, queues: BestQueues, asked: usize) -> Vec<Vec<f64>> {
        match self {
            Table::Up => queues.up(asked),
            Table::Fill => queues.fill(asked)[1..].iter().map(|line| line[1..=asked].to_vec()).collect(),
            Table::Spread => queues.make_spread(asked),
        }
    }

    const fn own(self) -> [bool; 2] {
        match self {
            Table::Up => [false, false],
            Table::Fill => [true, false],
            Table::Spread => [true, true],
        }
    }

    /// One replication: whether it happened.
    fn play(self, book: &mut PoissonBook, opening: Opening, rng: &mut rand_chacha::ChaCha8Rng) -> bool {
        book.open(opening);
        let before = book.best();
        loop {
            book.step(rng);
            let [bid, ask] = book.best();
            if self != Table::Up && !book.has_own(Side::Buy) && !book.has_own(Side::Sell) {
                return true; // a fill that empties the queue comes before the move that it causes
            }
            if [bid, ask] != before || book.is_empty(Side::Buy) || book.is_empty(Side::Sell) {
                let is_up = bid > before[0] || ask > before[1] || book.is_empty(Side::Sell);
                return self == Table::Up && is_up;
            }
        }
    }
}

/// The paper as a command.
pub(super) fn paper() -> Paper {
    let about = "Cont, Stoikov & Talreja (2010): which way the mid goes next, and which orders fill before it does";
    Paper::new("cont-stoikov-talreja", about, |args: CstArgs, seed| Ok(report(&args, seed.or(SEED))?))
}

/// The three tables.
///
/// # Errors
/// When a parameter is out of range.
pub fn report(args: &CstArgs, seed: u64) -> Result<PaperReport, PaperError> {
    args.validate()?;
    let asked = usize::from(args.queues);
    let mut rows = Vec::new();
    for table in Table::ALL {
        let solved = table.solve(args.best_queues(), asked);
        rows.extend(solver_rows(args, table, &solved));
        if args.replications > 0 {
            rows.extend(simulated_rows(args, table, &solved, seed));
        }
    }
    let rates = args.rates();
    if args.events > 0 {
        rows.extend(cst_long_run::rows(&rates, args.events, seed));
    }
    let at_best = args.best_queues();
    Ok(PaperReport {
        name: "cont-stoikov-talreja".to_owned(),
        citation: "Cont, Stoikov & Talreja (2010), A stochastic model for order book dynamics, Operations Research 58(3) 549, tables 3-5"
            .to_owned(),
        rows,
        notes: vec![
            format!(
                "b orders at the best bid, a at the best ask, spread {}; there: lambda {}, theta {}, mu {}; {} levels in all.",
                args.spread,
                at_best.lambda,
                at_best.theta,
                at_best.mu,
                rates.lambda.len()
            ),
            format!("Seed {seed}, {} replications a cell, on the matching engine.", args.replications),
            "\"Last of b\" counts the own order; own orders are never cancelled, and a queue goes on with those behind a filled one."
                .to_owned(),
            "The paper prints its table 4 with the roles of bid and ask exchanged and complemented: the cell printed at (b, a) is 1 - P(a, b). \
             What stands here is what its proposition 5 says."
                .to_owned(),
            "exact, of a simulated row, is the solver's; of table 4, what was solved outside this program.".to_owned(),
        ],
    })
}

/// What is known of a cell, where the law is the paper's.
fn known(args: &CstArgs, table: Table, b: usize, a: usize) -> Option<f64> {
    let known = table.known().get(b).and_then(|line| line.get(a)).copied();
    known.filter(|_| args.is_the_paper())
}

fn label(b: usize, a: usize) -> String {
    format!("b={} a={}", b + 1, a + 1)
}

fn solver_rows(args: &CstArgs, table: Table, solved: &[Vec<f64>]) -> Vec<PaperRow> {
    let title = format!("{}: by solver", table.title());
    let row = |b: usize, a: usize| {
        let row = PaperRow::new(&title, label(b, a), solved[b][a]);
        match (table, known(args, table, b, a)) {
            (_, None) => row,
            (Table::Fill, Some(value)) => row.exact(value).within(SOLVED),
            (Table::Up | Table::Spread, Some(value)) => row.published(value).within(SOLVED),
        }
    };
    (0..solved.len()).flat_map(|b| (0..solved.len()).map(move |a| (b, a))).map(|(b, a)| row(b, a)).collect()
}

fn simulated_rows(args: &CstArgs, table: Table, solved: &[Vec<f64>], seed: u64) -> Vec<PaperRow> {
    let rates = args.rates();
    let cells: Vec<(usize, usize)> = (0..solved.len()).flat_map(|b| (0..solved.len()).map(move |a| (b, a))).collect();
    let counts = on_all_cores(&cells, |&(b, a)| {
        // A stream for each cell, so that none depends on how many others there are.
        let mut rng = stream(seed, (table as u64 * 100 + b as u64) * 100 + a as u64);
        let mut book = PoissonBook::new(&rates);
        let opening = Opening { bid: b + 1, ask: a + 1, spread: i64::from(args.spread), own: table.own() };
        (0..args.replications).filter(|_| table.play(&mut book, opening, &mut rng)).count()
    });
    let title = format!("{}: {} replications", table.title(), args.replications);
    let row = |(&(b, a), &count): (&(usize, usize), &usize)| {
        let (share, exact) = (count as f64 / args.replications as f64, solved[b][a]);
        let row = PaperRow::new(&title, label(b, a), share).exact(exact);
        let row = row.standard_error(share_error(share, args.replications));
        let row = row.within(share_tolerance(SIMULATED, GATED, args.replications, exact));
        match known(args, table, b, a).filter(|_| table != Table::Fill) {
            Some(value) => row.published(value),
            None => row,
        }
    };
    cells.iter().zip(&counts).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, Command, FromArgMatches};

    fn parsed(line: &str) -> CstArgs {
        let command = CstArgs::augment_args(Command::new("x"));
        let matches = command.try_get_matches_from(std::iter::once("x").chain(line.split_whitespace())).expect(line);
        CstArgs::from_arg_matches(&matches).expect(line)
    }

    #[test]
    fn the_solver_gives_the_tables() {
        let report = report(&parsed("--replications 0 --events 0"), SEED).expect("the paper's own parameters");
        assert_eq!(report.rows.len(), 75);
        assert!(report.rows.iter().all(|row| row.pass == Some(true)), "{report}");
    }

    #[test]
    fn the_engine_agrees_with_the_solver() {
        let report = report(&parsed("--replications 1500 --queues 3 --events 0"), SEED).expect("few replications");
        assert_eq!(report.rows.iter().filter(|row| row.standard_error.is_some()).count(), 27);
        assert!(report.passes(), "{report}");
    }

    /// Orders inside the spread, and rates of another book.
    #[test]
    fn at_a_wider_spread_and_other_rates_they_still_agree() {
        let args =
            parsed("--replications 3000 --queues 2 --spread 3 --lambda 2,1 --theta 0.5 --mu 1.5 --levels 8 --events 0");
        let report = report(&args, SEED).expect("another book");
        assert!(report.passes(), "{report}");
        assert!(report.rows.iter().all(|row| row.published.is_none()), "the print is of one book");
    }

    #[test]
    fn impossible_parameters_are_refused() {
        for (line, said) in [
            ("--mu -1", "mu"),
            ("--theta 0.001", "theta"),
            ("--spread 21", "spread"),
            ("--lambda NaN", "lambda"),
            ("--queues 0", "queues"),
        ] {
            let args = parsed(&line.replace(" -", "=-"));
            let error = report(&args, SEED).expect_err(line).to_string();
            assert!(error.starts_with(&format!("--{said} must be")), "{error}");
        }
    }
}
