//! Writes that are performed once per key.

use std::path::PathBuf;

use chirrup::internal::UndecodedData;
use chirrup::{BoundCall, Error, IntoCall};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::event_loop::respond;
use crate::method::BoundMethod;
use crate::response::Response;

/// Record of writes by key, so that each is performed once, even if the program is killed and restarted.
///
/// X has no idempotency keys of its own. The outbox records a write in a file before it is sent, and its response afterwards. A
/// later write with the same key returns that response, and nothing is sent.
#[pyclass(frozen, module = "chirrup", name = "Outbox")]
pub(crate) struct PyOutbox(chirrup::Outbox);

/// A call whose response is decoded when it is touched.
struct LazyCall<const IS_LIST: bool>(BoundCall);

impl<const IS_LIST: bool> IntoCall for LazyCall<IS_LIST> {
    type Out = UndecodedData<IS_LIST>;

    fn into_call(self) -> BoundCall {
        self.0
    }
}

async fn once(outbox: chirrup::Outbox, key: String, call: BoundCall) -> Result<Response, Error> {
    let endpoint = call.call().endpoint;
    if endpoint.is_some_and(|endpoint| endpoint.returns_list) {
        let response = outbox.once(&key, LazyCall::<true>(call)).await?;
        return Ok(Response::new(endpoint, response));
    }
    let response = outbox.once(&key, LazyCall::<false>(call)).await?;
    Ok(Response::new(endpoint, response))
}

#[pymethods]
impl PyOutbox {
    /// Creates an outbox in the files of a folder, which programs on this machine can share.
    #[new]
    fn new(folder: PathBuf) -> Self {
        Self(chirrup::Outbox::in_folder(folder))
    }

    /// Performs a write unless one with this key was performed before, and returns its response in either case.
    ///
    /// key: identifies the write, such as "report-2026-11-21".
    /// method: method of a client, such as `client.create_post`; further arguments are those of the method.
    #[pyo3(signature = (key, method, /, *positional, **named))]
    fn once<'py>(
        &self,
        key: String,
        method: &Bound<'py, PyAny>,
        positional: &Bound<'py, PyTuple>,
        named: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let wrong =
            |_| PyTypeError::new_err("once(): the second argument is a method of a client, such as client.create_post");
        let method = method.cast::<BoundMethod>().map_err(wrong)?;
        let call = method.get().bind(positional, named)?;
        respond(method.py(), method.get().is_async, once(self.0.clone(), key, call))
    }
}
