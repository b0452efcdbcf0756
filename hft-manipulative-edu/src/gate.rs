//! What it takes to enter the laboratory: a build that has one, and a sentence that was typed.
//!
//! | way in | what stands in it |
//! |---|---|
//! | a default build | there is no laboratory in it: not a line of a manipulator was compiled |
//! | a build with `educational-manipulation`, nothing typed | exit 6, with the sentence |
//! | a replay of real data, or a live feed | its kind of world has no method that takes a manipulator: it does not compile |
//! | the network | there is none: nothing in this workspace sends an order anywhere |
//!
//! What was typed stands in the configuration of the run, in its summary, and in every alert.

use crate::config::{Behaviour, ManipulativeEduConfig};
use hft_app::exit::GateRefused;

/// The sentence.
pub const PHRASE: &str = "This is SIMULATED to test surveillance and I will not do this in a market";

/// The name of the feature that compiles the laboratory.
pub const FEATURE: &str = "educational-manipulation";

/// Proof that the sentence was typed, in a build that has a laboratory. It cannot be made in any other way, copied or read from a file:
///
/// ```compile_fail
/// let forged = hft_manipulative_edu::gate::Acknowledgement { typed: String::new() };
/// ```
#[derive(Debug)]
pub struct Acknowledgement {
    typed: String,
}

impl Acknowledgement {
    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }
}

/// Whether a run of this configuration may begin: `None` where nobody is asked to manipulate.
///
/// ```
/// use hft_manipulative_edu::config::{Behaviour, ManipulativeEduConfig};
/// use hft_manipulative_edu::gate::admit;
/// let honest = ManipulativeEduConfig::default();
/// assert!(matches!(admit(&honest), Ok(None)));
/// let asked = ManipulativeEduConfig { behaviour: Behaviour::Spoofing, ..honest };
/// assert!(admit(&asked).is_err(), "nothing was typed");
/// ```
///
/// # Errors
/// When a behaviour is asked for in a build without a laboratory, or without the sentence.
pub fn admit(config: &ManipulativeEduConfig) -> Result<Option<Acknowledgement>, GateRefused> {
    let behaviour = config.behaviour;
    if behaviour == Behaviour::None {
        return Ok(None);
    }
    acknowledge(&format!("manipulative_edu.behaviour = {behaviour}"), &config.acknowledgement).map(Some)
}

/// The same for whatever else needs the laboratory; `what` is what was asked for.
///
/// # Errors
/// As [`admit`].
pub fn acknowledge(what: &str, typed: &str) -> Result<Acknowledgement, GateRefused> {
    if !cfg!(feature = "educational-manipulation") {
        return Err(GateRefused(format!(
            "{what}: this build has no manipulator in it. It shows how surveillance works on honest flow. The laboratory is for those who \
             test a detector: build it with `--features {FEATURE}`"
        )));
    }
    if typed != PHRASE {
        return Err(GateRefused(format!(
            "{what}: spoofing and its kin are crimes in every market (Dodd-Frank Act s. 747, MAR Art. 12). To run them in this simulation, as \
             test data for a detector, set manipulative_edu.acknowledgement (of a paper: --acknowledge) to exactly: {PHRASE}"
        )));
    }
    Ok(Acknowledgement { typed: typed.to_owned() })
}
