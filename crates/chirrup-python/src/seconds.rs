//! Durations: numbers of seconds, or `timedelta`.

use std::time::Duration;

use chirrup::Error;
use pyo3::prelude::*;

use crate::error::exception;

/// Reads a duration: a number of seconds, or a `timedelta`.
pub(crate) fn seconds(value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let number: f64 = match value.hasattr("total_seconds")? {
        true => value.call_method0("total_seconds")?.extract()?,
        false => value.extract()?,
    };
    let invalid = |_| exception(value.py(), &Error::invalid_argument(format!("{number} is not a number of seconds")));
    Duration::try_from_secs_f64(number).map_err(invalid)
}
