//! The program `chirrup`: the X API from the command line.

mod args;
mod background;
mod command_line;
mod commands;
mod config;
mod dry_run;
mod error;
mod exit;
mod fields;
mod help;
mod hints;
mod print;
mod progress;
mod report;
mod settings;
mod signals;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    help::complete(command_line::command_line);
    let parsed = match command_line::read() {
        Ok(parsed) => parsed,
        Err(error) => return report::command_line(&error),
    };
    let global = parsed.global.clone();
    let mut printer = print::Printer::new(&global);
    let outcome = settings::runtime().and_then(|runtime| runtime.block_on(commands::run(parsed, &mut printer)));
    let finished = printer.finish();
    report::outcome(outcome.and(finished), &global, &printer)
}
