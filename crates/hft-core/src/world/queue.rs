//! The event queue: items with a delivery time, in total order.
//!
//! Invariant: items leave in the order of `(due, number given at sending)`. No two are equal, so the order is total, and
//! it depends on nothing but what was pushed and when.
//!
//! Most links have a constant latency, and the time never goes back, so what is sent over all links of one latency is
//! sorted as it comes: a plain ring buffer, one *lane* per distinct latency. What is left (timers, jitter) goes through
//! a binary heap. Leaving is a merge: the least of a few lane heads and the top of the heap.
//!
//! Every lane has one head, and the heap has one too, all side by side: leaving is to find the least of these numbers,
//! without a branch that could be guessed wrong. What is in a lane moves in and out once and should be small; the heap
//! sifts keys alone, and keeps its items in places that are reused, the last one left first. In steady state nothing
//! allocates.
//!
//! Left out: cancelling a timer. Who set it ignores it when it comes.

use crate::models::{Nanos, Timestamp};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// How many distinct constant latencies have a lane of their own; further ones go through the heap, a little slower.
pub const LANES_MAX: usize = 15;

/// Names a lane of one [`Queue`]: where its head is.
///
/// Example: [`Queue`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneId(usize);

/// Due time in the high half, sending number below it: one comparison. The lowest bits say whose head it is.
type Key = u128;

const EMPTY: Key = Key::MAX;

/// Where the heap's head is; the lanes' are behind it.
const HEAP: usize = 0;
/// How many heads are compared at a time.
const HEADS: usize = 8;
const HEAD_BITS: u32 = (LANES_MAX + 1).ilog2();

const fn key(due: Timestamp, number: u64, head: usize) -> Key {
    (due.nanos() as u128) << 64 | (number as u128) << HEAD_BITS | head as u128
}

#[allow(clippy::cast_possible_truncation, reason = "the lowest bits")]
const fn head_of(key: Key) -> usize {
    key as usize & LANES_MAX
}

#[allow(clippy::cast_possible_truncation, reason = "the high half")]
const fn due_of(key: Key) -> Timestamp {
    Timestamp::new((key >> 64) as u64)
}

/// See the module's documentation.
///
/// ```
/// use hft_core::{models::{Nanos, Timestamp}, world::Queue};
/// let mut queue = Queue::new();
/// let microsecond = queue.lane(Nanos::from_micros(1)).expect("the second lane of sixteen");
/// queue.push(Timestamp::new(1_000), "a timer set first");
/// queue.push_lane(microsecond, Timestamp::new(1_000), "a message, as late, but sent second");
/// queue.push_lane(Queue::<&str>::NOW, Timestamp::new(5), "mail without latency");
/// let order = [(); 3].map(|()| queue.pop().map(|(due, what)| (due.nanos(), what)).expect("three"));
/// assert_eq!(order.map(|(due, _)| due), [5, 1_000, 1_000]);
/// assert_eq!(order[1].1, "a timer set first");
/// ```
#[derive(Debug)]
pub struct Queue<T> {
    /// The least key of the heap, then of each lane, or [`EMPTY`]; of the rest, [`EMPTY`].
    heads: Vec<[Key; HEADS]>,
    /// `lanes[i]` has its head in `heads[i + 1]`.
    lanes: Vec<Lane<T>>,
    heap: BinaryHeap<Reverse<(Key, u32)>>,
    /// The items of the heap.
    places: Vec<Option<T>>,
    /// Places without an item.
    free: Vec<u32>,
    sent: u64,
    len: usize,
}

