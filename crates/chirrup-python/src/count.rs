//! Numbers of things: they cannot be negative.

use chirrup::Error;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;

use crate::error::exception;

/// Argument that counts something. A number out of its range is an `ArgumentError`, as it is for other arguments.
pub(crate) struct Count<T>(pub(crate) T);

impl<'py, T> FromPyObject<'_, 'py> for Count<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        value.extract().map(Self).map_err(|why| match why.is_instance_of::<PyOverflowError>(value.py()) {
            true => exception(value.py(), &Error::invalid_argument(format!("{} is negative or too large", &*value))),
            false => why,
        })
    }
}
