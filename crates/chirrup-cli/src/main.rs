//! The program `chirrup`: the X API from the command line.

mod args;
mod commands;
mod dry_run;
mod exit;
mod print;
mod progress;
mod settings;
mod signals;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::read() {
        Ok(args) => args,
        Err(error) => {
            // Help goes to stdout, mistakes to stderr; if neither can be written, nobody is there to be told.
            let _ = error.print();
            return exit::usage(&error);
        }
    };
    let mut printer = print::Printer::new(&args.global);
    let done = settings::runtime().and_then(|runtime| runtime.block_on(commands::run(args, &mut printer)));
    exit::code(done.and_then(|()| printer.finish()), &printer)
}
