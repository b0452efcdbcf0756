//! A book of Poisson clocks as a participant: Cont, Stoikov & Talreja (2010), and Smith, Farmer, Gillemot & Krishnamurthy (2003).
//!
//! Invariant: alone in a book that it sees and reaches without latency, it makes the model's process exactly. With others in the book,
//! distances are counted from the best prices of all, only its own orders are cancelled, and rates are held between two of its events.

use super::grid::Grid;
use super::pulse::{Pulse, take_out};
use crate::flow::Dice;
use crate::flow::laws::{Arrival, PoissonClocks, PoissonRates};
use crate::models::{ExecKind, Liquidity, Side};
use crate::trader::{Desk, Event, Strategy};

/// All limit orders, market orders and cancels of one book.
#[derive(Debug)]
pub(super) struct PoissonFlow {
    clocks: PoissonClocks,
    grid: Grid,
    pulse: Pulse,
}

impl PoissonFlow {
    pub(super) fn new(rates: PoissonRates, grid: Grid, pace: f64, dice: Dice) -> Self {
        Self { clocks: PoissonClocks::new(rates, [0, 1]), grid, pulse: Pulse { pace, dice } }
    }

    /// As many orders at each distance as stand there in the long run where nobody trades, one at least.
    fn seed(&mut self, desk: &mut Desk<'_>) {
        let rates = self.clocks.rates().clone();
        for (away, (lambda, theta)) in (1..).zip(rates.lambda.iter().zip(&rates.theta)) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few orders")]
            let count = libm::round(lambda / theta).max(1.0) as u32;
            for side in Side::BOTH {
                let step = [0, 1][side.opposite().index()] - away * side.sign();
                (0..count).for_each(|_| self.rest(side, step, desk));
            }
        }
    }

    fn rest(&mut self, side: Side, step: i64, desk: &mut Desk<'_>) {
        let id = desk.submit(self.grid.limit(side, step));
        self.clocks.rested(side, step, id);
    }

    fn act(&mut self, desk: &mut Desk<'_>) {
        match self.clocks.next(self.pulse.dice.at(desk.now())) {
            Some(Arrival::Market(side)) => {
                desk.submit(self.grid.market(side));
            }
            Some(Arrival::Limit(side, step)) => self.rest(side, step, desk),
            Some(Arrival::Cancel(id)) => take_out(desk, id),
            None => {}
        }
    }

    fn follow(&mut self, desk: &mut Desk<'_>) {
        let Some(best) = desk.view(self.grid.book).map(|view| self.grid.best(view)) else { return };
        self.clocks.moved(best, |id| take_out(desk, id));
    }
}

impl Strategy for PoissonFlow {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::Start => {
                self.seed(desk);
                self.pulse.settle(desk);
            }
            Event::Wake(Pulse::SETTLED) => self.pulse.next(self.clocks.total(), desk),
            Event::Wake(_) => {
                self.act(desk);
                self.pulse.settle(desk);
            }
            Event::Market(_) => self.follow(desk),
            Event::Report(report) => {
                if let ExecKind::Trade(fill) = report.kind
                    && fill.liquidity == Liquidity::Maker
                    && report.is_terminal()
                {
                    self.clocks.gone(fill.side, self.grid.step(fill.side, fill.price), report.order);
                }
            }
            Event::News(_) | Event::Refused(_) => {}
        }
    }
}
