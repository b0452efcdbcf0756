//! How often a mispricing that is a Brownian bridge can be closed before expiry, on simulated paths.

use super::{BLOCK, SEED, told};
use crate::model::unwind::Bridge;
use hft_app::paper::{PaperError, PaperReport, PaperRow, Sample, check, in_parallel};
use hft_core::world::{draws, stream};
use rand_chacha::ChaCha8Rng;

/// What to simulate.
#[derive(Clone, PartialEq, Debug)]
pub struct UnwindTable {
    /// One row each.
    pub bridges: Vec<Bridge>,
    /// Paths of each.
    pub paths: u64,
    /// Steps of a path.
    pub steps: u64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Default for UnwindTable {
    fn default() -> Self {
        let bridge = |opened, beyond| Bridge { opened, beyond, volatility: 1.0, expiry: 1.0 };
        let bridges = vec![bridge(0.5, 0.5), bridge(1.0, 0.5), bridge(0.5, 0.25)];
        Self { bridges, paths: 100_000, steps: 50, seed: SEED }
    }
}

/// How far a simulated probability may be off at the default number of paths: four standard errors.
const TOLERANCE: f64 = 0.006;

/// The probability by formula and on paths, with what happens between two steps drawn, and without.
///
/// # Errors
/// When a parameter is out of range.
pub fn early_unwind(table: &UnwindTable) -> Result<PaperReport, PaperError> {
    let UnwindTable { bridges, paths, steps, seed } = table;
    check("paths", *paths as f64, [1_000.0, 1e8])?;
    check("steps", *steps as f64, [1.0, 1e5])?;
    check("rows", bridges.len() as f64, [1.0, 64.0])?;
    let mut rows = Vec::new();
    for bridge in bridges {
        check("c1", bridge.opened, [-1e6, 1e6])?;
        check("c2", bridge.beyond, [0.0, 1e6])?;
        check("c1 + c2", bridge.opened + bridge.beyond, [0.0, 1e6])?;
        check("g", bridge.volatility, [1e-6, 1e6])?;
        check("T", bridge.expiry, [1e-9, 1e9])?;
        let Bridge { opened, beyond, volatility, expiry } = *bridge;
        let section = format!("c1 = {opened}, c2 = {beyond}, g = {volatility}, T = {expiry}");
        let blocks = in_parallel(paths.div_ceil(BLOCK), |block| {
            let mut rng = stream(*seed, &format!("bridge/{section}/{block}"));
            let count = BLOCK.min(paths - block * BLOCK);
            (0..count).map(|_| path(bridge, *steps, &mut rng)).collect::<Vec<[f64; 2]>>()
        });
        let all = blocks.concat();
        let of = |which: usize| Sample::of(&all.iter().map(|reached| reached[which]).collect::<Vec<f64>>());
        let (drawn, seen) = (of(0), of(1));
        let exact = bridge.probability();
        let row = |label: &str, Sample { mean, error }| {
            PaperRow::new(&section, label, mean).exact(exact).standard_error(error)
        };
        let allowed = TOLERANCE * (100_000.0 / *paths as f64).sqrt().max(1.0);
        rows.push(row("closed early", drawn).within(allowed));
        rows.push(row("the same, looked at at the steps alone", seen));
    }
    Ok(PaperReport {
        name: "early-unwind".to_owned(),
        citation: "Brennan & Schwartz (1990), Arbitrage in stock index futures, J. Business 63(1) S7".to_owned(),
        rows,
        notes: vec![
            "The mispricing is a Brownian bridge from c1 to 0 at T; it is closed early where it reaches -c2: exp(-2 (c1 + c2) c2 / (g^2 T)).".to_owned(),
            format!("{paths} paths of {steps} steps, seed {}; what happens between two steps is drawn.", told(*seed)),
        ],
    })
}

/// Whether a path reaches the other side: with what lies between its steps, and at the steps alone.
fn path(bridge: &Bridge, steps: u64, rng: &mut ChaCha8Rng) -> [f64; 2] {
    let dt = bridge.expiry / steps as f64;
    let (mut at, mut drawn) = (bridge.opened, false);
    for step in 0..steps {
        let (mean, sd) = bridge.step(at, bridge.expiry - step as f64 * dt, dt);
        let next = mean + sd * draws::normal(rng);
        // -ln U is exponential: crossed with probability exp(-2 d0 d1 / (g^2 dt)).
        drawn = drawn || draws::exponential(rng) > -libm::log(bridge.crossing(at, next, dt));
        at = next;
        if at <= -bridge.beyond {
            return [1.0, 1.0];
        }
    }
    [f64::from(u8::from(drawn)), 0.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_the_other_side_as_often_as_the_formula_says_and_fewer_are_seen_to() {
        let report =
            early_unwind(&UnwindTable { paths: 40_000, steps: 20, ..UnwindTable::default() }).expect("in range");
        assert!(report.passes(), "{report}");
        for pair in report.rows.chunks(2) {
            assert!(pair[1].ours < pair[0].ours - 0.02, "without what lies between: {report}");
        }
    }
}
