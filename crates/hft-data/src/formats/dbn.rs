//! Databento's binary encoding, versions 1 to 3, its older form `.dbz`, and fragments without metadata. Feature `dbn`.
//!
//! | record | becomes |
//! |---|---|
//! | market by order, `A` `C` `M` `R` | [`Body::Add`], [`Body::Reduce`], [`Body::Modify`], [`Body::Clear`] |
//! | market by order, `T` `F` | [`Body::Trade`]; [`Body::Execute`] of the resting order. The `C` or `M` that follows a fill tells the same quantity again: what was executed is taken off it |
//! | MBP-1, TBBO, BBO, CMBP-1, CBBO | [`Body::Quote`], and [`Body::Trade`] where the record is one |
//! | MBP-10 | [`Body::Level`]s that differ from the last record's: ten levels are all that is known |
//! | trades | [`Body::Trade`] |
//! | status | [`Body::Status`] |
//! | all others | [`Body::Notice`] with the record's type |
//!
//! `ts_event` is the exchange's time, `ts_recv` the local one. Prices are in steps of 10^-9, as the encoding has them. An
//! instrument has the name that the metadata or a mapping record gives it, else its number.

mod orders;

use self::orders::Executed;
mod framed;

use crate::bad_record::{BadRecord, Place, ReadError};
use crate::event::{Body, Event, Flags, InstrumentIndex, Status};
use crate::instruments::Instruments;
use crate::number;
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::UnixNanos;
use dbn::decode::dbn::{MetadataDecoder, RecordDecoder};
use dbn::enums::{Action, StatusAction};
use dbn::{FlagSet, RecordRefEnum, VersionUpgradePolicy};
use framed::{Framed, Part};
use hft_core::models::{Decimal, Price, Qty, Side};
use rustc_hash::FxHashMap;

const PRICE_DECIMALS: u32 = 9;
const UNDEFINED: i64 = i64::MAX;
const MAGIC: &[u8] = b"DBN";
const DEFINITION: u8 = 0x13;

/// Reads files of any schema.
pub struct DbnReader {
    decoder: RecordDecoder<Framed>,
    file: String,
    rows: u64,
    is_ended: bool,
    state: State,
}

struct State {
    instruments: Instruments,
    indices: FxHashMap<u32, InstrumentIndex>,
    executed: Executed,
    /// The last ten levels a side, of each instrument that comes by tens.
    tens: FxHashMap<InstrumentIndex, Vec<(Side, Price, Qty)>>,
}

impl DbnReader {
    pub(crate) fn open(entry: &Entry, _options: &ReadOptions) -> Result<Self, ReadError> {
        let file = entry.shown();
        let refuse = |error: dbn::Error| broken(&file, 0, &error.to_string());
        let head = entry.head(8)?;
        let mut state = State {
            instruments: Instruments::default(),
            indices: FxHashMap::default(),
            executed: Executed::default(),
            tens: FxHashMap::default(),
        };
        let policy = VersionUpgradePolicy::UpgradeToV3;
        let decoder = if head.starts_with(MAGIC) {
            let framed = Framed::new(entry.open()?, Part::Head, 0);
            let mut metadata = MetadataDecoder::with_upgrade_policy(framed, policy);
            for mapping in metadata.decode().map_err(refuse)?.mappings {
                for id in mapping.intervals.iter().filter_map(|interval| interval.symbol.parse().ok()) {
                    state.name(id, &mapping.raw_symbol);
                }
            }
            RecordDecoder::from(metadata)
        } else {
            let version = version_of(&head, entry.is_dbz());
            let framed = Framed::new(entry.open()?, Part::Records, version);
            RecordDecoder::with_version(framed, version, policy, false).map_err(refuse)?
        };
        Ok(Self { decoder, file, rows: 0, is_ended: false, state })
    }
}

/// The version of records that no metadata announces: from the length of a definition, which every version has its own of.
fn version_of(head: &[u8], is_dbz: bool) -> u8 {
    match head {
        [90, DEFINITION, ..] => 1,
        [100, DEFINITION, ..] => 2,
        _ if is_dbz => 1,
        _ => 3,
    }
}

fn broken(file: &str, row: u64, what: &str) -> ReadError {
    ReadError::Broken(BadRecord::new(file, Place::Row(row), what.as_bytes(), "a record of DBN"))
}

