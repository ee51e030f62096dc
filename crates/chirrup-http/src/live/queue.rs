//! The queue between a connection and its reader: bounded, with a choice of what happens when it is full.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use chirrup_api::internal::Frame;
use chirrup_api::{Overflow, RawEvent, StopHandle, StreamMetrics, TransportError, TransportErrorKind};
use futures_core::Stream;
use tokio::sync::Notify;

use super::spill::Spill;

/// How many bytes wait at most, whatever the number of lines.
const MOST_BYTES: usize = 4 << 20;
/// How many events the reader takes at once.
const BATCH: usize = 256;

#[derive(Debug, Default)]
struct State {
    events: VecDeque<RawEvent>,
    /// What comes after those.
    spill: Spill,
    lines: usize,
    bytes: usize,
    dropped: u64,
    lagging: bool,
    over: bool,
    reader: Option<Waker>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    room: Notify,
    /// Told when nobody reads any more.
    unread: StopHandle,
    most: usize,
    overflow: Overflow,
    metrics: StreamMetrics,
}

/// The end into which the connection writes.
#[derive(Debug, Clone)]
pub(super) struct Queue(Arc<Inner>);

/// The end from which the reader reads. Dropping it ends the connection.
#[derive(Debug)]
struct Reading {
    inner: Arc<Inner>,
    /// What was taken out and not been read yet.
    taken: VecDeque<RawEvent>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.inner.unread.stop();
        self.inner.room.notify_one();
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self, most: usize) -> bool {
        self.lines >= most || self.bytes >= MOST_BYTES
    }

    /// How many lines wait, in memory and on the disk.
    fn waiting(&self) -> u64 {
        (self.lines + self.spill.lines()) as u64
    }

    /// Takes back from the disk what finds room now.
    fn refill(&mut self, most: usize) {
        while !self.spill.is_empty() && !self.is_full(most) {
            match self.spill.pop() {
                Ok(Some(event)) => self.hold(event),
                Ok(None) => return,
                Err(why) => {
                    let why = format!("what waits cannot be read from the disk: {why}");
                    self.events
                        .push_back(RawEvent::Ended(Err(TransportError::new(TransportErrorKind::ConnectionLost, why))));
                    self.spill = Spill::default();
                    self.over = true;
                }
            }
        }
    }

    /// Adds an event behind all that waits: on the disk, if something waits there.
    fn put(&mut self, event: RawEvent) -> std::io::Result<()> {
        if !self.spill.is_empty() {
            return self.spill.push(event);
        }
        self.hold(event);
        Ok(())
    }

    /// Holds an event in memory.
    fn hold(&mut self, event: RawEvent) {
        if let RawEvent::Line(line) = &event {
            self.lines += 1;
            self.bytes += line.len();
        }
        self.events.push_back(event);
    }

    fn took(&mut self, event: &RawEvent) -> bool {
        let RawEvent::Line(line) = event else { return false };
        self.lines -= 1;
        self.bytes -= line.len();
        true
    }

    /// Says once that the reader is slow, and again only after it has caught up.
    fn tell_lag(&mut self, most: usize) {
        if !self.lagging && self.lines > most / 4 * 3 {
            self.lagging = true;
            self.events.push_front(RawEvent::Lagging(self.lines));
        }
    }

    /// Counts a line that is thrown away, where it would have stood.
    fn drop_newest(&mut self, metrics: &StreamMetrics) {
        metrics.add_dropped(1);
        match self.events.back_mut() {
            Some(RawEvent::Dropped(lines)) => *lines += 1,
            _ => self.events.push_back(RawEvent::Dropped(1)),
        }
    }

    fn drop_oldest(&mut self) {
        let oldest = self.events.iter().position(|event| matches!(event, RawEvent::Line(_)));
        let Some(oldest) = oldest else { return };
        if let Some(event) = self.events.remove(oldest) {
            self.dropped += u64::from(self.took(&event));
        }
        // A later checkpoint says more than an earlier one.
        if oldest > 0 && matches!(self.events.get(oldest - 1), Some(RawEvent::Checkpoint(_))) {
            self.events.remove(oldest - 1);
        }
    }
}

impl Queue {
    pub(super) fn new(most: usize, overflow: Overflow, metrics: StreamMetrics) -> Self {
        Self(Arc::new(Inner {
            state: Mutex::default(),
            room: Notify::new(),
            unread: StopHandle::default(),
            most,
            overflow,
            metrics,
        }))
    }

    /// Adds a change of state, which always finds room; false if nobody reads any more.
    pub(super) fn push(&self, event: RawEvent) -> bool {
        let mut state = self.0.lock();
        if self.0.unread.is_stopped() || state.over {
            return false;
        }
        let checkpoint = |event: &RawEvent| matches!(event, RawEvent::Checkpoint(_));
        if state.spill.is_empty() && checkpoint(&event) && state.events.back().is_some_and(checkpoint) {
            state.events.pop_back();
        }
        // What is no line takes no place on the disk.
        let _ = state.put(event);
        wake(state);
        true
    }

