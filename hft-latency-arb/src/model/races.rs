//! Aquilina, Budish & O'Neill (2022), "Quantifying the high-frequency trading arms race", Quarterly Journal of Economics 137(1) 493.
//!
//! A race is found in the messages that a venue received, the failed ones included: in one book, on one side, at one price, within an
//! information horizon of the first message,
//!
//! 1. two participants or more,
//! 2. one attempt to take or more (the others may have tried to cancel),
//! 3. one success or more, and one failure or more.
//!
//! Left out: their adjustments for orders that fail for other reasons than being late.

/// What somebody tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Attempt {
    /// To take what rests there.
    Take,
    /// To take one's own order away.
    Cancel,
}

/// One message at the venue, after the venue had decided on it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Arrival {
    /// When, ns.
    pub time_ns: u64,
    /// Which book, side and price are raced for: equal numbers, equal prizes.
    pub prize: Prize,
    /// Who.
    pub participant: u32,
    /// What.
    pub attempt: Attempt,
    /// Whether it came in time: it took something, or took its order away.
    pub succeeded: bool,
    /// What it took, lots.
    pub taken: i64,
}

/// What is raced for: the resting orders of one side of one book at one price.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Prize {
    /// The book, by number.
    pub book: u32,
    /// The side on which the orders rest: 0 bids, 1 asks.
    pub side: u8,
    /// Ticks.
    pub price: i64,
}

/// A race.
#[derive(Clone, PartialEq, Debug)]
pub struct Race {
    /// What was raced for.
    pub prize: Prize,
    /// Its messages, in order of arrival.
    pub arrivals: Vec<Arrival>,
}

impl Race {
    /// The first who came in time.
    pub fn winner(&self) -> Arrival {
        *self.arrivals.iter().find(|arrival| arrival.succeeded).expect("a race has a success")
    }

    /// The first who did not.
    pub fn first_loser(&self) -> Arrival {
        *self.arrivals.iter().find(|arrival| !arrival.succeeded).expect("a race has a failure")
    }

    /// How much later the first loser came than the winner, ns; zero where the loser came first and failed for something else.
    pub fn margin_ns(&self) -> u64 {
        self.first_loser().time_ns.saturating_sub(self.winner().time_ns)
    }

    /// Lots that were taken in it.
    pub fn taken(&self) -> i64 {
        self.arrivals.iter().map(|arrival| arrival.taken).sum()
    }

    /// How many took part.
    pub fn participants(&self) -> usize {
        let mut known: Vec<u32> = self.arrivals.iter().map(|arrival| arrival.participant).collect();
        known.sort_unstable();
        known.dedup();
        known.len()
    }
}

/// Finds races in messages as they come, one prize apart from the other.
///
/// ```
/// use hft_latency_arb::model::races::{Arrival, Attempt, Prize, RaceFinder};
/// let prize = Prize { book: 0, side: 1, price: 10_000 };
/// let arrival = |time_ns, participant, attempt, succeeded| Arrival { time_ns, prize, participant, attempt, succeeded, taken: i64::from(succeeded) };
/// let mut finder = RaceFinder::new(500_000);
/// finder.add(arrival(1_000, 7, Attempt::Take, true));
/// finder.add(arrival(1_400, 8, Attempt::Take, false));
/// finder.add(arrival(1_900, 3, Attempt::Cancel, false));
/// let races = finder.finish();
/// assert_eq!((races.len(), races[0].winner().participant, races[0].margin_ns()), (1, 7, 400));
/// ```
#[derive(Clone, Debug)]
pub struct RaceFinder {
    horizon_ns: u64,
    open: std::collections::BTreeMap<Prize, Vec<Arrival>>,
    found: Vec<Race>,
}

impl RaceFinder {
    /// Messages up to `horizon_ns` after the first belong to it.
    pub const fn new(horizon_ns: u64) -> Self {
        Self { horizon_ns, open: std::collections::BTreeMap::new(), found: Vec::new() }
    }

    /// A message, in order of time.
    pub fn add(&mut self, arrival: Arrival) {
        self.close_before(arrival.time_ns);
        self.open.entry(arrival.prize).or_default().push(arrival);
    }

    /// Races whose horizon has passed are decided.
    fn close_before(&mut self, now_ns: u64) {
        let over = |arrivals: &Vec<Arrival>| now_ns - arrivals[0].time_ns.min(now_ns) > self.horizon_ns;
        // Few prizes are open at a time: those of the last fraction of a millisecond.
        let closed: Vec<Prize> =
            self.open.iter().filter(|(_, arrivals)| over(arrivals)).map(|(prize, _)| *prize).collect();
        for prize in closed {
            let arrivals = self.open.remove(&prize).expect("it is open");
            self.decide(prize, arrivals);
        }
    }

