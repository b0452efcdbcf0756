//! The run folder, `runs/<utc>-<pattern>-<seed>/`: never overwritten, and closed by a manifest of everything in it.

use super::{Column, CsvFile, EquityRow, FillRow, OrderRow, Row};
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use xxhash_rust::xxh3::Xxh3;

/// The name of the manifest in a run folder.
pub const MANIFEST: &str = "manifest.json";

/// How many runs of one pattern and seed may begin in one second.
const MOST_OF_A_SECOND: u32 = 1000;

/// A folder that belongs to one run.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
}

/// What a manifest says of the run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RunFacts {
    /// The name of the binary.
    pub pattern: String,
    /// Its version.
    pub version: String,
    /// The seed of all randomness.
    pub seed: u64,
    /// The hash of the resolved configuration.
    pub config_hash: String,
    /// The digest of every delivery, where the run had one.
    pub digest: Option<String>,
    /// After how many deliveries a lockstep run was stopped before its time, by a person or by its risk limits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stopped_after: Option<u64>,
    /// The command line, to repeat it.
    pub command_line: Vec<String>,
}

/// `manifest.json`: written last.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The run.
    #[serde(flatten)]
    pub run: RunFacts,
    /// Every other file of the folder, by name.
    pub files: BTreeMap<String, FileEntry>,
}

/// One file of the folder.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its XXH3 hash of 128 bits, in hexadecimal, as `xxhsum -H2` prints it.
    pub xxh3_128: String,
    /// For a CSV file: what each column is, with its unit.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub columns: Option<&'static [Column]>,
}

impl RunFolder {
    /// Makes a new folder under `out`, named after the moment, the pattern and the seed.
    ///
    /// # Errors
    /// When `out` cannot be made or written to.
    #[allow(clippy::disallowed_methods, reason = "the folder's name is for people; nothing in the run depends on it")]
    pub fn create(out: &Path, pattern: &str, seed: u64) -> anyhow::Result<Self> {
        Self::create_at(SystemTime::now(), out, pattern, seed)
    }

