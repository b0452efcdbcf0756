//! The truth of a book: who took money from whom, and what each trade was worth later. No message carries it, and no strategy sees it.
//!
//! Invariant: what a trade gives one party it takes from the other, to the last half tick, so everything here sums to zero over all accounts.
//! A gain is what was bought, at the midpoint of the end, less what was paid; fees are the venue's and no part of it. A markout is what a
//! trade was worth to the aggressor at the midpoint some time later; to the other party it was worth as much less.
//!
//! Left out: auctions name no aggressor; their buyer stands in its place.

use super::attribution::AttributedFill;
use super::markout::{MARKOUT_HORIZONS, Markout, Markouts, NamedFill};
use crate::models::{AccountId, Cash, HalfTicks, Side, Timestamp};
use crate::world::TradeRecord;
use rustc_hash::FxHashMap;

/// What two accounts did with each other at one book, seen from the aggressor.
///
/// Example: [`Truth`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dealing {
    /// Who arrived.
    pub taker: AccountId,
    /// Who rested.
    pub maker: AccountId,
    /// How often.
    pub trades: u64,
    /// How much, lots.
    pub lots: i128,
    /// What the taker bought of the maker less what it sold, lots.
    bought: i128,
    /// What it paid for that, ticks times lots.
    paid: i128,
    /// At each of the horizons of markouts: lots whose horizon passed, and what they were worth to the taker, half ticks times lots.
    pub later: [Later; MARKOUT_HORIZONS.len()],
}

/// What trades were worth some time later.
///
/// Example: [`Truth`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Later {
    /// Lots whose horizon passed before the end.
    pub lots: i128,
    /// What they were worth to the taker, half ticks times lots.
    pub gained: i128,
}

/// The dealings of one book.
///
/// ```
/// use hft_core::prelude::*;
/// let mut world = World::<Simulated>::new(7);
/// # let x = Instrument::new("X", "USD", "0.01".parse()?, Decimal::ONE, Decimal::ONE, FeeSchedule::default())?;
/// let xsim = world.venue("XSIM", VenueConfig::default())?;
/// let book = world.list(xsim, x, BookRules::default(), Price::new(10_000))?;
/// CrowdConfig::default().join(&mut world, book, Price::new(10_000))?;
/// world.keep_truth();
/// let who = world.directory();
/// let ran = world.lockstep().run(Timestamp::START + Nanos::from_secs(60));
/// let venue = ran.nodes.iter().find_map(Node::as_venue).expect("it was added");
/// let (_, _, truth) = venue.truths().next().expect("it was kept");
/// let informed: Vec<_> = truth.dealings().filter(|one| who.class(one.taker) == "informed").collect();
/// let gained: i128 = informed.iter().map(|one| truth.gained(one)).sum();
/// assert!(informed.iter().any(|one| who.class(one.maker) == "noise") && gained != 0);
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Truth {
    dealings: Vec<Dealing>,
    places: FxHashMap<(AccountId, AccountId), usize>,
    markouts: Markouts,
    /// Of trades whose last horizon is to come: whose they are, and their size.
    waiting: FxHashMap<u64, (usize, i128)>,
    mid: HalfTicks,
    is_over: bool,
    unmeasured: u64,
}

impl Truth {
    /// Of a book whose midpoint, before there is one, counts as this.
    pub fn new(mid: HalfTicks) -> Self {
        Self { mid, ..Self::default() }
    }

    /// Every pair of accounts that traded, in the order of their first trades.
    pub fn dealings(&self) -> impl Iterator<Item = &Dealing> {
        self.dealings.iter()
    }

    /// What a dealing gave its taker, and took from its maker: half ticks times lots.
    pub const fn gained(&self, dealing: &Dealing) -> i128 {
        dealing.bought * self.mid.count() - 2 * dealing.paid
    }

    /// The midpoint at which gains are counted: the last there was.
    pub const fn mid(&self) -> HalfTicks {
        self.mid
    }

    /// Trades that came too thick for their markouts to be measured; they are in no [`Later`].
    pub const fn unmeasured(&self) -> u64 {
        self.unmeasured
    }

    /// A trade.
    pub fn on_trade(&mut self, record: &TradeRecord) {
        let TradeRecord { time, book, trade, price, qty, mid, maker, taker, .. } = *record;
        // The maker of an auction's record is its buyer: the seller arrives.
        let side = record.aggressor.unwrap_or(Side::Sell);
        let (signed, lots) = (i128::from(side.signed(qty).count()), i128::from(qty.lots()));
        let place = self.place(taker.account, maker.account);
        let dealing = &mut self.dealings[place];
        dealing.trades += 1;
        dealing.lots += lots;
        dealing.bought += signed;
        dealing.paid += signed * i128::from(price.ticks());
        if self.is_over {
            return;
        }
        let fill = AttributedFill { time, side, price, qty, mid, fee: Cash::ZERO };
        match self.markouts.on_fill(NamedFill { book, trade, order: taker.order, fill }) {
            Ok(()) => drop(self.waiting.insert(trade.0, (place, lots))),
            Err(_) => self.unmeasured += 1,
        }
    }

