//! The methods of the client, one for each endpoint of the table.

use chirrup::{BoundCall, Client, Endpoint};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::client::{NativeClient, send};
use crate::count::Count;
use crate::documentation::{docstring, signature};
use crate::error::exception;
use crate::event_loop::respond;
use crate::money::dollars;
use crate::pages::{Items, Pages};
use crate::parameters::{bind, name_of};
use crate::stream::Stream;

// Method of the client for an endpoint, which binds itself to the client that it is read from. A doc comment here would hide
// the documentation of the endpoint.
#[pyclass(frozen, module = "chirrup._native")]
pub(crate) struct EndpointMethod {
    endpoint: &'static Endpoint,
    is_async: bool,
}

// Method of a client, ready to be called.
#[pyclass(frozen, module = "chirrup._native")]
pub(crate) struct BoundMethod {
    endpoint: &'static Endpoint,
    pub(crate) is_async: bool,
    client: Client,
}

impl BoundMethod {
    /// Creates the call with these arguments.
    pub(crate) fn bind(
        &self,
        positional: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<BoundCall> {
        Ok(self.client.api().bind(bind(self.endpoint, positional, named)?))
    }
}

/// Returns the methods of a class: pairs of name and method, of API v2 or v1.1.
#[pyfunction]
pub(crate) fn endpoint_methods(
    py: Python<'_>,
    is_v1: bool,
    is_async: bool,
) -> PyResult<Vec<(&'static str, Py<EndpointMethod>)>> {
    let endpoints = chirrup::all().filter(|endpoint| endpoint.is_v1() == is_v1);
    endpoints.map(|endpoint| Ok((name_of(endpoint), Py::new(py, EndpointMethod { endpoint, is_async })?))).collect()
}

#[pymethods]
impl EndpointMethod {
    fn __get__(
        slf: PyRef<'_, Self>,
        instance: Option<&Bound<'_, PyAny>>,
        _owner: &Bound<'_, PyAny>,
    ) -> PyResult<Py<PyAny>> {
        let py = slf.py();
        let Some(instance) = instance.filter(|instance| !instance.is_none()) else { return slf.into_py_any(py) };
        let client = match instance.cast::<NativeClient>() {
            Ok(native) => native.get().client(py)?,
            // The methods of API v1.1 are those of an object that has the client.
            Err(_) => instance.getattr("_client")?.cast_into::<NativeClient>()?.get().client(py)?,
        };
        BoundMethod { endpoint: slf.endpoint, is_async: slf.is_async, client }.into_py_any(py)
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        name_of(self.endpoint)
    }

    #[getter]
    fn __doc__(&self) -> String {
        docstring(self.endpoint)
    }

    #[getter]
    fn __signature__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        signature(py, self.endpoint, true)
    }

    fn __repr__(&self) -> String {
        format!("<method {} for {} {}>", name_of(self.endpoint), self.endpoint.method, self.endpoint.path)
    }
}

#[pymethods]
impl BoundMethod {
    /// Sends the call with these arguments.
    #[pyo3(signature = (*positional, **named))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        positional: &Bound<'py, PyTuple>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let call = bind(self.endpoint, positional, named)?;
        if self.endpoint.streaming {
            return Stream::new(self.client.api().bind(call), self.endpoint, self.is_async).into_bound_py_any(py);
        }
        respond(py, self.is_async, send(self.client.clone(), call))
    }

    /// Returns the pages of the result as an iterator. Each page is requested when it is read.
    #[pyo3(signature = (*positional, **named))]
    fn pages(&self, positional: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>) -> PyResult<Pages> {
        if self.endpoint.page_param().is_none() {
            return Err(PyTypeError::new_err(format!("{}() has no pages", name_of(self.endpoint))));
        }
        Ok(Pages::new(self.bind(positional, named)?, self.endpoint, self.is_async))
    }

    /// Returns the items of all pages as an iterator. `limit` is the maximum number of items.
    #[pyo3(signature = (*positional, limit=None, **named))]
    fn items(
        &self,
        positional: &Bound<'_, PyTuple>,
        limit: Option<Count<usize>>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Items> {
        Ok(Items::new(self.pages(positional, named)?, limit.map(|Count(limit)| limit)))
    }

    /// Returns the maximum cost of the call in dollars, without sending it.
    #[pyo3(signature = (*positional, **named))]
    fn estimate(
        &self,
        py: Python<'_>,
        positional: &Bound<'_, PyTuple>,
        named: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<PyAny>> {
        let call = bind(self.endpoint, positional, named)?;
        dollars(py, self.client.estimate(&call).map_err(|error| exception(py, &error))?)
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        name_of(self.endpoint)
    }

    #[getter]
    fn __doc__(&self) -> String {
        docstring(self.endpoint)
    }

    #[getter]
    fn __signature__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        signature(py, self.endpoint, false)
    }

    fn __repr__(&self) -> String {
        format!("<bound method {} for {} {}>", name_of(self.endpoint), self.endpoint.method, self.endpoint.path)
    }
}
