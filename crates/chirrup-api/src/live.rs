//! Live streams: what comes out of a connection that keeps itself alive.

mod builder;
mod decode;
mod dedup;
mod gap;
mod metrics;
mod settings;

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use chirrup_model::{Problem, Timestamp};
use futures_core::Stream;
use serde_json::Value as Json;

use crate::call::Call;
use crate::client::ApiClient;
use crate::error::Error;

pub use builder::LiveBuilder;
pub use decode::{Decode, Decoded, Item, Lazy, Messages, RawPost, Typed, Undecoded, line_key, post_id};
use dedup::Seen;
use gap::{Recovery, Step};
pub use metrics::{Disconnects, StopHandle, StreamMetrics, StreamStats};
pub use settings::{Alert, EvictConnection, Gap, LiveSettings, Overflow, RawEvent, RawLiveStream, Reason};

/// How a gap was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapFill {
    /// The server sends once more what was missed (`backfill_minutes`).
    Backfill,
    /// The stream was asked for that window of time; so many items came of it that had not come before.
    Window(usize),
    /// The search of the last seven days was asked with each rule; so many posts came of it that had not come
    /// before. The search may differ a little from the stream.
    Search(usize),
    /// It could not be; this is why.
    Lost(String),
}

/// What happens in a live stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum LiveEvent<I> {
    /// Something was delivered.
    Item(I),
    /// A connection is being made.
    Connecting,
    /// The connection is there.
    Live,
    /// The connection was lost, and nothing happens until then.
    RateLimitWait {
        /// How long.
        wait: Duration,
        /// Until when, by our clock.
        until: Timestamp,
        /// Why.
        why: Reason,
    },
    /// Whoever reads this is slower than the stream: so many lines wait.
    Lagging(usize),
    /// Between these moments nothing was received.
    Gap {
        /// From when.
        from: Timestamp,
        /// Until when.
        to: Timestamp,
        /// What was done about it.
        fill: GapFill,
    },
    /// All that the stream has had to bring until this moment was delivered, or was told of as a gap: a checkpoint, from which
    /// [`LiveBuilder::since`] goes on. It is told about once a second, and before and after each gap.
    Checkpoint(Timestamp),
    /// The server says something of the stream itself.
    Notice(Vec<Problem>, Json),
    /// A line that cannot be read, and why.
    Bad {
        /// The line as it came; nothing of one that was too long.
        line: Bytes,
        /// What is wrong with it.
        why: String,
    },
    /// Something that somebody should look at.
    Alert(Alert),
    /// So many lines were thrown away, since they were not read in time.
    Dropped(u64),
    /// It is over, and why.
    Ended(Error),
}

impl<I> LiveEvent<I> {
    /// The same event with another item.
    pub fn map<J>(self, change: impl FnOnce(I) -> J) -> LiveEvent<J> {
        match self {
            Self::Item(item) => LiveEvent::Item(change(item)),
            Self::Connecting => LiveEvent::Connecting,
            Self::Live => LiveEvent::Live,
            Self::RateLimitWait { wait, until, why } => LiveEvent::RateLimitWait { wait, until, why },
            Self::Lagging(lines) => LiveEvent::Lagging(lines),
            Self::Gap { from, to, fill } => LiveEvent::Gap { from, to, fill },
            Self::Checkpoint(until) => LiveEvent::Checkpoint(until),
            Self::Notice(problems, json) => LiveEvent::Notice(problems, json),
            Self::Bad { line, why } => LiveEvent::Bad { line, why },
            Self::Alert(alert) => LiveEvent::Alert(alert),
            Self::Dropped(lines) => LiveEvent::Dropped(lines),
            Self::Ended(why) => LiveEvent::Ended(why),
        }
    }
}

enum State {
    Open(RawLiveStream),
    Failed(Option<Box<Error>>),
    Over,
}

