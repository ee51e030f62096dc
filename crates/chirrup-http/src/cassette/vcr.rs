//! Parser of cassettes that VCR.py recorded.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use serde_yaml_ng::Value as Yaml;

use chirrup_auth::oauth1::{form_pairs, is_form};

use super::recording::{Body, Exchange, RecordedRequest, RecordedResponse, Recording};

/// Parses the `interactions` of a cassette of VCR.py.
pub(super) fn read(interactions: &Yaml) -> Result<Recording, String> {
    let list = interactions.as_sequence().ok_or("`interactions` is not a list")?;
    let mut recording = Recording::default();
    for (i, interaction) in list.iter().enumerate() {
        let exchange = exchange(interaction).ok_or_else(|| format!("interaction {i} is malformed"))?;
        recording.exchanges.push(exchange);
    }
    Ok(recording)
}

fn exchange(interaction: &Yaml) -> Option<Exchange> {
    let (request, response) = (interaction.get("request")?, interaction.get("response")?);
    let uri = request.get("uri")?.as_str()?;
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let target = rest.find('/').map_or("/", |at| &rest[at..]);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let recorded = RecordedRequest {
        method: request.get("method")?.as_str()?.to_owned(),
        path: path.to_owned(),
        query: pairs(query),
        body: request_body(request),
    };
    let headers = headers(response.get("headers"));
    let body = response.get("body").map(|body| body.get("string").unwrap_or(body));
    let bytes = bytes(body);
    let is_compressed = headers.get("content-encoding").is_some_and(|encoding| encoding == "gzip");
    let decompressed = if is_compressed { gunzip(&bytes) } else { None };
    let status = response.get("status")?;
    let status = status.get("code").unwrap_or(status).as_u64()?;
    let mut headers = headers;
    headers.remove("content-encoding");
    headers.remove("content-length");
    headers.remove("transfer-encoding");
    let body = Body::of(&decompressed.unwrap_or(bytes));
    let response = RecordedResponse { status: u16::try_from(status).ok()?, headers, body };
    Some(Exchange { request: recorded, response })
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_pairs(text).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    pairs.sort();
    pairs
}

fn request_body(request: &Yaml) -> Body {
    let bytes = bytes(request.get("body"));
    let kind = headers(request.get("headers")).remove("content-type").unwrap_or_default();
    match std::str::from_utf8(&bytes) {
        Ok(text) if is_form(&kind) && !text.is_empty() => Body::Form(pairs(text)),
        _ => Body::of(&bytes),
    }
}

/// Returns the headers by lowercase name. Of several values of a header, the first one counts.
fn headers(headers: Option<&Yaml>) -> BTreeMap<String, String> {
    let entries = headers.and_then(Yaml::as_mapping).into_iter().flatten();
    let one = |value: &Yaml| match value {
        Yaml::Sequence(values) => values.first()?.as_str().map(str::to_owned),
        value => value.as_str().map(str::to_owned),
    };
    entries.filter_map(|(name, value)| Some((name.as_str()?.to_ascii_lowercase(), one(value)?))).collect()
}

fn bytes(value: Option<&Yaml>) -> Vec<u8> {
    value.and_then(Yaml::as_str).unwrap_or_default().as_bytes().to_vec()
}

/// Decompresses a `!!binary` body, which the parser returns as Base64 text.
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let compressed = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(&*compressed).take(64 << 20).read_to_end(&mut out).ok()?;
    Some(out)
}
