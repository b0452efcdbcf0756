//! The conformance program's manners: what it answers to lines that are malformed, absurd or extreme. The rules
//! themselves are in `scripts`.

use hft_core::exchange::MatchingEngine;
use hft_tests::conformance::book::BookSession;
use hft_tests::conformance::{Session, serve};
use serde_json::{Value, json};

fn session() -> BookSession<MatchingEngine> {
    BookSession::new()
}

/// Asserts that `answer` has at least the fields of `expected`.
fn has(answer: &Value, expected: &Value) {
    for (key, value) in expected.as_object().expect("an object is expected") {
        assert_eq!(&answer[key], value, "`{key}` of {answer}");
    }
}

#[test]
fn every_line_has_its_answer_and_the_policies_come_first() {
    let input = b"garbage\n\n\xff\n{\"op\":\"dump\"}" as &[u8];
    let mut output = Vec::new();
    serve(&mut session(), &mut &*input, &mut output).expect("memory takes it");
    let text = String::from_utf8(output).expect("answers are text");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("answers are JSON")).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["policies"]["gtd_boundary"], "expires");
    assert!(lines[1..4].iter().all(|line| line["error"].is_string()), "{lines:?}");
    assert_eq!(lines[4]["bids"], json!([]));
}

#[test]
fn malformed_lines_change_nothing() {
    let mut session = session();
    session.answer(r#"{"op":"new","id":"a","acct":"X","side":"buy","px":100,"qty":5}"#);
    let before = session.answer(r#"{"op":"dump"}"#);
    for line in [
        "[]",
        "3",
        "{",
        r#"{"op":"nonsense"}"#,
        r#"{"op":3}"#,
        r#"{"id":1}"#,
        r#"{"op":"new","id":1,"side":"buy","px":100}"#,
        r#"{"op":"new","side":"buy","px":100,"qty":1}"#,
        r#"{"op":"new","id":1,"px":100,"qty":1}"#,
        r#"{"op":"new","id":1,"side":"bid","px":100,"qty":1}"#,
        r#"{"op":"new","id":1,"side":"buy","px":100,"qty":1.5}"#,
        r#"{"op":"new","id":1,"side":"buy","px":"ten","qty":1}"#,
        r#"{"op":"new","id":1.5,"side":"buy","px":100,"qty":1}"#,
        r#"{"op":"new","id":1,"side":"buy","px":100,"qty":1,"post_only":"yes"}"#,
        r#"{"op":"new","id":1,"side":"buy","px":100,"qty":1,"tif":"soon"}"#,
        r#"{"op":"reduce","id":"a"}"#,
        r#"{"op":"advance_time"}"#,
        r#"{"op":"set_phase","phase":"lunch"}"#,
        r#"{"op":"config","tick":0}"#,
        r#"{"op":"config","post_only_cross":"maybe"}"#,
        r#"{"op":"config","min_qty":10,"max_qty":5}"#,
    ] {
        assert!(session.answer(line)["error"].is_string(), "{line}");
    }
    assert_eq!(session.answer(r#"{"op":"dump"}"#), before);
}

#[test]
fn absurd_orders_are_rejects_with_a_reason() {
    let cases = [
        (r#""px":100,"qty":0"#, "invalid_qty"),
        (r#""px":100,"qty":-5"#, "invalid_qty"),
        (r#""px":100,"qty":-1e40"#, "invalid_qty"),
        (r#""px":100,"qty":1e40"#, "qty_out_of_range"),
        (r#""px":100,"qty":9223372036854775808"#, "qty_out_of_range"),
        (r#""px":99999999999999999999999999,"qty":1"#, "px_out_of_range"),
        (r#""qty":1"#, "invalid_px"),
        (r#""type":"stop","qty":1"#, "invalid_stop_px"),
        (r#""type":"stop_limit","qty":1,"px":100"#, "invalid_stop_px"),
        (r#""px":100,"qty":1,"stop_px":100"#, "invalid_stop_px"),
        (r#""px":100,"qty":1,"display":2"#, "invalid_display"),
        (r#""px":100,"qty":1,"min_fill":2"#, "invalid_combo"),
        (r#""px":100,"qty":1,"tif":"gtd""#, "invalid_combo"),
        (r#""px":100,"qty":1,"tif":"day","expire_at":5"#, "invalid_combo"),
        (r#""px":100,"qty":1,"tif":"gtd","expire_at":0"#, "already_expired"),
        (r#""px":100,"qty":1,"expire_at":-5"#, "already_expired"),
    ];
    let mut session = session();
    let before = session.answer(r#"{"op":"dump"}"#);
    for (fields, reason) in cases {
        let answer = session.answer(&format!(r#"{{"op":"new","id":1,"side":"buy",{fields}}}"#));
        has(&answer, &json!({ "outcome": "reject", "reason": reason, "trades": [] }));
        assert_eq!(answer["order"]["status"], "rejected", "{fields}");
    }
    assert_eq!(session.answer(r#"{"op":"dump"}"#), before, "a refused order never existed");
}

#[test]
fn integers_with_a_point_and_nulls_are_read_as_meant() {
    let mut session = session();
    let line = r#"{"op":"new","id":1,"acct":null,"side":"buy","type":"limit","px":1e2,"qty":10.0,"stop_px":null}"#;
    let answer = session.answer(line);
    has(&answer["order"], &json!({ "status": "resting", "px": 100, "leaves": 10, "visible": 10 }));
}

#[test]
fn names_are_echoed_as_given_and_compared_by_their_text() {
    let mut session = session();
    session.answer(r#"{"op":"new","id":1,"acct":7,"side":"sell","px":100,"qty":5}"#);
    let answer = session.answer(r#"{"op":"new","id":"b","acct":"8","side":"buy","px":100,"qty":2}"#);
    assert_eq!(answer["trades"], json!([{ "maker": 1, "taker": "b", "px": 100, "qty": 2 }]));
    let answer = session.answer(r#"{"op":"cancel","id":"1","acct":"7"}"#);
    has(&answer, &json!({ "outcome": "ok" }));
    has(&answer["order"], &json!({ "status": "canceled", "filled": 2, "leaves": 0, "visible": 0 }));
    let dump = session.answer(r#"{"op":"dump"}"#);
    has(&dump, &json!({ "pos": { "7": -2, "8": 2 }, "cash": { "7": 200, "8": -200 }, "last_px": 100 }));
    assert_eq!(dump["orders"].as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn money_beyond_64_bits_is_a_decimal_string_and_sums_to_zero() {
    let mut session = session();
    session.answer(r#"{"op":"config","max_qty":9223372036854775807,"max_px":9223372036854775807}"#);
    for (id, side, acct) in [(1, "buy", "B"), (2, "buy", "B"), (3, "sell", "S"), (4, "sell", "S")] {
        session.answer(&format!(
            r#"{{"op":"new","id":{id},"acct":"{acct}","side":"{side}","px":{px},"qty":{px}}}"#,
            px = i64::MAX
        ));
    }
    let dump = session.answer(r#"{"op":"dump"}"#);
    let (pos, cash) = (2 * i128::from(i64::MAX), 2 * i128::from(i64::MAX) * i128::from(i64::MAX));
    let expected = json!({
        "pos": { "B": pos.to_string(), "S": (-pos).to_string() },
        "cash": { "B": (-cash).to_string(), "S": cash.to_string() },
    });
    has(&dump, &expected);
}

#[test]
fn self_trade_prevention_names_the_makers_that_it_cancelled() {
    let mut session = session();
    session.answer(r#"{"op":"new","id":1,"acct":"A","side":"sell","px":100,"qty":5}"#);
    let line = r#"{"op":"new","id":2,"acct":"A","side":"buy","px":100,"qty":3,"stp":"cancel_both"}"#;
    let answer = session.answer(line);
    has(&answer, &json!({ "outcome": "ok", "trades": [], "maker_cancels": [{ "id": 1, "reason": "stp" }] }));
    assert_eq!(answer["order"]["status"], "canceled");
    session.answer(r#"{"op":"new","id":3,"acct":"A","side":"sell","px":100,"qty":5}"#);
    let line = r#"{"op":"new","id":4,"acct":"A","side":"buy","px":100,"qty":8,"stp":"decrement"}"#;
    let answer = session.answer(line);
    has(&answer["order"], &json!({ "status": "resting", "leaves": 3, "prevented": 5, "filled": 0 }));
    assert_eq!(answer["maker_cancels"], json!([{ "id": 3, "reason": "stp" }]));
}

#[test]
fn a_triggered_stop_trades_in_the_answer_of_the_command_that_triggered_it() {
    let mut session = session();
    session.answer(r#"{"op":"new","id":1,"side":"sell","px":100,"qty":5}"#);
    session.answer(r#"{"op":"new","id":2,"side":"sell","px":101,"qty":5}"#);
    let stop = session.answer(r#"{"op":"new","id":3,"side":"buy","type":"stop","stop_px":100,"qty":5}"#);
    has(&stop["order"], &json!({ "status": "stop", "leaves": 5, "visible": 0, "px": null }));
    let answer = session.answer(r#"{"op":"new","id":4,"side":"buy","px":100,"qty":1,"tif":"ioc"}"#);
    let trades = json!([
        { "maker": 1, "taker": 4, "px": 100, "qty": 1 },
        { "maker": 1, "taker": 3, "px": 100, "qty": 4 },
        { "maker": 2, "taker": 3, "px": 101, "qty": 1 },
    ]);
    assert_eq!(answer["trades"], trades);
    let dump = session.answer(r#"{"op":"dump"}"#);
    assert_eq!(dump["orders"]["3"]["status"], "filled");
}

#[test]
fn an_auction_tells_its_price_volume_and_fills() {
    let mut session = session();
    has(&session.answer(r#"{"op":"uncross"}"#), &json!({ "outcome": "reject", "reason": "phase" }));
    for line in [
        r#"{"op":"set_phase","phase":"auction"}"#,
        r#"{"op":"new","id":1,"side":"buy","px":105,"qty":10}"#,
        r#"{"op":"new","id":2,"side":"sell","px":100,"qty":4}"#,
        r#"{"op":"new","id":3,"side":"sell","px":105,"qty":2}"#,
    ] {
        has(&session.answer(line), &json!({ "outcome": "ok", "trades": [] }));
    }
    let answer = session.answer(r#"{"op":"uncross"}"#);
    has(&answer, &json!({ "uncross_px": 105, "uncross_qty": 6, "fills": { "1": 6, "2": 4, "3": 2 } }));
    session.answer(r#"{"op":"set_phase","phase":"auction"}"#);
    let answer = session.answer(r#"{"op":"uncross"}"#);
    has(&answer, &json!({ "outcome": "ok", "uncross_qty": 0, "fills": {} }));
    assert_eq!(answer.get("uncross_px"), None);
}

#[test]
fn cancelled_ids_are_sorted_and_time_does_not_run_backwards() {
    let mut session = session();
    for id in ["10", "9", "\"b\"", "\"a\""] {
        let line = format!(r#"{{"op":"new","id":{id},"side":"buy","px":100,"qty":1,"tif":"gtd","expire_at":5}}"#);
        has(&session.answer(&line), &json!({ "outcome": "ok" }));
    }
    assert_eq!(session.answer(r#"{"op":"advance_time","to":4}"#)["canceled_ids"], json!([]));
    let expired = session.answer(r#"{"op":"advance_time","to":5}"#);
    assert_eq!(expired["canceled_ids"], json!([9, 10, "a", "b"]));
    session.answer(r#"{"op":"advance_time","to":1}"#);
    let late = session.answer(r#"{"op":"new","id":11,"side":"buy","px":100,"qty":1,"tif":"gtd","expire_at":5}"#);
    has(&late, &json!({ "outcome": "reject", "reason": "already_expired" }));
}

#[test]
fn what_is_too_large_is_refused_in_its_turn() {
    let mut session = session();
    session.answer(
        r#"{"op":"config","max_qty":9223372036854775807,"max_px":9223372036854775807,"min_qty":0,"min_px":-5}"#,
    );
    let reason = |answer: &Value| answer["reason"].as_str().map(str::to_owned);
    let new = |fields: &str| format!(r#"{{"op":"new","id":1,"acct":"A","side":"buy",{fields}}}"#);
    for (fields, expected) in [
        (r#""px":0,"qty":1e30"#, "qty_out_of_range"),
        (r#""px":1e30,"qty":0"#, "invalid_qty"),
        (r#""px":1e30,"qty":1"#, "px_out_of_range"),
        (r#""type":"stop_limit","px":1e30,"stop_px":1e30,"qty":1"#, "px_out_of_range"),
        (r#""type":"stop","stop_px":1e30,"qty":1,"display":1e30"#, "invalid_stop_px"),
        (r#""px":100,"qty":1,"display":1e30,"min_fill":1e30"#, "invalid_display"),
        (r#""px":100,"qty":9223372036854775807,"min_fill":1e30"#, "invalid_combo"),
    ] {
        assert_eq!(reason(&session.answer(&new(fields))).as_deref(), Some(expected), "{fields}");
    }
    let huge = r#"{"op":"reduce","id":1,"by":1e30}"#;
    assert_eq!(reason(&session.answer(huge)).as_deref(), Some("unknown_order"));
    session.answer(&new(r#""px":100,"qty":5,"tif":"gtd","expire_at":1e30"#));
    assert_eq!(reason(&session.answer(huge)).as_deref(), Some("qty_out_of_range"));
    session.answer(r#"{"op":"set_phase","phase":"halt"}"#);
    let amend = r#"{"op":"amend","id":1,"qty":1e30,"px":1e30}"#;
    assert_eq!(reason(&session.answer(amend)).as_deref(), Some("halted"));
    session.answer(r#"{"op":"set_phase","phase":"continuous"}"#);
    assert_eq!(reason(&session.answer(amend)).as_deref(), Some("qty_out_of_range"));
    assert_eq!(session.answer(r#"{"op":"advance_time","to":1e40}"#)["canceled_ids"], json!([1]), "the last moment");
    session.answer(r#"{"op":"kill","acct":"A"}"#);
    assert_eq!(reason(&session.answer(&new(r#""px":1e30,"qty":1e30"#))).as_deref(), Some("kill_switch"));
}
