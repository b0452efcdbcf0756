//! The story of a fill, for people.

use super::{Aggressor, Book, Decision, Explanation, WhatIf};
use crate::output::Style;
use hft_core::models::Nanos;
use std::fmt::Write as _;

/// How many steps of the queue are printed: the first, and the last ones.
const STEPS_SHOWN: usize = 12;

/// How many characters the picture of the price has, and how much time each stands for, ns.
const PICTURE: (u64, u64) = (64, 156_250_000);

impl Explanation {
    /// The whole story.
    pub fn render(&self, style: Style) -> String {
        let mut text = String::new();
        let mut line = |words: &str| writeln!(text, "{}", words.trim_end()).expect("a String takes everything");
        line(&style.bold(&self.headline()));
        line(&style.dim(&format!("{} ({})", self.folder, self.driver)));
        line(&format!("\n{}", style.bold("Why we stood there")));
        match &self.decision {
            Some(decision) => self.why(decision).iter().for_each(|words| line(words)),
            None => line("  the decision is too long ago to be remembered"),
        }
        if let Some(late) = &self.too_late {
            let came = late.reached_ns.map_or("never arrived".to_owned(), |reached| {
                format!("arrived {} after the fill", span(reached - self.fill.time_ns))
            });
            let before = span(self.fill.time_ns - late.decided_ns);
            line(&format!("  too late: {}, decided {before} before the fill, {came}", late.command));
        }
        if !self.queue.is_empty() {
            line(&format!("\n{}", style.bold("Our way through the queue")));
            self.way().iter().for_each(|words| line(words));
        }
        line(&format!("\n{}", style.bold("Who was on the other side, and what they knew")));
        self.other().iter().for_each(|words| line(words));
        line(&format!("\n{}", style.bold("What the price did next")));
        self.next(style).iter().for_each(|words| line(words));
        if self.what_ifs.len() > 1 {
            line(&format!("\n{}", style.bold("The same seed, with something else")));
            self.otherwise().iter().for_each(|words| line(words));
        }
        text
    }

    fn headline(&self) -> String {
        let fill = &self.fill;
        let did = if fill.side == "buy" { "bought" } else { "sold" };
        let worth =
            fill.markout_1s.map_or(String::new(), |worth| format!(", worth {worth:+.4} a contract a second later"));
        format!(
            "Fill {}: {did} {} {} at {} as a {}, {} into the run{worth}",
            fill.fill,
            fill.qty,
            fill.symbol,
            fill.price,
            fill.liquidity,
            clock(fill.time_ns)
        )
    }

    fn why(&self, decision: &Decision) -> Vec<String> {
        let before = self.fill.time_ns - decision.decided_ns;
        let mut lines = vec![format!(
            "  decided at {} ({} before the fill), inventory {}, on {}",
            clock(decision.decided_ns),
            span(before),
            decision.inventory,
            seen(&decision.book, decision.decided_ns)
        )];
        lines.extend(
            decision
                .reasons
                .iter()
                .map(|reason| format!("  {:<34} {:>12.6} {}", reason.name, reason.value, reason.unit)),
        );
        lines.push(format!("  so: {}, at the venue at {}", decision.command, clock(decision.reached_ns)));
        lines
    }

    fn way(&self) -> Vec<String> {
        let hidden = self.queue.len().saturating_sub(STEPS_SHOWN);
        let mut lines = Vec::new();
        for (at, step) in self.queue.iter().enumerate() {
            if hidden > 0 && at == 1 {
                lines.push(format!("  .. {} steps, all of them in --json ..", hidden + 1));
            }
            if hidden > 0 && (1..=hidden + 1).contains(&at) {
                continue;
            }
            let ahead = match step.orders {
                0 => "nobody ahead".to_owned(),
                1 => format!("{} ahead in 1 order", step.ahead),
                orders => format!("{} ahead in {orders} orders", step.ahead),
            };
            lines.push(format!("  {:>14}  {:<52} {ahead}", clock(step.time_ns), step.what));
        }
        if self.queue_left_out > 0 {
            lines.insert(0, format!("  {} earlier steps are not kept", self.queue_left_out));
        }
        lines
    }

