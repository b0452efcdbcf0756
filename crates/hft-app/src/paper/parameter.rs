//! The parameters of a paper, and what is said of one that cannot be.

/// Why a result cannot be computed.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{parameter} must be {allowed}, not {value}")]
pub struct PaperError {
    /// Which parameter, as it is called where it is given.
    pub parameter: &'static str,
    /// What it was.
    pub value: f64,
    /// What it may be.
    pub allowed: String,
}

/// Refuses a parameter outside `low..=high`, and NaN.
///
/// ```
/// use hft_app::paper::check;
/// assert!(check("T", 600.0, [0.0, 1e6]).is_ok());
/// assert_eq!(check("Q", 0.0, [1.0, 300.0]).expect_err("too few").to_string(), "Q must be 1 to 300, not 0");
/// assert!(check("sigma", f64::NAN, [0.0, 1e6]).is_err());
/// ```
///
/// # Errors
/// With the range.
pub fn check(parameter: &'static str, value: f64, [low, high]: [f64; 2]) -> Result<(), PaperError> {
    let allowed = || format!("{low} to {high}");
    if (low..=high).contains(&value) { Ok(()) } else { Err(PaperError { parameter, value, allowed: allowed() }) }
}
