//! The arbitrage option: what it is worth to be allowed to open an arbitrage, and to close it early (Brennan & Schwartz 1990).
//!
//! The mispricing `e` is a Brownian bridge to 0 at `T`. To open costs `c1` and gains `|e|`, which is kept at expiry at no further cost; to close early
//! costs `c2` and gains the mispricing of the other sign. One position at a time, as often as it pays:
//!
//! ```text
//! flat(e)  = max( E flat,  e - c1 + short(e),  -e - c1 + long(e) )
//! short(e) = max( E short, -e - c2 + flat(e) )           long(e) = short(-e)
//! ```
//!
//! solved backwards on a grid of mispricings; an expectation is taken over the exact step of the bridge, by quadrature.

/// Nodes and weights of the expectation over a normal step: Gauss & Hermite, seven points, for a standard normal.
const NODES: [(f64, f64); 7] = [
    (-3.750_439_717_725_742, 0.000_548_268_855_972_217_7),
    (-2.366_759_410_734_541, 0.030_757_123_967_586_497),
    (-1.154_405_394_739_968_2, 0.240_123_178_605_012_7),
    (0.0, 0.457_142_857_142_857_14),
    (1.154_405_394_739_968_2, 0.240_123_178_605_012_7),
    (2.366_759_410_734_541, 0.030_757_123_967_586_497),
    (3.750_439_717_725_742, 0.000_548_268_855_972_217_7),
];

/// What is asked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Terms {
    /// Cost of opening, and of holding to expiry.
    pub open: f64,
    /// Cost of closing early.
    pub close: f64,
    /// Volatility of the mispricing.
    pub volatility: f64,
    /// Time to expiry.
    pub expiry: f64,
    /// Moments at which something may be done.
    pub steps: usize,
    /// Points of the grid on each side of zero.
    pub points: usize,
}

/// What somebody who acts at these moments does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    /// Nothing is held.
    Flat,
    /// The dear one was sold: gains where the mispricing falls.
    Short,
    /// The cheap one was bought.
    Long,
}

/// The values at every moment, and so what is done.
#[derive(Clone, PartialEq, Debug)]
pub struct Values {
    terms: Terms,
    spacing: f64,
    /// By moment: value while flat and while short, on the grid, after acting.
    layers: Vec<[Vec<f64>; 2]>,
}

impl Values {
    /// Solves it.
    pub fn of(terms: Terms) -> Self {
        let width = 4.0 * terms.volatility * terms.expiry.sqrt();
        let (spacing, count) = (width / terms.points as f64, 2 * terms.points + 1);
        let mut values = Self { terms, spacing, layers: vec![[vec![0.0; count], vec![0.0; count]]] };
        // At the last moment but expiry it is known that what is open ends at nothing: the value of all is zero.
        for step in (0..terms.steps).rev() {
            let layer = values.before(step);
            values.layers.push(layer);
        }
        values.layers.reverse();
        values
    }

    /// The layer of a moment from the one after it, which is the last that was pushed.
    fn before(&self, step: usize) -> [Vec<f64>; 2] {
        let after = self.layers.last().expect("there is one at expiry");
        let (keep, sd) = self.step(step);
        let expected = |layer: &[f64], e: f64| {
            let of = |(node, weight): &(f64, f64)| weight * self.at(layer, e * keep + sd * node);
            NODES.iter().map(of).sum::<f64>()
        };
        let count = after[0].len();
        let wait: Vec<[f64; 2]> =
            (0..count).map(|i| [0, 1].map(|held| expected(&after[held], self.level(i)))).collect();
        let act = |i: usize| {
            let (e, Terms { open, close, .. }) = (self.level(i), self.terms);
            let [flat, short] = wait[i];
            let long = wait[count - 1 - i][1];
            let opened = (e - open + short).max(-e - open + long);
            // To open and close at once only costs, so what is opened or closed now waits.
            [flat.max(opened), short.max(-e - close + flat.max(-e - open + long))]
        };
        let (flat, short) = (0..count).map(act).map(|[flat, short]| (flat, short)).unzip();
        [flat, short]
    }

