//! Exit codes: one for each cause of failure.

use chirrup::ErrorKind;

/// Exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitStatus {
    Success = 0,
    Refused = 1,
    Usage = 2,
    RateLimited = 3,
    Credentials = 4,
    NotFound = 5,
    Network = 6,
    UnknownOutcome = 7,
    Budget = 8,
    Partial = 9,
    Storage = 10,
    Interrupted = 130,
}

/// Exit codes with their causes, as `chirrup --help` and `docs/exit-codes.md` list them.
const TABLE: [(ExitStatus, &str); 12] = [
    (ExitStatus::Success, "success, also when the reader of a pipe has closed it"),
    (
        ExitStatus::Refused,
        "the server refused the request, or a check failed: `does-follow`, `doctor`, `text`, `endpoints --against`",
    ),
    (ExitStatus::Usage, "usage: an argument, the configuration or the input is invalid"),
    (ExitStatus::RateLimited, "rate limited"),
    (ExitStatus::Credentials, "credentials are missing, invalid or insufficient"),
    (ExitStatus::NotFound, "not found"),
    (ExitStatus::Network, "network, server, or a response that cannot be decoded"),
    (ExitStatus::UnknownOutcome, "a write was sent and its outcome is unknown"),
    (ExitStatus::Budget, "money: the budget, the credits or the usage cap is used up"),
    (ExitStatus::Partial, "partial success: stderr names what is missing"),
    (ExitStatus::Storage, "a file, stdin, stdout or the keyring cannot be read or written"),
    (ExitStatus::Interrupted, "interrupted twice"),
];

impl ExitStatus {
    /// Returns the name of the kind of error of the program itself, as [`chirrup::ErrorKind::name`] does for the library.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::RateLimited => "rate_limited",
            Self::Credentials => "credentials",
            Self::NotFound => "not_found",
            Self::Network => "network",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Budget => "budget",
            Self::Partial => "partial",
            Self::Storage => "storage",
            Self::Interrupted => "interrupted",
        }
    }

    /// Exit code for an error of the library.
    pub(crate) fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Argument | ErrorKind::Configuration | ErrorKind::Blocking => Self::Usage,
            ErrorKind::RateLimited => Self::RateLimited,
            ErrorKind::Credentials | ErrorKind::Login | ErrorKind::Unauthorized | ErrorKind::Forbidden => {
                Self::Credentials
            }
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Server | ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Decode | ErrorKind::Closed => {
                Self::Network
            }
            ErrorKind::UnknownOutcome => Self::UnknownOutcome,
            ErrorKind::Budget | ErrorKind::NoCredits | ErrorKind::UsageCapped => Self::Budget,
            ErrorKind::Storage => Self::Storage,
            _ => Self::Refused,
        }
    }
}

/// Returns the cause of an exit code.
pub(crate) fn cause(code: u16) -> Option<&'static str> {
    TABLE.iter().find(|(status, _)| *status as u16 == code).map(|(_, cause)| *cause)
}

/// Returns the table of exit codes for the help text.
pub(crate) fn help() -> String {
    let rows = TABLE.iter().map(|(status, cause)| format!("\n  {:<4} {cause}", *status as u8));
    format!("Exit codes:{}", rows.collect::<String>())
}
