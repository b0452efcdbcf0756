//! What is on disk while a sweep runs: what it is, its configuration, and a row for every run that is done.
//!
//! Invariant: `runs.csv` holds whole lines in the order of point and seed, from the first run on, each handed to the system when its run
//! was done. Only the last line of a program that was killed may be torn; it is dropped with a warning, and its run made again. Every row
//! ends with a hash over itself and everything before it, so whoever goes on with a sweep goes on with what it wrote.

use super::{Identity, Plan, RunRow};
use crate::exit::Failure;
use crate::output::{Money, RunFolder};
use crate::run::CONFIGURATION;
use anyhow::{Context, anyhow, bail};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// What a sweep is.
const IDENTITY: &str = "sweep.json";

/// A row for every run.
const RUNS: &str = "runs.csv";

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Ledger {
    folder: RunFolder,
    file: File,
    rows: Vec<RunRow>,
    /// The cells before the seed: the number of each point and its values.
    heads: Vec<Vec<String>>,
    /// The last cell of the last row; nothing before the first.
    check: String,
}

/// The hash of a row, without its own, and of the one before it.
fn chained<'a>(before: &'a str, cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Xxh3::new();
    for cell in std::iter::once(before).chain(cells) {
        hash.update(cell.as_bytes());
        hash.update(b",");
    }
    format!("{:016x}", hash.digest())
}

/// True for the folder of a sweep, ended or not.
pub(crate) fn is_sweep(path: &Path) -> bool {
    path.join(IDENTITY).is_file()
}

/// What the sweep in this folder is.
pub(super) fn read_identity(folder: &Path) -> Result<Identity, Failure> {
    let path = folder.join(IDENTITY);
    let read = || -> anyhow::Result<Identity> { Ok(serde_json::from_str(&fs::read_to_string(&path)?)?) };
    let sentence = || format!("{} is not the folder of a sweep: {IDENTITY} cannot be read", folder.display());
    read().with_context(sentence).map_err(Failure::Data)
}

impl Ledger {
    /// A new folder under `out`.
    pub(super) fn begin(out: &Path, plan: &Plan) -> anyhow::Result<Self> {
        let folder = RunFolder::create(out, &format!("{}-sweep", plan.pattern), plan.first_seed)?;
        folder.write(RUNS, &line(&header(plan))?)?;
        // Without the swept keys.
        folder.write(CONFIGURATION, &plan.base.to_toml())?;
        let identity = serde_json::to_string_pretty(&plan.identity()).expect("an identity serialises");
        folder.replace(IDENTITY, &(identity + "\n"))?;
        let mut file = open(&folder)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { folder, file, rows: Vec::new(), heads: heads(plan), check: String::new() })
    }

    /// The folder of this very sweep, with what is done in it.
    pub(super) fn resume(path: &Path, plan: &Plan, warn: &mut dyn Write) -> Result<Self, Failure> {
        let (there, asked) = (read_identity(path)?, plan.identity());
        if there != asked {
            return Err(Failure::Data(anyhow!(
                "{} holds another sweep ({} of {} {}, seeds {} + {}, hash {}) than was asked for ({} of {} {}, seeds {} + {}, hash {})",
                path.display(),
                there.sweep.join(" "),
                there.pattern,
                there.version,
                there.first_seed,
                there.seeds,
                there.hash,
                asked.sweep.join(" "),
                asked.pattern,
                asked.version,
                asked.first_seed,
                asked.seeds,
                asked.hash,
            )));
        }
        let folder = RunFolder::open(path)?;
        let mut file = open(&folder).map_err(Failure::Data)?;
        let csv = path.join(RUNS);
        let text = fs::read_to_string(&csv).map_err(|error| Failure::Data(anyhow!("{}: {error}", csv.display())))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            let torn = &text[whole..];
            writeln!(warn, "{}: the last line is torn and was dropped; its run is made again: {torn}", csv.display())?;
            file.set_len(u64::try_from(whole).expect("a file's length"))?;
        }
        file.seek(SeekFrom::End(0))?;
        let heads = heads(plan);
        let read = read_rows(&text[..whole], plan, &heads).with_context(|| csv.display().to_string());
        let (rows, check) = read.map_err(Failure::Data)?;
        Ok(Self { folder, file, rows, heads, check })
    }

    /// How many runs are done.
    pub(super) fn done(&self) -> u64 {
        u64::try_from(self.rows.len()).expect("at most RUNS_MAX")
    }

    /// What is done, in order.
    pub(super) fn rows(&self) -> &[RunRow] {
        &self.rows
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// The folder, to be closed.
    pub(super) fn into_folder(self) -> RunFolder {
        self.folder
    }

    /// Appends the next run and hands it to the system.
    pub(super) fn write(&mut self, row: &RunRow) -> Result<(), Failure> {
        let mut cells = self.heads[row.point].clone();
        cells.push(row.seed.to_string());
        cells.extend(row.money.iter().map(ToString::to_string));
        cells.extend([
            row.fills.to_string(),
            row.max_drawdown.to_string(),
            row.inventory_max.to_string(),
            row.quote_uptime.to_string(),
            row.ended_by.clone(),
            row.digest.clone(),
        ]);
        self.check = chained(&self.check, cells.iter().map(String::as_str));
        cells.push(self.check.clone());
        let written = line(&cells).and_then(|line| Ok(self.file.write_all(line.as_bytes())?));
        written.with_context(|| format!("cannot write {}", self.folder.path().join(RUNS).display()))?;
        self.rows.push(row.clone());
        Ok(())
    }
}

