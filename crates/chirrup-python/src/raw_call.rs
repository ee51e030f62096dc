//! Calls of any route, and their responses as they are.

use chirrup::auth::basic_header;
use chirrup::model::Dialect;
use chirrup::{AuthKind, BoundCall, Call, Client, Credential, Credentials, Error, RawCall, Secret};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::Value as Json;

use crate::argument::{file, json};
use crate::client::NativeClient;
use crate::error::exception;
use crate::event_loop::respond;
use crate::line_stream::LineStream;
use crate::raw_response::RawResponse;
use crate::seconds::seconds;

/// Returns pairs of name and value, from a mapping or from an iterable of pairs.
fn pairs(fields: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, Json)>> {
    let Some(fields) = fields.filter(|fields| !fields.is_none()) else { return Ok(Vec::new()) };
    let items = if fields.hasattr("items")? { fields.call_method0("items")? } else { fields.clone() };
    let mut pairs = Vec::new();
    for item in items.try_iter()? {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
        pairs.push((name.str()?.to_string(), json(&value)?));
    }
    Ok(pairs)
}

/// Keyword arguments of a call of any route.
fn build(client: &Client, method: &str, path: &str, options: Option<&Bound<'_, PyDict>>) -> PyResult<RawCall> {
    let option = |name: &str| options.map_or(Ok(None), |options| options.get_item(name));
    let mut call = client.call(method, path);
    for (name, value) in pairs(option("params")?.as_ref())? {
        call = call.query(&name, value);
    }
    for (name, value) in pairs(option("form")?.as_ref())? {
        call = call.form(&name, value);
    }
    if let Some(body) = option("json")?.filter(|body| !body.is_none()) {
        call = call.json(json(&body)?);
    }
    if let Some(files) = option("files")?.filter(|files| !files.is_none()) {
        for (name, content) in files.cast::<PyDict>()? {
            let name: String = name.extract()?;
            // As in requests, a file may be a tuple of its name, its content and its type. Only the content is sent.
            let content = match content.cast::<PyTuple>() {
                Ok(parts) => parts.get_item(1)?,
                Err(_) => content,
            };
            call = call.file(&name, file(&name, &content)?);
        }
    }
    for (name, value) in pairs(option("headers")?.as_ref())? {
        call = match value {
            Json::String(text) => call.header(&name, text),
            other => call.header(&name, other.to_string()),
        };
    }
    if let Some(timeout) = option("timeout")?.filter(|timeout| !timeout.is_none()) {
        call = call.timeout(seconds(&timeout)?);
    }
    Ok(call)
}

/// Returns the client and the call with the credentials that `auth` names.
fn authenticated(client: &Client, call: RawCall, auth: Option<&Bound<'_, PyAny>>) -> PyResult<(Client, RawCall)> {
    let Some(auth) = auth.filter(|auth| !auth.is_none()) else { return Ok((client.clone(), call)) };
    if let Ok((id, secret)) = auth.extract::<(String, String)>() {
        let basic = Credential::Basic(basic_header(&id, &Secret::new(secret)));
        return Ok((client.with_credentials(Credentials::one(basic)), call));
    }
    let only = |kind: AuthKind| {
        let credential = client.credentials().get(kind).map(|credential| Credentials::one((**credential).clone()));
        client.with_credentials(credential.unwrap_or_else(Credentials::none))
    };
    match auth.extract::<&str>()? {
        "app" => Ok((only(AuthKind::AppOnly), call.as_app())),
        "user" => Ok((client.clone(), call.as_user())),
        "oauth1" => Ok((only(AuthKind::OAuth1), call.as_user())),
        "oauth2" => Ok((only(AuthKind::OAuth2), call.as_user())),
        "none" => Ok((client.clone(), call.unauthenticated())),
        other => {
            let message = format!("auth: `{other}` is not app, user, oauth1, oauth2, none or a pair");
            Err(exception(auth.py(), &Error::invalid_argument(message)))
        }
    }
}

/// Creates a call of any route.
pub(crate) fn bind(
    client: &Client,
    method: &str,
    path: &str,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<(Client, BoundCall)> {
    let auth = options.map_or(Ok(None), |options| options.get_item("auth"))?;
    let (client, call) = authenticated(client, build(client, method, path, options)?, auth.as_ref())?;
    let call = call.call();
    let bound = client.api().bind(call);
    Ok((client, bound))
}

fn url_of(client: &Client, call: &Call) -> String {
    let target = call.to_http(Dialect::Tweet).map(|parts| parts.target).unwrap_or_default();
    format!("{}{target}", call.host.as_deref().unwrap_or(client.base_url()))
}

async fn send(client: Client, bound: BoundCall, raises: bool) -> Result<RawResponse, Error> {
    let url = url_of(&client, bound.call());
    let raw = match raises {
        true => bound.send_raw().await?,
        false => client.send(bound.call().clone()).await?.1,
    };
    Ok(RawResponse::new(raw, url))
}

/// Sends a call of any route, for a client of either kind.
#[pyfunction]
#[pyo3(signature = (client, method, path, **options))]
pub(crate) fn call<'py>(
    client: &Bound<'py, NativeClient>,
    method: &str,
    path: &str,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, client) = (client.py(), client.get());
    let raises = options.map_or(Ok(None), |options| options.get_item("raise_for_status"))?;
    let raises = raises.map_or(Ok(true), |raises| raises.is_truthy())?;
    let (sender, bound) = bind(&client.client(py)?, method, path, options)?;
    respond(py, client.is_async, send(sender, bound, raises))
}

/// Opens a stream of any route, without reconnects, whose items are raw lines.
#[pyfunction]
#[pyo3(signature = (client, method, path, **options))]
pub(crate) fn lines<'py>(
    client: &Bound<'py, NativeClient>,
    method: &str,
    path: &str,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<LineStream> {
    let is_async = client.get().is_async;
    let (_, bound) = bind(&client.get().client(client.py())?, method, path, options)?;
    Ok(LineStream::new(bound, is_async))
}
