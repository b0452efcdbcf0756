//! Equity, position, touch and own quotes over time: `equity.csv`, the curves of the report, and the drawdown.
//!
//! Invariant: a sample shows what held just before its moment, whatever happens at it; samples are equally far apart, but for the last,
//! which shows what the run came to.

use super::inventory::Inventory;
use super::orders::Orders;
use crate::output::{
    ContractSeries, EquityPoint, EquityRow, FillMark, FillRow, MarketPoint, Series, price_units, seconds_at,
};
use hft_core::account::{FillLine, Listing, TopLine};
use hft_core::models::{BookId, Cash, InstrumentId, Lots, Nanos, Price, Quote, Timestamp, Top};
use hft_core::world::Directory;
use std::collections::BTreeMap;

/// How many points of one curve the report keeps; of more, every second one is dropped, as often as needed.
const POINTS_MAX: usize = 120_000;

/// How many books the report draws.
const DRAWN_MAX: usize = 8;

/// How long the changes are that a Sharpe ratio is made of.
const SHARPE_STEP: Nanos = Nanos::from_secs(60);

/// When samples are taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    /// How far apart.
    pub(super) every: Nanos,
    /// The last moment: what comes while a run settles is in its row, and in no later one.
    pub(super) until: Timestamp,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Curve {
    sampling: Sampling,
    next: Timestamp,
    /// The moment of the last row.
    sampled: Option<Timestamp>,
    books: Vec<Listing>,
    tops: BTreeMap<BookId, Top>,
    inventory: BTreeMap<InstrumentId, Inventory>,
    limit: Option<Lots>,
    equity: Cash,
    peak: Cash,
    max_drawdown: Cash,
    /// Curves and fills of the first books.
    drawn: Vec<(Thinned<MarketPoint>, Thinned<FillMark>)>,
    points: Thinned<EquityPoint>,
    minutes: Vec<f64>,
    minute: Timestamp,
    at_minute: Cash,
}

/// A curve that never grows beyond [`POINTS_MAX`]: it keeps every n-th point, n a power of two.
#[derive(Clone, Debug)]
struct Thinned<T> {
    points: Vec<T>,
    stride: usize,
    seen: usize,
}

impl<T> Thinned<T> {
    const fn new() -> Self {
        Self { points: Vec::new(), stride: 1, seen: 0 }
    }

    fn push(&mut self, point: T) {
        if self.seen.is_multiple_of(self.stride) {
            if self.points.len() == POINTS_MAX {
                let mut index = 0;
                self.points.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
            if self.seen.is_multiple_of(self.stride) {
                self.points.push(point);
            }
        }
        self.seen += 1;
    }
}

impl Curve {
    pub(super) fn new(sampling: Sampling, books: Vec<Listing>, limit: Option<Lots>) -> Self {
        Self {
            sampling,
            next: Timestamp::START,
            sampled: None,
            inventory: books.iter().map(|listing| (listing.book.instrument, Inventory::default())).collect(),
            drawn: books.iter().take(DRAWN_MAX).map(|_| (Thinned::new(), Thinned::new())).collect(),
            books,
            tops: BTreeMap::new(),
            limit,
            equity: Cash::ZERO,
            peak: Cash::ZERO,
            max_drawdown: Cash::ZERO,
            points: Thinned::new(),
            minutes: Vec::new(),
            minute: Timestamp::START + SHARPE_STEP,
            at_minute: Cash::ZERO,
        }
    }