impl RecordReader for DbnReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        if self.is_ended {
            return Ok(false);
        }
        let row = self.rows;
        let told = match self.decoder.decode_ref() {
            Ok(Some(record)) => {
                self.rows += 1;
                record
                    .as_enum()
                    .map_err(|error| error.to_string())
                    .and_then(|record| self.state.record(&record, batch).map_err(str::to_owned))
            }
            Ok(None) => {
                self.is_ended = true;
                if self.decoder.get_ref().is_torn() {
                    return Err(broken(&self.file, row, "the end of the file in the middle of a record"));
                }
                return Ok(false);
            }
            Err(error) => {
                self.is_ended = true;
                return Err(broken(&self.file, row, &error.to_string()));
            }
        };
        told.map(|()| true).map_err(|expected| BadRecord::new(&self.file, Place::Row(row), b"", expected).into())
    }

    fn instruments(&self) -> &Instruments {
        &self.state.instruments
    }

    fn place(&self) -> Place {
        Place::Row(self.rows.saturating_sub(1))
    }
}

/// When a record was sent and received, and of what.
#[derive(Clone, Copy)]
struct Header {
    instrument: InstrumentIndex,
    exchange: UnixNanos,
    local: UnixNanos,
    flags: Flags,
}

impl Header {
    const fn event(self, body: Body) -> Event {
        let Self { instrument, exchange, local, flags } = self;
        Event { exchange_time: exchange, local_time: local, instrument, flags, body }
    }
}

/// A time, or that there is none.
const fn moment(nanos: u64) -> UnixNanos {
    if nanos == u64::MAX { UnixNanos::UNKNOWN } else { UnixNanos::new(nanos) }
}

fn qty(size: u32) -> Qty {
    Qty::new(i64::from(size))
}

fn side(side: dbn::Result<dbn::enums::Side>) -> Result<Option<Side>, &'static str> {
    match side.map_err(|_| "a side of A, B or N")? {
        dbn::enums::Side::Bid => Ok(Some(Side::Buy)),
        dbn::enums::Side::Ask => Ok(Some(Side::Sell)),
        dbn::enums::Side::None => Ok(None),
    }
}

/// A price and a size of one side of a quote.
fn known(price: i64, size: u32) -> (Price, Qty) {
    if price == UNDEFINED { (Price::ZERO, Qty::ZERO) } else { (Price::new(price), qty(size)) }
}

/// The quote in a record: the types differ and their fields do not.
macro_rules! touch {
    ($record:expr) => {{
        let [level] = &$record.levels;
        let ((bid, bid_qty), (ask, ask_qty)) = (known(level.bid_px, level.bid_sz), known(level.ask_px, level.ask_sz));
        Body::Quote { bid, bid_qty, ask, ask_qty }
    }};
}

impl State {
    fn name(&mut self, id: u32, symbol: &str) -> Option<InstrumentIndex> {
        match self.indices.get(&id) {
            Some(&index) => self.instruments.rename(index, symbol),
            None => {
                let index = self.instruments.index_of(symbol, number::step(PRICE_DECIMALS), Decimal::ONE)?;
                self.indices.insert(id, index);
            }
        }
        self.indices.get(&id).copied()
    }

