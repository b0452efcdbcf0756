//! The scripts in `depth/`: a line of words for each message, and after `=>` what the synchroniser must say.
//!
//! `event 101-103 b 10:5 9:0 a 12:1` holds updates 101 to 103 and levels `price:quantity`; `pu 100` before the levels is
//! what futures tell. `snapshot 105 b 10:5` is an image. `dump` is answered `state id | bids | asks`; `raw` is JSON as it
//! stands.

use hft_tests::conformance::Session;
use hft_tests::conformance::depth::DepthSession;
use serde_json::{Map, Value, json};

const SCRIPTS: [(&str, &str); 3] = [
    ("spot", include_str!("depth/spot.txt")),
    ("futures", include_str!("depth/futures.txt")),
    ("manners", include_str!("depth/manners.txt")),
];

#[test]
fn the_synchroniser_says_what_the_scripts_say() {
    let mut failures = Vec::new();
    for (name, script) in SCRIPTS {
        let mut session = DepthSession::new();
        for (number, line) in script.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            let (message, expected) = line.split_once(" => ").expect("every message has its answer");
            let found = brief(&session.answer(&json_of(message)));
            if found != expected {
                let at = number + 1;
                failures.push(format!("{name}.txt:{at}: {message}\n    expected {expected}\n    found    {found}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn json_of(message: &str) -> String {
    let (verb, rest) = message.split_once(' ').unwrap_or((message, ""));
    if verb == "raw" {
        return rest.to_owned();
    }
    let mut fields = Map::from_iter([("op".to_owned(), json!(verb))]);
    let mut words = rest.split(' ').filter(|word| !word.is_empty()).peekable();
    let number = |text: &str| json!(text.parse::<u64>().expect(text));
    match verb {
        "config" => drop(fields.insert("mode".to_owned(), json!(words.next().expect("a mode")))),
        "event" => {
            let (first, last) = words.next().and_then(|word| word.split_once('-')).expect("first-last");
            fields.insert("U".to_owned(), number(first));
            fields.insert("u".to_owned(), number(last));
        }
        "snapshot" => drop(fields.insert("lastUpdateId".to_owned(), number(words.next().expect("a number")))),
        _ => {}
    }
    if words.next_if_eq(&"pu").is_some() {
        fields.insert("pu".to_owned(), number(words.next().expect("a number")));
    }
    let mut side = "b";
    for word in words {
        match word.split_once(':') {
            Some((price, qty)) => {
                let levels = fields.entry(side).or_insert_with(|| json!([]));
                levels.as_array_mut().expect("a list").push(json!([number(price), number(qty)]));
            }
            None => side = word,
        }
    }
    Value::Object(fields).to_string()
}

fn brief(answer: &Value) -> String {
    if answer["error"].is_string() {
        return "error".to_owned();
    }
    let state = answer["state"].as_str().expect("a state");
    let Some(bids) = answer.get("bids") else { return state.to_owned() };
    let side = |levels: &Value| {
        let levels = levels.as_array().expect("a list").iter();
        levels.map(|level| format!("{}:{}", level[0], level[1])).collect::<Vec<_>>().join(" ")
    };
    format!("{state} {} | {} | {}", answer["id"], side(bids), side(&answer["asks"]))
}