    /// How much of a mispricing is left one moment later, and the deviation of what is added.
    pub fn step(&self, step: usize) -> (f64, f64) {
        let dt = self.terms.expiry / self.terms.steps as f64;
        let left = self.terms.expiry - step as f64 * dt;
        let after = ((left - dt) / left).max(0.0);
        (after, self.terms.volatility * (dt * after).sqrt())
    }

    fn level(&self, i: usize) -> f64 {
        (i as f64 - self.terms.points as f64) * self.spacing
    }

    /// A layer between its points; beyond the grid, the last of it.
    fn at(&self, layer: &[f64], e: f64) -> f64 {
        let place = (e / self.spacing + self.terms.points as f64).clamp(0.0, (layer.len() - 1) as f64);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on the grid")]
        let below = (place as usize).min(layer.len() - 2);
        let share = place - below as f64;
        layer[below] * (1.0 - share) + layer[below + 1] * share
    }

    /// The value of being flat at the start, with the mispricing there.
    pub fn flat(&self, e: f64) -> f64 {
        self.at(&self.layers[0][0], e)
    }

    /// The value of what is held, beyond what is locked in.
    fn value(&self, step: usize, held: Held, e: f64) -> f64 {
        match held {
            Held::Flat => self.at(&self.layers[step][0], e),
            Held::Short => self.at(&self.layers[step][1], e),
            Held::Long => self.at(&self.layers[step][1], -e),
        }
    }

    /// What it is worth to wait.
    fn waits(&self, step: usize, held: Held, e: f64) -> f64 {
        let (keep, sd) = self.step(step);
        NODES.iter().map(|(node, weight)| weight * self.value(step + 1, held, e * keep + sd * node)).sum()
    }

    /// What somebody who holds this does at this moment, what that brings at once, and what is then held.
    pub fn act(&self, step: usize, held: Held, e: f64) -> (f64, Held) {
        let Terms { open, close, .. } = self.terms;
        let wait = |held| self.waits(step, held, e);
        let choices = match held {
            Held::Flat => [(0.0, Held::Flat), (e - open, Held::Short), (-e - open, Held::Long)],
            Held::Short => [(0.0, Held::Short), (-e - close, Held::Flat), (-2.0 * e - close - open, Held::Long)],
            Held::Long => [(0.0, Held::Long), (e - close, Held::Flat), (2.0 * e - close - open, Held::Short)],
        };
        let best = choices.into_iter().max_by(|a, b| (a.0 + wait(a.1)).total_cmp(&(b.0 + wait(b.1))));
        best.expect("there are three")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms { open: 0.5, close: 0.25, volatility: 1.0, expiry: 1.0, steps: 50, points: 200 };

    #[test]
    fn an_option_is_worth_at_least_what_it_pays_now_and_more_where_closing_is_cheap() {
        let values = Values::of(TERMS);
        for e in [0.0, 0.5, 1.0, 1.5] {
            assert!(values.flat(e) >= (e - 0.5).max(0.0), "{e}");
            assert!((values.flat(e) - values.flat(-e)).abs() < 1e-9, "it does not matter which is dear");
        }
        let never = Values::of(Terms { close: 1e6, ..TERMS });
        assert!(never.flat(0.0) < values.flat(0.0));
        let dear = Values::of(Terms { open: 1e6, ..TERMS });
        assert!(dear.flat(1.0).abs() < 1e-12, "who may not open has nothing");
    }

    /// Where nothing is closed early and there is one moment, it is opened if it pays, and that is all.
    #[test]
    fn one_moment_on_paper() {
        let once = Values::of(Terms { close: 1e6, steps: 1, ..TERMS });
        for (e, value) in [(0.3, 0.0), (0.8, 0.3), (-1.2, 0.7)] {
            assert!((once.flat(e) - value).abs() < 1e-9, "{e}: {}", once.flat(e));
        }
        assert_eq!(once.act(0, Held::Flat, 0.8).1, Held::Short);
        assert_eq!(once.act(0, Held::Flat, -0.8).1, Held::Long);
        assert_eq!(once.act(0, Held::Flat, 0.3).1, Held::Flat);
    }
}
