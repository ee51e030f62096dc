//! Events of the library as records of the logger `chirrup.client` of Python's module `logging`.
//!
//! An event may occur on a thread that holds a lock of the library, where waiting for the GIL could end in a deadlock. So
//! events are queued, and another thread, or the caller after its call, passes them to Python.

use std::collections::VecDeque;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record as SpanRecord};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::attach::attach;

/// Maximum number of events that wait to be logged. The oldest ones are dropped.
const MAX_QUEUE: usize = 1_000;
/// Value of `logging.DEBUG` in Python.
const DEBUG: u8 = 10;

static QUEUE: Mutex<VecDeque<LogRecord>> = Mutex::new(VecDeque::new());
static ARRIVED: Condvar = Condvar::new();
/// Whether events of the level `DEBUG`, which are those of each call, are wanted.
static DEBUG_IS_ENABLED: AtomicBool = AtomicBool::new(false);

/// An event: its level in numbers of Python, its message and its fields.
#[derive(Debug, Default)]
struct LogRecord {
    level: u8,
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Visit for LogRecord {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            name => self.fields.push((name, value.to_owned())),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl LogRecord {
    /// Returns the message and the fields on one line.
    fn line(&self) -> String {
        let mut line = self.message.clone();
        for (name, value) in &self.fields {
            let _ = write!(line, " {name}={value}");
        }
        line.replace(['\n', '\r'], " ")
    }
}

fn queue() -> MutexGuard<'static, VecDeque<LogRecord>> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn level_of(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        _ => DEBUG,
    }
}

/// Subscriber that queues the events of this project.
struct EventQueue;

impl Subscriber for EventQueue {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let is_own = metadata.is_event() && metadata.target().starts_with("chirrup");
        if is_own { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_own = metadata.is_event() && metadata.target().starts_with("chirrup");
        is_own && (*metadata.level() <= Level::INFO || DEBUG_IS_ENABLED.load(Ordering::Relaxed))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut record = LogRecord { level: level_of(*event.metadata().level()), ..LogRecord::default() };
        event.record(&mut record);
        let mut queue = queue();
        if queue.len() == MAX_QUEUE {
            queue.pop_front();
        }
        queue.push_back(record);
        ARRIVED.notify_one();
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &SpanRecord<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Starts to pass events to Python, once per process.
pub(crate) fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let is_first = tracing::subscriber::set_global_default(EventQueue).is_ok();
        if is_first {
            // Without a thread, events are logged when a call ends.
            let _ = std::thread::Builder::new().name("chirrup-log".to_owned()).spawn(forward);
        }
    });
}

/// Passes events to Python until the interpreter ends.
fn forward() {
    loop {
        let waiting = ARRIVED.wait_while(queue(), |queue| queue.is_empty());
        drop(waiting);
        // Only the main thread of Python is interrupted.
        if attach(flush).is_none_or(|flushed| flushed.is_err()) {
            return;
        }
    }
}

fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let create = || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", ("chirrup.client",))?;
        // A program that has not set up `logging` is not shown what it learns from exceptions anyway.
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        Ok::<_, PyErr>(logger.unbind())
    };
    Ok(LOGGER.get_or_try_init(py, create)?.bind(py))
}

/// Learns from Python whether events of calls are wanted. An error is an interrupt of the program.
pub(crate) fn learn_level(py: Python<'_>) -> PyResult<()> {
    let wanted = logger(py)?.call_method1("isEnabledFor", (DEBUG,))?.extract()?;
    DEBUG_IS_ENABLED.store(wanted, Ordering::Relaxed);
    Ok(())
}

/// Passes the events that have occurred to Python. An error is an interrupt of the program.
pub(crate) fn flush(py: Python<'_>) -> PyResult<()> {
    loop {
        // The lock must not be held while Python runs, since the handler of a program may call the library.
        let Some(record) = queue().pop_front() else { return Ok(()) };
        match log(py, &record) {
            Err(error) if error.is_instance_of::<PyException>(py) => error.write_unraisable(py, None),
            logged => logged?,
        }
    }
}

fn log(py: Python<'_>, record: &LogRecord) -> PyResult<()> {
    let (fields, extra, options) = (PyDict::new(py), PyDict::new(py), PyDict::new(py));
    for (name, value) in &record.fields {
        fields.set_item(name, value)?;
    }
    extra.set_item("fields", fields)?;
    options.set_item("extra", extra)?;
    logger(py)?.call_method("log", (record.level, record.line()), Some(&options)).map(drop)
}
