//! The card: our market beside one recording, measure by measure.

use super::measures::{AMBER, MEASURES, Measure, Of, SCALES};
use crate::market::subject::Subject;
use hft_data::{Curve, StylisedFacts};
use serde::Serialize;

/// How near is near.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// As near as real markets are to one another.
    Green,
    /// Within a few times that.
    Amber,
    /// Further.
    Red,
    /// One of the two does not tell.
    Untold,
}

/// One measure, of both markets.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Line {
    /// What.
    pub name: &'static str,
    /// What of it the two numbers are.
    pub shown: &'static str,
    /// Ours.
    pub ours: Option<f64>,
    /// Theirs.
    pub theirs: Option<f64>,
    /// How far the shapes are apart, as the measure counts it.
    pub distance: Option<f64>,
    /// The same in yardsticks.
    pub yardsticks: Option<f64>,
    /// Of a distribution, L1 of the shapes: 0 to 2.
    pub l1: Option<f64>,
    /// Of a distribution, Wasserstein-1 in its own unit.
    pub wasserstein: Option<f64>,
    /// The verdict on the shape.
    pub colour: Colour,
    /// Of a distribution, our mean over theirs.
    pub scale: Option<f64>,
    /// The verdict on the scale.
    pub scale_colour: Option<Colour>,
}

/// Our market beside one recording.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Card {
    /// The recording.
    pub sample: String,
    /// Measure by measure.
    pub lines: Vec<Line>,
    /// How many of them are green, amber, red, untold.
    pub count: [usize; 4],
    /// The mean over the measures that both tell, each counted up to ten yardsticks: the one number to improve.
    pub score: f64,
}

/// A factor below this counts as this.
const LEAST: f64 = 1e-3;

/// No measure counts for more yardsticks than these, or one would decide alone.
const YARDSTICKS_MAX: f64 = 10.0;

impl Card {
    pub(super) fn of(ours: &StylisedFacts, theirs: &Subject) -> Self {
        let lines: Vec<Line> = MEASURES.iter().map(|measure| line(measure, ours, &theirs.facts)).collect();
        let colours = [Colour::Green, Colour::Amber, Colour::Red, Colour::Untold];
        let count = colours.map(|colour| lines.iter().filter(|line| line.colour == colour).count());
        let told: Vec<f64> = lines.iter().filter_map(|line| line.yardsticks).collect();
        #[allow(clippy::cast_precision_loss, reason = "a few measures")]
        let score = told.iter().map(|far| far.min(YARDSTICKS_MAX)).sum::<f64>() / told.len().max(1) as f64;
        Self { sample: theirs.name.clone(), lines, count, score }
    }
}

fn line(measure: &Measure, ours: &StylisedFacts, theirs: &StylisedFacts) -> Line {
    let Measure { name, shown, green, of } = *measure;
    let blank = Line {
        name,
        shown,
        ours: None,
        theirs: None,
        distance: None,
        yardsticks: None,
        l1: None,
        wasserstein: None,
        colour: Colour::Untold,
        scale: None,
        scale_colour: None,
    };
    let mut line = Line { ours: measure.alone(ours), theirs: measure.alone(theirs), ..blank };
    match of {
        Of::Distribution(get) => {
            if let (Some(a), Some(b)) = (get(ours), get(theirs)) {
                (line.distance, line.l1) = (Some(a.shape_wasserstein(b)), Some(a.shape_l1(b)));
                line.wasserstein = Some(a.wasserstein(b));
                line.scale = Some(a.mean() / b.mean()).filter(|scale| scale.is_finite() && *scale > 0.0);
                line.scale_colour = line.scale.map(scale_colour);
            }
        }
        Of::Curve(get, _) => line.distance = apart(&get(ours), &get(theirs)),
        Of::Number(get) => line.distance = get(ours).zip(get(theirs)).map(|(a, b)| (a - b).abs()),
        Of::Factor(get) => {
            let logs = |(a, b): (f64, f64)| (libm::log(a.max(LEAST)) - libm::log(b.max(LEAST))).abs();
            line.distance = get(ours).zip(get(theirs)).map(logs);
        }
    }
    line.yardsticks = line.distance.map(|distance| distance / green);
    line.colour = match line.yardsticks {
        None => Colour::Untold,
        Some(far) if far <= 1.0 => Colour::Green,
        Some(far) if far <= AMBER => Colour::Amber,
        Some(_) => Colour::Red,
    };
    line
}

fn scale_colour(scale: f64) -> Colour {
    let off = scale.max(1.0 / scale);
    match SCALES {
        (green, _) if off <= green => Colour::Green,
        (_, amber) if off <= amber => Colour::Amber,
        _ => Colour::Red,
    }
}

/// The mean absolute difference over the places that both tell.
fn apart(ours: &Curve, theirs: &Curve) -> Option<f64> {
    let pairs: Vec<f64> =
        ours.value.iter().zip(&theirs.value).filter_map(|(a, b)| Some(((*a)? - (*b)?).abs())).collect();
    #[allow(clippy::cast_precision_loss, reason = "a few places")]
    (!pairs.is_empty()).then(|| pairs.iter().sum::<f64>() / pairs.len() as f64)
}
