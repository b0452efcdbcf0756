//! Reading our own Parquet.

use super::{COLUMNS, INSTRUMENTS, MAX_GROUP};
use crate::bad_record::{BadRecord, Place, ReadError};
use crate::event::{Body, Event, Flags, InstrumentIndex};
use crate::flat::{self, Flat};
use crate::instruments::{InstrumentInfo, Instruments};
use crate::reader::{Batch, RecordReader};
use crate::recording::ReadOptions;
use crate::source::Entry;
use crate::time::UnixNanos;
use hft_core::models::Side;
use parquet::column::reader::ColumnReader;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;

const MAGIC: &[u8] = b"PAR1";

/// Reads tables.
pub struct ParquetReader {
    file: SerializedFileReader<File>,
    name: String,
    instruments: Instruments,
    group: usize,
    columns: [Vec<i64>; COLUMNS],
    /// The next row in the group at hand.
    next: usize,
    rows: u64,
}

impl ParquetReader {
    pub(crate) fn open(entry: &Entry, _options: &ReadOptions) -> Result<Self, ReadError> {
        let name = entry.shown();
        let broken = |found: &str, expected: &str| {
            ReadError::Broken(BadRecord::new(&name, Place::Row(0), found.as_bytes(), expected))
        };
        let opened = File::open(&entry.path).map_err(|error| ReadError::io(&name, error))?;
        let file = SerializedFileReader::new(opened).map_err(|error| broken(&error.to_string(), "a Parquet file"))?;
        let metadata = file.metadata().file_metadata();
        let count = metadata.schema_descr().num_columns();
        if count != COLUMNS {
            return Err(broken(&format!("{count} columns"), "the twelve columns of our own events"));
        }
        let pairs = metadata.key_value_metadata().map_or(&[][..], Vec::as_slice);
        let list = pairs.iter().find(|pair| pair.key == INSTRUMENTS).and_then(|pair| pair.value.as_deref());
        let list = list.ok_or_else(|| broken("", "the instruments in the metadata"))?;
        let infos: Vec<InstrumentInfo> = serde_json::from_str(list)
            .map_err(|error| broken(&error.to_string(), "the instruments in the metadata"))?;
        let mut instruments = Instruments::default();
        for info in infos {
            let is_good = info.price_step.is_positive() && info.qty_step.is_positive();
            let fresh = is_good && instruments.find(&info.symbol).is_none();
            let index = fresh.then(|| instruments.index_of(&info.symbol, info.price_step, info.qty_step)).flatten();
            let index = index.ok_or_else(|| broken(&info.symbol, "instruments with names and steps of their own"))?;
            instruments.set_multiplier(index, info.multiplier);
        }
        Ok(Self { file, name, instruments, group: 0, columns: Default::default(), next: 0, rows: 0 })
    }

    /// Reads the next row group; `false` at the end.
    fn fill(&mut self) -> Result<bool, ReadError> {
        if self.group >= self.file.num_row_groups() {
            return Ok(false);
        }
        let read = self.columns_of(self.group);
        self.group += 1;
        self.next = 0;
        match read {
            Ok(columns) if columns.iter().all(|column| column.len() == columns[0].len()) => {
                self.columns = columns;
                Ok(true)
            }
            Ok(_) => Err(self.broken("columns of different lengths")),
            Err(error) => Err(self.broken(&error.to_string())),
        }
    }

    fn broken(&mut self, found: &str) -> ReadError {
        self.group = usize::MAX;
        self.columns = Default::default();
        ReadError::Broken(BadRecord::new(&self.name, Place::Row(self.rows), found.as_bytes(), "a row group"))
    }

    fn columns_of(&self, group: usize) -> ParquetResult<[Vec<i64>; COLUMNS]> {
        let general = |what: &str| parquet::errors::ParquetError::General(what.to_owned());
        let group = self.file.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows()).map_err(|_| general("a negative number of rows"))?;
        if rows > MAX_GROUP {
            return Err(general(&format!("a row group of {rows} rows; at most {MAX_GROUP}")));
        }
        let mut columns: [Vec<i64>; COLUMNS] = Default::default();
        for (at, values) in columns.iter_mut().enumerate() {
            let ColumnReader::Int64ColumnReader(mut column) = group.get_column_reader(at)? else {
                return Err(general("a column that is not of 64 bit integers"));
            };
            while values.len() < rows {
                let (records, ..) = column.read_records(rows - values.len(), None, None, values)?;
                if records == 0 {
                    return Err(general("fewer values than rows"));
                }
            }
        }
        Ok(columns)
    }

    fn row(&self) -> Result<Event, &'static str> {
        let [local, exchange, instrument, flags, kind, order, other, side, price, qty, price2, qty2] =
            std::array::from_fn(|column| self.columns[column][self.next]);
        let index = u16::try_from(instrument).ok().filter(|&at| usize::from(at) < self.instruments.as_slice().len());
        let flags = u8::try_from(flags).ok().and_then(Flags::from_bits);
        let kind = usize::try_from(kind).ok().filter(|&kind| kind < Body::KINDS.len());
        let kind = kind.ok_or("a kind of event")?;
        let side = match side {
            0 => None,
            1 => Some(Side::Buy),
            2 => Some(Side::Sell),
            _ => return Err("a side of 0, 1 or 2"),
        };
        if let Some(words) = flat::words(kind)
            && usize::try_from(other).is_ok_and(|code| code >= words.len())
        {
            return Err("the code of a reason or a status");
        }
        let flat = Flat {
            order: Some(order.cast_unsigned()),
            other: Some(other.cast_unsigned()),
            side,
            levels: [(Some(price), Some(qty)), (Some(price2), Some(qty2))],
        };
        Ok(Event {
            exchange_time: UnixNanos::new(exchange.cast_unsigned()),
            local_time: UnixNanos::new(local.cast_unsigned()),
            instrument: InstrumentIndex(index.ok_or("an instrument of the metadata")?),
            flags: flags.ok_or("flags of four bits")?,
            body: flat.body(kind)?,
        })
    }
}

impl RecordReader for ParquetReader {
    fn read(&mut self, batch: &mut Batch) -> Result<bool, ReadError> {
        while self.next >= self.columns[0].len() {
            if !self.fill()? {
                return Ok(false);
            }
        }
        let row = self.row();
        self.next += 1;
        self.rows += 1;
        match row {
            Ok(event) => batch.events.push(event),
            Err(expected) => return Err(BadRecord::new(&self.name, self.place(), b"", expected).into()),
        }
        Ok(true)
    }

    fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    fn place(&self) -> Place {
        Place::Row(self.rows.saturating_sub(1))
    }
}

/// Whether a file begins so: for detection.
pub(crate) fn looks_like(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}
