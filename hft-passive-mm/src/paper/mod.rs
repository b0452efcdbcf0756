//! The published results that this pattern reproduces, as functions of any parameters, not only of the papers'.
//!
//! | name | reproduces |
//! |---|---|
//! | [`avellaneda_stoikov`](avellaneda_stoikov()) | tables 1 to 3 of Avellaneda & Stoikov (2008): by dynamic programme, and by simulation against it |
//! | [`glft`](glft()) | the quotes of Guéant, Lehalle & Fernandez-Tapia (2013): exact, stationary and closed-form |

mod avellaneda_stoikov;
mod glft;
mod simulation;

pub use avellaneda_stoikov::{AvellanedaStoikov, avellaneda_stoikov};
pub use glft::{GlftTable, glft};
pub use simulation::{Draw, Figure, simulate};

/// The names under which the results are asked for, each with a line about it.
pub const PAPERS: [(&str, &str); 2] = [
    (
        "avellaneda-stoikov",
        "Avellaneda & Stoikov (2008): profit and inventory of the inventory and the symmetric strategy",
    ),
    ("glft", "Guéant, Lehalle & Fernandez-Tapia (2013): exact and asymptotic quotes for every inventory"),
];

/// The seed of every random draw unless another is asked for: the paper's year, declared before anything was drawn.
pub const SEED: u64 = 2008;
