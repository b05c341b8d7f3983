//! Parses the command line, runs one command, prints one error.

use headlight::commands;
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(std::env::args_os())
}
