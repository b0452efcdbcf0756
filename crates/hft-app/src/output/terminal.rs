//! The summary as a table in the terminal.

use super::{Markout, Style, Summary};
use std::fmt::Write as _;

/// What stands where a number would need a longer run.
pub(super) const TOO_SHORT: &str = "n/a (span too short)";

/// Lines under headings, labels and values aligned.
struct Table {
    out: String,
    style: Style,
}

impl Table {
    fn heading(&mut self, text: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        self.line(&format!("{gap}{}", self.style.bold(text)));
    }

    fn line(&mut self, text: &str) {
        writeln!(self.out, "{}", text.trim_end()).expect("a String takes everything");
    }

    /// A label and a value; numbers stand to the right, so that their points align.
    fn value(&mut self, label: &str, value: &str) {
        let value = if value == TOO_SHORT { self.style.dim(&format!("{value:>14}")) } else { format!("{value:>14}") };
        self.line(&format!("  {label:<26} {value}"));
    }

    /// A value of any length: words, hashes.
    fn words(&mut self, label: &str, value: &str) {
        self.line(&format!("  {label:<26} {value}"));
    }
}

impl Summary {
    /// The whole summary, for people.
    pub fn render(&self, style: Style) -> String {
        let mut table = Table { out: String::new(), style };
        self.render_run(&mut table);
        self.render_money(&mut table);
        table.heading(&format!("Attribution ({}), horizon {}", self.money.currency, span(self.attribution.horizon_s)));
        for line in self.attribution.bars(style) {
            table.line(&line);
        }
        self.render_risk(&mut table);
        self.render_execution(&mut table);
        self.render_markouts(&mut table);
        self.render_latency(&mut table);
        self.render_symbols(&mut table);
        let chapters = self.truth.iter().chain(&self.chapter);
        chapters.flat_map(|chapter| chapter.lines(style)).for_each(|line| table.line(&line));
        table.line(&format!("\n{}", style.bold(&self.verdict)));
        table.out
    }

    fn render_run(&self, table: &mut Table) {
        let run = &self.run;
        table.heading(&format!("{} {}", run.pattern, run.version));
        table.words("symbols", &run.symbols.join(", "));
        table.words("driver, seed", &format!("{}, {}", run.driver, run.seed));
        table.words("configuration", &run.config_hash);
        table.words("market time", &format!("{}, ended by {}", span(run.span_s), run.ended_by));
        let rate = run.events_per_s().map_or(String::new(), |rate| format!(", {} events/s", grouped(rate)));
        table.words("wall time", &format!("{}{rate}", span(run.wall_s)));
        table.words("digest", &run.digest);
    }

    fn render_money(&self, table: &mut Table) {
        let money = &self.money;
        table.heading(&format!("Money ({})", money.currency));
        table.value("gross", &money.gross.signed());
        table.value("fees", &money.fees.signed());
        table.value("rebates", &money.rebates.signed());
        table.value("net", &money.net.signed());
        table.value("turnover", &format!("{:.2}", money.turnover.to_f64()));
        table.value("net per fill", &number(money.per_fill, 4));
        table.value("bps of turnover", &number(money.bps_of_turnover, 3));
        let error = money.sharpe_standard_error.map_or(String::new(), |error| {
            format!(" +- {error:.2} (a simulated market's edge never changes: no real one compares)")
        });
        table.value("Sharpe (annualised)", &(number(money.sharpe, 2) + &error));
    }

    fn render_symbols(&self, table: &mut Table) {
        if self.symbols.len() < 2 {
            return;
        }
        table.heading("By contract");
        let columns = ["fills", "net", "spread", "adverse", "inventory", "fees", "max pos", "uptime"];
        let head: String = columns.iter().map(|name| format!(" {name:>10}")).collect();
        table.line(&table.style.dim(&format!("  {:<14}{head}", "")));
        for symbol in &self.symbols {
            let parts = &symbol.attribution;
            let cells = [
                symbol.fills.to_string(),
                parts.net.signed(),
                parts.spread.signed(),
                parts.adverse_selection.signed(),
                parts.inventory.signed(),
                parts.fees.signed(),
                format!("{:.0}", symbol.inventory_max),
                percent(symbol.quote_uptime),
            ];
            let cells: String = cells.iter().map(|cell| format!(" {cell:>10}")).collect();
            table.line(&format!("  {:<14}{cells}", format!("{}@{}", symbol.symbol, symbol.venue)));
        }
    }

