//! Fills on their way to the log: what the account booked, who was on the other side, and what each was worth later.
//!
//! Invariant: lines and rows leave in the order in which the account learned of its fills. A line waits for its markout after one
//! second, a row for the last horizon; what the run ended before leaves with what is known.
//!
//! The account's record, the venue's record and the markouts of one fill come in any order (in real time a report may overtake a
//! drop copy), so each fill has a place in which they meet.

use crate::output::{FillRow, price_units};
use hft_core::account::{FillLine, MARKOUT_HORIZONS, Markout};
use hft_core::models::{BookId, Instrument, Liquidity, OrderId, TradeId};
use hft_core::world::{Directory, TradeRecord};
use std::collections::{BTreeMap, VecDeque};

/// Names one fill: one order's part in one trade.
pub(super) type FillKey = (BookId, TradeId, OrderId);

/// The horizon that a printed line waits for, among [`MARKOUT_HORIZONS`].
const LINE_HORIZON: usize = 2;

/// Where everything about one fill meets.
#[derive(Clone, Debug, Default)]
struct Place {
    row: Option<FillRow>,
    class: Option<String>,
    worth: [Option<f64>; MARKOUT_HORIZONS.len()],
}

/// Fills that wait for what is still to be known of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Fills {
    places: BTreeMap<FillKey, Place>,
    /// Booked and not yet written, in order.
    booked: VecDeque<FillKey>,
    /// How many of those have been printed.
    printed: usize,
    count: u64,
    tallies: BTreeMap<Option<String>, [Tally; MARKOUT_HORIZONS.len()]>,
}

/// What fills of one class were worth after one horizon, in price units.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Tally {
    pub(super) fills: u64,
    pub(super) too_late: u64,
    sum: f64,
    squares: f64,
}

impl Tally {
    fn add(&mut self, worth: Option<f64>) {
        match worth {
            Some(worth) => {
                self.fills += 1;
                self.sum += worth;
                self.squares += worth * worth;
            }
            None => self.too_late += 1,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a count of fills")]
    pub(super) fn mean(&self) -> Option<f64> {
        (self.fills > 0).then(|| self.sum / self.fills as f64)
    }

    /// Of the mean, over fills taken as independent.
    #[allow(clippy::cast_precision_loss, reason = "a count of fills")]
    pub(super) fn standard_error(&self) -> Option<f64> {
        let (n, mean) = (self.fills as f64, self.mean()?);
        let variance = (self.squares - n * mean * mean).max(0.0) / (n - 1.0);
        (self.fills > 1).then(|| (variance / n).sqrt())
    }
}

/// What is known of a fill now: its line may be printed, its row written.
pub(super) enum Ready {
    Line(String),
    Row(Box<FillRow>),
}

impl Fills {
    /// The account booked a fill.
    pub(super) fn booked(&mut self, line: &FillLine, who: &Directory) {
        self.count += 1;
        let (record, fill) = (&line.record, &line.record.fill);
        let key = (record.book, fill.trade, record.order);
        self.places.entry(key).or_default().row = Some(row(self.count, line, who));
        self.booked.push_back(key);
    }

    /// The venue's record of a trade: whoever is on the other side of ours has a class.
    pub(super) fn traded(&mut self, trade: &TradeRecord, ours: hft_core::models::AccountId, who: &Directory) {
        for (own, other) in [(trade.maker, trade.taker), (trade.taker, trade.maker)] {
            if own.account == ours {
                let class = who.class(other.account).to_owned();
                self.places.entry((trade.book, trade.trade, own.order)).or_default().class = Some(class);
            }
        }
    }

    /// A fill's markout is known.
    pub(super) fn marked(&mut self, markout: &Markout, instrument: &Instrument) {
        let horizon = MARKOUT_HORIZONS.iter().position(|horizon| *horizon == markout.horizon);
        let horizon = horizon.expect("markouts are made for these horizons");
        let place = self.places.entry((markout.book, markout.trade, markout.order)).or_default();
        place.worth[horizon] = Some(price_units(instrument, markout.per_lot));
    }

    /// How many fills were booked.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The next line or row that nothing more has to be waited for, in order; with `over`, whatever is left.
    pub(super) fn next_ready(&mut self, over: bool) -> Option<Ready> {
        let done = |place: &Place, horizon: usize| over || place.class.is_some() && place.worth[horizon].is_some();
        if let Some(key) = self.booked.get(self.printed)
            && done(&self.places[key], LINE_HORIZON)
        {
            self.printed += 1;
            return Some(Ready::Line(self.places[key].to_row().line()));
        }
        let key = *self.booked.front()?;
        if self.printed == 0 || !done(&self.places[&key], MARKOUT_HORIZONS.len() - 1) {
            return None;
        }
        self.booked.pop_front();
        self.printed -= 1;
        let place = self.places.remove(&key).expect("it is booked");
        for class in [None, place.class.clone()] {
            let tallies = self.tallies.entry(class).or_default();
            tallies.iter_mut().zip(place.worth).for_each(|(tally, worth)| tally.add(worth));
        }
        Some(Ready::Row(Box::new(place.to_row())))
    }

    /// What fills were worth, all together (`None`) and by class of counterparty; of fills whose rows have left.
    pub(super) const fn tallies(&self) -> &BTreeMap<Option<String>, [Tally; MARKOUT_HORIZONS.len()]> {
        &self.tallies
    }
}

impl Place {
    fn to_row(&self) -> FillRow {
        let [ten_ms, hundred_ms, second, ten_s, minute] = self.worth;
        FillRow {
            counterparty: self.class.clone(),
            markout_10ms: ten_ms,
            markout_100ms: hundred_ms,
            markout_1s: second,
            markout_10s: ten_s,
            markout_60s: minute,
            ..self.row.clone().expect("the fill is booked")
        }
    }
}

fn row(number: u64, line: &FillLine, who: &Directory) -> FillRow {
    let (record, fill, contract) = (&line.record, &line.record.fill, &*line.instrument);
    FillRow {
        fill: number,
        time_ns: record.time,
        symbol: contract.symbol().to_owned(),
        venue: who.venue(record.book.venue).to_owned(),
        trader: who.trader(record.trader).to_owned(),
        order: record.order.0,
        trade: fill.trade.0,
        side: fill.side,
        qty: contract.print_qty(fill.qty),
        price: contract.print_price(fill.price),
        liquidity: fill.liquidity,
        cash: line.flow(),
        fee: fill.fee,
        inventory: contract.print_lots(record.position),
        pnl: line.pnl,
        mid: price_units(contract, fill.mid),
        ahead: if fill.liquidity == Liquidity::Maker { contract.print_qty(fill.ahead) } else { "0".to_owned() },
        counterparty: None,
        markout_10ms: None,
        markout_100ms: None,
        markout_1s: None,
        markout_10s: None,
        markout_60s: None,
    }
}
