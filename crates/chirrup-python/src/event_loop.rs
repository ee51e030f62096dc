//! Futures of asyncio for work on the runtime.

use std::future::Future;
use std::sync::Mutex;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyCFunction;
use tokio::task::AbortHandle;

use crate::runtime::runtime;

/// Cancels the task of a future of asyncio that was canceled. Called when the future is done.
#[pyclass(frozen)]
struct CancelTask(Mutex<Option<AbortHandle>>);

#[pymethods]
impl CancelTask {
    fn __call__(&self, future: &Bound<'_, PyAny>) -> PyResult<()> {
        if future.call_method0("cancelled")?.extract::<bool>()?
            && let Ok(mut task) = self.0.lock()
            && let Some(task) = task.take()
        {
            task.abort();
        }
        Ok(())
    }
}

/// Returns the function that sets the outcome of a future, unless it was canceled meanwhile.
fn set_outcome(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static FUNCTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let function = FUNCTION.get_or_try_init(py, || {
        let set = PyCFunction::new_closure(py, None, None, |arguments, _| {
            let (future, is_error, value): (Bound<'_, PyAny>, bool, Bound<'_, PyAny>) = arguments.extract()?;
            if future.call_method0("done")?.extract::<bool>()? {
                return Ok(());
            }
            future.call_method1(if is_error { "set_exception" } else { "set_result" }, (value,)).map(drop)
        })?;
        Ok::<_, PyErr>(set.into_any().unbind())
    })?;
    Ok(function.bind(py))
}

/// Runs a future on the runtime and returns a future of the running event loop for it.
///
/// `convert` turns the outcome into an object of Python. It runs on a thread of the runtime.
pub(crate) fn future_of<'py, T: Send + 'static>(
    py: Python<'py>,
    work: impl Future<Output = T> + Send + 'static,
    convert: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>> {
    static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let event_loop = RUNNING_LOOP.import(py, "asyncio", "get_running_loop")?.call0()?;
    let future = event_loop.call_method0("create_future")?;
    let (event_loop, shared) = (event_loop.unbind(), future.clone().unbind());
    let task = runtime()?.spawn(async move {
        let outcome = work.await;
        Python::attach(|py| {
            let (is_error, value) = match convert(py, outcome) {
                Ok(value) => (false, value),
                Err(error) => (true, error.into_value(py).into_any()),
            };
            // A loop that was closed meanwhile has no use for the outcome.
            if let Ok(set) = set_outcome(py) {
                let _ = event_loop.call_method1(py, "call_soon_threadsafe", (set, shared, is_error, value));
            }
        });
    });
    future.call_method1("add_done_callback", (CancelTask(Mutex::new(Some(task.abort_handle()))),))?;
    Ok(future)
}
