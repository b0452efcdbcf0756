//! The ledger as tables.

use super::LegLedger;
use super::unhedged::{BINS_MS, Total};
use crate::scenario::UNIT_TICK;
use hft_app::chapter::{Chapter, ChapterTable};
use hft_core::models::Timestamp;

impl LegLedger {
    pub(super) fn told(&self, ended: Timestamp, hidden: f64) -> Chapter {
        let notes = vec![
            "Unhedged: all legs together move with the index by more than three quarters of a lot of the fund; times are the venues'.".to_owned(),
            "A signal was wrong where the venues' own prices of that moment did not pay for trading both legs, there and back.".to_owned(),
            "Financing, borrowing and dividends are no trades: the account and every other table are without them.".to_owned(),
        ];
        Chapter {
            title: "Legs".to_owned(),
            tables: vec![
                self.waterfall(hidden),
                self.unhedged(ended),
                self.spells(),
                self.signals(),
                self.capacity(),
                self.discovery(),
            ],
            notes,
            files: vec![("unhedged.csv".to_owned(), self.unhedged.csv())],
        }
    }

    fn waterfall(&self, hidden: f64) -> ChapterTable {
        let mut table = ChapterTable::new("from the gap to the net", &["USD"]);
        let told = &self.waterfall;
        for (label, figure) in [
            ("gross, at the midpoints when it was decided", told.gross),
            ("legging: until the legs were filled", told.legging),
            ("spread", told.spread),
            ("fees", told.fees),
            ("net of all trades", told.net_of_trades()),
            ("financing", told.financing),
            ("borrowing", told.borrowing),
            ("dividends", told.dividends),
            ("net with carry", told.net()),
            ("of spread and fees: the issuer's", told.of_window),
            ("gross at the hidden values, with carry", hidden + told.net() - told.net_of_trades()),
        ] {
            table.row(label, vec![Some(figure)]);
        }
        table.drawn = Some(0);
        table
    }

    fn unhedged(&self, ended: Timestamp) -> ChapterTable {
        let mut table = ChapterTable::new("between the legs", &["figure"]);
        let total = &self.unhedged.total;
        let moments = total.moments();
        let run = ended.to_secs_f64();
        for (label, figure) in [
            ("lots of the fund created or redeemed", Some(self.waterfall.fund_exchanged as f64)),
            ("spells", Some(total.count)),
            ("seconds", Some(total.seconds)),
            ("share of the run", (run > 0.0).then(|| total.seconds / run)),
            ("mean of a spell, s", moments.map(|(mean, _)| mean)),
            ("variance of a spell, s^2", moments.map(|(_, variance)| variance)),
            ("gained while unhedged, USD", Some(total.gained)),
            ("hung legs", Some(total.hung.0)),
            ("gained by hung legs, USD", Some(total.hung.1)),
        ] {
            table.row(label, vec![figure]);
        }
        table
    }

    fn discovery(&self) -> ChapterTable {
        let mut table = ChapterTable::new("information shares", &["lowest", "highest"]);
        let shares = self.discovery.shares();
        for (i, name) in ["basket", "fund", "future"].into_iter().enumerate() {
            let share = shares.as_ref().map(|shares| shares[i]);
            table.row(name, vec![share.map(|share| share.low), share.map(|share| share.high)]);
        }
        table
    }

    fn spells(&self) -> ChapterTable {
        let mut table = ChapterTable::new("spells by length", &["spells", "seconds"]);
        let Total { bins, .. } = self.unhedged.total;
        let names = BINS_MS.iter().map(|end| format!("below {end} ms")).chain(["longer".to_owned()]);
        for (name, (count, seconds)) in names.zip(bins) {
            table.row(name, vec![Some(count), Some(seconds)]);
        }
        table.drawn = Some(0);
        table
    }

    fn signals(&self) -> ChapterTable {
        let mut table = ChapterTable::new("signals against the truth", &["figure"]);
        let signals = &self.signals;
        let mean = |sum: f64, count: f64| (count > 0.0).then(|| sum / count);
        for (label, figure) in [
            ("signals", Some(signals.count)),
            ("wrong", Some(signals.wrong)),
            ("wrong, share", mean(signals.wrong, signals.count)),
            ("promise beyond costs, ticks: mean", mean(signals.promised, signals.count)),
            ("the same of the wrong ones", mean(signals.promised_wrong, signals.wrong)),
        ] {
            table.row(label, vec![figure]);
        }
        table
    }

    fn capacity(&self) -> ChapterTable {
        let columns = ["times", "gap, ticks", "paid to open, ticks", "left one way"];
        let mut table = ChapterTable::new("capacity: what one unit more found, and paid", &columns);
        for (unit, of_unit) in &self.signals.by_unit {
            let gap = of_unit.gaps / of_unit.count;
            let paid = self.waterfall.opened.get(unit).map(|money| -money / UNIT_TICK / of_unit.count);
            let left = paid.map(|paid| gap - paid);
            table.row(format!("unit {unit}"), vec![Some(of_unit.count), Some(gap), paid, left]);
        }
        table.drawn = Some(3);
        table
    }
}