/// A live stream: a [`Stream`] of [`LiveEvent`]s, which makes its connection anew when it breaks.
///
/// What comes twice is delivered once. A time in which nothing was received is asked for, as far as the access allows, and
/// is told of in any case. Dropping a future that waits for the next event loses nothing; dropping the stream closes the
/// connection.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_api::LiveEvent;
///
/// let mut stream = client.filtered_stream().open();
/// while let Some(event) = stream.next_event().await {
///     match event {
///         LiveEvent::Item(delivery) => println!("{:?}", delivery.data),
///         LiveEvent::Gap { from, to, fill } => eprintln!("nothing came from {from} to {to}: {fill:?}"),
///         LiveEvent::Ended(why) => return Err(why),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// ```
pub struct Live<D: Decode> {
    state: State,
    client: ApiClient,
    call: Call,
    recover: bool,
    recovering: Option<Box<Recovery>>,
    /// Whether a gap was left open since the stream was stopped: there is no checkpoint beyond it.
    left_open: bool,
    waiting: VecDeque<LiveEvent<D::Item>>,
    seen: Seen,
    settings: LiveSettings,
    decoder: PhantomData<fn() -> D>,
}

impl<D: Decode> fmt::Debug for Live<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("endpoint", &self.call.path).finish_non_exhaustive()
    }
}

impl<D: Decode> Live<D> {
    fn new(state: State, client: ApiClient, call: Call, recover: bool, settings: LiveSettings) -> Self {
        Self {
            state,
            client,
            call,
            recover,
            recovering: None,
            left_open: false,
            waiting: VecDeque::new(),
            seen: Seen::default(),
            settings,
            decoder: PhantomData,
        }
    }

    /// The next event; `None` after the end.
    pub async fn next_event(&mut self) -> Option<LiveEvent<D::Item>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next item, whatever else happens before it; an error at the end.
    ///
    /// # Errors
    /// Why the stream ended.
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

    /// The next event, if there is one now; it never waits. The stream has to be given its turn, by some `.await` in between,
    /// to have anything come.
    pub fn try_next(&mut self) -> Option<LiveEvent<D::Item>> {
        match Pin::new(self).poll_next(&mut Context::from_waker(std::task::Waker::noop())) {
            Poll::Ready(event) => event,
            Poll::Pending => None,
        }
    }

    /// What was counted so far; a clone of it can be read elsewhere.
    pub fn metrics(&self) -> &StreamMetrics {
        &self.settings.metrics
    }

    /// Stops the stream from elsewhere: no more is received then, what was received is still delivered, and after it comes
    /// the end.
    pub fn stop_handle(&self) -> StopHandle {
        self.settings.stop_handle.clone()
    }

    /// Closes the connection at once. What was received and not read yet is lost; see [`stop_handle`](Self::stop_handle).
    pub fn close(&mut self) {
        self.state = State::Over;
        self.recovering = None;
        self.waiting.clear();
    }

    /// Whether it is over: it was closed, or its end was delivered.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over) && self.recovering.is_none() && self.waiting.is_empty()
    }

    fn take_line(&mut self, line: Bytes) -> Option<LiveEvent<D::Item>> {
        match D::decode(&line) {
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
                    LiveEvent::Notice(crate::error::problems_in(&line), json)
                }
                _ => {
                    self.settings.metrics.add_bad(1);
                    LiveEvent::Bad { line, why }
                }
            }),
        }
    }

    /// What comes of the past, and the gap at its end.
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
        LiveEvent::Bad { line: Bytes::new(), why: format!("a line of {bytes} bytes is too long") }
    }

    fn take(&mut self, event: RawEvent) -> Option<LiveEvent<D::Item>> {
        Some(match event {
            RawEvent::Connecting => LiveEvent::Connecting,
            RawEvent::Line(line) => return self.take_line(line),
            RawEvent::Lagging(lines) => LiveEvent::Lagging(lines),
            RawEvent::TooLong(bytes) => self.too_long(bytes),
            RawEvent::Alert(alert) => LiveEvent::Alert(alert),
            RawEvent::Dropped(lines) => LiveEvent::Dropped(lines),
            RawEvent::RateLimitWait(wait, until, why) => LiveEvent::RateLimitWait { wait, until, why },
            RawEvent::Checkpoint(_) if self.left_open => return None,
            RawEvent::Checkpoint(until) => LiveEvent::Checkpoint(until),
            RawEvent::Live(None) => LiveEvent::Live,
            RawEvent::Live(Some(gap)) => {
                let Gap { from, to, backfilled } = gap;
                if backfilled {
                    self.waiting.push_back(LiveEvent::Gap { from, to, fill: GapFill::Backfill });
                } else if self.recover {
                    let recovery = Recovery::new(self.client.clone(), self.call.clone(), gap, self.settings.clone());
                    self.recovering = Some(Box::new(recovery));
                } else {
                    let fill = GapFill::Lost("nobody asked for it".to_owned());
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
