//! The estimates as a `[market]` section, within what the knobs allow.

use super::FitModel;
use super::fitted::{CrowdFit, Fitted, branching_ratio};
use std::fmt::Write as _;

/// The branching ratio that a section does not exceed: beyond 0.99 the market refuses it, for nothing settles.
const BRANCHING_MAX: f64 = 0.98;

/// How much longer than the last of a list a queue may grow: more joins than leaves there would let it grow for ever.
const JOIN_MAX: f64 = 0.95;

/// A rate of zero would divide by it.
const RATE_LEAST: f64 = 1e-4;

/// How long an order of the Hawkes market waits until it leaves by itself, s: long, for the cancels are estimated.
const PATIENCE: f64 = 60.0;

/// The section, as TOML.
pub(super) fn section(fitted: &Fitted, model: FitModel, from: &str) -> String {
    let mut text = format!("# Fitted to {from}; what is not here is as it was.\n");
    match model {
        FitModel::Crowd => crowd(&fitted.crowd, &mut text),
        FitModel::Cst => {
            let cst = &fitted.cst;
            head(fitted, "cst", &mut text);
            let theta: Vec<f64> = cst.theta.iter().map(|theta| theta.max(RATE_LEAST)).collect();
            put(&mut text, "lambda", &list(&cst.lambda));
            put(&mut text, "theta", &list(&theta));
            put(&mut text, "mu", &number(cst.mu));
            put(&mut text, "k", &number(cst.k));
            put(&mut text, "alpha", &number(cst.alpha));
            put(&mut text, "pace", "1.0");
        }
        FitModel::QueueReactive => queue_reactive(fitted, &mut text),
        FitModel::Hawkes => hawkes(fitted, &mut text),
    }
    text
}

fn crowd(fit: &CrowdFit, text: &mut String) {
    let whole = |value: f64| format!("{value:.0}");
    put(text, "[market]", "");
    put(text, "takers_per_s", &number(fit.takers_per_s));
    put(text, "informed_fraction", &number(fit.informed_fraction));
    put(text, "[market.fundamental]", "");
    put(text, "volatility", &number(fit.volatility));
    put(text, "jumps_per_s", "0.0");
    put(text, "[market.noise]", "");
    put(text, "limits_per_s", &number(fit.limits_per_s));
    put(text, "cancels_per_s", &number(fit.cancels_per_s));
    put(text, "least_distance", &whole(fit.least_distance));
    put(text, "mean_distance", &number(fit.mean_distance));
    put(text, "mean_size", &number(fit.mean_size));
    put(text, "[market.informed]", "");
    put(text, "mean_size", &number(fit.informed_size));
    put(text, "[market.maker]", "");
    put(text, "half_spread", &whole(fit.half_spread));
    put(text, "size", &whole(fit.maker_size));
}

fn queue_reactive(fitted: &Fitted, text: &mut String) {
    let fit = &fitted.queue_reactive;
    head(fitted, "queue-reactive", text);
    let mut cancels = fit.cancels.clone();
    for (queue, row) in cancels.iter_mut().enumerate() {
        row.iter_mut().for_each(|rate| *rate = rate.max(RATE_LEAST));
        let leaves = |row: &[f64]| row.last().zip(fit.markets[queue].last()).map_or(0.0, |(a, b)| a + b);
        let joins = fit.limits[queue].last().copied().unwrap_or(0.0);
        let lacking = joins / JOIN_MAX - leaves(row);
        if let Some(last) = row.last_mut().filter(|_| lacking > 0.0) {
            *last += lacking;
        }
    }
    put(text, "limits", &table(&fit.limits));
    put(text, "cancels", &table(&cancels));
    put(text, "markets", &table(&fit.markets));
    put(text, "pace", "1.0");
}

fn hawkes(fitted: &Fitted, text: &mut String) {
    let Some(fit) = &fitted.hawkes else { return };
    head(fitted, "hawkes", text);
    let ratio = branching_ratio(fit);
    let shrink = if ratio > BRANCHING_MAX { BRANCHING_MAX / ratio } else { 1.0 };
    if shrink < 1.0 {
        put(
            text,
            &format!("# the branching ratio that was found is {ratio:.3}: children are scaled to {BRANCHING_MAX}"),
            "",
        );
    }
    let rows = |rows: &[[f64; 3]; 3]| table(&rows.map(|row| row.map(|cell| cell * shrink).to_vec()));
    for (key, rate) in ["limits", "markets", "cancels"].into_iter().zip(fit.base) {
        put(text, key, &number(rate));
    }
    put(text, "same_side", &rows(&fit.same_side));
    put(text, "other_side", &rows(&fit.other_side));
    put(text, "beta", &number(fit.beta));
    #[allow(clippy::cast_precision_loss, reason = "ticks of a spread")]
    let away = (fitted.crowd.mean_distance + fitted.crowd.least_distance) / fitted.spacing as f64;
    put(text, "mean_distance", &number(away.max(1.0)));
    put(text, "patience", &number(PATIENCE));
    put(text, "pace", "1.0");
}

/// What every published model has: its word, its step, its unit.
fn head(fitted: &Fitted, model: &str, text: &mut String) {
    put(text, "[market]", "");
    put(text, "model", &format!("\"{model}\""));
    put(text, "spacing", &fitted.spacing.to_string());
    put(text, "unit", &fitted.unit.to_string());
    put(text, &format!("[market.{}]", model.replace('-', "_")), "");
}

fn put(text: &mut String, key: &str, value: &str) {
    let line = if value.is_empty() { writeln!(text, "{key}") } else { writeln!(text, "{key} = {value}") };
    line.expect("a String takes everything");
}

/// Four figures, and a point: TOML tells whole numbers from others.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0.0".to_owned();
    }
    let digits = (3.0 - value.abs().log10().floor()).clamp(1.0, 9.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 9")]
    let text = format!("{value:.*}", digits as usize);
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

fn list(values: &[f64]) -> String {
    let items: Vec<String> = values.iter().map(|value| number(*value)).collect();
    format!("[{}]", items.join(", "))
}

fn table(rows: &[Vec<f64>]) -> String {
    let items: Vec<String> = rows.iter().map(|row| list(row)).collect();
    format!("[{}]", items.join(", "))
}
