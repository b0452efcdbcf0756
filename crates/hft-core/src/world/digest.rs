//! The digest of a run: 64 bits that say whether two runs were the same run.
//!
//! Invariant: a node's digest is a function of its deliveries, in order: `now`, sender and message of each. A run's
//! digest is a function of its nodes' digests, in node order. How nodes interleaved does not enter, so a realtime run and
//! its replay, which deliver in different global orders, agree.
//!
//! The hash is this project's own, so that it means the same on every platform and in every version: integers enter as
//! 64-bit words whatever their width (sign-extended where signed; 128 bits as two words, low first; bytes eight at a
//! time, little-endian, the rest zero-padded with their count in the top byte, which they never reach). A word `w` turns
//! state `s` into `rotl((s xor w) * K, 29)`. Both steps are one-to-one in `s` and in `w`, so two deliveries that differ
//! in one word always differ in hash. One delivery starts from a constant and its finished hash enters the node's state
//! the same way: the processor overlaps it with the node's work.
//!
//! The sequence of words is the one that `derive(Hash)` produces; golden values below pin it.
//!
//! Left out: resistance to an adversary. Who wants to forge a digest can.

use super::message::{Message, NodeId};
use crate::models::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{Hash, Hasher};

/// The digest of a run or of a node. Displayed as 16 hexadecimal digits.
///
/// Example: [`NodeDigest`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The running digest of one node.
///
/// ```
/// use hft_core::models::Timestamp;
/// use hft_core::world::{Digest, Message, NodeDigest, NodeId};
/// let mut node = NodeDigest::new();
/// node.absorb(Timestamp::START, NodeId(0), &Message::Start);
/// let (early, mut late) = (node, node);
/// late.absorb(Timestamp::new(1), NodeId(0), &Message::Stop);
/// assert_ne!(early.value(), late.value());
/// println!("digest {}", Digest::of_nodes([early.value(), late.value()]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeDigest {
    state: u64,
    deliveries: u64,
}

impl Default for NodeDigest {
    fn default() -> Self {
        Self::new()
    }
}

impl NodeDigest {
    /// Before the first delivery.
    pub const fn new() -> Self {
        Self { state: START, deliveries: 0 }
    }

    /// Takes in one delivery.
    #[inline]
    pub fn absorb(&mut self, now: Timestamp, from: NodeId, message: &Message) {
        let mut hasher = DigestHasher::new();
        hasher.write_u64(now.nanos());
        hasher.write_u32(from.0);
        message.hash(&mut hasher);
        self.state = mix(self.state, hasher.finish());
        self.deliveries += 1;
    }

    /// The digest so far.
    pub const fn value(&self) -> Digest {
        Digest(finish(mix(self.state, self.deliveries)))
    }
}

impl Digest {
    /// The digest of a run: its nodes' digests, in node order.
    ///
    /// ```
    /// use hft_core::world::{Digest, NodeDigest};
    /// let (a, b) = (Digest(1), Digest(2));
    /// assert_ne!(Digest::of_nodes([a, b]), Digest::of_nodes([b, a]));
    /// assert_eq!(Digest::of_nodes([a, b]).to_string().len(), 16);
    /// ```
    pub fn of_nodes(nodes: impl IntoIterator<Item = Digest>) -> Digest {
        let mut hasher = DigestHasher::new();
        for node in nodes {
            hasher.write_u64(node.0);
        }
        Digest(hasher.finish())
    }
}

const START: u64 = 0x9e37_79b9_7f4a_7c15;
const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;

#[inline]
const fn mix(state: u64, word: u64) -> u64 {
    (state ^ word).wrapping_mul(FACTOR).rotate_left(29)
}

/// Spreads every bit of the state over all of the result (one-to-one).
#[inline]
const fn finish(state: u64) -> u64 {
    let folded = (state ^ (state >> 32)).wrapping_mul(FACTOR);
    folded ^ (folded >> 32)
}

/// The portable streaming hash described above, for anything that derives `Hash`.
///
/// Exception to portability: a slice of integers wider than a byte hashes as its memory, which differs on big-endian
/// machines. No message holds one.
///
/// ```
/// use hft_core::world::{Digest, DigestHasher};
/// use std::hash::{Hash, Hasher};
/// let mut hasher = DigestHasher::new();
/// 1_u64.hash(&mut hasher);
/// assert_eq!(Digest(hasher.finish()).to_string(), "56e003d7f154eb0a"); // on every machine
/// ```
#[derive(Clone, Debug)]
pub struct DigestHasher {
    state: u64,
}

