//! The builder of a live stream.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use chirrup_model::Timestamp;

use super::decode::{Decode, Lazy, Messages, Typed, Undecoded};
use super::stream::{Live, State};
use crate::call::Call;
use crate::client::ApiClient;
use crate::client::bound_call::BoundCall;
use crate::client::stream_settings::{EvictConnection, LiveSettings, Overflow};
use crate::response::error::Error;

/// Shortest time without data that a watchdog may allow.
const LEAST_WATCHDOG: Duration = Duration::from_secs(20);

/// A builder of a live stream, which configures the stream before it is opened.
#[must_use = "a stream does nothing until it is opened"]
pub struct LiveBuilder<D> {
    pending: BoundCall,
    settings: LiveSettings,
    recover: bool,
    evict_stale_connections: bool,
    is_watchdog_too_short: bool,
    decoder: PhantomData<fn() -> D>,
}

impl<D> fmt::Debug for LiveBuilder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<T> LiveBuilder<Typed<T>> {
    #[doc(hidden)]
    pub fn new(pending: BoundCall) -> Self {
        Self {
            pending,
            settings: LiveSettings::default(),
            recover: true,
            evict_stale_connections: false,
            is_watchdog_too_short: false,
            decoder: PhantomData,
        }
    }
    fn decoding<E>(self) -> LiveBuilder<E> {
        let Self { pending, settings, recover, evict_stale_connections, is_watchdog_too_short, .. } = self;
        LiveBuilder { pending, settings, recover, evict_stale_connections, is_watchdog_too_short, decoder: PhantomData }
    }
    /// Decodes only the ID of each item; [`Lazy::read`] decodes the rest.
    pub fn lazy(self) -> LiveBuilder<Lazy<T>> {
        self.decoding()
    }
    /// Delivers the raw lines without decoding them. Duplicates are not removed.
    pub fn undecoded(self) -> LiveBuilder<Undecoded> {
        self.decoding()
    }
}

impl LiveBuilder<Messages> {
    /// Creates a builder for a stream of v1.1, which sends a keep-alive every 30 seconds.
    #[doc(hidden)]
    pub fn of_v1(pending: BoundCall) -> Self {
        let delimited = pending.call.text("delimited") == Some("length");
        let settings = LiveSettings { watchdog: Duration::from_secs(90), delimited, ..LiveSettings::default() };
        Self {
            pending,
            settings,
            recover: false,
            evict_stale_connections: false,
            is_watchdog_too_short: false,
            decoder: PhantomData,
        }
    }
}

impl<D: Decode> LiveBuilder<D> {
    /// Sets the longest time without data before the connection counts as dead. The default is 30 seconds, and 90 seconds
    /// for a stream of v1.1. The minimum is 20 seconds, the interval of X's keep-alives: with a shorter time, the stream
    /// ends immediately with [`ErrorKind::Argument`](crate::ErrorKind::Argument).
    pub fn watchdog(mut self, silence: Duration) -> Self {
        self.settings.watchdog = silence;
        self.is_watchdog_too_short = silence < LEAST_WATCHDOG;
        self
    }
    #[doc(hidden)]
    pub fn watchdog_of_any_length(mut self, silence: Duration) -> Self {
        self.settings.watchdog = silence;
        self.is_watchdog_too_short = false;
        self
    }
    /// Sets the maximum length of a line in bytes. The default is 1 MiB.
    pub fn max_line(mut self, bytes: usize) -> Self {
        self.settings.max_line = bytes;
        self
    }
    /// Lets the server compress the stream with gzip: a tenth of the bytes for some more CPU time.
    pub fn gzip(mut self) -> Self {
        self.settings.gzip = true;
        self
    }
    /// Sets the maximum number of queued lines and the behavior when the queue is full. The defaults are 10,000 and
    /// [`Overflow::Wait`].
    pub fn queue(mut self, lines: usize, overflow: Overflow) -> Self {
        self.settings.queue = lines.max(1);
        self.settings.overflow = overflow;
        self
    }
    /// Sets the number of consecutive failures that end the stream. By default, the stream retries without end.
    pub fn attempts(mut self, failures: u32) -> Self {
        self.settings.attempts = Some(failures);
        self
    }
    /// Sets the minimum wait before a new connection. By default, the client follows X's backoff: no wait after the first
    /// disconnect, and longer ones after further failures.
    pub fn retry_in(mut self, least: Duration) -> Self {
        self.settings.least_wait = least;
        self
    }
    /// Resumes from the [`Checkpoint`](crate::LiveEvent::Checkpoint) of an earlier stream, of this process or another one.
    /// Items since then are recovered like those of a gap.
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.settings.since = Some(moment);
        self
    }
    /// Reports gaps without filling them.
    pub fn without_recovery(mut self) -> Self {
        (self.recover, self.settings.backfill) = (false, false);
        self
    }
    /// Closes all connections of the app to this stream (`DELETE /2/connections`) when the server reports too many of them,
    /// once per new connection. Use it only if a single process reads the stream: two processes would disconnect each other.
    pub fn evict_stale_connections(mut self) -> Self {
        self.evict_stale_connections = true;
        self
    }
    /// Returns the call as data, without sending it.
    pub fn call(&self) -> &Call {
        &self.pending.call
    }
    /// Opens the stream. Dropping the returned value closes the connection.
    pub fn open(mut self) -> Live<D> {
        let (client, call) = (self.pending.client, self.pending.call);
        if self.is_watchdog_too_short {
            let why = format!(
                "is {:?}; the minimum is {LEAST_WATCHDOG:?}, the interval of keep-alives",
                self.settings.watchdog
            );
            let error = Error::argument(&call, "watchdog", &why);
            return Live::new(State::Failed(Some(Box::new(error))), client, call, self.recover, self.settings);
        }
        if self.evict_stale_connections {
            self.settings.evict_connection = evict_connection(client.clone(), &call);
        }
        let state = match client.open_stream(&call, self.settings.clone()) {
            Ok(raw) => State::Open(raw),
            Err(error) => State::Failed(Some(Box::new(error))),
        };
        Live::new(state, client, call, self.recover, self.settings)
    }
}

impl<D: Decode> Live<D> {
    /// Replaces the stream with another one, such as one with other filters: closes the connection and opens a new one.
    /// Received items that were not read yet are lost; duplicates are still removed.
    pub fn change(&mut self, to: LiveBuilder<D>) {
        self.close();
        let mut to = to;
        (to.settings.metrics, to.settings.stop_handle) =
            (self.settings.metrics.clone(), self.settings.stop_handle.clone());
        // Most apps may have only one connection to a stream.
        to.settings.after = Some(self.settings.closed.clone());
        let seen = std::mem::take(&mut self.seen);
        *self = to.open();
        self.seen = seen;
    }
}

/// Returns a function that closes the connections of the app to the stream of this call.
fn evict_connection(client: ApiClient, call: &Call) -> Option<EvictConnection> {
    let stream = call.endpoint?.stream_name?;
    Some(Arc::new(move || {
        let call = client.close_connections_to(stream);
        Box::pin(async move { call.await.is_ok_and(|closed| closed.data.successful_kills.unwrap_or_default() > 0) })
    }))
}
