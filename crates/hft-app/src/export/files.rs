//! The files of an export, open while the run happens again.
//!
//! Invariant: a failed export leaves none of them.

use super::{ExportFlags, ExportFormat, create};
use anyhow::{Context, ensure};
use hft_core::models::Nanos;
use hft_data::formats::events_csv::CsvWriter;
#[cfg(feature = "parquet")]
use hft_data::formats::events_parquet::ParquetWriter;
use hft_data::formats::lobster::{LobsterWriter, file_names};
use hft_data::{Date, Event, Instruments, UnixNanos};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// How many books may be exported as LOBSTER, each with two files open.
const PAIRS_MAX: usize = 128;

/// When the run was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) midnight: UnixNanos,
    /// After midnight.
    pub(super) opening: Nanos,
    pub(super) length: Nanos,
}

/// Whatever takes the events.
enum Writers {
    /// One of each book, in the order of the instruments; made when the names are known.
    Lobster(Vec<LobsterWriter<BufWriter<File>>>),
    Csv(CsvWriter<BufWriter<File>>),
    #[cfg(feature = "parquet")]
    Parquet(ParquetWriter<BufWriter<File>>),
}

/// See the module's documentation.
pub(super) struct Written<'a> {
    flags: &'a ExportFlags,
    day: Day,
    writers: Writers,
    paths: Vec<PathBuf>,
}

impl<'a> Written<'a> {
    pub(super) fn create(flags: &'a ExportFlags, day: Day, stem: &str, books: usize) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&flags.out).with_context(|| format!("cannot make {}", flags.out.display()))?;
        let mut paths = Vec::new();
        let mut open = |name: String| -> anyhow::Result<BufWriter<File>> {
            let (path, file) = create(&flags.out, &name)?;
            paths.push(path);
            Ok(BufWriter::new(file))
        };
        let writers = match flags.format {
            ExportFormat::Lobster => {
                ensure!(books <= PAIRS_MAX, "{books} books; as LOBSTER at most {PAIRS_MAX}: export them as csv");
                Writers::Lobster(Vec::new())
            }
            ExportFormat::Csv => Writers::Csv(CsvWriter::new(open(format!("{stem}.csv"))?)?),
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => Writers::Parquet(ParquetWriter::new(open(format!("{stem}.parquet"))?)?),
        };
        Ok(Self { flags, day, writers, paths })
    }

    /// Opens the pairs that are not open yet.
    fn open_pairs(&mut self, instruments: &Instruments) -> anyhow::Result<()> {
        let Writers::Lobster(pairs) = &mut self.writers else { return Ok(()) };
        let Day { date, midnight, opening, length } = self.day;
        let millis = |nanos: u64| nanos.div_ceil(1_000_000);
        let span = millis(opening.count())..millis(opening.count().saturating_add(length.count()));
        let levels = usize::from(self.flags.levels);
        for info in instruments.as_slice().iter().skip(pairs.len()) {
            let [messages, books] = file_names(&info.symbol, date, span.clone(), levels);
            let mut open = |name: &str| -> anyhow::Result<BufWriter<File>> {
                let (path, file) = create(&self.flags.out, name)?;
                self.paths.push(path);
                Ok(BufWriter::new(file))
            };
            pairs.push(LobsterWriter::new(open(&messages)?, open(&books)?, midnight, levels));
        }
        Ok(())
    }

    pub(super) fn write(&mut self, event: &Event, instruments: &Instruments) -> anyhow::Result<()> {
        self.open_pairs(instruments)?;
        match &mut self.writers {
            Writers::Lobster(pairs) => {
                let which = usize::from(event.instrument.0);
                pairs[which].write(event, instruments.get(event.instrument))?;
            }
            Writers::Csv(csv) => csv.write(event, instruments)?,
            #[cfg(feature = "parquet")]
            Writers::Parquet(parquet) => parquet.write(event)?,
        }
        Ok(())
    }

    /// Closes the files, and names them.
    pub(super) fn finish(mut self, instruments: &Instruments) -> anyhow::Result<Vec<PathBuf>> {
        self.open_pairs(instruments)?;
        let closed = || "cannot close the export";
        match self.writers {
            Writers::Lobster(pairs) => {
                for pair in pairs {
                    ensure!(pair.left_out() == 0, "the export left out {} events", pair.left_out());
                    pair.finish().with_context(closed)?;
                }
            }
            Writers::Csv(csv) => drop(csv.finish().with_context(closed)?),
            #[cfg(feature = "parquet")]
            Writers::Parquet(parquet) => drop(parquet.finish(instruments).with_context(closed)?),
        }
        Ok(self.paths)
    }

    /// Removes what was written of an export that failed.
    pub(super) fn take_away(self) {
        for path in self.paths {
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!("cannot remove {}: {error}", path.display());
            }
        }
    }
}
