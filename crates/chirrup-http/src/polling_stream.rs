//! Streams that are polled with a timeout, as in Python Twitter Tools.

use std::time::Duration;

use chirrup_api::{Decode, Error, Live, LiveBuilder, LiveEvent, Messages, Reason};
use chirrup_model::v1::StreamMessage;
use serde_json::Value as Json;

use crate::runtime;

/// A result of polling a stream: a message, a timeout, or the end of the stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum PollEvent<T = StreamMessage> {
    /// Message that the stream delivered.
    Message(T),
    /// Message of the server about the stream itself.
    Notice(Json),
    /// No message arrived within the timeout. The stream continues.
    Timeout,
    /// No message is available now. The stream continues.
    Empty,
    /// The connection was lost. The stream has ended.
    Hangup,
    /// The server sent neither messages nor keep-alives for longer than the watchdog allows. The stream has ended.
    HeartbeatTimeout,
}

/// A stream that is polled for one event at a time, and that ends with its first disconnect.
///
/// By default [`next`](Self::next) waits for the next message. With [`timeout`](Self::timeout) it waits for a limited
/// time, and with [`nonblocking`](Self::nonblocking) not at all. Use [`Live`] for a stream that reconnects.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_http::{PollEvent, PollingStream};
/// use std::time::Duration;
///
/// let mut stream = PollingStream::new(client.v1().sample().live()).timeout(Duration::from_secs(5));
/// while let Some(event) = stream.next().await {
///     match event? {
///         PollEvent::Message(message) => println!("{message:?}"),
///         PollEvent::Timeout => println!("no message for five seconds"),
///         event => println!("{event:?}"),
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PollingStream<D: Decode = Messages> {
    live: Live<D>,
    timeout: Option<Duration>,
    nonblocking: bool,
    ended: bool,
}

impl<D: Decode> PollingStream<D> {
    /// Opens a stream that waits for each message without a timeout.
    pub fn new(stream: LiveBuilder<D>) -> Self {
        Self { live: stream.open(), timeout: None, nonblocking: false, ended: false }
    }

    /// Sets the longest wait for an event, after which [`next`](Self::next) returns [`PollEvent::Timeout`]. The default
    /// is no timeout. Takes precedence over [`nonblocking`](Self::nonblocking).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Makes [`next`](Self::next) return [`PollEvent::Empty`] instead of waiting. The default is to wait.
    #[must_use]
    pub fn nonblocking(mut self) -> Self {
        self.nonblocking = true;
        self
    }

    /// Returns the next event, or `None` after the end.
    ///
    /// # Errors
    /// The error of the call if the server refuses the stream.
    pub async fn next(&mut self) -> Option<Result<PollEvent<D::Item>, Error>> {
        while !self.ended {
            let event = match (self.timeout, self.nonblocking) {
                (Some(timeout), _) => match tokio::time::timeout(timeout, self.live.next_event()).await {
                    Ok(event) => event,
                    Err(_) => return Some(Ok(PollEvent::Timeout)),
                },
                (None, false) => self.live.next_event().await,
                (None, true) => match self.live.try_next() {
                    Some(event) => Some(event),
                    None => {
                        // A caller that polls in a loop has to let the task of the connection run.
                        tokio::task::yield_now().await;
                        return Some(Ok(PollEvent::Empty));
                    }
                },
            };
            if let Some(event) = self.convert(event) {
                return Some(event);
            }
        }
        None
    }

    /// Returns a blocking iterator of the events, for programs without an async runtime.
    ///
    /// ```no_run
    /// # fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
    /// use chirrup_http::{PollEvent, PollingStream};
    ///
    /// for event in PollingStream::new(client.v1().sample().live()).wait()? {
    ///     match event? {
    ///         PollEvent::Message(message) => println!("{message:?}"),
    ///         event => println!("{event:?}"),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Blocking`](chirrup_api::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<WaitPollingStream<D>, Error> {
        if runtime::is_inside_runtime() { Err(Error::blocking()) } else { Ok(WaitPollingStream(self)) }
    }

    fn convert(&mut self, event: Option<LiveEvent<D::Item>>) -> Option<Result<PollEvent<D::Item>, Error>> {
        Some(match event {
            Some(LiveEvent::Item(message)) => Ok(PollEvent::Message(message)),
            Some(LiveEvent::Notice(_, json)) => Ok(PollEvent::Notice(json)),
            Some(LiveEvent::ReconnectWait { why: Reason::Silent(_), .. }) => Ok(self.end(PollEvent::HeartbeatTimeout)),
            Some(LiveEvent::ReconnectWait { .. }) | None => Ok(self.end(PollEvent::Hangup)),
            Some(LiveEvent::Ended(error)) => {
                self.ended = true;
                Err(error)
            }
            Some(_) => return None,
        })
    }

    fn end(&mut self, last: PollEvent<D::Item>) -> PollEvent<D::Item> {
        self.ended = true;
        self.live.close();
        last
    }
}

/// A blocking iterator of the events of a [`PollingStream`], created by [`PollingStream::wait`].
#[derive(Debug)]
pub struct WaitPollingStream<D: Decode = Messages>(PollingStream<D>);

impl<D: Decode> Iterator for WaitPollingStream<D> {
    type Item = Result<PollEvent<D::Item>, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        runtime::block_on(async { Ok(self.0.next().await) }).unwrap_or_else(|error| Some(Err(error)))
    }
}
