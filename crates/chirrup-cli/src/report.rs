//! Reports on stderr: errors, hints and what is missing from a partial result. With a format of JSON, a report is one JSON
//! object.

use chirrup::{Clock as _, Ledger, SystemClock};

use crate::args::Global;
use crate::error::CliError;
use crate::error_object::ErrorObject;
use crate::exit::ExitStatus;
use crate::print::Printer;
use crate::progress::{labeled, notice};
use crate::{hints, invocation, next_step};

/// Returns the exit code for a command line that clap rejects, or for `--help` and `--version`.
pub(crate) fn command_line(error: &clap::Error) -> ExitStatus {
    if error.use_stderr()
        && invocation::words().any(|word| ["--json", "--jsonl", "--flat"].iter().any(|flag| word == *flag))
    {
        let rendered = error.render().to_string();
        let message = rendered.trim_start_matches("error: ").trim_end();
        let (message, rest) = message.split_once("\n\n").unwrap_or((message, ""));
        let object = ErrorObject::new(ExitStatus::Usage.name(), ExitStatus::Usage, message);
        let hint = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
        notice(&object.with("hint", hint).with_next_step(next_step::after_usage(error)).line());
        return ExitStatus::Usage;
    }
    let printed = error.print();
    if error.use_stderr() {
        return ExitStatus::Usage;
    }
    match printed.map_err(|why| CliError::stdout(&why)) {
        Ok(()) | Err(CliError::BrokenPipe) => ExitStatus::Success,
        Err(_) => ExitStatus::Storage,
    }
}

/// Reports the outcome of a command on stderr and returns the exit code.
pub(crate) fn outcome(
    outcome: Result<(), CliError>,
    global: &Global,
    printer: &Printer,
    ledger: Option<&Ledger>,
) -> ExitStatus {
    let spent = ledger.map(|ledger| ledger.spent(SystemClock.now()).run.to_string());
    match outcome {
        Ok(()) => partial(global, printer, spent),
        Err(CliError::Answered(status)) => status,
        Err(CliError::BrokenPipe) => ExitStatus::Success,
        Err(error) if global.prints_json() => {
            let status = error.status();
            let object = object_of(error, global).with("resume", printer.resume()).with("cost", spent);
            notice(&object.line());
            status
        }
        Err(error) => {
            let (status, message) = (error.status(), error.to_string());
            labeled(&printer.error_label("error:"), &message);
            if let Some(hint) = hint_of(error, global).filter(|_| !printer.quiet()) {
                labeled(&printer.hint_label("hint:"), &hint);
            }
            if let Some(resume) = printer.resume() {
                labeled(&printer.hint_label("resume:"), resume);
            }
            status
        }
    }
}

/// Reports what is missing from a result, if anything is.
fn partial(global: &Global, printer: &Printer, spent: Option<String>) -> ExitStatus {
    let missing = printer.problems();
    if missing.is_empty() {
        return ExitStatus::Success;
    }
    if global.prints_json() {
        let partial = ExitStatus::Partial;
        let object = ErrorObject::new(partial.name(), partial, "a part of the result is missing");
        notice(&object.with("missing", Some(missing)).with("cost", spent).line());
    } else {
        missing.iter().for_each(|problem| labeled(&printer.error_label("missing:"), problem));
    }
    ExitStatus::Partial
}

fn hint_of(error: CliError, global: &Global) -> Option<String> {
    match error {
        CliError::Api(error) => hints::for_error(&error, global),
        CliError::Other { hint, .. } => hint,
        CliError::Answered(_) | CliError::BrokenPipe => None,
    }
}

fn object_of(error: CliError, global: &Global) -> ErrorObject {
    let status = error.status();
    let object = match &error {
        CliError::Api(error) => ErrorObject::of(error).with_next_step(next_step::after(error, global)),
        other => {
            let object = ErrorObject::new(status.name(), status, &other.to_string());
            object.with_next_step(next_step::help().filter(|_| status == ExitStatus::Usage))
        }
    };
    object.with("hint", hint_of(error, global))
}
