//! The ledger and the attribution against what anyone can recompute from the whole history.

use hft_core::account::{
    AttributedFill, Attribution, Ledger, LedgerError, Listing, MARKOUT_HORIZONS, MarkoutTally, Markouts, NamedFill,
    PnlParts,
};
use hft_core::models::*;
use proptest::prelude::*;
use std::sync::Arc;

const HORIZON: Nanos = Nanos::from_millis(50);

/// One thing that happens at the venue.
#[derive(Clone, Copy, Debug)]
enum Step {
    Mid(HalfTicks),
    Fill { side: Side, price: i64, qty: i64, mid_off: i128, fee: i128 },
}

fn contract(tick: &str) -> Arc<Instrument> {
    let tick = tick.parse().expect("decimal");
    Instrument::new("X", "USD", tick, Decimal::ONE, Decimal::ONE, FeeSchedule::default()).expect("valid").into()
}

fn book(venue: u16, instrument: u16) -> BookId {
    BookId { venue: VenueId(venue), instrument: InstrumentId(instrument) }
}

fn fill(side: Side, price: i64, qty: i64, fee: i128) -> Fill {
    Fill {
        trade: TradeId(1),
        side,
        price: Price::new(price),
        qty: Qty::new(qty),
        liquidity: Liquidity::Maker,
        fee: Cash::new(fee),
        ahead: Qty::ZERO,
        mid: HalfTicks::ZERO,
    }
}

fn top(bid: i64, ask: i64) -> Top {
    let quote = |price| Some(Quote { price: Price::new(price), qty: Qty::new(1) });
    Top { bid: quote(bid), ask: quote(ask) }
}

fn steps() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let step =
        prop_oneof![
            (150i128..250).prop_map(|mid| Step::Mid(HalfTicks::new(mid))),
            (side, 80i64..120, 1i64..9, -3i128..4, -50i128..50)
                .prop_map(|(side, price, qty, mid_off, fee)| Step::Fill { side, price, qty, mid_off, fee }),
        ];
    prop::collection::vec((0u64..40, step), 1..120)
}

/// The history with times, and the fill that each step made of it: the midpoint of a fill is near the current one.
struct History {
    mids: Vec<(Timestamp, i128)>,
    fills: Vec<AttributedFill>,
    end: Timestamp,
}

fn play(
    steps: &[(u64, Step)],
    mut on_mid: impl FnMut(Timestamp, HalfTicks),
    mut on_fill: impl FnMut(&AttributedFill),
) -> History {
    let mut history = History { mids: vec![(Timestamp::START, 200)], fills: Vec::new(), end: Timestamp::START };
    on_mid(Timestamp::START, HalfTicks::new(200));
    for &(wait, step) in steps {
        history.end = history.end + Nanos::from_millis(wait);
        match step {
            Step::Mid(mid) => {
                history.mids.push((history.end, mid.count()));
                on_mid(history.end, mid);
            }
            Step::Fill { side, price, qty, mid_off, fee } => {
                let (_, current) = *history.mids.last().expect("there is a first");
                let fill = AttributedFill {
                    time: history.end,
                    side,
                    price: Price::new(price),
                    qty: Qty::new(qty),
                    mid: HalfTicks::new(current + mid_off),
                    fee: Cash::new(fee),
                };
                history.fills.push(fill);
                on_fill(&fill);
            }
        }
    }
    history
}

impl History {
    /// The midpoint after everything that happened up to and including `when`.
    fn mid_at(&self, when: Timestamp) -> i128 {
        self.mids.iter().take_while(|&&(time, _)| time <= when).last().expect("there is a first").1
    }

    /// The definition, sum by sum; in half ticks, where half a tick of one lot is `unit`.
    fn attribution(&self, unit: i128) -> PnlParts {
        let mut parts = PnlParts::default();
        let last = self.mids.last().expect("there is a first").1;
        for fill in &self.fills {
            let signed = i128::from(fill.side.sign() * fill.qty.lots());
            let horizon_mid = self.mid_at((fill.time + HORIZON).min(self.end));
            parts.spread += Cash::new(signed * (fill.mid.count() - 2 * i128::from(fill.price.ticks())) * unit);
            parts.adverse += Cash::new(signed * (horizon_mid - fill.mid.count()) * unit);
            parts.inventory += Cash::new(signed * (last - horizon_mid) * unit);
            parts.fees += fill.fee;
        }
        parts
    }

