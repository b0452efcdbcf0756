//! The no-arbitrage band: how far two prices of one thing may stand apart before it pays to trade both (Modest & Sundaresan 1983).
//!
//! A gap `g` between two midpoints, opened and closed at `x`, earns
//!
//! ```text
//! g - x - 2 (h_1 + h_2) - fees - impact - borrow - legging
//! ```
//!
//! so it is opened above the sum of the costs, and closed at `x`: between the two nothing happens, which is the hysteresis. Where the two may be
//! exchanged for one another the way back costs that fee instead of a second spread, whichever is less.

/// What it costs to open and to close, everything in one unit of price.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Costs {
    /// Half spreads of both legs together.
    pub half_spreads: f64,
    /// Fees of both legs, there and back.
    pub fees: f64,
    /// By how much the own orders move the prices, there and back.
    pub impact: f64,
    /// Borrowing for as long as the position is expected to be held.
    pub borrow: f64,
    /// What is expected to be lost between the legs.
    pub legging: f64,
    /// Where the two may be exchanged: what that costs, its fee and its prices, and the fees that are then saved.
    pub exchange: Option<Exchange>,
}

/// The way back through the issuer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Exchange {
    /// What it costs.
    pub cost: f64,
    /// The fees of closing in the market, which it saves.
    pub saved: f64,
}

/// Where a position is opened and where it is closed.
///
/// ```
/// use hft_index_arb::model::band::{Band, Costs, Exchange};
/// let costs = Costs { half_spreads: 2.0, fees: 1.0, legging: 0.5, ..Costs::default() };
/// let band = Band::of(&costs, 1.0, 0.0);
/// assert_eq!((band.entry, band.exit), (2.0 * 2.0 + 1.0 + 0.5 + 1.0, 0.0));
/// let exchange = Some(Exchange { cost: 1.25, saved: 0.5 });
/// assert_eq!(Band::of(&Costs { exchange, ..costs }, 1.0, 0.0).entry, 2.0 + 0.5 + 0.5 + 1.0 + 1.25);
/// assert!(band.opens(6.5) && !band.opens(6.4) && band.closes(0.0) && !band.closes(0.1));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Band {
    /// The gap from which it is opened.
    pub entry: f64,
    /// The gap at which it is closed.
    pub exit: f64,
}

impl Band {
    /// With so much beyond the costs, and closed at this gap.
    pub fn of(costs: &Costs, margin: f64, exit: f64) -> Self {
        let Costs { half_spreads, fees, impact, borrow, legging, exchange } = *costs;
        let fixed = half_spreads + fees + impact + borrow + legging + margin;
        let wait = half_spreads + exit;
        // Through the issuer the gap itself is earned, wherever it stands.
        let back = exchange.map_or(wait, |exchange| wait.min(exchange.cost - exchange.saved));
        Self { entry: fixed + back, exit }
    }

    /// Whether a gap is opened.
    pub fn opens(&self, gap: f64) -> bool {
        gap >= self.entry
    }

    /// Whether what was opened is closed.
    pub fn closes(&self, gap: f64) -> bool {
        gap <= self.exit
    }
}
