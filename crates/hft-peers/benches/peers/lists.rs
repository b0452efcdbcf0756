//! The workload as lists that every book can take.

use crate::workload::naive::NaiveBook;
use crate::workload::{Action, Message, Shape, Side, Tally, Workload};

/// Messages, and what the trades of the work must come to.
pub struct List {
    pub prefill: Vec<Message>,
    pub work: Vec<Message>,
    pub expected: Tally,
}

/// The workload as it is generated: ids are dense, orders are reduced in place.
pub fn in_place(shape: Shape) -> List {
    let Workload { prefill, work } = shape.generate();
    List { prefill, work, expected: Tally { trades: shape.trades, quantity: shape.quantity } }
}

/// The same with an order's id as the place, counted from zero, of the message that enters it.
pub fn by_place(list: &List) -> List {
    let mut places = Vec::new();
    let mut messages = Vec::new();
    for (place, &Message { id, action }) in (0..).zip(list.prefill.iter().chain(&list.work)) {
        if matches!(action, Action::Limit { .. }) {
            places.resize(id as usize + 1, place);
        }
        messages.push(Message { id: places[id as usize], action });
    }
    let work = messages.split_off(list.prefill.len());
    List { prefill: messages, work, expected: list.expected }
}

/// The same with each reduction as a cancel and a new order for what is left. The new order stands at the back of the
/// queue, so others trade before it; messages about orders that are gone for this reason are left out. Ids are dense.
pub fn re_entered(list: &List) -> List {
    let mut writer = Writer::default();
    list.prefill.iter().for_each(|&message| writer.write(message));
    let prefill = std::mem::take(&mut writer.written);
    writer.book.tally = Tally::default();
    list.work.iter().for_each(|&message| writer.write(message));
    List { prefill, work: writer.written, expected: writer.book.tally }
}

/// Writes a list while the naive book follows it.
#[derive(Default)]
struct Writer {
    book: NaiveBook,
    /// The new id of each order, by its old one.
    ids: Vec<u64>,
    /// How each order was entered, by its new id; none if it does not rest.
    resting: Vec<Option<(Side, u16, u32)>>,
    written: Vec<Message>,
}

impl Writer {
    fn write(&mut self, Message { id: old, action }: Message) {
        if let Action::Limit { .. } = action {
            return self.enter(old, action);
        }
        let id = self.ids[old as usize];
        let Some((side, owner, price)) = self.resting[id as usize] else { return };
        let open = self.book.open(id);
        match action {
            Action::Cancel => self.cancel(id),
            Action::Reduce { by, .. } if by < open => {
                self.cancel(id);
                self.enter(old, Action::Limit { side, owner, price, qty: open - by });
            }
            Action::Reduce { .. } | Action::Limit { .. } => {}
        }
    }

    fn enter(&mut self, old: u64, action: Action) {
        let Action::Limit { side, owner, price, qty } = action else { unreachable!("only orders enter") };
        let (id, resting) = (self.resting.len() as u64, &mut self.resting);
        self.ids.resize(self.ids.len().max(old as usize + 1), id);
        self.ids[old as usize] = id;
        let rests = self.book.submit(id, side, price, qty, |gone| resting[gone as usize] = None);
        resting.push(rests.then_some((side, owner, price)));
        self.written.push(Message { id, action });
    }

    fn cancel(&mut self, id: u64) {
        self.book.cancel(id);
        self.resting[id as usize] = None;
        self.written.push(Message { id, action: Action::Cancel });
    }
}
