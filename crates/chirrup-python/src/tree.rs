//! Objects and lists of a response, whose parts are converted when they are touched.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use chirrup::internal::{JsonScanner, visit_members};
use chirrup::model::{Dialect, ParamKind, tolerant};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyAttributeError, PyIndexError, PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyList, PySlice, PyString, PyTuple, PyType};
use serde_json::Value as Json;

use crate::arrow;
use crate::html;
use crate::value::{self, Ids, dumps, loads};

/// Longest text of an object in `repr`, in characters.
const MAX_REPR: usize = 200;

/// Methods of an object, which hide members with the same name.
const METHODS: [&str; 5] = ["get", "items", "json", "keys", "values"];

/// Ranges of the name and the value of a member in the text of its object.
type Member = (Range<usize>, Range<usize>);

/// Returns the range of a part of a text.
fn range(text: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start + part.len()
}

/// Object of a response, such as a post: its members are attributes and items.
///
/// A member is converted when it is read: IDs are integers, times are aware `datetime` values in UTC, and objects and lists
/// are objects and lists of this kind. Both names of a member work, such as `repost_count` and `retweet_count`. An attribute
/// for a field that the response does not have is None; any other name is an AttributeError.
#[pyclass(frozen, mapping, subclass, module = "chirrup")]
pub(crate) struct Object {
    json: Bytes,
    ids: Ids,
    members: OnceLock<Vec<Member>>,
}

/// Names of all fields that a call can request.
static FIELDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let mut names = BTreeSet::new();
    for param in chirrup::all().flat_map(|endpoint| endpoint.params()).filter(|param| param.name.ends_with(".fields")) {
        if let ParamKind::List { of: ParamKind::OneOf(words), .. } = param.kind {
            names.extend(words.iter().flat_map(|word| [*word, Dialect::Post.name(word)]));
        }
    }
    names
});

impl Object {
    pub(crate) fn new(json: Bytes, ids: Ids) -> Self {
        Self { json, ids, members: OnceLock::new() }
    }

    /// Creates an object from the text of an object, and another from its member `data`, if that is an object. `None`
    /// for any other text. A stream is read at the speed of this function, which reads the text once.
    pub(crate) fn read_with_data(json: Bytes, ids: Ids) -> Option<(Self, Option<Self>)> {
        let (mut data, mut scanner) = (None, JsonScanner::new(&json));
        let members = read_members(&mut scanner, &json, |name, value| {
            if name != b"data" || value.peek()? != b'{' {
                return value.value();
            }
            let text = value.rest()?;
            let members = read_members(value, text, |_, value| value.value())?;
            let text = text.get(..text.len() - value.rest()?.len())?.trim_ascii_end();
            data = Some(Self { json: json.slice_ref(text), ids: ids.inside("data"), members: members.into() });
            Some(text)
        })?;
        if !scanner.is_at_end() {
            return None;
        }
        Some((Self { json, ids, members: members.into() }, data))
    }

    fn members(&self) -> &[Member] {
        self.members.get_or_init(|| members_of(&self.json).unwrap_or_default())
    }

    /// Returns the names and the texts of the members.
    fn parts(&self) -> impl Iterator<Item = (&str, Bytes)> {
        self.members().iter().map(|(name, value)| (self.text(name), self.json.slice(value.clone())))
    }

    fn text(&self, range: &Range<usize>) -> &str {
        std::str::from_utf8(&self.json[range.clone()]).unwrap_or_default()
    }

    /// Returns the text of the member with this name, in either dialect.
    pub(crate) fn member(&self, name: &str) -> Option<Bytes> {
        let members = self.members();
        let exact = members.iter().rfind(|(own, _)| &self.json[own.clone()] == name.as_bytes());
        let found = exact.or_else(|| {
            members.iter().rfind(|(own, _)| {
                let own = self.text(own);
                Dialect::Post.name(own) == name || Dialect::Post.name(name) == own
            })
        });
        found.map(|(_, value)| self.json.slice(value.clone()))
    }

    pub(crate) fn ids(&self) -> Ids {
        self.ids
    }

    pub(crate) fn json_text(&self) -> &Bytes {
        &self.json
    }

    fn value(&self, py: Python<'_>, name: &str) -> PyResult<Option<Py<PyAny>>> {
        self.member(name).map(|json| to_python(py, name, json, self.ids)).transpose()
    }
}

/// Finds the members of an object; `None` for any other text.
fn members_of(json: &[u8]) -> Option<Vec<Member>> {
    let mut scanner = JsonScanner::new(json);
    let members = read_members(&mut scanner, json, |_, value| value.value())?;
    scanner.is_at_end().then_some(members)
}

/// Reads the members of the next object, in a text that begins here, with a function for their values.
fn read_members<'j>(
    scanner: &mut JsonScanner<'j>,
    text: &'j [u8],
    mut read: impl FnMut(&'j [u8], &mut JsonScanner<'j>) -> Option<&'j [u8]>,
) -> Option<Vec<Member>> {
    let mut members = Vec::with_capacity(16);
    scanner.object(|name, value| {
        members.push((range(text, name), range(text, read(name, value)?)));
        Some(())
    })?;
    Some(members)
}