    fn render_risk(&self, table: &mut Table) {
        let risk = &self.risk;
        table.heading("Risk");
        table.value("max drawdown", &format!("{:.2}", risk.max_drawdown.to_f64()));
        table.value("inventory mean", &format!("{:.2}", risk.inventory_mean));
        table.value("inventory max", &format!("{:.2}", risk.inventory_max));
        table.value("inventory half-life", &risk.inventory_half_life_s.map_or(TOO_SHORT.to_owned(), span));
        table.value("time at limit", &percent(risk.time_at_limit));
    }

    fn render_execution(&self, table: &mut Table) {
        let execution = &self.execution;
        table.heading("Execution");
        table.value("orders", &execution.orders.to_string());
        table.value("cancels", &execution.cancels.to_string());
        table.value("commands", &execution.commands.to_string());
        table.value("fills", &execution.fills.to_string());
        let share = |share: Option<f64>| share.map_or(TOO_SHORT.to_owned(), percent);
        table.value("fill ratio", &share(execution.fill_ratio));
        table.value("maker share", &share(execution.maker_share));
        table.value("orders to trades", &number(execution.order_to_trade, 2));
        table.value("quote uptime", &percent(execution.quote_uptime));
        table.value("time to fill (median)", &execution.time_to_fill_s.map_or(TOO_SHORT.to_owned(), span));
        table.value("queue ahead (median)", &number(execution.queue_ahead_at_fill, 1));
        for (reason, count) in &execution.rejects {
            table.value(&format!("refused: {reason}"), &count.to_string());
        }
    }

    fn render_markouts(&self, table: &mut Table) {
        if self.markouts.is_empty() {
            return;
        }
        table.heading("Markouts (per contract: worth of a fill at the midpoint some time later, less its price)");
        let head = format!("  {:<26} {:>14} {:>12} {:>9}", "", "mean", "std error", "fills");
        table.line(&table.style.dim(&head));
        for markout in &self.markouts {
            let late = match markout.too_late {
                0 => String::new(),
                late => table.style.dim(&format!("  {late} too late in the run")),
            };
            let (mean, error) =
                (number(markout.mean, 5), markout.standard_error.map_or(String::new(), |e| format!("{e:.5}")));
            table.line(&format!("  {:<26} {mean:>14} {error:>12} {:>9}{late}", markout.label(), markout.fills));
        }
    }

    fn render_latency(&self, table: &mut Table) {
        if self.latency.is_empty() {
            return;
        }
        table.heading("Latency (us)");
        let head = format!("  {:<26} {:>14} {:>12} {:>12} {:>12} {:>9}", "", "median", "90 %", "99 %", "max", "count");
        table.line(&table.style.dim(&head));
        for stage in &self.latency {
            table.line(&format!(
                "  {:<26} {:>14.1} {:>12.1} {:>12.1} {:>12.1} {:>9}",
                stage.stage, stage.p50_us, stage.p90_us, stage.p99_us, stage.max_us, stage.count
            ));
        }
    }
}

impl Markout {
    /// `1 s`, or `1 s, informed`.
    pub(crate) fn label(&self) -> String {
        let who = self.counterparty.as_ref().map_or(String::new(), |who| format!(", {who}"));
        format!("{}{who}", span(self.horizon_s))
    }
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or(TOO_SHORT.to_owned(), |value| format!("{value:.digits$}"))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A span of time with a unit that suits it.
pub(crate) fn span(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s.abs() >= 7_200.0 => (s / 3_600.0, "h"),
        s if s.abs() >= 120.0 => (s / 60.0, "min"),
        s if s.abs() >= 1.0 || s.abs() < 1e-9 => (s, "s"),
        s if s.abs() >= 1e-3 => (s * 1e3, "ms"),
        s => (s * 1e6, "us"),
    };
    let text = format!("{value:.2}");
    format!("{} {unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A whole number with thin groups: `1 234 567`.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::from(if value <= -0.5 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