    fn place(&mut self, taker: AccountId, maker: AccountId) -> usize {
        *self.places.entry((taker, maker)).or_insert_with(|| {
            let later = Default::default();
            self.dealings.push(Dealing { taker, maker, trades: 0, lots: 0, bought: 0, paid: 0, later });
            self.dealings.len() - 1
        })
    }

    /// The midpoint is now this.
    pub fn on_mid(&mut self, now: Timestamp, mid: HalfTicks) {
        if self.is_over {
            return;
        }
        self.mid = mid;
        let Self { dealings, waiting, markouts, .. } = self;
        let settled = markouts.on_mid(now, mid, |markout| Self::settle(dealings, waiting, markout));
        settled.expect("settling does not fail");
    }

    /// The run is over: no midpoint counts from here on, and what is due is settled.
    pub fn end(&mut self, now: Timestamp) {
        let Self { dealings, waiting, markouts, .. } = self;
        markouts.end(now, |markout| Self::settle(dealings, waiting, markout)).expect("settling does not fail");
        self.waiting.clear();
        self.is_over = true;
    }

    fn settle(
        dealings: &mut [Dealing],
        waiting: &mut FxHashMap<u64, (usize, i128)>,
        markout: &Markout,
    ) -> Result<(), std::convert::Infallible> {
        let &(place, lots) = waiting.get(&markout.trade.0).expect("a trade waits for its last horizon");
        let horizon = MARKOUT_HORIZONS.iter().position(|known| *known == markout.horizon).expect("one of them");
        let later = &mut dealings[place].later[horizon];
        later.lots += lots;
        later.gained += markout.per_lot.count() * lots;
        if horizon + 1 == MARKOUT_HORIZONS.len() {
            waiting.remove(&markout.trade.0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{BookId, InstrumentId, OrderId, Price, Qty, TradeId, VenueId};
    use crate::world::TradeParty;

    /// Two lots at 99: account 1 rested (or bought in an auction), account 2 came.
    fn trade(number: u64, aggressor: Option<Side>) -> TradeRecord {
        let party =
            |account| TradeParty { account: AccountId(account), order: OrderId(7), fee: Cash::ZERO, report_seq: 1 };
        TradeRecord {
            time: Timestamp::START,
            book: BookId { venue: VenueId(0), instrument: InstrumentId(0) },
            trade: TradeId(number),
            price: Price::new(99),
            qty: Qty::new(2),
            aggressor,
            mid: HalfTicks::new(200),
            maker: party(1),
            taker: party(2),
        }
    }

    #[test]
    fn a_gain_is_marked_at_the_last_midpoint_and_a_markout_at_its_horizon() {
        let mut truth = Truth::new(HalfTicks::new(200));
        truth.on_trade(&trade(1, Some(Side::Buy)));
        truth.on_mid(Timestamp::START + MARKOUT_HORIZONS[0], HalfTicks::new(204));
        truth.on_mid(Timestamp::START + MARKOUT_HORIZONS[1], HalfTicks::new(190));
        truth.end(Timestamp::START + MARKOUT_HORIZONS[2]);
        truth.on_mid(Timestamp::START + MARKOUT_HORIZONS[3], HalfTicks::new(0));
        let dealing = truth.dealings().next().expect("one");
        assert_eq!(truth.gained(dealing), (190 - 198) * 2, "two lots at 99, worth 95 in the end");
        let later = |gained| Later { lots: 2, gained };
        assert_eq!(dealing.later[..3], [later((204 - 198) * 2), later((190 - 198) * 2), later((190 - 198) * 2)]);
        assert_eq!(dealing.later[3], Later::default(), "the run was too short");
    }

    /// The buyer of an auction is the maker of its record, so the other party sold.
    #[test]
    fn in_an_auction_the_seller_arrives() {
        let mut truth = Truth::new(HalfTicks::new(200));
        truth.on_trade(&trade(1, None));
        truth.on_trade(&trade(2, Some(Side::Sell)));
        let dealings: Vec<_> = truth.dealings().collect();
        assert_eq!((dealings.len(), truth.gained(dealings[0])), (1, -(200 - 198) * 4));
    }
}
