//! The tape: whatever comes from outside the venues, delivered at its time to those who subscribed.

use crate::models::{News, Timestamp};
use crate::world::{LinkId, Machine, Mail, Message, NodeId};
use std::fmt;

/// A node that plays a sequence of timed messages.
///
/// ```
/// use hft_core::flow::Tape;
/// use hft_core::models::{News, Timestamp};
/// use hft_core::world::{LinkId, Machine, Mail, Message, NodeId};
/// let headline = News::Headline { item: 0, published: Timestamp::new(1_000) };
/// let mut tape = Tape::new([(Timestamp::new(5_000), headline)].into_iter());
/// tape.subscribe(LinkId(0));
/// let mut mail = Mail::new();
/// tape.handle(Timestamp::START, NodeId(0), Message::Start, &mut mail); // sets its timer
/// tape.handle(Timestamp::new(5_000), NodeId(0), Message::Wake(0), &mut mail);
/// assert_eq!(mail.drain().last().expect("news").message, Message::News(headline));
/// ```
pub struct Tape {
    items: Box<dyn Iterator<Item = (Timestamp, News)> + Send>,
    next: Option<News>,
    subscribers: Vec<LinkId>,
}

impl Tape {
    /// Plays `items`, whose times must not go back (an earlier one is played at once).
    pub fn new(items: impl Iterator<Item = (Timestamp, News)> + Send + 'static) -> Self {
        Self { items: Box::new(items), next: None, subscribers: Vec::new() }
    }

    /// Adds a subscriber.
    pub fn subscribe(&mut self, link: LinkId) {
        self.subscribers.push(link);
    }

    fn load(&mut self, mail: &mut Mail) {
        if let Some((time, item)) = self.items.next() {
            self.next = Some(item);
            mail.wake_at(time, 0);
        }
    }
}

impl Machine for Tape {
    fn handle(&mut self, _now: Timestamp, _from: NodeId, message: Message, mail: &mut Mail) {
        match message {
            Message::Start => self.load(mail),
            Message::Stop => {}
            Message::Wake(_) => {
                let item = self.next.take().expect("the timer was set for an item");
                for &link in &self.subscribers {
                    mail.send(link, Message::News(item));
                }
                self.load(mail);
            }
            Message::Command(_)
            | Message::Approved(_)
            | Message::Report(_)
            | Message::Refused(_)
            | Message::Market(_)
            | Message::News(_)
            | Message::Resend { .. }
            | Message::Disconnected(_)
            | Message::Trade(_)
            | Message::Fill(_)
            | Message::Order(_)
            | Message::Statement(_)
            | Message::Halted(_)
            | Message::Panicked => unreachable!("a tape is not sent {message:?}"),
        }
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape").field("subscribers", &self.subscribers).finish_non_exhaustive()
    }
}
