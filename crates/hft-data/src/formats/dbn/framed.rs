//! The lengths of Databento's records, which the decoder takes for granted: a record that is too short for its kind would be read beyond
//! its end, and a torn one be taken for the end.

use crate::source::Bytes;
use dbn::enums::rtype;
use dbn::{v1, v2, v3};
use std::io::{self, Read};

/// Follows the lengths of records as they pass by, since the decoder takes a torn end for an end.
pub(super) struct Framed {
    bytes: Bytes,
    /// Bytes that are left of the part at hand.
    left: u64,
    part: Part,
    head: Vec<u8>,
    /// Where no head tells it.
    version: u8,
    /// The length of a record whose kind has not come by yet, in words.
    kind_of: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// Three letters, a version and a length.
    Head,
    Metadata,
    Records,
}

impl Framed {
    pub(super) fn new(bytes: Bytes, part: Part, version: u8) -> Self {
        let left = if part == Part::Head { 8 } else { 0 };
        Self { bytes, left, part, head: Vec::new(), version, kind_of: None }
    }

    /// True where the file ends inside a record.
    pub(super) const fn is_torn(&self) -> bool {
        self.left > 0
    }

    /// A record must be as long as its kind: the decoder takes that for granted.
    fn check(&self, words: u8, kind: u8) -> io::Result<()> {
        let version = self.head.get(3).copied().unwrap_or(self.version);
        if usize::from(words) * 4 < least_bytes(version, kind) {
            return Err(io::Error::other(format!("a record of kind {kind} in {words} words")));
        }
        Ok(())
    }

    fn follow(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some(&words) = bytes.first() {
            if let Some(length) = self.kind_of.take() {
                self.check(length, words)?;
            }
            if self.left == 0 {
                // A record begins with its length in words of four bytes: that of its header at least, and even, for every
                // record holds numbers of eight. The decoder takes that for granted.
                if words < 4 || words % 2 == 1 {
                    return Err(io::Error::other(format!("a record of {words} words")));
                }
                self.left = u64::from(words) * 4;
                match bytes.get(1) {
                    Some(&kind) => self.check(words, kind)?,
                    None => self.kind_of = Some(words),
                }
            }
            let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let (part, rest) = bytes.split_at(count);
            self.left -= u64::try_from(count).expect("a length fits");
            bytes = rest;
            if self.part == Part::Head {
                self.head.extend(part);
            }
            if self.left == 0 {
                self.part = match (self.part, self.head.last_chunk::<4>()) {
                    (Part::Head, Some(length)) => {
                        self.left = u64::from(u32::from_le_bytes(*length));
                        Part::Metadata
                    }
                    _ => Part::Records,
                };
            }
        }
        Ok(())
    }
}

impl Read for Framed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Packed content that ends too early must not look like an end either.
        let count = self.bytes.read(buffer).map_err(|error| io::Error::other(error.to_string()))?;
        self.follow(&buffer[..count])?;
        Ok(count)
    }
}

/// How long a record of this kind is at least; nothing is known of other kinds.
fn least_bytes(version: u8, kind: u8) -> usize {
    let by_version = |sizes: [usize; 3]| sizes[usize::from(version.clamp(1, 3)) - 1];
    match kind {
        rtype::MBP_0 => size_of::<dbn::TradeMsg>(),
        rtype::MBP_1 | rtype::TBBO => size_of::<dbn::Mbp1Msg>(),
        rtype::MBP_10 => size_of::<dbn::Mbp10Msg>(),
        rtype::OHLCV_DEPRECATED
        | rtype::OHLCV_1S
        | rtype::OHLCV_1M
        | rtype::OHLCV_1H
        | rtype::OHLCV_1D
        | rtype::OHLCV_EOD => size_of::<dbn::OhlcvMsg>(),
        rtype::STATUS => size_of::<dbn::StatusMsg>(),
        rtype::IMBALANCE => size_of::<dbn::ImbalanceMsg>(),
        rtype::MBO => size_of::<dbn::MboMsg>(),
        rtype::CMBP_1 | rtype::TCBBO => size_of::<dbn::Cmbp1Msg>(),
        rtype::CBBO_1S | rtype::CBBO_1M => size_of::<dbn::CbboMsg>(),
        rtype::BBO_1S | rtype::BBO_1M => size_of::<dbn::BboMsg>(),
        rtype::INSTRUMENT_DEF => by_version([
            size_of::<v1::InstrumentDefMsg>(),
            size_of::<v2::InstrumentDefMsg>(),
            size_of::<v3::InstrumentDefMsg>(),
        ]),
        rtype::STATISTICS => by_version([size_of::<v1::StatMsg>(), size_of::<v2::StatMsg>(), size_of::<v3::StatMsg>()]),
        rtype::ERROR => by_version([size_of::<v1::ErrorMsg>(), size_of::<v2::ErrorMsg>(), size_of::<v3::ErrorMsg>()]),
        rtype::SYSTEM => {
            by_version([size_of::<v1::SystemMsg>(), size_of::<v2::SystemMsg>(), size_of::<v3::SystemMsg>()])
        }
        rtype::SYMBOL_MAPPING => by_version([
            size_of::<v1::SymbolMappingMsg>(),
            size_of::<v2::SymbolMappingMsg>(),
            size_of::<v3::SymbolMappingMsg>(),
        ]),
        _ => 0,
    }
}
