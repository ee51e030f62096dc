//! Streams of an endpoint, which reconnect, fill gaps and report what they do.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{Like, Post, Timestamp};
use chirrup::{BoundCall, Endpoint, GapFill, LiveBuilder, LiveEvent, Overflow, Typed};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyRuntimeError, PyStopAsyncIteration, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use serde_json::{Value as Json, json};

use crate::argument::timestamp;
use crate::count::Count;
use crate::error::exception;
use crate::event_loop::{finished, future_of};
use crate::feed::{Feed, Source, WATCHDOG, Waited};
use crate::response::{Form, Response};
use crate::runtime::{runtime, wait};
use crate::seconds::seconds;
use crate::tree::{Object, object_of};

/// Settings of a stream that is not open yet.
#[derive(Clone, Default)]
struct Settings {
    watchdog: Option<Duration>,
    since: Option<Timestamp>,
    attempts: Option<u32>,
    queue: Option<usize>,
    gzip: bool,
    without_recovery: bool,
    evict_stale_connections: bool,
}

impl Settings {
    fn apply<D: chirrup::Decode>(&self, mut builder: LiveBuilder<D>) -> LiveBuilder<D> {
        if let Some(silence) = self.watchdog {
            builder = builder.watchdog(silence);
        }
        if let Some(moment) = self.since {
            builder = builder.since(moment);
        }
        if let Some(failures) = self.attempts {
            builder = builder.attempts(failures);
        }
        if let Some(lines) = self.queue {
            builder = builder.queue(lines, Overflow::Wait);
        }
        if self.gzip {
            builder = builder.gzip();
        }
        if self.without_recovery {
            builder = builder.without_recovery();
        }
        if self.evict_stale_connections {
            builder = builder.evict_stale_connections();
        }
        builder
    }
}

/// Live stream of an endpoint: an iterator of its items, each a response with `data`, `includes` and `matching_rules`.
///
/// It connects when it is first read, and reconnects, drops duplicates and fills gaps by itself. `events()` reports what it
/// does. Use it in a `with` block, or close it.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct Stream {
    call: BoundCall,
    endpoint: &'static Endpoint,
    form: Form,
    is_async: bool,
    settings: Mutex<Settings>,
    feed: PyOnceLock<Feed>,
}

impl Stream {
    pub(crate) fn new(call: BoundCall, endpoint: &'static Endpoint, is_async: bool) -> Self {
        let form = Form::of(Some(endpoint));
        Self { call, endpoint, form, is_async, settings: Mutex::default(), feed: PyOnceLock::new() }
    }

    /// Returns the feed of the stream, which the first call opens.
    fn feed(&self, py: Python<'_>) -> PyResult<&Feed> {
        self.feed.get_or_try_init(py, || self.open())
    }

    fn open(&self) -> PyResult<Feed> {
        let _inside = runtime()?.enter();
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let call = self.call.clone();
        Ok(Feed::new(match self.endpoint.returns {
            _ if self.endpoint.is_v1() => {
                let builder = LiveBuilder::<Typed<Post>>::new(call).undecoded().without_recovery();
                Source::Lines(settings.apply(builder.watchdog(WATCHDOG)).open())
            }
            "StreamBatch<Post>" => Source::Posts(settings.apply(LiveBuilder::<Typed<Post>>::new(call).lazy()).open()),
            _ => Source::Others(settings.apply(LiveBuilder::<Typed<Like>>::new(call).lazy()).open()),
        }))
    }

    fn item(&self, line: Bytes) -> Response {
        Response::delivered(self.form, line)
    }

    /// Returns the next item of those that are ready; `None` after the end of the stream.
    fn take_item(&self, py: Python<'_>, feed: &Feed) -> PyResult<Option<Response>> {
        match feed.pop() {
            Some(LiveEvent::Item(line)) => Ok(Some(self.item(line))),
            Some(LiveEvent::Ended(error)) => Err(exception(py, &error)),
            _ => Ok(None),
        }
    }
}

fn is_item_or_end(event: &LiveEvent<Bytes>) -> bool {
    matches!(event, LiveEvent::Item(_) | LiveEvent::Ended(_))
}

fn is_any(_: &LiveEvent<Bytes>) -> bool {
    true
}

fn refuse_other_client(is_async: bool, wants_async: bool) -> PyResult<()> {
    match is_async == wants_async {
        true => Ok(()),
        false if is_async => Err(PyTypeError::new_err("a stream of an AsyncClient is read with `async for`")),
        false => {
            Err(PyTypeError::new_err("a stream of a Client is read with `for`; AsyncClient has streams for asyncio"))
        }
    }
}