#[derive(Debug)]
struct Lane<T> {
    latency: Nanos,
    items: VecDeque<(Key, T)>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Queue<T> {
    /// The lane of what is due as soon as it is sent. Every queue has it.
    pub const NOW: LaneId = LaneId(HEAP + 1);

    /// An empty queue with the lane [`Queue::NOW`].
    pub fn new() -> Self {
        let mut queue = Self {
            heads: vec![[EMPTY; HEADS]],
            lanes: Vec::new(),
            heap: BinaryHeap::new(),
            places: Vec::new(),
            free: Vec::new(),
            sent: 0,
            len: 0,
        };
        queue.lane(Nanos::ZERO).expect("the first lane of many");
        queue
    }

    /// The lane of a constant latency, made if there is none; `None` when all [`LANES_MAX`] are taken by others.
    pub fn lane(&mut self, latency: Nanos) -> Option<LaneId> {
        if let Some(lane) = self.lanes.iter().position(|lane| lane.latency == latency) {
            return Some(LaneId(lane + 1));
        }
        if self.lanes.len() == LANES_MAX {
            return None;
        }
        self.lanes.push(Lane { latency, items: VecDeque::new() });
        self.heads.resize(self.lanes.len() / HEADS + 1, [EMPTY; HEADS]);
        Some(LaneId(self.lanes.len()))
    }

    /// Adds an item to a lane.
    ///
    /// # Panics
    /// When it is due before the last one in the lane: the sender's time went back.
    #[inline]
    pub fn push_lane(&mut self, lane: LaneId, due: Timestamp, item: T) {
        let key = self.next_key(due, lane.0);
        let items = &mut self.lanes[lane.0 - 1].items;
        match items.back() {
            None => *head(&mut self.heads, lane.0) = key,
            Some((last, _)) => assert!(key > *last, "a lane is sorted by due time"),
        }
        items.push_back((key, item));
    }

    /// Adds an item that is due at any time.
    #[inline]
    pub fn push(&mut self, due: Timestamp, item: T) {
        let key = self.next_key(due, HEAP);
        let place = match self.free.pop() {
            Some(place) => {
                self.places[place as usize] = Some(item);
                place
            }
            None => {
                self.places.push(Some(item));
                u32::try_from(self.places.len() - 1).expect("fewer than 2^32 messages are in flight")
            }
        };
        self.heap.push(Reverse((key, place)));
        let least = head(&mut self.heads, HEAP);
        *least = key.min(*least);
    }

    #[inline]
    fn next_key(&mut self, due: Timestamp, head: usize) -> Key {
        let key = key(due, self.sent, head);
        self.sent += 1;
        self.len += 1;
        key
    }

    /// Takes out the first item, and says when it is due.
    #[inline]
    pub fn pop(&mut self) -> Option<(Timestamp, T)> {
        self.pop_by(Timestamp::MAX)
    }

    /// Takes out the first item, if it is due at `limit` or before.
    #[inline]
    pub fn pop_by(&mut self, limit: Timestamp) -> Option<(Timestamp, T)> {
        let first = self.first();
        if first == EMPTY || due_of(first) > limit {
            return None;
        }
        self.len -= 1;
        let item = match head_of(first) {
            HEAP => self.pop_heap(),
            lane => {
                let items = &mut self.lanes[lane - 1].items;
                let (_, item) = items.pop_front().expect("a lane with a head has an item");
                *head(&mut self.heads, lane) = items.front().map_or(EMPTY, |(key, _)| *key);
                item
            }
        };
        Some((due_of(first), item))
    }

    fn pop_heap(&mut self) -> T {
        let Reverse((_, place)) = self.heap.pop().expect("a heap with a head has an item");
        *head(&mut self.heads, HEAP) = self.heap.peek().map_or(EMPTY, |Reverse((key, _))| *key);
        self.free.push(place);
        self.places[place as usize].take().expect("an item stands in its place until its key leaves")
    }

    /// The least head.
    #[inline]
    fn first(&self) -> Key {
        self.heads.iter().fold(EMPTY, |first, &[a, b, c, d, e, f, g, h]| {
            let (left, right) = (a.min(b).min(c.min(d)), e.min(f).min(g.min(h)));
            first.min(left.min(right))
        })
    }

    /// When the first item is due.
    #[inline]
    pub fn next_due(&self) -> Option<Timestamp> {
        let first = self.first();
        (first != EMPTY).then(|| due_of(first))
    }

    /// How many items wait.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True when none waits.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[inline]
fn head(heads: &mut [[Key; HEADS]], at: usize) -> &mut Key {
    &mut heads[at / HEADS][at % HEADS]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The slow, obvious twin: everything in one heap.
    #[derive(Default)]
    struct Naive {
        heap: BinaryHeap<Reverse<(Timestamp, u64)>>,
        sent: u64,
    }

    impl Naive {
        fn push(&mut self, due: Timestamp) {
            self.heap.push(Reverse((due, self.sent)));
            self.sent += 1;
        }

        fn pop(&mut self) -> Option<(Timestamp, u64)> {
            self.heap.pop().map(|Reverse(item)| item)
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Constant(u64),
        Timer(u64),
        Pop,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0..24_u64).prop_map(|latency| Step::Constant(latency * latency)),
            1 => (0..600_u64).prop_map(Step::Timer),
            3 => Just(Step::Pop),
        ];
        proptest::collection::vec(step, 1..400)
    }

    proptest! {
        #[test]
        fn leaves_in_the_order_of_the_naive_twin(steps in steps()) {
            let (mut queue, mut naive) = (Queue::new(), Naive::default());
            let mut now = Timestamp::START;
            for step in steps {
                let number = naive.sent;
                match step {
                    Step::Constant(latency) => {
                        let latency = Nanos::new(latency);
                        match queue.lane(latency) {
                            Some(lane) => queue.push_lane(lane, now + latency, number),
                            None => queue.push(now + latency, number),
                        }
                        naive.push(now + latency);
                    }
                    Step::Timer(ahead) => {
                        queue.push(now + Nanos::new(ahead), number);
                        naive.push(now + Nanos::new(ahead));
                    }
                    Step::Pop => {
                        let popped = queue.pop();
                        prop_assert_eq!(popped, naive.pop());
                        now = popped.map_or(now, |(due, _)| due);
                    }
                }
                prop_assert_eq!(queue.len(), naive.heap.len());
            }
            while let Some(item) = naive.pop() {
                prop_assert_eq!(queue.pop(), Some(item));
            }
            prop_assert!(queue.is_empty());
        }
    }

    #[test]
    fn limit_holds_back_what_is_due_later() {
        let mut queue = Queue::new();
        queue.push(Timestamp::new(10), 'a');
        queue.push_lane(Queue::<char>::NOW, Timestamp::new(20), 'b');
        assert_eq!(queue.pop_by(Timestamp::new(9)), None);
        assert_eq!(queue.pop_by(Timestamp::new(10)), Some((Timestamp::new(10), 'a')));
        assert_eq!(queue.pop_by(Timestamp::new(19)), None);
        assert_eq!(queue.len(), 1);
    }

    #[test]
    #[should_panic(expected = "a lane is sorted by due time")]
    fn time_may_not_go_back_in_a_lane() {
        let mut queue = Queue::<()>::new();
        queue.push_lane(Queue::<()>::NOW, Timestamp::new(2), ());
        queue.push_lane(Queue::<()>::NOW, Timestamp::new(1), ());
    }
}
