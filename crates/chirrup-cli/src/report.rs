//! Reports on stderr: errors, hints and what is missing from a partial result.

use std::process::ExitCode;

use crate::args::Global;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::hints;
use crate::print::Printer;
use crate::progress::labeled;

/// Returns the exit code for a command line that clap rejects, or for `--help` and `--version`.
pub(crate) fn command_line(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() {
        return ExitStatus::Usage.into();
    }
    match printed.map_err(|why| CliError::stdout(&why)) {
        Ok(()) | Err(CliError::BrokenPipe) => ExitStatus::Success.into(),
        Err(_) => ExitStatus::Storage.into(),
    }
}

/// Reports the outcome of a command on stderr and returns the exit code.
pub(crate) fn outcome(outcome: Result<(), CliError>, global: &Global, printer: &Printer) -> ExitCode {
    let Err(error) = outcome else {
        for problem in printer.problems() {
            labeled(&printer.error_label("missing:"), problem);
        }
        let partial = !printer.problems().is_empty();
        return if partial { ExitStatus::Partial } else { ExitStatus::Success }.into();
    };
    let (status, message, hint) = match error {
        CliError::Api(error) => (ExitStatus::of(error.kind()), error.to_string(), hints::for_error(&error, global)),
        CliError::Other { status, message, hint } => (status, message, hint),
        CliError::Answered(status) => return status.into(),
        CliError::BrokenPipe => return ExitStatus::Success.into(),
    };
    labeled(&printer.error_label("error:"), &message);
    if let Some(hint) = hint.filter(|_| !printer.quiet()) {
        labeled(&printer.hint_label("hint:"), &hint);
    }
    if let Some(resume) = printer.resume() {
        labeled(&printer.hint_label("resume:"), resume);
    }
    status.into()
}
