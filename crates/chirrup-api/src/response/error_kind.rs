//! The kinds of errors.

use chirrup_model::{Problem, ProblemKind};

/// The kind of an [`Error`](crate::Error), for programs that react to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is invalid; nothing was sent.
    Argument,
    /// The client has no credential that the endpoint accepts; nothing was sent.
    Credentials,
    /// The configuration of the client, a profile or an environment variable is invalid; nothing was sent.
    Configuration,
    /// A file, a keyring, a Redis server or another store could not be read, written or locked.
    Storage,
    /// A media file is invalid, or X could not process it.
    Media,
    /// A stream or another source of events has ended.
    Closed,
    /// `.wait()` was called inside an async runtime; nothing was sent.
    Blocking,
    /// The login failed, without a token.
    Login,
    /// The server rejected the credential (401, or 400 with code 215 in API v1.1).
    Unauthorized,
    /// The authenticated caller may not do this (403).
    Forbidden,
    /// The object does not exist (404, or a 200 with such a problem).
    NotFound,
    /// The server rejected the request as invalid (400).
    Invalid,
    /// The request conflicts with the state on the server (409).
    Conflict,
    /// The rate limit is exhausted (429).
    RateLimited,
    /// The daily or monthly usage cap is reached (429 without an exhausted rate limit). A wait of minutes does not help.
    UsageCapped,
    /// The account has no credits left (402).
    NoCredits,
    /// The call would exceed the budget; nothing was sent.
    Budget,
    /// The permissions that the client was created with do not allow the call; nothing was sent.
    NotAllowed,
    /// The server refused the request for another reason (other 4xx, redirects that are not followed).
    Refused,
    /// The server failed to process the request (5xx).
    Server,
    /// The connection to the server failed. A read can be repeated.
    Network,
    /// The response did not arrive in time. A read can be repeated.
    Timeout,
    /// A write was sent without a response: it may have taken effect.
    UnknownOutcome,
    /// The response cannot be decoded.
    Decode,
}

impl ErrorKind {
    /// All kinds of errors, in the order of their declaration.
    pub const ALL: &[Self] = &[
        Self::Argument,
        Self::Credentials,
        Self::Configuration,
        Self::Storage,
        Self::Media,
        Self::Closed,
        Self::Blocking,
        Self::Login,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Invalid,
        Self::Conflict,
        Self::RateLimited,
        Self::UsageCapped,
        Self::NoCredits,
        Self::Budget,
        Self::NotAllowed,
        Self::Refused,
        Self::Server,
        Self::Network,
        Self::Timeout,
        Self::UnknownOutcome,
        Self::Decode,
    ];

    /// Returns the name of the kind for programs in other languages, such as `rate_limited`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Argument => "argument",
            Self::Credentials => "credentials",
            Self::Configuration => "configuration",
            Self::Storage => "storage",
            Self::Media => "media",
            Self::Closed => "closed",
            Self::Blocking => "blocking",
            Self::Login => "login",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::UsageCapped => "usage_capped",
            Self::NoCredits => "no_credits",
            Self::Budget => "budget",
            Self::NotAllowed => "not_allowed",
            Self::Refused => "refused",
            Self::Server => "server",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Decode => "decode",
        }
    }
}

/// Code of "Bad Authentication data", which API v1.1 sends with status 400.
const BAD_AUTHENTICATION: i64 = 215;

/// Returns the kind of error that a status and its problems mean.
pub(crate) fn kind_of(status: u16, problems: &[Problem]) -> ErrorKind {
    let is = |kind: ProblemKind| problems.iter().any(|p| p.kind() == kind);
    match status {
        400 if problems.iter().any(|p| p.code == Some(BAD_AUTHENTICATION)) => ErrorKind::Unauthorized,
        400 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthorized,
        402 => ErrorKind::NoCredits,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        421 | 425 => ErrorKind::Server,
        429 if is(ProblemKind::UsageCapped) => ErrorKind::UsageCapped,
        429 if is(ProblemKind::StreamingConnection) => ErrorKind::Refused,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Refused,
    }
}
