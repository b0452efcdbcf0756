//! The Hawkes process of a recording, by maximum likelihood: limit orders, market orders and cancels of buyers and sellers.
//!
//! `lambda_i(t) = mu_i + sum_j n_ij sum_(t_j < t) beta e^(-beta (t - t_j))`, where the two sides mirror one another: three base
//! rates, and three by three children on the same and on the other side.
//!
//! The likelihood is climbed by expectation and maximisation over who caused whom (Veen and Schoenberg 2008): every step has
//! a closed form and none goes down. With exponential kernels all sums over the past are kept up from event to event, so a step
//! takes one pass.
//!
//! Left out: kernels with several rates of forgetting. The memory of one exponential is that long and no longer.

use serde::Serialize;

/// Limit, market, cancel: of the buyers where even, of the sellers where odd, in this order.
pub(super) const KINDS: usize = 6;

/// Steps of the climb at most.
const STEPS_MAX: usize = 200;

/// A step that gains less than this an event is the last.
const GAIN_LEAST: f64 = 1e-7;

/// One event: when, in seconds since the first, and of which kind.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Arrival {
    /// When.
    pub time: f64,
    /// Which of `KINDS`.
    pub kind: usize,
}

/// The estimate.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct HawkesFit {
    /// Events a second without cause, of each side: limit, market, cancel.
    pub base: [f64; 3],
    /// Children on the same side: a row for each kind of child, in it one for each kind of parent.
    pub same_side: [[f64; 3]; 3],
    /// Children on the other side.
    pub other_side: [[f64; 3]; 3],
    /// How fast an excitement is forgotten, 1/s.
    pub beta: f64,
    /// The log-likelihood, an event.
    pub log_likelihood: f64,
    /// How many events it was made from.
    pub events: usize,
    /// Whether the climb ended at the top, and not at its limit of steps.
    pub converged: bool,
}

impl HawkesFit {
    /// From events in order of time, over so many seconds; nothing where there are fewer than a hundred.
    #[allow(clippy::cast_precision_loss, reason = "a count of events")]
    pub fn of(arrivals: &[Arrival], seconds: f64) -> Option<Self> {
        if arrivals.len() < 100 || seconds <= 0.0 {
            return None;
        }
        let mut count = [0.0; 3];
        arrivals.iter().for_each(|arrival| count[arrival.kind / 2] += 0.5);
        // Half of what there is comes without cause, and every kind has the same few children.
        let mut fit = Self {
            base: count.map(|count| count / seconds * 0.5),
            same_side: count.map(|count| [0.3 * count / arrivals.len() as f64 + 0.02; 3]),
            other_side: count.map(|count| [0.1 * count / arrivals.len() as f64 + 0.01; 3]),
            beta: arrivals.len() as f64 / seconds,
            log_likelihood: f64::NEG_INFINITY,
            events: arrivals.len(),
            converged: false,
        };
        for _ in 0..STEPS_MAX {
            let before = fit.log_likelihood;
            fit = fit.step(arrivals, seconds);
            if fit.log_likelihood - before < GAIN_LEAST {
                fit.converged = true;
                break;
            }
        }
        Some(fit)
    }

    fn children(&self, child: usize, parent: usize) -> f64 {
        let table = if child % 2 == parent % 2 { &self.same_side } else { &self.other_side };
        table[child / 2][parent / 2]
    }

    /// One step of the climb; the likelihood that it tells is that of where it began.
    #[allow(clippy::cast_precision_loss, reason = "a count of events")]
    fn step(&self, arrivals: &[Arrival], seconds: f64) -> Self {
        let mut past = Past::default();
        let mut caused = Caused::default();
        let mut log = 0.0;
        let mut at = 0;
        while at < arrivals.len() {
            let time = arrivals[at].time;
            // Events of one moment do not cause one another.
            let together = arrivals[at..].iter().take_while(|arrival| arrival.time <= time).count();
            past.advance(time, self.beta);
            for arrival in &arrivals[at..at + together] {
                log += libm::log(self.attribute(arrival.kind, &past, &mut caused).max(f64::MIN_POSITIVE));
            }
            arrivals[at..at + together].iter().for_each(|arrival| past.sums[arrival.kind] += 1.0);
            at += together;
        }
        past.advance(seconds.max(past.time), self.beta);
        let mut parents = [0.0; 3];
        arrivals.iter().for_each(|arrival| parents[arrival.kind / 2] += 1.0);
        // What the window's end cut off: children that would have come later.
        let seen: [f64; 3] =
            std::array::from_fn(|kind| f64::max(parents[kind] - past.sums[2 * kind] - past.sums[2 * kind + 1], 1e-9));
        let expected: f64 = self.base.iter().sum::<f64>() * 2.0 * seconds
            + (0..KINDS).map(|child| self.offspring(child, &seen)).sum::<f64>();
        let over_seen =
            |table: [[f64; 3]; 3]| table.map(|row| std::array::from_fn(|parent: usize| row[parent] / seen[parent]));
        Self {
            base: caused.base.map(|count| count / (2.0 * seconds)),
            same_side: over_seen(caused.same),
            other_side: over_seen(caused.other),
            beta: caused.children / caused.delays.max(1e-12),
            log_likelihood: (log - expected) / arrivals.len() as f64,
            ..self.clone()
        }
    }

