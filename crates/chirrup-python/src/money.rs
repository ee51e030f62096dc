//! Amounts of money, as `decimal.Decimal` in dollars.

use chirrup::Cost;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use chirrup::Error;

use crate::error::exception;

/// Returns an amount in dollars as a `Decimal`.
pub(crate) fn dollars(py: Python<'_>, cost: Cost) -> PyResult<Py<PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let text = cost.to_string();
    Ok(DECIMAL.import(py, "decimal", "Decimal")?.call1((text.trim_start_matches('$'),))?.unbind())
}

/// Reads an amount in dollars: a `Decimal`, an `int`, a `float`, or a text such as `$1.50`.
pub(crate) fn cost(value: &Bound<'_, PyAny>) -> PyResult<Cost> {
    let text = value.str()?.to_string();
    let parsed = text.parse::<Cost>();
    parsed.map_err(|why| exception(value.py(), &Error::invalid_argument(why.to_string())))
}
