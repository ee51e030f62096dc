//! Signatures and documentation of the methods, from the table.

use bytes::Bytes;
use chirrup::model::ParamKind;
use chirrup::{Endpoint, Param};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Value as Json, json};

use crate::parameters::{argument_name, arguments, name_of};
use crate::tree::to_python;
use crate::value::Ids;

/// Returns the `inspect.Signature` of a method.
pub(crate) fn signature(py: Python<'_>, endpoint: &'static Endpoint, has_receiver: bool) -> PyResult<Py<PyAny>> {
    let inspect = py.import("inspect")?;
    let class = inspect.getattr("Parameter")?;
    let parameter = |name: &str, kind: &str, is_optional: bool| {
        let keywords = PyDict::new(py);
        if is_optional {
            keywords.set_item("default", py.None())?;
        }
        class.call((name, class.getattr(kind)?), Some(&keywords))
    };
    let mut all = Vec::new();
    if has_receiver {
        all.push(parameter("self", "POSITIONAL_ONLY", false)?);
    }
    for param in arguments(endpoint).filter(|param| param.required) {
        all.push(parameter(&argument_name(param), "POSITIONAL_OR_KEYWORD", false)?);
    }
    let optional = arguments(endpoint).filter(|param| !param.required).map(argument_name);
    let page_token = endpoint.page_param().map(|_| "page_token".to_owned());
    for name in optional.chain(page_token).chain(["auth".to_owned(), "timeout".to_owned()]) {
        all.push(parameter(&name, "KEYWORD_ONLY", true)?);
    }
    Ok(inspect.getattr("Signature")?.call1((all,))?.unbind())
}

/// Returns the documentation of a method: what it does, its route, and its parameters.
pub(crate) fn docstring(endpoint: &'static Endpoint) -> String {
    let mut text = format!("{}\n\n{} {}", plain(endpoint.doc), endpoint.method, endpoint.path);
    if let Some(why) = endpoint.retired {
        text.push_str(&format!("\n\nX no longer documents this endpoint: {}.", plain(why)));
    }
    if let Some(price) = endpoint.price {
        text.push_str(&format!("\n\nPrice: {price}"));
    }
    let params: Vec<String> = arguments(endpoint).map(|param| format!("    {}", describe(param))).collect();
    if !params.is_empty() {
        text.push_str(&format!("\n\nArgs:\n{}", params.join("\n")));
    }
    text.push('\n');
    text
}

fn describe(param: &'static Param) -> String {
    let mut text = format!("{}: {}", argument_name(param), plain(param.doc).replace('\n', " "));
    match param.kind {
        ParamKind::Int { min, max } if max < i64::from(u32::MAX) => text.push_str(&format!(" {min} to {max}.")),
        ParamKind::List { max, .. } if max != usize::MAX => text.push_str(&format!(" At most {max} items.")),
        ParamKind::Text { max, .. } if max != usize::MAX => text.push_str(&format!(" At most {max} characters.")),
        _ => {}
    }
    if let Some(default) = param.default {
        text.push_str(&format!(" The default is {default}."));
    }
    text
}

/// Removes the spaces at the beginning of the lines of a doc comment.
fn plain(doc: &str) -> String {
    let lines: Vec<&str> = doc.trim().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n")
}

/// Returns the endpoints as JSON, from which the stubs of the package are generated.
#[pyfunction]
pub(crate) fn describe_endpoints() -> String {
    let endpoints = chirrup::all().map(|endpoint| {
        let params = arguments(endpoint).map(
            |param| json!({"name": argument_name(param), "type": annotation(&param.kind), "required": param.required}),
        );
        json!({
            "name": name_of(endpoint),
            "is_v1": endpoint.is_v1(),
            "doc": docstring(endpoint),
            "params": params.collect::<Vec<_>>(),
            "is_list": endpoint.returns_list,
            "returns": endpoint.returns,
            "is_stream": endpoint.streaming,
            "has_pages": endpoint.page_param().is_some(),
        })
    });
    endpoints.collect::<Vec<_>>().into_iter().collect::<Json>().to_string()
}

/// Returns the data of a response whose endpoint returns this type, for tests of the types.
#[pyfunction]
pub(crate) fn read_data(py: Python<'_>, returns: &str, json: &[u8]) -> PyResult<Py<PyAny>> {
    to_python(py, "data", Bytes::copy_from_slice(json), Ids::of_type(returns))
}

/// Returns the type of a parameter in the stubs.
fn annotation(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Id => "Id".to_owned(),
        ParamKind::Username => "Username".to_owned(),
        ParamKind::Int { .. } => "int".to_owned(),
        ParamKind::Text { .. } => "Text".to_owned(),
        ParamKind::Time => "Time".to_owned(),
        ParamKind::Bool => "bool".to_owned(),
        ParamKind::OneOf(_) => "Word".to_owned(),
        ParamKind::List { of, .. } => format!("Many[{}]", annotation(of)),
        ParamKind::Object(_) => "Mapping[str, Any]".to_owned(),
        ParamKind::File => "File".to_owned(),
        _ => "Any".to_owned(),
    }
}
