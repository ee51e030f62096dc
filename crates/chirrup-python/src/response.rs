//! The response to a call.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use chirrup::internal::{members, visit_items, visit_members};
use chirrup::model::{Problem, tolerant};
use chirrup::{Endpoint, PageMeta, RawResponse, ResponseData};
use http::{HeaderMap, StatusCode};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use serde_json::Value as Json;

use crate::arrow;
use crate::headers::Headers;
use crate::html;
use crate::money::dollars;
use crate::tree::{Object, object_of, parsed, to_python};
use crate::value::{Ids, datetime, loads};

/// Lists of included objects, each with the member that identifies an object.
const SECTIONS: [(&str, &str); 6] =
    [("users", "id"), ("tweets", "id"), ("media", "media_key"), ("polls", "id"), ("places", "id"), ("topics", "id")];

/// Response to a call: data, included objects, metadata and partial errors.
///
/// `data` is an object, a list or another value; for the endpoints of API v1.1 it is the whole body. Nothing is converted
/// before it is touched.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct Response {
    body: Bytes,
    /// `None` for an item that a stream or a webhook delivered.
    call: Option<Box<CallOutcome>>,
    form: Form,
    root: OnceLock<Object>,
    data: PyOnceLock<Py<PyAny>>,
    includes: PyOnceLock<Py<PyAny>>,
    included: OnceLock<HashMap<(usize, String), Bytes>>,
}

/// How the body of the responses of an endpoint is read.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    ids: Ids,
    shape: Shape,
}

impl Form {
    /// Returns the form of the responses of an endpoint; that of any JSON without one.
    pub(crate) fn of(endpoint: Option<&Endpoint>) -> Self {
        let returns = endpoint.map_or("", |endpoint| endpoint.returns);
        let shape = match endpoint {
            Some(_) if returns == "Bytes" => Shape::Bytes,
            Some(endpoint) if !endpoint.is_v1() && returns != "Json" => Shape::Envelope,
            _ => Shape::Whole,
        };
        Self { ids: Ids::of_type(returns), shape }
    }
}

/// What the response to a call has besides its body.
struct CallOutcome {
    raw: RawResponse,
    next_token: Option<String>,
    problems: Vec<Problem>,
}

/// What an item has that was delivered without a call of its own.
static NO_CALL: LazyLock<CallOutcome> =
    LazyLock::new(|| CallOutcome::new(RawResponse::new(StatusCode::OK, HeaderMap::new(), Bytes::new())));

impl CallOutcome {
    fn new(raw: RawResponse) -> Self {
        Self { raw, next_token: None, problems: Vec::new() }
    }
}

/// Part of the body that is the data.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// The member `data` of an object.
    Envelope,
    /// The whole body, as JSON.
    Whole,
    /// The whole body, as bytes.
    Bytes,
}

impl Response {
    /// Creates a response from the parts of a decoded one.
    pub(crate) fn new<T: ResponseData>(endpoint: Option<&Endpoint>, response: chirrup::Response<T>) -> Self {
        let PageMeta { next_token, .. } = response.meta;
        let body = response.raw.body.clone();
        let call = CallOutcome { raw: response.raw, next_token, problems: response.errors };
        Self { call: Some(Box::new(call)), ..Self::delivered(Form::of(endpoint), body) }
    }

    /// Creates a response whose body is not looked at.
    pub(crate) fn undecoded(endpoint: Option<&Endpoint>, raw: RawResponse) -> Self {
        let body = raw.body.clone();
        Self { call: Some(Box::new(CallOutcome::new(raw))), ..Self::delivered(Form::of(endpoint), body) }
    }

    /// Creates an item that was delivered in a line of a stream, or by a webhook, without a call of its own.
    pub(crate) fn delivered(form: Form, body: Bytes) -> Self {
        Self {
            body,
            call: None,
            form,
            root: OnceLock::new(),
            data: PyOnceLock::new(),
            includes: PyOnceLock::new(),
            included: OnceLock::new(),
        }
    }

    fn call(&self) -> &CallOutcome {
        self.call.as_deref().unwrap_or(&NO_CALL)
    }

    /// Returns the body as an object, and the object that its data is, if the body is read for the first time.
    fn root_and_data(&self) -> (&Object, Option<Object>) {
        let mut data = None;
        let root = self.root.get_or_init(|| {
            let is_text = std::str::from_utf8(&self.body).is_ok();
            let read = if is_text { Object::read_with_data(self.body.clone(), self.form.ids) } else { None };
            let (root, found) = read.unwrap_or_else(|| (self.repaired_root(), None));
            data = found;
            root
        });
        (root, data)
    }

    /// Returns the body as an object. One that is not an object has no members.
    fn root(&self) -> &Object {
        self.root_and_data().0
    }

    /// Returns a body with mistakes in its JSON, which is written again.
    fn repaired_root(&self) -> Object {
        let is_list = visit_items(&self.body, |_| {}).is_some();
        let parsed = if is_list { None } else { tolerant::parse(&self.body).ok() };
        Object::new(parsed.map_or_else(|| self.body.clone(), |json| json.to_string().into()), self.form.ids)
    }

