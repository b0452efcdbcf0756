//! Pictures of a few numbers: the waterfall, the markouts, the latency histograms. Plain SVG with classes for colours, so that
//! they follow the page's light and dark, and stand without scripts.

use super::super::terminal::span;
use super::super::{Attribution, Markout, Part};
use super::{LatencyHistogram, escape};
use crate::chapter::ChapterTable;
use std::fmt::Write as _;

/// The width of every picture, in its own units.
pub(crate) const WIDTH: f64 = 640.0;

/// A picture under construction.
pub(crate) struct Picture {
    svg: String,
}

/// Maps a value to a coordinate, linearly.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Scale {
    pub(crate) fn at(self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Four to eight round numbers within the scale.
    fn ticks(self) -> Vec<f64> {
        let rough = (self.high - self.low) / 5.0;
        let power = 10f64.powi(order(rough));
        let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|step| *step >= rough).unwrap_or(rough);
        let first = (self.low / step).ceil();
        (0..12).map(|i| (first + f64::from(i)) * step).take_while(|tick| *tick <= self.high + step * 1e-9).collect()
    }
}

/// The power of ten below a positive number.
#[allow(clippy::cast_possible_truncation, reason = "-308 to 308")]
fn order(value: f64) -> i32 {
    if value > 0.0 { value.log10().floor() as i32 } else { 0 }
}

impl Picture {
    pub(crate) fn new(height: f64, label: &str) -> Self {
        let label = escape(label);
        Self { svg: format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{label}\">\n") }
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(&format!("<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"));
    }

    pub(crate) fn text(&mut self, class: &str, at: (f64, f64), text: &str) {
        self.put(&format!("<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", at.0, at.1, escape(text)));
    }

    /// A bar between two heights, with what hovering says.
    pub(crate) fn bar(&mut self, class: &str, x: (f64, f64), y: (f64, f64), tip: &str) {
        let (top, height) = (y.0.min(y.1), (y.0 - y.1).abs().max(1.0));
        let (left, width) = (x.0, (x.1 - x.0).max(1.0));
        self.put(&format!(
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" data-tip=\"{}\"/>",
            escape(tip)
        ));
    }

    pub(crate) fn put(&mut self, element: &str) {
        writeln!(self.svg, "{element}").expect("a String takes everything");
    }

    /// Horizontal grid lines with their numbers on the left.
    pub(crate) fn grid(&mut self, scale: Scale, left: f64) {
        for tick in scale.ticks() {
            let y = scale.at(tick);
            self.line("grid", (left, y), (WIDTH - 8.0, y));
            self.text("tick end", (left - 6.0, y + 4.0), &tidy(tick));
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.svg.push_str("</svg>\n");
        self.svg
    }
}

