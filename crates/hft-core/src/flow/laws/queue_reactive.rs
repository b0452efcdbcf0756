//! The invariant law of one queue of Huang, Lehalle & Rosenbaum (2015), whose rates depend on its own length.

/// Rates of a queue by its length; beyond the last of a list, the last.
///
/// ```
/// use hft_core::flow::laws::QueueReactive;
/// let law = QueueReactive { lambda: vec![1.0], mu: vec![2.0] }.invariant();
/// assert!((law[3] - 0.0625).abs() < 1e-12, "geometric");
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct QueueReactive {
    /// `lambda[n]`: limit orders when there are `n`, from `n = 0`.
    pub lambda: Vec<f64>,
    /// `mu[n - 1]`: market orders and cancels together when there are `n`, from `n = 1`.
    pub mu: Vec<f64>,
}

impl QueueReactive {
    /// Births at `n`.
    pub fn birth(&self, n: usize) -> f64 {
        self.lambda[n.min(self.lambda.len() - 1)]
    }

    /// Deaths at `n`.
    pub fn death(&self, n: usize) -> f64 {
        if n == 0 { 0.0 } else { self.mu[(n - 1).min(self.mu.len() - 1)] }
    }

    /// Births over deaths in a long queue; it settles where this is below one.
    pub fn ratio(&self) -> f64 {
        self.birth(usize::MAX) / self.death(usize::MAX)
    }

    /// The invariant law, `pi(n)` in proportion to `prod_{j = 1..n} lambda(j - 1) / mu(j)`, up to where less than `1e-13` is left.
    pub fn invariant(&self) -> Vec<f64> {
        let (mut weights, mut total) = (vec![1.0], 1.0);
        let listed = self.lambda.len().max(self.mu.len());
        loop {
            let n = weights.len();
            let weight = weights[n - 1] * self.birth(n - 1) / self.death(n);
            weights.push(weight);
            total += weight;
            // Beyond the lists the law is geometric.
            if n > listed && weight / (1.0 - self.ratio()) < 1e-13 * total {
                return weights.iter().map(|weight| weight / total).collect();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_rates_are_geometric() {
        let law = QueueReactive { lambda: vec![1.0], mu: vec![2.0] }.invariant();
        for (n, share) in law.iter().enumerate().take(20) {
            assert!((share - libm::pow(0.5, n as f64 + 1.0)).abs() < 1e-12, "{n}");
        }
    }

    /// Flow into a state equals flow out of it.
    #[test]
    fn the_law_balances() {
        let queue = QueueReactive { lambda: vec![3.0, 1.0, 0.5], mu: vec![0.7, 1.1, 0.4, 0.9] };
        let law = queue.invariant();
        assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for n in 0..12 {
            assert!((law[n] * queue.birth(n) - law[n + 1] * queue.death(n + 1)).abs() < 1e-12, "{n}");
        }
    }
}
