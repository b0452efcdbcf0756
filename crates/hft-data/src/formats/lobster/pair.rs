//! A message file beside its orderbook file: messages of few levels, and a book that is right all the same.
//!
//! Invariant: after the events of message k, the book that follows them is row k, as deep as the row goes. What no message
//! tells (a level that comes into the window from beyond it) is told by levels flagged as parts of an image.

use super::{BookLevel, BookRows, LobsterReader};
use crate::bad_record::{Place, ReadError};
use crate::book::ObservedBook;
use crate::event::{Body, Event, Flags};
use crate::instruments::Instruments;
use crate::reader::{Batch, RecordReader};
use hft_core::models::{Price, Qty, Side};

/// Reads the pair; where the rows end first, the messages go on alone.
pub(crate) struct LobsterPair {
    messages: LobsterReader,
    rows: Option<BookRows>,
    book: ObservedBook,
    row: Vec<BookLevel>,
    missing: Vec<(Side, Price, Qty)>,
}

impl LobsterPair {
    pub(crate) fn new(messages: LobsterReader, rows: BookRows) -> Self {
        let (book, row, missing) = (ObservedBook::default(), Vec::new(), Vec::new());
        Self { messages, rows: Some(rows), book, row, missing }
    }

    /// What the row says and the book does not, level by level.
    fn compare(&mut self) {
        self.missing.clear();
        for side in Side::BOTH {
            let row = || self.row.iter().filter(|level| level.side == side);
            let Some(last) = row().next_back() else { continue };
            for quote in self.book.levels(side) {
                if quote.price != last.price && !side.is_better(quote.price, last.price) {
                    break;
                }
                if row().all(|level| level.price != quote.price) {
                    self.missing.push((side, quote.price, Qty::ZERO));
                }
            }
            let wrong = row().filter(|level| self.book.qty_at(side, level.price) != level.qty);
            self.missing.extend(wrong.map(|level| (side, level.price, level.qty)));
        }
    }
}

impl RecordReader for LobsterPair {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        let from = batch.events.len();
        if !self.messages.read(batch)? {
            return Ok(false);
        }
        let follow = |book: &mut ObservedBook, event: &Event| {
            // What does not fit is what the row is here for.
            let _ = book.apply(event);
        };
        batch.events[from..].iter().for_each(|event| follow(&mut self.book, event));
        let Some(rows) = &mut self.rows else { return Ok(true) };
        if !rows.next(&mut self.row)? {
            self.rows = None;
            return Ok(true);
        }
        self.compare();
        let Some(&last) = batch.events.last().filter(|_| !self.missing.is_empty()) else { return Ok(true) };
        let of = batch.events.len() - 1;
        let known = last.flags.bits() & !Flags::LAST.bits();
        batch.events[of].flags = Flags::from_bits(known).expect("a part of what it was");
        for &(side, price, qty) in &self.missing {
            let event = Event { body: Body::Level { side, price, qty }, flags: Flags::SNAPSHOT, ..last };
            follow(&mut self.book, &event);
            batch.events.push(event);
        }
        if let Some(end) = batch.events.last_mut() {
            end.flags = end.flags.and(Flags::LAST);
        }
        Ok(true)
    }

    fn instruments(&self) -> &Instruments {
        self.messages.instruments()
    }

    fn place(&self) -> Place {
        self.messages.place()
    }

    fn is_cut(&self) -> bool {
        self.messages.is_cut()
    }
}
