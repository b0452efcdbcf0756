//! What holds where nothing is said; why is told beside each range.

use super::{
    CarryConfig, EstimatorKind, ExecutionConfig, IndexArbConfig, LatencyConfig, Pairs, Policy, PrimaryConfig,
    UniverseConfig,
};

impl Default for IndexArbConfig {
    fn default() -> Self {
        Self {
            symbols: 20,
            pairs: Pairs::default(),
            policy: Policy::default(),
            estimator: EstimatorKind::default(),
            entry: 1.0,
            exit: 0.0,
            units: 1,
            units_max: 4,
            tick_ms: 20,
            latency: LatencyConfig::default(),
            universe: UniverseConfig::default(),
            carry: CarryConfig::default(),
            primary: PrimaryConfig::default(),
            execution: ExecutionConfig::default(),
        }
    }
}

impl Default for LatencyConfig {
    fn default() -> Self {
        Self { stocks_us: 500, etf_us: 500, future_us: 4_000, primary_us: 5_000 }
    }
}

impl Default for UniverseConfig {
    fn default() -> Self {
        Self {
            price_low: 50.0,
            price_high: 150.0,
            half_rank: 6.0,
            beta_low: 0.7,
            beta_high: 1.3,
            activity: 5.0,
            own_volatility: 2.0,
            mispricing_sd: 10.0,
            half_life_s: 2.5,
            placebo: false,
            slow_share: 0.2,
            slow_ms: 1_000,
        }
    }
}

impl Default for CarryConfig {
    fn default() -> Self {
        Self {
            rate: 0.05,
            borrow: 0.005,
            day_s: 30.0,
            days: 20.0,
            dividends_at_s: vec![20.0, 50.0],
            dividend: 0.5,
            settle_ms: 3_000,
        }
    }
}

impl Default for PrimaryConfig {
    fn default() -> Self {
        Self { enabled: true, unit: 2, fee: 1.0, cutoff_s: 1e6, refresh_ms: 100 }
    }
}

impl Default for ExecutionConfig {
    fn default() -> Self {
        Self { reach_ticks: 3, hung_ms: 500, patience_ms: 2_000, legging: 0.5, unhedged_limit: 25_000.0 }
    }
}
