//! The queue between a connection and its reader: bounded, with a choice of what happens when it is full.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use chirrup_api::{Failure, FailureKind, Framed, Meter, Overflow, RawEvent};
use futures_core::Stream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How many bytes wait at most, whatever the number of lines.
const MOST_BYTES: usize = 4 << 20;
/// How many events the reader takes at once.
const BATCH: usize = 256;

#[derive(Debug, Default)]
struct State {
    events: VecDeque<RawEvent>,
    lines: usize,
    bytes: usize,
    dropped: u64,
    lagging: bool,
    over: bool,
    unread: bool,
    reader: Option<Waker>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    room: Notify,
    most: usize,
    overflow: Overflow,
    meter: Meter,
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
    task: JoinHandle<()>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.inner.lock().unread = true;
        self.task.abort();
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

    fn took(&mut self, event: &RawEvent) -> bool {
        let RawEvent::Line(line) = event else { return false };
        self.lines -= 1;
        self.bytes -= line.len();
        true
    }

    fn drop_oldest(&mut self) {
        let oldest = self.events.iter().position(|event| matches!(event, RawEvent::Line(_)));
        let Some(oldest) = oldest else { return };
        if let Some(event) = self.events.remove(oldest) {
            self.dropped += u64::from(self.took(&event));
        }
        // A later checkpoint says more than an earlier one.
        if oldest > 0 && matches!(self.events.get(oldest - 1), Some(RawEvent::Covered(_))) {
            self.events.remove(oldest - 1);
        }
    }
}

impl Queue {
    pub(super) fn new(most: usize, overflow: Overflow, meter: Meter) -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), room: Notify::new(), most, overflow, meter }))
    }

    /// Adds a change of state, which always finds room; false if nobody reads any more.
    pub(super) fn push(&self, event: RawEvent) -> bool {
        let mut state = self.0.lock();
        if state.unread || state.over {
            return false;
        }
        let checkpoint = |event: &RawEvent| matches!(event, RawEvent::Covered(_));
        if checkpoint(&event) && state.events.back().is_some_and(checkpoint) {
            state.events.pop_back();
        }
        state.events.push_back(event);
        wake(state);
        true
    }

    /// Adds what was found in the bytes; false if nobody reads any more.
    pub(super) async fn push_lines(&self, found: &mut Vec<Framed>) -> bool {
        let mut found = found.drain(..).peekable();
        while found.peek().is_some() {
            let room = self.0.room.notified();
            let full = {
                let mut state = self.0.lock();
                if state.unread || state.over {
                    return false;
                }
                let full = self.fill(&mut state, &mut found);
                if full && self.0.overflow == Overflow::Fail {
                    let why = format!("the reader is slower than the stream: {} lines wait", state.lines);
                    drop(state);
                    self.end(Some(RawEvent::Ended(Err(Failure::new(FailureKind::Broken, why)))));
                    return false;
                }
                self.0.meter.set_waiting(state.lines as u64);
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
    fn fill(&self, state: &mut State, found: &mut std::iter::Peekable<std::vec::Drain<'_, Framed>>) -> bool {
        let (meter, most) = (&self.0.meter, self.0.most);
        while let Some(framed) = found.peek() {
            if matches!(framed, Framed::Line(_)) && state.is_full(most) {
                match self.0.overflow {
                    Overflow::DropOldest => state.drop_oldest(),
                    _ => return true,
                }
            }
            match found.next() {
                Some(Framed::Line(line)) => {
                    meter.add_lines(1);
                    state.lines += 1;
                    state.bytes += line.len();
                    state.events.push_back(RawEvent::Line(line));
                    // Said once, and again only after the reader has caught up.
                    if !state.lagging && state.lines > most / 4 * 3 {
                        state.lagging = true;
                        let lines = state.lines;
                        state.events.push_front(RawEvent::Lagging(lines));
                    }
                }
                Some(Framed::TooLong(bytes)) => state.events.push_back(RawEvent::TooLong(bytes)),
                _ => meter.add_keep_alives(1),
            }
        }
        false
    }

    /// Adds the last event, if there is something to say.
    pub(super) fn end(&self, event: Option<RawEvent>) {
        let mut state = self.0.lock();
        state.events.extend(event);
        state.over = true;
        wake(state);
    }

    /// What the reader reads. The task ends with it.
    pub(super) fn into_stream(self, task: JoinHandle<()>) -> impl Stream<Item = RawEvent> + Send {
        Reading { inner: self.0, taken: VecDeque::new(), task }
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
            self.inner.meter.add_dropped(dropped);
            self.taken.push_back(RawEvent::Dropped(dropped));
        }
        let count = state.events.len().min(BATCH);
        let mut lines = false;
        for _ in 0..count {
            let Some(event) = state.events.pop_front() else { break };
            lines |= state.took(&event);
            self.taken.push_back(event);
        }
        if state.lines < self.inner.most / 4 {
            state.lagging = false;
        }
        if lines {
            self.inner.meter.set_waiting(state.lines as u64);
            self.inner.room.notify_one();
        }
        state.over
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
