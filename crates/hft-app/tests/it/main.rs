//! The shell from outside: configuration, command line, run folder, report.

mod bad_configurations;
mod configuration;
mod mirror;
