//! A live stream: decodes lines, removes duplicates and recovers gaps.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value as Json;

use super::decode::Decode;
use super::dedup::{DuplicateWindow, Member};
use super::event::{GapFill, LiveEvent};
use super::gap::{Recovery, Step};
use crate::call::Call;
use crate::client::ApiClient;
use crate::client::stream_metrics::{StopHandle, StreamMetrics};
use crate::client::stream_settings::{Gap, LiveSettings, RawEvent, RawLine, RawLiveStream};
use crate::response::error::Error;
use crate::response::problems::problems_in;

pub(super) enum State {
    Open(RawLiveStream),
    Failed(Option<Box<Error>>),
    Over,
}

/// A live stream: a [`Stream`] of [`LiveEvent`]s over a connection that is re-established when it breaks.
///
/// Duplicates are removed. The client fills gaps as far as the access of the app allows, and reports each of them.
/// Dropping a future of the next event loses nothing; dropping the stream closes the connection. Outside of async code,
/// [`wait`](Self::wait) turns the stream into a blocking iterator.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_api::LiveEvent;
///
/// let mut stream = client.filtered_stream().open();
/// while let Some(event) = stream.next_event().await {
///     match event {
///         LiveEvent::Item(delivery) => println!("{:?}", delivery.data),
///         LiveEvent::Gap { from, to, fill } => eprintln!("gap from {from} to {to}: {fill:?}"),
///         LiveEvent::Ended(why) => return Err(why),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// ```
pub struct Live<D: Decode> {
    state: State,
    pub(super) client: ApiClient,
    call: Call,
    recover: bool,
    recovering: Option<Box<Recovery>>,
    /// Whether a gap is unfilled because the stream was stopped: no checkpoint follows it.
    left_open: bool,
    waiting: VecDeque<LiveEvent<D::Item>>,
    pub(super) seen: Member,
    pub(super) settings: LiveSettings,
    decoder: PhantomData<fn() -> D>,
}

impl<D: Decode> fmt::Debug for Live<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("endpoint", &self.call.path).finish_non_exhaustive()
    }
}

impl<D: Decode> Live<D> {
    pub(super) fn new(state: State, client: ApiClient, call: Call, recover: bool, settings: LiveSettings) -> Self {
        Self {
            state,
            client,
            call,
            recover,
            recovering: None,
            left_open: false,
            waiting: VecDeque::new(),
            seen: Member::default(),
            settings,
            decoder: PhantomData,
        }
    }

    /// Shares the memory of delivered items with other partitions of the stream.
    #[doc(hidden)]
    pub fn share_duplicates(&mut self, window: &DuplicateWindow) {
        self.seen = window.join();
    }

    /// Returns the next event; `None` after the end of the stream.
    pub async fn next_event(&mut self) -> Option<LiveEvent<D::Item>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next item and skips all other events.
    ///
    /// # Errors
    /// The reason why the stream ended, and [`ErrorKind::Closed`](crate::ErrorKind::Closed) after the end.
    pub async fn next_item(&mut self) -> Result<D::Item, Error> {
        loop {
            match self.next_event().await {
                Some(LiveEvent::Item(item)) => return Ok(item),
                Some(LiveEvent::Ended(error)) => return Err(error),
                Some(_) => {}
                None => return Err(Error::closed("the stream has ended").with_hint("open a new stream")),
            }
        }
    }

    /// Returns the next event if one is ready, without waiting. In an async runtime with a single thread, some `.await`
    /// between calls is necessary to receive data.
    pub fn try_next(&mut self) -> Option<LiveEvent<D::Item>> {
        match Pin::new(self).poll_next(&mut Context::from_waker(std::task::Waker::noop())) {
            Poll::Ready(event) => event,
            Poll::Pending => None,
        }
    }

    /// Returns the counters of the stream. A clone shares the counts and can be read by another task.
    pub fn metrics(&self) -> &StreamMetrics {
        &self.settings.metrics
    }

    /// Returns a handle with which another task can stop the stream: items that were already received are still
    /// delivered, then the stream ends.
    pub fn stop_handle(&self) -> StopHandle {
        self.settings.stop_handle.clone()
    }

    /// Closes the connection immediately. Received items that were not read yet are lost; see
    /// [`stop_handle`](Self::stop_handle).
    pub fn close(&mut self) {
        self.state = State::Over;
        self.recovering = None;
        self.waiting.clear();
    }

