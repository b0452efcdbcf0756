//! The score as a page: the cards, a picture of every measure, and what the models cannot have. One file that needs nothing else.

use super::charts::{Axis, Trace, chart, tail, told};
use super::measures::Of;
use super::{Colour, LIMITS, MEASURES, Measure, Score};
use crate::output::Style;
use crate::output::report::escape;
use crate::output::report::page::{STYLE, THEME, THEME_BUTTON};
use hft_data::StylisedFacts;

/// Colours of the recordings, in turn; ours is the ink.
const CLASSES: [&str; 4] = ["c1", "c2", "c3", "c4"];

/// The page.
pub(super) fn html(score: &Score) -> String {
    let facts = &score.subject.facts;
    let told = [
        facts.symbol.clone(),
        format!("{} events", facts.events),
        format!("{} of market time", crate::output::span(facts.seconds)),
    ];
    let told: String = told.iter().map(|fact| format!("<span>{}</span>", escape(fact))).collect();
    let title = format!("{}: how like a real market", score.subject.name);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}{OWN_STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header><div><h1>{}</h1><p class=\"facts\">{told}</p></div>\n{THEME_BUTTON}</header>\n<p class=\"verdict\">{}</p>\n\
         {}{}{}{}</main>\n<script>\n{THEME}</script>\n</body>\n</html>\n",
        escape(&title),
        escape(&title),
        escape(&verdict(score)),
        board(score),
        pictures(score),
        limits(score),
        numbers(score)
    )
}

const OWN_STYLE: &str = "\
table.board { border-collapse: collapse; width: 100%; font-size: 14px; }\n\
.board th, .board td { text-align: left; padding: 5px 10px; border-bottom: 1px solid var(--grid); }\n\
.board th { color: var(--dim); font-weight: 500; }\n\
.lamp { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 7px; }\n\
.lamp.green { background: var(--up); } .lamp.amber { background: #d9a21b; } .lamp.red { background: var(--down); }\n\
.lamp.untold { border: 1px solid var(--dim); }\n\
.board td span { color: var(--dim); }\n";

/// One sentence: how near, and what is furthest.
fn verdict(score: &Score) -> String {
    let Some(best) = score.cards.iter().min_by(|a, b| a.score.total_cmp(&b.score)) else {
        return "Nothing to hold it against.".to_owned();
    };
    let [green, amber, red, _] = best.count;
    let worst =
        best.lines.iter().filter_map(|line| Some((line.name, line.yardsticks?))).max_by(|a, b| a.1.total_cmp(&b.1));
    let worst = worst.map_or(String::new(), |(name, far)| format!("; furthest off: {name}, {far:.1}"));
    format!(
        "Nearest to {}: {:.1} yardsticks off on average, {green} green, {amber} amber, {red} red{worst}.",
        best.sample, best.score
    )
}

/// A lamp for every measure and recording.
fn board(score: &Score) -> String {
    let head: String = score.cards.iter().map(|card| format!("<th>{}</th>", escape(&card.sample))).collect();
    let rows: String = MEASURES
        .iter()
        .enumerate()
        .map(|(at, measure)| {
            let cells: String = score
                .cards
                .iter()
                .map(|card| {
                    let line = &card.lines[at];
                    let numbers = match (line.ours, line.theirs) {
                        (Some(a), Some(b)) => {
                            format!("{} <span>to {}</span>", super::text::short(a), super::text::short(b))
                        }
                        _ => "<span>untold</span>".to_owned(),
                    };
                    let far = line.yardsticks.map_or(String::new(), |far| format!(" <span>({far:.1} off)</span>"));
                    format!("<td><i class=\"lamp {}\"></i>{numbers}{far}</td>", line.colour.name())
                })
                .collect();
            format!("<tr><td>{}<br><span>{}</span></td>{cells}</tr>\n", escape(measure.name), escape(measure.shown))
        })
        .collect();
    let colours = [Colour::Green, Colour::Amber, Colour::Red].map(|colour| {
        let means = match colour {
            Colour::Green => "no further than real markets are from one another",
            Colour::Amber => "within three times that",
            Colour::Red | Colour::Untold => "further",
        };
        format!("<i class=\"lamp {}\"></i>{means}&emsp;", colour.name())
    });
    format!(
        "<section><h2>The card</h2>\n<p class=\"note\">{}</p>\n<table class=\"board\"><tr><th></th>{head}</tr>\n{rows}</table></section>\n",
        colours.concat()
    )
}

fn pictures(score: &Score) -> String {
    let pictures: String = MEASURES.iter().filter_map(|measure| picture(score, measure)).collect();
    let names = std::iter::once((score.subject.name.as_str(), "c0"))
        .chain(score.samples.iter().map(|sample| sample.name.as_str()).zip(CLASSES.into_iter().cycle()));
    let keys: String =
        names.map(|(name, class)| format!("<span><i class=\"key {class}\"></i>{}</span>", escape(name))).collect();
    format!(
        "<section><h2>Measure by measure</h2>\n<p class=\"note\">Distributions are drawn as the share that exceeds a value, over the value divided by its mean.</p>\n\
         <div class=\"keys\">{keys}</div>\n<div class=\"pair tight\">\n{pictures}</div></section>\n"
    )
}

fn picture(score: &Score, measure: &Measure) -> Option<String> {
    let samples = score.samples.iter().zip(CLASSES.into_iter().cycle());
    let all = std::iter::once((&score.subject, "c0")).chain(samples);
    let points = |facts: &StylisedFacts| match measure.of {
        Of::Distribution(get) => get(facts).map(tail),
        Of::Curve(get, _) => Some(told(&get(facts))),
        Of::Number(_) | Of::Factor(_) => None,
    };
    let traces: Vec<Trace<'_>> = all
        .filter_map(|(subject, class)| Some(Trace { name: &subject.name, points: points(&subject.facts)?, class }))
        .collect();
    if traces.is_empty() {
        return None;
    }
    let axis = if measure.name == "depth by level" { Axis::Linear } else { Axis::Logarithmic };
    Some(format!("<div>{}</div>\n", chart(measure.name, axis, &traces)))
}

/// What each model cannot have, ours first.
fn limits(score: &Score) -> String {
    let ours = score.limits.map_or("", |limits| limits.model);
    let mut models: Vec<_> = LIMITS.iter().collect();
    models.sort_by_key(|limits| limits.model != ours);
    let told: String = models
        .iter()
        .map(|limits| {
            let items: String = limits.cannot.iter().map(|what| format!("<li>{}</li>", escape(what))).collect();
            let mark = if limits.model == ours { " (this market)" } else { "" };
            format!("<h3>{}{mark}</h3>\n<ul>{items}</ul>\n", escape(limits.model))
        })
        .collect();
    format!("<details open><summary>What no knob can mend</summary>\n{told}</details>\n")
}

fn numbers(score: &Score) -> String {
    format!("<details><summary>All numbers</summary>\n<pre>{}</pre></details>\n", escape(&score.render(Style::Plain)))
}
