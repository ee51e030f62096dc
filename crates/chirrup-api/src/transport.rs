//! The interface between the client and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chirrup_model::Timestamp;

use crate::live::{LiveSettings, RawEvent, RawLiveStream};
use crate::prices::Cost;
use crate::request::Request;
use crate::response::RawResponse;

/// A boxed future that can move between threads.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// How a call was sent: time, attempts and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SendInfo {
    /// Time of the first attempt.
    pub started: Option<Timestamp>,
    /// Number of attempts; 0 if the response came from a cache.
    pub attempts: u32,
    /// Cost of the call, as the client counts it.
    pub cost: Cost,
}

/// A transport: it sends requests and returns responses.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends a request and returns the complete response, whatever its status.
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>>;

    /// Opens a stream that reconnects when its connection breaks.
    fn live(&self, request: Request, settings: LiveSettings) -> RawLiveStream {
        drop((request, settings));
        let why =
            TransportError::new(TransportErrorKind::Configuration, "this transport does not support live streams");
        Box::pin(Once(Some(RawEvent::Ended(Err(why)))))
    }

    /// Returns whether the calling thread runs an async runtime, so that blocking it would stop other tasks.
    fn is_inside_runtime(&self) -> bool {
        false
    }
}

/// A stream of a single event.
struct Once(Option<RawEvent>);

impl futures_core::Stream for Once {
    type Item = RawEvent;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<RawEvent>> {
        std::task::Poll::Ready(self.0.take())
    }
}

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
}

impl TransportError {
    /// Creates an error for a request that was not sent.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), may_have_arrived: false, send_info: SendInfo::default(), source: None }
    }
    /// Marks that the server may have processed the request.
    #[must_use]
    pub fn in_doubt(mut self) -> Self {
        self.may_have_arrived = true;
        self
    }
    /// Sets the cause of the failure.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
