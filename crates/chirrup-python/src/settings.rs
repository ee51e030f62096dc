//! Keyword arguments of a client, each of which is taken once.

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Returns the value of a setting and removes it.
pub(crate) fn take<'py>(settings: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let value = settings.get_item(name)?.filter(|value| !value.is_none());
    if settings.contains(name)? {
        settings.del_item(name)?;
    }
    Ok(value)
}

/// Reads the value of a setting and removes it.
pub(crate) fn read<'py, T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(
    settings: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<T>> {
    take(settings, name)?.map(|value| value.extract::<T>()).transpose()
}
