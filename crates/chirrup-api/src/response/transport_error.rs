//! The error of a transport.

use std::time::Duration;

use super::raw_response::RawResponse;
use super::send_info::SendInfo;

/// The kind of a [`TransportError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection could not be established.
    Connect,
    /// The connection broke before the response was complete.
    ConnectionLost,
    /// The response did not arrive in time.
    Timeout,
    /// The response is larger than allowed.
    TooLarge,
    /// The request could not be built, for example because of a malformed URL.
    Configuration,
    /// A file, a Redis server or another store could not be read, written or locked.
    Storage,
    /// The rate limit is exhausted, and the wait, which is the value, longer than allowed; nothing was sent.
    RateLimited(Duration),
    /// The call would exceed the budget; nothing was sent.
    Budget,
    /// The permissions of the client do not allow the call; nothing was sent.
    NotAllowed,
    /// The access token could not be obtained; nothing was sent.
    Login,
}

/// The reason why a request has no response.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// Kind of the failure.
    pub kind: TransportErrorKind,
    /// Description of the failure, without secrets.
    pub message: String,
    /// Whether the server may have processed the request.
    pub may_have_arrived: bool,
    /// Attempts to send the request.
    pub send_info: SendInfo,
    /// Cause of the failure, if there is one.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Last refusal of the server, if a stream ended after several.
    pub response: Option<Box<RawResponse>>,
}

impl TransportError {
    /// Creates an error for a request that was not sent.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            may_have_arrived: false,
            send_info: SendInfo::default(),
            source: None,
            response: None,
        }
    }
    /// Marks that the server may have processed the request.
    #[must_use]
    pub fn in_doubt(mut self) -> Self {
        self.may_have_arrived = true;
        self
    }
    /// Sets the last refusal of the server.
    #[must_use]
    pub fn after_refusal(mut self, response: Option<RawResponse>) -> Self {
        self.response = response.map(Box::new);
        self
    }
    /// Sets the cause of the failure.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
