//! The program `chirrup`: the X API from the command line.

mod args;
mod background;
mod command_line;
mod commands;
mod config;
mod dry_run;
mod error;
mod error_object;
mod exit;
mod fields;
mod help;
mod hints;
mod next_step;
mod print;
mod progress;
mod report;
mod schema;
mod settings;
mod signals;
mod verbs;

use std::cell::OnceCell;
use std::process::ExitCode;

fn main() -> ExitCode {
    help::complete(command_line::command_line);
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
