//! Two curves in one picture: our market's and a recording's.

use crate::output::report::escape;
use crate::output::report::svg::{Picture, Scale, WIDTH, around_zero, tidy};
use hft_data::{Curve, Distribution};

const HEIGHT: f64 = 230.0;
const LEFT: f64 = 62.0;

/// How an axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Linear,
    /// By decades.
    Logarithmic,
}

/// A named list of points.
pub(super) struct Trace<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
    /// Of the colours of the page.
    pub(super) class: &'static str,
}

/// Draws the traces over one another.
pub(super) fn chart(title: &str, axis: Axis, traces: &[Trace<'_>]) -> String {
    let place = |x: f64| if axis == Axis::Logarithmic { x.max(1e-12).log10() } else { x };
    let all = || traces.iter().flat_map(|trace| &trace.points);
    let (low, high) = all().fold((f64::MAX, f64::MIN), |(low, high), (x, _)| (low.min(place(*x)), high.max(place(*x))));
    if all().count() < 2 || low >= high {
        return format!("<p class=\"empty\">{}: too little was seen.</p>\n", escape(title));
    }
    let air = (high - low) * 0.03;
    let along = Scale { low: low - air, high: high + air, from: LEFT, to: WIDTH - 16.0 };
    let scale = around_zero(all().map(|(_, y)| *y), HEIGHT - 34.0, 26.0);
    let mut picture = Picture::new(HEIGHT, title);
    picture.text("value", (LEFT, 14.0), title);
    picture.grid(scale, LEFT);
    for trace in traces {
        let at = |(x, y): &(f64, f64)| (along.at(place(*x)), scale.at(*y));
        let path: Vec<String> = trace.points.iter().map(&at).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        picture.put(&format!(
            "<polyline class=\"curve {}\" style=\"fill:none\" points=\"{}\"><title>{}</title></polyline>",
            trace.class,
            path.join(" "),
            escape(trace.name)
        ));
        if trace.points.len() <= 24 {
            for point in &trace.points {
                let (x, y) = at(point);
                let tip = format!("{}: {} at {}", trace.name, tidy(point.1), tidy(point.0));
                picture.put(&format!(
                    "<circle class=\"dot {}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"><title>{}</title></circle>",
                    trace.class,
                    escape(&tip)
                ));
            }
        }
    }
    marks(&mut picture, axis, along);
    picture.line("axis", (LEFT, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
    picture.finish()
}

/// The numbers beneath.
#[allow(clippy::cast_possible_truncation, reason = "-12 to 308")]
fn marks(picture: &mut Picture, axis: Axis, along: Scale) {
    let values: Vec<(f64, f64)> = match axis {
        Axis::Linear => {
            (0..=5).map(|i| along.low + (along.high - along.low) * f64::from(i) / 5.0).map(|x| (x, x)).collect()
        }
        Axis::Logarithmic => {
            let decades = (along.low.ceil() as i32)..=(along.high.floor() as i32);
            decades.map(|power| (f64::from(power), 10f64.powi(power))).collect()
        }
    };
    let every = values.len().div_ceil(8).max(1);
    for (at, value) in values.into_iter().step_by(every) {
        let text = if axis == Axis::Linear { format!("{value:.0}") } else { tidy(value) };
        picture.text("tick middle", (along.at(at), HEIGHT - 10.0), &text);
    }
}

/// The points of a curve that are told.
pub(super) fn told(curve: &Curve) -> Vec<(f64, f64)> {
    curve.at.iter().zip(&curve.value).filter_map(|(at, value)| Some((*at, (*value)?))).collect()
}

/// What share exceeds how many means: the tail, from the mean's hundredth to its hundredfold.
pub(super) fn tail(distribution: &Distribution) -> Vec<(f64, f64)> {
    let mut above = 1.0;
    let mut points = Vec::new();
    for (value, share) in distribution.shape() {
        if (0.01..=100.0).contains(&value) {
            points.push((value, above));
        }
        above = f64::max(above - share, 0.0);
    }
    points
}
