//! What trades say: how large they are, how often they come, whether one side is followed by the same, and what the price
//! does after them.
//!
//! Executions of one moment against one side are one trade: an order that met several. Signs: +1 where the buyer came.
//! Bouchaud, Gefen, Potters, Wyart (2004): `C(l) = E[e_t e_(t+l)]`, `R(l) = E[e_t (m_(t+l) - m_t)]`, with midpoints just before
//! the trades.

use super::distribution::Histogram;
use crate::time::UnixNanos;
use hft_core::models::Side;

/// Lags, in trades.
pub const TRADE_LAGS: [usize; 10] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/// As many trades as the longest lag reaches back.
const RING: usize = 128;

#[derive(Clone, Debug)]
pub(super) struct Trades {
    pub(super) sizes: Histogram,
    pub(super) gaps: Histogram,
    pub(super) count: u64,
    /// The trade that may still grow.
    open: Option<Open>,
    last: Option<UnixNanos>,
    /// Signs and midpoints before them, in half steps.
    ring: [(f64, f64); RING],
    signs: f64,
    products: [f64; TRADE_LAGS.len()],
    responses: [f64; TRADE_LAGS.len()],
    pairs: [u64; TRADE_LAGS.len()],
}

#[derive(Clone, Copy, Debug)]
struct Open {
    time: UnixNanos,
    side: Side,
    qty: i64,
    mid: Option<i64>,
}

impl Default for Trades {
    fn default() -> Self {
        Self {
            sizes: Histogram::default(),
            gaps: Histogram::default(),
            count: 0,
            open: None,
            last: None,
            ring: [(0.0, 0.0); RING],
            signs: 0.0,
            products: [0.0; TRADE_LAGS.len()],
            responses: [0.0; TRADE_LAGS.len()],
            pairs: [0; TRADE_LAGS.len()],
        }
    }
}

impl Trades {
    /// So much was executed against the other side of `side`, when the midpoint had been `mid` half steps.
    pub(super) fn see(&mut self, time: UnixNanos, side: Side, qty: i64, mid: Option<i64>) {
        if let Some(open) = &mut self.open
            && (open.time, open.side) == (time, side)
        {
            open.qty = open.qty.saturating_add(qty);
            return;
        }
        self.close();
        self.open = Some(Open { time, side, qty, mid });
    }

    /// The open trade is whole.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn close(&mut self) {
        let Some(Open { time, side, qty, mid }) = self.open.take() else { return };
        self.sizes.see(qty as f64);
        if let Some(last) = self.last {
            self.gaps.see(seconds(time, last));
        }
        self.last = Some(time);
        // A trade without a midpoint before it has no response, and would hide a trade between two others.
        let Some(mid) = mid else { return };
        let (sign, mid) = (side.sign() as f64, mid as f64);
        for (at, &lag) in TRADE_LAGS.iter().enumerate() {
            if self.count >= lag as u64 {
                let (before, was) = self.ring[(self.count as usize).wrapping_sub(lag) % RING];
                self.products[at] += sign * before;
                self.responses[at] += before * (mid - was);
                self.pairs[at] += 1;
            }
        }
        self.ring[self.count as usize % RING] = (sign, mid);
        self.signs += sign;
        self.count += 1;
    }

    /// The autocorrelation of signs, lag by lag.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn sign_correlation(&self) -> Vec<f64> {
        let mean = self.signs / self.count.max(1) as f64;
        let variance = 1.0 - mean * mean;
        let at = |(sum, pairs): (&f64, &u64)| {
            if *pairs == 0 || variance <= 0.0 { 0.0 } else { (sum / *pairs as f64 - mean * mean) / variance }
        };
        self.products.iter().zip(&self.pairs).map(at).collect()
    }

    /// How far the midpoint went after a trade, its way, in price steps.
    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    pub(super) fn response(&self) -> Vec<f64> {
        let at = |(sum, pairs): (&f64, &u64)| if *pairs == 0 { 0.0 } else { sum / *pairs as f64 / 2.0 };
        self.responses.iter().zip(&self.pairs).map(at).collect()
    }
}

/// From the earlier to the later, not below zero.
#[allow(clippy::cast_precision_loss, reason = "statistics")]
pub(super) fn seconds(later: UnixNanos, earlier: UnixNanos) -> f64 {
    later.minus(earlier).max(0) as f64 * 1e-9
}
