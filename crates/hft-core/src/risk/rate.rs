//! An integer token bucket on virtual time.
//!
//! Invariant: `0 <= level <= capacity`, and over any span of `s` seconds at most `capacity + refill * s` tokens are taken.
//! The level counts in billionths of a token, so that `refill_per_s` tokens a second are exactly `refill_per_s`
//! billionths a nanosecond and no fraction is ever lost. A clock that goes back gives nothing.

use super::limits::RateLimit;
use crate::models::Timestamp;

/// Billionths of a token in a token.
const TOKEN: u128 = 1_000_000_000;

/// A bucket that messages take tokens from.
#[derive(Clone, Debug)]
pub(super) struct TokenBucket {
    limit: RateLimit,
    level: u128,
    filled: Timestamp,
}

impl TokenBucket {
    /// A full bucket.
    pub(super) fn new(limit: RateLimit) -> Self {
        Self { limit, level: u128::from(limit.capacity) * TOKEN, filled: Timestamp::START }
    }

    /// Takes a token for a new order or an amend; false, and nothing taken, where only the cancels' reserve is left.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        self.refill(now);
        let enough = self.level >= u128::from(self.limit.cancel_reserve) * TOKEN + TOKEN;
        if enough {
            self.level -= TOKEN;
        }
        enough
    }

    /// Takes a token for a cancel, if there is one: a cancel is counted and never blocked.
    pub(super) fn take_for_cancel(&mut self, now: Timestamp) {
        self.refill(now);
        self.level = self.level.saturating_sub(TOKEN);
    }

    fn refill(&mut self, now: Timestamp) {
        let gained = u128::from(now.since(self.filled).count()) * u128::from(self.limit.refill_per_s);
        self.level = self.level.saturating_add(gained).min(u128::from(self.limit.capacity) * TOKEN);
        self.filled = self.filled.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Nanos;

    fn bucket(capacity: u64, refill_per_s: u64, cancel_reserve: u64) -> TokenBucket {
        TokenBucket::new(RateLimit { capacity, refill_per_s, cancel_reserve })
    }

    fn at(millis: u64) -> Timestamp {
        Timestamp::START + Nanos::from_millis(millis)
    }

    fn taken(bucket: &mut TokenBucket, now: Timestamp) -> u32 {
        (0..1_000).map(|_| u32::from(bucket.take(now))).sum()
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let mut bucket = bucket(5, 10, 0);
        assert_eq!(taken(&mut bucket, at(0)), 5, "it starts full");
        assert_eq!(taken(&mut bucket, at(99)), 0, "0.99 of a token");
        assert_eq!(taken(&mut bucket, at(100)), 1, "exactly one: fractions are kept");
        assert_eq!(taken(&mut bucket, at(3_600_000)), 5);
        assert_eq!(taken(&mut bucket, Timestamp::MAX), 5, "the end of time does not wrap");
    }

    #[test]
    fn fractions_are_never_lost() {
        let mut bucket = bucket(2, 3, 0); // room for the fraction above a token
        assert_eq!(taken(&mut bucket, at(0)), 2);
        let nanos = (1..=1_000_000_000u64).step_by(9_999_991); // asked often, at odd moments, over one second
        let total: u32 = nanos.map(|nanos| taken(&mut bucket, Timestamp::new(nanos))).sum();
        assert_eq!(total + taken(&mut bucket, at(1_000)), 3, "three a second, however often it is asked");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let mut bucket = bucket(1, 1, 0);
        assert_eq!(taken(&mut bucket, at(10_000)), 1);
        assert_eq!(taken(&mut bucket, at(5_000)), 0);
        assert_eq!(taken(&mut bucket, at(10_999)), 0, "the second counts from 10,000 and not from 5,000");
        assert_eq!(taken(&mut bucket, at(11_000)), 1);
    }

    #[test]
    fn cancels_have_a_reserve_and_are_counted() {
        let mut bucket = bucket(3, 1, 2);
        assert_eq!(taken(&mut bucket, at(0)), 1, "two of three are kept for cancels");
        bucket.take_for_cancel(at(0));
        bucket.take_for_cancel(at(0));
        bucket.take_for_cancel(at(0)); // beyond the last token: passes, and makes no debt
        assert_eq!(taken(&mut bucket, at(2_999)), 0, "the reserve fills first");
        assert_eq!(taken(&mut bucket, at(3_000)), 1);
    }

    #[test]
    fn no_capacity_is_no_orders_and_a_reserve_may_exceed_it() {
        assert_eq!(taken(&mut bucket(0, u64::MAX, 0), at(1_000)), 0);
        assert_eq!(taken(&mut bucket(5, 1, u64::MAX), at(1_000)), 0);
        assert_eq!(taken(&mut bucket(u64::MAX, u64::MAX, 0), Timestamp::MAX), 1_000);
    }
}
