//! Budish, Cramton & Shim (2015): the half-spread that the race forces, found by search, and everybody's rent at it.

use super::arena::{Played, Speed, play_batches, play_continuous};
use crate::model::equilibrium::{Arena, JumpLaw};
use hft_app::paper::{PaperError, PaperReport, PaperRow, check};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The seed of every random draw unless another is asked for: the paper's year, declared before anything was drawn.
pub const SEED: u64 = 2015;

/// How far the half-spread found may be from the exact one, of that: three thousandths at the paper's unit rates.
const HALF_SPREAD_TOLERANCE: f64 = 0.00529;

/// How far a rent may be from the exact one, of that.
const RENT_TOLERANCE: f64 = 0.02;

/// The search is given so many events that its standard error is this share of the tolerance at most, within [`EVENTS`].
const ERROR_SHARE: f64 = 0.25;

/// The least and the most events of one game.
const EVENTS: [f64; 2] = [1e6, 2.4e7];

/// Events of the game in which the provider is strictly faster: one race lost would be one too many.
const RACES_OF_THE_FAST: u64 = 100_000;

/// Which market design.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Market {
    /// First come, first served.
    Continuous,
    /// An auction every so many seconds.
    Batch {
        /// Length of a batch, s.
        interval_s: f64,
    },
}

/// What to reproduce.
#[derive(Clone, PartialEq, Debug)]
pub struct BudishCramtonShim {
    /// Rates, jumps, players.
    pub arena: Arena,
    /// The design.
    pub market: Market,
    /// In batches: how much later than the snipers' orders the provider's cancel arrives, s.
    pub edge_s: f64,
    /// Events of a game; `None`: as many as the tolerances need.
    pub events: Option<u64>,
    /// Seed of all games.
    pub seed: u64,
}

impl Default for BudishCramtonShim {
    fn default() -> Self {
        let arena = Arena { investors: 1.0, jumps: 1.0, law: JumpLaw::Exponential(1.0), players: 5 };
        Self { arena, market: Market::Continuous, edge_s: 0.0, events: None, seed: SEED }
    }
}

/// The equilibrium found by search, rents and lost races at the exact half-spread; in batches, the share that can be sniped.
///
/// # Errors
/// When a parameter is out of range.
pub fn budish_cramton_shim(request: &BudishCramtonShim) -> Result<PaperReport, PaperError> {
    let Arena { investors, jumps, ref law, players } = request.arena;
    check("lambda-inv", investors, [1e-3, 1e3])?;
    check("lambda-jump", jumps, [1e-3, 1e3])?;
    check("players", f64::from(players), [2.0, 1_000.0])?;
    check("events", request.events.map_or(1e6, |events| events as f64), [1e3, 1e9])?;
    let rows = match request.market {
        Market::Continuous => continuous(request),
        Market::Batch { interval_s } => {
            check("batch", interval_s, [1e-9, 1e3])?;
            check("edge", request.edge_s, [0.0, interval_s])?;
            batches(request, interval_s)
        }
    };
    Ok(PaperReport {
        name: "budish-cramton-shim".to_owned(),
        citation: "Budish, Cramton & Shim (2015), The high-frequency trading arms race, Quarterly Journal of Economics 130(4) 1547, section VI"
            .to_owned(),
        rows,
        notes: vec![
            format!("lambda_inv = {investors}, lambda_jump = {jumps}, jumps {law}, N = {players} with the provider; seed {}.", request.seed),
            "Every order, cancel and trade is the matching engine's; a tick is a ten-thousandth of the mean jump.".to_owned(),
            "exact: lambda_inv h = lambda_jump E[(J - h)^+]; everybody earns lambda_inv h / N.".to_owned(),
        ],
    })
}

/// The stream of one game: equal for every half-spread that is tried, so that their luck is common.
fn stream(seed: u64, game: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(game);
    rng
}

