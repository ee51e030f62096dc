//! Setting up a live stream.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use chirrup_model::Timestamp;

use super::{Decode, EvictConnection, Lazy, Live, LiveSettings, Messages, Overflow, State, Typed, Undecoded};
use crate::bound_call::BoundCall;
use crate::call::Call;
use crate::client::ApiClient;

/// Sets up a live stream.
#[must_use = "a stream does nothing until it is opened"]
pub struct LiveBuilder<D> {
    pending: BoundCall,
    settings: LiveSettings,
    recover: bool,
    evict_stale_connections: bool,
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
            decoder: PhantomData,
        }
    }
    fn decoding<E>(self) -> LiveBuilder<E> {
        let Self { pending, settings, recover, evict_stale_connections, .. } = self;
        LiveBuilder { pending, settings, recover, evict_stale_connections, decoder: PhantomData }
    }
    /// Reads no more of an item than its id, until it is asked for the rest.
    pub fn lazy(self) -> LiveBuilder<Lazy<T>> {
        self.decoding()
    }
    /// Reads nothing: items are lines as they came. What comes twice is delivered twice then.
    pub fn undecoded(self) -> LiveBuilder<Undecoded> {
        self.decoding()
    }
}

impl LiveBuilder<Messages> {
    /// Streams of v1.1 send a sign of life every 30 s.
    #[doc(hidden)]
    pub fn of_v1(pending: BoundCall) -> Self {
        let delimited = pending.call.text("delimited") == Some("length");
        let settings = LiveSettings { watchdog: Duration::from_secs(90), delimited, ..LiveSettings::default() };
        Self { pending, settings, recover: false, evict_stale_connections: false, decoder: PhantomData }
    }
}

impl<D: Decode> LiveBuilder<D> {
    /// After how long a silence a connection is taken for dead: 30 s if not given, and 20 s at least, for X sends a sign of
    /// life every 20 s.
    pub fn watchdog(mut self, silence: Duration) -> Self {
        self.settings.watchdog = silence.max(Duration::from_secs(20));
        self
    }
    #[doc(hidden)]
    pub fn watchdog_of_any_length(mut self, silence: Duration) -> Self {
        self.settings.watchdog = silence;
        self
    }
    /// How long a line may be; 1 MiB if not given.
    pub fn max_line(mut self, bytes: usize) -> Self {
        self.settings.max_line = bytes;
        self
    }
    /// Lets the server pack what it sends (gzip): a tenth of the bytes, for some work more. For streams with much in them.
    pub fn gzip(mut self) -> Self {
        self.settings.gzip = true;
        self
    }
    /// How many lines wait for the reader, and what to do if there are more; 10,000, and [`Overflow::Wait`].
    pub fn queue(mut self, lines: usize, overflow: Overflow) -> Self {
        self.settings.queue = lines.max(1);
        self.settings.overflow = overflow;
        self
    }
    /// How many failures in a row end it; it goes on for ever if not given.
    pub fn attempts(mut self, failures: u32) -> Self {
        self.settings.attempts = Some(failures);
        self
    }
    /// How long to wait at least before connecting anew; if not given, as long as X asks for: not at all after the first
    /// break, and ever longer after those that follow.
    pub fn retry_in(mut self, least: Duration) -> Self {
        self.settings.least_wait = least;
        self
    }
    /// Goes on from a moment at which another stream stopped, in this program or before: what has come since is asked for as
    /// what a gap holds is. See [`LiveEvent::Checkpoint`](super::LiveEvent::Checkpoint).
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.settings.since = Some(moment);
        self
    }
    /// Does nothing to fill gaps, and only tells of them.
    pub fn without_recovery(mut self) -> Self {
        (self.recover, self.settings.backfill) = (false, false);
        self
    }
    /// When the server says that there are too many connections to this stream, closes all of the app's connections to it
    /// (`DELETE /2/connections`), once before each connection that comes about. Only for an app whose one program reads
    /// this stream: two that do so end each other's.
    pub fn evict_stale_connections(mut self) -> Self {
        self.evict_stale_connections = true;
        self
    }
    /// What the call asks for.
    pub fn call(&self) -> &Call {
        &self.pending.call
    }
    /// Opens it. The connection lives for as long as what comes back does.
    pub fn open(mut self) -> Live<D> {
        let (client, call) = (self.pending.client, self.pending.call);
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
    /// Goes on as another call, such as one with other filters: closes the connection and opens the other. What was received
    /// and not read yet is lost; what comes twice is still delivered once.
    pub fn change(&mut self, to: LiveBuilder<D>) {
        self.close();
        let mut to = to;
        (to.settings.metrics, to.settings.stop_handle) =
            (self.settings.metrics.clone(), self.settings.stop_handle.clone());
        // An app has one connection to a stream, as a rule.
        to.settings.after = Some(self.settings.closed.clone());
        let seen = std::mem::take(&mut self.seen);
        *self = to.open();
        self.seen = seen;
    }
}

/// Closes the connections of the app to the stream of this call.
fn evict_connection(client: ApiClient, call: &Call) -> Option<EvictConnection> {
    let stream = call.endpoint?.stream_name?;
    Some(Arc::new(move || {
        let call = client.close_connections_to(stream);
        Box::pin(async move { call.await.is_ok_and(|closed| closed.data.successful_kills.unwrap_or_default() > 0) })
    }))
}
