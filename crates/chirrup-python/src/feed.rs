//! Events of a live stream, in batches: a thread of Python waits once for all events that are ready.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{Like, Post};
use chirrup::{Lazy, Live, LiveEvent, StopHandle, StreamMetrics, Undecoded};

/// Maximum number of events per batch.
const MAX_BATCH: usize = 1_024;
/// Time without data before the connection of raw lines counts as dead, as X recommends for streams of v1.1.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(90);

/// An open stream, whose decoder finds what duplicates are recognized by.
pub(crate) enum Source {
    /// Posts, whose IDs tell the gaps in the stream.
    Posts(Live<Lazy<Post>>),
    /// Other objects with an ID.
    Others(Live<Lazy<Like>>),
    /// Lines whose content is not looked at.
    Lines(Live<Undecoded>),
    /// Nothing: the stream was closed before it was open.
    Closed,
}

impl Source {
    async fn next_event(&mut self) -> Option<LiveEvent<Bytes>> {
        match self {
            Self::Posts(live) => live.next_event().await.map(line_of),
            Self::Others(live) => live.next_event().await.map(line_of),
            Self::Lines(live) => live.next_event().await,
            Self::Closed => None,
        }
    }

    fn try_next(&mut self) -> Option<LiveEvent<Bytes>> {
        match self {
            Self::Posts(live) => live.try_next().map(line_of),
            Self::Others(live) => live.try_next().map(line_of),
            Self::Lines(live) => live.try_next(),
            Self::Closed => None,
        }
    }

    fn metrics(&self) -> StreamMetrics {
        match self {
            Self::Posts(live) => live.metrics(),
            Self::Others(live) => live.metrics(),
            Self::Lines(live) => live.metrics(),
            Self::Closed => return StreamMetrics::default(),
        }
        .clone()
    }

    fn stop_handle(&self) -> StopHandle {
        match self {
            Self::Posts(live) => live.stop_handle(),
            Self::Others(live) => live.stop_handle(),
            Self::Lines(live) => live.stop_handle(),
            Self::Closed => StopHandle::default(),
        }
    }

    fn close(&mut self) {
        match self {
            Self::Posts(live) => live.close(),
            Self::Others(live) => live.close(),
            Self::Lines(live) => live.close(),
            Self::Closed => {}
        }
    }
}

fn line_of<T: chirrup::Item>(event: LiveEvent<Lazy<T>>) -> LiveEvent<Bytes> {
    event.map(|item| item.bytes().clone())
}

struct Shared {
    source: tokio::sync::Mutex<Source>,
    ready: Mutex<VecDeque<LiveEvent<Bytes>>>,
}

/// The events of an open stream. Clones share them.
#[derive(Clone)]
pub(crate) struct Feed {
    shared: Arc<Shared>,
    stop: StopHandle,
    pub(crate) metrics: StreamMetrics,
}

/// Outcome of a wait for events.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Waited {
    /// Events are ready to be read.
    Ready,
    /// No event arrived in time.
    TimedOut,
    /// The stream has ended.
    Ended,
}

impl Feed {
    pub(crate) fn new(source: Source) -> Self {
        let (stop, metrics) = (source.stop_handle(), source.metrics());
        let shared = Shared { source: tokio::sync::Mutex::new(source), ready: Mutex::default() };
        Self { shared: Arc::new(shared), stop, metrics }
    }

    /// Creates the feed of a stream that was closed before it was open.
    pub(crate) fn closed() -> Self {
        Self::new(Source::Closed)
    }

    fn ready(&self) -> MutexGuard<'_, VecDeque<LiveEvent<Bytes>>> {
        self.shared.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next event that is ready.
    pub(crate) fn pop(&self) -> Option<LiveEvent<Bytes>> {
        self.ready().pop_front()
    }

    /// Waits until events are ready. Canceling the wait loses no event.
    pub(crate) async fn fill(self, limit: Option<Duration>) -> Waited {
        let mut source = self.shared.source.lock().await;
        // Another thread may have waited for the same events.
        if !self.ready().is_empty() {
            return Waited::Ready;
        }
        let first = match limit {
            Some(limit) => match tokio::time::timeout(limit, source.next_event()).await {
                Ok(event) => event,
                Err(_) => return Waited::TimedOut,
            },
            None => source.next_event().await,
        };
        let Some(first) = first else { return Waited::Ended };
        let mut ready = self.ready();
        ready.push_back(first);
        while ready.len() < MAX_BATCH {
            match source.try_next() {
                Some(event) => ready.push_back(event),
                None => break,
            }
        }
        Waited::Ready
    }

    /// Waits until an event that is wanted is the next one, and drops those before it. Canceling the wait loses none.
    pub(crate) async fn fill_with(self, is_wanted: fn(&LiveEvent<Bytes>) -> bool) -> Waited {
        loop {
            {
                let mut ready = self.ready();
                while ready.front().is_some_and(|event| !is_wanted(event)) {
                    ready.pop_front();
                }
                if !ready.is_empty() {
                    return Waited::Ready;
                }
            }
            if self.clone().fill(None).await == Waited::Ended {
                return Waited::Ended;
            }
        }
    }

    /// Lets the stream end after the events that were already received.
    pub(crate) fn stop(&self) {
        self.stop.stop();
    }

    /// Closes the connection and drops the events that were not read.
    pub(crate) fn close(&self) {
        self.stop.stop();
        self.ready().clear();
        // A thread that waits for events notices the stop instead.
        if let Ok(mut source) = self.shared.source.try_lock() {
            source.close();
        }
    }
}
