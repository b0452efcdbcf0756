//! The page around the pictures.

use super::super::terminal::{TOO_SHORT, grouped, span};
use super::super::{Style, Summary};
use super::data::{MARKS_IN_VIEW, contract, equity, kept_equity, notes, shown};
use super::{ContractSeries, Report, Series, escape, svg};
use crate::chapter::Chapter;
use serde_json::{Value as Json, json};

const UPLOT: &str = include_str!("../../../assets/uplot-1.6.32.iife.min.js");
const UPLOT_STYLE: &str = include_str!("../../../assets/uplot-1.6.32.min.css");
const UPLOT_LICENSE: &str = include_str!("../../../assets/uplot-1.6.32.LICENSE");
pub(crate) const STYLE: &str = include_str!("../../../assets/report.css");
const SCRIPT: &str = include_str!("../../../assets/report.js");

/// Light and dark: the button, and what it does.
pub(crate) const THEME_BUTTON: &str =
    "<button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\">◐</button>";
pub(crate) const THEME: &str = include_str!("../../../assets/theme.js");

pub(super) fn page(report: &Report<'_>) -> String {
    let Report { summary, config, command, series } = report;
    let run = &summary.run;
    let title = format!("{}, seed {}", run.pattern, run.seed);
    let nothing = [ContractSeries::default()];
    let contracts = if series.contracts.is_empty() { &nothing[..] } else { &series.contracts };
    let drawn: Vec<Json> = contracts.iter().map(contract).collect();
    let data = json!({ "contracts": drawn, "equity": equity(series), "marks": MARKS_IN_VIEW });
    let data = data.to_string().replace('<', "\\u003c");
    let body = [
        header(summary),
        tiles(summary),
        pictures(summary),
        chapters(summary),
        over_time(series, contracts),
        latency(series),
        numbers(summary),
        repeat(summary, config, command),
    ]
    .concat();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{UPLOT_STYLE}\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         <div id=\"tip\" role=\"status\" hidden></div>\n<!--\nuPlot 1.6.32:\n{UPLOT_LICENSE}-->\n\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{UPLOT}</script>\n<script>\n{THEME}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&title),
    )
}

fn header(summary: &Summary) -> String {
    let run = &summary.run;
    let facts = [
        run.symbols.join(", "),
        format!("{} of market time", span(run.span_s)),
        format!("{}, ended by {}", run.driver, run.ended_by),
        format!("seed {}", run.seed),
    ];
    let facts: String = facts.iter().map(|fact| format!("<span>{}</span>", escape(fact))).collect();
    format!(
        "<header>\n<div><h1>{}</h1><p class=\"facts\">{facts}</p></div>\n\
         {THEME_BUTTON}\n</header>\n\
         <p class=\"verdict\">{}</p>\n",
        escape(&run.pattern),
        escape(&summary.verdict)
    )
}

