//! Fault rules as JSON, for the control API.

use std::time::Duration;

use chirrup_api::by_id;
use serde_json::{Value as Json, json};

use super::faults::{Fault, FaultRule};
use crate::error::SandboxError;

/// Headers that a fault can replace.
const HEADERS: [&str; 6] =
    ["content-type", "location", "retry-after", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];

/// Members of a rule.
const MEMBERS: [&str; 12] = [
    "writes_only",
    "fault",
    "sequence",
    "endpoint",
    "skip",
    "times",
    "probability",
    "status",
    "body",
    "seconds",
    "bytes",
    "headers",
];
/// Longest delay in seconds.
const MAX_SECONDS: f64 = 3_600.0;

/// Returns the beginning of outside input, for a message.
fn quoted(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Fault rules of the built-in profiles, by their names.
const PROFILES: &str = include_str!("../../data/fault_profiles.json");

impl FaultRule {
    /// Returns the rule in JSON, in the form of the control API: `{"fault": "response", "status": 503, "times": 1}`.
    ///
    /// # Errors
    /// If a member is unknown or invalid.
    pub fn from_json(json: &Json) -> Result<Self, SandboxError> {
        rule_from_json(json).map_err(SandboxError)
    }

    /// Returns the rules of a built-in profile: `flaky`, `slow`, `rate-limited` or `lost-writes`. `None` for any other name.
    pub fn profile(name: &str) -> Option<Vec<Self>> {
        let profiles: Json = serde_json::from_str(PROFILES).unwrap_or_default();
        let rules = profiles.get(name)?.as_array()?;
        rules.iter().map(rule_from_json).collect::<Result<_, _>>().ok()
    }
}

/// Returns a rule of the form `{"fault": "response", "status": 503, "endpoint": "create_post", "times": 1}`. In place of
/// `fault`, `sequence` is a list of faults.
///
/// # Errors
/// The reason why the rule is invalid.
pub(crate) fn rule_from_json(json: &Json) -> Result<FaultRule, String> {
    let members = json.as_object().ok_or("a fault rule is an object")?;
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(format!("`{}` is not a member of a fault rule", quoted(unknown)));
    }
    let mut rule = match json.get("sequence") {
        Some(Json::Array(faults)) => {
            FaultRule::sequence(faults.iter().map(fault_from_json).collect::<Result<Vec<_>, _>>()?)
        }
        Some(_) => return Err("`sequence` is not a list of faults".to_owned()),
        None => FaultRule::new(fault_from_json(json)?),
    };
    if let Some(endpoint) = json.get("endpoint").filter(|endpoint| !endpoint.is_null()) {
        let endpoint = endpoint.as_str().ok_or("`endpoint` is not a text")?;
        if !endpoint.starts_with('/') && by_id(endpoint).is_none() {
            return Err(format!("`{}` is neither an endpoint nor a path", quoted(endpoint)));
        }
        rule = rule.endpoint(endpoint);
    }
    if let Some(writes) = json.get("writes_only") {
        let writes = writes.as_bool().ok_or("`writes_only` is neither true nor false")?;
        rule = if writes { rule.writes_only() } else { rule };
    }
    if let Some(skip) = number(json, "skip")? {
        rule = rule.skip(skip);
    }
    if let Some(times) = number(json, "times")? {
        rule = rule.times(times);
    }
    if let Some(fraction) = json.get("probability").filter(|fraction| !fraction.is_null()) {
        let fraction = fraction.as_f64().filter(|fraction| (0.0..=1.0).contains(fraction));
        rule = rule.probability(fraction.ok_or("`probability` is not a number from 0 to 1")?);
    }
    Ok(rule)
}

/// Returns a rule in the form in which it was added, with its number as `id`.
pub(crate) fn rule_to_json(id: u64, rule: &FaultRule) -> Json {
    let mut json = match rule.faults.front() {
        Some(fault) if rule.repeats => fault_to_json(fault),
        _ => json!({"sequence": rule.faults.iter().map(fault_to_json).collect::<Vec<_>>()}),
    };
    json["id"] = id.into();
    json["endpoint"] = rule.endpoint.clone().into();
    json["writes_only"] = rule.writes_only.into();
    json["skip"] = rule.skip.into();
    json["times"] = (rule.remaining < u64::MAX).then_some(rule.remaining).into();
    json["probability"] = rule.probability.into();
    json
}

