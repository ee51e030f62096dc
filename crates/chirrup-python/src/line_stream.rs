//! Streams of raw lines over one connection, for programs with rules of their own for reconnects.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup::model::Post;
use chirrup::{BoundCall, Error, LiveBuilder, LiveEvent, Reason, Typed};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyStopAsyncIteration, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::exception;
use crate::event_loop::future_of;
use crate::feed::{Feed, Source, WATCHDOG, Waited};
use crate::runtime::{runtime, wait};
use crate::seconds::seconds;

/// Longest wait before a look at the number of keep-alives.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_millis(500);

/// Stream of the lines of one connection: an empty line is a keep-alive, and the first line, which is empty, says that the
/// server has accepted the connection. It does not reconnect: it ends, or raises the error.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct LineStream {
    call: BoundCall,
    feed: Mutex<Option<Feed>>,
    seen_keep_alives: Mutex<u64>,
    is_async: bool,
}

/// What a wait for a line has found.
enum Found {
    Line(Bytes),
    Nothing,
    End,
}

impl LineStream {
    pub(crate) fn new(call: BoundCall, is_async: bool) -> Self {
        Self { call, feed: Mutex::default(), seen_keep_alives: Mutex::default(), is_async }
    }

    fn feed(&self) -> PyResult<Feed> {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(feed) = &*feed {
            return Ok(feed.clone());
        }
        let _inside = runtime()?.enter();
        let builder = LiveBuilder::<Typed<Post>>::new(self.call.clone()).undecoded().without_recovery();
        let live = builder.attempts(1).watchdog(WATCHDOG).open();
        Ok(feed.insert(Feed::new(Source::Lines(live))).clone())
    }

    /// Returns the line of an event; `None` for an event without one.
    fn line(&self, py: Python<'_>, feed: &Feed, event: LiveEvent<Bytes>) -> PyResult<Option<Found>> {
        match event {
            LiveEvent::Item(line) | LiveEvent::Bad { line, .. } => Ok(Some(Found::Line(line))),
            LiveEvent::Notice(_, json) => Ok(Some(Found::Line(json.to_string().into()))),
            // Callers have to know that the connection is established before the first post arrives.
            LiveEvent::Live => Ok(Some(Found::Line(Bytes::new()))),
            LiveEvent::Ended(error) => Err(exception(py, &error)),
            LiveEvent::ReconnectWait { why, .. } => {
                feed.close();
                match why {
                    Reason::Closed | Reason::Disconnected => Ok(Some(Found::End)),
                    Reason::Silent(_) => Err(exception(py, &Error::timeout(format!("the stream: {why}")))),
                    _ => Err(exception(py, &Error::network(format!("the stream: {why}")))),
                }
            }
            _ => Ok(None),
        }
    }

    /// Returns whether a keep-alive arrived that was not returned yet.
    fn take_keep_alive(&self, feed: &Feed) -> bool {
        let mut seen = self.seen_keep_alives.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = feed.metrics.read().keep_alives > *seen;
        *seen += u64::from(is_new);
        is_new
    }

    /// Returns what is ready without waiting.
    fn take(&self, py: Python<'_>, feed: &Feed) -> PyResult<Option<Found>> {
        while let Some(event) = feed.pop() {
            if let Some(found) = self.line(py, feed, event)? {
                return Ok(Some(found));
            }
        }
        Ok(self.take_keep_alive(feed).then(|| Found::Line(Bytes::new())))
    }

    fn wait_for_line(&self, py: Python<'_>, limit: Option<Duration>) -> PyResult<Found> {
        let feed = self.feed()?;
        let end = limit.map(|limit| Instant::now() + limit);
        loop {
            if let Some(found) = self.take(py, &feed)? {
                return Ok(found);
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return Ok(Found::Nothing);
            }
            let step = left.map_or(KEEP_ALIVE_INTERVAL, |left| left.min(KEEP_ALIVE_INTERVAL));
            if wait(py, feed.clone().fill(Some(step)))? == Waited::Ended {
                return Ok(Found::End);
            }
        }
    }
}

#[pymethods]
impl LineStream {
    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close();
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        if self.is_async {
            return Err(PyTypeError::new_err("a stream of an AsyncClient is read with `async for`"));
        }
        match self.wait_for_line(py, None)? {
            Found::Line(line) => Ok(Some(PyBytes::new(py, &line))),
            Found::Nothing | Found::End => Ok(None),
        }
    }

    /// Returns the next line; None if no line arrives within this many seconds. Raises StopIteration after the end.
    #[pyo3(signature = (timeout=None))]
    fn next<'py>(&self, py: Python<'py>, timeout: Option<&Bound<'py, PyAny>>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let limit = timeout.map(seconds).transpose()?;
        match self.wait_for_line(py, limit)? {
            Found::Line(line) => Ok(Some(PyBytes::new(py, &line))),
            Found::Nothing => Ok(None),
            Found::End => Err(pyo3::exceptions::PyStopIteration::new_err(())),
        }
    }

    fn __aiter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __anext__(slf: &Bound<'_, Self>) -> PyResult<Py<PyAny>> {
        let (feed, stream) = (slf.get().feed()?, slf.clone().unbind());
        let seen = *slf.get().seen_keep_alives.lock().unwrap_or_else(PoisonError::into_inner);
        let future =
            future_of(slf.py(), until_line(feed.clone(), seen), move |py, ()| match stream.get().take(py, &feed)? {
                Some(Found::Line(line)) => PyBytes::new(py, &line).into_py_any(py),
                _ => Err(PyStopAsyncIteration::new_err(())),
            })?;
        Ok(future.unbind())
    }

    /// Closes the connection of the stream.
    fn close(&self) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        feed.get_or_insert_with(Feed::closed).close();
    }
}

/// Waits until the stream has a line or a new keep-alive, or has ended.
async fn until_line(feed: Feed, seen_keep_alives: u64) {
    while feed.metrics.read().keep_alives <= seen_keep_alives {
        let wanted = feed.clone().fill_with(has_line);
        if tokio::time::timeout(KEEP_ALIVE_INTERVAL, wanted).await.is_ok() {
            return;
        }
    }
}

/// Whether an event has a line, or ends the stream.
fn has_line(event: &LiveEvent<Bytes>) -> bool {
    use LiveEvent::{Bad, Ended, Item, Live, Notice, ReconnectWait};
    matches!(event, Live | Item(_) | Bad { .. } | Notice(..) | Ended(_) | ReconnectWait { .. })
}
