//! What the run tells of its reading: how well, how early, and what that was worth.
//!
//! Invariant: a reading is a function of what was published and when it was received, so the ledger reads everything again when the run is
//! over, and finds what the desk found. What people gained is learned from the blotter, as everywhere.

mod quality;
mod study;

use crate::config::NewsAlgoConfig;
use crate::reader::Pipeline;
use crate::tape::Wire;
use hft_app::chapter::{Chapter, ChapterTable, SideLedger};
use hft_core::account::{FillLine, FillLog, MARKOUT_HORIZONS, Markout, TopLine};
use hft_core::models::{AccountId, BookId, Nanos, OrderId, Timestamp};
use hft_core::world::Directory;
use quality::Quality;
use std::collections::BTreeMap;
use study::Prices;

/// Somebody who reads.
#[derive(Clone, PartialEq, Debug)]
pub struct Participant {
    account: AccountId,
    name: String,
    /// From publication to an order at the exchange, us.
    us: u64,
    fills: u64,
    lots: i64,
    /// Half ticks times lots a second after the fills.
    gained: i128,
    fees: f64,
}

impl Participant {
    /// Somebody who is so long behind the wire.
    pub fn new(account: AccountId, name: &str, us: u64) -> Self {
        Self { account, name: name.to_owned(), us, fills: 0, lots: 0, gained: 0, fees: 0.0 }
    }

    /// Whose fills are its.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub struct ReadingLedger {
    people: Vec<Participant>,
    wire: Wire,
    pipeline: Pipeline,
    config: NewsAlgoConfig,
    /// The books, with the company that each is of.
    books: Vec<(BookId, usize)>,
    /// Of the desk's books.
    prices: Prices,
    /// Fills that wait for what they were worth: whose, and lots.
    fills: BTreeMap<(BookId, u64, OrderId), (usize, i64)>,
    /// What of a recorded file was refused.
    refusals: Option<String>,
}

/// One tick, price units.
const TICK: f64 = 0.01;

impl ReadingLedger {
    /// A ledger of these people; the first of them is the desk.
    pub fn new(
        people: Vec<Participant>,
        wire: Wire,
        pipeline: Pipeline,
        config: &NewsAlgoConfig,
        books: Vec<(BookId, usize)>,
    ) -> Self {
        let (config, prices) = (config.clone(), Prices::default());
        Self { people, wire, pipeline, config, books, prices, fills: BTreeMap::new(), refusals: None }
    }

    /// With what of a recorded file was refused, in a sentence.
    #[must_use]
    pub fn with_refusals(self, refusals: Option<String>) -> Self {
        Self { refusals, ..self }
    }

    fn who_read(&self) -> ChapterTable {
        let columns = ["behind, us", "fills", "contracts", "gained in 1 s", "fees", "both"];
        let mut table = ChapterTable::new("who read", &columns);
        for Participant { name, us, fills, lots, gained, fees, .. } in &self.people {
            let gained = *gained as f64 / 2.0 * TICK;
            let figures = [*us as f64, *fills as f64, *lots as f64, gained, *fees, gained + fees];
            table.row(name, figures.map(Some).to_vec());
        }
        table.drawn = Some(5);
        table
    }

    fn budget(&self) -> ChapterTable {
        let mut table = ChapterTable::new("from the wire to the exchange, as configured", &["us"]);
        let NewsAlgoConfig { latency_us, read_us, .. } = self.config;
        for (stage, us) in
            [("news on its way to us", latency_us), ("reading", read_us), ("order on its way", latency_us)]
        {
            table.row(stage, vec![Some(us as f64)]);
        }
        table.row("together", vec![Some((latency_us * 2 + read_us) as f64)]);
        table
    }
}

impl FillLog for ReadingLedger {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        let record = &line.record;
        let place = self.people.iter().position(|person| person.account == record.account);
        if let Some(place) = place {
            let lots = record.fill.qty.lots();
            let person = &mut self.people[place];
            person.fills += 1;
            person.lots += lots;
            person.fees += record.fill.fee.to_f64();
            self.fills.insert((record.book, record.fill.trade.0, record.order), (place, lots));
        }
        Ok(())
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        if line.account == self.people[0].account
            && let Some(mid) = line.top.mid()
        {
            self.prices.see(line.book, line.time, mid.count() as f64 / 2.0);
        }
        Ok(())
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        if markout.horizon == MARKOUT_HORIZONS[2]
            && let Some((place, lots)) = self.fills.remove(&(markout.book, markout.trade.0, markout.order))
        {
            self.people[place].gained += markout.per_lot.count() * i128::from(lots);
        }
        Ok(())
    }
}

impl SideLedger for ReadingLedger {
    fn chapter(&mut self, _who: &Directory, ended: Timestamp) -> Chapter {
        let mut quality = Quality::new(self.config.min_confidence);
        let latency = Nanos::from_micros(self.config.latency_us);
        let mut items = Vec::new();
        let mut number = 0;
        while let Some(item) = self.wire.item(number).filter(|item| item.sent().after(latency) <= ended) {
            let truth = item.label.as_ref().map(|label| (number, label));
            let reading = self.pipeline.read(item.sent().after(latency), item.text.as_bytes(), truth);
            quality.add(item, reading.as_ref());
            items.push((item.clone(), reading.ok()));
            number += 1;
        }
        let half_life = Nanos::from_millis(self.config.wire.half_life_ms);
        let mut tables = vec![self.who_read(), self.budget()];
        tables.extend(quality.tables());
        tables.push(self.prices.study(&items, &self.books, half_life, ended));
        let mut notes = vec![
            "Behind: from publication to an order at the exchange. Gained: what fills were worth a second later, before fees.".to_owned(),
            "Confusion, calibration, novelty and names are held against what the maker of the headlines knows; a third of its wordings no model was trained on.".to_owned(),
        ];
        notes.extend(self.refusals.as_ref().map(|told| format!("Of the recorded file {told}.")));
        let files = vec![("readings.csv".to_owned(), quality::csv(&items))];
        Chapter { title: "Reading".to_owned(), tables, notes, files }
    }
}