#[pymethods]
impl Stream {
    /// Sets how the stream behaves, before it is first read, and returns it.
    ///
    /// watchdog: longest time without data in seconds before the connection counts as dead; 20 or more.
    /// since: time of a checkpoint event of an earlier stream, to continue there.
    /// attempts: number of consecutive failures that end the stream; by default it retries without end.
    /// queue: maximum number of lines that wait to be read.
    /// gzip: whether the server may compress the stream.
    /// recover: whether gaps are filled.
    /// evict_stale_connections: whether to close the other connections of the app when there are too many.
    #[pyo3(signature = (*, watchdog=None, since=None, attempts=None, queue=None, gzip=false, recover=true, evict_stale_connections=false))]
    #[allow(clippy::too_many_arguments, reason = "they are keyword arguments")]
    fn configure<'py>(
        slf: Bound<'py, Self>,
        watchdog: Option<&Bound<'py, PyAny>>,
        since: Option<&Bound<'py, PyAny>>,
        attempts: Option<Count<u32>>,
        queue: Option<Count<usize>>,
        gzip: bool,
        recover: bool,
        evict_stale_connections: bool,
    ) -> PyResult<Bound<'py, Self>> {
        let stream = slf.get();
        if stream.feed.get(slf.py()).is_some() {
            return Err(PyRuntimeError::new_err("the stream is already open: configure it before it is first read"));
        }
        let settings = Settings {
            watchdog: watchdog.map(seconds).transpose()?,
            since: since.map_or(Ok(None), timestamp)?,
            attempts: attempts.map(|Count(attempts)| attempts),
            queue: queue.map(|Count(lines)| lines),
            gzip,
            without_recovery: !recover,
            evict_stale_connections,
        };
        *stream.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(slf)
    }

    /// Returns an iterator of all events of the stream: items, connections, gaps, checkpoints and others.
    fn events(slf: Bound<'_, Self>) -> StreamEvents {
        StreamEvents(slf.unbind())
    }

    /// Lets the stream end after the items that were already received. Another thread can call it.
    fn stop(&self, py: Python<'_>) {
        self.feed.get_or_init(py, Feed::closed).stop();
    }

    /// Closes the connection. Items that were not read are lost.
    fn close(&self, py: Python<'_>) {
        self.feed.get_or_init(py, Feed::closed).close();
    }

    /// Returns the counters of the stream, as a dictionary.
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let stats = self.feed.get(py).map(|feed| feed.metrics.read()).unwrap_or_default();
        let object = PyDict::new(py);
        let counts = [
            ("bytes", stats.bytes),
            ("lines", stats.lines),
            ("keep_alives", stats.keep_alives),
            ("items", stats.items),
            ("duplicates", stats.duplicates),
            ("bad", stats.bad),
            ("dropped", stats.dropped),
            ("connections", stats.connections),
            ("waiting", stats.waiting),
        ];
        for (name, count) in counts {
            object.set_item(name, count)?;
        }
        Ok(object)
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*exception))]
    fn __exit__(&self, exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(exception.py());
    }

    fn __aenter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        finished(slf.py(), Ok(slf.clone().into_any().unbind()))
    }

    #[pyo3(signature = (*_exception))]
    fn __aexit__<'py>(
        &self,
        py: Python<'py>,
        _exception: &Bound<'py, pyo3::types::PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.close(py);
        finished(py, Ok(py.None()))
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        refuse_other_client(slf.is_async, false)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Response>> {
        let feed = self.feed(py)?;
        while let Some(event) = feed.pop() {
            match event {
                LiveEvent::Item(line) => return Ok(Some(self.item(line))),
                LiveEvent::Ended(error) => return Err(exception(py, &error)),
                _ => {}
            }
        }
        wait(py, feed.clone().fill_with(is_item_or_end))?;
        self.take_item(py, feed)
    }

    fn __aiter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        refuse_other_client(slf.is_async, true)?;
        Ok(slf)
    }

    fn __anext__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let feed = slf.get().feed(py)?;
        if let Some(event) = feed.pop() {
            match event {
                LiveEvent::Item(line) => return finished(py, slf.get().item(line).into_py_any(py)),
                LiveEvent::Ended(error) => return finished(py, Err(exception(py, &error))),
                _ => {}
            }
        }
        let stream = slf.clone().unbind();
        future_of(py, feed.clone().fill_with(is_item_or_end), move |py, _: Waited| {
            match stream.get().take_item(py, stream.get().feed(py)?)? {
                Some(item) => item.into_py_any(py),
                None => Err(PyStopAsyncIteration::new_err(())),
            }
        })
    }
}

/// Iterator of all events of a stream.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct StreamEvents(Py<Stream>);

