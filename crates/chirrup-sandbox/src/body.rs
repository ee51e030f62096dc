//! The body of an answer, which may break off, pause or be spoiled as a fault asks.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use crate::faults::Fault;

#[derive(Debug)]
enum Piece {
    Data(Bytes),
    Pause(Pin<Box<tokio::time::Sleep>>),
    End,
}

/// A body in pieces.
#[derive(Debug)]
pub(crate) struct Body {
    pieces: VecDeque<Piece>,
    /// What the headers say of its length.
    announced: u64,
}

/// The connection is to be closed, as a fault asks.
#[derive(Debug)]
pub(crate) struct CutOff;

impl std::fmt::Display for CutOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut off, as asked")
    }
}

impl std::error::Error for CutOff {}

impl Body {
    pub(crate) fn whole(data: impl Into<Bytes>) -> Self {
        let data = data.into();
        Self { announced: data.len() as u64, pieces: VecDeque::from([Piece::Data(data)]) }
    }

    fn of(announced: usize, pieces: impl Into<VecDeque<Piece>>) -> Self {
        Self { announced: announced as u64, pieces: pieces.into() }
    }

    /// All of it.
    fn into_data(self) -> Bytes {
        let mut data = self.pieces.into_iter().filter_map(|piece| match piece {
            Piece::Data(data) => Some(data),
            _ => None,
        });
        data.next().unwrap_or_default()
    }

    /// Does with it what a fault asks.
    pub(crate) fn struck(self, fault: &Fault) -> Self {
        let data = self.into_data();
        let len = data.len();
        let cut_at = |at: usize| Self::of(len, [Piece::Data(data.slice(..at.min(len))), Piece::End]);
        match fault {
            Fault::CutBody => cut_at(len / 2),
            Fault::CutAt(at) => cut_at(*at),
            Fault::StallBody(time) => {
                let (first, rest) = (data.slice(..len / 2), data.slice(len / 2..));
                let pause = Piece::Pause(Box::pin(tokio::time::sleep(*time)));
                Self::of(len, [Piece::Data(first), pause, Piece::Data(rest)])
            }
            Fault::Corrupt => {
                let spoiled = data.iter().enumerate().map(|(i, byte)| if i % 16 == 7 { byte ^ 0x55 } else { *byte });
                Self::whole(spoiled.collect::<Bytes>())
            }
            Fault::Duplicate => Self::whole(lines(&data).flat_map(|line| [line, line].concat()).collect::<Bytes>()),
            Fault::OutOfOrder => Self::whole(lines(&data).rev().flatten().copied().collect::<Bytes>()),
            _ => Self::whole(data),
        }
    }
}

/// The lines, with their ends.
fn lines(data: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    data.split_inclusive(|byte| *byte == b'\n')
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        loop {
            match self.pieces.pop_front() {
                Some(Piece::Data(data)) if data.is_empty() => {}
                Some(Piece::Data(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Piece::End) => return Poll::Ready(Some(Err(CutOff))),
                Some(Piece::Pause(mut pause)) => {
                    if pause.as_mut().poll(context).is_pending() {
                        self.pieces.push_front(Piece::Pause(pause));
                        return Poll::Pending;
                    }
                }
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// A time to wait, or none.
pub(crate) async fn pause(time: Option<Duration>) {
    if let Some(time) = time {
        tokio::time::sleep(time).await;
    }
}
