//! `report.html` of a sweep: one self-contained page, in the style of a run's.
//!
//! One key makes a curve with its band of confidence, two make a map of squares; below it what the money came from at each point.

use super::table::{self, short};
use super::{Measure, Plan, PointResult, Results, RunRow};
use crate::output::Style;
use crate::output::report::escape;
use crate::output::report::page::{STYLE, THEME, THEME_BUTTON};
use crate::output::report::svg::{Picture, Scale, WIDTH, around_zero, tidy};

/// Left edge of every picture's axis.
const LEFT: f64 = 62.0;

/// How many points have a bar of their own in the attribution.
const BARS_MAX: usize = 40;

/// Colours of the parts, in the order of the legend.
const PARTS: [(Measure, &str); 4] =
    [(Measure::Spread, "c3"), (Measure::Adverse, "c1"), (Measure::Inventory, "c4"), (Measure::Fees, "c2")];

pub(super) struct SweepReport<'a> {
    pub(super) plan: &'a Plan,
    pub(super) results: &'a Results,
    pub(super) rows: &'a [RunRow],
    pub(super) command: &'a str,
}

impl SweepReport<'_> {
    /// The page.
    pub(super) fn html(&self) -> String {
        let Self { plan, results, rows, command } = self;
        let title = format!("{} sweep", plan.pattern);
        let keys = if plan.keys.is_empty() { "one configuration".to_owned() } else { plan.keys.join(", ") };
        let facts = [
            keys,
            format!("{} points", results.trials),
            format!("{} seeds", plan.seeds),
            format!("{} runs", rows.len()),
        ];
        let facts: String = facts.iter().map(|fact| format!("<span>{}</span>", escape(fact))).collect();
        let picture = match plan.keys.len() {
            0 => String::new(),
            1 => section(
                &format!("Net by {}", plan.keys[0]),
                &format!("Mean net of a run in {}, with the 95 % interval of the mean over seeds.", plan.currency),
                &self.curve(),
            ),
            _ => section(
                &format!("Net by {} and {}", plan.keys[0], plan.keys[1]),
                &format!("Mean net of a run in {}; hover over a square for its interval.", plan.currency),
                &self.map(),
            ),
        };
        let money = section(
            "Where the money came from",
            &format!("Means over seeds in {}: the parts of each point sum to its net.", plan.currency),
            &self.parts(),
        );
        let numbers = escape(&table::rows(plan, results, Style::Plain));
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
             <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <header><div><h1>{}</h1><p class=\"facts\">{facts}</p></div>\n{THEME_BUTTON}</header>\n<p class=\"verdict\">{}</p>\n\
             <div class=\"pair\">\n{picture}{money}</div>\n<details open><summary>All points</summary>\n<pre>{numbers}</pre></details>\n\
             <details><summary>The configuration, and how to repeat this</summary>\n<pre class=\"command\">{}</pre>\n\
             <dl class=\"hashes\"><dt>digest of all runs</dt><dd>{}</dd></dl>\n<pre>{}</pre></details>\n</main>\n<script>\n{THEME}</script>\n</body>\n</html>\n",
            escape(&title),
            escape(&title),
            escape(&results.verdict),
            escape(command),
            escape(&results.digest),
            escape(&plan.base.to_toml()),
        )
    }

    /// Where the points stand along the axis: at their values where those are numbers, evenly otherwise.
    #[allow(clippy::cast_precision_loss, reason = "places of points")]
    fn along(&self) -> Vec<f64> {
        let points = &self.results.points;
        let numbers: Option<Vec<f64>> = points.iter().map(|point| point.values[0].parse().ok()).collect();
        numbers.unwrap_or_else(|| (0..points.len()).map(|i| i as f64).collect())
    }

    fn curve(&self) -> String {
        let (height, points, xs) = (320.0, &self.results.points, self.along());
        let net = |point: &PointResult| *point.estimates.of(Measure::Net);
        let ends = points.iter().flat_map(|point| {
            let net = net(point);
            [net.mean, net.low.unwrap_or(net.mean), net.high.unwrap_or(net.mean)]
        });
        let scale = around_zero(ends, height - 34.0, 10.0);
        let (low, high) = xs.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        let air = ((high - low) * 0.03).max(1e-9);
        let along = Scale { low: low - air, high: high + air, from: LEFT, to: WIDTH - 16.0 };
        let mut picture = Picture::new(height, "Mean net by point");
        picture.grid(scale, LEFT);
        picture.line("axis", (LEFT, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
        let place = |x: f64, y: f64| format!("{:.1},{:.1}", along.at(x), scale.at(y));
        let highs = xs.iter().zip(points).map(|(x, point)| place(*x, net(point).high.unwrap_or(net(point).mean)));
        let lows = xs.iter().zip(points).rev().map(|(x, point)| place(*x, net(point).low.unwrap_or(net(point).mean)));
        let band: Vec<String> = highs.chain(lows).collect();
        picture.put(&format!("<polygon points=\"{}\" style=\"fill:var(--bid);fill-opacity:.15\"/>", band.join(" ")));
        let path: Vec<String> = xs.iter().zip(points).map(|(x, point)| place(*x, net(point).mean)).collect();
        picture.put(&format!("<polyline class=\"curve c2\" style=\"fill:none\" points=\"{}\"/>", path.join(" ")));
        let every = points.len().div_ceil(10).max(1);
        for (i, (x, point)) in xs.iter().zip(points).enumerate() {
            let class = if point.point == self.results.best { "c1" } else { "c2" };
            picture.put(&format!(
                "<circle class=\"dot {class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"><title>{}</title></circle>",
                along.at(*x),
                scale.at(net(point).mean),
                escape(&tip(self.plan, point))
            ));
            if i % every == 0 || i + 1 == points.len() && i % every > every / 2 {
                picture.text("tick middle", (along.at(*x), height - 10.0), &shortened(&point.values[0]));
            }
        }
        picture.finish()
    }

    /// The second key to the right, the first downwards.
    #[allow(clippy::cast_precision_loss, reason = "places of squares")]
    fn map(&self) -> String {
        let points = &self.results.points;
        let columns = points.iter().take_while(|point| point.values[0] == points[0].values[0]).count().max(1);
        let lines = points.len().div_ceil(columns);
        let (wide, tall) = ((WIDTH - LEFT - 24.0) / columns as f64, (300.0 / lines as f64).clamp(14.0, 44.0));
        let mean = |point: &PointResult| point.estimates.of(Measure::Net).mean;
        let most = points.iter().map(|point| mean(point).abs()).fold(1e-12, f64::max);
        let mut picture = Picture::new(tall * lines as f64 + 44.0, "Mean net by both keys");
        picture.text(
            "tick",
            (LEFT, 14.0),
            &format!("{} →   {} ↓", short(&self.plan.keys[1]), short(&self.plan.keys[0])),
        );
        for (i, point) in points.iter().enumerate() {
            let (x, y) = (LEFT + wide * (i % columns) as f64, 40.0 + tall * (i / columns) as f64);
            let net = mean(point);
            let colour = if net < 0.0 { "--down" } else { "--up" };
            let edge = if point.point == self.results.best { ";stroke:var(--ink);stroke-width:2" } else { "" };
            picture.put(&format!(
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" style=\"fill:var({colour});fill-opacity:{:.3}{edge}\"><title>{}</title></rect>",
                wide - 2.0,
                tall - 2.0,
                0.08 + 0.87 * net.abs() / most,
                escape(&tip(self.plan, point))
            ));
            if wide > 44.0 {
                picture.text("middle", (x + wide / 2.0 - 1.0, y + tall / 2.0 + 3.0), &format!("{net:+.1}"));
            }
            if i < columns && (wide > 30.0 || i % 4 == 0) {
                picture.text("tick middle", (x + wide / 2.0, 32.0), &shortened(&point.values[1]));
            }
            if i % columns == 0 {
                picture.text("tick end", (LEFT - 6.0, y + tall / 2.0 + 3.0), &shortened(&point.values[0]));
            }
        }
        picture.finish()
    }

    #[allow(clippy::cast_precision_loss, reason = "places of bars")]
    fn parts(&self) -> String {
        let stride = self.results.points.len().div_ceil(BARS_MAX);
        let points: Vec<&PointResult> = self.results.points.iter().step_by(stride).collect();
        let height = 300.0;
        let sums = points.iter().flat_map(|point| {
            let parts = PARTS.map(|(measure, _)| point.estimates.of(measure).mean);
            [parts.iter().filter(|part| **part > 0.0).sum::<f64>(), parts.iter().filter(|part| **part < 0.0).sum()]
        });
        let scale = around_zero(sums, height - 34.0, 10.0);
        let mut picture = Picture::new(height, "Attribution by point");
        picture.grid(scale, LEFT);
        let slot = (WIDTH - LEFT - 8.0) / points.len() as f64;
        let every = points.len().div_ceil(10).max(1);
        for (i, point) in points.iter().enumerate() {
            let (left, right) = (LEFT + slot * (i as f64 + 0.15), LEFT + slot * (i as f64 + 0.85));
            let (mut up, mut down) = (0.0, 0.0);
            for (measure, class) in PARTS {
                let amount = point.estimates.of(measure).mean;
                let from = if amount < 0.0 { &mut down } else { &mut up };
                let (y0, y1) = (scale.at(*from), scale.at(*from + amount));
                *from += amount;
                picture.put(&format!(
                    "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" style=\"fill:{}\"><title>{}: {amount:+.2}</title></rect>",
                    y0.min(y1),
                    right - left,
                    (y0 - y1).abs(),
                    colour(class),
                    measure.title()
                ));
            }
            let net = scale.at(point.estimates.of(Measure::Net).mean);
            picture.put(&format!(
                "<line x1=\"{left:.1}\" y1=\"{net:.1}\" x2=\"{right:.1}\" y2=\"{net:.1}\" style=\"stroke:var(--ink);stroke-width:2.5\"/>"
            ));
            if let Some(value) = point.values.first().filter(|_| i % every == 0) {
                picture.text("tick middle", ((left + right) / 2.0, height - 10.0), &shortened(value));
            }
        }
        picture.line("axis", (LEFT, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
        let keys: String = PARTS
            .iter()
            .map(|(measure, class)| format!("<span><i class=\"key {class}\"></i>{}</span>", measure.title()))
            .collect();
        format!("{}<div class=\"keys\">{keys}<span><i class=\"key c0\"></i>net</span></div>\n", picture.finish())
    }
}

/// What hovering over a point says.
fn tip(plan: &Plan, point: &PointResult) -> String {
    let net = point.estimates.of(Measure::Net);
    let interval = match (net.low, net.high) {
        (Some(low), Some(high)) => format!(" ({low:+.2} to {high:+.2})"),
        _ => String::new(),
    };
    format!("{}: {:+.2}{interval}", plan.name(point.point), net.mean)
}

/// A value as a tick of an axis.
fn shortened(value: &str) -> String {
    value.parse::<f64>().map_or_else(|_| value.to_owned(), tidy)
}

fn colour(class: &str) -> &'static str {
    match class {
        "c1" => "var(--ask)",
        "c2" => "var(--bid)",
        "c3" => "var(--up)",
        _ => "var(--mark)",
    }
}

fn section(title: &str, note: &str, picture: &str) -> String {
    format!("<section><h2>{}</h2>\n<p class=\"note\">{}</p>\n{picture}</section>\n", escape(title), escape(note))
}