/// A tick's number without the noise of floats.
pub(crate) fn tidy(value: f64) -> String {
    let text = if value.abs() >= 1e5 || (value != 0.0 && value.abs() < 1e-4) {
        format!("{value:.1e}")
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if text == "-0" { "0".to_owned() } else { text }
}

/// A scale that holds all values and zero, with air at both ends.
pub(crate) fn around_zero(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Scale {
    let (low, high) = values.fold((0.0f64, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
    let air = if high > low { (high - low) * 0.12 } else { 1.0 };
    let (low, high) = (if low < 0.0 { low - air } else { 0.0 }, if high > 0.0 { high + air } else { air * 0.5 });
    Scale { low, high, from, to }
}

/// From spread over adverse selection, inventory and fees to the net: each bar begins where the last one ended.
pub(super) fn waterfall(attribution: &Attribution) -> String {
    let (height, left) = (300.0, 62.0);
    let mut steps: Vec<(&str, f64, f64)> = Vec::new();
    let mut level = 0.0;
    for part in Part::ALL {
        let next = level + attribution.part(part).to_f64();
        steps.push((part.name(), level, next));
        level = next;
    }
    let net = attribution.net.to_f64();
    steps.push(("net", 0.0, net));
    let scale = around_zero(steps.iter().map(|(_, _, to)| *to), height - 34.0, 10.0);
    let mut picture = Picture::new(height, "PnL attribution as a waterfall");
    picture.grid(scale, left);
    let slot = (WIDTH - left - 8.0) / 5.0;
    let mut x = left;
    for (i, (name, from, to)) in steps.iter().enumerate() {
        let amount = to - from;
        let class = match (i, amount < 0.0) {
            (4, true) => "net down",
            (4, false) => "net up",
            (_, true) => "down",
            (_, false) => "up",
        };
        let (edge, end) = (x + slot * 0.16, x + slot * 0.84);
        picture.bar(class, (edge, end), (scale.at(*from), scale.at(*to)), &format!("{name}: {amount:+.4}"));
        if i < 4 {
            let y = scale.at(*to);
            picture.line("joint", (end, y), (x + slot * 1.16, y));
        }
        let above = scale.at(from.max(*to)) - 6.0;
        picture.text("value middle", (x + slot / 2.0, above), &format!("{amount:+.2}"));
        picture.text("tick middle", (x + slot / 2.0, height - 10.0), name);
        x += slot;
    }
    picture.line("axis", (left, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
    picture.finish()
}

/// Mean worth of a fill against the time since it, two standard errors each way; one line for all fills and one for each class.
pub(super) fn markouts(markouts: &[Markout]) -> String {
    let (height, left, right) = (270.0, 62.0, WIDTH - 20.0);
    let shown: Vec<(&Markout, f64, f64)> = markouts
        .iter()
        .filter(|markout| markout.horizon_s > 0.0)
        .filter_map(|markout| Some((markout, markout.mean?, 2.0 * markout.standard_error.unwrap_or(0.0))))
        .collect();
    if shown.is_empty() {
        return "<p class=\"empty\">The run was too short for any markout.</p>\n".to_owned();
    }
    let ends = shown.iter().flat_map(|(_, mean, error)| [mean - error, mean + error]);
    let scale = around_zero(ends, height - 34.0, 10.0);
    let logs = || shown.iter().map(|(markout, ..)| markout.horizon_s.log10());
    let (low, high) = logs().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    let along = Scale { low: low - 0.15, high: high.max(low + 0.5) + 0.15, from: left, to: right };
    let mut picture = Picture::new(height, "Markouts by horizon");
    picture.grid(scale, left);
    picture.line("axis", (left, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
    let mut classes: Vec<Option<&String>> = shown.iter().map(|(markout, ..)| markout.counterparty.as_ref()).collect();
    classes.sort();
    classes.dedup();
    for (i, class) in classes.iter().enumerate().rev() {
        let of_class: Vec<_> = shown.iter().filter(|(markout, ..)| markout.counterparty.as_ref() == *class).collect();
        markout_line(&mut picture, &of_class, (along, scale), i);
    }
    let mut horizons: Vec<f64> = shown.iter().map(|(markout, ..)| markout.horizon_s).collect();
    horizons.sort_by(f64::total_cmp);
    horizons.dedup();
    for horizon in horizons {
        picture.text("tick middle", (along.at(horizon.log10()), height - 10.0), &span(horizon));
    }
    let names = classes.iter().map(|class| class.map_or("all fills", String::as_str));
    let keys: String = names
        .enumerate()
        .map(|(i, name)| format!("<span><i class=\"key c{}\"></i>{}</span>", i.min(4), escape(name)))
        .collect();
    format!("{}<div class=\"keys\">{keys}</div>\n", picture.finish())
}

fn markout_line(picture: &mut Picture, points: &[&(&Markout, f64, f64)], (x, y): (Scale, Scale), class: usize) {
    let class = class.min(4);
    let offset = [0.0, -5.0, 5.0, -9.0, 9.0][class];
    let place = |markout: &Markout, mean: f64| (x.at(markout.horizon_s.log10()) + offset, y.at(mean));
    let path: Vec<String> = points
        .iter()
        .map(|(markout, mean, _)| place(markout, *mean))
        .map(|(px, py)| format!("{px:.1},{py:.1}"))
        .collect();
    picture.put(&format!("<polyline class=\"curve c{class}\" points=\"{}\"/>", path.join(" ")));
    for (markout, mean, error) in points {
        let (px, py) = place(markout, *mean);
        picture.line(&format!("whisker c{class}"), (px, y.at(mean - error)), (px, y.at(mean + error)));
        let tip = format!("{}: {mean:+.5} ± {error:.5} (2 s.e., {} fills)", markout.label(), markout.fills);
        let tip = escape(&tip);
        picture
            .put(&format!("<circle class=\"dot c{class}\" cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"4\" data-tip=\"{tip}\"/>"));
    }
}

/// How often each duration occurred, on a logarithmic axis of time.
#[allow(clippy::cast_precision_loss, reason = "counts become heights")]
pub(super) fn histogram(histogram: &LatencyHistogram) -> String {
    let (height, left) = (170.0, 62.0);
    let bars: Vec<_> = histogram.bars.iter().filter(|bar| bar.count > 0 && bar.low_us > 0.0).collect();
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return format!("<p class=\"empty\">{}: never measured.</p>\n", escape(&histogram.stage));
    };
    let (low, high) = (first.low_us.log10(), last.high_us.log10());
    let along = Scale { low: low - 0.02, high: high.max(low + 0.1) + 0.02, from: left, to: WIDTH - 8.0 };
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1) as f64;
    let scale = Scale { low: 0.0, high: most * 1.05, from: height - 30.0, to: 24.0 };
    let mut picture = Picture::new(height, &format!("Latency of {}", histogram.stage));
    picture.text("value", (left, 14.0), &histogram.stage);
    picture.grid(scale, left);
    for bar in &bars {
        let x = (along.at(bar.low_us.log10()) + 0.5, along.at(bar.high_us.log10()) - 0.5);
        let (from, to) = (span(bar.low_us * 1e-6), span(bar.high_us * 1e-6));
        let tip = format!("{from} to {to}: {} times", bar.count);
        picture.bar("latency", x, (scale.at(0.0), scale.at(bar.count as f64)), &tip);
    }
    let decades = order(first.low_us)..=order(last.high_us);
    let marks = decades.flat_map(|power| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(power)));
    let marks: Vec<f64> = marks.filter(|mark| (along.low..=along.high).contains(&mark.log10())).collect();
    let every = marks.len().div_ceil(8).max(1);
    for mark in marks.iter().step_by(every) {
        picture.text("tick middle", (along.at(mark.log10()), height - 10.0), &span(mark * 1e-6));
    }
    picture.line("axis", (left, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
    picture.finish()
}

/// One column of a table, a bar a row; nothing where the table draws none.
#[allow(clippy::cast_precision_loss, reason = "places of a few rows")]
pub(super) fn bars(table: &ChapterTable) -> Option<String> {
    let column = table.drawn?;
    let rows: Vec<(&str, f64)> =
        table.rows.iter().filter_map(|row| Some((row.label.as_str(), row.figures[column]?))).collect();
    let (height, left) = (240.0, 62.0);
    let scale = around_zero(rows.iter().map(|(_, value)| *value), height - 34.0, 30.0);
    let title = format!("{}: {}", table.title, table.columns[column]);
    let mut picture = Picture::new(height, &title);
    picture.text("value", (left, 14.0), &title);
    picture.grid(scale, left);
    let slot = (WIDTH - left - 8.0) / rows.len().max(1) as f64;
    for (place, (label, value)) in rows.iter().enumerate() {
        let x = left + slot * place as f64;
        let class = if *value < 0.0 { "down" } else { "latency" };
        let ends = (x + slot * 0.16, x + slot * 0.84);
        picture.bar(class, ends, (scale.at(0.0), scale.at(*value)), &format!("{label}: {}", tidy(*value)));
        picture.text("value middle", (x + slot / 2.0, scale.at(value.max(0.0)) - 6.0), &tidy(*value));
        picture.text("tick middle", (x + slot / 2.0, height - 10.0), label);
    }
    picture.line("axis", (left, scale.at(0.0)), (WIDTH - 8.0, scale.at(0.0)));
    Some(picture.finish())
}