fn continuous(request: &BudishCramtonShim) -> Vec<PaperRow> {
    let arena = &request.arena;
    let exact = arena.half_spread();
    let found = search(request);
    let mut rows = vec![
        PaperRow::new("equilibrium, found by search", "half-spread", found.half_spread)
            .exact(exact)
            .standard_error(found.standard_error)
            .within(exact * HALF_SPREAD_TOLERANCE),
        PaperRow::new("equilibrium, found by search", "events of a game", found.events as f64),
    ];
    let played = play_continuous(arena, Speed::Equal, exact, found.events, &mut stream(request.seed, 1));
    let per_time = arena.investors + arena.jumps;
    let share = arena.investors / per_time;
    let worth = arena.jumps / per_time * arena.law.mean_excess(exact);
    for player in 0..played.profit.len() {
        let [mean, error] = played.profit(player, exact, share, worth).map(|of_an_event| of_an_event * per_time);
        let label = if player == 0 { "provider".to_owned() } else { format!("sniper {player}") };
        let row = PaperRow::new("rent at the exact half-spread, per unit of time", label, mean);
        rows.push(row.exact(arena.rent()).standard_error(error).within(arena.rent() * RENT_TOLERANCE));
    }
    let lost = played.lost as f64 / played.races.max(1) as f64;
    let exact_lost = arena.races_lost();
    let error = (exact_lost * (1.0 - exact_lost) / played.races.max(1) as f64).sqrt();
    rows.push(
        PaperRow::new("races", "share that the provider loses at equal speed", lost)
            .exact(exact_lost)
            .standard_error(error)
            .within(4.0 * error),
    );
    let first = play_continuous(arena, Speed::ProviderFirst, exact, RACES_OF_THE_FAST, &mut stream(request.seed, 3));
    let lost = first.lost as f64 / first.races.max(1) as f64;
    rows.push(PaperRow::new("races", "share that it loses when it is strictly faster", lost).exact(0.0).within(0.0));
    rows
}

/// What the search ended with.
struct Found {
    half_spread: f64,
    standard_error: f64,
    events: u64,
}

/// The half-spread at which providing and sniping pay the same, in games that all have the same luck. It knows the rates and the law as a
/// player would, by playing.
fn search(request: &BudishCramtonShim) -> Found {
    let arena = &request.arena;
    let play = |h: f64, events: u64| {
        play_continuous(arena, Speed::Equal, h, events, &mut stream(request.seed, 0)).difference()
    };
    // A pilot: a bracket, doubled until providing pays, then halved.
    let pilot_events = request.events.unwrap_or(200_000).min(200_000);
    let mut high = arena.law.mean();
    while play(high, pilot_events)[0] < 0.0 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..12 {
        let middle = 0.5 * (low + high);
        if play(middle, pilot_events)[0] < 0.0 { low = middle } else { high = middle }
    }
    let centre = 0.5 * (low + high);
    let step = (0.02 * centre).max(high - low);
    let at = |h: f64, events: u64| play(h, events)[0];
    let slope = (at(centre + step, pilot_events) - at(centre - step, pilot_events)) / (2.0 * step);
    let spread_of_one = play(centre, pilot_events)[1] * (pilot_events as f64).sqrt() / slope;
    let wanted = HALF_SPREAD_TOLERANCE * centre * ERROR_SHARE;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let needed = (spread_of_one / wanted).powi(2).clamp(EVENTS[0], EVENTS[1]) as u64;
    let events = request.events.unwrap_or(needed);
    // The game proper: a straight line through two games on either side of the pilot's answer, twice.
    let (mut a, mut b) = (centre - step, centre + step);
    let (mut at_a, mut at_b) = (at(a, events), at(b, events));
    let mut half_spread = centre;
    for _ in 0..2 {
        half_spread = a - at_a * (b - a) / (at_b - at_a);
        let there = at(half_spread, events);
        if there < 0.0 { (a, at_a) = (half_spread, there) } else { (b, at_b) = (half_spread, there) }
    }
    Found { half_spread, standard_error: spread_of_one / (events as f64).sqrt(), events }
}

fn batches(request: &BudishCramtonShim, interval_s: f64) -> Vec<PaperRow> {
    let arena = &request.arena;
    let h = arena.half_spread();
    let races = request.events.unwrap_or(400_000);
    let played: Played = play_batches(arena, h, [interval_s, request.edge_s], races, &mut stream(request.seed, 2));
    let exact = request.edge_s / interval_s;
    let error = (exact * (1.0 - exact) / races as f64).sqrt();
    let lost = played.lost as f64 / races as f64;
    let sniped = -played.profit[0] / races as f64;
    let value = arena.law.mean_excess(h) / survival(arena, h);
    let section = "frequent batch auctions";
    vec![
        PaperRow::new(section, "share of the races in which a stale quote can be sniped", lost)
            .exact(exact)
            .standard_error(error)
            .within((4.0 * error).max(1e-9)),
        PaperRow::new(section, "cost of a race to the provider, in jumps", sniped),
        PaperRow::new(section, "the same in continuous trading", arena.races_lost() * value),
    ]
}

