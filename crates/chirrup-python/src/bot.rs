//! Bots: the loop is that of the library, and its handlers are functions of Python.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chirrup::model::{ActivityEvent, ActivityType};
use chirrup::v2::posts::CreatePost;
use chirrup::v2::streams::FilteredStream;
use chirrup::{Bot, Client, Command, Error, LiveEvent, NewRule, Report, StopHandle};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::attach::attach;
use crate::client::NativeClient;
use crate::count::Count;
use crate::error::exception;
use crate::event_loop::{future_of, respond};
use crate::response::{Form, Response};
use crate::stream::StreamEvent;
use crate::tree::object_of;

/// Native part of `chirrup.bot.Bot`.
#[pyclass(frozen, module = "chirrup._native")]
pub(crate) struct NativeBot {
    /// The bot, until it runs.
    bot: Mutex<Option<Bot>>,
    stop_handle: StopHandle,
    is_async: bool,
}

#[pymethods]
impl NativeBot {
    #[new]
    fn new(py: Python<'_>, client: &Bound<'_, NativeClient>, at_once: Count<usize>) -> PyResult<Self> {
        // The package reports the exceptions of handlers, and stops the bot on signals.
        let bot = Bot::new(client.get().client(py)?).at_once(at_once.0).without_signals();
        let bot = bot.on_error(|_, _| async { Ok(()) });
        let stop_handle = bot.stop_handle();
        Ok(Self { bot: Mutex::new(Some(bot)), stop_handle, is_async: client.get().is_async })
    }

    fn rule(&self, value: String, tag: String) -> PyResult<()> {
        self.change(|bot| Ok(bot.rule(NewRule::new(value).tag(tag))))
    }

    /// Sets a handler, which is called on a thread with the value of an event.
    fn on(&self, event: &str, key: Option<String>, handler: Py<PyAny>) -> PyResult<()> {
        let (handler, is_async) = (Arc::new(handler), self.is_async);
        let key = key.unwrap_or_default();
        self.change(|bot| {
            Ok(match event {
                "post" => {
                    bot.on_post(&key, move |_, delivery| run(&handler, move |py| item(delivery.line).into_py_any(py)))
                }
                "command" => bot.command(&key, move |client, command| {
                    run(&handler, move |py| PyCommand { client, command, is_async }.into_py_any(py))
                }),
                "mention" => bot.on_other_command(move |client, command| {
                    run(&handler, move |py| PyCommand { client, command, is_async }.into_py_any(py))
                }),
                "activity" => {
                    bot.on_activity(activity_type(&key)?, move |_, event| run(&handler, move |py| activity(py, &event)))
                }
                "message" => bot.on_message(move |_, event| run(&handler, move |py| activity(py, &event))),
                "connect" => bot.on_connect(move |_| run(&handler, |py| Ok(py.None()))),
                "disconnect" => {
                    bot.on_disconnect(move |_, reason| run(&handler, move |py| reason.to_string().into_py_any(py)))
                }
                "gap" => bot.on_gap(move |_, gap| {
                    let event = LiveEvent::Gap { from: gap.from, to: gap.to, fill: gap.fill };
                    run(&handler, move |py| StreamEvent::of_connection(py, event)?.into_py_any(py))
                }),
                "alert" => bot.on_alert(move |_, alert| run(&handler, move |py| alert.to_string().into_py_any(py))),
                other => return Err(PyValueError::new_err(format!("`{other}` is not an event of a bot"))),
            })
        })
    }

    /// Lets the bot end after the events that it has received.
    fn stop(&self) {
        self.stop_handle.stop();
    }

    /// Runs the bot, and returns a future of asyncio for its report.
    fn run<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let bot = self.take()?;
        future_of(py, bot.run(), |py, outcome| match outcome {
            Ok(report) => PyReport(report).into_py_any(py),
            Err(error) => Err(exception(py, &error)),
        })
    }
}