    /// Adds what was found in the bytes; false if nobody reads any more.
    pub(super) async fn push_lines(&self, found: &mut Vec<Frame>) -> bool {
        let mut found = found.drain(..).peekable();
        while found.peek().is_some() {
            let room = self.0.room.notified();
            let full = {
                let mut state = self.0.lock();
                if self.0.unread.is_stopped() || state.over {
                    return false;
                }
                let full = match self.fill(&mut state, &mut found) {
                    Ok(full) => full,
                    Err(why) => {
                        drop(state);
                        self.end(Some(RawEvent::Ended(Err(TransportError::new(
                            TransportErrorKind::ConnectionLost,
                            why,
                        )))));
                        return false;
                    }
                };
                self.0.metrics.set_waiting(state.waiting());
                wake(state);
                full
            };
            if full {
                room.await;
            }
        }
        true
    }

    /// Moves lines into the queue; true if there is no more room for one.
    fn fill(
        &self,
        state: &mut State,
        found: &mut std::iter::Peekable<std::vec::Drain<'_, Frame>>,
    ) -> Result<bool, String> {
        let (metrics, most) = (&self.0.metrics, self.0.most);
        while let Some(framed) = found.peek() {
            let full = framed.line().is_some() && state.is_full(most);
            let behind = !state.spill.is_empty();
            match self.0.overflow {
                Overflow::DropOldest if full => state.drop_oldest(),
                Overflow::Spill(bytes) if (full || behind) && state.spill.bytes() >= bytes => return Ok(true),
                Overflow::DropNewest | Overflow::Spill(_) => {}
                Overflow::Fail if full => {
                    return Err(format!("the reader is slower than the stream: {} lines wait", state.lines));
                }
                _ if full => return Ok(true),
                _ => {}
            }
            let event = match found.next() {
                Some(Frame::Line(line)) => RawEvent::Line(line),
                Some(Frame::TooLong(bytes)) => RawEvent::TooLong(bytes),
                _ => {
                    metrics.add_keep_alives(1);
                    continue;
                }
            };
            metrics.add_lines(u64::from(matches!(event, RawEvent::Line(_))));
            match self.0.overflow {
                Overflow::DropNewest if full => state.drop_newest(metrics),
                Overflow::Spill(_) if full || behind => {
                    let pushed = state.spill.push(event);
                    pushed.map_err(|why| format!("what waits cannot be written to the disk: {why}"))?;
                }
                _ => {
                    state.hold(event);
                    state.tell_lag(most);
                }
            }
        }
        Ok(false)
    }

    /// Adds the last event, if there is something to say.
    pub(super) fn end(&self, event: Option<RawEvent>) {
        let mut state = self.0.lock();
        if let Some(event) = event {
            let _ = state.put(event);
        }
        state.over = true;
        wake(state);
    }

    /// Waits until the stream is to end: somebody says so, or nobody reads it any more.
    pub(super) async fn stopped(&self, stop_handle: &StopHandle) {
        tokio::select! {
            () = stop_handle.stopped() => {}
            () = self.0.unread.stopped() => {}
        }
    }

    /// What the reader reads.
    pub(super) fn into_stream(self) -> impl Stream<Item = RawEvent> + Send {
        Reading { inner: self.0, taken: VecDeque::new() }
    }
}

fn wake(mut state: MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(reader) = reader {
        reader.wake();
    }
}

impl Reading {
    /// Takes what waits, up to a batch. What is thrown away is told of before what came after it.
    fn take(&mut self) -> bool {
        let mut state = self.inner.lock();
        if state.dropped > 0 {
            let dropped = std::mem::take(&mut state.dropped);
            self.inner.metrics.add_dropped(dropped);
            self.taken.push_back(RawEvent::Dropped(dropped));
        }
        let count = state.events.len().min(BATCH);
        let mut lines = false;
        for _ in 0..count {
            let Some(event) = state.events.pop_front() else { break };
            lines |= state.took(&event);
            self.taken.push_back(event);
        }
        state.refill(self.inner.most);
        if state.lines < self.inner.most / 4 {
            state.lagging = false;
        }
        if lines {
            self.inner.metrics.set_waiting(state.waiting());
            self.inner.room.notify_one();
        }
        state.over && state.events.is_empty()
    }
}

impl Stream for Reading {
    type Item = RawEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<RawEvent>> {
        if let Some(event) = self.taken.pop_front() {
            return Poll::Ready(Some(event));
        }
        let over = self.take();
        match self.taken.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if over => Poll::Ready(None),
            None => {
                let mut state = self.inner.lock();
                // Something may have come between both looks.
                if !state.events.is_empty() || state.over {
                    context.waker().wake_by_ref();
                } else {
                    state.reader = Some(context.waker().clone());
                }
                Poll::Pending
            }
        }
    }
}
