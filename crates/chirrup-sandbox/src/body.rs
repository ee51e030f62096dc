//! The body of an answer, which may break off, pause or be spoiled as a fault asks.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Frame, SizeHint};

use tokio::sync::mpsc;

use crate::faults::Fault;
use crate::hub::Sent;

#[derive(Debug)]
enum Piece {
    Data(Bytes),
    Pause(Pin<Box<tokio::time::Sleep>>),
    /// What comes when it comes. A fault may let it break off after so many bytes, or come in pieces of this size.
    Live {
        rest: mpsc::Receiver<Sent>,
        left: Option<usize>,
        piece: usize,
        packer: Option<Packer>,
    },
    End,
}

/// Packs what is sent, each message so that it can be unpacked when it has come.
#[derive(Debug)]
struct Packer(GzEncoder<Vec<u8>>);

impl Packer {
    fn pack(&mut self, data: &[u8]) -> Bytes {
        // Writing into memory does not fail.
        let _ = self.0.write_all(data).and_then(|()| self.0.flush());
        std::mem::take(self.0.get_mut()).into()
    }
}

/// A body in pieces.
#[derive(Debug)]
pub(crate) struct Body {
    pieces: VecDeque<Piece>,
    /// What the headers say of its length.
    announced: Option<u64>,
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
        Self { announced: Some(data.len() as u64), pieces: VecDeque::from([Piece::Data(data)]) }
    }

    /// A body that goes on: first this, then what is sent.
    pub(crate) fn live(first: Vec<u8>, rest: mpsc::Receiver<Sent>, packed: bool) -> Self {
        let mut packer = packed.then(|| Packer(GzEncoder::new(Vec::new(), Compression::fast())));
        let first = packer.as_mut().map_or_else(|| Bytes::from(first.clone()), |packer| packer.pack(&first));
        let live = Piece::Live { rest, left: None, piece: usize::MAX, packer };
        Self { announced: None, pieces: VecDeque::from([Piece::Data(first), live]) }
    }

    fn of(announced: usize, pieces: impl Into<VecDeque<Piece>>) -> Self {
        Self { announced: Some(announced as u64), pieces: pieces.into() }
    }

    /// All of it.
    fn into_data(self) -> Bytes {
        let mut data = self.pieces.into_iter().filter_map(|piece| match piece {
            Piece::Data(data) => Some(data),
            _ => None,
        });
        data.next().unwrap_or_default()
    }

    /// Lets a live stream break off after so many bytes.
    fn break_off(&mut self, after: usize) {
        let begun = match self.pieces.front() {
            Some(Piece::Data(data)) => data.clone(),
            _ => Bytes::new(),
        };
        if !begun.is_empty() && begun.len() >= after {
            self.pieces = VecDeque::from([Piece::Data(begun.slice(..after)), Piece::End]);
        } else if let Some(Piece::Live { left, .. }) = self.pieces.back_mut() {
            *left = Some(after - begun.len());
        }
    }

    /// Does with it what a fault asks.
    pub(crate) fn struck(mut self, fault: &Fault) -> Self {
        if self.announced.is_none() {
            // A live stream can break off or trickle; whatever else is wrong with it, a test sends by itself.
            match fault {
                Fault::CutAt(bytes) => self.break_off(*bytes),
                Fault::CutBody => self.break_off(0),
                Fault::Trickle(bytes) => {
                    if let Some(Piece::Live { piece, .. }) = self.pieces.back_mut() {
                        *piece = (*bytes).max(1);
                    }
                }
                _ => {}
            }
            return self;
        }
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
                Some(Piece::Live { mut rest, left, piece, mut packer }) => {
                    let sent = match rest.poll_recv(context) {
                        Poll::Pending => {
                            self.pieces.push_front(Piece::Live { rest, left, piece, packer });
                            return Poll::Pending;
                        }
                        Poll::Ready(sent) => sent,
                    };
                    return match (sent, left) {
                        (None, _) => Poll::Ready(None),
                        (Some(Sent::Cut), _) | (_, Some(0)) => Poll::Ready(Some(Err(CutOff))),
                        (Some(Sent::Data(mut data)), left) => {
                            if let Some(packer) = &mut packer {
                                data = packer.pack(&data);
                            }
                            data.truncate(left.unwrap_or(data.len()));
                            let left = left.map(|left| left - data.len());
                            self.pieces.push_front(Piece::Live { rest, left, piece, packer });
                            while data.len() > piece {
                                let end = data.split_off(data.len() - (data.len() - 1) % piece - 1);
                                self.pieces.push_front(Piece::Data(end));
                            }
                            Poll::Ready(Some(Ok(Frame::data(data))))
                        }
                    };
                }
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
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