    fn decide(&mut self, prize: Prize, arrivals: Vec<Arrival>) {
        let race = Race { prize, arrivals };
        let any = |is: fn(&Arrival) -> bool| race.arrivals.iter().any(is);
        let is_race = race.participants() >= 2
            && any(|arrival| arrival.attempt == Attempt::Take)
            && any(|arrival| arrival.succeeded)
            && any(|arrival| !arrival.succeeded);
        if is_race {
            self.found.push(race);
        }
    }

    /// The races that are decided, in order; they are not told again.
    pub fn take(&mut self) -> Vec<Race> {
        std::mem::take(&mut self.found)
    }

    /// Nothing more will come: all races that were not told yet.
    pub fn finish(mut self) -> Vec<Race> {
        for (prize, arrivals) in std::mem::take(&mut self.open) {
            self.decide(prize, arrivals);
        }
        self.found.sort_by_key(|race| (race.arrivals[0].time_ns, race.prize));
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn arrival(time_ns: u64, price: i64, participant: u32, attempt: Attempt, succeeded: bool) -> Arrival {
        let taken = i64::from(succeeded && attempt == Attempt::Take);
        Arrival { time_ns, prize: Prize { book: 0, side: 0, price }, participant, attempt, succeeded, taken }
    }

    #[test]
    fn what_lacks_one_condition_is_no_race() {
        use Attempt::{Cancel, Take};
        for (why, messages) in [
            ("one participant", vec![(0, 1, Take, true), (10, 1, Take, false)]),
            ("nobody takes", vec![(0, 1, Cancel, true), (10, 2, Cancel, false)]),
            ("nobody fails", vec![(0, 1, Take, true), (10, 2, Take, true)]),
            ("nobody succeeds", vec![(0, 1, Take, false), (10, 2, Take, false)]),
            ("too far apart", vec![(0, 1, Take, true), (501, 2, Take, false)]),
        ] {
            let mut finder = RaceFinder::new(500);
            messages.iter().for_each(|&(time, who, what, won)| finder.add(arrival(time, 5, who, what, won)));
            assert_eq!(finder.finish(), [], "{why}");
        }
        let mut finder = RaceFinder::new(500);
        finder.add(arrival(0, 5, 1, Attempt::Take, true));
        finder.add(arrival(10, 6, 2, Attempt::Take, false));
        assert_eq!(finder.finish(), [], "another price");
    }

    /// Races hidden in a log of other messages are found, all of them and no other.
    #[test]
    fn injected_races_are_found_with_recall_and_precision_one() {
        let mut rng = ChaCha8Rng::seed_from_u64(2022);
        let (mut log, mut injected) = (Vec::new(), Vec::new());
        for slot in 0..2_000u64 {
            let (start, price) = (slot * 10_000, 1_000 + (slot % 37).cast_signed());
            if rng.random::<f64>() < 0.3 {
                let others = rng.random_range(1..5u32);
                log.push(arrival(start, price, 1, Attempt::Take, true));
                for other in 0..others {
                    let attempt = if rng.random::<bool>() { Attempt::Take } else { Attempt::Cancel };
                    log.push(arrival(start + 1 + u64::from(other) * 90, price, 2 + other, attempt, false));
                }
                injected.push((start, price, others as usize + 1));
            } else {
                // Ordinary traffic: takes that succeed, cancels that succeed, a late cancel alone.
                let (attempt, succeeded) = [(Attempt::Take, true), (Attempt::Cancel, true), (Attempt::Cancel, false)]
                    [rng.random_range(0..3u64) as usize];
                log.push(arrival(start, price, 9, attempt, succeeded));
                log.push(arrival(start + 450, price + 1, 8, Attempt::Take, false));
            }
        }
        log.sort_by_key(|arrival| arrival.time_ns);
        let mut finder = RaceFinder::new(500);
        let mut found = Vec::new();
        for arrival in log {
            finder.add(arrival);
            found.extend(finder.take());
        }
        found.extend(finder.finish());
        let mut found: Vec<_> =
            found.iter().map(|race| (race.arrivals[0].time_ns, race.prize.price, race.participants())).collect();
        found.sort_unstable();
        assert!(injected.len() > 500);
        assert_eq!(found, injected);
    }
}
