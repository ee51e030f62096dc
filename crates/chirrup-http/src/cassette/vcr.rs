//! Parser of cassettes that VCR.py recorded.

use std::io::Read as _;

use base64::Engine as _;
use chirrup_api::internal::is_multipart;
use chirrup_auth::oauth1::form_pairs;
use serde_yaml_ng::Value as Yaml;

use super::recording::{Body, Exchange, Headers, RecordedRequest, RecordedResponse, Recording};
use super::redact::Redactor;

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
    let pairs = form_pairs(query).map(|(name, value)| (name.into_owned(), value.into_owned()));
    let recorded = Redactor::by_name(path).clean(RecordedRequest {
        method: request.get("method")?.as_str()?.to_owned(),
        path: path.to_owned(),
        query: pairs.collect(),
        body: request_body(request),
    });
    let mut headers = headers(response.get("headers"));
    let body = response.get("body").map(|body| body.get("string").unwrap_or(body));
    let bytes = bytes(body);
    let is_compressed = headers.get("content-encoding") == Some("gzip");
    let decompressed = if is_compressed { gunzip(&bytes) } else { None };
    let status = response.get("status")?;
    let status = status.get("code").unwrap_or(status).as_u64()?;
    for name in ["content-encoding", "content-length", "transfer-encoding"] {
        headers.remove(name);
    }
    let body = Body::of(&decompressed.unwrap_or(bytes));
    let response = RecordedResponse { status: u16::try_from(status).ok()?, headers, body };
    Some(Exchange { request: recorded, response })
}

fn request_body(request: &Yaml) -> Body {
    let body = request.get("body");
    // For `aiohttp`, VCR.py records what was given to the library.
    if let Some(map @ Yaml::Mapping(_)) = body {
        return serde_json::to_value(map).map_or(Body::Empty, Body::Json);
    }
    let bytes = bytes(body);
    let headers = headers(request.get("headers"));
    let content_type = headers.get("content-type").unwrap_or_default();
    let is_binary = is_multipart(content_type) && !bytes.starts_with(b"--");
    let decoded = if is_binary { decode_binary(&bytes) } else { None };
    Body::of_request(content_type, &decoded.unwrap_or(bytes))
}

/// Returns the headers by lowercase name.
fn headers(headers: Option<&Yaml>) -> Headers {
    let mut found = Headers::default();
    for (name, values) in headers.and_then(Yaml::as_mapping).into_iter().flatten() {
        let Some(name) = name.as_str().map(str::to_ascii_lowercase) else { continue };
        let values = values.as_sequence().map_or(std::slice::from_ref(values), Vec::as_slice);
        for value in values.iter().filter_map(Yaml::as_str) {
            found.add(&name, value.to_owned());
        }
    }
    found
}

fn bytes(value: Option<&Yaml>) -> Vec<u8> {
    value.and_then(Yaml::as_str).unwrap_or_default().as_bytes().to_vec()
}

/// Decodes `!!binary`, which the parser returns as Base64 text.
fn decode_binary(bytes: &[u8]) -> Option<Vec<u8>> {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// Decompresses a `!!binary` body.
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let compressed = decode_binary(bytes)?;
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(&*compressed).take(64 << 20).read_to_end(&mut out).ok()?;
    Some(out)
}
