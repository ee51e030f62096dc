//! The error type of the program.

use std::io;
use std::path::Path;

use chirrup::{Error, ErrorKind};

use crate::exit::ExitStatus;

/// Reason why a command failed.
#[derive(Debug)]
pub(crate) enum CliError {
    /// An error of the library. Its exit code and hint follow from its kind.
    Api(Box<Error>),
    /// An error of the program itself.
    Other { status: ExitStatus, message: String, hint: Option<String> },
    /// The command has printed a negative answer, and ends with this exit code.
    Answered(ExitStatus),
    /// The reader of stdout has closed the pipe. The program ends without a message.
    BrokenPipe,
}

impl CliError {
    pub(crate) fn new(status: ExitStatus, message: impl Into<String>) -> Self {
        Self::Other { status, message: message.into(), hint: None }
    }

    /// Creates the error of an invalid argument, setting or input.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Usage, message)
    }

    /// Creates the error of a request that the server did not accept, or of a failed check.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Refused, message)
    }

    /// Creates the error of a file or a stream that cannot be read.
    pub(crate) fn read(source: impl std::fmt::Display, error: &io::Error) -> Self {
        let status = match error.kind() {
            io::ErrorKind::InvalidData => ExitStatus::Usage,
            _ => ExitStatus::Storage,
        };
        Self::new(status, format!("cannot read {source}: {error}"))
    }

    /// Creates the error of a file that cannot be read.
    pub(crate) fn read_file(path: &Path, error: &io::Error) -> Self {
        Self::read(path.display(), error)
    }

    /// Creates the error of a file that cannot be written.
    pub(crate) fn write(target: impl std::fmt::Display, error: impl std::fmt::Display) -> Self {
        Self::new(ExitStatus::Storage, format!("cannot write {target}: {error}"))
    }

    /// Creates the error of a file that cannot be written. The error names the file.
    pub(crate) fn write_file(error: &io::Error) -> Self {
        Self::new(ExitStatus::Storage, error.to_string())
    }

    /// Creates the error of a failed write to stdout.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::new(ExitStatus::Storage, format!("cannot write to stdout: {error}")),
        }
    }

    /// Returns the exit code of the error.
    pub(crate) fn status(&self) -> ExitStatus {
        match self {
            Self::Api(error) => ExitStatus::of(error.kind()),
            Self::Other { status, .. } | Self::Answered(status) => *status,
            Self::BrokenPipe => ExitStatus::Success,
        }
    }

    /// Whether the transport of a dry run caused the error, or the answer that it simulates did.
    pub(crate) fn is_end_of_dry_run(&self) -> bool {
        match self {
            Self::Api(error) => error.kind() == ErrorKind::Configuration,
            Self::Answered(_) => true,
            _ => false,
        }
    }

    /// Sets the hint: the next step of the user, in terms of commands and flags.
    pub(crate) fn with_hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Other { status, message, .. } => Self::Other { status, message, hint: Some(text.into()) },
            other => other,
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::Other { message, .. } => f.write_str(message),
            Self::Answered(_) => f.write_str("the answer is no"),
            Self::BrokenPipe => f.write_str("the reader of stdout has closed it"),
        }
    }
}

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        Self::Api(Box::new(error))
    }
}
