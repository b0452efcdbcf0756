//! One fill as people read it, and who writes it down.

use super::markout::Markout;
use crate::models::{AccountId, BookId, Cash, Instrument, Timestamp, Top};
use crate::world::{FillRecord, OrderRecord, RiskHalt, TradeRecord};
use std::any::Any;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

/// One fill of a watched account, with the account's state after it. Prints as one line:
///
/// ```text
/// FILL Buy  qty=1 px=99.92  inv= 1  cash=-99.92  pnl=+0.03  maker  fee=-0.01  ahead=12  X
/// ```
///
/// Example: [`FillLog`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FillLine {
    /// What the account told.
    pub record: FillRecord,
    /// The contract, for decimals.
    pub instrument: Arc<Instrument>,
    /// Marked equity of the account after the fill, fees included.
    pub pnl: Cash,
}

/// The best prices of a book in which a watched account trades, and what the account is worth at them.
///
/// Example: [`FillLog`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopLine {
    /// Whose equity.
    pub account: AccountId,
    /// When, on the venue's clock.
    pub time: Timestamp,
    /// Which book.
    pub book: BookId,
    /// Its best prices.
    pub top: Top,
    /// The account's marked equity at them, fees included.
    pub equity: Cash,
}

/// Takes what the blotter learns, as it learns it. An error (a full disk, a closed pipe) ends the run.
///
/// When the run is over, [`Blotter::into_log`](super::Blotter::into_log) gives it back as the type it was.
///
/// ```
/// use hft_core::account::{FillLine, FillLog, TopLine};
/// use hft_core::models::{Cash, Qty};
/// use hft_core::world::{OrderRecord, RiskHalt};
/// /// The largest fill, the worst equity, and how often an order left or a kill switch was tripped.
/// #[derive(Default)]
/// struct Extremes {
///     largest: Qty,
///     worst: Cash,
///     sent: u32,
///     halts: u32,
/// }
/// impl FillLog for Extremes {
///     fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
///         self.largest = self.largest.max(line.record.fill.qty);
///         Ok(())
///     }
///     fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
///         self.worst = self.worst.min(line.equity);
///         Ok(())
///     }
///     fn order(&mut self, record: &OrderRecord) -> anyhow::Result<()> {
///         self.sent += u32::from(matches!(record, OrderRecord::Sent { .. }));
///         Ok(())
///     }
///     fn halt(&mut self, _: &RiskHalt) -> anyhow::Result<()> {
///         self.halts += 1;
///         Ok(())
///     }
/// }
/// ```
pub trait FillLog: Any + Send {
    /// A watched account booked a fill.
    ///
    /// # Errors
    /// When it could not be written.
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()>;

    /// A watched account traded, as the venue tells it: both parties are named, which no strategy ever sees.
    ///
    /// # Errors
    /// When it could not be written.
    fn trade(&mut self, _trade: &TradeRecord) -> anyhow::Result<()> {
        Ok(())
    }

    /// One of a watched account's orders was sent, refused or reported on.
    ///
    /// # Errors
    /// When it could not be written.
    fn order(&mut self, _record: &OrderRecord) -> anyhow::Result<()> {
        Ok(())
    }

    /// The best prices of one of a watched account's books changed: told once for each account that trades there.
    ///
    /// # Errors
    /// When it could not be written.
    fn top(&mut self, _line: &TopLine) -> anyhow::Result<()> {
        Ok(())
    }

    /// A fill's markout at one horizon is known.
    ///
    /// # Errors
    /// When it could not be written.
    fn markout(&mut self, _markout: &Markout) -> anyhow::Result<()> {
        Ok(())
    }

    /// A watched account's kill switch was tripped.
    ///
    /// # Errors
    /// When it could not be written.
    fn halt(&mut self, _halt: &RiskHalt) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Prints every fill on standard output, one a line.
///
/// Example: [`Blotter`](super::Blotter).
#[derive(Clone, Copy, Debug, Default)]
pub struct PrintFills;

impl FillLog for PrintFills {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        writeln!(io::stdout(), "{line}")?;
        Ok(())
    }
}

/// Writes nothing down: for worlds that are run for their summary.
///
/// Example: [`Blotter`](super::Blotter).
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLog;

impl FillLog for NoLog {
    fn fill(&mut self, _line: &FillLine) -> anyhow::Result<()> {
        Ok(())
    }
}

impl FillLine {
    /// Cash flow of the trade without its fee: negative is paid.
    pub fn flow(&self) -> Cash {
        let fill = &self.record.fill;
        -self.instrument.value_at(fill.side.signed(fill.qty), fill.price.half_ticks())
    }
}

impl fmt::Display for FillLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FillRecord { fill, position, .. } = self.record;
        let side = fill.side;
        let contract = &*self.instrument;
        write!(
            f,
            "FILL {side:<4} qty={} px={}  inv={:>2}  cash={}  pnl={}  {}  fee={}  ahead={}  {}",
            contract.print_qty(fill.qty),
            contract.print_price(fill.price),
            contract.print_lots(position),
            signed(self.flow()),
            signed(self.pnl),
            fill.liquidity,
            signed(fill.fee),
            contract.print_qty(fill.ahead),
            contract.symbol(),
        )
    }
}

fn signed(cash: Cash) -> String {
    let plus = if cash < Cash::ZERO { "" } else { "+" };
    format!("{plus}{}", cash.decimal())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::*;
    use crate::world::TraderId;

    #[test]
    fn a_line_reads_as_documented() {
        let instrument = Instrument::new(
            "X",
            "USD",
            "0.01".parse().expect("decimal"),
            Decimal::ONE,
            Decimal::ONE,
            FeeSchedule::default(),
        )
        .expect("valid");
        let cents = |cents: i128| Cash::new(cents * Cash::PER_UNIT / 100);
        let record = FillRecord {
            booked: Timestamp::START,
            time: Timestamp::START,
            account: AccountId(1),
            trader: TraderId(0),
            book: BookId { venue: VenueId(0), instrument: InstrumentId(0) },
            order: OrderId(1),
            leaves: Qty::ZERO,
            fill: Fill {
                trade: TradeId(1),
                side: Side::Buy,
                price: Price::new(9_992),
                qty: Qty::new(1),
                liquidity: Liquidity::Maker,
                fee: cents(-1),
                ahead: Qty::new(12),
                mid: HalfTicks::new(19_992),
            },
            position: Lots::new(1),
            cash: cents(-9_993),
        };
        let line = FillLine { record, instrument: instrument.into(), pnl: cents(3) };
        let expected = "FILL Buy  qty=1 px=99.92  inv= 1  cash=-99.92  pnl=+0.03  maker  fee=-0.01  ahead=12  X";
        assert_eq!(line.to_string(), expected);
    }
}
