//! The chapter of a recorded run: the same strategy under each fill model, what its trading did to history, and what may be believed.

use crate::chapter::{Chapter, ChapterTable, SideLedger};
use crate::output::{Money, seconds};
use hft_core::account::{FillLine, FillLog, Markout, TopLine};
use hft_core::models::{AccountId, Cash, Instrument, Lots, Nanos, Timestamp};
use hft_core::world::{Directory, TraderId};
use hft_data::replay::{Detail, FillModel, Survey, Tallies, Tally};

/// The horizon of the markouts that are told.
const MARKOUT: Nanos = Nanos::from_secs(1);

/// What one model's desk did.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    model: FillModel,
    pub(super) desk: AccountId,
    fills: u64,
    lots: i64,
    equity: Cash,
    markout_sum: i128,
    markouts: u64,
}

impl Rung {
    pub(super) const fn new(model: FillModel, desk: AccountId) -> Self {
        Self { model, desk, fills: 0, lots: 0, equity: Cash::ZERO, markout_sum: 0, markouts: 0 }
    }
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Ladder {
    rungs: Vec<Rung>,
    tallies: Tallies,
    about: Vec<String>,
    contract: Instrument,
    /// Markouts wait for the names that come with the chapter: which account a trader belongs to.
    pending: Vec<(TraderId, i128)>,
}

impl Ladder {
    pub(super) fn new(rungs: Vec<Rung>, tallies: Tallies, survey: &Survey, contract: &Instrument) -> Self {
        let (about, contract) = (about(survey), contract.clone());
        Self { rungs, tallies, about, contract, pending: Vec::new() }
    }

    fn rung(&mut self, desk: AccountId) -> Option<&mut Rung> {
        self.rungs.iter_mut().find(|rung| rung.desk == desk)
    }

    /// What the models say, against each other.
    fn verdict(&self) -> String {
        let own = &self.rungs[0];
        let currency = self.contract.currency();
        let told = |rung: &Rung| format!("{} {currency} ({})", Money(rung.equity).signed(), rung.model);
        let others = self.rungs.iter().filter(|rung| rung.model != FillModel::Exact);
        let (least, most) = (others.clone().min_by_key(|rung| rung.equity), others.max_by_key(|rung| rung.equity));
        let (Some(least), Some(most)) = (least, most) else { return format!("Under one model alone: {}.", told(own)) };
        let spread = Money(most.equity - least.equity);
        let range = format!("the models beside it reach from {} to {}", told(least), told(most));
        if own.model == FillModel::Exact {
            let invented = spread.signed();
            return format!(
                "In the recorded queue it came to {}; without the orders' names {range}: {invented} {currency} is what an assumption \
                 would have decided.",
                told(own),
            );
        }
        match () {
            () if least.equity > Cash::ZERO => format!("Under every model it earned: {range}."),
            () if most.equity < Cash::ZERO => format!("Under no model did it earn: {range}."),
            () => format!(
                "Whether it earned is a matter of the fill model: {range}. The recording alone cannot tell; do not believe either."
            ),
        }
    }

    fn profits(&self) -> ChapterTable {
        let contracts = format!("contracts of {}", self.contract.symbol());
        let columns = ["fills", &contracts, "net", "net a fill", "markout 1 s"];
        let mut table = ChapterTable::new("profit under each fill model", &columns);
        for rung in &self.rungs {
            let net = rung.equity.to_f64();
            let per = |value: f64, of: u64| (of > 0).then(|| value / count(of));
            let markout = per(half_ticks(rung.markout_sum) * self.contract.tick_size().to_f64() / 2.0, rung.markouts);
            let figures = vec![
                Some(count(rung.fills)),
                Some(self.contract.lots_f64(Lots::new(rung.lots))),
                Some(net),
                per(net, rung.fills),
                markout,
            ];
            table.row(rung.model.to_string(), figures);
        }
        table.drawn = Some(2);
        table
    }

