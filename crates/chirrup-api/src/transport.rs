//! The seam between the calls and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::Credential;

use crate::endpoint::Meta;
use crate::reply::Answer;

/// A future in a box.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A request, ready but for the proof of who calls, which the transport adds at the moment of sending.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The HTTP method.
    pub method: http::Method,
    /// The whole address.
    pub url: String,
    /// The media type of the body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Bytes,
    /// What to prove who calls with.
    pub credential: Option<Arc<Credential>>,
    /// How long it may take; the transport's own limit if not given.
    pub timeout: Option<Duration>,
    /// The entry in the table.
    pub meta: Option<&'static Meta>,
}

/// Sends requests.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and reads the whole answer, whatever its status.
    fn send(&self, outgoing: Outgoing) -> BoxFuture<Result<Answer, Failure>>;

    /// Whether the calling thread runs an async runtime, so that blocking it would stop other tasks.
    fn is_inside_runtime(&self) -> bool {
        false
    }
}

/// What kind of failure of the transport it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// No connection could be made.
    Connect,
    /// The connection broke.
    Broken,
    /// The time was up.
    Timeout,
    /// The answer is larger than allowed.
    TooLarge,
    /// The request could not be made: a bad address, say.
    Configuration,
}

/// Why no answer came.
#[derive(Debug)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What happened; never with a secret in it.
    pub message: String,
    /// Whether the server may have taken the request.
    pub may_have_arrived: bool,
    /// The error beneath.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}
