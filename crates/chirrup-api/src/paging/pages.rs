//! Pages of a result and their items, which are requested when they are polled.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use chirrup_model::ResponseData;
use futures_core::Stream;

use crate::client::bound_call::BoundCall;
use crate::client::future::{BoxFuture, block_on};
use crate::response::Response;
use crate::response::error::Error;

/// The pages of a result, as a stream of responses.
///
/// The stream ends after a page without a next token, not at an empty page. After an error, the next poll requests the
/// same page again. [`token`](Self::token) is a checkpoint: [`resume_from`](Self::resume_from) continues there, even in
/// another process.
///
/// A server that repeats a page token would be asked for the same pages without end, and each page costs money. The
/// stream returns the page with the repeated token, then an error of the kind [`Server`](crate::ErrorKind::Server), and
/// ends.
///
/// # Cancel safety
/// Dropping a poll loses no page that was returned; a page in progress is requested again.
#[must_use = "no page is requested until it is polled"]
pub struct Pages<T> {
    pending: BoundCall,
    running: Option<BoxFuture<Result<Response<T>, Error>>>,
    token: Option<String>,
    /// Fingerprints of all tokens of this walk.
    seen: HashSet<u64>,
    is_repeated: bool,
    done: bool,
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("token", &self.token).field("done", &self.done).finish_non_exhaustive()
    }
}

impl<T: ResponseData> Pages<T> {
    #[doc(hidden)]
    pub fn new(pending: BoundCall) -> Self {
        Self { pending, running: None, token: None, seen: HashSet::new(), is_repeated: false, done: false }
    }

    /// Starts at the page with this token, which [`token`](Self::token) returned, instead of the first page.
    pub fn resume_from(mut self, token: impl Into<String>) -> Self {
        self.go_to(token.into());
        self
    }

    /// Returns the token of the next page; `None` before the first page and after the last.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Returns whether the last page was returned.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Requests the next page; `None` after the last.
    pub async fn next_page(&mut self) -> Option<Result<Response<T>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// Returns a blocking iterator of the pages.
    ///
    /// # Errors
    /// [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<WaitPages<T>, Error> {
        self.pending.refuse_inside_runtime()?;
        Ok(WaitPages(self))
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response<T>, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        if self.is_repeated {
            self.done = true;
            return Poll::Ready(Some(Err(Error::repeated_page(&self.pending.call))));
        }
        let pending = &self.pending;
        let running = self.running.get_or_insert_with(|| pending.clone().send());
        let result = ready!(running.as_mut().poll(context));
        self.running = None;
        if let Ok(response) = &result {
            match response.meta.next_token.clone().filter(|token| !token.is_empty()) {
                Some(token) => self.go_to(token),
                None => (self.token, self.done) = (None, true),
            }
        }
        Poll::Ready(Some(result))
    }

    fn go_to(&mut self, token: String) {
        self.is_repeated = !self.seen.insert(fingerprint(&token));
        self.pending.set_page(Ok(token.as_str().into()));
        self.token = Some(token);
    }
}

impl<T: ResponseData> Stream for Pages<T> {
    type Item = Result<Response<T>, Error>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

/// Fingerprint of a page token, so that a long walk does not keep all tokens.
fn fingerprint(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

// No field is structurally pinned: the running call is boxed.
impl<T> Unpin for Pages<T> {}

impl<T: ListData> Pages<T> {
    /// Returns the items of all pages as a stream.
    pub fn items(self) -> Items<T> {
        Items { pages: self, ready: VecDeque::new(), left: None }
    }
}

/// Data that contains a list of items.
#[doc(hidden)]
pub trait ListData: ResponseData {
    /// Type of the items.
    type Item: Send + 'static;
    /// Returns the items of the list.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<I: Send + 'static> ListData for Vec<I>
where
    Self: ResponseData,
{
    type Item = I;
    fn into_items(self) -> Self {
        self
    }
}

/// The items of all pages, as a stream.
///
/// An error is an item of the stream; the next poll requests the same page again.
#[must_use = "no page is requested until it is polled"]
pub struct Items<T: ListData> {
    pages: Pages<T>,
    ready: VecDeque<T::Item>,
    left: Option<usize>,
}

impl<T: ListData> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("left", &self.left).finish_non_exhaustive()
    }
}

impl<T: ListData> Items<T> {
    /// Limits the number of items; further pages are not requested.
    pub fn limit(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// Returns the token of the page after the latest requested one.
    pub fn token(&self) -> Option<&str> {
        self.pages.token()
    }

    /// Returns the next item, and requests a page if necessary; `None` after the last.
    pub async fn next_item(&mut self) -> Option<Result<T::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// Collects all items in a list.
    ///
    /// # Errors
    /// The first error. The items before it are lost; use [`next_item`](Self::next_item) for long lists.
    pub async fn collect(mut self) -> Result<Vec<T::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next_item().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// Returns a blocking iterator of the items.
    ///
    /// # Errors
    /// [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<WaitItems<T>, Error> {
        self.pages.pending.refuse_inside_runtime()?;
        Ok(WaitItems(self))
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T::Item, Error>>> {
        loop {
            if self.left == Some(0) {
                return Poll::Ready(None);
            }
            if let Some(item) = self.ready.pop_front() {
                self.left = self.left.map(|left| left - 1);
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                None => return Poll::Ready(None),
                Some(Ok(response)) => self.ready.extend(response.data.into_items()),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<T: ListData> Stream for Items<T> {
    type Item = Result<T::Item, Error>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<T: ListData> Unpin for Items<T> {}

/// A blocking iterator of pages.
#[derive(Debug)]
pub struct WaitPages<T>(Pages<T>);

impl<T: ResponseData> Iterator for WaitPages<T> {
    type Item = Result<Response<T>, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next_page())
    }
}

/// A blocking iterator of items.
#[derive(Debug)]
pub struct WaitItems<T: ListData>(Items<T>);

impl<T: ListData> Iterator for WaitItems<T> {
    type Item = Result<T::Item, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next_item())
    }
}