/// Finds the items of a list; `None` for any other text.
fn items_of(json: &[u8]) -> Option<Vec<Range<usize>>> {
    let (mut items, mut scanner) = (Vec::new(), JsonScanner::new(json));
    scanner.list(|item| {
        items.push(range(json, item.value()?));
        Some(())
    })?;
    scanner.is_at_end().then_some(items)
}

#[pymethods]
impl Object {
    /// Creates an object from a dictionary, or from JSON as text or bytes.
    #[new]
    fn from_python(py: Python<'_>, source: &Bound<'_, PyAny>) -> PyResult<Self> {
        let json = if let Ok(text) = source.extract::<String>() {
            text.into()
        } else if let Ok(bytes) = source.cast::<PyBytes>() {
            Bytes::copy_from_slice(bytes.as_bytes())
        } else {
            dumps(py, source)?
        };
        match visit_members(&json, |_| false, |_, _| {}) {
            Some(()) => Ok(Self::new(json, Ids::default())),
            None => Err(PyValueError::new_err("Object(): not a dictionary or the JSON of an object")),
        }
    }

    /// Returns a member before anything else is looked for: what is not found costs an exception.
    fn __getattribute__<'py>(slf: &Bound<'py, Self>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        static GENERIC: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let (py, word) = (slf.py(), name.to_str()?);
        let may_be_own = !word.starts_with('_') && !METHODS.contains(&word);
        if may_be_own
            && slf.get_type().is(py.get_type::<Self>())
            && let Some(value) = slf.get().value(py, word)?
        {
            return Ok(value.into_bound(py));
        }
        let generic = GENERIC
            .get_or_try_init(py, || Ok::<_, PyErr>(py.get_type::<PyAny>().getattr("__getattribute__")?.unbind()))?;
        generic.bind(py).call1((slf, name))
    }

    fn __getattr__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        match self.value(py, name)? {
            Some(value) => Ok(value),
            None if FIELDS.contains(name) => Ok(py.None()),
            None => {
                let names: Vec<&str> = self.parts().map(|(name, _)| name).take(30).collect();
                Err(PyAttributeError::new_err(format!("the object has no `{name}`; it has {}", names.join(", "))))
            }
        }
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        self.value(py, name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> bool {
        name.extract::<&str>().is_ok_and(|name| self.member(name).is_some())
    }

    fn __len__(&self) -> usize {
        self.members().len()
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyTuple::new(py, self.keys())?.try_iter()?.into_any().unbind())
    }

    fn __dir__(slf: &Bound<'_, Self>) -> PyResult<Vec<String>> {
        let mut names: Vec<String> = slf.get_type().dir()?.extract()?;
        names.extend(slf.get().keys());
        Ok(names)
    }

    /// Returns the value of a member, or the default without one.
    #[pyo3(signature = (name, default=None, /))]
    fn get(&self, py: Python<'_>, name: &str, default: Option<Py<PyAny>>) -> PyResult<Py<PyAny>> {
        Ok(self.value(py, name)?.or(default).unwrap_or_else(|| py.None()))
    }

    /// Returns the names of the members, as the response has them.
    fn keys(&self) -> Vec<String> {
        self.parts().map(|(name, _)| name.to_owned()).collect()
    }

    /// Returns the values of the members.
    fn values(&self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        self.parts().map(|(name, json)| to_python(py, name, json, self.ids)).collect()
    }

    /// Returns pairs of name and value.
    fn items(&self, py: Python<'_>) -> PyResult<Vec<(String, Py<PyAny>)>> {
        Ok(self.keys().into_iter().zip(self.values(py)?).collect())
    }

    /// Returns the object as the server sent it, as a dictionary.
    pub(crate) fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        loads(py, &self.json)
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let other = match other.cast::<Self>() {
            Ok(other) if other.get().json == self.json => return Ok(true),
            Ok(other) => other.get().json(py)?.into_bound(py),
            Err(_) if other.is_instance_of::<PyDict>() => other.clone(),
            Err(_) => return Ok(false),
        };
        self.json(py)?.bind(py).eq(other)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        match self.value(py, "id")? {
            Some(id) => id.bind(py).hash(),
            None => Err(PyTypeError::new_err("an object without an ID cannot be hashed")),
        }
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let (py, object) = (slf.py(), slf.get());
        let mut shown = Vec::new();
        let mut length = 0;
        for (name, value) in object.items(py)? {
            let part = match object.member(&name).and_then(|json| json.first().copied()) {
                Some(b'{') => format!("{name}={{…}}"),
                Some(b'[') => format!("{name}=[…]"),
                _ => format!("{name}={}", value.bind(py).repr()?),
            };
            length += part.chars().count();
            if length > MAX_REPR && !shown.is_empty() {
                shown.push("…".to_owned());
                break;
            }
            shown.push(part);
        }
        Ok(format!("{}({})", slf.get_type().name()?, shown.join(", ")))
    }

    /// Returns the HTML that notebooks show.
    fn _repr_html_(&self) -> String {
        html::object(&parsed(&self.json), &Json::Null)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyBytes>,))> {
        Ok((slf.get_type(), (PyBytes::new(slf.py(), &slf.get().json),)))
    }
}

