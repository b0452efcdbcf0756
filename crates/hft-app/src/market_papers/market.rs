//! All that is known of the market's models, one after the other: `paper market`.

use super::{cont_de_larrard, cont_stoikov_talreja, hawkes, queue_reactive, santa_fe};
use crate::paper::{Paper, PaperError, PaperReport, PaperSeed, check};
use clap::{Args, Command};

/// How much of it.
#[derive(Clone, Copy, PartialEq, Debug, clap::Args)]
pub struct MarketArgs {
    /// Share of each paper's own replications; below 1 tolerances are of chance, five standard errors
    #[arg(long, default_value_t = 1.0)]
    pub share: f64,
}

/// The papers together as a command.
pub(super) fn paper() -> Paper {
    let about = "Every published law of the market, in one table: the five papers above, with their gates";
    Paper::new("market", about, |args: MarketArgs, seed| Ok(report(args, seed)?))
}

/// A paper's parameters as they stand when nobody says anything.
fn defaults<A: Args>() -> A {
    let matches = A::augment_args(Command::new("paper").no_binary_name(true)).get_matches_from([""; 0]);
    A::from_arg_matches(&matches).expect("defaults are parameters")
}

/// The rows of all five, each section under its paper's name. A seed is everybody's; without one each has its own.
///
/// # Errors
/// When the share is out of range.
pub fn report(args: MarketArgs, seed: PaperSeed) -> Result<PaperReport, PaperError> {
    check("--share", args.share, [0.001, 10.0])?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of replications")]
    let part = |count: u64| (count as f64 * args.share) as u64;
    let mut cst: cont_stoikov_talreja::CstArgs = defaults();
    (cst.replications, cst.events) = (part(cst.replications), part(cst.events));
    let mut excited: hawkes::HawkesArgs = defaults();
    excited.windows = part(excited.windows);
    let mut reactive: queue_reactive::QueueReactiveArgs = defaults();
    reactive.events = part(reactive.events).max(queue_reactive::GATED);
    let mut balanced: cont_de_larrard::BalancedArgs = defaults();
    balanced.replications = part(balanced.replications);
    let mut zero: santa_fe::SantaFeArgs = defaults();
    zero.events = part(zero.events);
    let reports = [
        cont_stoikov_talreja::report(&cst, seed.or(cont_stoikov_talreja::SEED))?,
        hawkes::report(&excited, seed.or(hawkes::SEED))?,
        queue_reactive::report(&reactive, seed.or(queue_reactive::SEED))?,
        cont_de_larrard::report(&balanced, seed.or(cont_de_larrard::SEED))?,
        santa_fe::report(&zero, seed.or(santa_fe::SEED))?,
    ];
    let mut all = PaperReport {
        name: "market".to_owned(),
        citation: "Five papers; each is cited in the notes".to_owned(),
        rows: Vec::new(),
        notes: Vec::new(),
    };
    for PaperReport { name, citation, rows, notes } in reports {
        all.rows.extend(rows.into_iter().map(|mut row| {
            row.section = format!("{name}: {}", row.section);
            row
        }));
        all.notes.push(format!("{name}: {citation}."));
        all.notes.extend(notes.into_iter().map(|note| format!("  {note}")));
    }
    all.notes.push(
        "Each is also a market to trade in: `run --set market.model=cst`, santa-fe, queue-reactive, hawkes, balanced-queues."
            .to_owned(),
    );
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_every_paper_and_its_gates() {
        let report = report(MarketArgs { share: 0.02 }, PaperSeed(None)).expect("a small share");
        assert!(report.passes(), "{report}");
        for paper in ["cont-stoikov-talreja", "hawkes", "queue-reactive", "cont-de-larrard", "santa-fe"] {
            let gated = report.rows.iter().filter(|row| row.section.starts_with(paper) && row.pass.is_some()).count();
            assert!(gated > 0, "{paper} is gated");
        }
        assert!(report.rows.iter().any(|row| row.label.starts_with("mean spread, ticks")), "the long run is told");
    }

    #[test]
    fn a_share_of_nothing_is_refused() {
        assert!(report(MarketArgs { share: 0.0 }, PaperSeed(None)).is_err());
    }
}
