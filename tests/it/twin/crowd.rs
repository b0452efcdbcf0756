//! A crowd of senders: mostly sensible, close to one another's prices, sometimes absurd. Every command is a function of
//! the seed and of how many orders live.

use hft_core::models::{
    AccountId, NewOrder, OrderId, OrderType, Phase, Price, Qty, SelfTrade, Side, TimeInForce, Timestamp,
};
use hft_tests::audit::Audit;
use hft_tests::engine::BOOK;
use hft_tests::rules::BookRules;
use hft_tests::script::Step;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Above this many live orders, the crowd cancels more than it enters.
const CROWDED: usize = 200;
/// From this throw of a die of a thousand on, something rare happens.
const RARE: i32 = 985;
const ACCOUNTS: u32 = 5;

/// How the crowd behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mood {
    /// Everything that a book knows, all the time.
    Wild,
    /// Mostly plain orders, and hardly ever a stop: what most messages to a market are.
    Calm,
}

/// The crowd.
pub(super) struct Crowd {
    rng: ChaCha8Rng,
    tick: i64,
    lot: i64,
    /// Prices are around this.
    centre: i64,
    /// Sizes go up to this.
    largest: i64,
    now: u64,
    orders: u64,
    phase: Phase,
    mood: Mood,
    /// The order that the next command is about, if it is about one that should be there.
    named: OrderId,
}

