//! How a run was called, and how it is called again: lines for a shell.

use super::CONFIGURATION;
use crate::config;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The program's name and its arguments.
pub(crate) fn command_line() -> Vec<String> {
    let mut args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    if let Some(program) = args.first_mut() {
        *program =
            PathBuf::from(&*program).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    }
    args
}

/// The line that repeats what a folder holds, from the configuration in it; below it, as a comment, the one that it was called by, with the
/// environment's part in the configuration in front.
pub(crate) fn repeat(pattern: &str, task: &[&str], folder: &Path) -> String {
    let configuration = folder.join(CONFIGURATION).to_string_lossy().into_owned();
    let program = ["cargo", "run", "--release", "-p", pattern, "--"];
    let again = [&program[..], task, &["--config", &configuration]].concat();
    let variables = std::env::vars_os().filter(|(name, _)| config::is_variable(name));
    format!("{}\n# it was: {}", shell(again), called(variables, &command_line()))
}

fn called(variables: impl Iterator<Item = (OsString, OsString)>, args: &[String]) -> String {
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    let set = variables
        .iter()
        .map(|(name, value)| format!("{}={} ", name.to_string_lossy(), shell([&*value.to_string_lossy()])));
    set.chain([shell(args.iter().map(String::as_str))]).collect()
}

/// Words as a shell takes them for just these words.
fn shell<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    shlex::try_join(words).expect("the words of a command line hold no NUL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_called_can_be_pasted() {
        let variables = [("HFT_RUN__SEED", "7"), ("HFT_PASSIVE_MM__SYMBOLS", "[\"A B\"]")];
        let variables = variables.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let args = ["hft-passive-mm", "--set", "run.out=my runs"].map(str::to_owned);
        let line = called(variables.into_iter(), &args);
        assert_eq!(line, "HFT_PASSIVE_MM__SYMBOLS='[\"A B\"]' HFT_RUN__SEED=7 hft-passive-mm --set 'run.out=my runs'");
    }
}
