//! Which market: the word of `[market] model`.

use serde::{Deserialize, Serialize};

/// Who makes the market of a book.
///
/// Example: [`CrowdConfig`](super::CrowdConfig).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowModel {
    /// Noise, informed takers and plain makers, by the tables of those names.
    #[default]
    Crowd,
    /// Cont, Stoikov & Talreja (2010).
    Cst,
    /// Smith, Farmer, Gillemot & Krishnamurthy (2003).
    SantaFe,
    /// Huang, Lehalle & Rosenbaum (2015).
    QueueReactive,
    /// Hawkes (1971).
    Hawkes,
    /// Cont & de Larrard (2013).
    BalancedQueues,
    /// Agents that react to each other, in a named mix.
    Ecology,
}

impl FlowModel {
    /// The words of a configuration, in the order of the models.
    pub const WORDS: &'static [&'static str] =
        &["crowd", "cst", "santa-fe", "queue-reactive", "hawkes", "balanced-queues", "ecology"];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::EcologyMix;

    #[test]
    fn words_are_those_that_serde_reads() {
        for word in FlowModel::WORDS {
            let model: FlowModel = serde_json::from_str(&format!("{word:?}")).expect(word);
            assert_eq!(serde_json::to_string(&model).expect("a word"), format!("{word:?}"));
        }
        for word in EcologyMix::WORDS {
            assert!(serde_json::from_str::<EcologyMix>(&format!("{word:?}")).is_ok(), "{word}");
        }
    }
}