impl Default for DigestHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl DigestHasher {
    /// The empty hash.
    pub const fn new() -> Self {
        Self { state: START }
    }
}

/// Narrow integers enter as words: `as` zero-extends unsigned and sign-extends signed ones.
macro_rules! words {
    ($($method:ident: $narrow:ty as $wide:ty,)*) => {$(
        #[inline]
        fn $method(&mut self, word: $narrow) {
            #[allow(clippy::cast_sign_loss, clippy::cast_lossless, reason = "bits, not numbers")]
            { self.state = mix(self.state, word as $wide as u64); }
        }
    )*};
}

impl Hasher for DigestHasher {
    words! {
        write_u8: u8 as u64,
        write_u16: u16 as u64,
        write_u32: u32 as u64,
        write_u64: u64 as u64,
        write_usize: usize as u64,
        write_i8: i8 as i64,
        write_i16: i16 as i64,
        write_i32: i32 as i64,
        write_i64: i64 as i64,
        write_isize: isize as i64,
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "two halves")]
    fn write_u128(&mut self, wide: u128) {
        self.write_u64(wide as u64);
        self.write_u64((wide >> 64) as u64);
    }

    #[inline]
    #[allow(clippy::cast_sign_loss, reason = "bits, not numbers")]
    fn write_i128(&mut self, wide: i128) {
        self.write_u128(wide as u128);
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        last[7] = u8::try_from(rest.len()).expect("fewer than eight");
        self.write_u64(u64::from_le_bytes(last));
    }

    #[inline]
    fn finish(&self) -> u64 {
        finish(self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{
        AccountId, BookId, ExecKind, ExecutionReport, InstrumentId, MarketData, MarketUpdate, OrderId, Price, Qty,
        RejectReason, Side, VenueId,
    };

    fn hash(value: &impl Hash) -> u64 {
        let mut hasher = DigestHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn hash_is_golden() {
        // Golden: a change here invalidates every digest in the documentation and every journal.
        assert_eq!(Digest(hash(&())).to_string(), "17fb89ee9dcab42a");
        assert_eq!(Digest(hash(&1_u64)).to_string(), "56e003d7f154eb0a");
        assert_eq!(Digest(hash(&-1_i128)).to_string(), "3c31b48e4b5cd88d");
        assert_eq!(Digest(hash(&"price-time priority")).to_string(), "d3e3854ed877e02e");
    }

    #[test]
    fn width_does_not_matter_sign_does() {
        assert_eq!(hash(&7_u8), hash(&7_usize));
        assert_eq!(hash(&-7_i8), hash(&-7_isize));
        assert_ne!(hash(&-7_i8), hash(&249_u8));
    }

    fn messages() -> [Message; 5] {
        let book = BookId { venue: VenueId(1), instrument: InstrumentId(2) };
        let update = MarketUpdate::Level { side: Side::Sell, price: Price::new(10_018), qty: Qty::new(7), last: true };
        let report = ExecutionReport {
            seq: 3,
            time: Timestamp::new(17),
            account: AccountId(4),
            book,
            order: OrderId::first_of(1).next(),
            filled: Qty::new(1),
            leaves: Qty::new(2),
            kind: ExecKind::Rejected(RejectReason::Halted),
        };
        [
            Message::Start,
            Message::Stop,
            Message::Wake(9),
            Message::Market(MarketData { book, seq: 1, time: Timestamp::new(5), update }),
            Message::Report(report),
        ]
    }

    #[test]
    fn messages_are_golden() {
        let digests = messages().map(|message| {
            let mut node = NodeDigest::new();
            node.absorb(Timestamp::new(1), NodeId(2), &message);
            node.value().to_string()
        });
        // The first three agree with an independent program; the others pin the words that `derive(Hash)` produces.
        let golden =
            ["cc6941430e3428f6", "fdee80e7b009440b", "aede17099551a4d9", "6326db7c11db96e8", "b6cdd50307b64ad3"];
        assert_eq!(digests, golden);
    }

    #[test]
    fn every_part_of_a_delivery_counts() {
        let digest = |now, from, tag| {
            let mut node = NodeDigest::new();
            node.absorb(Timestamp::new(now), NodeId(from), &Message::Wake(tag));
            node.value()
        };
        let digests = [digest(1, 1, 1), digest(2, 1, 1), digest(1, 2, 1), digest(1, 1, 2), NodeDigest::new().value()];
        for (at, one) in digests.iter().enumerate() {
            assert!(digests[..at].iter().all(|other| other != one), "{digests:?}");
        }
    }
}
