//! What the second leg costs that comes later: the price has moved by `N(0, sigma^2 tau)`.

/// The expected size of the move in a time: `E|slip| = sigma sqrt(2 tau / pi)`.
///
/// ```
/// use hft_index_arb::model::slippage::expected;
/// // 3 ticks a root second, 4 ms: 0.15 ticks.
/// assert!((expected(3.0, 0.004) - 0.1514).abs() < 1e-4);
/// ```
pub fn expected(sigma: f64, tau: f64) -> f64 {
    sigma * (2.0 * tau / std::f64::consts::PI).sqrt()
}
