//! The interface between the client and the network.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::future::BoxFuture;
use super::request::Request;
use super::stream_settings::{LiveSettings, RawEvent, RawLiveStream};
use crate::response::raw_response::RawResponse;
use crate::response::transport_error::{TransportError, TransportErrorKind};

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

    /// Waits for this time. It limits blocking reads of streams. The default never ends: such reads have no limit.
    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        let _ = time;
        Box::pin(std::future::pending())
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
