//! The shell from outside: configuration, command line, run folder, report.

mod bad_configurations;
mod calibrate;
mod command_line;
mod configuration;
mod knobs;
mod leaks;
mod mirror;
mod report;
mod sample;
