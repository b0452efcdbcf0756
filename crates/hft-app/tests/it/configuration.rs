//! Layers, sources, schema.

use crate::mirror::{Maker, tables};
use hft_app::config::{FlagValue, Origin, RunConfig, Sources, Value, leaves, load, schema};
use hft_core::models::Nanos;

/// Each layer sets one key more than the layer above it, so that the winner of each is known.
#[test]
fn a_later_layer_wins_and_every_value_knows_its_layer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (low, high) = (folder.path().join("Config.toml"), folder.path().join("mine.toml"));
    std::fs::write(&low, "[passive_mm]\nhalf_spread = 1\nsize = 1\ninv_limit = 11\ninv_spread_mult = 1\ntick_ms = 1\n")
        .expect("writable");
    std::fs::write(&high, "[passive_mm]\nhalf_spread = 2\nsize = 2\ninv_limit = 12\ninv_spread_mult = 2\n")
        .expect("writable");
    let sources = Sources {
        files: vec![low.clone(), high.clone()],
        environment: [
            ("HFT_PASSIVE_MM__HALF_SPREAD", "3"),
            ("HFT_PASSIVE_MM__SIZE", "3"),
            ("HFT_PASSIVE_MM__INV_LIMIT", "13"),
            ("HFT_LOG", "debug"),
            ("HFT_DATA", "/data"),
            ("HFT_STATARB__WINDOW", "nothing to do with this binary"),
            ("PATH", "/bin"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .into(),
        set: ["passive_mm.half_spread=4", "passive_mm.size=4", "passive_mm.size=4.5"]
            .map(|text| text.parse().expect("key=value"))
            .into(),
        asked: Vec::new(),
        flags: vec![
            FlagValue { flag: "--seed", key: "run.seed", value: Value::Integer(77) },
            FlagValue { flag: "--out", key: "run.out", value: Value::Text("2026".to_owned()) },
        ],
    };
    let config = load(tables(), &sources).expect("all in range");
    let maker: Maker = config.table("passive_mm");
    let expected =
        Maker { half_spread: 4.0, size: 4.5, inv_limit: 13.0, inv_spread_mult: 2.0, tick_ms: 1, ..Maker::default() };
    assert_eq!(maker, expected);
    let run: RunConfig = config.table("run");
    assert_eq!(run, RunConfig { seed: 77, out: "2026".to_owned(), ..RunConfig::default() });
    let origin = |key: &str| config.value(key).expect("resolved").origin.clone();
    assert_eq!(origin("passive_mm.strategy"), Origin::Default);
    assert_eq!(origin("passive_mm.tick_ms"), Origin::File(low.display().to_string()));
    assert_eq!(origin("passive_mm.inv_spread_mult"), Origin::File(high.display().to_string()));
    assert_eq!(origin("passive_mm.inv_limit"), Origin::Environment);
    assert_eq!(origin("passive_mm.size"), Origin::Set);
    assert_eq!(origin("run.seed"), Origin::Flag("--seed"));
    let show: Vec<String> =
        config.show().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "seed = 77 # --seed",
        "inv_limit = 13 # HFT_PASSIVE_MM__INV_LIMIT",
        "half_spread = 4 # --set",
        "strategy = \"skew\" # default",
    ] {
        assert!(show.iter().any(|shown| shown == line), "{line}\nis not in\n{show:#?}");
    }
}

/// What a run folder keeps repeats the run, and its hash does not depend on the layers or on where the results went.
#[test]
fn the_resolved_file_is_a_configuration_of_the_same_values() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let set = [
        "passive_mm.half_spread=0.1",
        "passive_mm.symbols=[\"A\", \"tab\\\\and \\\"quote\\\"\"]",
        "risk.symbols.\"BRK.B\".max_long=3",
        "risk.rate.capacity=10",
        "risk.rate.refill_per_s=5",
        "risk.account.max_daily_loss=\"500.05\"",
        "market.noise.mean_size=1e3",
    ];
    let set: Vec<_> = set.iter().map(|text| text.parse().expect("key=value")).collect();
    let first = load(tables(), &Sources { set, ..Sources::default() }).expect("all in range");
    let path = folder.path().join("config.resolved.toml");
    std::fs::write(&path, first.to_toml()).expect("writable");
    let again =
        load(tables(), &Sources { files: vec![path], ..Sources::default() }).expect("what was resolved is valid");
    assert_eq!(again.to_toml(), first.to_toml());
    assert_eq!(again.hash(), first.hash());
    let out = ["run.out=elsewhere".parse().expect("key=value")].into();
    let elsewhere = load(tables(), &Sources { set: out, ..Sources::default() }).expect("valid");
    let default = load(tables(), &Sources::default()).expect("defaults are valid");
    assert_eq!(elsewhere.hash(), default.hash());
    assert_ne!(first.hash(), default.hash());
}

#[test]
fn durations_are_exact_to_the_nanosecond() {
    for (duration_s, nanos) in
        [(30.0, 30_000_000_000), (0.001, 1_000_000), (0.1, 100_000_000), (86_399.999_999_999, 86_399_999_999_999)]
    {
        assert_eq!(RunConfig { duration_s, ..RunConfig::default() }.duration(), Nanos::new(nanos));
    }
}

/// The schema says what the check does: same keys, same ranges, same defaults.
#[test]
fn the_schema_is_the_check_in_other_words() {
    let schema = schema("hft-passive-mm", &tables());
    let knob = &schema["properties"]["passive_mm"]["properties"]["half_spread"];
    assert_eq!(
        *knob,
        serde_json::json!({
            "type": "number", "exclusiveMinimum": 0.0, "maximum": 1e6, "default": 0.25,
            "description": "Distance of each quote from the midpoint when flat. Unit: price units. Raising it: fewer fills, each earning more."
        })
    );
    assert_eq!(
        schema["properties"]["risk"]["properties"]["rate"]["required"],
        serde_json::json!(["capacity", "refill_per_s"])
    );
    assert_eq!(schema["properties"]["statarb"]["type"], "object");
    assert_eq!(schema["additionalProperties"], false);
    for table in tables() {
        for key in table.keys() {
            let pointer = format!("/properties/{}", key.replace('.', "/properties/"));
            assert!(schema.pointer(&pointer).is_some_and(|knob| !knob.is_null()), "{key} is not in the schema");
        }
    }
}

/// By what they mean, not by how they are laid out.
#[test]
fn a_file_is_also_its_keys_one_by_one() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let text = "[run]\nout = \"a = b\" # here\nseed=1\n[risk]\nsymbols = { \"ES.H6\" = { max_long = 3 } }\n[risk.account]\nx = [1,\n 2]\n";
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("writable");
    let told: Vec<String> =
        leaves(file.path()).expect("TOML").into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
    assert_eq!(
        told,
        ["risk.account.x = [1, 2]", "risk.symbols.\"ES.H6\".max_long = 3", "run.out = \"a = b\"", "run.seed = 1"]
    );
    let nowhere = leaves(std::path::Path::new("nowhere.toml")).expect_err("no such file");
    assert!(nowhere.to_string().starts_with("nowhere.toml: cannot be read"), "{nowhere}");
}
