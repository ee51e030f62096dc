//! Response bodies: complete ones, live streams, and both with injected faults.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Frame, SizeHint};
use tokio::sync::mpsc;

use crate::control::faults::Fault;
use crate::streams::chunk::StreamChunk;

/// Response body, as a queue of parts.
#[derive(Debug)]
pub(crate) struct Body {
    parts: VecDeque<BodyPart>,
    /// Length that the headers declare. A truncated body is shorter; a live stream has none.
    content_length: Option<u64>,
}

#[derive(Debug)]
enum BodyPart {
    Data(Bytes),
    Delay(Pin<Box<tokio::time::Sleep>>),
    Live(LiveStream),
    /// Closes the connection, so that the body stays incomplete.
    Abort,
}

/// Rest of a live stream.
#[derive(Debug)]
struct LiveStream {
    chunks: mpsc::Receiver<StreamChunk>,
    /// Number of bytes after which the connection is closed.
    abort_after: Option<usize>,
    /// Number of bytes in a frame at most.
    max_frame: usize,
    gzip: Option<StreamGzip>,
}

/// Gzip compression that flushes after each chunk, so that the client can read it immediately.
#[derive(Debug)]
struct StreamGzip(GzEncoder<Vec<u8>>);

impl StreamGzip {
    fn new() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::fast()))
    }

    fn compress(&mut self, data: &[u8]) -> Bytes {
        // Writing into memory does not fail.
        let _ = self.0.write_all(data).and_then(|()| self.0.flush());
        std::mem::take(self.0.get_mut()).into()
    }
}

/// Error that makes hyper close the connection, as a fault demands.
#[derive(Debug)]
pub(crate) struct ConnectionAborted;

impl std::fmt::Display for ConnectionAborted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection closed by an injected fault")
    }
}

impl std::error::Error for ConnectionAborted {}

impl Body {
    /// Creates a complete body.
    pub(crate) fn complete(data: impl Into<Bytes>) -> Self {
        let data = data.into();
        Self { content_length: Some(data.len() as u64), parts: VecDeque::from([BodyPart::Data(data)]) }
    }

    /// Creates a body with a text and this number of copies of it, which share their memory.
    pub(crate) fn repeated(text: &str, count: usize) -> Self {
        const TOGETHER: usize = 1_000;
        let part = Bytes::from(text.repeat(TOGETHER.min(count)));
        let (parts, rest) = (count / TOGETHER, part.slice(..count % TOGETHER * text.len()));
        let parts = std::iter::repeat_n(part, parts).chain([rest]);
        Self::with_length(text.len() * count, parts.map(BodyPart::Data).collect::<VecDeque<_>>())
    }

    /// Creates the body of a live stream: first these lines, then the chunks from the channel.
    pub(crate) fn live(first: Vec<u8>, chunks: mpsc::Receiver<StreamChunk>, compressed: bool) -> Self {
        let mut gzip = compressed.then(StreamGzip::new);
        let first = match &mut gzip {
            Some(gzip) => gzip.compress(&first),
            None => Bytes::from(first),
        };
        let rest = LiveStream { chunks, abort_after: None, max_frame: usize::MAX, gzip };
        Self { content_length: None, parts: VecDeque::from([BodyPart::Data(first), BodyPart::Live(rest)]) }
    }

    fn with_length(content_length: usize, parts: impl Into<VecDeque<BodyPart>>) -> Self {
        Self { content_length: Some(content_length as u64), parts: parts.into() }
    }

    /// Applies a fault that concerns the body.
    pub(crate) fn with_fault(self, fault: &Fault) -> Self {
        match self.content_length {
            Some(_) => self.complete_with_fault(fault),
            None => self.live_with_fault(fault),
        }
    }

