//! `runs.parquet`: every run of a sweep, one row each, for those who bring their own tools. Snappy, one row group.
//!
//! The swept keys are columns of text, as they were written; the figures are doubles, the exact money stands in `runs.csv`.

use super::{Measure, RunRow};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// The file, whole; `values` are what the keys are at a point.
pub(super) fn runs<'a>(
    keys: &[String],
    values: impl Fn(usize) -> &'a [String],
    rows: &[RunRow],
) -> anyhow::Result<Vec<u8>> {
    let texts = |names: &[String]| names.iter().map(|name| text_column(name)).collect::<String>();
    let doubles: String = Measure::ALL.iter().map(|m| format!("required double {};", m.name())).collect();
    let ends = texts(&["ended_by".to_owned(), "digest".to_owned()]);
    // A dot would be taken for a nested column by some readers.
    let keys: Vec<String> = keys.iter().map(|key| key.replace('.', "_")).collect();
    let schema =
        format!("message run {{ required int64 point; required int64 seed; {}{doubles}{ends} }}", texts(&keys));
    let schema = Arc::new(parse_message_type(&schema)?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, properties)?;
    let mut group = file.next_row_group()?;
    let whole = |number: u64| i64::try_from(number).expect("seeds and points are below 2^63");
    column::<Int64Type>(&mut group, rows.iter().map(|row| whole(row.point as u64)).collect())?;
    column::<Int64Type>(&mut group, rows.iter().map(|row| whole(row.seed)).collect())?;
    for key in 0..keys.len() {
        column::<ByteArrayType>(&mut group, rows.iter().map(|row| bytes(&values(row.point)[key])).collect())?;
    }
    for measure in Measure::ALL {
        column::<DoubleType>(&mut group, rows.iter().map(|row| row.value(measure)).collect())?;
    }
    column::<ByteArrayType>(&mut group, rows.iter().map(|row| bytes(&row.ended_by)).collect())?;
    column::<ByteArrayType>(&mut group, rows.iter().map(|row| bytes(&row.digest)).collect())?;
    group.close()?;
    Ok(file.into_inner()?)
}

fn text_column(name: &str) -> String {
    format!("required binary {name} (UTF8);")
}

fn bytes(text: &str) -> ByteArray {
    ByteArray::from(text)
}

fn column<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: Vec<T::T>) -> anyhow::Result<()> {
    let mut writer = group.next_column()?.expect("the schema has as many columns as are written");
    writer.typed::<T>().write_batch(&values, None, None)?;
    Ok(writer.close()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Money;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn what_is_written_is_read_with_names_and_values() {
        let money = Money(hft_core::models::Cash::ZERO);
        let row = |point, seed| RunRow {
            point,
            seed,
            money: [money; 5],
            fills: 7,
            max_drawdown: money,
            inventory_max: 3.5,
            quote_uptime: 0.25,
            ended_by: "duration".to_owned(),
            digest: format!("{seed:016x}"),
        };
        let (keys, points) = (["maker.spread".to_owned()], [vec!["0.1".to_owned()], vec!["0.2".to_owned()]]);
        let file = runs(&keys, |point| &points[point], &[row(0, 8), row(1, 9)]).expect("written");
        let path = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(path.path(), file).expect("writable");
        let reader =
            SerializedFileReader::new(std::fs::File::open(path.path()).expect("there")).expect("a Parquet file");
        let read: Vec<_> = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row")).collect();
        let names: Vec<&String> = read[0].get_column_iter().map(|(name, _)| name).collect();
        let expected = ["point", "seed", "maker_spread", "net", "spread", "adverse", "inventory", "fees", "fills"];
        assert_eq!(names[..9], expected);
        let last: Vec<&Field> = read[1].get_column_iter().map(|(_, field)| field).collect();
        assert_eq!((last[1], last[2], last[8]), (&Field::Long(9), &Field::Str("0.2".to_owned()), &Field::Double(7.0)));
        assert_eq!(last[13], &Field::Str("0000000000000009".to_owned()));
    }
}