fn open(folder: &RunFolder) -> anyhow::Result<File> {
    let path = folder.path().join(RUNS);
    OpenOptions::new().read(true).write(true).open(&path).with_context(|| format!("cannot open {}", path.display()))
}

fn header(plan: &Plan) -> Vec<String> {
    let fixed = ["seed", "net", "spread", "adverse", "inventory", "fees"];
    let rest = ["fills", "max_drawdown", "inventory_max", "quote_uptime", "ended_by", "digest", "check"];
    let own = ["point".to_owned()].into_iter().chain(plan.keys.iter().cloned());
    own.chain(fixed.into_iter().chain(rest).map(str::to_owned)).collect()
}

fn heads(plan: &Plan) -> Vec<Vec<String>> {
    let head = |(i, values): (usize, &Vec<String>)| [i.to_string()].into_iter().chain(values.iter().cloned()).collect();
    plan.points.iter().map(|point| &point.values).enumerate().map(head).collect()
}

fn line(cells: &[String]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn read_rows(text: &str, plan: &Plan, heads: &[Vec<String>]) -> anyhow::Result<(Vec<RunRow>, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let first = records.next().context("the header is missing")??;
    if first.iter().ne(header(plan).iter().map(String::as_str)) {
        bail!("the header is not that of this sweep");
    }
    let (mut rows, mut check) = (Vec::new(), String::new());
    for (record, number) in records.zip(0..) {
        let record = record?;
        let sentence = || format!("line {} is not the run that belongs there", number + 2);
        if number >= plan.runs() {
            bail!(sentence());
        }
        let (point, seed) = plan.run(number);
        let cells: Vec<&str> = record.iter().collect();
        let (head, rest) = cells.split_at_checked(heads[point].len()).with_context(sentence)?;
        if head != heads[point] || rest.first() != Some(&seed.to_string().as_str()) {
            bail!(sentence());
        }
        let (told, own) = cells.split_last().with_context(sentence)?;
        check = chained(&check, own.iter().copied());
        if check != *told {
            bail!("line {} was changed since the sweep wrote it, or one before it was", number + 2);
        }
        let figures = own.get(head.len() + 1..).with_context(sentence)?;
        rows.push(row(point, seed, figures).with_context(sentence)?);
    }
    Ok((rows, check))
}

/// A row of the cells behind the seed.
fn row(point: usize, seed: u64, cells: &[&str]) -> anyhow::Result<RunRow> {
    let [net, spread, adverse, inventory, fees, fills, max_drawdown, inventory_max, quote_uptime, ended_by, digest] =
        cells
    else {
        bail!("{} cells behind the seed", cells.len());
    };
    let money = |text: &str| serde_json::from_str::<Money>(text).with_context(|| format!("`{text}` is not an amount"));
    Ok(RunRow {
        point,
        seed,
        money: [money(net)?, money(spread)?, money(adverse)?, money(inventory)?, money(fees)?],
        fills: fills.parse()?,
        max_drawdown: money(max_drawdown)?,
        inventory_max: inventory_max.parse()?,
        quote_uptime: quote_uptime.parse()?,
        ended_by: (*ended_by).to_owned(),
        digest: (*digest).to_owned(),
    })
}
