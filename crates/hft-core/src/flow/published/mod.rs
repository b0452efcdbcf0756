//! Published models of order flow as participants of a world: each one trader behind one account, gated and conserved like any other.
//!
//! Invariant: the numbers come from [`laws`](super::laws), which the shell's papers and solvers read too. Each model sees and reaches its
//! book without latency, and alone in it makes its published process exactly.
//!
//! | `model` | the book is | what it cannot have |
//! |---|---|---|
//! | `cst` | Poisson clocks at every distance from the opposite best (Cont, Stoikov & Talreja 2010) | volatility clustering, long memory of order signs |
//! | `santa-fe` | the same at equal rates: zero intelligence (Smith et al. 2003) | the same |
//! | `queue-reactive` | queues that react to their own length (Huang, Lehalle & Rosenbaum 2015) | long memory of order signs |
//! | `hawkes` | orders that excite orders (Hawkes 1971) | a rate that knows the state of the book |
//! | `balanced-queues` | two queues that gain as often as they lose (Cont & de Larrard 2013) | depth behind the best prices, a spread of more than one step |
//!
//! None has a fundamental value: nobody in them is informed, and what a contract's price does, no other contract's does. Left out: sizes
//! other than one unit.

mod balanced;
mod config;
mod grid;
mod hawkes;
mod poisson;
mod pulse;
mod queue_reactive;

pub use config::{BalancedQueuesConfig, CstConfig, FlowError, HawkesConfig, QueueReactiveConfig, SantaFeConfig};

use super::laws::HawkesClock;
use super::{CrowdConfig, Dice, FlowModel};
use crate::models::{BookId, Price, Qty};
use crate::trader::Strategy;
use balanced::BalancedFlow;
use grid::Grid;
use hawkes::HawkesFlow;
use poisson::PoissonFlow;
use pulse::Pulse;
use queue_reactive::{QueueReactiveFlow, Recentring};

/// What is wrong with the numbers of the model that is asked for.
pub(super) fn check(market: &CrowdConfig) -> Result<(), FlowError> {
    match market.model {
        FlowModel::Cst => market.cst.check(),
        FlowModel::SantaFe => market.santa_fe.check(),
        FlowModel::QueueReactive => market.queue_reactive.check(),
        FlowModel::Hawkes => market.hawkes.check(),
        FlowModel::Crowd | FlowModel::BalancedQueues | FlowModel::Ecology => Ok(()),
    }
}

/// The flow of one book, if the model that is asked for is a published one.
pub(super) fn flow(market: &CrowdConfig, book: BookId, origin: Price, dice: Dice) -> Option<Box<dyn Strategy>> {
    let grid = Grid { book, origin, spacing: market.spacing.max(1), unit: Qty::new(market.unit.max(1)) };
    let flow: Box<dyn Strategy> = match market.model {
        FlowModel::Crowd | FlowModel::Ecology => return None,
        FlowModel::Cst => Box::new(PoissonFlow::new(market.cst.rates(), grid, market.cst.pace, dice)),
        FlowModel::SantaFe => Box::new(PoissonFlow::new(market.santa_fe.rates(), grid, market.santa_fe.pace, dice)),
        FlowModel::QueueReactive => {
            let model = &market.queue_reactive;
            let recentring = Recentring { follow: model.follow, redraw: model.redraw };
            Box::new(QueueReactiveFlow::new(model.tables(), recentring, grid, model.pace, dice))
        }
        FlowModel::Hawkes => {
            let model = &market.hawkes;
            let clock = HawkesClock::new(model.process());
            Box::new(HawkesFlow::new(clock, grid, model.mean_distance, model.pace / model.patience, dice))
        }
        FlowModel::BalancedQueues => {
            let model = &market.balanced_queues;
            Box::new(BalancedFlow::new(grid, Pulse { pace: model.rate, dice }, model.cancels, model.refill))
        }
    };
    Some(flow)
}
