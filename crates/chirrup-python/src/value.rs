//! Texts and numbers of JSON as values of Python: IDs are integers, and times are `datetime`.

use bytes::Bytes;
use chirrup::model::{Timestamp, tolerant};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

/// Names of times that do not end with `_at`.
const TIMES: [&str; 9] = [
    "start",
    "end",
    "start_time",
    "end_time",
    "end_datetime",
    "scheduled_start",
    "occurrence_start_time",
    "editable_until",
    "as_of",
];

/// Names of IDs that are texts, even if all characters are digits.
const TEXT_IDS: [&str; 7] =
    ["place_id", "space_id", "dm_conversation_id", "broadcast_id", "source_id", "call_id", "session_id"];
/// Types of objects whose own IDs are texts.
const TYPES_WITH_TEXT_IDS: [&str; 7] = ["Place", "Space", "Broadcast", "Source", "Chat", "VideoCall", "JoinedCall"];

/// Whether the IDs of an object are texts, as those of places and Spaces, even if all characters are digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ids {
    /// IDs of up to 19 digits are integers.
    #[default]
    Numbers,
    /// All IDs are texts.
    Texts,
}

impl Ids {
    /// Returns the kind of the IDs in the value of a member with this name.
    pub(crate) fn inside(self, name: &str) -> Self {
        match name {
            "place" | "places" | "contained_within" | "spaces" | "calls" => Self::Texts,
            "user" | "users" | "tweets" | "posts" => Self::Numbers,
            _ => self,
        }
    }

    /// Returns the kind of the IDs in data of this type of the model.
    pub(crate) fn of_type(returns: &str) -> Self {
        let has_text_ids = TYPES_WITH_TEXT_IDS.iter().any(|name| returns.contains(name));
        if has_text_ids { Self::Texts } else { Self::Numbers }
    }
}

/// Meaning of a text, which the name of its member tells.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    Id,
    Time,
    Text,
}

pub(crate) fn meaning(name: &str, ids: Ids) -> Meaning {
    let is_id = name == "id" || name == "ids" || name.ends_with("_id") || name.ends_with("_ids");
    let is_text = TEXT_IDS.contains(&name) || (ids == Ids::Texts && matches!(name, "id" | "conversation_id"));
    if is_id && !is_text {
        Meaning::Id
    } else if name.ends_with("_at") || TIMES.contains(&name) {
        Meaning::Time
    } else {
        Meaning::Text
    }
}

/// Converts a text, which may be an ID or a time.
pub(crate) fn text(py: Python<'_>, name: &str, json: &[u8], ids: Ids) -> PyResult<Py<PyAny>> {
    let inner = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    let decoded;
    let text = match std::str::from_utf8(inner) {
        Ok(plain) if !inner.contains(&b'\\') => plain,
        _ => {
            decoded = tolerant::parse(json).unwrap_or_default();
            decoded.as_str().unwrap_or_default()
        }
    };
    let meant = match meaning(name, ids) {
        Meaning::Id => id(text).map(|id| id.into_py_any(py)),
        Meaning::Time => text.parse().ok().map(|time| datetime(py, time)),
        Meaning::Text => None,
    };
    meant.unwrap_or_else(|| Ok(PyString::new(py, text).into_any().unbind()))
}

/// Reads an ID that is a number: up to 19 digits without leading zeros.
pub(crate) fn id(text: &str) -> Option<u64> {
    let is_number = text.len() <= 19 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Converts an integer or another number.
pub(crate) fn number(py: Python<'_>, json: &[u8]) -> PyResult<Py<PyAny>> {
    let text = std::str::from_utf8(json).unwrap_or_default();
    if let Ok(integer) = text.parse::<i64>() {
        return integer.into_py_any(py);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        // An integer of any size, which Python reads itself.
        return loads(py, json);
    }
    text.parse::<f64>().unwrap_or_default().into_py_any(py)
}

/// Returns a time as an aware `datetime` in UTC. A time outside of the range of `datetime` is an error.
pub(crate) fn datetime(py: Python<'_>, time: Timestamp) -> PyResult<Py<PyAny>> {
    static FROM_TIMESTAMP: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
    let (from_timestamp, utc) = FROM_TIMESTAMP.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        let from_timestamp = module.getattr("datetime")?.getattr("fromtimestamp")?.unbind();
        Ok::<_, PyErr>((from_timestamp, module.getattr("timezone")?.getattr("utc")?.unbind()))
    })?;
    from_timestamp.call1(py, (time.as_millis() as f64 / 1_000.0, utc))
}

/// Reads JSON with the module `json` of Python.
pub(crate) fn loads(py: Python<'_>, json: &[u8]) -> PyResult<Py<PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Ok(LOADS.import(py, "json", "loads")?.call1((json,))?.unbind())
}

/// Writes a value as JSON with the module `json` of Python.
pub(crate) fn dumps(py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let text: String = DUMPS.import(py, "json", "dumps")?.call1((value,))?.extract()?;
    Ok(text.into())
}