fn number(json: &Json, name: &str) -> Result<Option<u64>, String> {
    match json.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| format!("`{name}` is not a whole number")),
    }
}

fn fault_from_json(json: &Json) -> Result<Fault, String> {
    let name = json.get("fault").or(Some(json)).and_then(Json::as_str).ok_or("`fault` is missing")?;
    let status = |default: u16| match number(json, "status")? {
        None => Ok(default),
        Some(status) => {
            let status = u16::try_from(status).ok().filter(|status| (200..=599).contains(status));
            status.ok_or_else(|| "`status` is not a number from 200 to 599".to_owned())
        }
    };
    let seconds = || {
        let seconds = json.get("seconds").map_or(Some(1.0), Json::as_f64);
        let seconds = seconds.filter(|seconds| (0.0..=MAX_SECONDS).contains(seconds));
        seconds.map(Duration::from_secs_f64).ok_or_else(|| "`seconds` is not a number from 0 to 3600".to_owned())
    };
    Ok(match name {
        "none" => Fault::None,
        "response" => response(json, status(503)?),
        "error_after_processing" => Fault::ErrorAfterProcessing(status(502)?),
        "close_after_processing" => Fault::CloseAfterProcessing,
        "close_before_processing" => Fault::CloseBeforeProcessing,
        "truncate_body" => match number(json, "bytes")? {
            Some(bytes) => Fault::TruncateBodyAt(usize::try_from(bytes).unwrap_or(usize::MAX)),
            None => Fault::TruncateBody,
        },
        "delay_request" => Fault::DelayRequest(seconds()?),
        "delay_response" => Fault::DelayResponse(seconds()?),
        "pause_body" => Fault::PauseBody(seconds()?),
        "chunk_size" => Fault::ChunkSize(usize::try_from(number(json, "bytes")?.unwrap_or(1).max(1)).unwrap_or(1)),
        "corrupt_body" => Fault::CorruptBody,
        "duplicate_lines" => Fault::DuplicateLines,
        "reverse_lines" => Fault::ReverseLines,
        "replace_headers" => Fault::ReplaceHeaders(headers(json)?),
        other => return Err(format!("`{}` is not a fault", quoted(other))),
    })
}

/// Response with the body that is given: JSON, or a text. Without one, it is a problem of X with this status.
fn response(json: &Json, status: u16) -> Fault {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let (content_type, body) = match json.get("body") {
        Some(Json::String(text)) => ("text/plain; charset=utf-8", text.clone()),
        Some(body) if !body.is_null() => ("application/json; charset=utf-8", body.to_string()),
        _ => {
            let body = json!({"title": reason, "detail": reason, "type": "about:blank", "status": status});
            ("application/problem+json", body.to_string())
        }
    };
    Fault::Response { status, content_type, body: body.into_bytes() }
}

fn headers(json: &Json) -> Result<Vec<(&'static str, String)>, String> {
    let headers = json.get("headers").and_then(Json::as_object).ok_or("`headers` is not an object")?;
    let header = |(name, value): (&String, &Json)| {
        let known = HEADERS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| format!("a fault can only replace the headers {}", HEADERS.join(", ")))?;
        Ok((known, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    headers.iter().map(header).collect()
}

fn fault_to_json(fault: &Fault) -> Json {
    let mut json = json!({"fault": fault.name()});
    match fault {
        Fault::Response { status, .. } | Fault::ErrorAfterProcessing(status) => json["status"] = (*status).into(),
        Fault::TruncateBodyAt(bytes) | Fault::ChunkSize(bytes) => json["bytes"] = (*bytes).into(),
        Fault::DelayRequest(time) | Fault::DelayResponse(time) | Fault::PauseBody(time) => {
            json["seconds"] = time.as_secs_f64().into();
        }
        Fault::ReplaceHeaders(headers) => {
            let header = |(name, value): &(&'static str, String)| ((*name).to_owned(), Json::from(value.clone()));
            json["headers"] = headers.iter().map(header).collect();
        }
        _ => {}
    }
    json
}