    /// Returns whether the stream has ended: it was closed, or its last event was delivered.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over) && self.recovering.is_none() && self.waiting.is_empty()
    }

    fn take_line(&mut self, line: RawLine) -> Option<LiveEvent<D::Item>> {
        let RawLine { bytes: line, id } = line;
        match id.map_or_else(|| D::decode(&line), |id| D::decode_with_id(&line, id)) {
            Ok(decoded) => {
                if decoded.key.is_some_and(|key| !self.seen.is_new(key)) {
                    self.settings.metrics.add_duplicates(1);
                    return None;
                }
                self.settings.metrics.add_items(1);
                if let Some(post) = decoded.post {
                    self.settings.metrics.saw(post);
                }
                Some(LiveEvent::Item(decoded.item))
            }
            Err(why) => Some(match serde_json::from_slice::<Json>(&line) {
                Ok(json) if json.get("data").is_none() && json.is_object() => {
                    LiveEvent::Notice(problems_in(&line), json)
                }
                _ => {
                    self.settings.metrics.add_bad(1);
                    LiveEvent::Bad { line, why }
                }
            }),
        }
    }

    /// Turns a step of the recovery into an event.
    fn recovered(&mut self, step: Step) -> Option<LiveEvent<D::Item>> {
        match step {
            Step::Line(line) => {
                let event = self.take_line(line);
                if let (Some(LiveEvent::Item(_)), Some(recovery)) = (&event, &mut self.recovering) {
                    recovery.found += 1;
                }
                event
            }
            Step::TooLong(bytes) => Some(self.too_long(bytes)),
            Step::Part(gap, fill) => Some(LiveEvent::Gap { from: gap.from, to: gap.to, fill }),
            Step::Over(gap, fill) => {
                self.recovering = None;
                self.left_open |= self.settings.stop_handle.is_stopped() && matches!(fill, GapFill::Lost(_));
                Some(LiveEvent::Gap { from: gap.from, to: gap.to, fill })
            }
        }
    }

    fn too_long(&self, bytes: u64) -> LiveEvent<D::Item> {
        self.settings.metrics.add_bad(1);
        LiveEvent::Bad { line: Bytes::new(), why: format!("the line is too long: {bytes} bytes") }
    }

    fn take(&mut self, event: RawEvent) -> Option<LiveEvent<D::Item>> {
        Some(match event {
            RawEvent::Connecting => LiveEvent::Connecting,
            RawEvent::Line(line) => return self.take_line(line),
            RawEvent::Lagging(lines) => LiveEvent::Lagging(lines),
            RawEvent::TooLong(bytes) => self.too_long(bytes),
            RawEvent::Alert(alert) => LiveEvent::Alert(alert),
            RawEvent::Dropped(lines) => LiveEvent::Dropped(lines),
            RawEvent::ReconnectWait(wait, until, why) => LiveEvent::ReconnectWait { wait, until, why },
            RawEvent::Checkpoint(_) if self.left_open => return None,
            RawEvent::Checkpoint(until) => {
                self.seen.checkpoint(until);
                LiveEvent::Checkpoint(until)
            }
            RawEvent::Live(None) => LiveEvent::Live,
            RawEvent::Live(Some(gap)) => {
                let Gap { from, to, backfilled } = gap;
                if backfilled {
                    self.waiting.push_back(LiveEvent::Gap { from, to, fill: GapFill::Backfill });
                } else if self.recover {
                    let recovery = Recovery::new(self.client.clone(), self.call.clone(), gap, self.settings.clone());
                    self.recovering = Some(Box::new(recovery));
                } else {
                    let fill = GapFill::Lost("recovery is turned off".to_owned());
                    self.waiting.push_back(LiveEvent::Gap { from, to, fill });
                }
                LiveEvent::Live
            }
            RawEvent::Ended(result) => {
                self.state = State::Over;
                LiveEvent::Ended(match result {
                    Ok(raw) => Error::status(&self.call, raw),
                    Err(failure) => Error::transport(&self.call, failure),
                })
            }
        })
    }
}

impl<D: Decode> Stream for Live<D> {
    type Item = LiveEvent<D::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Poll::Ready(Some(event));
            }
            if let Some(recovery) = &mut self.recovering {
                let Poll::Ready(step) = recovery.poll(context) else { return Poll::Pending };
                if let Some(event) = self.recovered(step) {
                    return Poll::Ready(Some(event));
                }
                continue;
            }
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Failed(error) => {
                    let ended = error.take().map(|error| LiveEvent::Ended(*error));
                    self.state = State::Over;
                    return Poll::Ready(ended);
                }
                State::Open(raw) => match raw.as_mut().poll_next(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(None) => self.state = State::Over,
                    Poll::Ready(Some(event)) => {
                        if let Some(event) = self.take(event) {
                            return Poll::Ready(Some(event));
                        }
                    }
                },
            }
        }
    }
}

impl<D: Decode> Unpin for Live<D> {}
