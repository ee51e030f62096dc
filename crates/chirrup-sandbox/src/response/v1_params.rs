//! Parameters of API v1.1, which accept more forms than those of v2.

use chirrup_api::Call;
use serde_json::Value as Json;

/// Returns a Boolean parameter: `true`, `1` and `t` are true.
pub(crate) fn flag(call: &Call, name: &str) -> Option<bool> {
    let value = call.get(name)?;
    value.as_bool().or_else(|| value.as_str().map(|text| matches!(text, "true" | "1" | "t")))
}

/// Returns the items of a parameter: a list, a text with commas, or a single value.
pub(crate) fn list(call: &Call, name: &str) -> Vec<String> {
    match call.get(name) {
        Some(Json::Array(items)) => {
            items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
        }
        Some(Json::String(text)) => text.split(',').map(|item| item.trim().to_owned()).collect(),
        Some(other) => vec![other.to_string()],
        None => Vec::new(),
    }
}