    fn complete_with_fault(self, fault: &Fault) -> Self {
        let data = self.into_data();
        let len = data.len();
        let truncated = |at: usize| {
            let kept = data.slice(..at.min(len));
            Self::with_length(len, [BodyPart::Data(kept), BodyPart::Abort])
        };
        match fault {
            Fault::TruncateBody => truncated(len / 2),
            Fault::TruncateBodyAt(at) => truncated(*at),
            Fault::PauseBody(time) => {
                let (first, rest) = (data.slice(..len / 2), data.slice(len / 2..));
                let delay = BodyPart::Delay(Box::pin(tokio::time::sleep(*time)));
                Self::with_length(len, [BodyPart::Data(first), delay, BodyPart::Data(rest)])
            }
            Fault::CorruptBody => {
                let corrupted = data.iter().enumerate().map(|(i, byte)| if i % 16 == 7 { byte ^ 0x55 } else { *byte });
                Self::complete(corrupted.collect::<Bytes>())
            }
            Fault::DuplicateLines => {
                Self::complete(lines(&data).flat_map(|line| [line, line].concat()).collect::<Bytes>())
            }
            Fault::ReverseLines => Self::complete(lines(&data).rev().flatten().copied().collect::<Bytes>()),
            _ => Self::complete(data),
        }
    }

    /// Applies the faults that a live stream supports: to truncate it, and to split it into small chunks.
    fn live_with_fault(mut self, fault: &Fault) -> Self {
        match fault {
            Fault::TruncateBodyAt(at) => self.truncate_live(*at),
            Fault::TruncateBody => self.truncate_live(0),
            Fault::ChunkSize(bytes) => {
                if let Some(BodyPart::Live(live)) = self.parts.back_mut() {
                    live.max_frame = (*bytes).max(1);
                }
            }
            _ => {}
        }
        self
    }

    /// Closes the connection after this number of bytes of a live stream.
    fn truncate_live(&mut self, at: usize) {
        let first = match self.parts.front() {
            Some(BodyPart::Data(data)) => data.clone(),
            _ => Bytes::new(),
        };
        if !first.is_empty() && first.len() >= at {
            self.parts = VecDeque::from([BodyPart::Data(first.slice(..at)), BodyPart::Abort]);
        } else if let Some(BodyPart::Live(live)) = self.parts.back_mut() {
            live.abort_after = Some(at - first.len());
        }
    }

    /// Returns the data of a complete body.
    fn into_data(self) -> Bytes {
        let mut data = self.parts.into_iter().filter_map(|part| match part {
            BodyPart::Data(data) => Some(data),
            _ => None,
        });
        let first = data.next().unwrap_or_default();
        let mut rest = data.peekable();
        if rest.peek().is_none() {
            return first;
        }
        std::iter::once(first).chain(rest).flatten().collect()
    }

    /// Returns the frame for a chunk of a live stream, and queues what follows it.
    fn next_live_frame(&mut self, mut live: LiveStream, mut data: Bytes) -> Frame<Bytes> {
        if let Some(gzip) = &mut live.gzip {
            data = gzip.compress(&data);
        }
        data.truncate(live.abort_after.unwrap_or(data.len()));
        live.abort_after = live.abort_after.map(|left| left - data.len());
        let max_frame = live.max_frame;
        self.parts.push_front(BodyPart::Live(live));
        while data.len() > max_frame {
            let last = data.split_off(data.len() - (data.len() - 1) % max_frame - 1);
            self.parts.push_front(BodyPart::Data(last));
        }
        Frame::data(data)
    }
}

/// Splits a body into lines that include their line ends.
fn lines(data: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    data.split_inclusive(|byte| *byte == b'\n')
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = ConnectionAborted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionAborted>>> {
        loop {
            match self.parts.pop_front() {
                Some(BodyPart::Data(data)) if data.is_empty() => {}
                Some(BodyPart::Data(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(BodyPart::Abort) => return Poll::Ready(Some(Err(ConnectionAborted))),
                Some(BodyPart::Delay(mut delay)) => {
                    if delay.as_mut().poll(context).is_pending() {
                        self.parts.push_front(BodyPart::Delay(delay));
                        return Poll::Pending;
                    }
                }
                Some(BodyPart::Live(mut live)) => {
                    return match live.chunks.poll_recv(context) {
                        Poll::Pending => {
                            self.parts.push_front(BodyPart::Live(live));
                            Poll::Pending
                        }
                        Poll::Ready(None) => Poll::Ready(None),
                        Poll::Ready(Some(StreamChunk::Data(data))) if live.abort_after != Some(0) => {
                            Poll::Ready(Some(Ok(self.next_live_frame(live, data))))
                        }
                        Poll::Ready(Some(_)) => Poll::Ready(Some(Err(ConnectionAborted))),
                    };
                }
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.content_length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }
}
