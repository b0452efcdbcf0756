//! The event queue: items with a delivery time, in total order.
//!
//! Invariant: items leave in the order of `(due, number given at sending)`. No two are equal, so the order is total, and
//! it depends on nothing but what was pushed and when.
//!
//! Most links have a constant latency, and the time never goes back, so what is sent over all links of one latency is
//! sorted as it comes: a plain ring buffer, one *lane* per distinct latency. What is left (timers, jitter) goes through
//! a binary heap. Leaving is a merge: the least of a few lane heads and the top of the heap.
//!
//! Messages are large and keys are small, so only keys move: an item is written once into its place, and read there when
//! it leaves. Places are reused, the last one left first, so that the memory in use follows what is in flight. In steady
//! state nothing allocates.
//!
//! Left out: cancelling a timer. Who set it ignores it when it comes.

use crate::models::{Nanos, Timestamp};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// How many distinct constant latencies have a lane of their own; further ones go through the heap, a little slower.
pub const LANES_MAX: usize = 16;

/// Names a lane of one [`Queue`].
///
/// Example: [`Queue`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneId(usize);

/// Due time in the high half, sending number in the low half: one comparison.
type Key = u128;

const EMPTY: Key = Key::MAX;

const fn key(due: Timestamp, number: u64) -> Key {
    (due.nanos() as u128) << 64 | number as u128
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
/// *queue.push(Timestamp::new(1_000)) = "a timer set first";
/// *queue.push_lane(microsecond, Timestamp::new(1_000)) = "a message, as late, but sent second";
/// *queue.push_lane(Queue::<&str>::NOW, Timestamp::new(5)) = "mail without latency";
/// let order = [(); 3].map(|()| queue.pop().map(|(due, what)| (due.nanos(), *what)).expect("three"));
/// assert_eq!(order.map(|(due, _)| due), [5, 1_000, 1_000]);
/// assert_eq!(order[1].1, "a timer set first");
/// ```
#[derive(Debug)]
pub struct Queue<T> {
    /// `heads[i]` is the key of the front of `lanes[i]`, or [`EMPTY`].
    heads: Vec<Key>,
    lanes: Vec<Lane>,
    heap: BinaryHeap<Reverse<(Key, u32)>>,
    places: Vec<T>,
    /// Places that nothing in flight occupies.
    free: Vec<u32>,
    sent: u64,
}

#[derive(Debug)]
struct Lane {
    latency: Nanos,
    items: VecDeque<(Key, u32)>,
}

impl<T: Default> Default for Queue<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Default> Queue<T> {
    /// The lane of what is due as soon as it is sent. Every queue has it.
    pub const NOW: LaneId = LaneId(0);

    /// An empty queue with the lane [`Queue::NOW`].
    pub fn new() -> Self {
        let mut queue = Self {
            heads: Vec::new(),
            lanes: Vec::new(),
            heap: BinaryHeap::new(),
            places: Vec::new(),
            free: Vec::new(),
            sent: 0,
        };
        queue.lane(Nanos::ZERO).expect("the first lane of many");
        queue
    }

    /// The lane of a constant latency, made if there is none; `None` when all [`LANES_MAX`] are taken by others.
    pub fn lane(&mut self, latency: Nanos) -> Option<LaneId> {
        if let Some(lane) = self.lanes.iter().position(|lane| lane.latency == latency) {
            return Some(LaneId(lane));
        }
        if self.lanes.len() == LANES_MAX {
            return None;
        }
        self.lanes.push(Lane { latency, items: VecDeque::new() });
        self.heads.push(EMPTY);
        Some(LaneId(self.lanes.len() - 1))
    }

    /// Adds an item to a lane. Write it into the place returned: what stands there is left over from another.
    ///
    /// # Panics
    /// When it is due before the last one in the lane: the sender's time went back.
    #[inline]
    pub fn push_lane(&mut self, lane: LaneId, due: Timestamp) -> &mut T {
        let key = key(due, self.sent);
        self.sent += 1;
        let place = self.place();
        let items = &mut self.lanes[lane.0].items;
        match items.back() {
            None => self.heads[lane.0] = key,
            Some((last, _)) => assert!(key > *last, "a lane is sorted by due time"),
        }
        items.push_back((key, place));
        &mut self.places[place as usize]
    }

    /// Adds an item that is due at any time. Write it into the place returned.
    #[inline]
    pub fn push(&mut self, due: Timestamp) -> &mut T {
        let place = self.place();
        self.heap.push(Reverse((key(due, self.sent), place)));
        self.sent += 1;
        &mut self.places[place as usize]
    }

    /// A free place.
    #[inline]
    fn place(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.places.push(T::default());
            u32::try_from(self.places.len() - 1).expect("fewer than 2^32 messages are in flight")
        })
    }

    /// Takes out the first item, and says when it is due. Move it out of its place: the next push may take that.
    #[inline]
    pub fn pop(&mut self) -> Option<(Timestamp, &mut T)> {
        self.pop_by(Timestamp::MAX)
    }

    /// Takes out the first item, if it is due at `limit` or before.
    #[inline]
    pub fn pop_by(&mut self, limit: Timestamp) -> Option<(Timestamp, &mut T)> {
        let (lane, mut first) = self.first_lane();
        let top = self.heap.peek().map_or(EMPTY, |Reverse((key, _))| *key);
        let timer = top < first;
        if timer {
            first = top;
        }
        if first == EMPTY || due_of(first) > limit {
            return None;
        }
        let place = if timer {
            self.heap.pop().expect("it was peeked at").0.1
        } else {
            let items = &mut self.lanes[lane].items;
            let (_, place) = items.pop_front().expect("a lane with a head has an item");
            self.heads[lane] = items.front().map_or(EMPTY, |(key, _)| *key);
            place
        };
        self.free.push(place);
        Some((due_of(first), &mut self.places[place as usize]))
    }

    /// The lane whose head is least, and that head.
    #[inline]
    fn first_lane(&self) -> (usize, Key) {
        let mut best = (0, self.heads[0]);
        for (lane, &head) in self.heads.iter().enumerate().skip(1) {
            if head < best.1 {
                best = (lane, head);
            }
        }
        best
    }

    /// When the first item is due.
    #[inline]
    pub fn next_due(&self) -> Option<Timestamp> {
        let top = self.heap.peek().map_or(EMPTY, |Reverse((key, _))| *key);
        let first = self.first_lane().1.min(top);
        (first != EMPTY).then(|| due_of(first))
    }

    /// How many items wait.
    pub const fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// True when none waits.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
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
                            Some(lane) => *queue.push_lane(lane, now + latency) = number,
                            None => *queue.push(now + latency) = number,
                        }
                        naive.push(now + latency);
                    }
                    Step::Timer(ahead) => {
                        *queue.push(now + Nanos::new(ahead)) = number;
                        naive.push(now + Nanos::new(ahead));
                    }
                    Step::Pop => {
                        let popped = queue.pop().map(|(due, item)| (due, *item));
                        prop_assert_eq!(popped, naive.pop());
                        now = popped.map_or(now, |(due, _)| due);
                    }
                }
                prop_assert_eq!(queue.len(), naive.heap.len());
            }
            while let Some(item) = naive.pop() {
                prop_assert_eq!(queue.pop().map(|(due, item)| (due, *item)), Some(item));
            }
            prop_assert!(queue.is_empty());
        }
    }

    #[test]
    fn limit_holds_back_what_is_due_later() {
        let mut queue = Queue::new();
        *queue.push(Timestamp::new(10)) = 'a';
        *queue.push_lane(Queue::<char>::NOW, Timestamp::new(20)) = 'b';
        assert_eq!(queue.pop_by(Timestamp::new(9)), None);
        assert_eq!(queue.pop_by(Timestamp::new(10)), Some((Timestamp::new(10), &mut 'a')));
        assert_eq!(queue.pop_by(Timestamp::new(19)), None);
        assert_eq!(queue.len(), 1);
    }

    #[test]
    #[should_panic(expected = "a lane is sorted by due time")]
    fn time_may_not_go_back_in_a_lane() {
        let mut queue = Queue::<()>::new();
        queue.push_lane(Queue::<()>::NOW, Timestamp::new(2));
        queue.push_lane(Queue::<()>::NOW, Timestamp::new(1));
    }
}
