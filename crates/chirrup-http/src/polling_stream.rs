//! Streams as Python Twitter Tools gives them: what happens to the connection is an item like all others, and the
//! first break is the end.

use std::time::Duration;

use chirrup_api::{Decode, Error, Live, LiveBuilder, LiveEvent, Messages, Reason};
use chirrup_model::v1::StreamMessage;
use serde_json::Value as Json;

/// What was pulled out of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum PollEvent<T = StreamMessage> {
    /// A message.
    Message(T),
    /// Something that the server said about the stream.
    Notice(Json),
    /// Nothing came within the time; it goes on.
    Timeout,
    /// There is nothing now; it goes on.
    Empty,
    /// The connection broke. The stream is over.
    Hangup,
    /// Nothing came for longer than the watchdog allows, not even a sign of life. The stream is over.
    HeartbeatTimeout,
}

/// A stream that is pulled, item by item, in one of four ways: until the next message comes; with a time after which it says
/// that nothing came; without waiting at all; and each of them with the end as an item.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_http::{PollingStream, PollEvent};
/// use std::time::Duration;
///
/// let mut stream = PollingStream::new(client.v1().sample().live()).timeout(Duration::from_secs(5));
/// while let Some(pulled) = stream.next().await {
///     match pulled? {
///         PollEvent::Message(message) => println!("{message:?}"),
///         PollEvent::Timeout => println!("nothing for five seconds"),
///         _ => println!("it is over"),
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PollingStream<D: Decode = Messages> {
    live: Live<D>,
    timeout: Option<Duration>,
    blocks: bool,
    over: bool,
}

impl<D: Decode> PollingStream<D> {
    /// Opens a stream. It waits for the next message, if not said otherwise.
    pub fn new(stream: LiveBuilder<D>) -> Self {
        Self { live: stream.open(), timeout: None, blocks: true, over: false }
    }

    /// The longest silence between two items: then there is a [`PollEvent::Timeout`]. It goes before
    /// [`nonblocking`](Self::nonblocking).
    #[must_use]
    pub fn timeout(mut self, silence: Duration) -> Self {
        self.timeout = Some(silence);
        self
    }

    /// Never waits: where there is nothing, there is a [`PollEvent::Empty`].
    #[must_use]
    pub fn nonblocking(mut self) -> Self {
        self.blocks = false;
        self
    }

    /// The next item; `None` after the end.
    ///
    /// # Errors
    /// If the server refuses the stream.
    pub async fn next(&mut self) -> Option<Result<PollEvent<D::Item>, Error>> {
        while !self.over {
            let event = match (self.timeout, self.blocks) {
                (Some(silence), _) => match tokio::time::timeout(silence, self.live.next_event()).await {
                    Ok(event) => event,
                    Err(_) => return Some(Ok(PollEvent::Timeout)),
                },
                (None, true) => self.live.next_event().await,
                (None, false) => match self.live.try_next() {
                    Some(event) => Some(event),
                    None => {
                        // Whoever asks again and again gives the connection its turn.
                        tokio::task::yield_now().await;
                        return Some(Ok(PollEvent::Empty));
                    }
                },
            };
            if let Some(pulled) = self.pulled(event) {
                return Some(pulled);
            }
        }
        None
    }

    fn pulled(&mut self, event: Option<LiveEvent<D::Item>>) -> Option<Result<PollEvent<D::Item>, Error>> {
        Some(match event {
            Some(LiveEvent::Item(message)) => Ok(PollEvent::Message(message)),
            Some(LiveEvent::Notice(_, json)) => Ok(PollEvent::Notice(json)),
            Some(LiveEvent::RateLimitWait { why: Reason::Silent(_), .. }) => self.end(PollEvent::HeartbeatTimeout),
            Some(LiveEvent::RateLimitWait { .. }) | None => self.end(PollEvent::Hangup),
            Some(LiveEvent::Ended(why)) => {
                self.over = true;
                Err(why)
            }
            Some(_) => return None,
        })
    }

    fn end(&mut self, last: PollEvent<D::Item>) -> Result<PollEvent<D::Item>, Error> {
        self.over = true;
        self.live.close();
        Ok(last)
    }
}
