//! Work on the runtime, as futures of asyncio or with a wait for its outcome.

use std::future::Future;
use std::sync::{Mutex, PoisonError};

use chirrup::Error;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tokio::task::AbortHandle;

use crate::attach::attach;
use crate::error::exception;
use crate::logging;
use crate::runtime::{runtime, wait};

/// Cancels the task of a future of asyncio that was canceled. Called when the future is done.
#[pyclass(frozen)]
struct CancelTask(AbortHandle);

#[pymethods]
impl CancelTask {
    fn __call__(&self, future: &Bound<'_, PyAny>) -> PyResult<()> {
        if future.call_method0("cancelled")?.extract::<bool>()? {
            self.0.abort();
        }
        Ok(())
    }
}

type Convert = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// Sets the outcome of a future of asyncio, unless it was canceled meanwhile. Called by the event loop.
#[pyclass(frozen)]
struct Complete {
    future: Py<PyAny>,
    convert: Mutex<Option<Convert>>,
}

#[pymethods]
impl Complete {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        let convert = self.convert.lock().unwrap_or_else(PoisonError::into_inner).take();
        logging::flush(py)?;
        let Some(convert) = convert.filter(|_| !is_done(future)) else { return Ok(()) };
        set_outcome(future, convert(py))
    }
}

fn is_done(future: &Bound<'_, PyAny>) -> bool {
    future.call_method0("done").and_then(|done| done.extract()).unwrap_or(true)
}

fn set_outcome(future: &Bound<'_, PyAny>, outcome: PyResult<Py<PyAny>>) -> PyResult<()> {
    match outcome {
        Ok(value) => future.call_method1("set_result", (value,)),
        Err(error) => future.call_method1("set_exception", (error.into_value(future.py()),)),
    }
    .map(drop)
}

fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    RUNNING_LOOP.import(py, "asyncio", "get_running_loop")?.call0()
}

/// Awaitable whose outcome is there already, which takes no turn of the event loop.
#[pyclass(frozen)]
struct Finished(Mutex<Option<PyResult<Py<PyAny>>>>);

#[pymethods]
impl Finished {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// Raises the outcome, as the protocol of awaitables demands: a value as `StopIteration`.
    fn __next__(&self) -> PyResult<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(Ok(value)) => Err(PyStopIteration::new_err((value,))),
            Some(Err(error)) => Err(error),
            None => Err(PyRuntimeError::new_err("the outcome was already awaited")),
        }
    }
}

/// Returns an awaitable with this outcome.
pub(crate) fn finished(py: Python<'_>, outcome: PyResult<Py<PyAny>>) -> PyResult<Bound<'_, PyAny>> {
    Finished(Mutex::new(Some(outcome))).into_bound_py_any(py)
}

/// Runs a future on the runtime and returns a future of the running event loop for it.
///
/// `convert` turns the outcome into an object of Python. The event loop calls it, unless the future was canceled.
pub(crate) fn future_of<'py, T: Send + 'static>(
    py: Python<'py>,
    work: impl Future<Output = T> + Send + 'static,
    convert: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    logging::learn_level(py)?;
    let event_loop = running_loop(py)?;
    let future = event_loop.call_method0("create_future")?;
    let (event_loop, shared) = (event_loop.unbind(), future.clone().unbind());
    let task = runtime()?.spawn(async move {
        let outcome = work.await;
        let _ = attach(|py| {
            let convert: Convert = Box::new(move |py| convert(py, outcome));
            let complete = Complete { future: shared, convert: Mutex::new(Some(convert)) };
            // A loop that was closed meanwhile has no use for the outcome.
            let _ = event_loop.call_method1(py, "call_soon_threadsafe", (complete,));
        });
    });
    future.call_method1("add_done_callback", (CancelTask(task.abort_handle()),))?;
    Ok(future)
}

/// Sends a call: as a future of asyncio, or with a wait for its response.
pub(crate) fn respond<'py, T: for<'a> IntoPyObject<'a> + Send + 'static>(
    py: Python<'py>,
    is_async: bool,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    let convert = |py: Python<'_>, outcome: Result<T, Error>| match outcome {
        Ok(response) => response.into_py_any(py),
        Err(error) => Err(exception(py, &error)),
    };
    if is_async { future_of(py, call, convert) } else { Ok(convert(py, wait(py, call)?)?.into_bound(py)) }
}
