//! Invariant: one shape, one sequence of messages: every price-time correct engine agrees on its trades.
//!
//! The order flow that matching engines are compared on: a book of resting orders, then messages: 46 % add, 41 %
//! cancel, 3 % reduce in place, 10 % aggressive limit. The fair price is an Ornstein-Uhlenbeck process, distances from
//! the touch are geometric, cancels are uniform over live orders, ids are dense. Left out: icebergs, stops, auctions,
//! self-trade prevention; their rules are tested elsewhere, and cost the common order a predicted branch.
#![allow(clippy::cast_sign_loss, reason = "prices and sizes are drawn positive")]
#![allow(dead_code, reason = "each bench uses its part")]

pub mod engine;
pub mod naive;

use naive::NaiveBook;

/// What to generate, and what the trades of the work must come to.
#[derive(Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    /// Orders in the book before the work begins.
    pub resting: usize,
    /// Messages of work.
    pub messages: usize,
    /// Mean distance of a new order from the touch, in ticks.
    pub mean_distance: f64,
    /// Standard deviation of the fair price in the long run, in ticks.
    pub deviation: f64,
    pub seed: u64,
    pub trades: u64,
    pub quantity: u64,
}

pub const SHALLOW: Shape = Shape {
    name: "shallow",
    resting: 20_000,
    messages: 5_000_000,
    mean_distance: 30.0,
    deviation: 100.0,
    seed: 23,
    trades: 755_622,
    quantity: 14_067_852,
};

pub const DEEP: Shape = Shape {
    name: "deep",
    resting: 1_000_000,
    messages: 5_000_000,
    mean_distance: 400.0,
    deviation: 400.0,
    seed: 42,
    trades: 725_449,
    quantity: 13_455_427,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Buy,
    Sell,
}

#[derive(Clone, Copy)]
pub enum Action {
    /// A limit order: passive, or aggressive.
    Limit {
        side: Side,
        owner: u16,
        price: u32,
        qty: u32,
    },
    Cancel,
    /// In place, to what is then left.
    Reduce {
        by: u32,
        left: u32,
    },
}

#[derive(Clone, Copy)]
pub struct Message {
    pub id: u64,
    pub action: Action,
}

/// The messages that build the book, and the work.
pub struct Workload {
    pub prefill: Vec<Message>,
    pub work: Vec<Message>,
}

/// What the work must come to, in any engine.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Tally {
    pub trades: u64,
    pub quantity: u64,
}

const BASE: u32 = 100_000;
const REACH: u32 = 32_768;
const FURTHEST: u32 = 30_000;
/// Mean reversion of the fair price, per message.
const REVERSION: f64 = 1.0 / 200_000.0;

/// SplitMix64 and the draws made from it.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    fn geometric(&mut self, mean: f64) -> u32 {
        let unit = 1.0 - self.unit();
        (-libm::log(unit) * mean) as u32
    }

    /// Twelve uniforms: near enough to normal, and portable.
    fn normal(&mut self) -> f64 {
        (0..12).fold(0.0, |sum, _| sum + self.unit()) - 6.0
    }

    fn side(&mut self) -> Side {
        if self.next() & 1 == 0 { Side::Buy } else { Side::Sell }
    }
}

/// Live ids, for a uniform choice among them.
#[derive(Default)]
struct Live {
    ids: Vec<u64>,
    /// Where each id stands in `ids`.
    places: Vec<u32>,
}

impl Live {
    fn push(&mut self, id: u64) {
        self.places.resize(usize::try_from(id).expect("small") + 1, 0);
        self.places[id as usize] = u32::try_from(self.ids.len()).expect("small");
        self.ids.push(id);
    }

    fn remove(&mut self, id: u64) {
        let place = self.places[id as usize];
        self.ids.swap_remove(place as usize);
        if let Some(&moved) = self.ids.get(place as usize) {
            self.places[moved as usize] = place;
        }
    }

    fn any(&self, random: &mut Random) -> Option<u64> {
        (!self.ids.is_empty()).then(|| self.ids[random.below(self.ids.len() as u64) as usize])
    }
}

struct Generator {
    shape: Shape,
    random: Random,
    book: NaiveBook,
    live: Live,
    last_id: u64,
    fair: f64,
}

