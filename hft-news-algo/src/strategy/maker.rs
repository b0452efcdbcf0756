//! A maker that reads: quotes around the midpoint, and stays away for a while when a headline names its company.
//!
//! It does not ask what the headline says. Whoever comes too late to pull sells at the old price; whoever pulls at every mention earns
//! no spread meanwhile.

use crate::model::text::Text;
use crate::reader::{Linker, parse};
use crate::tape::Wire;
use hft_core::flow::{CompetingMaker, MakerConfig};
use hft_core::models::{BookId, Nanos, News, Side, Timestamp};
use hft_core::trader::{Desk, Event, Strategy};
use std::collections::VecDeque;

/// See the module's documentation.
#[derive(Debug)]
pub struct NewsMaker {
    inner: CompetingMaker,
    book: BookId,
    company: usize,
    wire: Wire,
    linker: Linker,
    text: Text,
    read: Nanos,
    pull: Nanos,
    /// Headlines that are being read: when that is done, and which.
    reading: VecDeque<(Timestamp, u32)>,
    away_until: Timestamp,
}

/// A headline has been read, or it is time to come back.
const LOOK: u32 = u32::MAX;

impl NewsMaker {
    /// A maker of one company's book that takes `read` for a headline and stays away for `pull`.
    pub fn new(config: MakerConfig, (book, company): (BookId, usize), wire: Wire, read: Nanos, pull: Nanos) -> Self {
        Self {
            inner: CompetingMaker::new(config, book),
            book,
            company,
            wire,
            linker: Linker::default(),
            text: Text::default(),
            read,
            pull,
            reading: VecDeque::new(),
            away_until: Timestamp::START,
        }
    }

    fn hear(&mut self, item: u32, desk: &mut Desk<'_>) {
        if self.pull == Nanos::ZERO {
            return;
        }
        let started = self.reading.back().map_or(desk.now(), |&(done, _)| done.max(desk.now()));
        let done = started.after(self.read);
        self.reading.push_back((done, item));
        desk.wake_at(done, LOOK);
    }

    fn look(&mut self, desk: &mut Desk<'_>) {
        while let Some((_, item)) = self.reading.pop_front_if(|(done, _)| *done <= desk.now()) {
            let Some(item) = self.wire.item(item) else { continue };
            let Ok(raw) = parse(item.text.as_bytes()) else { continue };
            self.text.read(raw);
            let named = self.linker.link(raw, &self.text).iter().any(|entity| entity.company == self.company);
            if named {
                self.away_until = desk.now().after(self.pull);
                desk.wake_at(self.away_until, LOOK);
            }
        }
    }
}

impl Strategy for NewsMaker {
    fn on_event(&mut self, event: &Event, desk: &mut Desk<'_>) {
        match event {
            Event::News(News::Headline { item, .. }) => self.hear(*item, desk),
            Event::Wake(LOOK) => self.look(desk),
            Event::Start
            | Event::Wake(_)
            | Event::Market(_)
            | Event::News(_)
            | Event::Report(_)
            | Event::Refused(_) => {}
        }
        if desk.now() < self.away_until {
            for side in Side::BOTH {
                desk.quote(self.book, side, None);
            }
        } else {
            self.inner.on_event(event, desk);
        }
    }
}
