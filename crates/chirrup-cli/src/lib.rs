//! The program `chirrup` as a library: the X API from the command line. The binary runs it, and so does the Python package.

mod args;
mod background;
mod collection;
mod command_line;
mod commands;
mod config;
mod dry_run;
mod error;
mod error_object;
mod estimate;
mod exit;
mod fields;
mod help;
mod hints;
mod invocation;
mod next_step;
mod print;
mod progress;
mod report;
mod schema;
mod settings;
mod shared_store;
mod signals;
mod verbs;

pub use invocation::Invocation;

use std::cell::OnceCell;

use exit::ExitStatus;

/// Runs the program, and returns its exit code. A process calls it once.
pub fn run(invocation: Invocation) -> u8 {
    invocation.keep();
    help::complete(command_line::command_line);
    status() as u8
}

fn status() -> ExitStatus {
    let parsed = match command_line::read() {
        Ok(parsed) => parsed,
        Err(error) => return report::command_line(&error),
    };
    let global = parsed.global.clone();
    let mut printer = print::Printer::new(&global);
    let ledger = OnceCell::new();
    let run = |runtime: tokio::runtime::Runtime| runtime.block_on(commands::run(parsed, &mut printer, &ledger));
    let outcome = settings::runtime().and_then(run);
    let finished = printer.finish();
    report::outcome(outcome.and(finished), &global, &printer, ledger.get())
}
