//! Cont & de Larrard (2013): `P(the mid goes up | n, p)` in balanced queues, by the paper's integral and on the matching engine.

use super::unit_orders::UnitOrders;
use super::unit_queue::UnitQueue;
use super::{on_all_cores, share_error, share_tolerance, stream};
use crate::paper::{Paper, PaperError, PaperReport, PaperRow, check};
use hft_core::flow::laws::balanced_queues::up;
use hft_core::models::Side;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The seed unless another is asked for: the paper's year.
pub(super) const SEED: u64 = 2013;
/// Replications at which the tolerance is [`SIMULATED`].
const GATED: u64 = 10_000;
/// How far a replicated cell may be from the integral: four standard errors at most.
const SIMULATED: f64 = 0.02;
/// The best prices, ticks.
const BID: i64 = 1_000;

/// The parameters.
#[derive(Clone, PartialEq, Debug, clap::Args)]
pub struct BalancedArgs {
    /// Lengths of the best bid queue, one group of rows each
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 3, 4, 5])]
    pub n: Vec<u32>,
    /// Lengths of the best ask queue
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 3, 4, 5])]
    pub p: Vec<u32>,
    /// Share of cancels among the orders that leave
    #[arg(long, default_value_t = 0.5)]
    pub cancels: f64,
    /// Replications of every cell on the matching engine; 0: the integral alone
    #[arg(long, default_value_t = GATED)]
    pub replications: u64,
}

/// The paper as a command.
pub(super) fn paper() -> Paper {
    let about = "Cont & de Larrard (2013): which way the mid goes next, where queues gain as often as they lose";
    Paper::new("cont-de-larrard", about, |args: BalancedArgs, seed| Ok(report(&args, seed.or(SEED))?))
}

/// Two queues until one is empty: whether it was the ask's.
fn play(orders: &mut UnitOrders, queues: &mut [UnitQueue; 2], cancels: f64, rng: &mut ChaCha8Rng) -> bool {
    loop {
        // Four equal rates; what is left of the draw decides how an order leaves.
        let draw = rng.random::<f64>() * 4.0;
        let queue = &mut queues[usize::from(draw >= 2.0)];
        let within = draw % 2.0;
        if within < 1.0 {
            queue.join(orders);
            continue;
        }
        queue.leave(orders, within - 1.0 < cancels);
        if queue.is_empty() {
            return queues[1].is_empty();
        }
    }
}

/// The table.
///
/// # Errors
/// When a parameter is out of range.
pub fn report(args: &BalancedArgs, seed: u64) -> Result<PaperReport, PaperError> {
    args.n.iter().try_for_each(|&n| check("--n", n.into(), [1.0, 200.0]))?;
    args.p.iter().try_for_each(|&p| check("--p", p.into(), [1.0, 200.0]))?;
    check("--cancels", args.cancels, [0.0, 1.0])?;
    check("--replications", args.replications as f64, [0.0, 1e7])?;
    let cells: Vec<(u32, u32)> = args.n.iter().flat_map(|&n| args.p.iter().map(move |&p| (n, p))).collect();
    let ups = on_all_cores(&cells, |&(n, p)| {
        let mut rng = stream(seed, u64::from(n) * 1_000 + u64::from(p));
        let mut orders = UnitOrders::new();
        let mut queues = [UnitQueue::new(Side::Buy, BID), UnitQueue::new(Side::Sell, BID + 1)];
        let mut up = || {
            let lengths = [n, p];
            queues.iter_mut().zip(lengths).for_each(|(queue, len)| queue.reset(&mut orders, len as usize));
            play(&mut orders, &mut queues, args.cancels, &mut rng)
        };
        (0..args.replications).filter(|_| up()).count()
    });
    let row = |(&(n, p), &ups): (&(u32, u32), &usize)| {
        let (exact, label) = (up(n, p), format!("n={n} p={p}"));
        if args.replications == 0 {
            return PaperRow::new("P(mid goes up), the integral", label, exact);
        }
        let share = ups as f64 / args.replications as f64;
        let row = PaperRow::new("P(mid goes up)", label, share).exact(exact);
        let row = row.standard_error(share_error(share, args.replications));
        row.within(share_tolerance(SIMULATED, GATED, args.replications, exact))
    };
    Ok(PaperReport {
        name: "cont-de-larrard".to_owned(),
        citation: "Cont & de Larrard (2013), Price dynamics in a Markovian limit order market, SIAM Journal on Financial Mathematics 4(1) 1, section 3"
            .to_owned(),
        rows: cells.iter().zip(&ups).map(row).collect(),
        notes: vec![
            format!("n at the bid, p at the ask; {} replications a cell on the matching engine, seed {seed}.", args.replications),
            "exact: the paper's integral for lambda = mu + theta, whose rate sets the pace and not the odds.".to_owned(),
            "The time until the mid moves has no mean here, so a replication in a thousand is very long.".to_owned(),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(n: &[u32], p: &[u32], replications: u64) -> BalancedArgs {
        BalancedArgs { n: n.to_vec(), p: p.to_vec(), cancels: 0.3, replications }
    }

    #[test]
    fn the_engine_agrees_with_the_integral() {
        let report = report(&args(&[1, 3], &[1, 2], 2_000), SEED).expect("small queues");
        assert_eq!(report.rows.len(), 4);
        assert!(report.passes(), "{report}");
    }

    #[test]
    fn a_queue_of_none_is_refused() {
        let error = report(&args(&[0], &[1], 10), SEED).expect_err("no bid").to_string();
        assert_eq!(error, "--n must be 1 to 200, not 0");
    }
}