    fn divergence(&self) -> ChapterTable {
        let columns = ["displaced", "taken", "clipped", "requeued", "met", "unknown"];
        let mut table = ChapterTable::new("how far history left its record, lots and events", &columns);
        for (rung, tally) in self.rungs.iter().zip(self.tallies.read()) {
            let Tally { displaced, taken, clipped, requeued, met, unknown, .. } = tally;
            let figures = [displaced, taken, clipped, requeued, met, unknown];
            table.row(rung.model.to_string(), figures.iter().map(|figure| Some(count(*figure))).collect());
        }
        table
    }
}

impl FillLog for Ladder {
    fn fill(&mut self, line: &FillLine) -> anyhow::Result<()> {
        if let Some(rung) = self.rung(line.record.account) {
            rung.fills += 1;
            rung.lots += line.record.fill.qty.lots();
            rung.equity = line.pnl;
        }
        Ok(())
    }

    fn top(&mut self, line: &TopLine) -> anyhow::Result<()> {
        if let Some(rung) = self.rung(line.account) {
            rung.equity = line.equity;
        }
        Ok(())
    }

    fn markout(&mut self, markout: &Markout) -> anyhow::Result<()> {
        if markout.horizon == MARKOUT {
            self.pending.push((TraderId(markout.order.trader()), markout.per_lot.count()));
        }
        Ok(())
    }
}

impl SideLedger for Ladder {
    fn chapter(&mut self, who: &Directory, _ended: Timestamp) -> Chapter {
        for (trader, per_lot) in std::mem::take(&mut self.pending) {
            let desk = who.account_of(trader);
            if let Some(rung) = self.rung(desk) {
                rung.markout_sum += per_lot;
                rung.markouts += 1;
            }
        }
        let mut notes = self.about.clone();
        let events = self.tallies.read().first().map_or(0, |tally| tally.events);
        notes.push(format!("{events} recorded events were played."));
        notes.push(self.verdict());
        let tables = vec![self.profits(), self.divergence()];
        Chapter { title: "The recording".to_owned(), tables, notes, files: Vec::new() }
    }
}

/// What was replayed, in sentences.
fn about(survey: &Survey) -> Vec<String> {
    let files: Vec<_> = survey.files.iter().map(|file| file.display().to_string()).collect();
    let detail = match survey.detail {
        Detail::Orders => "single orders",
        Detail::Levels => "sizes at prices",
        Detail::Quotes => "the best bid and offer",
    };
    let mut about = vec![format!(
        "{}: {} tells {detail}, tick {}, lot {}, mean spread {:.2} ticks.",
        files.join(", "),
        survey.info.symbol,
        survey.tick,
        survey.lot,
        survey.mean_spread
    )];
    match survey.clock.filter(|_| !survey.latencies_ns.is_empty()) {
        Some(clock) => about.push(format!(
            "Its recorder's clock stands {:+.3} ms off the venue's at the shortest; that was taken out, and our data comes as late over that \
             as theirs did: {:.3} ms at the mean.",
            count_i(clock.shortest_ns) / 1e6,
            count_i(clock.mean_ns - clock.shortest_ns) / 1e6
        )),
        None => about.push("It has one clock: our data is as late as the configuration says.".to_owned()),
    }
    if survey.opens > Timestamp::START {
        let until = seconds(survey.opens.since(Timestamp::START));
        about.push(format!("Until {until:.3} s its book is crossed: orders were collected, and nothing traded."));
    }
    let odd: Vec<_> = survey.findings.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    if !odd.is_empty() {
        about.push(format!("Odd in the files: {}.", odd.join(", ")));
    }
    about
}

#[allow(clippy::cast_precision_loss, reason = "for people")]
fn count(count: u64) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss, reason = "for people")]
fn count_i(count: i64) -> f64 {
    count as f64
}

#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn half_ticks(sum: i128) -> f64 {
    sum as f64
}