    fn create_at(moment: SystemTime, out: &Path, pattern: &str, seed: u64) -> anyhow::Result<Self> {
        fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
        let utc = humantime::format_rfc3339_seconds(moment).to_string().replace(['-', ':'], "");
        let name = format!("{utc}-{}-{seed}", pattern.trim_start_matches("hft-"));
        for attempt in 1..=MOST_OF_A_SECOND {
            let suffix = if attempt == 1 { String::new() } else { format!("-{attempt}") };
            let path = out.join(format!("{name}{suffix}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot make the folder {}", path.display()));
                }
            }
        }
        bail!("{} runs named {name} exist in {} already", MOST_OF_A_SECOND, out.display())
    }

    /// A folder that exists already, to go on with what it holds.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let entry = fs::metadata(path).with_context(|| format!("cannot open the folder {}", path.display()))?;
        if !entry.is_dir() {
            bail!("{} is not a folder", path.display());
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Removes the folder of a run that never began. What cannot be removed stays.
    pub fn discard(self) {
        let _ = fs::remove_dir_all(&self.path);
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a CSV file.
    ///
    /// # Errors
    /// When it exists or cannot be written.
    pub fn csv<R: Row>(&self, name: &str) -> anyhow::Result<CsvFile<R>> {
        CsvFile::create(&self.path.join(name))
    }

    /// Writes a whole file, which must not exist.
    ///
    /// # Errors
    /// When it exists or the disk refuses.
    pub fn write(&self, name: &str, content: &str) -> anyhow::Result<()> {
        let path = self.path.join(name);
        File::create_new(&path)
            .and_then(|mut file| file.write_all(content.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Writes a whole file in one step, over what an earlier attempt may have left: beside it, then renamed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn replace(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let (path, beside) = (self.path.join(name), self.path.join(format!("{name}.part")));
        fs::write(&beside, content)
            .and_then(|()| fs::rename(&beside, &path))
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Closes the folder: a manifest of every file in it, journals included.
    ///
    /// # Errors
    /// When a file cannot be read again or the manifest not written.
    pub fn finish(self, run: RunFacts) -> anyhow::Result<Manifest> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&self.path).with_context(|| format!("cannot list {}", self.path.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let entry = measure(&path, &name).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(name, entry);
        }
        let manifest = Manifest { run, files };
        let json = serde_json::to_string_pretty(&manifest).expect("a manifest serialises");
        self.write(MANIFEST, &(json + "\n"))?;
        Ok(manifest)
    }
}

impl Manifest {
    /// Reads the manifest of a finished run.
    ///
    /// # Errors
    /// When the folder has none, or it is none.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(MANIFEST);
        let text = open_regular(&path).and_then(io::read_to_string);
        let text = text.with_context(|| format!("{} cannot be read: no folder of a finished run", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no manifest of a run", path.display()))
    }

    /// Checks that every file is there and is what it was when the run ended.
    ///
    /// # Errors
    /// Names the first file that is not.
    pub fn check(&self, folder: &Path) -> anyhow::Result<()> {
        for (name, entry) in &self.files {
            let path = folder.join(name);
            if path.file_name() != Some(name.as_ref()) || path.parent() != Some(folder) {
                bail!("{}: `{name}` is not the name of a file beside it", folder.join(MANIFEST).display());
            }
            let now = measure(&path, name).with_context(|| format!("cannot read {}", path.display()))?;
            if (now.bytes, &now.xxh3_128) != (entry.bytes, &entry.xxh3_128) {
                bail!("{} was changed after the run: the manifest has another hash", path.display());
            }
        }
        Ok(())
    }
}

/// Opens a file to read, and nothing that only looks like one: nobody may ever write to a pipe, and a device has no end.
///
/// # Errors
/// When there is none, or it is something else.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

fn measure(path: &Path, name: &str) -> io::Result<FileEntry> {
    let (mut file, mut hash) = (open_regular(path)?, Xxh3::new());
    let (mut buffer, mut bytes) = (vec![0; 1 << 16], 0);
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..read]);
        bytes += u64::try_from(read).unwrap_or(u64::MAX);
    }
    let columns = match name {
        "fills.csv" => Some(FillRow::COLUMNS),
        "orders.csv" => Some(OrderRow::COLUMNS),
        "equity.csv" => Some(EquityRow::COLUMNS),
        _ => None,
    };
    Ok(FileEntry { bytes, xxh3_128: format!("{:032x}", hash.digest128()), columns })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> RunFacts {
        RunFacts {
            pattern: "hft-passive-mm".to_owned(),
            version: "0.1.0".to_owned(),
            seed: 11,
            config_hash: "00".to_owned(),
            digest: None,
            stopped_after: None,
            command_line: vec!["hft-passive-mm".to_owned()],
        }
    }

    #[test]
    fn no_folder_is_ever_used_twice() {
        let out = tempfile::tempdir().expect("a temporary folder");
        let deep = out.path().join("a/b");
        let create = || RunFolder::create_at(SystemTime::UNIX_EPOCH, &deep, "hft-passive-mm", 11).expect("writable");
        let name = |folder: &RunFolder| folder.path().file_name().map(|name| name.to_string_lossy().into_owned());
        let (first, second) = (create(), create());
        assert_eq!(name(&first).as_deref(), Some("19700101T000000Z-passive-mm-11"));
        assert_eq!(name(&second).as_deref(), Some("19700101T000000Z-passive-mm-11-2"));
        first.write("summary.json", "{}").expect("new");
        let again = first.write("summary.json", "{}").expect_err("exists");
        assert!(again.to_string().starts_with("cannot write "), "{again}");
        assert!(first.csv::<FillRow>("summary.json").is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_one_sentence() {
        let out = tempfile::NamedTempFile::new().expect("a temporary file");
        let error = RunFolder::create(out.path(), "hft-passive-mm", 1).expect_err("a file is in the way");
        assert!(format!("{error:#}").starts_with("cannot make the folder "), "{error:#}");
    }

    #[test]
    fn the_manifest_names_every_file_and_its_columns() {
        let out = tempfile::tempdir().expect("a temporary folder");
        let folder = RunFolder::create(out.path(), "hft-passive-mm", 11).expect("writable");
        let path = folder.path().to_owned();
        assert_eq!(folder.csv::<EquityRow>("equity.csv").and_then(CsvFile::finish).expect("writable"), 0);
        folder.write("journal", "").expect("new");
        let manifest = folder.finish(facts()).expect("readable");
        assert_eq!(manifest.files["journal"].xxh3_128, "99aa06d3014798d86001c324468d497f", "XXH3 of nothing");
        let header = fs::read_to_string(path.join("equity.csv")).expect("written");
        let columns: Vec<&str> = EquityRow::COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(header.trim_end(), columns.join(","));
        let json = fs::read_to_string(path.join("manifest.json")).expect("written");
        assert!(json.contains("\"seed\": 11") && json.contains("\"name\": \"inventory\""), "{json}");
    }
}
