//! Live streams outside of async code.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures_core::Stream as _;

use super::decode::Decode;
use super::event::LiveEvent;
use super::stream::Live;
use crate::client::future::block_on;
use crate::response::error::Error;

/// A blocking iterator of the events of a live stream, created by [`Live::wait`].
///
/// It reconnects and fills gaps like the stream itself. Dropping it closes the connection.
#[derive(Debug)]
pub struct WaitLive<D: Decode>(Live<D>);

/// A blocking iterator of the items of a live stream, created by [`WaitLive::items`]. Its last element is the error that
/// ended the stream, if there was one.
#[derive(Debug)]
pub struct WaitLiveItems<D: Decode>(WaitLive<D>);

impl<D: Decode> Live<D> {
    /// Returns a blocking iterator of the events, for programs without an async runtime.
    ///
    /// ```no_run
    /// # fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
    /// use chirrup_api::LiveEvent;
    ///
    /// for event in client.filtered_stream().open().wait()? {
    ///     if let LiveEvent::Item(delivery) = event {
    ///         println!("{:?}", delivery.data);
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<WaitLive<D>, Error> {
        if self.client.is_inside_runtime() { Err(Error::blocking()) } else { Ok(WaitLive(self)) }
    }
}

impl<D: Decode> WaitLive<D> {
    /// Waits for the next item and skips all other events.
    ///
    /// # Errors
    /// The reason why the stream ended, and [`ErrorKind::Closed`](crate::ErrorKind::Closed) after the end.
    pub fn next_item(&mut self) -> Result<D::Item, Error> {
        block_on(self.0.next_item())
    }

    /// Returns a blocking iterator of the items, which skips all other events.
    pub fn items(self) -> WaitLiveItems<D> {
        WaitLiveItems(self)
    }

    /// Waits for the next event for at most this time. Returns `None` if no event arrived, and after the end of the stream;
    /// [`is_over`](Live::is_over) tells which.
    pub fn next_within(&mut self, limit: Duration) -> Option<LiveEvent<D::Item>> {
        let mut limit = self.0.client.sleep(limit);
        block_on(poll_fn(|context| match Pin::new(&mut self.0).poll_next(context) {
            Poll::Ready(event) => Poll::Ready(event),
            Poll::Pending => limit.as_mut().poll(context).map(|()| None),
        }))
    }

    /// Returns the stream: its metrics, its stop handle, and whether it is over.
    pub fn stream(&self) -> &Live<D> {
        &self.0
    }

    /// Returns the stream for changes, such as to close it.
    pub fn stream_mut(&mut self) -> &mut Live<D> {
        &mut self.0
    }

    /// Returns the stream for use in async code.
    pub fn into_stream(self) -> Live<D> {
        self.0
    }
}

impl<D: Decode> Iterator for WaitLive<D> {
    type Item = LiveEvent<D::Item>;
    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next_event())
    }
}

impl<D: Decode> Iterator for WaitLiveItems<D> {
    type Item = Result<D::Item, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        self.0.find_map(|event| match event {
            LiveEvent::Item(item) => Some(Ok(item)),
            LiveEvent::Ended(error) => Some(Err(error)),
            _ => None,
        })
    }
}
