//! What a person types, what comes back, and the exit code.

use crate::mirror::Maker;
use hft_app::exit::Exit;
use hft_app::paper::{Paper, PaperReport, PaperRow, PaperSeed};
use hft_app::testing::CommandLine;
use hft_app::{Parts, Pattern, Scenario};
use hft_core::flow::CrowdConfig;

struct Demo;

#[derive(clap::Args)]
struct Root {
    /// What to take the root of
    #[arg(long = "S", default_value_t = 5.0)]
    square: f64,
}

fn root(args: Root, seed: PaperSeed) -> anyhow::Result<PaperReport> {
    anyhow::ensure!(args.square >= 0.0, "--S must not be negative");
    Ok(PaperReport {
        name: "root".to_owned(),
        citation: "Hero of Alexandria".to_owned(),
        rows: vec![PaperRow::new("roots", "square root of 5", args.square.sqrt()).published(2.23607).within(1e-5)],
        notes: vec![format!("seed {}", seed.or(7))],
    })
}

impl Pattern for Demo {
    type Config = Maker;
    type Market = CrowdConfig;
    const NAME: &'static str = "hft-passive-mm";
    const TABLE: &'static str = "passive_mm";
    const ABOUT: &'static str = "Quotes around the midpoint, skewed against the inventory.";
    fn scenario(_: Parts<'_, Maker, CrowdConfig>) -> anyhow::Result<Scenario> {
        unreachable!("these command lines run nothing")
    }
    fn papers() -> Vec<Paper> {
        vec![Paper::new("root", "A number that was published long ago", root)]
    }
}

const CLI: CommandLine<Demo> = CommandLine::new();

#[test]
fn every_command_line_has_its_exit_code() {
    CLI.check(&[
        ("config show", Exit::Ok, "half_spread = 0.25"),
        ("config show --set passive_mm.half_spread=0.5 --seed 11", Exit::Ok, "# --seed"),
        ("--set passive_mm.half_spread=0.5 config show --json", Exit::Ok, "\"source\": \"--set\""),
        ("config check", Exit::Ok, "ok: "),
        ("config schema", Exit::Ok, "\"exclusiveMinimum\": 0.0"),
        ("config check --set passive_mm.size=-1", Exit::Config, "--set: passive_mm.size = -1: must be a number > 0"),
        ("config check --set latency_arb.siz=1", Exit::Config, "latency_arb.siz: is not a key of this program"),
        (
            "config check --set risk.rate.capacity=5 --set risk.rate.refill_per_s=5 --set risk.rate.cancel_reserve=50",
            Exit::Config,
            "risk.rate.cancel_reserve = 50: must be at most risk.rate.capacity = 5",
        ),
        ("sweep latency_arb.bogus=1,2", Exit::Config, "sweep: latency_arb.bogus: is not a key of this program"),
        ("sweep half_spread=1,2 --set passive_mm.half_spread=3", Exit::Usage, "set by --set as well"),
        ("config check --config nowhere.toml", Exit::Config, "nowhere.toml: cannot be read"),
        ("config check --set size=1", Exit::Usage, "is not of the form table.key=value"),
        ("config check --seed=-1", Exit::Usage, "--seed"),
        ("config explain", Exit::Usage, "config"),
        ("paper", Exit::Ok, "root                  A number that was published long ago\ncont-stoikov-talreja  Cont"),
        ("paper --json", Exit::Ok, "\"name\": \"root\""),
        ("paper root", Exit::Ok, "1 of 1 within tolerance"),
        ("paper root --seed 3", Exit::Ok, "seed 3"),
        ("paper root --json", Exit::Ok, "\"published\": 2.23607"),
        ("paper root --S 3", Exit::Honesty, "1 published results were not reproduced"),
        ("paper root --S=-3", Exit::Usage, "--S must not be negative"),
        ("paper root --S three", Exit::Usage, "invalid value 'three'"),
        ("paper rot", Exit::Usage, "root"),
        ("completions bash", Exit::Ok, "complete -F"),
        ("completions dos", Exit::Usage, "possible values"),
        ("confg show", Exit::Usage, "config"),
        ("--help", Exit::Ok, "Exit codes: 0 ok, 1 runtime, 2 usage"),
        ("--fast config check", Exit::Usage, "write them after `config`"),
        ("--help", Exit::Ok, "Quotes around the midpoint, skewed against the inventory."),
        ("--version", Exit::Ok, "hft-passive-mm 0.1.0"),
    ]);
}
