//! The response of a server as it is.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::headers::Headers;
use crate::value::loads;

/// Response of the server as it is: status, headers and content.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct RawResponse {
    raw: chirrup::RawResponse,
    url: String,
}

impl RawResponse {
    pub(crate) fn new(raw: chirrup::RawResponse, url: String) -> Self {
        Self { raw, url }
    }
}

#[pymethods]
impl RawResponse {
    /// HTTP status of the response.
    #[getter]
    fn status(&self) -> u16 {
        self.raw.status.as_u16()
    }

    /// Phrase that belongs to the status, such as "Not Found".
    #[getter]
    fn reason(&self) -> &str {
        self.raw.status.canonical_reason().unwrap_or_default()
    }

    /// Headers, whose names are compared without regard to case.
    #[getter]
    fn headers(&self) -> Headers {
        Headers::of(&self.raw)
    }

    /// Body of the response, decompressed.
    #[getter]
    fn content<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.raw.body)
    }

    /// Body of the response as text.
    #[getter]
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw.body).into_owned()
    }

    /// URL of the request; empty if it is not known.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// Returns the body as values of the module `json`.
    fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        loads(py, &self.raw.body)
    }

    fn __repr__(&self) -> String {
        format!("RawResponse(status={}, url='{}')", self.raw.status.as_u16(), self.url)
    }
}
