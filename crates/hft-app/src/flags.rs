//! The flags that several tasks have in common, and the configuration that they ask for.

use crate::config::{self, FlagValue, Resolved, RunConfig, Setting, Sources, Table, Value, Violations};
use crate::exit::Failure;
use crate::output::{Style, seconds};
use clap::Args;
use hft_core::models::Nanos;
use std::path::{Path, PathBuf};

/// Flags that every subcommand understands.
#[derive(Clone, Debug, Default, Args)]
pub struct Shared {
    /// Set one key; may be repeated, and wins over files and environment.
    #[arg(long, global = true, value_name = "TABLE.KEY=VALUE", help_heading = "Configuration")]
    pub set: Vec<Setting>,
    /// Another configuration file, over Config.toml; may be repeated, later ones win.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Configuration")]
    pub config: Vec<PathBuf>,
    /// The seed of all randomness: short for run.seed, or instead of a paper's own.
    #[arg(long, global = true, value_name = "N", value_parser = seed, allow_hyphen_values = true,
        help_heading = "Configuration")]
    pub seed: Option<u64>,
    /// Print JSON on stdout instead of text. What goes wrong stays a sentence on stderr, with its exit code.
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// No colour, even on a terminal. NO_COLOR in the environment says the same.
    #[arg(long, global = true, help_heading = "Output")]
    pub no_color: bool,
}

/// Seeds have to be writable in TOML.
const SEED_MAX: u64 = i64::MAX.cast_unsigned();

fn seed(text: &str) -> Result<u64, String> {
    let read = text.parse().ok().filter(|seed| *seed <= SEED_MAX);
    read.ok_or_else(|| format!("a seed is a whole number from 0 to {SEED_MAX}"))
}

/// Flags of a run, for the subcommand that runs.
#[derive(Clone, PartialEq, Debug, Default, Args)]
pub struct RunFlags {
    /// The same market time in lockstep, as fast as the processor goes: same seed, same bytes.
    #[arg(long)]
    pub fast: bool,
    /// Market time of the run, such as 30s, 1h, 500ms or "1h 30m": short for run.duration_s.
    #[arg(long, value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub duration: Option<Nanos>,
    /// The folder in which the run folder is made: short for run.out.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Print the summary only, no fills.
    #[arg(long)]
    pub quiet: bool,
    /// With --fast: the same run on so many seeds, and what can be told from luck.
    #[arg(long, value_name = "N")]
    pub seeds: Option<u64>,
}

impl Shared {
    /// How stdout is written to.
    pub fn style(&self) -> Style {
        if self.no_color { Style::Plain } else { Style::of_stdout() }
    }

    /// The flags that are short for a key.
    pub fn flag_values(&self) -> Vec<FlagValue> {
        let seed = |seed: u64| FlagValue { flag: "--seed", key: "run.seed", value: Value::Integer(seed.into()) };
        self.seed.map(seed).into_iter().collect()
    }

    /// The configuration of this command line: files, environment, settings and flags over the defaults.
    ///
    /// # Errors
    /// All violations.
    pub fn configure(&self, tables: Vec<Table>, flags: Vec<FlagValue>) -> Result<Resolved, Violations> {
        config::load(tables, &self.sources(flags))
    }

    /// The layers of this command line.
    pub fn sources(&self, flags: Vec<FlagValue>) -> Sources {
        let files = config::default_file(Path::new(".")).into_iter().chain(self.config.iter().cloned());
        Sources {
            files: files.collect(),
            environment: std::env::vars_os().collect(),
            set: self.set.clone(),
            asked: Vec::new(),
            flags: self.flag_values().into_iter().chain(flags).collect(),
        }
    }

    /// For a task that has its configuration from elsewhere, or needs none: refuses what would change it, and says why.
    pub(crate) fn leaves_configuration(&self, why: &str) -> Result<(), Failure> {
        self.leaves_files(why)?;
        if self.seed.is_some() { Err(Failure::Usage(format!("--seed changes nothing here: {why}"))) } else { Ok(()) }
    }

    /// The same for one that takes a seed.
    pub(crate) fn leaves_files(&self, why: &str) -> Result<(), Failure> {
        let given = [("--set", !self.set.is_empty()), ("--config", !self.config.is_empty())];
        match given.iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Failure::Usage(format!("{flag} changes nothing here: {why}"))),
            None => Ok(()),
        }
    }
}

impl RunFlags {
    /// The flags that are short for a key.
    pub fn flag_values(&self) -> Vec<FlagValue> {
        let duration = |duration: Nanos| FlagValue {
            flag: "--duration",
            key: "run.duration_s",
            value: Value::Real(seconds(duration)),
        };
        let out =
            |out: &PathBuf| FlagValue { flag: "--out", key: "run.out", value: Value::Text(out.display().to_string()) };
        self.duration.map(duration).into_iter().chain(self.out.as_ref().map(out)).collect()
    }
}

/// `30s`, `1h 30m`, `500ms`: whole numbers with units, exact to the nanosecond.
pub(crate) fn duration(text: &str) -> Result<Nanos, String> {
    let bounds = RunConfig::DURATION_S;
    let parsed = humantime::parse_duration(text).map_err(|error| match text.trim().parse::<f64>() {
        Ok(number) if number > 0.0 => format!("{number} of what? Write {number}s, {number}m or {number}h"),
        Ok(_) => "a run takes 1ms to 30days".to_owned(),
        Err(_) => format!("{error}: write 30s, 1h 30m or 500ms"),
    })?;
    if !bounds.contains(parsed.as_secs_f64()) {
        return Err("a run takes 1ms to 30days".to_owned());
    }
    u64::try_from(parsed.as_nanos()).map(Nanos::new).map_err(|_| "too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them_and_are_exact() {
        for (text, nanos) in [
            ("30s", 30_000_000_000),
            ("1h", 3_600_000_000_000),
            ("500ms", 500_000_000),
            ("1h 30m", 5_400_000_000_000),
            ("1500us", 1_500_000),
            ("1.5h", 5_400_000_000_000),
        ] {
            let read = duration(text).expect(text);
            assert_eq!(read, Nanos::new(nanos), "{text}");
            let run = RunConfig { duration_s: seconds(read), ..RunConfig::default() };
            assert_eq!(run.duration(), read, "{text} survives run.duration_s");
        }
        for text in ["", "30", "-1s", "0s", "1us", "31days", "nan", "soon", "99999999999999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