/// Returns the value that a text is; null for a text that is not JSON.
pub(crate) fn parsed(json: &[u8]) -> Json {
    tolerant::parse(json).unwrap_or_default()
}

/// Returns an object with this text.
pub(crate) fn object_of(py: Python<'_>, json: Bytes) -> PyResult<Py<PyAny>> {
    Object::new(json, Ids::default()).into_py_any(py)
}

/// Converts the value of a member into a value of Python. `json` is its text.
pub(crate) fn to_python(py: Python<'_>, name: &str, json: Bytes, ids: Ids) -> PyResult<Py<PyAny>> {
    match json.first() {
        Some(b'{') => Object::new(json, ids.inside(name)).into_py_any(py),
        Some(b'[') => List::new(json, name, ids.inside(name)).into_py_any(py),
        Some(b'"') => value::text(py, name, &json, ids),
        Some(b't') => true.into_py_any(py),
        Some(b'f') => false.into_py_any(py),
        Some(b'n') | None => Ok(py.None()),
        Some(_) => value::number(py, &json),
    }
}

/// List of a response, such as the posts of a page. Items are converted when they are read.
#[pyclass(frozen, sequence, module = "chirrup")]
pub(crate) struct List {
    json: Bytes,
    /// Name of the member that the list is the value of.
    name: Box<str>,
    ids: Ids,
    /// Ranges of the items in the text of the list.
    items: OnceLock<Box<[Range<usize>]>>,
}

impl List {
    pub(crate) fn new(json: Bytes, name: &str, ids: Ids) -> Self {
        Self { json, name: name.into(), ids, items: OnceLock::new() }
    }

    fn items(&self) -> &[Range<usize>] {
        self.items.get_or_init(|| items_of(&self.json).unwrap_or_default().into_boxed_slice())
    }

    fn convert(&self, py: Python<'_>, item: &Range<usize>) -> PyResult<Py<PyAny>> {
        to_python(py, &self.name, self.json.slice(item.clone()), self.ids)
    }

    fn item(&self, py: Python<'_>, at: isize) -> PyResult<Py<PyAny>> {
        let items = self.items();
        let index = if at < 0 { items.len().checked_add_signed(at) } else { usize::try_from(at).ok() };
        match index.and_then(|index| items.get(index)) {
            Some(item) => self.convert(py, item),
            None => Err(PyIndexError::new_err(format!("index {at} of a list of {} items", items.len()))),
        }
    }
}

#[pymethods]
impl List {
    /// Returns the class itself: the types of its parts are for type checkers.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _types: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    fn __len__(&self) -> usize {
        self.items().len()
    }

    fn __getitem__(&self, py: Python<'_>, at: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let Ok(slice) = at.cast::<PySlice>() else { return self.item(py, at.extract()?) };
        let range = slice.indices(isize::try_from(self.items().len()).unwrap_or(isize::MAX))?;
        let indexes = (0..range.slicelength).map(|n| range.start + range.step * isize::try_from(n).unwrap_or_default());
        let items = indexes.map(|index| self.item(py, index)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, items)?.into_any().unbind())
    }

    fn __iter__(slf: Bound<'_, Self>) -> ListIterator {
        ListIterator { list: slf.unbind(), next: 0 }
    }

    /// Returns the list as the server sent it, as a list of dictionaries or other values.
    fn json(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        loads(py, &self.json)
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        if let Ok(other) = other.cast::<Self>()
            && other.get().json == slf.get().json
        {
            return Ok(true);
        }
        let (Ok(length), Ok(items)) = (other.len(), other.try_iter()) else { return Ok(false) };
        if length != slf.get().items().len() {
            return Ok(false);
        }
        for (own, other) in slf.try_iter()?.zip(items) {
            if !own?.eq(other?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let items = slf.try_iter()?.collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(slf.py(), items)?.repr()?.to_string())
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
    fn _repr_html_(&self) -> String {
        html::list(parsed(&self.json).as_array().map_or(&[], Vec::as_slice), &Json::Null)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, (Bound<'py, PyList>,))> {
        let items = self.items().iter().map(|item| self.convert(py, item)).collect::<PyResult<Vec<_>>>()?;
        Ok((py.get_type::<PyList>(), (PyList::new(py, items)?,)))
    }
}

/// Iterator of a list.
#[pyclass]
struct ListIterator {
    list: Py<List>,
    next: usize,
}

#[pymethods]
impl ListIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let list = self.list.get();
        let item = list.items().get(self.next);
        self.next += 1;
        item.map(|item| list.convert(py, item)).transpose()
    }
}
