//! How well a classifier did: confusion, accuracy, macro-F1, calibration.

/// Counts of what was against what was said, three classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Confusion {
    counts: [[u64; 3]; 3],
}

impl Confusion {
    /// One more.
    pub const fn add(&mut self, truth: usize, said: usize) {
        self.counts[truth][said] += 1;
    }

    /// How often `said` was said of `truth`.
    pub const fn count(&self, truth: usize, said: usize) -> u64 {
        self.counts[truth][said]
    }

    /// How many there are of a class.
    pub fn of(&self, truth: usize) -> u64 {
        self.counts[truth].iter().sum()
    }

    /// All.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// The share that is right.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..3).map(|class| self.counts[class][class]).sum();
        right as f64 / self.total().max(1) as f64
    }

    /// Of one class: right among what was said, and found among what was.
    pub fn precision_recall(&self, class: usize) -> (f64, f64) {
        let right = self.counts[class][class] as f64;
        let said: u64 = self.counts.iter().map(|row| row[class]).sum();
        (right / said.max(1) as f64, right / self.of(class).max(1) as f64)
    }

    /// The mean over the classes of the harmonic mean of precision and recall.
    pub fn macro_f1(&self) -> f64 {
        let f1 = |class| {
            let (precision, recall) = self.precision_recall(class);
            if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
        };
        (0..3).map(f1).sum::<f64>() / 3.0
    }

    /// The share of the commonest class: what saying always the same would get.
    pub fn majority(&self) -> f64 {
        let most = (0..3).map(|class| self.of(class)).max().unwrap_or(0);
        most as f64 / self.total().max(1) as f64
    }
}

/// How often those who said "so sure" were right, in ten bins of confidence.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Calibration {
    /// How many, the sum of their confidences, how many were right.
    bins: [(u64, f64, u64); 10],
}

impl Calibration {
    /// One more; confidence is in 0..=1.
    pub fn add(&mut self, confidence: f64, is_right: bool) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
        let bin = &mut self.bins[((confidence * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + confidence, bin.2 + u64::from(is_right));
    }

    /// The bins that hold something: how many, mean confidence, share that was right.
    pub fn bins(&self) -> impl Iterator<Item = (u64, f64, f64)> + '_ {
        let filled = self.bins.iter().filter(|bin| bin.0 > 0);
        filled.map(|&(count, sum, right)| (count, sum / count as f64, right as f64 / count as f64))
    }

    /// The expected calibration error: how far confidence is from being right, weighed by how many are in each bin.
    pub fn error(&self) -> f64 {
        let total: u64 = self.bins.iter().map(|bin| bin.0).sum();
        self.bins().map(|(count, said, right)| count as f64 * (said - right).abs()).sum::<f64>() / total.max(1) as f64
    }
}

/// Found among all that were to be found, and right among all that were claimed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Claimed, and so.
    pub right: u64,
    /// Claimed, and not so.
    pub wrong: u64,
    /// So, and not claimed.
    pub missed: u64,
}

impl Found {
    /// One more.
    pub fn add(&mut self, truth: bool, claimed: bool) {
        match (truth, claimed) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// Right among the claimed.
    pub fn precision(&self) -> Option<f64> {
        let claimed = self.right + self.wrong;
        (claimed > 0).then(|| self.right as f64 / claimed as f64)
    }

    /// Claimed among the right.
    pub fn recall(&self) -> Option<f64> {
        let all = self.right + self.missed;
        (all > 0).then(|| self.right as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine texts of three classes, by hand.
    #[test]
    fn scores_are_those_of_their_definitions() {
        let mut confusion = Confusion::default();
        for (truth, said) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 2), (2, 2), (2, 2), (2, 2)] {
            confusion.add(truth, said);
        }
        assert!((confusion.accuracy() - 7.0 / 9.0).abs() < 1e-12);
        let f1 = [0.8, 2.0 / 3.0, 6.0 / 7.0];
        assert!((confusion.macro_f1() - f1.iter().sum::<f64>() / 3.0).abs() < 1e-12);
        assert!((confusion.majority() - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn calibration_error_is_the_mean_distance_from_being_right() {
        let mut calibration = Calibration::default();
        (0..10).for_each(|i| calibration.add(0.95, i < 9));
        (0..10).for_each(|i| calibration.add(0.65, i < 4));
        assert!((calibration.error() - (0.05 + 0.25) / 2.0).abs() < 1e-12);
    }
}