    fn markouts(&self) -> [MarkoutTally; MARKOUT_HORIZONS.len()] {
        MARKOUT_HORIZONS.map(|horizon| {
            let mut tally = MarkoutTally::default();
            for fill in &self.fills {
                let due = fill.time + horizon;
                if due > self.end {
                    tally.too_short += 1;
                    continue;
                }
                let later = self.mid_at(due) - 2 * i128::from(fill.price.ticks());
                let (per_lot, lots) = (later * i128::from(fill.side.sign()), i128::from(fill.qty.lots()));
                tally.fills += 1;
                tally.lots += lots;
                tally.sum += per_lot;
                tally.sum_of_squares += per_lot * per_lot;
                tally.weighted_sum += per_lot * lots;
            }
            tally
        })
    }
}

proptest! {
    /// Incremental attribution equals its definition, part by part, and the parts sum to the change of equity.
    #[test]
    fn attribution_equals_its_definition(steps in steps()) {
        let x = contract("0.01");
        let unit = Cash::PER_UNIT / 200;
        let why = std::cell::Cell::new(Some(Attribution::new(HORIZON)));
        let with = |act: &dyn Fn(&mut Attribution)| {
            let mut inner = why.take().expect("put back");
            act(&mut inner);
            inner.verified(&x).expect("the identity holds after every step");
            why.set(Some(inner));
        };
        let history = play(&steps, |now, mid| with(&|why| why.on_mid(now, mid)), |fill| with(&|why| why.on_fill(fill)));
        let why = why.take().expect("put back");
        prop_assert_eq!(why.verified(&x).expect("adds up"), history.attribution(unit));
    }

    /// Markouts equal their definition at every horizon, and every fill is counted once.
    #[test]
    fn markouts_equal_their_definition(steps in steps()) {
        let shared = std::cell::Cell::new(Some(Markouts::default()));
        let with = |act: &dyn Fn(&mut Markouts)| {
            let mut inner = shared.take().expect("put back");
            act(&mut inner);
            shared.set(Some(inner));
        };
        let named = |fill| NamedFill { book: book(0, 0), trade: TradeId(0), order: OrderId(0), fill };
        let history = play(
            &steps,
            |now, mid| with(&|table| table.on_mid::<()>(now, mid, |_| Ok(())).expect("nothing fails")),
            |fill| with(&|table| table.on_fill(named(*fill)).expect("few fills")),
        );
        let mut markouts = shared.take().expect("put back");
        markouts.end::<()>(history.end, |_| Ok(())).expect("nothing fails");
        prop_assert_eq!(markouts.tallies(), &history.markouts());
        prop_assert_eq!(markouts.pending(), 0);
    }

    /// Equity is cash, fees and what was traded at each book at that book's mark, recomputed from every fill; realised and
    /// unrealised and fees sum to it; where every book is flat, realised is the cash.
    #[test]
    fn equity_is_what_the_history_says(
        steps in prop::collection::vec((0u16..2, 0u16..2, 80i64..120, -8i64..9, -50i128..50), 1..80),
    ) {
        let listings: Vec<Listing> = (0..2)
            .flat_map(|venue| (0..2).map(move |instrument| Listing { book: book(venue, instrument), instrument: contract("0.01") }))
            .collect();
        let mut ledger = Ledger::new(AccountId(0), &listings);
        let (mut cash, mut fees, mut lots, mut marks) = (0i128, 0i128, [[0i128; 2]; 2], [[None; 2]; 2]);
        let (mut peak, mut deepest) = (0i128, 0i128);
        let half = Cash::PER_UNIT / 200;
        for (venue, instrument, price, size, fee) in steps {
            let (here, what) = (usize::from(venue), usize::from(instrument));
            if size == 0 {
                ledger.mark(book(venue, instrument), top(price, price + 1)).expect("listed");
                marks[what][here] = Some((i128::from(price) * 2 + 1, true));
            } else {
                let side = if size > 0 { Side::Buy } else { Side::Sell };
                ledger.book_fill(book(venue, instrument), &fill(side, price, size.abs(), fee)).expect("listed");
                cash -= i128::from(price * size) * 2 * half;
                fees += fee;
                lots[what][here] += i128::from(size);
                if !matches!(marks[what][here], Some((_, true))) {
                    marks[what][here] = Some((i128::from(price) * 2, false));
                }
            }
            let value = |what: usize, here: usize| lots[what][here] * marks[what][here].map_or(0, |(mark, _)| mark) * half;
            let values = [0, 1].map(|what| value(what, 0) + value(what, 1));
            let equity = cash + fees + values[0] + values[1];
            peak = peak.max(equity);
            deepest = deepest.max(peak - equity);
            prop_assert_eq!(ledger.equity().raw(), equity);
            prop_assert_eq!((ledger.realised() + ledger.unrealised() + ledger.fees()).raw(), equity);
            prop_assert_eq!(ledger.gross_value().raw(), values[0].abs() + values[1].abs());
            prop_assert_eq!((ledger.peak_equity().raw(), ledger.max_drawdown().raw()), (peak, deepest));
            let statements = (0..2).flat_map(|venue| ledger.statements(VenueId(venue), 9).collect::<Vec<_>>());
            let totals = statements.fold((0, 0, 0), |(a, b, c), s| (a + s.position.count(), b + s.cash.raw(), c + s.fees.raw()));
            prop_assert_eq!(totals, (i64::try_from(lots.as_flattened().iter().sum::<i128>()).expect("few"), cash, fees));
            if lots == [[0, 0]; 2] {
                prop_assert_eq!(ledger.equity().raw(), cash + fees, "flat");
            }
            if [0, 1].map(|what| lots[what][0] + lots[what][1]) == [0, 0] {
                prop_assert_eq!(ledger.realised().raw(), cash, "nothing is held on balance: realised is the cash");
            }
        }
    }
}