    fn header(&mut self, record: &dbn::RecordHeader, received: u64, flags: FlagSet) -> Result<Header, &'static str> {
        let known = self.indices.get(&record.instrument_id).copied();
        let instrument = known.or_else(|| self.name(record.instrument_id, &format!("#{}", record.instrument_id)));
        let exchange = moment(record.ts_event);
        let local = if received == u64::MAX { exchange } else { UnixNanos::new(received) };
        let last = if flags.is_last() { Flags::LAST } else { Flags::NONE };
        let flags = if flags.is_snapshot() { last.and(Flags::SNAPSHOT) } else { last };
        Ok(Header { instrument: instrument.ok_or("fewer instruments")?, exchange, local, flags })
    }

    fn record(&mut self, record: &RecordRefEnum<'_>, batch: &mut Batch) -> Result<(), &'static str> {
        match record {
            RecordRefEnum::Mbo(order) => {
                let header = self.header(&order.hd, order.ts_recv, order.flags)?;
                orders::order(&mut self.executed, order, header, batch)
            }
            RecordRefEnum::Trade(trade) => {
                let header = self.header(&trade.hd, trade.ts_recv, trade.flags)?;
                self.trade(header, (trade.price, trade.size), side(trade.side())?, batch)
            }
            RecordRefEnum::Mbp1(quote) => {
                let header = self.header(&quote.hd, quote.ts_recv, quote.flags)?;
                batch.events.push(header.event(touch!(quote)));
                match quote.action() {
                    Ok(Action::Trade) => self.trade(header, (quote.price, quote.size), side(quote.side())?, batch),
                    _ => Ok(()),
                }
            }
            RecordRefEnum::Cmbp1(quote) => {
                let header = self.header(&quote.hd, quote.ts_recv, quote.flags)?;
                batch.events.push(header.event(touch!(quote)));
                match quote.action() {
                    Ok(Action::Trade) => self.trade(header, (quote.price, quote.size), side(quote.side())?, batch),
                    _ => Ok(()),
                }
            }
            RecordRefEnum::Bbo(quote) => {
                let header = self.header(&quote.hd, quote.ts_recv, quote.flags)?;
                batch.events.push(header.event(touch!(quote)));
                Ok(())
            }
            RecordRefEnum::Cbbo(quote) => {
                let header = self.header(&quote.hd, quote.ts_recv, quote.flags)?;
                batch.events.push(header.event(touch!(quote)));
                Ok(())
            }
            RecordRefEnum::Mbp10(book) => {
                let header = self.header(&book.hd, book.ts_recv, book.flags)?;
                self.ten(header, book, batch);
                match book.action() {
                    Ok(Action::Trade) => self.trade(header, (book.price, book.size), side(book.side())?, batch),
                    _ => Ok(()),
                }
            }
            RecordRefEnum::Status(status) => {
                let header = self.header(&status.hd, status.ts_recv, FlagSet::empty())?;
                let body = match status.action() {
                    Ok(StatusAction::Trading) => Body::Status(Status::Trading),
                    Ok(StatusAction::Halt | StatusAction::Pause | StatusAction::Suspend) => Body::Status(Status::Halt),
                    Ok(StatusAction::Quoting) => Body::Status(Status::QuoteOnly),
                    Ok(StatusAction::PreOpen) => Body::Status(Status::PreOpen),
                    Ok(StatusAction::Close | StatusAction::PostClose) => Body::Status(Status::Close),
                    _ => Body::Notice(status.hd.rtype),
                };
                batch.events.push(Event { flags: Flags::LAST, ..header.event(body) });
                Ok(())
            }
            other @ (RecordRefEnum::Ohlcv(_)
            | RecordRefEnum::InstrumentDef(_)
            | RecordRefEnum::Imbalance(_)
            | RecordRefEnum::Stat(_)
            | RecordRefEnum::Error(_)
            | RecordRefEnum::SymbolMapping(_)
            | RecordRefEnum::System(_)) => {
                if let RecordRefEnum::SymbolMapping(mapping) = other
                    && let Ok(symbol) = mapping.stype_out_symbol()
                {
                    self.name(mapping.hd.instrument_id, symbol);
                }
                let hd = other.header();
                let header = self.header(hd, u64::MAX, FlagSet::empty())?;
                batch.events.push(Event { flags: Flags::LAST, ..header.event(Body::Notice(hd.rtype)) });
                Ok(())
            }
        }
    }

    fn trade(
        &self,
        header: Header,
        (price, size): (i64, u32),
        aggressor: Option<Side>,
        batch: &mut Batch,
    ) -> Result<(), &'static str> {
        let body = Body::Trade { id: 0, price: Price::new(price), qty: qty(size), aggressor };
        batch.events.push(header.event(body));
        Ok(())
    }

    /// Tells what differs from the ten levels before.
    fn ten(&mut self, header: Header, book: &dbn::Mbp10Msg, batch: &mut Batch) {
        let sides = |level: &dbn::BidAskPair| {
            let bid = (Side::Buy, Price::new(level.bid_px), qty(level.bid_sz));
            [bid, (Side::Sell, Price::new(level.ask_px), qty(level.ask_sz))]
        };
        let is_known = |&(_, price, qty): &(Side, Price, Qty)| price.ticks() != UNDEFINED && qty.is_positive();
        let now: Vec<_> = book.levels.iter().flat_map(sides).filter(is_known).collect();
        let before = self.tens.entry(header.instrument).or_default();
        let mut tell = |side, price, qty| {
            let event = header.event(Body::Level { side, price, qty });
            batch.events.push(Event { flags: Flags::NONE, ..event });
        };
        for &(side, price, _) in before.iter().filter(|old| !now.iter().any(|new| (new.0, new.1) == (old.0, old.1))) {
            tell(side, price, Qty::ZERO);
        }
        for &(side, price, qty) in now.iter().filter(|new| !before.contains(new)) {
            tell(side, price, qty);
        }
        *before = now;
        if let Some(last) = batch.events.last_mut() {
            last.flags = header.flags;
        }
    }
}

/// Whether a file begins so: for detection.
pub(crate) fn looks_like(head: &[u8]) -> bool {
    matches!(head, [b'D', b'B', b'N', 1..=3, ..])
}