impl Crowd {
    pub(super) fn new(seed: u64, mood: Mood, rules: &BookRules) -> Self {
        let is_extreme = rules.max_px == Price::MAX;
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            tick: rules.tick.count(),
            lot: rules.lot.lots(),
            centre: if is_extreme { i64::MAX - 20 } else { 1_000 },
            largest: if is_extreme { i64::MAX } else { rules.max_qty.lots().min(30 * rules.lot.lots()) },
            now: 0,
            orders: 0,
            phase: Phase::Continuous,
            mood,
            named: OrderId(0),
        }
    }

    /// The next command to a book in which these orders live.
    pub(super) fn next(&mut self, live: &Audit) -> Step {
        let entered = if live.live_orders() < CROWDED { 650 } else { 350 };
        self.named = self.some_order(live);
        match self.rng.random_range(0..1_000) {
            dice if dice < entered => self.new_order(),
            dice if dice < entered + 150 => self.amend(),
            dice if dice < entered + 210 => Step::Reduce { account: self.sender(), id: self.named, by: self.qty() },
            dice if dice < RARE => Step::Cancel { account: self.sender(), id: self.named },
            _ => self.rare(),
        }
    }

    fn new_order(&mut self) -> Step {
        let is_repeat = self.orders > 0 && self.is_one_in(50);
        let id = if is_repeat {
            self.named
        } else {
            self.orders += 1;
            OrderId(self.orders)
        };
        let side = self.side();
        let (price, trigger) = (self.price(side), self.price(side.opposite()));
        let is_plain = self.mood == Mood::Calm && !self.is_one_in(10);
        if is_plain {
            let account = AccountId(self.rng.random_range(0..ACCOUNTS));
            let post_only = self.is_one_in(8);
            let tif = if self.is_one_in(8) { TimeInForce::Day } else { TimeInForce::Gtc };
            let order = NewOrder { post_only, tif, ..NewOrder::limit(id, BOOK, side, price, self.qty()) };
            return Step::New { account, order };
        }
        let kinds = if self.mood == Mood::Calm && !self.is_one_in(50) { 18 } else { 20 };
        let order_type = match self.rng.random_range(0..kinds) {
            0..16 => OrderType::Limit { price },
            16..18 => OrderType::Market,
            18..19 => OrderType::Stop { trigger },
            _ => OrderType::StopLimit { trigger, price },
        };
        let qty = self.qty();
        let tif = match self.rng.random_range(0..20) {
            0..12 => TimeInForce::Gtc,
            12..15 => TimeInForce::Day,
            15..16 => TimeInForce::Ioc,
            16..17 => TimeInForce::Fok,
            _ => TimeInForce::Gtd { expires: Timestamp::new(self.now + self.rng.random_range(0..300)) },
        };
        let display = self.is_one_in(4).then(|| self.part_of(qty));
        let min_fill = if self.is_one_in(15) { self.part_of(qty) } else { Qty::ZERO };
        let self_trade = match self.rng.random_range(0..8) {
            0..4 => SelfTrade::Allow,
            4 => SelfTrade::CancelOldest,
            5 => SelfTrade::CancelNewest,
            6 => SelfTrade::CancelBoth,
            _ => SelfTrade::Decrement,
        };
        let post_only = self.is_one_in(8);
        let order = NewOrder { id, book: BOOK, side, order_type, qty, tif, post_only, display, min_fill, self_trade };
        Step::New { account: AccountId(self.rng.random_range(0..ACCOUNTS)), order }
    }

    fn amend(&mut self) -> Step {
        let (account, id, side) = (self.sender(), self.named, self.side());
        let price = (!self.is_one_in(3)).then(|| self.price(side));
        let qty = self.is_one_in(2).then(|| self.qty());
        Step::Amend { account, id, price, qty }
    }

    /// What happens to a book now and then. No phase but continuous trading lasts.
    fn rare(&mut self) -> Step {
        let account = self.is_one_in(2).then(|| AccountId(self.rng.random_range(0..ACCOUNTS)));
        if self.phase != Phase::Continuous && self.is_one_in(3) {
            self.phase = Phase::Continuous;
            return if self.is_one_in(4) { Step::Phase(Phase::Continuous) } else { Step::Uncross };
        }
        match self.rng.random_range(0..100) {
            0..40 => {
                self.now += self.rng.random_range(0..12);
                let now = Timestamp::new(self.now);
                if self.is_one_in(2) { Step::Time(now) } else { Step::Clock(now) }
            }
            40..43 => Step::MassCancel { account, side: self.is_one_in(2).then(|| self.side()) },
            43..47 => Step::Kill(Some(AccountId(self.rng.random_range(0..ACCOUNTS)))),
            47..48 => Step::Kill(None),
            48..71 => Step::Unkill(account),
            71..74 => Step::Disconnect(account),
            74..76 => Step::EndSession,
            76..90 => {
                self.phase = Phase::Auction;
                Step::Phase(Phase::Auction)
            }
            90..93 => {
                self.phase = Phase::Halt;
                Step::Phase(Phase::Halt)
            }
            93..95 => Step::Uncross,
            _ => Step::Phase(Phase::Continuous),
        }
    }

    fn is_one_in(&mut self, n: u32) -> bool {
        self.rng.random_ratio(1, n)
    }

    fn side(&mut self) -> Side {
        Side::BOTH[self.rng.random_range(0..2)]
    }

    /// Mostly not asked; sometimes right, sometimes somebody else.
    fn sender(&mut self) -> Option<AccountId> {
        self.is_one_in(4).then(|| AccountId(self.rng.random_range(0..ACCOUNTS)))
    }

    /// Mostly one that lives; sometimes one that has ended, or is still to come.
    fn some_order(&mut self, live: &Audit) -> OrderId {
        if live.live_orders() == 0 || self.is_one_in(15) {
            return OrderId(self.rng.random_range(1..=self.orders + 2));
        }
        live.order(self.rng.random_range(0..live.live_orders())).expect("it counts so many")
    }

    /// A few ticks behind the centre or before it; one in forty is off the tick, out of range, or not positive.
    fn price(&mut self, side: Side) -> Price {
        if self.is_one_in(40) {
            let absurd = [0, -1, i64::MIN, i64::MAX, 1, self.centre + 1, self.centre.saturating_add(60)];
            return Price::new(absurd[self.rng.random_range(0..absurd.len())]);
        }
        let behind = self.rng.random_range(-3..=9) * self.tick;
        Price::new(self.centre - side.sign() * behind)
    }

    /// Up to the largest; one in forty is off the lot, out of range, or not positive.
    fn qty(&mut self) -> Qty {
        if self.is_one_in(40) {
            let absurd = [0, -1, i64::MIN, i64::MAX, self.lot + 1, self.lot, 9_990];
            return Qty::new(absurd[self.rng.random_range(0..absurd.len())]);
        }
        Qty::new(self.rng.random_range(1..=self.largest / self.lot) * self.lot)
    }

    /// A size below another, mostly; sometimes far below.
    fn part_of(&mut self, whole: Qty) -> Qty {
        if self.is_one_in(20) {
            return self.qty();
        }
        let whole = if self.is_one_in(4) { Qty::new(whole.lots() >> self.rng.random_range(0..60)) } else { whole };
        Qty::new((self.rng.random_range(1..=(whole.lots().max(1) / self.lot).max(1))) * self.lot)
    }
}