#[test]
fn a_refused_entry_changes_nothing() {
    let listings = [Listing { book: book(0, 0), instrument: contract("1") }];
    let mut ledger = Ledger::new(AccountId(7), &listings);
    ledger.book_fill(book(0, 0), &fill(Side::Buy, 100, 1, 5)).expect("fits");
    let before = format!("{ledger:?}");
    let unlisted = ledger.book_fill(book(1, 0), &fill(Side::Buy, 100, 1, 0));
    assert_eq!(unlisted, Err(LedgerError::Unlisted { account: AccountId(7), book: book(1, 0) }));
    for (price, qty) in [(i64::MAX, i64::MAX), (1, i64::MAX)] {
        let error = ledger.book_fill(book(0, 0), &fill(Side::Buy, price, qty, 0)).expect_err("too much");
        assert_eq!(error.to_string(), "account 7: an entry in book 0@0 is more than exact money can count");
    }
    assert_eq!(format!("{ledger:?}"), before);
}

#[test]
fn positions_are_fungible_across_venues_and_each_venue_marks_what_was_traded_there() {
    let listings: Vec<Listing> =
        (0..2).map(|venue| Listing { book: book(venue, 0), instrument: contract("1") }).collect();
    let mut ledger = Ledger::new(AccountId(0), &listings);
    ledger.book_fill(book(0, 0), &fill(Side::Buy, 100, 3, 0)).expect("listed");
    ledger.mark(book(0, 0), top(100, 102)).expect("listed");
    ledger.book_fill(book(1, 0), &fill(Side::Sell, 103, 3, 0)).expect("listed");
    assert_eq!(
        (ledger.position(InstrumentId(0)), ledger.equity().decimal()),
        (Lots::ZERO, "3.00".to_owned()),
        "+3 at 101, -3 at 103"
    );
    ledger.book_fill(book(1, 0), &fill(Side::Buy, 103, 1, 0)).expect("listed");
    assert_eq!(ledger.equity().decimal(), "3.00", "still at the last fill's price there");
    ledger.mark(book(1, 0), top(104, 104)).expect("listed");
    assert_eq!(ledger.equity().decimal(), "1.00", "two short there");
    let position_at = |venue| ledger.subtotal(book(venue, 0)).expect("listed").position.count();
    assert_eq!((position_at(0), position_at(1)), (3, -2));
}
