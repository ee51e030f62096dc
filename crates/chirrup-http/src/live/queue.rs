//! The bounded queue between a connection and its reader, and what happens when it is full.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::vec::Drain;

use chirrup_api::internal::Frame;
use chirrup_api::{Overflow, RawEvent, StopHandle, StreamMetrics, TransportError, TransportErrorKind};
use futures_core::Stream;
use tokio::sync::Notify;

use super::spill::Spill;

/// Maximum size of the lines in memory, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// Number of events that the reader takes out at a time.
const BATCH: usize = 256;

#[derive(Debug, Default)]
struct State {
    events: VecDeque<RawEvent>,
    /// Events after those in memory.
    spill: Spill,
    lines: usize,
    bytes: usize,
    dropped: u64,
    lagging: bool,
    ended: bool,
    reader: Option<Waker>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    has_room: Notify,
    /// Stopped when the reader is dropped.
    reader_dropped: StopHandle,
    max_lines: usize,
    overflow: Overflow,
    metrics: StreamMetrics,
}

/// The end that the connection writes to.
#[derive(Debug, Clone)]
pub(super) struct Queue(Arc<Shared>);

/// The end that the reader reads from. Dropping it ends the connection.
#[derive(Debug)]
struct QueueReader {
    shared: Arc<Shared>,
    /// Events that were taken out of the queue and have not been returned yet.
    batch: VecDeque<RawEvent>,
}

impl Drop for QueueReader {
    fn drop(&mut self) {
        self.shared.reader_dropped.stop();
        self.shared.has_room.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self, max_lines: usize) -> bool {
        self.lines >= max_lines || self.bytes >= MAX_BYTES
    }

    /// Returns the number of lines in memory and on the disk.
    fn waiting(&self) -> u64 {
        (self.lines + self.spill.lines()) as u64
    }

    /// Moves events from the disk to memory while there is room.
    fn refill(&mut self, max_lines: usize) {
        while !self.spill.is_empty() && !self.is_full(max_lines) {
            match self.spill.pop() {
                Ok(Some(event)) => self.push_to_memory(event),
                Ok(None) => return,
                Err(why) => {
                    let message = format!("could not read buffered lines from the disk: {why}");
                    let error = TransportError::new(TransportErrorKind::Storage, message);
                    self.events.push_back(RawEvent::Ended(Err(error)));
                    self.spill = Spill::default();
                    self.ended = true;
                }
            }
        }
    }

    /// Adds an event after all others: on the disk if there are any, to keep the order.
    fn push(&mut self, event: RawEvent) -> std::io::Result<()> {
        if !self.spill.is_empty() {
            return self.spill.push(event);
        }
        self.push_to_memory(event);
        Ok(())
    }

    fn push_to_memory(&mut self, event: RawEvent) {
        if let RawEvent::Line(line) = &event {
            self.lines += 1;
            self.bytes += line.bytes.len();
        }
        self.events.push_back(event);
    }

    /// Updates the counts after an event was removed from memory. Returns whether it was a line.
    fn removed(&mut self, event: &RawEvent) -> bool {
        let RawEvent::Line(line) = event else { return false };
        self.lines -= 1;
        self.bytes -= line.bytes.len();
        true
    }

    /// Reports a slow reader once, and again only after the reader has caught up.
    fn report_lag(&mut self, max_lines: usize) {
        if !self.lagging && self.lines > max_lines / 4 * 3 {
            self.lagging = true;
            self.events.push_front(RawEvent::Lagging(self.lines));
        }
    }

    /// Counts a dropped line in its place among the events.
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
            self.dropped += u64::from(self.removed(&event));
        }
        // The next checkpoint supersedes this one.
        if oldest > 0 && matches!(self.events.get(oldest - 1), Some(RawEvent::Checkpoint(_))) {
            self.events.remove(oldest - 1);
        }
    }
}

