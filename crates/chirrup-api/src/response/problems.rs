//! Problems in the body of a refusal.

use chirrup_model::Problem;
use serde_json::Value as Json;

/// Returns the problems in the body of a refusal: a single object, or a list in `errors`, of v2 or v1.1.
pub(crate) fn problems_in(body: &[u8]) -> Vec<Problem> {
    let Ok(Json::Object(mut object)) = serde_json::from_slice::<Json>(body) else {
        return std::str::from_utf8(body).map(problems_in_xml).unwrap_or_default();
    };
    let mut problems = Vec::new();
    let listed = object.remove("errors");
    if object.contains_key("title") || object.contains_key("detail") || object.contains_key("type") {
        problems.extend(serde_json::from_value(Json::Object(object.clone())).ok());
    }
    for key in ["error_description", "error"] {
        if let Some(text) = object.get(key).and_then(Json::as_str) {
            problems.push(Problem::from_detail(text));
        }
    }
    let listed = match listed {
        Some(Json::Array(items)) => items,
        _ => Vec::new(),
    };
    problems.extend(listed.into_iter().filter_map(|item| serde_json::from_value(item).ok()));
    problems
}

/// Returns the problems in the XML of the OAuth 1.0a endpoints:
/// `<errors><error code="415">…</error></errors>`, or `<hash><error>…</error></hash>`.
fn problems_in_xml(body: &str) -> Vec<Problem> {
    if !["<?xml", "<errors", "<hash"].iter().any(|start| body.trim_start().starts_with(start)) {
        return Vec::new();
    }
    let elements = body.split("<error").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let text = rest.split_once("</error>")?.0;
        let code =
            attributes.split_once("code=").and_then(|(_, code)| code.trim_matches(['"', '\'', ' ']).parse().ok());
        let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
        let text = marks.iter().fold(text.trim().to_owned(), |text, (mark, sign)| text.replace(mark, sign));
        // `<errors>` matches as well; only its inner elements have a text.
        (!text.contains('<')).then(|| Problem::from_message(text, code))
    });
    elements.collect()
}
