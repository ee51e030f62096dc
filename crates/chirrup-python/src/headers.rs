//! Headers of a response, whose names are compared without regard to case.

use chirrup::RawResponse;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Headers of a response: a mapping whose names are compared without regard to case.
#[pyclass(frozen, mapping, module = "chirrup")]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(crate) fn of(response: &RawResponse) -> Self {
        let mut headers: Vec<(String, String)> = Vec::with_capacity(response.headers.len());
        for (name, value) in &response.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            // Repeated headers are joined, as in RFC 9110.
            match headers.iter_mut().find(|(other, _)| other == name.as_str()) {
                Some((_, joined)) => *joined = format!("{joined}, {value}"),
                None => headers.push((name.as_str().to_owned(), value.into_owned())),
            }
        }
        Self(headers)
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[pymethods]
impl Headers {
    fn __getitem__(&self, name: &str) -> PyResult<&str> {
        self.find(name).ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __contains__(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyTuple::new(py, self.keys())?.try_iter()?.into_any().unbind())
    }

    /// Returns the value of a header, or the default without one.
    #[pyo3(signature = (name, default=None, /))]
    fn get(&self, py: Python<'_>, name: &str, default: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        match self.find(name) {
            Some(value) => value.into_py_any(py),
            None => Ok(default.unwrap_or_else(|| py.None())),
        }
    }

    /// Returns the names of the headers, in lower case.
    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Returns the values of the headers.
    fn values(&self) -> Vec<&str> {
        self.0.iter().map(|(_, value)| value.as_str()).collect()
    }

    /// Returns pairs of name and value.
    fn items(&self) -> Vec<(String, String)> {
        self.0.clone()
    }

    fn __repr__(&self) -> String {
        format!("Headers({:?})", self.0)
    }
}