impl Queue {
    pub(super) fn new(max_lines: usize, overflow: Overflow, metrics: StreamMetrics) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            has_room: Notify::new(),
            reader_dropped: StopHandle::default(),
            max_lines,
            overflow,
            metrics,
        }))
    }

    /// Adds an event that is not a line, which always fits. Returns false if the reader is gone.
    pub(super) fn push(&self, event: RawEvent) -> bool {
        let mut state = self.0.lock();
        if self.0.reader_dropped.is_stopped() || state.ended {
            return false;
        }
        let is_checkpoint = |event: &RawEvent| matches!(event, RawEvent::Checkpoint(_));
        if state.spill.is_empty() && is_checkpoint(&event) && state.events.back().is_some_and(is_checkpoint) {
            state.events.pop_back();
        }
        // Cannot fail, since only lines are written to the disk.
        let _ = state.push(event);
        wake(state);
        true
    }

    /// Adds frames, waiting for room if the overflow policy says so. Returns false if the reader is gone.
    pub(super) async fn push_frames(&self, frames: &mut Vec<Frame>) -> bool {
        let mut frames = frames.drain(..).peekable();
        while frames.peek().is_some() {
            let has_room = self.0.has_room.notified();
            let is_full = {
                let mut state = self.0.lock();
                if self.0.reader_dropped.is_stopped() || state.ended {
                    return false;
                }
                let is_full = match self.fill(&mut state, &mut frames) {
                    Ok(is_full) => is_full,
                    Err(error) => {
                        drop(state);
                        self.end(Some(RawEvent::Ended(Err(error))));
                        return false;
                    }
                };
                self.0.metrics.set_waiting(state.waiting());
                wake(state);
                is_full
            };
            if is_full {
                has_room.await;
            }
        }
        true
    }

    /// Moves frames into the queue until none is left or the next one does not fit. Returns true in the latter case.
    fn fill(&self, state: &mut State, frames: &mut Peekable<Drain<'_, Frame>>) -> Result<bool, TransportError> {
        let (metrics, max_lines) = (&self.0.metrics, self.0.max_lines);
        while let Some(frame) = frames.peek() {
            let is_full = frame.line().is_some() && state.is_full(max_lines);
            let has_spilled = !state.spill.is_empty();
            match self.0.overflow {
                Overflow::DropOldest if is_full => state.drop_oldest(),
                Overflow::Spill(max) if (is_full || has_spilled) && state.spill.bytes() >= max => return Ok(true),
                Overflow::DropNewest | Overflow::Spill(_) => {}
                Overflow::Fail if is_full => {
                    let message = format!("the reader is slower than the stream: {} lines are waiting", state.lines);
                    return Err(TransportError::new(TransportErrorKind::ConnectionLost, message));
                }
                _ if is_full => return Ok(true),
                _ => {}
            }
            let event = match frames.next() {
                Some(Frame::Line(line)) => RawEvent::Line(line),
                Some(Frame::TooLong(bytes)) => RawEvent::TooLong(bytes),
                _ => {
                    metrics.add_keep_alives(1);
                    continue;
                }
            };
            metrics.add_lines(u64::from(matches!(event, RawEvent::Line(_))));
            match self.0.overflow {
                Overflow::DropNewest if is_full => state.drop_newest(metrics),
                Overflow::Spill(_) if is_full || has_spilled => state.spill.push(event).map_err(|why| {
                    let message = format!("could not write buffered lines to the disk: {why}");
                    TransportError::new(TransportErrorKind::Storage, message)
                })?,
                _ => {
                    state.push_to_memory(event);
                    state.report_lag(max_lines);
                }
            }
        }
        Ok(false)
    }

    /// Ends the queue, with a last event if there is one.
    pub(super) fn end(&self, event: Option<RawEvent>) {
        let mut state = self.0.lock();
        if let Some(event) = event {
            let _ = state.push(event);
        }
        state.ended = true;
        wake(state);
    }

    /// Waits until the stream is stopped or its reader is dropped.
    pub(super) async fn stopped(&self, stop_handle: &StopHandle) {
        tokio::select! {
            () = stop_handle.stopped() => {}
            () = self.0.reader_dropped.stopped() => {}
        }
    }

    /// Returns the end to read from.
    pub(super) fn into_stream(self) -> impl Stream<Item = RawEvent> + Send {
        QueueReader { shared: self.0, batch: VecDeque::new() }
    }
}

fn wake(mut state: MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(reader) = reader {
        reader.wake();
    }
}

impl QueueReader {
    /// Takes a batch out of the queue. Dropped lines are reported before the lines that came after them. Returns whether
    /// the queue has ended.
    fn take_batch(&mut self) -> bool {
        let mut state = self.shared.lock();
        if state.dropped > 0 {
            let dropped = std::mem::take(&mut state.dropped);
            self.shared.metrics.add_dropped(dropped);
            self.batch.push_back(RawEvent::Dropped(dropped));
        }
        let count = state.events.len().min(BATCH);
        let mut took_lines = false;
        for _ in 0..count {
            let Some(event) = state.events.pop_front() else { break };
            took_lines |= state.removed(&event);
            self.batch.push_back(event);
        }
        state.refill(self.shared.max_lines);
        if state.lines < self.shared.max_lines / 4 {
            state.lagging = false;
        }
        if took_lines {
            self.shared.metrics.set_waiting(state.waiting());
            self.shared.has_room.notify_one();
        }
        state.ended && state.events.is_empty()
    }
}

impl Stream for QueueReader {
    type Item = RawEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<RawEvent>> {
        if let Some(event) = self.batch.pop_front() {
            return Poll::Ready(Some(event));
        }
        let ended = self.take_batch();
        match self.batch.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if ended => Poll::Ready(None),
            None => {
                let mut state = self.shared.lock();
                // An event may have arrived since the lock was released in `take_batch`.
                if !state.events.is_empty() || state.ended {
                    context.waker().wake_by_ref();
                } else {
                    state.reader = Some(context.waker().clone());
                }
                Poll::Pending
            }
        }
    }
}
