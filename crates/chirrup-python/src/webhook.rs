//! Webhooks: the responses to the requests of X, for a web server of Python.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chirrup::Secret;
use chirrup::v2::streams::FilteredStream;
use chirrup::webhook::{AccountEvents, Events, MAX_BODY, Receiver, WebhookEvent};
use futures_util::FutureExt as _;
use http::{HeaderName, Request};
use http_body_util::{BodyExt as _, Full};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::Value as Json;

use crate::response::{Form, Response};
use crate::tree::{List, object_of};
use crate::value::Ids;

type Header = (Vec<u8>, Vec<u8>);
/// Kind of an event, the key of its handlers, and its value.
type Event = (&'static str, Option<String>, Py<PyAny>);

/// Native part of `chirrup.webhooks.Receiver`.
#[pyclass(frozen, module = "chirrup._native")]
pub(crate) struct WebhookReceiver {
    receiver: Receiver,
    events: Mutex<Events>,
}

#[pymethods]
impl WebhookReceiver {
    /// Maximum size of a body in bytes.
    #[classattr]
    const MAX_BODY: usize = MAX_BODY;

    #[new]
    fn new(secrets: Vec<String>) -> PyResult<Self> {
        if secrets.iter().all(|secret| secret.trim().is_empty()) {
            return Err(PyValueError::new_err("Receiver(): give the consumer secret or the client secret of the app"));
        }
        let (receiver, events) = Receiver::with_secrets(secrets.into_iter().map(Secret::new));
        Ok(Self { receiver, events: Mutex::new(events) })
    }

    /// Returns the status, the headers and the content of the response to a request, and the event that it delivers.
    #[allow(clippy::type_complexity, reason = "it is a tuple of Python")]
    fn respond<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        query: &str,
        headers: Vec<Header>,
        body: &[u8],
    ) -> PyResult<(u16, Vec<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)>, Bound<'py, PyBytes>, Option<Event>)> {
        let request = request(method, query, &headers, Bytes::copy_from_slice(body));
        let Some(request) = request else { return Ok((400, Vec::new(), PyBytes::new(py, b"malformed request"), None)) };
        let (response, event) = py
            .detach(|| {
                let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
                // The body is complete, so that nothing has to wait; the event is taken out of the queue before the next.
                let response = self.receiver.handle(request).now_or_never()?;
                Some((response, events.next().now_or_never().flatten()))
            })
            .ok_or_else(|| PyRuntimeError::new_err("the receiver waits for a body that is complete"))?;
        let (head, content) = response.into_parts();
        let content = content.collect().now_or_never().and_then(Result::ok).map(|body| body.to_bytes());
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (PyBytes::new(py, name.as_str().as_bytes()), PyBytes::new(py, value.as_bytes())));
        let event = event.map(|event| event_of(py, event, body)).transpose()?;
        Ok((head.status.as_u16(), headers.collect(), PyBytes::new(py, &content.unwrap_or_default()), event))
    }
}

fn request(method: &str, query: &str, headers: &[Header], body: Bytes) -> Option<Request<Full<Bytes>>> {
    let mut request = Request::builder().method(method).uri(format!("/?{query}"));
    // Only the headers of signatures matter; those that HTTP does not allow are not looked at.
    for (name, value) in headers {
        if let Ok(name) = HeaderName::from_bytes(name) {
            request = request.header(name, value.as_slice());
        }
    }
    request.body(Full::from(body)).ok()
}

fn event_of(py: Python<'_>, event: WebhookEvent, body: &[u8]) -> PyResult<Event> {
    let body = Bytes::copy_from_slice(body);
    // A delivery has the form of an item of the stream.
    let item = || Response::delivered(Form::of(Some(FilteredStream::ENDPOINT)), body.clone());
    Ok(match event {
        WebhookEvent::Post(_) => ("post", None, item().into_py_any(py)?),
        WebhookEvent::Activity(event) => {
            ("activity", event.event_type, object_of(py, item().data_text().unwrap_or_default())?)
        }
        WebhookEvent::Account(events) => {
            let kind = events.kind.clone();
            ("account", Some(kind), PyAccountEvents { events, body }.into_py_any(py)?)
        }
        _ => ("other", None, object_of(py, body)?),
    })
}

/// Events of one kind of one account, from the Account Activity API.
#[pyclass(frozen, module = "chirrup", name = "AccountEvents")]
pub(crate) struct PyAccountEvents {
    events: AccountEvents,
    body: Bytes,
}

#[pymethods]
impl PyAccountEvents {
    /// User ID of the account.
    #[getter]
    fn user(&self) -> u64 {
        self.events.user.get()
    }

    /// Name of the kind, such as `tweet_create_events` or `follow_events`.
    #[getter]
    fn kind(&self) -> &str {
        &self.events.kind
    }

    /// Events in the form of API v1.1.
    #[getter]
    fn events(&self) -> List {
        let json = Json::from(self.events.events.clone()).to_string();
        List::new(json.into(), &self.events.kind, Ids::Numbers)
    }

    /// Returns the complete body of the delivery, as a dictionary.
    fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        crate::value::loads(py, &self.body)
    }

    fn __repr__(&self) -> String {
        format!("AccountEvents(user={}, kind='{}', {} events)", self.user(), self.kind(), self.events.events.len())
    }
}
