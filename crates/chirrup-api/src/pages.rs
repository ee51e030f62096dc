//! Pages and items: all that a paged endpoint holds, fetched as it is asked for.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use chirrup_model::ResponseData;
use futures_core::Stream;

use crate::bound_call::BoundCall;
use crate::error::Error;
use crate::response::Response;
use crate::transport::BoxFuture;
use crate::wait::block_on;

/// The pages of an endpoint, as a stream of replies.
///
/// It ends where the server names no next page, never at an empty one. After an error it can be polled again and
/// asks for the same page. [`token`](Self::token) is where to go on later, in another process even:
/// give it to `page_token` of the same call.
///
/// # Cancel safety
/// Dropping a poll loses nothing that was yielded; a page that was under way is asked for again.
#[must_use = "no page is fetched until it is asked for"]
pub struct Pages<T> {
    pending: BoundCall,
    running: Option<BoxFuture<Result<Response<T>, Error>>>,
    token: Option<String>,
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
        Self { pending, running: None, token: None, done: false }
    }

    /// The token of the page that comes next; none before the first page and after the last.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Whether the last page was yielded.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The next page; none after the last.
    pub async fn next_page(&mut self) -> Option<Result<Response<T>, Error>> {
        std::future::poll_fn(|context| self.poll_page(context)).await
    }

    /// The pages one after another, blocking.
    ///
    /// # Errors
    /// Inside an async runtime.
    pub fn wait(self) -> Result<WaitPages<T>, Error> {
        self.pending.refuse_inside_runtime()?;
        Ok(WaitPages(self))
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Response<T>, Error>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let pending = &self.pending;
        let running = self.running.get_or_insert_with(|| pending.clone().send());
        let result = ready!(running.as_mut().poll(context));
        self.running = None;
        if let Ok(response) = &result {
            self.token.clone_from(&response.meta.next_token);
            match &self.token {
                Some(token) => self.pending.set_page(Ok(token.as_str().into())),
                None => self.done = true,
            }
        }
        Poll::Ready(Some(result))
    }
}

impl<T: ResponseData> Stream for Pages<T> {
    type Item = Result<Response<T>, Error>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

// Nothing in it is pinned in place: the running call is in a box.
impl<T> Unpin for Pages<T> {}

impl<T: ListData> Pages<T> {
    /// The items of all pages.
    pub fn items(self) -> Items<T> {
        Items { pages: self, ready: VecDeque::new(), left: None }
    }
}

/// A list that pages carry.
#[doc(hidden)]
pub trait ListData: ResponseData {
    /// What it lists.
    type Item: Send + 'static;
    /// The items.
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
/// An error is an item; polled again, the stream goes on with the same page.
#[must_use = "nothing is fetched until it is asked for"]
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
    /// Ends after so many items, and fetches no page beyond them.
    pub fn limit(mut self, count: usize) -> Self {
        self.left = Some(count);
        self
    }

    /// The token of the page after those fetched so far.
    pub fn token(&self) -> Option<&str> {
        self.pages.token()
    }

    /// The next item; none after the last.
    pub async fn next_item(&mut self) -> Option<Result<T::Item, Error>> {
        std::future::poll_fn(|context| self.poll_item(context)).await
    }

    /// All of them in one list.
    ///
    /// # Errors
    /// The first error; what came before it is lost, so use [`next_item`](Self::next_item) for long lists.
    pub async fn collect(mut self) -> Result<Vec<T::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next_item().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// The items one after another, blocking.
    ///
    /// # Errors
    /// Inside an async runtime.
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

/// Pages as a blocking iterator.
#[derive(Debug)]
pub struct WaitPages<T>(Pages<T>);

impl<T: ResponseData> Iterator for WaitPages<T> {
    type Item = Result<Response<T>, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next_page())
    }
}

/// Items as a blocking iterator.
#[derive(Debug)]
pub struct WaitItems<T: ListData>(Items<T>);

impl<T: ListData> Iterator for WaitItems<T> {
    type Item = Result<T::Item, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next_item())
    }
}
