//! The program `chirrup`: the X API from the command line.

use std::process::ExitCode;

use chirrup_cli::{Invocation, run};

fn main() -> ExitCode {
    ExitCode::from(run(Invocation::of_process()))
}
