//! Arguments of a method as the parameters of a call.

use chirrup::model::ParamKind;
use chirrup::query::internal::edit_distance;
use chirrup::{AuthMode, Call, Endpoint, Error, Param};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::argument::{argument, file};
use crate::error::exception;
use crate::seconds::seconds;

/// Returns the name of the method for an endpoint.
pub(crate) fn name_of(endpoint: &'static Endpoint) -> &'static str {
    endpoint.id.strip_prefix("v1.").unwrap_or(endpoint.id)
}

/// Keywords of Python that are names of parameters get a low line at their end.
const KEYWORDS: [&str; 6] = ["from", "global", "in", "is", "lambda", "with"];

/// Wire names of texts that may be sent as files instead.
const FILES: [&str; 4] = ["media", "media[]", "image", "banner"];

/// Returns the name of a parameter in Python.
pub(crate) fn argument_name(param: &Param) -> String {
    let name = param.argument.strip_prefix("r#").unwrap_or(param.argument);
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Returns the parameters that a call can have, without those that select a page.
pub(crate) fn arguments(endpoint: &'static Endpoint) -> impl Iterator<Item = &'static Param> {
    endpoint.params().filter(|param| param.argument != "page_token" && !param.me)
}

/// Creates a call from the arguments of a method.
pub(crate) fn bind(
    endpoint: &'static Endpoint,
    positional: &Bound<'_, PyTuple>,
    named: Option<&Bound<'_, PyDict>>,
) -> PyResult<Call> {
    let method = name_of(endpoint);
    let option = |name: &str| named.map_or(Ok(None), |named| named.get_item(name));
    let mut call = call_of(endpoint, option("auth")?.as_ref(), option("timeout")?.as_ref())?;
    let mut required = arguments(endpoint).filter(|param| param.required);
    for value in positional {
        let Some(param) = required.next() else {
            let count = arguments(endpoint).filter(|param| param.required).count();
            let message = format!("{method}() takes {count} positional arguments, and {} were given", positional.len());
            return Err(PyTypeError::new_err(message));
        };
        set(&mut call, param, &value)?;
    }
    for (name, value) in named.into_iter().flatten() {
        let name: &str = name.extract()?;
        if name == "auth" || name == "timeout" {
            continue;
        }
        let param = match name {
            "page_token" => endpoint.page_param(),
            _ => endpoint.params().find(|param| argument_name(param) == name || param.name == name),
        };
        let Some(param) = param else { return Err(unknown(endpoint, name)) };
        if call.get(param.name).is_some() {
            return Err(PyTypeError::new_err(format!("{method}() got multiple values for argument '{name}'")));
        }
        set(&mut call, param, &value)?;
    }
    let missing =
        arguments(endpoint).filter(|param| param.required && call.get(param.name).is_none() && call.file().is_none());
    let missing: Vec<String> = missing.map(|param| format!("'{}'", argument_name(param))).collect();
    match missing.is_empty() {
        true => Ok(call),
        false => Err(PyTypeError::new_err(format!("{method}() missing required arguments: {}", missing.join(", ")))),
    }
}

fn set(call: &mut Call, param: &'static Param, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let name = argument_name(param);
    let may_be_file = param.kind == ParamKind::File || FILES.contains(&param.name);
    if may_be_file && (value.is_instance_of::<PyBytes>() || value.hasattr("read")?) {
        call.set_file(param.name, file(&name, value)?);
    } else {
        call.set(param.name, param.location, Ok(argument(&name, &param.kind, value)?));
    }
    Ok(())
}

/// Returns the error for a name that is not a parameter, with the most similar name.
fn unknown(endpoint: &'static Endpoint, name: &str) -> PyErr {
    let names = arguments(endpoint).map(argument_name).chain(["auth".to_owned(), "timeout".to_owned()]);
    let nearest =
        names.min_by_key(|own| edit_distance(name, own)).filter(|own| edit_distance(name, own) <= own.len() / 2);
    let hint = nearest.map(|own| format!(". Did you mean '{own}'?")).unwrap_or_default();
    PyTypeError::new_err(format!("{}() got an unexpected keyword argument '{name}'{hint}", name_of(endpoint)))
}

/// Creates a call of an endpoint with its options: `auth` and `timeout`.
fn call_of(
    endpoint: &'static Endpoint,
    auth: Option<&Bound<'_, PyAny>>,
    timeout: Option<&Bound<'_, PyAny>>,
) -> PyResult<Call> {
    let mut call = Call::of(endpoint);
    if let Some(auth) = auth.filter(|auth| !auth.is_none()) {
        call.auth_mode = match auth.extract::<&str>()? {
            "app" => AuthMode::App,
            "user" => AuthMode::User,
            "none" => AuthMode::None,
            other => {
                let message = format!("auth: `{other}` is not app, user or none");
                return Err(exception(auth.py(), &Error::invalid_argument(message)));
            }
        };
    }
    if let Some(timeout) = timeout.filter(|timeout| !timeout.is_none()) {
        call.timeout = Some(seconds(timeout)?);
    }
    Ok(call)
}