impl Shape {
    /// Generates the messages, and checks that they come to what they must.
    pub fn generate(self) -> Workload {
        let mut generator = Generator {
            shape: self,
            random: Random(self.seed),
            book: NaiveBook::default(),
            live: Live::default(),
            last_id: 0,
            fair: 0.0,
        };
        let mut prefill = Vec::new();
        while generator.live.ids.len() < self.resting {
            generator.move_fair();
            generator.random.unit();
            let side = generator.random.side();
            prefill.push(generator.passive(side));
        }
        generator.book.tally = Tally::default();
        let mut work = Vec::with_capacity(self.messages);
        while work.len() < self.messages {
            generator.move_fair();
            work.extend(generator.message());
        }
        let expected = Tally { trades: self.trades, quantity: self.quantity };
        assert_eq!(generator.book.tally, expected, "{}: this is another workload", self.name);
        Workload { prefill, work }
    }
}

impl Generator {
    fn move_fair(&mut self) {
        let volatility = self.shape.deviation * (2.0 * REVERSION).sqrt();
        self.fair += -REVERSION * self.fair + volatility * self.random.normal();
    }

    fn mid(&self) -> f64 {
        f64::from(BASE) + self.fair
    }

    /// One message of the work; `None` where what was drawn is impossible.
    fn message(&mut self) -> Option<Message> {
        let [bid, ask] = [Side::Buy, Side::Sell].map(|side| f64::from(self.book.best(side).unwrap_or(BASE)));
        let pull = 0.5 + 0.35 * libm::tanh((self.mid() - (bid + ask) / 2.0) / 4.0);
        let kind = self.random.unit();
        if kind < 0.10 {
            let side = if self.random.unit() < pull { Side::Buy } else { Side::Sell };
            return self.aggressive(side);
        }
        if kind < 0.13 {
            return self.reduce();
        }
        let target = self.shape.resting as f64;
        let shortage = (target - self.live.ids.len() as f64) / target * 4.0;
        if self.random.unit() < (0.5 + shortage).clamp(0.3, 0.7) {
            let side = self.random.side();
            return Some(self.passive(side));
        }
        let id = self.live.any(&mut self.random)?;
        self.live.remove(id);
        self.book.cancel(id);
        Some(Message { id, action: Action::Cancel })
    }

    fn enter(&mut self, side: Side, price: u32, qty: u32) -> Message {
        let owner = self.random.below(1000) as u16;
        self.last_id += 1;
        let id = self.last_id;
        let live = &mut self.live;
        let rests = self.book.submit(id, side, price, qty, |gone| live.remove(gone));
        if rests {
            self.live.push(id);
        }
        Message { id, action: Action::Limit { side, owner, price, qty } }
    }

    fn passive(&mut self, side: Side) -> Message {
        let distance = self.random.geometric(self.shape.mean_distance).min(FURTHEST);
        let floor = self.mid().floor() as u32;
        let price = match (side, self.book.best(side.opposite())) {
            (Side::Buy, ask) => ask.map_or(floor, |ask| floor.min(ask - 1)) - distance,
            (Side::Sell, bid) => bid.map_or(floor + 1, |bid| (floor + 1).max(bid + 1)) + distance,
        };
        let price = price.clamp(BASE - REACH + 1, BASE + REACH - 2);
        let qty = 1 + self.random.below(100) as u32;
        self.enter(side, price, qty)
    }

    fn aggressive(&mut self, side: Side) -> Option<Message> {
        let size = self.random.unit();
        let qty = if size < 0.75 {
            1 + self.random.below(20)
        } else if size < 0.98 {
            1 + self.random.below(100)
        } else {
            100 + self.random.below(900)
        };
        let slack = self.random.geometric(1.0);
        let touch = self.book.best(side.opposite())?;
        let price = match side {
            Side::Buy => touch + slack,
            Side::Sell => touch - slack,
        };
        Some(self.enter(side, price, qty as u32))
    }

    fn reduce(&mut self) -> Option<Message> {
        let id = self.live.any(&mut self.random)?;
        let open = self.book.open(id);
        if open < 2 {
            return None;
        }
        let left = 1 + self.random.below(u64::from(open) - 1) as u32;
        let by = open - left;
        self.book.reduce(id, by);
        Some(Message { id, action: Action::Reduce { by, left } })
    }
}

impl Side {
    pub const fn opposite(self) -> Side {
        match self {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        }
    }
}
