//! The program `chirrup`, which the wheel carries inside of the native module.

use std::ffi::OsString;

use chirrup_cli::Invocation;
use pyo3::prelude::*;

/// Runs the program with these words, and returns its exit code. `again` is the command that starts the program.
#[pyfunction]
pub(crate) fn run_program(py: Python<'_>, words: Vec<OsString>, again: Vec<OsString>) -> u8 {
    py.detach(|| chirrup_cli::run(Invocation::new(words, again)))
}