    /// Time has come to `now`: the samples before it are taken of what still holds.
    pub(super) fn advance(
        &mut self,
        now: Timestamp,
        orders: &Orders,
        mut each: impl FnMut(&EquityRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        while self.minute < now {
            self.minutes.push((self.equity - self.at_minute).to_f64());
            self.at_minute = self.equity;
            self.minute = self.minute + SHARPE_STEP;
        }
        while self.next < now && self.next <= self.sampling.until {
            if self.next < self.sampling.until {
                self.sample(self.next, orders, &mut each)?;
            }
            self.inventory.values_mut().for_each(Inventory::sample);
            self.next = self.next + self.sampling.every;
        }
        Ok(())
    }

    fn sample(
        &mut self,
        at: Timestamp,
        orders: &Orders,
        each: &mut impl FnMut(&EquityRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for (index, listing) in self.books.iter().enumerate() {
            let (book, contract) = (listing.book, &*listing.instrument);
            let top = self.tops.get(&book).copied().unwrap_or_default();
            let inventory = self.inventory.get_mut(&book.instrument).expect("every book's contract is watched");
            let position = Lots::new(i64::try_from(inventory.position()).unwrap_or(i64::MAX));
            let ours = orders.best(book);
            let price = |price: Price| contract.print_price(price);
            let size = |quote: Quote| contract.print_qty(quote.qty);
            let [our_bid, our_ask] = ours.map(|best| best.map(price));
            let row = EquityRow {
                time_ns: at,
                symbol: contract.symbol().to_owned(),
                equity: self.equity,
                drawdown: self.peak - self.equity,
                inventory: contract.print_lots(position),
                bid: top.bid.map(|quote| price(quote.price)),
                ask: top.ask.map(|quote| price(quote.price)),
                bid_qty: top.bid.map(size),
                ask_qty: top.ask.map(size),
                our_bid,
                our_ask,
            };
            each(&row)?;
            let time_s = seconds_at(at);
            if let Some((market, _)) = self.drawn.get_mut(index) {
                let price = |price: Price| price_units(contract, price.half_ticks());
                let size = |quote: Quote| contract.lots_f64(Lots::new(quote.qty.lots()));
                let [our_bid, our_ask] = ours.map(|best| best.map(price));
                market.push(MarketPoint {
                    time_s,
                    bid: top.bid.map(|quote| price(quote.price)),
                    ask: top.ask.map(|quote| price(quote.price)),
                    our_bid,
                    our_ask,
                    bid_qty: top.bid.map(size),
                    ask_qty: top.ask.map(size),
                    inventory: contract.lots_f64(position),
                });
            }
            if index == 0 {
                let (equity, drawdown) = (row.equity.to_f64(), row.drawdown.to_f64());
                self.points.push(EquityPoint { time_s, equity, drawdown });
            }
        }
        self.sampled = Some(at);
        Ok(())
    }

    pub(super) fn top(&mut self, line: &TopLine) {
        self.tops.insert(line.book, line.top);
        self.worth(line.equity);
    }

    pub(super) fn filled(&mut self, line: &FillLine) {
        let (record, limit) = (&line.record, self.limit);
        let inventory = self.inventory.entry(record.book.instrument).or_default();
        inventory.set(record.booked, record.position, limit);
        self.worth(line.pnl);
    }

    /// Marks a fill, where the report draws its book.
    pub(super) fn mark(&mut self, row: &FillRow, who: &Directory) {
        let its =
            |listing: &Listing| listing.instrument.symbol() == row.symbol && who.venue(listing.book.venue) == row.venue;
        let place = self.books.iter().position(its);
        if let Some((_, marks)) = place.and_then(|place| self.drawn.get_mut(place)) {
            marks.push(FillMark {
                time_s: seconds_at(row.time_ns),
                side: row.side,
                price: row.price.parse().expect("prices are decimals"),
                line: row.line().replacen("FILL ", "", 1),
            });
        }
    }

    fn worth(&mut self, equity: Cash) {
        self.equity = equity;
        self.peak = self.peak.max(equity);
        self.max_drawdown = self.max_drawdown.max(self.peak - equity);
    }

    /// The run ended: a last row, wherever between two samples that is.
    pub(super) fn finish(
        &mut self,
        end: Timestamp,
        orders: &Orders,
        mut each: impl FnMut(&EquityRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let limit = self.limit;
        self.inventory.values_mut().for_each(|inventory| inventory.pass(end, limit));
        if self.sampled == Some(end) { Ok(()) } else { self.sample(end, orders, &mut each) }
    }

    pub(super) const fn equity(&self) -> Cash {
        self.equity
    }

    pub(super) const fn max_drawdown(&self) -> Cash {
        self.max_drawdown
    }

    pub(super) const fn every(&self) -> Nanos {
        self.sampling.every
    }

    pub(super) fn inventory(&self, instrument: InstrumentId) -> &Inventory {
        &self.inventory[&instrument]
    }

    /// Changes of equity from minute to minute, currency.
    pub(super) fn minutes(&self) -> &[f64] {
        &self.minutes
    }

    /// The curves, without latency.
    pub(super) fn series(&self, who: &Directory) -> Series {
        let contract = |(listing, (market, marks)): (&Listing, &(Thinned<MarketPoint>, Thinned<FillMark>))| {
            let symbol = listing.instrument.symbol();
            let name = if self.books.len() == 1 {
                symbol.to_owned()
            } else {
                format!("{symbol}@{}", who.venue(listing.book.venue))
            };
            ContractSeries { name, market: market.points.clone(), fills: marks.points.clone() }
        };
        Series {
            contracts: self.books.iter().zip(&self.drawn).map(contract).collect(),
            left_out: self.books.len() - self.drawn.len(),
            equity: self.points.points.clone(),
            latency: Vec::new(),
        }
    }
}
