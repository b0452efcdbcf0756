//! How good a detector was, where the truth is known: episodes caught, alarms that were none, and how long it took.
//!
//! An alert is true when it names the account under test at a time at which it was at it. Recall counts episodes, precision counts alerts.

use crate::surveillance::Alert;
use hft_core::models::{AccountId, Nanos, Timestamp};

/// How long after an episode an alert of it may still come: a way out is waited for.
const LATE: Nanos = Nanos::from_secs(12);

/// A stretch of time in which the account under test did what it is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Episode {
    /// Its first message.
    pub began: Timestamp,
    /// Its last message.
    pub ended: Timestamp,
}

/// A detector's judgement: something with a score, about somebody at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judgement {
    /// From when what it is about lasted.
    pub began: Timestamp,
    /// When it was made.
    pub made: Timestamp,
    /// Whom it names.
    pub who: Option<AccountId>,
    /// How sure it is; any scale.
    pub score: f64,
}

/// What it is worth.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evaluation {
    /// Episodes there were.
    pub episodes: usize,
    /// Episodes with an alert.
    pub caught: usize,
    /// Alerts.
    pub alerts: usize,
    /// Alerts about an episode.
    pub true_alerts: usize,
    /// From the beginning of each caught episode to its first alert, shortest first.
    pub delays: Vec<Nanos>,
    /// Area under precision over recall, all thresholds; none without an episode.
    pub pr_auc: Option<f64>,
}

impl Judgement {
    /// Of an alert.
    pub fn of(alert: &Alert) -> Self {
        Self {
            began: Timestamp::new(alert.began_ns),
            made: Timestamp::new(alert.raised_ns),
            who: alert.who.map(AccountId),
            score: alert.score,
        }
    }

    fn is_about(&self, accused: AccountId, episode: &Episode) -> bool {
        self.who == Some(accused) && self.began <= episode.ended.after(LATE) && self.made >= episode.began
    }
}

impl Evaluation {
    /// Of all judgements, with those from this score on being alerts; `accused` is the account under test.
    ///
    /// ```
    /// use hft_core::models::{AccountId, Nanos, Timestamp};
    /// use hft_manipulative_edu::ledger::{Episode, Evaluation, Judgement};
    /// let at = |s| Timestamp::START + Nanos::from_secs(s);
    /// let episodes = [Episode { began: at(10), ended: at(12) }, Episode { began: at(100), ended: at(102) }];
    /// let judged = |s, who, score| Judgement { began: at(s), made: at(s + 1), who: Some(AccountId(who)), score };
    /// let judgements = [judged(10, 1, 0.9), judged(50, 2, 0.8), judged(101, 1, 0.3)];
    /// let told = Evaluation::new(&judgements, &episodes, Some(AccountId(1)), 0.5);
    /// assert_eq!((told.caught, told.alerts, told.true_alerts), (1, 2, 1));
    /// assert_eq!(told.pr_auc, Some(0.5 * 1.0 + 0.5 * 2.0 / 3.0), "one, then the false alarm, then the other");
    /// ```
    pub fn new(judgements: &[Judgement], episodes: &[Episode], accused: Option<AccountId>, threshold: f64) -> Self {
        let mut sorted: Vec<&Judgement> = judgements.iter().collect();
        sorted.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.made.cmp(&b.made)));
        let (mut first, mut found) = (vec![None; episodes.len()], vec![false; episodes.len()]);
        let mut told = Self { episodes: episodes.len(), ..Self::default() };
        let (mut area, mut is_true) = (0.0, 0usize);
        for (rank, judgement) in sorted.iter().enumerate() {
            let about: Vec<usize> = accused.map_or(Vec::new(), |accused| {
                (0..episodes.len()).filter(|&number| judgement.is_about(accused, &episodes[number])).collect()
            });
            is_true += usize::from(!about.is_empty());
            let new = about.iter().filter(|&&number| !found[number]).count();
            area += new as f64 / episodes.len().max(1) as f64 * is_true as f64 / (rank + 1) as f64;
            about.iter().for_each(|&number| found[number] = true);
            if judgement.score >= threshold {
                told.alerts += 1;
                told.true_alerts += usize::from(!about.is_empty());
                for number in about {
                    let delay = judgement.made.since(episodes[number].began);
                    let known: &mut Option<Nanos> = &mut first[number];
                    *known = Some(known.map_or(delay, |known| known.min(delay)));
                }
            }
        }
        told.delays = first.into_iter().flatten().collect();
        told.delays.sort_unstable();
        told.caught = told.delays.len();
        told.pr_auc = (!episodes.is_empty()).then_some(area);
        told
    }

    /// Share of the episodes that was caught.
    pub fn recall(&self) -> Option<f64> {
        (self.episodes > 0).then(|| self.caught as f64 / self.episodes as f64)
    }

    /// Share of the alerts that were about an episode.
    pub fn precision(&self) -> Option<f64> {
        (self.alerts > 0).then(|| self.true_alerts as f64 / self.alerts as f64)
    }

    /// Alerts about nothing.
    pub const fn false_alerts(&self) -> usize {
        self.alerts - self.true_alerts
    }

    /// The median time from the beginning of a caught episode to its first alert, s.
    pub fn median_delay_s(&self) -> Option<f64> {
        self.delays.get(self.delays.len() / 2).map(|delay| delay.to_secs_f64())
    }
}