    /// Returns the body as JSON that every reader accepts.
    fn json_body(&self) -> &Bytes {
        self.root().json_text()
    }

    fn convert_data(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.form.shape {
            Shape::Bytes => return PyBytes::new(py, &self.body).into_py_any(py),
            Shape::Envelope => {
                if let (_, Some(object)) = self.root_and_data() {
                    return object.into_py_any(py);
                }
            }
            Shape::Whole => {}
        }
        self.data_text().map_or_else(|| Ok(py.None()), |json| to_python(py, "data", json, self.form.ids))
    }

    fn member(&self, name: &str) -> Option<Bytes> {
        self.root().member(name)
    }

    /// Returns the text of the data, if it is JSON.
    pub(crate) fn data_text(&self) -> Option<Bytes> {
        match self.form.shape {
            Shape::Bytes => None,
            Shape::Whole => Some(self.json_body().clone()).filter(|body| !body.is_empty()),
            Shape::Envelope => {
                // A server may send an object without the envelope around it.
                let whole = || self.json_body().clone();
                self.member("data").or_else(|| self.member("id").map(|_| whole()))
            }
        }
    }

    /// Returns the list of items: the data, or the list in it, as in the pages of v1.1.
    pub(crate) fn items(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let Some(json) = self.items_text() else { return Ok(pyo3::types::PyList::empty(py).into_any().unbind()) };
        to_python(py, "data", json, self.form.ids)
    }

    /// Returns whether a page has no items.
    pub(crate) fn is_empty(&self) -> bool {
        self.items_text().and_then(|json| visit_items(&json, |_| {})).unwrap_or(0) == 0
    }

    fn items_text(&self) -> Option<Bytes> {
        let data = self.data_text()?;
        if data.starts_with(b"[") {
            return Some(data);
        }
        let mut list = None;
        visit_members(
            &data,
            |_| true,
            |_, raw| {
                if list.is_none() && raw.get().starts_with('[') {
                    list = Some(data.slice_ref(raw.get().as_bytes()));
                }
            },
        )?;
        list
    }

    fn find(&self, py: Python<'_>, section: &str, id: &str) -> PyResult<Py<PyAny>> {
        let included = self.included.get_or_init(|| self.index_includes());
        let section_index = SECTIONS.iter().position(|(name, _)| *name == section).unwrap_or_default();
        match included.get(&(section_index, id.to_owned())) {
            Some(json) => to_python(py, section, json.clone(), Ids::default()),
            None => Ok(py.None()),
        }
    }

    fn index_includes(&self) -> HashMap<(usize, String), Bytes> {
        let mut found = HashMap::new();
        let Some(includes) = self.member("includes") else { return found };
        let includes = Object::new(includes, Ids::default());
        for (index, (section, key)) in SECTIONS.iter().enumerate() {
            let Some(list) = includes.member(section) else { continue };
            let _ = visit_items(&list, |item| {
                let json = list.slice_ref(item.get().as_bytes());
                if let Some([Some(id)]) = members(&json, [*key]) {
                    found.insert((index, id.get().trim_matches('"').to_owned()), json.clone());
                }
            });
        }
        found
    }
}

/// Returns a member of a member of an object: `attachments` and `media_keys`.
fn part<'py>(object: &Bound<'py, PyAny>, path: &[&str]) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut at = object.clone();
    for name in path {
        at = at.call_method1("get", (*name,))?;
        if at.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(at))
}

