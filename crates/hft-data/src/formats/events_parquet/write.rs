//! Writing our own Parquet.

use super::{COLUMNS, GROUP, INSTRUMENTS, SCHEMA};
use crate::event::Event;
use crate::flat::Flat;
use crate::instruments::Instruments;
use hft_core::models::Side;
use parquet::basic::Compression;
use parquet::data_type::Int64Type;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// Writes events as a table.
pub struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: [Vec<i64>; COLUMNS],
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
        Ok(Self { file, columns: Default::default() })
    }

    /// Writes one event.
    ///
    /// # Errors
    /// When a full row group cannot be written.
    pub fn write(&mut self, event: &Event) -> Result<()> {
        let flat = Flat::of(&event.body);
        let side = flat.side.map_or(0, |side| if side == Side::Buy { 1 } else { 2 });
        let kind = i64::try_from(event.body.kind()).expect("few kinds");
        let [(price, qty), (price2, qty2)] = flat.levels;
        let row = [
            event.local_time.nanos().cast_signed(),
            event.exchange_time.nanos().cast_signed(),
            i64::from(event.instrument.0),
            i64::from(event.flags.bits()),
            kind,
            flat.order.unwrap_or_default().cast_signed(),
            flat.other.unwrap_or_default().cast_signed(),
            side,
            price.unwrap_or_default(),
            qty.unwrap_or_default(),
            price2.unwrap_or_default(),
            qty2.unwrap_or_default(),
        ];
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
        if self.columns[0].len() >= GROUP { self.flush() } else { Ok(()) }
    }

    /// Ends the file with its instruments, and hands back what was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self, instruments: &Instruments) -> Result<W> {
        self.flush()?;
        let list =
            serde_json::to_string(instruments.as_slice()).map_err(|error| ParquetError::External(Box::new(error)))?;
        self.file.append_key_value_metadata(KeyValue::new(INSTRUMENTS.to_owned(), list));
        self.file.into_inner()
    }

    /// Writes what is held as a row group.
    fn flush(&mut self) -> Result<()> {
        if self.columns[0].is_empty() {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for values in &mut self.columns {
            let mut column = group.next_column()?.expect("as many columns as the schema has");
            column.typed::<Int64Type>().write_batch(values, None, None)?;
            column.close()?;
            values.clear();
        }
        group.close()?;
        Ok(())
    }
}
