//! How wrong the fill models are: each held against the recorded queue.
//!
//! Every so often a *probe* joins the best bid and the best offer of a recording of single orders: an order of one lot that nobody sees, so
//! it moves nothing. Where orders have names its true place is known to the end; each model follows it by sizes alone, as if they had
//! none. A probe is filled when a taker has passed all that stood before it, when the market trades beyond its price, or when an order
//! of the other side arrives there; it is watched for a horizon and not moved.
//!
//! ```text
//! bias   = P(filled, by the model) - P(filled, in truth)
//! error  = P(the model and the truth differ)
//! ```
//!
//! and, of the probes that both fill, the difference of the times.
//!
//! A feed of sizes tells a hidden execution like any other trade, so the models count it against the queue; the truth does not. A
//! recording that tells no executions (takers as orders, as at Bitstamp) has no truth to hold a model against but the price going through.
//!
//! Left out: what others would have done had they seen the order.

use super::fill_model::FillModel;
use super::playback::Playback;
use super::reduction::{Print, Reduction, Told};
use super::survey::{Detail, ReplayError, Survey};
use crate::event::{Body, Event, OrderRef, Resting};
use hft_core::models::{Nanos, Price, Qty, Side, Timestamp};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// How a recording is probed.
///
/// Example: [`FillModelError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Probing {
    /// Between two probes of a side.
    pub every: Nanos,
    /// How long each is watched.
    pub horizon: Nanos,
}

impl Default for Probing {
    fn default() -> Self {
        Self { every: Nanos::from_secs(1), horizon: Nanos::from_secs(30) }
    }
}

/// What one model came to.
///
/// Example: [`FillModelError`].
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ModelError {
    /// The model.
    pub model: FillModel,
    /// How many of the probes it fills.
    pub filled: u64,
    /// How many it fills and the truth does not, or the other way round.
    pub wrong: u64,
    /// How many both fill.
    pub both: u64,
    /// Of those: the mean of the model's time to fill less the true one, in seconds.
    pub time_bias_s: f64,
    /// Of those: the mean of its size.
    pub time_error_s: f64,
}

/// The models against the truth.
///
/// ```no_run
/// use hft_data::{ReadOptions, replay::{FillModelError, Probing, Survey}};
/// let survey = Survey::of(&["AAPL_message_50.csv.gz".into()], &ReadOptions::default(), None)?;
/// let found = FillModelError::of(&survey, Probing::default())?;
/// for model in &found.models {
///     println!("{}: {:+.1} % too many", model.model, 100.0 * found.bias(model));
/// }
/// # Ok::<(), hft_data::replay::ReplayError>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FillModelError {
    /// The instrument.
    pub symbol: String,
    /// How it was probed.
    pub probing: Probing,
    /// How many probes were watched to their end.
    pub probes: u64,
    /// How many of them were filled in truth.
    pub filled: u64,
    /// Their mean time to fill, in seconds.
    pub time_to_fill_s: f64,
    /// Each model.
    pub models: Vec<ModelError>,
}

/// The models that are measured: the ladder, and the further published functions.
const MODELS: [FillModel; 9] = [
    FillModel::Touch,
    FillModel::Power(1.0),
    FillModel::Power(3.0),
    FillModel::Log,
    FillModel::Power2(3.0),
    FillModel::Log2,
    FillModel::Power3(3.0),
    FillModel::RiskAverse,
    FillModel::Through,
];

/// An unseen order, and each model's idea of what stands before it.
struct Probe {
    side: Side,
    price: Price,
    placed: Timestamp,
    /// Recorded orders up to this number stood there before.
    arrival: u64,
    truth: Option<Timestamp>,
    front: [f64; MODELS.len()],
    filled: [Option<Timestamp>; MODELS.len()],
}

/// See the module's documentation.
struct Prober {
    probing: Probing,
    reduction: Reduction,
    /// Number of each order by its arrival in its queue.
    arrivals: FxHashMap<OrderRef, u64>,
    next_arrival: u64,
    probes: Vec<Probe>,
    next_probe: Timestamp,
    done: Vec<Probe>,
}

