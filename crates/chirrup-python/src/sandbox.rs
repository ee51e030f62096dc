//! The sandbox in this process: the X API on the loopback address.

use std::sync::{Mutex, PoisonError};

use chirrup::sandbox::{FaultRule, Sandbox, SandboxError};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Value as Json;

use crate::argument::{json_within, timestamp};
use crate::client::PyCredentials;
use crate::count::Count;
use crate::money::{cost, dollars};
use crate::seconds::seconds;
use crate::value::datetime;

fn failed(error: SandboxError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// The X API on this machine, in this process: users, posts, streams, rate limits and costs, without an account.
///
/// It stops at the end of a `with` block, or with `close()`.
#[pyclass(frozen, module = "chirrup", name = "Sandbox")]
pub(crate) struct PySandbox(Mutex<Option<Sandbox>>);

impl PySandbox {
    fn with<T>(&self, f: impl FnOnce(&Sandbox) -> PyResult<T>) -> PyResult<T> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(sandbox) => f(sandbox),
            None => Err(PyRuntimeError::new_err("the sandbox is closed")),
        }
    }
}

#[pymethods]
impl PySandbox {
    /// Starts a sandbox with this many users and posts, the same for the same `seed`.
    #[new]
    #[pyo3(
        signature = (
            *, users=Count(300), posts=Count(10_000), seed=Count(1), port=Count(0), rate_limits=true, strict=false,
            data_file=None
        ),
        text_signature = "(*, users=300, posts=10_000, seed=1, port=0, rate_limits=True, strict=False, data_file=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keyword arguments")]
    fn new(
        py: Python<'_>,
        users: Count<usize>,
        posts: Count<usize>,
        seed: Count<u64>,
        port: Count<u16>,
        rate_limits: bool,
        strict: bool,
        data_file: Option<std::path::PathBuf>,
    ) -> PyResult<Self> {
        let mut builder = Sandbox::builder().users(users.0).posts(posts.0).seed(seed.0).port(port.0);
        if !rate_limits {
            builder = builder.without_rate_limits();
        }
        if strict {
            builder = builder.strict();
        }
        if let Some(file) = data_file {
            builder = builder.data_file(file);
        }
        let sandbox = py.detach(|| builder.start()).map_err(failed)?;
        Ok(Self(Mutex::new(Some(sandbox))))
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    /// Stops the server of the sandbox.
    fn close(&self, py: Python<'_>) {
        let sandbox = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(sandbox));
    }

    /// Base URL of the server.
    #[getter]
    fn url(&self) -> PyResult<String> {
        self.with(|sandbox| Ok(sandbox.url()))
    }

    /// Returns base URL and credentials as environment variables, such as `X_BEARER_TOKEN`, by name.
    fn environment<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let environment = PyDict::new(py);
        for (name, value) in self.with(|sandbox| sandbox.environment().map_err(failed))? {
            environment.set_item(name, value.expose())?;
        }
        Ok(environment)
    }

    /// Credentials of all kinds: those of the app, and OAuth 1.0a and OAuth 2.0 tokens of the user `ada`.
    #[getter]
    fn credentials(&self) -> PyResult<PyCredentials> {
        self.with(|sandbox| sandbox.credentials().map(PyCredentials).map_err(failed))
    }

    /// Returns the OAuth 1.0a credentials of a user.
    fn oauth1(&self, username: &str) -> PyResult<PyCredentials> {
        self.with(|sandbox| sandbox.oauth1(username).map(PyCredentials).map_err(failed))
    }

    /// Returns an OAuth 2.0 token of a user with exactly these scopes.
    fn oauth2(&self, username: &str, scopes: Vec<String>) -> PyResult<PyCredentials> {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        self.with(|sandbox| sandbox.oauth2(username, &scopes).map(PyCredentials).map_err(failed))
    }

    /// Returns the ID of the user with this username.
    fn user_id(&self, username: &str) -> PyResult<u64> {
        self.with(|sandbox| sandbox.user_id(username).map(|id| id.get()).map_err(failed))
    }

    /// Writes a post as a user, which streams receive, and returns its ID.
    fn write_post(&self, py: Python<'_>, username: &str, text: &str) -> PyResult<u64> {
        py.detach(|| self.with(|sandbox| sandbox.write_post(username, text).map(|id| id.get()).map_err(failed)))
    }

    /// Adds a rule that injects faults, such as `add_fault(fault="response", status=503, times=1)`.
    #[pyo3(signature = (**rule))]
    fn add_fault(&self, rule: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let rule = rule.map_or(Ok(Json::Null), |rule| json_within(rule.as_any(), 10))?;
        let rule = FaultRule::from_json(&rule).map_err(|error| PyValueError::new_err(error.to_string()))?;
        self.with(|sandbox| {
            sandbox.add_fault_rule(rule);
            Ok(())
        })
    }

    /// Adds the rules of a profile of faults: `flaky`, `slow`, `rate-limited` or `lost-writes`.
    fn add_fault_profile(&self, name: &str) -> PyResult<()> {
        let unknown = || PyValueError::new_err(format!("`{name}` is not flaky, slow, rate-limited or lost-writes"));
        let rules = FaultRule::profile(name).ok_or_else(unknown)?;
        self.with(|sandbox| {
            rules.into_iter().for_each(|rule| sandbox.add_fault_rule(rule));
            Ok(())
        })
    }

    /// Removes all faults and their rules.
    fn clear_faults(&self) -> PyResult<()> {
        self.with(|sandbox| {
            sandbox.clear_faults();
            Ok(())
        })
    }

    /// Time of the sandbox's clock.
    #[getter]
    fn now(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        datetime(py, self.with(|sandbox| Ok(sandbox.clock().now()))?)
    }

    /// Advances the clock by a number of seconds or a `timedelta`, or to a `datetime`.
    fn advance(&self, by: &Bound<'_, PyAny>) -> PyResult<()> {
        let clock = self.with(|sandbox| Ok(sandbox.clock()))?;
        match timestamp(by)? {
            Some(time) => clock.advance_to(time),
            None => clock.advance(seconds(by)?),
        }
        Ok(())
    }

    /// Stops the clock; `advance` still moves it.
    fn freeze(&self) -> PyResult<()> {
        self.with(|sandbox| {
            sandbox.clock().freeze();
            Ok(())
        })
    }

    /// Lets a stopped clock continue.
    fn resume(&self) -> PyResult<()> {
        self.with(|sandbox| {
            sandbox.clock().resume();
            Ok(())
        })
    }

    /// Returns the requests that arrived, oldest first, as dictionaries.
    fn journal<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let entries = self.with(|sandbox| Ok(sandbox.journal()))?;
        let entry = |entry: chirrup::sandbox::JournalEntry| {
            let object = PyDict::new(py);
            object.set_item("number", entry.number)?;
            object.set_item("at", datetime(py, entry.at)?)?;
            object.set_item("method", &entry.method)?;
            object.set_item("path", &entry.path)?;
            object.set_item("endpoint", entry.endpoint)?;
            object.set_item("user", entry.user.map(|id| id.get()))?;
            object.set_item("status", entry.status)?;
            object.set_item("created_id", entry.created_id.as_deref())?;
            object.set_item("fault", entry.fault)?;
            object.set_item("response_intact", entry.response_intact)?;
            object.set_item("cost", dollars(py, entry.cost)?)?;
            Ok(object)
        };
        entries.into_iter().map(entry).collect()
    }

    /// Number of streams that are connected.
    #[getter]
    fn open_stream_count(&self) -> PyResult<usize> {
        self.with(|sandbox| Ok(sandbox.open_stream_count()))
    }

    /// Total that the sandbox has charged, in dollars.
    #[getter]
    fn bill(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        dollars(py, self.with(|sandbox| Ok(sandbox.bill()))?)
    }

    /// Sets the credits that are left to spend, in dollars; None is no limit.
    fn set_credits(&self, credits: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let credits = credits.map(cost).transpose()?;
        self.with(|sandbox| {
            sandbox.set_credits(credits);
            Ok(())
        })
    }

    fn __repr__(&self) -> String {
        self.with(|sandbox| Ok(format!("Sandbox({})", sandbox.url()))).unwrap_or_else(|_| "Sandbox(closed)".to_owned())
    }
}
