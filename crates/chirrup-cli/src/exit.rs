//! How the program ends: one code for each cause.

use std::io::Write as _;
use std::process::ExitCode;

use chirrup::{Error, ErrorKind};

use crate::print::Printer;

/// Why the program cannot go on.
#[derive(Debug)]
pub(crate) enum Failed {
    /// A call failed.
    Call(Box<Error>),
    /// What was asked is refused without a call.
    Refused(String),
    /// What was typed makes no sense.
    Usage(String),
    /// A file cannot be written.
    Disk(std::io::Error),
    /// Nobody reads what is printed any more, which is no failure.
    NobodyReads,
}

impl Failed {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Call(Box::new(error))
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Usage(format!("cannot write: {error}")),
        }
    }
}

fn code_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Argument | ErrorKind::Configuration | ErrorKind::Blocking => 2,
        ErrorKind::Budget | ErrorKind::NoCredits | ErrorKind::UsageCapped => 8,
        ErrorKind::RateLimited => 3,
        ErrorKind::Credentials | ErrorKind::Login | ErrorKind::Unauthorized | ErrorKind::Forbidden => 4,
        ErrorKind::NotFound => 5,
        ErrorKind::Server | ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Decode => 6,
        ErrorKind::UnknownOutcome => 7,
        _ => 1,
    }
}

/// The code for a mistake that the parser of the command line found; help and version are none.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// Says what is missing of what was asked for, and gives the code: there is one for what was done only in part.
fn in_part(printer: &Printer) -> ExitCode {
    let mut stderr = std::io::stderr().lock();
    for problem in printer.problems() {
        // If stderr is gone, the code still tells.
        let _ = writeln!(stderr, "{} {problem}", printer.alarm("missing:"));
    }
    ExitCode::from(if printer.problems().is_empty() { 0 } else { 9 })
}

/// Says what went wrong, and gives the code.
pub(crate) fn code(done: Result<(), Failed>, printer: &Printer) -> ExitCode {
    let (message, hint, code) = match done {
        Ok(()) => return in_part(printer),
        Err(Failed::NobodyReads) => return ExitCode::SUCCESS,
        Err(Failed::Refused(message)) => (message, None, 1),
        Err(Failed::Usage(message)) => (message, None, 2),
        Err(Failed::Disk(why)) => (why.to_string(), None, 10),
        Err(Failed::Call(error)) => {
            let wait = error.retry_after().map(|wait| format!("wait {} s, then call again", wait.as_secs() + 1));
            (error.to_string(), wait.or_else(|| error.hint().map(str::to_owned)), code_of(error.kind()))
        }
    };
    let mut stderr = std::io::stderr().lock();
    // If stderr is gone, the code still tells.
    let _ = writeln!(stderr, "{} {message}", printer.alarm("error:"));
    if let Some(hint) = hint.filter(|_| !printer.quiet()) {
        let _ = writeln!(stderr, "{} {hint}", printer.faint("hint:"));
    }
    ExitCode::from(code)
}