impl FillModelError {
    /// Measures the models on a recording.
    ///
    /// # Errors
    /// When it cannot be read, or does not tell single orders: then there is no truth in it.
    pub fn of(survey: &Survey, probing: Probing) -> Result<Self, ReplayError> {
        if survey.detail != Detail::Orders {
            return Err(ReplayError::NoBook {
                files: survey.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", "),
                wanted: format!("single orders of {}", survey.info.symbol),
            });
        }
        let mut playback = Playback::of(survey)?;
        let mut prober = Prober {
            probing,
            reduction: Reduction::new(false),
            arrivals: FxHashMap::default(),
            next_arrival: 0,
            probes: Vec::new(),
            next_probe: survey.opens.after(probing.every),
            done: Vec::new(),
        };
        let mut told = Told::default();
        while let Some((now, event)) = playback.next()? {
            prober.see(now, &event, &mut told);
        }
        Ok(Self::counted(survey.info.symbol.clone(), probing, &prober.done))
    }

    #[allow(clippy::cast_precision_loss, reason = "statistics")]
    fn counted(symbol: String, probing: Probing, probes: &[Probe]) -> Self {
        let took = |probe: &Probe, filled: Timestamp| filled.since(probe.placed).to_secs_f64();
        let true_times: Vec<f64> = probes.iter().filter_map(|probe| Some(took(probe, probe.truth?))).collect();
        let mean = |sum: f64, count: usize| if count > 0 { sum / count as f64 } else { 0.0 };
        let of_model = |(place, &model): (usize, &FillModel)| {
            let filled = |probe: &Probe| probe.filled[place];
            let both: Vec<f64> = probes
                .iter()
                .filter_map(|probe| Some(took(probe, filled(probe)?) - took(probe, probe.truth?)))
                .collect();
            ModelError {
                model,
                filled: probes.iter().filter(|probe| filled(probe).is_some()).count() as u64,
                wrong: probes.iter().filter(|probe| filled(probe).is_some() != probe.truth.is_some()).count() as u64,
                both: both.len() as u64,
                time_bias_s: mean(both.iter().sum(), both.len()),
                time_error_s: mean(both.iter().map(|difference| difference.abs()).sum(), both.len()),
            }
        };
        Self {
            symbol,
            probing,
            probes: probes.len() as u64,
            filled: true_times.len() as u64,
            time_to_fill_s: mean(true_times.iter().sum(), true_times.len()),
            models: MODELS.iter().enumerate().map(of_model).collect(),
        }
    }

    /// How much oftener a model fills than the truth, as a share of all probes.
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    pub fn bias(&self, model: &ModelError) -> f64 {
        (model.filled as f64 - self.filled as f64) / self.probes.max(1) as f64
    }

    /// In which share of all probes a model is wrong.
    #[allow(clippy::cast_precision_loss, reason = "a statistic")]
    pub fn error(&self, model: &ModelError) -> f64 {
        model.wrong as f64 / self.probes.max(1) as f64
    }
}

impl Prober {
    fn see(&mut self, now: Timestamp, event: &Event, told: &mut Told) {
        let horizon = self.probing.horizon;
        self.done.extend(self.probes.extract_if(.., |probe| now > probe.placed.after(horizon)));
        if now >= self.next_probe {
            self.place(now);
        }
        let before = self.executed(&event.body);
        let comes_anew = self.comes_anew(&event.body);
        let sizes = self.sizes(&event.body);
        self.reduction.read(event, told);
        if let Some(print) = told.print {
            self.print(now, print, before);
        }
        let traded = told.print;
        for &(side, price, shown) in &told.levels {
            let was = sizes.iter().find(|(s, p, _)| (*s, *p) == (side, price)).map_or(Qty::ZERO, |(.., qty)| *qty);
            let print = traded.filter(|print| print.price == price && print.aggressor == side.opposite());
            let left = was.lots() - print.map_or(0, |print| print.qty.lots());
            self.level(side, price, [left, shown.lots()]);
        }
        if let Body::Add { side, price, .. } = event.body {
            self.arrive(now, side, price);
        }
        self.number(&event.body, comes_anew);
    }

    /// A probe at each best price.
    fn place(&mut self, now: Timestamp) {
        while self.next_probe <= now {
            self.next_probe = self.next_probe.after(self.probing.every);
        }
        let top = self.reduction.top();
        let [Some(bid), Some(ask)] = [top.bid, top.ask] else { return };
        if bid.price >= ask.price {
            return;
        }
        for (side, quote) in Side::BOTH.into_iter().zip([bid, ask]) {
            #[allow(clippy::cast_precision_loss, reason = "a model rounds")]
            let front = [quote.qty.lots() as f64; MODELS.len()];
            let filled = [None; MODELS.len()];
            let (arrival, placed) = (self.next_arrival, now);
            self.probes.push(Probe { side, price: quote.price, placed, arrival, truth: None, front, filled });
        }
    }