    fn other(&self) -> Vec<String> {
        let Aggressor { account, class, arrived, decided_ns, book, knew_value, value } = &self.aggressor;
        let role = if *arrived { "arrived" } else { "stood in the book" };
        let decided = match (decided_ns, book) {
            (Some(at), Some(book)) => {
                format!(", decided {} before the fill on {}", span(self.fill.time_ns - at), seen(book, *at))
            }
            _ => String::new(),
        };
        let mut lines = vec![format!("  {account} (class {class}) {role}{decided}")];
        let price: f64 = self.fill.price.parse().unwrap_or(f64::NAN);
        let edge = |value: f64| {
            let theirs = if self.fill.side == "buy" { price - value } else { value - price };
            let words = if theirs >= 0.0 { "better for them than" } else { "worse for them than" };
            format!("{:.4} {words} our price", theirs.abs())
        };
        lines.push(match (knew_value, value) {
            (Some(knew), _) => format!("  they knew the hidden value: {knew:.4}, {}", edge(*knew)),
            (None, Some(value)) => format!("  they knew nothing; the hidden value was {value:.4}, {}", edge(*value)),
            (None, None) => "  they knew nothing that the book does not show".to_owned(),
        });
        lines
    }

    fn next(&self, style: Style) -> Vec<String> {
        let mut lines = vec![style.dim(&format!("  {:<10} {:>12} {:>12}", "after", "midpoint", "worth"))];
        for later in &self.later {
            let after = span(Nanos::from_secs_f64(later.after_s).count());
            lines.push(match (later.mid, later.worth) {
                (Some(mid), Some(worth)) => format!("  {after:<10} {mid:>12.4} {}", signed(worth, style)),
                _ => format!("  {after:<10} {}", style.dim("the run ended first")),
            });
        }
        lines.extend(self.picture());
        lines
    }

    /// The midpoint over the first seconds after the fill, one character a step, between its lowest and its highest.
    fn picture(&self) -> Option<String> {
        let (width, step_ns) = PICTURE;
        let ended = self.path.last()?.0;
        let mids: Vec<f64> = (0..width)
            .map(|step| self.fill.time_ns + step * step_ns)
            .take_while(|moment| *moment <= ended.max(self.fill.time_ns))
            .filter_map(|moment| Some(self.path.iter().take_while(|(time, _)| *time <= moment).last()?.1))
            .collect();
        let (low, high) = mids.iter().fold((f64::MAX, f64::MIN), |(low, high), mid| (low.min(*mid), high.max(*mid)));
        if mids.len() < 2 || low >= high {
            return None;
        }
        let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 7")]
        let bar = |mid: &f64| bars[(((mid - low) / (high - low)) * 7.0).round() as usize];
        let drawn: String = mids.iter().map(bar).collect();
        Some(format!("  {drawn}  {low:.4} to {high:.4} over {}", span(width * step_ns)))
    }

    fn otherwise(&self) -> Vec<String> {
        let quote = if self.fill.side == "buy" { "our bid" } else { "our ask" };
        let mut lines = vec![format!(
            "  {:<40} {:>10} {:>16} {:>10} {:>7} {:>12}",
            "", quote, "filled then", "1 s later", "fills", "net of run"
        )];
        for WhatIf { change, quote, filled, worth_1s, fills, net, halted } in &self.what_ifs {
            let change = match change {
                Some(change) => change.as_str(),
                None if self.driver == "realtime" => "as it was, in lockstep",
                None => "as it was",
            };
            let filled = filled.as_ref().map_or("no".to_owned(), |price| format!("yes, at {price}"));
            let worth = worth_1s.map_or("-".to_owned(), |worth| format!("{worth:+.4}"));
            let quote = quote.as_deref().unwrap_or("none");
            lines.push(format!("  {change:<40} {quote:>10} {filled:>16} {worth:>10} {fills:>7} {net:>12}"));
            lines.extend(halted.as_ref().map(|halt| format!("    halted by its risk limits: {halt}")));
        }
        lines.push("  one seed: a difference of nets is mostly luck, and `sweep` asks many".to_owned());
        if self.driver == "realtime" {
            lines.push(
                "  a run by the clock has moments of its own: in lockstep the same people come at other nanoseconds"
                    .to_owned(),
            );
        }
        lines
    }
}

fn signed(worth: f64, style: Style) -> String {
    let text = format!("{worth:>+12.4}");
    if worth < 0.0 { style.bad(&text) } else { style.good(&text) }
}

fn seen(book: &Book, at: u64) -> String {
    let price = |price: Option<f64>| price.map_or("none".to_owned(), |price| format!("{price:.4}"));
    let age = span(at.saturating_sub(book.sent_ns));
    format!("a book last changed {age} before: {} / {}", price(book.bid), price(book.ask))
}

/// A moment of market time.
fn clock(ns: u64) -> String {
    format!("{}.{:06} s", ns / 1_000_000_000, ns % 1_000_000_000 / 1_000)
}

/// A length of time in the unit that suits it.
fn span(ns: u64) -> String {
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{:.1} us", ns as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} ms", ns as f64 / 1e6),
        _ => format!("{:.1} s", ns as f64 / 1e9),
    }
}