/// `P(J > h)`, from the slope of the mean excess.
fn survival(arena: &Arena, h: f64) -> f64 {
    let step = 1e-6 * arena.law.mean();
    (arena.law.mean_excess(h) - arena.law.mean_excess(h + step)) / step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(investors: f64, jumps: f64, law: &str, players: u32) -> BudishCramtonShim {
        let arena = Arena { investors, jumps, law: law.parse().expect("a law"), players };
        BudishCramtonShim { arena, events: Some(300_000), ..BudishCramtonShim::default() }
    }

    /// Small games, so the gate here is the standard error: four of them.
    #[test]
    fn the_search_finds_the_equilibrium_of_any_law_and_number_of_players() {
        for (investors, jumps, law, players) in [
            (1.0, 1.0, "exp:1", 5),
            (2.0, 1.0, "half-normal:1", 3),
            (1.0, 3.0, "constant:2", 2),
            (1.0, 1.0, "empirical:0.5,4", 8),
        ] {
            let request = request(investors, jumps, law, players);
            let found = search(&request);
            let exact = request.arena.half_spread();
            let far = (found.half_spread - exact).abs();
            assert!(far < 4.0 * found.standard_error + 1e-4, "{law}: {} against {exact}", found.half_spread);
        }
    }

    #[test]
    fn everybody_earns_the_same_and_nothing_is_created() {
        let BudishCramtonShim { arena, .. } = request(1.0, 1.0, "exp:1", 4);
        let h = arena.half_spread();
        let played = play_continuous(&arena, Speed::Equal, h, 300_000, &mut stream(1, 1));
        // What investors paid is what the players earned together: the race only moves it about.
        let paid = h * played.investors as f64;
        let earned: f64 = played.profit.iter().sum();
        assert!((earned - paid).abs() < 1e-3 * paid, "{earned} of {paid}");
        for player in 0..4 {
            let [mean, error] = played.profit(player, h, 0.5, 0.5 * arena.law.mean_excess(h)).map(|x| 2.0 * x);
            assert!((mean - arena.rent()).abs() < 4.5 * error, "player {player}: {mean} +- {error}, {}", arena.rent());
            assert!(error < 0.02 * arena.rent());
        }
    }

    #[test]
    fn batches_leave_the_share_of_the_edge_and_competition_takes_its_profit() {
        let request = BudishCramtonShim {
            market: Market::Batch { interval_s: 100e-6 },
            edge_s: 10e-6,
            ..request(1.0, 1.0, "exp:1", 5)
        };
        let report = budish_cramton_shim(&request).expect("in range");
        assert!(report.passes(), "{report}");
        let cost = &report.rows[1];
        assert!(cost.ours.abs() < 1e-3, "several snipers bid the price up to the value: {}", cost.ours);
        let alone = BudishCramtonShim { arena: Arena { players: 2, ..request.arena.clone() }, ..request };
        assert!(
            budish_cramton_shim(&alone).expect("in range").rows[1].ours > 0.05,
            "one sniper alone need not compete"
        );
    }

    #[test]
    fn nonsense_is_refused_with_its_range() {
        let refused = |request: BudishCramtonShim| budish_cramton_shim(&request).expect_err("out of range").parameter;
        assert_eq!(refused(request(0.0, 1.0, "exp:1", 5)), "lambda-inv");
        assert_eq!(refused(request(1.0, f64::NAN, "exp:1", 5)), "lambda-jump");
        assert_eq!(refused(request(1.0, 1.0, "exp:1", 1)), "players");
        let batch = BudishCramtonShim {
            market: Market::Batch { interval_s: 1.0 },
            edge_s: 2.0,
            ..request(1.0, 1.0, "exp:1", 5)
        };
        assert_eq!(refused(batch), "edge");
    }
}
