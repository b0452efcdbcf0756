//! What the shell is told of this pattern: its name, its knobs, its papers.

use crate::config::{ManipulativeEduConfig, TABLE};
use crate::scenario::{Market, Parts, scenario};
use hft_app::{Pattern, Scenario};

/// Surveillance and its laboratory, as the shell knows them.
#[derive(Debug)]
pub enum ManipulativeEduPattern {}

/// What this is, what the law says, and how it works: read before the first line of a run.
const FOREWORD: &str = "\
SIMULATED. Market surveillance, watching a market that exists in this program alone.

What this is: a detector of market manipulation. What it is tested on is not in a default build; nothing here can reach an exchange.
What the law says: bidding or offering with the intent to cancel before execution is spoofing, a felony (Dodd-Frank Act s. 747); orders that give a
  false or misleading signal, disrupt or delay a trading system, or start a trend are market abuse (MAR Art. 12(2)(c)); momentum ignition is
  described in SEC Concept Release 34-61358. Intent is what the law asks for; a detector sees orders, and says what they look like.
How it works: one pass over the drop copies of all accounts. A large display on one side, an execution on the other, and the display gone;
  many prices at once; twenty standard deviations of messages; a move that whoever made it leaves behind. Each alert says why, and on what evidence.
";

impl Pattern for ManipulativeEduPattern {
    type Config = ManipulativeEduConfig;
    type Market = Market;

    const NAME: &'static str = "hft-manipulative-edu";
    const TABLE: &'static str = TABLE;
    const ABOUT: &'static str = "Market surveillance, and the laboratory that tests it, in simulation only.";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FOREWORD: &'static str = FOREWORD;

    fn papers() -> Vec<hft_app::paper::Paper> {
        crate::paper::papers()
    }

    fn scenario(parts: Parts<'_>) -> anyhow::Result<Scenario> {
        scenario(parts)
    }

    /// Half and twice as far away, and an honest market of smaller makers.
    fn what_ifs(own: &ManipulativeEduConfig) -> Vec<(&'static str, String)> {
        let latencies = [own.latency_us / 2, own.latency_us * 2].map(|us| ("latency_us", us.to_string()));
        latencies.into_iter().chain([("honest.maker_size", (own.honest.maker_size / 2).max(1).to_string())]).collect()
    }
}
