//! The detector on hand-made tapes: what it must say, and what it must not.

use hft_core::models::{AccountId, OrderId, Price, Qty, Side, Timestamp};
use hft_manipulative_edu::surveillance::{Alert, Deed, Observed, Surveillance, Thresholds, Typology};

/// A tape that is written by hand: times in ms.
struct Tape {
    surveillance: Surveillance,
    order: u64,
}

const MAKER: u32 = 1;
const SUSPECT: u32 = 2;

impl Tape {
    /// A market in which an order usually shows five.
    fn new() -> Self {
        let mut tape = Self { surveillance: Surveillance::new(Thresholds::default()), order: 0 };
        for n in 0..40 {
            let side = Side::BOTH[n % 2];
            tape.place(0, MAKER, side, if side == Side::Buy { 99 } else { 101 }, 5);
        }
        tape
    }

    fn see(&mut self, ms: u64, who: u32, order: u64, deed: Deed) {
        let time = Timestamp::new(ms * 1_000_000);
        self.surveillance.observe(&Observed { time, who: Some(AccountId(who)), order: OrderId(order), deed });
    }

    fn place(&mut self, ms: u64, who: u32, side: Side, price: i64, lots: i64) -> u64 {
        self.order += 1;
        self.see(ms, who, self.order, Deed::Placed { side, price: Price::new(price), shown: Qty::new(lots) });
        self.order
    }

    fn fill(&mut self, ms: u64, order: u64, side: Side, lots: i64) {
        let (price, qty, shown) = (Price::new(100), Qty::new(lots), Qty::ZERO);
        self.see(ms, SUSPECT, order, Deed::Filled { side, price, qty, shown, is_taker: false });
    }

    fn cancel(&mut self, ms: u64, order: u64) {
        self.see(ms, SUSPECT, order, Deed::Cancelled);
    }

    fn alerts(self) -> Vec<Alert> {
        let mut found = self.surveillance.finish();
        found.retain(|alert| alert.score >= Thresholds::default().alert_score);
        found
    }
}

#[test]
fn a_display_against_a_fill_is_an_alert_with_its_evidence() {
    for side in Side::BOTH {
        let mut tape = Tape::new();
        let (behind, ahead) = if side == Side::Buy { (99, 101) } else { (101, 99) };
        let meant = tape.place(1_000, SUSPECT, side.opposite(), ahead, 5);
        let shown = tape.place(1_001, SUSPECT, side, behind, 100);
        tape.fill(1_400, meant, side.opposite(), 5);
        tape.cancel(1_405, shown);
        let alerts = tape.alerts();
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        let alert = &alerts[0];
        assert_eq!((alert.typology, alert.who), (Typology::Spoofing, Some(SUSPECT)));
        let deeds: Vec<(u64, &str)> = alert.evidence.iter().map(|piece| (piece.order, piece.deed)).collect();
        for piece in [(shown, "placed"), (meant, "filled on the other side"), (shown, "cancelled")] {
            assert!(deeds.contains(&piece), "{deeds:?}");
        }
        assert!(alert.why().contains("from that fill to the cancel, s 0.005"), "{}", alert.why());
        assert!(alert.raised_ns < 1_500_000_000, "a tenth of a second after the cancel at most");
    }
}

#[test]
fn the_same_on_both_sides_is_a_maker() {
    let mut tape = Tape::new();
    let bid = tape.place(1_000, SUSPECT, Side::Buy, 99, 100);
    let ask = tape.place(1_000, SUSPECT, Side::Sell, 101, 100);
    tape.fill(1_400, ask, Side::Sell, 100);
    tape.cancel(1_405, bid);
    assert!(tape.alerts().is_empty());
}

#[test]
fn a_display_that_is_executed_was_meant() {
    let mut tape = Tape::new();
    let meant = tape.place(1_000, SUSPECT, Side::Sell, 101, 5);
    let shown = tape.place(1_001, SUSPECT, Side::Buy, 99, 100);
    tape.fill(1_300, meant, Side::Sell, 5);
    tape.fill(1_400, shown, Side::Buy, 100);
    assert!(tape.alerts().is_empty());
}

#[test]
fn a_large_order_that_is_given_up_is_not_enough() {
    let mut tape = Tape::new();
    let shown = tape.place(1_000, SUSPECT, Side::Buy, 99, 100);
    tape.cancel(4_000, shown);
    assert!(tape.alerts().is_empty());
}

#[test]
fn levels_that_flee_the_price_are_layering_without_a_single_fill() {
    let mut tape = Tape::new();
    let orders: Vec<u64> = (0..5).map(|level| tape.place(1_000, SUSPECT, Side::Sell, 103 + level, 30)).collect();
    for round in 1..=20u64 {
        for (level, &order) in orders.iter().enumerate() {
            let price = Price::new(if round % 2 == 0 { 103 } else { 102 } + i64::try_from(level).expect("a few"));
            tape.see(1_000 + round * 500, SUSPECT, order, Deed::Changed { price, shown: Qty::new(30) });
        }
    }
    orders.iter().for_each(|&order| tape.cancel(20_000, order));
    let alerts = tape.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].typology, Typology::Layering);
}

#[test]
fn a_push_that_is_left_behind_is_an_ignition_and_one_that_stays_is_not() {
    for (leaves, expected) in [(true, 1), (false, 0)] {
        let mut tape = Tape::new();
        // A quiet market around 100.
        for second in 1..=30 {
            let order = tape.place(second * 1_000, MAKER, Side::Buy, 90, 1);
            tape.see(second * 1_000 + 500, MAKER, order, Deed::Cancelled);
        }
        let take = |tape: &mut Tape, ms, side, price, order| {
            let (price, qty, shown) = (Price::new(price), Qty::new(50), Qty::ZERO);
            tape.see(ms, SUSPECT, order, Deed::Filled { side, price, qty, shown, is_taker: true });
        };
        // Asks and bids move up by ten, under its taking.
        let firsts: Vec<u64> = (1..=40).collect();
        take(&mut tape, 31_000, Side::Buy, 101, 900);
        for &order in &firsts {
            let price = if order % 2 == 1 { 109 } else { 111 };
            tape.see(31_010, MAKER, order, Deed::Changed { price: Price::new(price), shown: Qty::new(5) });
        }
        take(&mut tape, 31_020, Side::Buy, 111, 901);
        if leaves {
            take(&mut tape, 32_000, Side::Sell, 109, 902);
            take(&mut tape, 32_100, Side::Sell, 109, 903);
        }
        for &order in firsts.iter().filter(|_| leaves) {
            let price = if order % 2 == 1 { 99 } else { 101 };
            tape.see(33_000, MAKER, order, Deed::Changed { price: Price::new(price), shown: Qty::new(5) });
        }
        let order = tape.place(50_000, MAKER, Side::Buy, 90, 1);
        tape.see(50_000, MAKER, order, Deed::Cancelled);
        let found = tape.alerts();
        assert_eq!(found.iter().filter(|alert| alert.typology == Typology::Ignition).count(), expected, "{found:?}");
    }
}
