//! Bodies: requests are read within limits, and responses are tracked until they are sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;

use crate::activity::{Activity, Phase};
use crate::admission::Refusal;

/// Time for a whole body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Time between two parts of a body.
const BODY_PAUSE: Duration = Duration::from_secs(15);

/// Number of bytes of a refused body that are read before the response.
const MAX_DRAINED: usize = 32 << 20;
/// Time for the rest of a refused body.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// Boxed error of any type.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Error of a handler or of its body, which closes the connection.
#[derive(Debug)]
pub(crate) struct Closed(BoxError);

impl Closed {
    pub(crate) fn new(why: impl Into<BoxError>) -> Self {
        Self(why.into())
    }
}

impl std::error::Error for Closed {}

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the handler closed the connection: {}", self.0)
    }
}

/// Plain text as a response.
#[derive(Debug)]
pub struct Text;

impl Text {
    /// Returns a response with this status and text. An invalid status becomes 500.
    pub fn response(status: u16, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(text.into()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response
    }
}

/// Returns the response to a refused request, after which the connection is closed: its body may be on the way.
pub(crate) fn refusal((status, text): Refusal) -> Response<Full<Bytes>> {
    let mut response = Text::response(status.as_u16(), format!("{text}\n"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Limits for the bodies that a server holds.
#[derive(Debug, Clone)]
pub(crate) struct BodyLimits {
    /// Size in bytes of the largest body.
    pub(crate) largest: usize,
    /// Sum in bytes of all bodies at the same time.
    pub(crate) sum: usize,
    pub(crate) held: Arc<AtomicUsize>,
}

/// Share of the sum of all bodies. It is returned when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    held: Arc<AtomicUsize>,
    bytes: usize,
}

impl Share {
    fn grow(&mut self, bytes: usize, limit: usize) -> bool {
        self.bytes += bytes;
        self.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Reads a whole body within the limits.
pub(crate) async fn read(body: &mut Incoming, limits: &BodyLimits) -> Result<(Bytes, Share), Refusal> {
    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    let mut share = Share { held: Arc::clone(&limits.held), bytes: 0 };
    if body.size_hint().lower() > limits.largest as u64 {
        return Err(too_large);
    }
    let late = (StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time");
    let whole = async {
        let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
        loop {
            let next = tokio::time::timeout(BODY_PAUSE, body.frame()).await.map_err(|_| late)?;
            let Some(frame) = next else { break };
            let frame = frame.map_err(|_| (StatusCode::BAD_REQUEST, "the body is invalid or incomplete"))?;
            let Ok(data) = frame.into_data() else { continue };
            if share.bytes + data.len() > limits.largest {
                return Err(too_large);
            }
            if !share.grow(data.len(), limits.sum) {
                return Err((StatusCode::SERVICE_UNAVAILABLE, "the server holds too many bodies"));
            }
            // Most bodies are one frame, which needs no copy.
            if first.is_empty() && rest.is_empty() {
                first = data;
                continue;
            }
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&data);
        }
        Ok(if rest.is_empty() { first } else { rest.freeze() })
    };
    let bytes = tokio::time::timeout(BODY_TIMEOUT, whole).await.map_err(|_| late)??;
    Ok((bytes, share))
}

/// Reads and drops the rest of a refused body for a short time: a client that is still sending would otherwise lose the
/// response when the connection is closed.
pub(crate) async fn drain(body: &mut Incoming) {
    let mut left = MAX_DRAINED;
    let rest = async {
        while let Some(Ok(frame)) = body.frame().await {
            let received = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(received) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, rest).await;
}

/// Response body that ends the exchange of its connection when it is dropped.
pub(crate) struct TrackedBody<B> {
    source: Source<B>,
    activity: Arc<Activity>,
}

enum Source<B> {
    Own(Full<Bytes>),
    Handler(Pin<Box<B>>),
}

impl<B> TrackedBody<B> {
    pub(crate) fn own(body: Full<Bytes>, activity: Arc<Activity>) -> Self {
        Self { source: Source::Own(body), activity }
    }

    pub(crate) fn of_handler(body: B, activity: Arc<Activity>) -> Self {
        Self { source: Source::Handler(Box::pin(body)), activity }
    }
}

impl<B> Drop for TrackedBody<B> {
    fn drop(&mut self) {
        self.activity.enter(Phase::Idle);
    }
}

impl<B> Body for TrackedBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        Poll::Ready(match &mut self.source {
            Source::Own(body) => ready!(Pin::new(body).poll_frame(cx)).map(|frame| frame.map_err(Closed::new)),
            Source::Handler(body) => ready!(body.as_mut().poll_frame(cx)).map(|frame| frame.map_err(Closed::new)),
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Own(body) => body.is_end_stream(),
            Source::Handler(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Own(body) => body.size_hint(),
            Source::Handler(body) => body.size_hint(),
        }
    }
}
