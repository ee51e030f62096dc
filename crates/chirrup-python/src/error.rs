//! Exceptions for the errors of calls.

use chirrup::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::raw_response::RawResponse;
use crate::tree::object_of;

/// Returns the exception for an error: an instance of the class in `chirrup.errors` for its kind.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    build(py, error).unwrap_or_else(|failed| failed)
}

fn build(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    static FROM_NATIVE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let details = PyDict::new(py);
    details.set_item("hint", error.hint())?;
    details.set_item("endpoint", Some(error.endpoint()).filter(|endpoint| !endpoint.is_empty()))?;
    details.set_item("status", error.status_code())?;
    details.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    details.set_item("attempts", error.attempts())?;
    details.set_item("diagnosis", error.diagnosis().map(|problem| problem.meaning))?;
    let problems = error.problems().iter().map(|problem| {
        let json = serde_json::to_vec(problem).unwrap_or_default();
        object_of(py, json.into())
    });
    details.set_item("problems", problems.collect::<PyResult<Vec<_>>>()?)?;
    if let Some(response) = error.response() {
        details.set_item("response", Py::new(py, RawResponse::new(response.clone(), String::new()))?)?;
    }
    let from_native = FROM_NATIVE.import(py, "chirrup.errors", "from_native")?;
    let made = from_native.call1((error.kind().name(), error.message(), details))?;
    Ok(PyErr::from_value(made))
}

/// Returns the names of all kinds of errors.
#[pyfunction]
pub(crate) fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.name()).collect()
}