fn tiles(summary: &Summary) -> String {
    let (money, execution) = (&summary.money, &summary.execution);
    let signed = |value: f64| if value < 0.0 { "down" } else { "up" };
    let optional = |value: Option<String>| value.unwrap_or_else(|| "n/a".to_owned());
    let tile = |name: &str, value: String, class: &str| {
        format!("<div><dt>{name}</dt><dd class=\"{class}\">{}</dd></div>\n", escape(&value))
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    // The largest of all contracts, so it says of which.
    let of = match summary.symbols.iter().max_by(|a, b| a.inventory_max.total_cmp(&b.inventory_max)) {
        Some(most) if summary.symbols.len() > 1 => format!(", {}", escape(&most.symbol)),
        _ => String::new(),
    };
    let tiles = [
        tile(&format!("Net, {}", escape(&money.currency)), money.net.signed(), signed(money.net.to_f64())),
        tile("Per fill", optional(money.per_fill.map(|net| format!("{net:+.4}"))), ""),
        tile("Fills", grouped(to_float(execution.fills)), ""),
        tile("Maker share", optional(execution.maker_share.map(percent)), ""),
        tile("Max drawdown", format!("{:.2}", summary.risk.max_drawdown.to_f64()), ""),
        tile(&format!("Max inventory{of}"), format!("{:.0}", summary.risk.inventory_max), ""),
        tile("Quote uptime", percent(execution.quote_uptime), ""),
    ];
    format!("<dl class=\"tiles\">\n{}</dl>\n", tiles.concat())
}

fn pictures(summary: &Summary) -> String {
    let horizon = span(summary.attribution.horizon_s);
    format!(
        "<div class=\"pair\">\n<section><h2>Where the money came from</h2>\n\
         <p class=\"note\">In {}; adverse selection is what the midpoint did within {horizon} of a fill. The parts sum to the net exactly.</p>\n{}</section>\n\
         <section><h2>What a fill was worth later</h2>\n\
         <p class=\"note\">Midpoint some time after the fill, less its price, in our favour; price units per contract, two standard errors.</p>\n{}</section>\n</div>\n",
        escape(&summary.money.currency),
        svg::waterfall(&summary.attribution),
        svg::markouts(&summary.markouts)
    )
}

/// What the pattern adds: its drawn columns as bars, its tables as text.
fn chapters(summary: &Summary) -> String {
    summary.truth.iter().chain(&summary.chapter).map(chapter).collect()
}

fn chapter(chapter: &Chapter) -> String {
    let pictures: String =
        chapter.tables.iter().filter_map(svg::bars).map(|svg| format!("<div>{svg}</div>\n")).collect();
    let lines = chapter.lines(Style::Plain).join("\n");
    format!(
        "<section><h2>{}</h2>\n<div class=\"pair tight\">\n{pictures}</div>\n<pre>{}</pre></section>\n",
        escape(&chapter.title),
        escape(lines.trim_start())
    )
}

fn over_time(series: &Series, contracts: &[ContractSeries]) -> String {
    let chart = |id: &str, title: &str, note: &str| {
        format!(
            "<section><h2>{title}</h2>\n<p class=\"note\" id=\"{id}-note\">{note}</p>\n<div class=\"chart\" id=\"{id}\"></div></section>\n"
        )
    };
    let [market, inventory] = notes(&contracts[0]);
    let symbol = format!("<span class=\"contract\">{}</span>", escape(&contracts[0].name));
    let of = if contracts.len() > 1 { format!(" of {symbol}") } else { String::new() };
    let equity = shown(kept_equity(series).len(), series.equity.len());
    format!(
        "<p class=\"hint\">Drag across a chart to zoom all of them, double-click to see the whole run again. Click a name in a legend to hide it.</p>\n\
         <noscript><p class=\"note\">The charts over time need JavaScript; everything else stands without it.</p></noscript>\n{}{}{}{}<div class=\"pair\">\n{}{}</div>\n",
        selector(series, contracts),
        chart("price", &format!("{symbol}: the market, our quotes, our fills"), &market),
        chart("inventory", &format!("Inventory{of}"), &inventory),
        chart("equity", "Equity and drawdown", &format!("Change since the start, marked to the midpoint; {equity}.")),
        chart(
            "spread",
            &format!("Spread{of}"),
            "Best ask less best bid, price units: mean, lowest and highest of each span."
        ),
        chart(
            "depth",
            &format!("Depth at the touch{of}"),
            "Visible contracts at the best bid and at the best ask: mean, lowest and highest of each span."
        ),
    )
}

/// Which contract the charts show, where there are several.
fn selector(series: &Series, contracts: &[ContractSeries]) -> String {
    if contracts.len() < 2 {
        return String::new();
    }
    let option = |(place, contract): (usize, &ContractSeries)| {
        format!("<option value=\"{place}\">{}</option>", escape(&contract.name))
    };
    let options: String = contracts.iter().enumerate().map(option).collect();
    let told = match series.left_out {
        0 => format!("{} contracts; equity is over all of them.", contracts.len()),
        more => format!(
            "The first {} of {} contracts; equity is over all of them.",
            contracts.len(),
            contracts.len() + more
        ),
    };
    format!(
        "<p class=\"pick\"><label for=\"contract\">Contract</label> <select id=\"contract\">{options}</select> <span class=\"note\">{told}</span></p>\n"
    )
}

fn latency(series: &Series) -> String {
    if series.latency.is_empty() {
        return String::new();
    }
    let histograms: String =
        series.latency.iter().map(|stage| format!("<div>{}</div>\n", svg::histogram(stage))).collect();
    format!(
        "<section><h2>Latency</h2>\n<p class=\"note\">How often each stage took how long; the axis of time is logarithmic.</p>\n\
         <div class=\"pair tight\">\n{histograms}</div></section>\n"
    )
}

/// The summary as the terminal shows it, in full.
fn numbers(summary: &Summary) -> String {
    let text = summary.render(Style::Plain);
    let text = escape(&text).replace(TOO_SHORT, &format!("<span class=\"dim\">{TOO_SHORT}</span>"));
    format!("<details><summary>All numbers</summary>\n<pre>{text}</pre></details>\n")
}

fn repeat(summary: &Summary, config: &str, command: &str) -> String {
    let run = &summary.run;
    format!(
        "<details><summary>The configuration, and how to repeat this</summary>\n<pre class=\"command\">{}</pre>\n\
         <dl class=\"hashes\"><dt>digest</dt><dd>{}</dd><dt>configuration</dt><dd>{}</dd><dt>version</dt><dd>{}</dd></dl>\n<pre>{}</pre></details>\n",
        escape(command),
        escape(&run.digest),
        escape(&run.config_hash),
        escape(&run.version),
        escape(config)
    )
}

#[allow(clippy::cast_precision_loss, reason = "counts for people")]
fn to_float(count: u64) -> f64 {
    count as f64
}
