//! The event study of a run: what prices did around its news, beside what the other books did meanwhile.

use crate::model::event_study::{power, t_test};
use crate::reader::Reading;
use crate::tape::NewsItem;
use hft_app::chapter::ChapterTable;
use hft_core::models::{BookId, Nanos, Timestamp};
use std::collections::BTreeMap;

/// Midpoints over time, ticks.
#[derive(Debug, Default)]
pub(super) struct Prices {
    books: BTreeMap<BookId, Vec<(Timestamp, f64)>>,
}

/// The level of the test whose power is told.
const LEVEL: f64 = 0.05;

impl Prices {
    /// A midpoint; one of an equal moment takes the place of the one before.
    pub(super) fn see(&mut self, book: BookId, time: Timestamp, mid: f64) {
        let path = self.books.entry(book).or_default();
        if path.last().is_some_and(|(last, _)| *last == time) {
            path.pop();
        }
        path.push((time, mid));
    }

    fn at(&self, book: BookId, time: Timestamp) -> Option<f64> {
        let path = self.books.get(&book)?;
        let behind = path.partition_point(|(seen, _)| *seen <= time);
        path.get(behind.checked_sub(1)?).map(|(_, mid)| *mid)
    }

    /// How far a book went in a time, beside the mean of the others.
    fn abnormal(&self, book: BookId, from: Timestamp, until: Timestamp) -> Option<f64> {
        let moved = |book| Some(self.at(book, until)? - self.at(book, from)?);
        let others: Vec<f64> = self.books.keys().filter(|other| **other != book).filter_map(|b| moved(*b)).collect();
        let market = if others.is_empty() { 0.0 } else { others.iter().sum::<f64>() / others.len() as f64 };
        Some(moved(book)? - market)
    }

    /// Abnormal moves in the direction of each item that was news, some times after it was published.
    pub(super) fn study(
        &self,
        items: &[(NewsItem, Option<Reading>)],
        books: &[(BookId, usize)],
        half_life: Nanos,
        ended: Timestamp,
    ) -> ChapterTable {
        let columns = ["news", "mean move, ticks", "s.e.", "t", "power at 5 %"];
        let mut table = ChapterTable::new("prices around news, beside the other books", &columns);
        for (label, half_lives) in [("a tenth of a half-life", 0.1), ("one half-life", 1.0), ("three half-lives", 3.0)]
        {
            let wait = Nanos::from_secs_f64(half_life.to_secs_f64() * half_lives);
            let moves: Vec<f64> = items
                .iter()
                .filter(|(item, _)| item.published.after(wait) <= ended)
                .flat_map(|(item, _)| item.label.iter().flat_map(|label| label.impacts()).map(|e| (item.published, *e)))
                .filter(|(_, effect)| effect.ticks != 0)
                .filter_map(|(published, effect)| {
                    let (book, _) = books.iter().find(|(_, company)| *company == effect.company)?;
                    let moved = self.abnormal(*book, published, published.after(wait))?;
                    Some(moved * effect.ticks.signum() as f64)
                })
                .collect();
            let count = moves.len() as f64;
            let tested = t_test(&moves).filter(|(_, error, _)| *error > 0.0);
            let power = tested.map(|(mean, error, _)| power(moves.len() as u64, mean / (error * count.sqrt()), LEVEL));
            let figures = [tested.map(|t| t.0), tested.map(|t| t.1), tested.map(|t| t.2), power];
            table.row(label, [Some(count)].into_iter().chain(figures).collect());
        }
        table
    }
}