    /// Children of one kind that so many parents had within the window; half of the parents are of each side.
    fn offspring(&self, child: usize, seen: &[f64; 3]) -> f64 {
        (0..KINDS).map(|parent| self.children(child, parent) * seen[parent / 2] / 2.0).sum()
    }

    /// Divides an event among its possible causes, and tells its intensity.
    fn attribute(&self, kind: usize, past: &Past, caused: &mut Caused) -> f64 {
        let own = self.base[kind / 2];
        let share = |parent: usize| self.children(kind, parent) * self.beta * past.sums[parent];
        let intensity = own + (0..KINDS).map(share).sum::<f64>();
        if intensity <= 0.0 {
            return intensity;
        }
        caused.base[kind / 2] += own / intensity;
        for parent in 0..KINDS {
            let part = share(parent) / intensity;
            let table = if kind % 2 == parent % 2 { &mut caused.same } else { &mut caused.other };
            table[kind / 2][parent / 2] += part;
            caused.children += part;
            caused.delays += self.children(kind, parent) * self.beta * past.delays[parent] / intensity;
        }
        intensity
    }
}

/// Of each kind, the sum of what its past events still weigh, and that of these weights times their ages.
#[derive(Default)]
struct Past {
    time: f64,
    sums: [f64; KINDS],
    delays: [f64; KINDS],
}

impl Past {
    fn advance(&mut self, time: f64, beta: f64) {
        let wait = time - self.time;
        let decay = libm::exp(-beta * wait);
        for kind in 0..KINDS {
            self.delays[kind] = (self.delays[kind] + wait * self.sums[kind]) * decay;
            self.sums[kind] *= decay;
        }
        self.time = time;
    }
}

/// Events by their causes.
#[derive(Default)]
struct Caused {
    base: [f64; 3],
    same: [[f64; 3]; 3],
    other: [[f64; 3]; 3],
    children: f64,
    delays: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// The process by its families: who comes without cause, their children, the children's. No intensity is computed, so
    /// nothing is shared with the estimate.
    fn families(truth: &HawkesFit, seconds: f64, rng: &mut ChaCha8Rng) -> Vec<Arrival> {
        let mut exponential = move |rate: f64| -libm::log(1.0 - rng.random::<f64>()) / rate;
        let mut waiting = Vec::new();
        for kind in 0..KINDS {
            let mut time = exponential(truth.base[kind / 2]);
            while time < seconds {
                waiting.push(Arrival { time, kind });
                time += exponential(truth.base[kind / 2]);
            }
        }
        let mut all = Vec::new();
        while let Some(parent) = waiting.pop() {
            all.push(parent);
            for kind in 0..KINDS {
                // As many as a Poisson clock of that mean rings within one unit.
                let mean = truth.children(kind, parent.kind);
                let mut rung = if mean > 0.0 { exponential(mean) } else { 2.0 };
                while rung < 1.0 {
                    let time = parent.time + exponential(truth.beta);
                    if time < seconds {
                        waiting.push(Arrival { time, kind });
                    }
                    rung += exponential(mean);
                }
            }
        }
        all.sort_by(|a, b| a.time.total_cmp(&b.time));
        all
    }

    #[test]
    fn the_parameters_of_a_simulated_process_are_found_again() {
        let truth = HawkesFit {
            base: [2.0, 0.3, 1.0],
            same_side: [[0.30, 0.25, 0.10], [0.03, 0.40, 0.0], [0.25, 0.10, 0.15]],
            other_side: [[0.05, 0.10, 0.0], [0.0, 0.05, 0.0], [0.05, 0.10, 0.05]],
            beta: 4.0,
            log_likelihood: 0.0,
            events: 0,
            converged: true,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(1971);
        let arrivals = families(&truth, 6_000.0, &mut rng);
        let fit = HawkesFit::of(&arrivals, 6_000.0).expect("enough events");
        assert!(fit.converged, "{fit:?}");
        let near = |what: &str, is: f64, was: f64, by: f64| {
            assert!((is - was).abs() < by, "{what} was {was}, and {is} was found\n{fit:#?}");
        };
        near("beta", fit.beta, truth.beta, 0.25);
        for child in 0..3 {
            near("base", fit.base[child], truth.base[child], 0.1 * truth.base[child] + 0.02);
            for parent in 0..3 {
                near("same", fit.same_side[child][parent], truth.same_side[child][parent], 0.04);
                near("other", fit.other_side[child][parent], truth.other_side[child][parent], 0.04);
            }
        }
    }

    /// Where nothing excites, nothing is found that does.
    #[test]
    fn a_poisson_stream_has_no_children() {
        let truth = HawkesFit {
            base: [3.0, 1.0, 2.0],
            same_side: [[0.0; 3]; 3],
            other_side: [[0.0; 3]; 3],
            beta: 1.0,
            log_likelihood: 0.0,
            events: 0,
            converged: true,
        };
        let arrivals = families(&truth, 4_000.0, &mut ChaCha8Rng::seed_from_u64(7));
        let fit = HawkesFit::of(&arrivals, 4_000.0).expect("enough events");
        let children: f64 = fit.same_side.iter().chain(&fit.other_side).flatten().sum();
        assert!(children < 0.25, "{fit:#?}");
    }
}
