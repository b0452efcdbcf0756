//! What a run leaves behind: plain data first, then text, files and pictures made of it.
//!
//! | what | made of | by |
//! |---|---|---|
//! | `fills.csv`, `orders.csv`, `equity.csv` | [`FillRow`], [`OrderRow`], [`EquityRow`] | [`CsvFile`] |
//! | `summary.json`, the table in the terminal | [`Summary`] | serde, [`Summary::render`] |
//! | `report.html` | [`Report`] | [`Report::html`] |
//! | `manifest.json`, last | [`Manifest`] | [`RunFolder::finish`] |
//!
//! A folder without a manifest is of a run that did not end.

mod attribution;
mod csv_file;
mod decimals;
mod folder;
mod money;
pub(crate) mod report;
mod rows;
mod style;
mod summary;
mod terminal;

pub use attribution::{Attribution, Part};
pub use csv_file::CsvFile;
pub use decimals::{price_units, seconds, seconds_at};
pub(crate) use folder::open_regular;
pub use folder::{FileEntry, MANIFEST, Manifest, RunFacts, RunFolder};
pub use money::Money;
pub use report::{ContractSeries, EquityPoint, FillMark, LatencyBar, LatencyHistogram, MarketPoint, Report, Series};
pub use rows::{Column, EquityRow, FillRow, OrderRow, Row};
pub use style::Style;
pub use summary::{
    ExecutionSummary, LatencySummary, Markout, MoneySummary, RiskSummary, RunSummary, Summary, SymbolSummary,
};
pub(crate) use terminal::{grouped, span};