#[pymethods]
impl Response {
    /// Returns the class itself: the types of its parts are for type checkers.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _types: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    /// Data of the response.
    #[getter]
    fn data(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.data.get_or_try_init(py, || self.convert_data(py))?.clone_ref(py))
    }

    /// Included objects by section: `users`, `tweets` (also `posts`), `media`, `polls`, `places` and `topics`.
    #[getter]
    fn includes(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let convert = || object_of(py, self.member("includes").unwrap_or_else(|| Bytes::from_static(b"{}")));
        Ok(self.includes.get_or_try_init(py, convert)?.clone_ref(py))
    }

    /// Metadata: counts, and tokens of other pages.
    #[getter]
    fn meta(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let meta = if self.form.shape == Shape::Envelope { self.member("meta") } else { None };
        object_of(py, meta.unwrap_or_else(|| Bytes::from_static(b"{}")))
    }

    /// Rules that an item of a stream matches, with `id` and `tag`; None for other responses.
    #[getter]
    fn matching_rules(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.member("matching_rules") {
            Some(rules) => to_python(py, "matching_rules", rules, Ids::Numbers),
            None => Ok(py.None()),
        }
    }

    /// Partial errors: objects that are missing in the data, and why.
    #[getter]
    fn errors(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        let problems = self.call().problems.iter();
        problems.map(|problem| object_of(py, serde_json::to_vec(problem).unwrap_or_default().into())).collect()
    }

    /// Token of the next page; None on the last one.
    #[getter]
    fn next_token(&self) -> Option<&str> {
        self.call().next_token.as_deref().filter(|token| !token.is_empty())
    }

    /// HTTP status of the response.
    #[getter]
    fn status(&self) -> u16 {
        self.call().raw.status.as_u16()
    }

    /// Headers, whose names are compared without regard to case.
    #[getter]
    fn headers(&self) -> Headers {
        Headers::of(&self.call().raw)
    }

    /// Raw body of the response, decompressed.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.body)
    }

    /// Cost of the call in dollars, as the client counts it.
    #[getter]
    fn cost(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        dollars(py, self.call().raw.send_info.cost)
    }

    /// Number of times the call was sent; 0 if the response came from a cache.
    #[getter]
    fn attempts(&self) -> u32 {
        self.call().raw.send_info.attempts
    }

    /// State of the rate limit as (limit, remaining, reset); None without its headers.
    #[getter]
    fn rate_limit(&self, py: Python<'_>) -> PyResult<Option<(u32, u32, Py<PyAny>)>> {
        let limit = self.call().raw.limit();
        limit.map(|limit| Ok((limit.limit, limit.remaining, datetime(py, limit.reset)?))).transpose()
    }

    /// Returns the body as the server sent it, as values of the module `json`.
    fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        loads(py, self.json_body())
    }

    /// Returns an included user by ID, or None.
    fn user(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.find(py, "users", &id.str()?.to_string())
    }

    /// Returns an included post by ID, or None.
    fn post(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.find(py, "tweets", &id.str()?.to_string())
    }

    /// Returns the author of a post, or None. Requires the expansion `author_id`.
    fn author(&self, py: Python<'_>, post: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        match part(post, &["author_id"])? {
            Some(id) => self.user(py, &id),
            None => Ok(py.None()),
        }
    }

    /// Returns the media of a post. Requires the expansion `attachments.media_keys`.
    fn media(&self, py: Python<'_>, post: &Bound<'_, PyAny>) -> PyResult<Vec<Py<PyAny>>> {
        let Some(keys) = part(post, &["attachments", "media_keys"])? else { return Ok(Vec::new()) };
        let mut media = Vec::new();
        for key in keys.try_iter()? {
            media.push(self.find(py, "media", &key?.str()?.to_string())?);
        }
        media.retain(|found| !found.is_none(py));
        Ok(media)
    }

    /// Returns the poll of a post, or None. Requires the expansion `attachments.poll_ids`.
    fn poll(&self, py: Python<'_>, post: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let first = part(post, &["attachments", "poll_ids"])?.and_then(|ids| ids.get_item(0).ok());
        match first {
            Some(id) => self.find(py, "polls", &id.str()?.to_string()),
            None => Ok(py.None()),
        }
    }

    /// Returns the place of a post, or None. Requires the expansion `geo.place_id`.
    fn place(&self, py: Python<'_>, post: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        match part(post, &["geo", "place_id"])? {
            Some(id) => self.find(py, "places", &id.str()?.to_string()),
            None => Ok(py.None()),
        }
    }

    /// Returns the post that this one replies to ("replied_to"), quotes ("quoted") or reposts ("retweeted" or "reposted"),
    /// or None. Requires the expansion `referenced_tweets.id`.
    fn referenced(&self, py: Python<'_>, post: &Bound<'_, PyAny>, kind: &str) -> PyResult<Py<PyAny>> {
        let kinds = if kind == "reposted" || kind == "retweeted" { ["reposted", "retweeted"] } else { [kind, kind] };
        let Some(references) = part(post, &["referenced_tweets"])? else { return Ok(py.None()) };
        for reference in references.try_iter()? {
            let reference = reference?;
            let own: String = reference.get_item("type")?.extract()?;
            if kinds.contains(&own.as_str()) {
                return self.post(py, &reference.get_item("id")?);
            }
        }
        Ok(py.None())
    }

    fn __len__(slf: &Bound<'_, Self>) -> PyResult<usize> {
        slf.getattr("data")?.len()
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Ok(slf.getattr("data")?.try_iter()?.into_any())
    }

    /// Returns the objects as a table, by the C interface of Arrow.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        slf: &Bound<'py, Self>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let _ = requested_schema;
        arrow::stream_of(slf.as_any())
    }

    /// Returns the HTML that notebooks show.
    fn _repr_html_(&self) -> Option<String> {
        let includes = self.member("includes").map(|includes| parsed(&includes)).unwrap_or_default();
        match parsed(&self.data_text()?) {
            Json::Array(items) => Some(html::list(&items, &includes)),
            data @ Json::Object(_) => Some(html::object(&data, &includes)),
            _ => None,
        }
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let data: String = slf.getattr("data")?.repr()?.to_string().chars().take(400).collect();
        Ok(format!("Response(status={}, data={data}, errors={})", slf.get().status(), slf.get().call().problems.len()))
    }
}
