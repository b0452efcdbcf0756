//! A mean of simulated figures, and how far it may be off.

/// A sample mean and its standard error.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// The mean.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
}

impl Sample {
    /// Of at least two numbers.
    #[allow(clippy::cast_precision_loss, reason = "a count")]
    pub fn of(numbers: &[f64]) -> Self {
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
        Self { mean, error: (squares / (count - 1.0) / count).sqrt() }
    }
}
