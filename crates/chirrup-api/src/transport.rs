//! The seam between the calls and the network.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::Credential;
use chirrup_model::Timestamp;

use crate::endpoint::Endpoint;
use crate::idempotency::Idempotency;
use crate::live::{LiveSettings, RawEvent, RawLiveStream};
use crate::prices::{Cost, CostInputs};
use crate::response::RawResponse;

/// A future in a box.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A request, ready but for the proof of who calls, which the transport adds at the moment of sending.
#[derive(Debug, Clone)]
pub struct Request {
    /// The HTTP method.
    pub method: http::Method,
    /// The whole address.
    pub url: String,
    /// The media type of the body.
    pub content_type: Option<Cow<'static, str>>,
    /// The body.
    pub body: Bytes,
    /// What to prove who calls with.
    pub credential: Option<Arc<Credential>>,
    /// How long it may take; the transport's own limit if not given.
    pub timeout: Option<Duration>,
    /// The entry in the table.
    pub endpoint: Option<&'static Endpoint>,
    /// What has to be known to say what it costs.
    pub cost_inputs: CostInputs,
}

impl Request {
    /// What sending it a second time does.
    pub fn idempotency(&self) -> Idempotency {
        self.endpoint.map_or_else(|| Idempotency::of_method(self.method.as_str()), Endpoint::idempotency)
    }
}

/// How a call was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SendInfo {
    /// When it was sent first.
    pub started: Option<Timestamp>,
    /// How many times it was sent; 0 if its answer was kept from before.
    pub attempts: u32,
    /// What it cost, as far as the client counts it.
    pub cost: Cost,
}

/// Sends requests.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and reads the whole answer, whatever its status.
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>>;

    /// Opens a stream that keeps itself alive.
    fn live(&self, request: Request, settings: LiveSettings) -> RawLiveStream {
        drop((request, settings));
        let why = TransportError::new(TransportErrorKind::Configuration, "this transport has no live streams");
        Box::pin(Once(Some(RawEvent::Ended(Err(why)))))
    }

    /// Whether the calling thread runs an async runtime, so that blocking it would stop other tasks.
    fn is_inside_runtime(&self) -> bool {
        false
    }
}

/// A stream of one event.
struct Once(Option<RawEvent>);

impl futures_core::Stream for Once {
    type Item = RawEvent;
    fn poll_next(mut self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<RawEvent>> {
        std::task::Poll::Ready(self.0.take())
    }
}

/// What kind of failure of the transport it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection could be made.
    Connect,
    /// The connection broke.
    ConnectionLost,
    /// The time was up.
    Timeout,
    /// The answer is larger than allowed.
    TooLarge,
    /// The request could not be made: a bad address, say.
    Configuration,
    /// A file, a Redis server or another store could not be read, written or locked.
    Storage,
    /// Its window is used up, and the wait is longer than allowed; it was not sent.
    RateLimited(Duration),
    /// It would have cost more than is left to spend; it was not sent.
    Budget,
    /// The token that it needs could not be had; it was not sent.
    Login,
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    /// What kind of failure.
    pub kind: TransportErrorKind,
    /// What happened; never with a secret in it.
    pub message: String,
    /// Whether the server may have taken the request.
    pub may_have_arrived: bool,
    /// How it was sent.
    pub send_info: SendInfo,
    /// The error beneath.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// A failure of this kind, before anything was sent.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), may_have_arrived: false, send_info: SendInfo::default(), source: None }
    }
    /// Says that the server may have taken the request.
    #[must_use]
    pub fn in_doubt(mut self) -> Self {
        self.may_have_arrived = true;
        self
    }
    /// Names the error beneath.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}
