//! The scripts in `it/gate/`, one per clause: a line of words for each event, and after `=>` what the gate must say.
//!
//! `buy 3 X 2 100 B` is a limit order with id 3 in X for 2 at 100 by strategy B (A, where none is named; `-` for the price
//! makes it a market order), `@500` before an event is its time, `raw` is JSON as it stands.

use super::GateSession;
use crate::conformance::Session;
use serde_json::{Map, Value, json};

const SCRIPTS: [(&str, &str); 12] = [
    ("alike", include_str!("../../../it/gate/alike.txt")),
    ("amend", include_str!("../../../it/gate/amend.txt")),
    ("collar", include_str!("../../../it/gate/collar.txt")),
    ("kill", include_str!("../../../it/gate/kill.txt")),
    ("manners", include_str!("../../../it/gate/manners.txt")),
    ("market_data", include_str!("../../../it/gate/market_data.txt")),
    ("notional", include_str!("../../../it/gate/notional.txt")),
    ("order_of_checks", include_str!("../../../it/gate/order_of_checks.txt")),
    ("orders", include_str!("../../../it/gate/orders.txt")),
    ("position", include_str!("../../../it/gate/position.txt")),
    ("rate", include_str!("../../../it/gate/rate.txt")),
    ("storms", include_str!("../../../it/gate/storms.txt")),
];

#[test]
fn the_gate_says_what_the_scripts_say() {
    let mut failures = Vec::new();
    for (name, script) in SCRIPTS {
        let mut session = GateSession::new();
        for (number, line) in script.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            let (event, expected) = line.split_once(" => ").unwrap_or((line, "ok"));
            let found = brief(&session.answer(&json_of(event)));
            if found != expected {
                failures
                    .push(format!("{name}.txt:{}: {event}\n    expected {expected}\n    found    {found}", number + 1));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// An event of the script as the line that the program reads.
fn json_of(event: &str) -> String {
    let (time, event) = match event.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((time, event)) => (Some(time), event),
        None => (None, event),
    };
    let (verb, rest) = event.split_once(' ').unwrap_or((event, ""));
    if verb == "raw" {
        return rest.to_owned();
    }
    let words: Vec<&str> = rest.split(' ').filter(|word| !word.is_empty()).collect();
    let mut fields = Map::new();
    let keys: &[&str] = match verb {
        "config" => {
            fields = serde_json::from_str(rest).expect("a configuration is JSON");
            &[]
        }
        "buy" | "sell" => &["id", "sym", "qty", "px", "strategy"],
        "md" => &["sym", "bid", "ask"],
        "amend" => &["id", "qty", "px"],
        "fill" => &["id", "qty", "px"],
        "venue_reject" => &["id", "of"],
        "reset" => &["strategy"],
        "kill" | "mass_cancel" => &[],
        "cancel" | "canceled" | "ack" => &["id"],
        _ => panic!("no such verb: {event}"),
    };
    for (key, word) in keys.iter().zip(&words).filter(|(_, word)| **word != "-") {
        fields.insert((*key).to_owned(), serde_json::from_str(word).unwrap_or_else(|_| json!(word)));
    }
    if verb == "buy" || verb == "sell" {
        fields.insert("side".to_owned(), json!(verb));
        fields.insert("type".to_owned(), json!(if fields.contains_key("px") { "limit" } else { "market" }));
        fields.entry("strategy").or_insert_with(|| json!("A"));
    }
    let verb = if verb == "buy" || verb == "sell" { "new" } else { verb };
    fields.insert("ev".to_owned(), json!(verb));
    if let Some(time) = time {
        fields.insert("t".to_owned(), serde_json::from_str(time).expect("a time is a number"));
    }
    Value::Object(fields).to_string()
}

/// An answer in the words of the scripts.
fn brief(answer: &Value) -> String {
    if answer.get("error").is_some() {
        return "error".to_owned();
    }
    let word = |key: &str| answer.get(key).map(|value| value.as_str().unwrap_or("?"));
    let mut text = word("decision").unwrap_or("?").to_owned();
    if let Some(reason) = word("reason") {
        text = format!("{text} {reason}");
    }
    if let Some(killed) = word("killed") {
        text = format!("{text} killed={killed}");
    }
    match answer.get("cancel_all_sent") {
        Some(Value::Bool(true)) => text + " cancel_all",
        Some(_) => text + " cancel_all?",
        None => text,
    }
}
