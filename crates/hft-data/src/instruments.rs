//! The instruments of a recording, numbered in the order in which they are met.

use crate::event::InstrumentIndex;
use hft_core::models::Decimal;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// One instrument of a recording, and what one step of its integers is worth.
///
/// The steps are the format's resolution, such as a ten-thousandth of a dollar, not the venue's tick: a stream does not
/// know the tick before its end. [`Steps`](crate::Steps) finds the coarsest steps in which a file can be told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InstrumentInfo {
    /// The name that the file gives it.
    pub symbol: String,
    /// What one step of a price is worth, in the currency.
    pub price_step: Decimal,
    /// What one step of a size is worth, in units or contracts.
    pub qty_step: Decimal,
    /// What one contract is worth, where the format says more than one unit: `100` for contracts of 100 dollars.
    pub multiplier: Decimal,
}

/// All instruments of a recording; it grows while the recording is read.
///
/// ```
/// use hft_core::models::Decimal;
/// use hft_data::Instruments;
/// let mut instruments = Instruments::default();
/// let (price_step, qty_step) = ("0.0001".parse()?, Decimal::ONE);
/// let goog = instruments.index_of("GOOG", price_step, qty_step).expect("room for one");
/// assert_eq!(instruments.get(goog).symbol, "GOOG");
/// assert_eq!(instruments.index_of("GOOG", price_step, qty_step), Some(goog));
/// # Ok::<(), hft_core::models::DecimalError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Instruments {
    list: Vec<InstrumentInfo>,
    indices: FxHashMap<String, u16>,
    /// The one that was asked for last: most recordings ask for the same again and again.
    last: usize,
}

impl Instruments {
    /// How many a recording may name: as many as ITCH can number.
    pub const MAX: usize = 1 << 16;

    /// How long a name may be, in bytes.
    pub const MAX_SYMBOL: usize = 64;

    /// The number of a symbol, which it gets when it is met for the first time, with the steps given. `None` where the
    /// table is full or the name too long.
    pub fn index_of(&mut self, symbol: &str, price_step: Decimal, qty_step: Decimal) -> Option<InstrumentIndex> {
        if self.list.get(self.last).is_some_and(|info| info.symbol == symbol) {
            return u16::try_from(self.last).ok().map(InstrumentIndex);
        }
        let index = match self.indices.get(symbol) {
            Some(&index) => index,
            None => {
                if symbol.len() > Self::MAX_SYMBOL {
                    return None;
                }
                let index = u16::try_from(self.list.len()).ok()?;
                let info = InstrumentInfo { symbol: symbol.to_owned(), price_step, qty_step, multiplier: Decimal::ONE };
                self.list.push(info);
                self.indices.insert(symbol.to_owned(), index);
                index
            }
        };
        self.last = usize::from(index);
        Some(InstrumentIndex(index))
    }

    /// The number of a symbol that was met before.
    pub fn find(&self, symbol: &str) -> Option<InstrumentIndex> {
        self.indices.get(symbol).copied().map(InstrumentIndex)
    }

    /// What an event's index stands for.
    ///
    /// # Panics
    /// When the index is another recording's.
    pub fn get(&self, index: InstrumentIndex) -> &InstrumentInfo {
        self.list.get(usize::from(index.0)).expect("an event names an instrument of its own recording")
    }

    /// All of them, in order.
    pub fn as_slice(&self) -> &[InstrumentInfo] {
        &self.list
    }

    /// Gives an instrument the name that it turned out to have, unless another has it.
    pub(crate) fn rename(&mut self, index: InstrumentIndex, symbol: &str) {
        if symbol.len() <= Self::MAX_SYMBOL && !self.indices.contains_key(symbol) {
            let info = &mut self.list[usize::from(index.0)];
            self.indices.remove(&info.symbol);
            info.symbol = symbol.to_owned();
            self.indices.insert(symbol.to_owned(), index.0);
        }
    }

    /// Says what one contract is worth.
    pub fn set_multiplier(&mut self, index: InstrumentIndex, multiplier: Decimal) {
        self.list[usize::from(index.0)].multiplier = multiplier;
    }
}