impl NativeBot {
    fn take(&self) -> PyResult<Bot> {
        let bot = self.bot.lock().unwrap_or_else(PoisonError::into_inner).take();
        bot.ok_or_else(|| PyRuntimeError::new_err("the bot was already started: create another one"))
    }

    fn change(&self, change: impl FnOnce(Bot) -> PyResult<Bot>) -> PyResult<()> {
        let changed = change(self.take()?)?;
        *self.bot.lock().unwrap_or_else(PoisonError::into_inner) = Some(changed);
        Ok(())
    }
}

fn activity_type(name: &str) -> PyResult<ActivityType> {
    let known = ActivityType::ALL.iter().find(|kind| kind.as_str() == name);
    known.cloned().ok_or_else(|| {
        let names: Vec<&str> = ActivityType::ALL.iter().map(ActivityType::as_str).collect();
        PyValueError::new_err(format!("`{name}` is not a type of activity: expected one of {}", names.join(", ")))
    })
}

fn item(line: Bytes) -> Response {
    Response::delivered(Form::of(Some(FilteredStream::ENDPOINT)), line)
}

fn activity(py: Python<'_>, event: &ActivityEvent) -> PyResult<Py<PyAny>> {
    object_of(py, serde_json::to_vec(event).unwrap_or_default().into())
}

/// Calls a handler on a thread. It reports its exceptions itself, and returns whether there was none.
fn run<V>(handler: &Arc<Py<PyAny>>, value: V) -> impl Future<Output = Result<(), Error>> + Send + use<V>
where
    V: FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + 'static,
{
    let handler = Arc::clone(handler);
    async move {
        let called =
            tokio::task::spawn_blocking(move || attach(|py| handler.call1(py, (value(py)?,))?.extract::<bool>(py)));
        match called.await {
            Ok(Some(Ok(true))) => Ok(()),
            _ => Err(Error::closed("a handler raised an exception")),
        }
    }
}

/// A command to the bot: a post of the form `@bot name words`.
#[pyclass(frozen, module = "chirrup.bot", name = "Command")]
pub(crate) struct PyCommand {
    client: Client,
    command: Command,
    is_async: bool,
}

#[pymethods]
impl PyCommand {
    /// Returns the class itself: the types of its parts are for type checkers.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _types: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    /// Name of the command, in lower case.
    #[getter]
    fn name(&self) -> &str {
        &self.command.name
    }

    /// Text after the name.
    #[getter]
    fn words(&self) -> &str {
        &self.command.words
    }

    /// The post with its included objects and matching rules, as an item of a stream.
    #[getter]
    fn item(&self) -> Response {
        item(self.command.delivery.line.clone())
    }

    /// Replies to the post of the command, and returns the response to `create_post`.
    fn reply<'py>(&self, py: Python<'py>, text: String) -> PyResult<Bound<'py, PyAny>> {
        let post = self.command.post().map(|post| post.id);
        let client = self.client.clone();
        respond(py, self.is_async, async move {
            let post = post.ok_or_else(|| Error::closed("reply: the delivery of the command has no post"))?;
            let response = client.post(post).reply(text).await?;
            Ok(Response::new(Some(CreatePost::ENDPOINT), response))
        })
    }

    fn __repr__(&self) -> String {
        format!("Command(name='{}', words='{}')", self.name().escape_debug(), self.words().escape_debug())
    }
}

/// Counters of a finished run of a bot.
#[pyclass(frozen, module = "chirrup.bot", name = "Report")]
pub(crate) struct PyReport(Report);

#[pymethods]
impl PyReport {
    /// Number of handlers that finished.
    #[getter]
    fn handled(&self) -> u64 {
        self.0.handled
    }

    /// Number of handlers that raised an exception.
    #[getter]
    fn failed(&self) -> u64 {
        self.0.failed
    }

    /// Number of handlers that were still running 10 seconds after the stop.
    #[getter]
    fn given_up(&self) -> u64 {
        self.0.given_up
    }

    fn __repr__(&self) -> String {
        let Report { handled, failed, given_up, .. } = self.0;
        format!("Report(handled={handled}, failed={failed}, given_up={given_up})")
    }
}