    /// The number of the order that is executed; of one that was there before the recording, zero.
    fn executed(&self, body: &Body) -> u64 {
        let (Body::Execute { order, .. } | Body::ExecuteAt { order, .. }) = body else { return 0 };
        self.arrivals.get(order).copied().unwrap_or(0)
    }

    /// What rests where this event may change it.
    fn sizes(&self, body: &Body) -> Vec<(Side, Price, Qty)> {
        let (order, also) = match *body {
            Body::Add { side, price, .. } => (None, Some(Resting { side, price })),
            Body::Modify { order, side, price, .. } => (Some(order), Some(Resting { side, price })),
            Body::Reduce { order, resting, .. }
            | Body::Delete { order, resting, .. }
            | Body::Execute { order, resting, .. } => (Some(order), resting),
            Body::ExecuteAt { order, .. } | Body::Replace { order, .. } => (Some(order), None),
            Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Clear(_)
            | Body::Status(_)
            | Body::Notice(_) => return Vec::new(),
        };
        let places = order.and_then(|order| self.reduction.at(order)).into_iter().chain(also);
        places.map(|at| (at.side, at.price, self.reduction.qty_at(at))).collect()
    }

    /// A taker came.
    #[allow(clippy::cast_precision_loss, reason = "a model rounds")]
    fn print(&mut self, now: Timestamp, Print { price, qty, aggressor }: Print, executed: u64) {
        for probe in self.probes.iter_mut().filter(|probe| probe.side == aggressor.opposite()) {
            if probe.side.is_better(probe.price, price) {
                probe.pass(now);
            } else if probe.price == price {
                if executed > probe.arrival {
                    probe.truth.get_or_insert(now);
                }
                for (place, model) in MODELS.iter().enumerate() {
                    probe.front[place] -= qty.lots() as f64;
                    let is_first = *model == FillModel::Touch || probe.front[place] < 0.0;
                    if is_first && *model != FillModel::Through {
                        probe.filled[place].get_or_insert(now);
                    }
                }
            }
        }
    }

    /// What rests at a price is so much, of what was left there by trades.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a model rounds")]
    fn level(&mut self, side: Side, price: Price, [left, shown]: [i64; 2]) {
        for probe in self.probes.iter_mut().filter(|probe| (probe.side, probe.price) == (side, price)) {
            for (place, model) in MODELS.iter().enumerate() {
                let front = probe.front[place].max(0.0);
                let gone = (left - shown).max(0) as f64;
                let back = left as f64 - front;
                let behind = (model.behind(front.round() as i64, back.round() as i64) * gone).min(back.max(0.0));
                probe.front[place] = (front - (gone - behind)).min(shown as f64).max(0.0);
            }
        }
    }

    /// An order of the other side that reaches a probe would have traded with it.
    fn arrive(&mut self, now: Timestamp, side: Side, price: Price) {
        for probe in self.probes.iter_mut().filter(|probe| probe.side != side && side.accepts(price, probe.price)) {
            probe.pass(now);
        }
    }

    /// Whether a changed order goes to the end of its queue.
    fn comes_anew(&self, body: &Body) -> bool {
        let Body::Modify { order, side, price, qty } = *body else { return false };
        self.reduction.order(order).is_none_or(|(at, open)| at != Resting { side, price } || qty > open)
    }

    /// Numbers orders in the sequence of their arrival in their queues.
    fn number(&mut self, body: &Body, comes_anew: bool) {
        let arrived = match *body {
            Body::Add { order, .. } => Some(order),
            Body::Replace { order, by, .. } => {
                self.arrivals.remove(&order);
                Some(by)
            }
            Body::Modify { order, .. } if comes_anew => Some(order),
            Body::Delete { order, .. } => {
                self.arrivals.remove(&order);
                None
            }
            Body::Reduce { .. }
            | Body::Modify { .. }
            | Body::Execute { .. }
            | Body::ExecuteAt { .. }
            | Body::HiddenTrade { .. }
            | Body::Trade { .. }
            | Body::Bust { .. }
            | Body::Level { .. }
            | Body::Quote { .. }
            | Body::Clear(_)
            | Body::Status(_)
            | Body::Notice(_) => None,
        };
        if let Some(order) = arrived {
            self.next_arrival += 1;
            self.arrivals.insert(order, self.next_arrival);
        }
    }
}

impl Probe {
    /// The market went through its price.
    fn pass(&mut self, now: Timestamp) {
        self.truth.get_or_insert(now);
        for filled in &mut self.filled {
            filled.get_or_insert(now);
        }
    }
}
