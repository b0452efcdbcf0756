//! Osterwald-Lenum (1992), "A note with quantiles of the asymptotic distribution of the maximum likelihood cointegration rank test
//! statistics", Oxford Bulletin of Economics and Statistics 54(3) 461: what the statistics must exceed, at 10, 5 and 1 %, by the number
//! of directions without a mean to come back to, from one to five.
//!
//! The figures of one to four trends were held against a simulation of the limit laws (20,000 draws of 400 steps), which agrees within
//! its own error; those of five were not.

/// At 10, 5 and 1 %, from one common trend to five.
pub(super) type Table = [[f64; 3]; 5];

/// The two statistics of one deterministic case.
#[derive(Debug)]
pub(super) struct Quantiles {
    pub(super) trace: Table,
    pub(super) max_eigenvalue: Table,
}

/// Constant inside the relations alone: table 1*.
pub(super) const RESTRICTED: Quantiles = Quantiles {
    trace: [
        [7.52, 9.24, 12.97],
        [17.85, 19.96, 24.60],
        [32.00, 34.91, 41.07],
        [49.65, 53.12, 60.16],
        [71.86, 76.07, 84.45],
    ],
    max_eigenvalue: [
        [7.52, 9.24, 12.97],
        [13.75, 15.67, 20.20],
        [19.77, 22.00, 26.81],
        [25.56, 28.14, 33.24],
        [31.66, 34.40, 39.79],
    ],
};

/// Constant anywhere, and the series drift: table 1.
pub(super) const UNRESTRICTED: Quantiles = Quantiles {
    trace: [
        [2.69, 3.76, 6.65],
        [13.33, 15.41, 20.04],
        [26.79, 29.68, 35.65],
        [43.95, 47.21, 54.46],
        [64.84, 68.52, 76.07],
    ],
    max_eigenvalue: [
        [2.69, 3.76, 6.65],
        [12.07, 14.07, 18.63],
        [18.60, 20.97, 25.52],
        [24.73, 27.07, 32.24],
        [30.90, 33.46, 38.77],
    ],
};