#[pymethods]
impl StreamEvents {
    fn __iter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        refuse_other_client(slf.0.get().is_async, false)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<StreamEvent>> {
        let (stream, feed) = (self.0.get(), self.0.get().feed(py)?);
        if let Some(event) = feed.pop() {
            return StreamEvent::new(py, stream, event).map(Some);
        }
        wait(py, feed.clone().fill_with(is_any))?;
        feed.pop().map(|event| StreamEvent::new(py, stream, event)).transpose()
    }

    fn __aiter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        refuse_other_client(slf.0.get().is_async, true)?;
        Ok(slf)
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (stream, feed) = (self.0.clone_ref(py), self.0.get().feed(py)?.clone());
        if let Some(event) = feed.pop() {
            return finished(py, StreamEvent::new(py, stream.get(), event).and_then(|event| event.into_py_any(py)));
        }
        future_of(py, feed.clone().fill_with(is_any), move |py, _: Waited| match feed.pop() {
            Some(event) => StreamEvent::new(py, stream.get(), event)?.into_py_any(py),
            None => Err(PyStopAsyncIteration::new_err(())),
        })
    }
}

/// Event of a stream.
///
/// `kind` is `item`, `connecting`, `live`, `reconnect_wait`, `lagging`, `gap`, `checkpoint`, `notice`, `bad`, `alert`,
/// `dropped` or `ended`. The other attributes depend on it: `item`; `wait`, `until_at` and `reason`; `lines`; `from_at`,
/// `to_at`, `fill` and `found`; `time_at`; `problems` and `message`; `line`; `error`.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct StreamEvent {
    kind: &'static str,
    item: Option<Py<Response>>,
    error: Option<Py<PyAny>>,
    details: Py<PyAny>,
}

impl StreamEvent {
    fn new(py: Python<'_>, stream: &Stream, event: LiveEvent<Bytes>) -> PyResult<Self> {
        match event {
            LiveEvent::Item(line) => {
                let item = Some(Py::new(py, stream.item(line))?);
                Ok(Self { kind: "item", item, error: None, details: object_of(py, Bytes::from_static(b"{}"))? })
            }
            other => Self::of_connection(py, other),
        }
    }

    /// Creates an event that is not an item.
    pub(crate) fn of_connection(py: Python<'_>, event: LiveEvent<Bytes>) -> PyResult<Self> {
        let mut error = None;
        let (kind, details) = match event {
            LiveEvent::Connecting => ("connecting", json!({})),
            LiveEvent::Live => ("live", json!({})),
            LiveEvent::ReconnectWait { wait, until, why } => {
                let details = json!({"wait": wait.as_secs_f64(), "until_at": until, "reason": why.to_string()});
                ("reconnect_wait", details)
            }
            LiveEvent::Lagging(lines) => ("lagging", json!({ "lines": lines })),
            LiveEvent::Gap { from, to, fill } => {
                let (fill, found): (&str, Json) = match fill {
                    GapFill::Backfill => ("backfill", Json::Null),
                    GapFill::Window(found) => ("window", found.into()),
                    GapFill::Search(found) => ("search", found.into()),
                    GapFill::Lost(why) => ("lost", why.into()),
                    _ => ("other", Json::Null),
                };
                ("gap", json!({"from_at": from, "to_at": to, "fill": fill, "found": found}))
            }
            LiveEvent::Checkpoint(time) => ("checkpoint", json!({ "time_at": time })),
            LiveEvent::Notice(problems, message) => ("notice", json!({"problems": problems, "message": message})),
            LiveEvent::Bad { line, why } => ("bad", json!({"line": String::from_utf8_lossy(&line), "reason": why})),
            LiveEvent::Alert(alert) => ("alert", json!({ "reason": alert.to_string() })),
            LiveEvent::Dropped(lines) => ("dropped", json!({ "lines": lines })),
            LiveEvent::Ended(why) => {
                error = Some(exception(py, &why).into_value(py).into_any());
                ("ended", json!({ "reason": why.message() }))
            }
            _ => ("other", json!({})),
        };
        Ok(Self { kind, item: None, error, details: object_of(py, details.to_string().into())? })
    }
}

#[pymethods]
impl StreamEvent {
    /// Kind of the event, such as `item` or `gap`.
    #[getter]
    fn kind(&self) -> &str {
        self.kind
    }

    /// Item that the stream delivered; None for other events.
    #[getter]
    fn item(&self, py: Python<'_>) -> Option<Py<Response>> {
        self.item.as_ref().map(|item| item.clone_ref(py))
    }

    /// Error that has ended the stream; None for other events.
    #[getter]
    fn error(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.error.as_ref().map(|error| error.clone_ref(py))
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.details.bind(py).getattr(name)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let details = self.details.bind(py).cast::<Object>()?.repr()?;
        Ok(format!("StreamEvent(kind='{}', {details})", self.kind))
    }
}
