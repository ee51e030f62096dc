//! JSON values for values of Python, as the parameters of a call need them.

use bytes::Bytes;
use chirrup::Error;
use chirrup::model::{ParamKind, Timestamp};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyString};
use serde_json::{Map, Value as Json};

use crate::error::exception;
use crate::tree::{List, Object};

/// Deepest nesting of a value.
const MAX_DEPTH: usize = 100;

/// Converts a value into one for a parameter of this kind. The call checks its bounds.
pub(crate) fn argument(name: &str, kind: &ParamKind, value: &Bound<'_, PyAny>) -> PyResult<Json> {
    let value = &plain(value)?;
    if value.is_none() {
        return Ok(Json::Null);
    }
    match kind {
        ParamKind::Id | ParamKind::Username | ParamKind::Text { .. } | ParamKind::OneOf(_) => {
            text(name, kind, value).map(Json::String)
        }
        ParamKind::Time => time(name, value).map(Json::String),
        ParamKind::Int { .. } if !value.is_instance_of::<PyInt>() => refuse(name, "an int", value),
        ParamKind::List { of, .. } => list(name, of, value),
        ParamKind::Object(members) if value.is_instance_of::<PyDict>() => {
            let mut object = Map::new();
            for (key, value) in value.cast::<PyDict>()? {
                let key: String = key.extract()?;
                let kind =
                    members.iter().find(|member| member.name == key).map_or(&ParamKind::Json, |member| &member.kind);
                let value = argument(&key, kind, &value)?;
                if !value.is_null() {
                    object.insert(key, value);
                }
            }
            Ok(Json::Object(object))
        }
        _ => json(value),
    }
}

/// Returns the value of an enum, and everything else as it is.
fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static ENUM: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let is_builtin =
        value.is_exact_instance_of::<PyString>() || value.is_exact_instance_of::<PyInt>() || value.is_none();
    if !is_builtin && value.is_instance(ENUM.import(value.py(), "enum", "Enum")?)? {
        return value.getattr("value");
    }
    Ok(value.clone())
}

fn refuse<T>(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    let found = value.get_type().name()?;
    Err(PyTypeError::new_err(format!("parameter `{name}`: expected {expected}, not {found}")))
}

/// A text; of an integer its digits, and of an object of a response its ID, or its username.
fn text(name: &str, kind: &ParamKind, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return text.extract();
    }
    if value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>() {
        return Ok(value.str()?.to_string());
    }
    let members: &[&str] = if *kind == ParamKind::Username { &["username"] } else { &["id", "media_key", "media_id"] };
    for member in members {
        if let Ok(member) = value.getattr(*member)
            && !member.is_none()
        {
            return Ok(member.str()?.to_string());
        }
    }
    refuse(name, "a str, an int or an object of a response", value)
}

/// A time in RFC 3339. A naive `datetime` is a time in UTC.
fn time(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return text.extract();
    }
    match timestamp(value)? {
        Some(time) => Ok(time.to_whole_seconds()),
        None => refuse(name, "a datetime or a str such as 2026-01-31T12:00:00Z", value),
    }
}

/// Returns the time of a `datetime`; `None` for any other value. A naive `datetime` is a time in UTC.
pub(crate) fn timestamp(value: &Bound<'_, PyAny>) -> PyResult<Option<Timestamp>> {
    static TYPES: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
    let py = value.py();
    let (datetime, utc) = TYPES.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        Ok::<_, PyErr>((module.getattr("datetime")?.unbind(), module.getattr("timezone")?.getattr("utc")?.unbind()))
    })?;
    if !value.is_instance(datetime.bind(py))? {
        return Ok(None);
    }
    let aware = if value.getattr("tzinfo")?.is_none() {
        let changes = PyDict::new(py);
        changes.set_item("tzinfo", utc)?;
        value.call_method("replace", (), Some(&changes))?
    } else {
        value.clone()
    };
    let seconds: f64 = aware.call_method0("timestamp")?.extract()?;
    Ok(Some(Timestamp::from_millis((seconds * 1_000.0).round() as i64)))
}

fn list(name: &str, of: &ParamKind, value: &Bound<'_, PyAny>) -> PyResult<Json> {
    if let Ok(text) = value.cast::<PyString>() {
        let text: String = text.extract()?;
        return Ok(text.split(',').map(|part| Json::from(part.trim())).filter(|part| part != "").collect());
    }
    let is_one = value.is_instance_of::<PyInt>() || value.is_instance_of::<Object>();
    if value.is_instance_of::<PyBytes>() {
        return refuse(name, "a list or a str with commas", value);
    }
    let Ok(items) = value.try_iter().and_then(|items| if is_one { refuse(name, "", value) } else { Ok(items) }) else {
        return match is_one {
            true => Ok(Json::Array(vec![argument(name, of, value)?])),
            false => refuse(name, "a list or a str with commas", value),
        };
    };
    items.map(|item| argument(name, of, &item?)).collect::<PyResult<Vec<_>>>().map(Json::Array)
}

/// Converts any value with a form in JSON.
pub(crate) fn json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    json_within(value, MAX_DEPTH)
}

/// Converts any value with a form in JSON and no deeper nesting than this.
pub(crate) fn json_within(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Json> {
    let value = &plain(value)?;
    let Some(depth) = depth.checked_sub(1) else {
        return Err(PyTypeError::new_err("the value is nested too deeply, or contains itself"));
    };
    if value.is_none() {
        return Ok(Json::Null);
    }
    if let Ok(boolean) = value.cast::<PyBool>() {
        return Ok(Json::Bool(boolean.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        let number = value.extract::<i64>().map(Json::from).or_else(|_| value.extract::<u64>().map(Json::from));
        let too_large =
            |_| exception(value.py(), &Error::invalid_argument(format!("{value} is too large for an integer")));
        return number.map_err(too_large);
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(value.extract::<f64>()?.into());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return text.extract().map(Json::String);
    }
    if let Ok(object) = value.cast::<Object>() {
        return Ok(serde_json::from_slice(object.get().json_text()).unwrap_or_default());
    }
    if let Some(time) = timestamp(value)? {
        return Ok(Json::String(time.to_whole_seconds()));
    }
    if let Ok(object) = value.cast::<PyDict>() {
        let members = object.iter().map(|(key, value)| Ok((key.str()?.to_string(), json_within(&value, depth)?)));
        return members.collect::<PyResult<Map<_, _>>>().map(Json::Object);
    }
    let is_list = value.is_instance_of::<List>() || (value.hasattr("__iter__")? && !value.is_instance_of::<PyBytes>());
    if is_list {
        return value.try_iter()?.map(|item| json_within(&item?, depth)).collect::<PyResult<Vec<_>>>().map(Json::Array);
    }
    let found = value.get_type().name()?;
    Err(PyTypeError::new_err(format!("a value of the type {found} has no form in JSON")))
}

/// Returns the content of a file: bytes, an open file, or the path of a file.
pub(crate) fn file(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Bytes::copy_from_slice(bytes.as_bytes()));
    }
    if value.hasattr("read")? {
        let content = value.call_method0("read")?;
        if let Ok(text) = content.cast::<PyString>() {
            return Ok(text.extract::<String>()?.into());
        }
        return Ok(Bytes::copy_from_slice(content.cast::<PyBytes>()?.as_bytes()));
    }
    if let Ok(path) = value.extract::<std::path::PathBuf>() {
        return Ok(std::fs::read(path)?.into());
    }
    refuse(name, "bytes, an open file or the path of a file", value)
}
