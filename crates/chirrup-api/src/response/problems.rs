//! Problems in the body of a refusal.

use chirrup_model::{Problem, dialect, tolerant};
use serde_json::Value as Json;

use super::members::{first_items, members};

/// Maximum number of partial errors of a response. X reports one per object that was requested.
const MAX_PARTIAL_ERRORS: usize = 1_000;
/// Size in bytes from which a partial error is not read.
const MAX_PARTIAL_ERROR_SIZE: usize = 64 << 10;

/// Returns the first 1,000 problems that a success lists in `errors`. Takes little memory, however large the body is.
pub(crate) fn partial_errors(body: &[u8]) -> Vec<Problem> {
    let Some([Some(errors)]) = members(body, ["errors"]) else { return Vec::new() };
    let listed =
        first_items(errors.get().as_bytes(), MAX_PARTIAL_ERRORS).map_or_else(|| vec![errors], |(items, _)| items);
    let short = listed.into_iter().filter(|raw| raw.get().len() <= MAX_PARTIAL_ERROR_SIZE);
    short.filter_map(|raw| problem(tolerant::parse(raw.get().as_bytes()).ok()?)).collect()
}

/// Returns the problems in the body of a refusal: a single object, or a list in `errors`, of v2 or v1.1.
pub(crate) fn problems_in(body: &[u8]) -> Vec<Problem> {
    let Ok(Json::Object(mut object)) = tolerant::parse(body) else {
        return problems_in_xml(&String::from_utf8_lossy(body));
    };
    let mut problems = Vec::new();
    let listed = object.remove("errors");
    if object.contains_key("title") || object.contains_key("detail") || object.contains_key("type") {
        problems.extend(problem(Json::Object(object.clone())));
    }
    for key in ["error_description", "error"] {
        problems.extend(object.remove(key).and_then(problem));
    }
    match listed {
        Some(Json::Array(items)) => problems.extend(items.into_iter().filter_map(problem)),
        Some(one) => problems.extend(problem(one)),
        None => {}
    }
    problems
}

/// Reads one problem: a sentence, or an object whose members may be of any type.
fn problem(json: Json) -> Option<Problem> {
    match json {
        Json::String(text) => Some(Problem::from_detail(text)),
        Json::Object(_) => {
            let decoded: Option<Problem> = dialect::decode_value(&json).ok();
            if decoded.as_ref().is_some_and(|problem| !problem.text().is_empty()) {
                return decoded;
            }
            let text = |name: &str| sentence(&json[name]);
            let Some(text) = ["message", "detail", "title"].into_iter().find_map(text) else { return decoded };
            let mut problem = Problem::from_detail(text);
            problem.code = json["code"].as_i64().or_else(|| json["code"].as_str()?.parse().ok());
            problem.type_url = json["type"].as_str().unwrap_or_default().to_owned();
            Some(problem)
        }
        _ => None,
    }
}

/// Returns a text, or the first text of a list.
fn sentence(json: &Json) -> Option<String> {
    let text = json.as_str().or_else(|| json.get(0)?.as_str())?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Maximum length of a text that is not from the API, in characters.
const MAX_WORDS: usize = 200;

/// Number of bytes at the beginning of a body in which words are looked for.
const MAX_WORDS_BODY: usize = 256 << 10;

/// Returns the words of a body that has no problems in a form of the API: of a web page its title, of JSON its message, of
/// text its beginning.
pub(crate) fn words_in(body: &[u8]) -> Option<String> {
    // The beginning of a large body is a text: its values would take many times its size.
    let text = String::from_utf8_lossy(body.get(..MAX_WORDS_BODY).unwrap_or(body));
    let text = text.trim_start_matches('\u{feff}').trim();
    if let Ok(json) = tolerant::parse(text.as_bytes()) {
        let message = |name: &str| sentence(&json[name]);
        let words =
            sentence(&json).or_else(|| ["message", "reason", "description", "msg"].into_iter().find_map(message));
        // Anything else is shown as it is.
        let has_members = json
            .as_object()
            .map_or(json.as_array().is_some_and(|items| !items.is_empty()), |members| !members.is_empty());
        return words.or_else(|| has_members.then(|| json.to_string())).map(|words| one_line(&words, MAX_WORDS));
    }
    let lower = text.to_ascii_lowercase();
    if text.starts_with('<') && (lower.contains("<html") || lower.starts_with("<!doctype")) {
        let title = lower.find("<title").and_then(|at| text[at..].split_once('>')?.1.split('<').next());
        let title = title
            .map(|title| one_line(title, MAX_WORDS))
            .filter(|title| !title.is_empty())
            .map(|title| format!(" \u{201c}{title}\u{201d}"));
        return Some(format!(
            "an HTML page{} of a proxy or of the network edge, not of the API",
            title.unwrap_or_default()
        ));
    }
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    // A text in another encoding has few of these, and other data has many.
    let replaced = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    (!text.is_empty() && controls == 0 && replaced <= text.chars().count() / 4).then(|| one_line(text, MAX_WORDS))
}

/// Joins the lines of a text and shortens it. Control characters are left out.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    match line.char_indices().nth(max_chars) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<String> {
        problems_in(body.as_bytes()).iter().map(|problem| problem.text().to_owned()).collect()
    }

    #[test]
    fn problems_are_read_in_every_form() {
        assert_eq!(texts(r#"{"errors":"no sharing"}"#), ["no sharing"]);
        assert_eq!(texts(r#"{"errors":["one","two"]}"#), ["one", "two"]);
        assert_eq!(texts(r#"{"errors":{"code":187,"message":"Status is a duplicate."}}"#), ["Status is a duplicate."]);
        assert_eq!(texts(r#"{"error":{"code":3,"message":"nested"}}"#), ["nested"]);
        assert_eq!(texts(r#"{"title":null,"detail":["x"],"status":"400"}"#), ["x"]);
        assert_eq!(texts(r#"{"errors":[null,{"code":"187","message":"again"},{"message":null}]}"#), ["again", ""]);
        assert_eq!(problems_in(br#"{"errors":[{"code":"187","message":"again"}]}"#)[0].code, Some(187));
        assert_eq!(texts(r#"{"errors":[{"title":"Invalid","details":["at position 1"]}]}"#), ["at position 1"]);
        assert!(texts("null").is_empty() && texts("[]").is_empty() && texts("42").is_empty());
    }

    #[test]
    fn partial_errors_are_read_in_every_form_and_bounded() {
        let texts = |body: &str| -> Vec<String> {
            partial_errors(body.as_bytes()).iter().map(|problem| problem.text().to_owned()).collect()
        };
        assert_eq!(
            texts(r#"{"data":{"title":"x"},"errors":[{"detail":"one"},"two",7,{"title":null,"message":["three"]}]}"#),
            ["one", "two", "three"]
        );
        assert_eq!(texts(r#"{"title":"an article","errors":{"message":"four"}}"#), ["four"]);
        assert_eq!(texts(r#"{"errors":"five"}"#), ["five"]);
        for none in
            ["{}", "[]", "", "null", r#"{"errors":null}"#, r#"{"errors":[]}"#, r#"{"errors":["#, "{\"title\":\"x\"}"]
        {
            assert!(texts(none).is_empty(), "{none}");
        }
        let long = "x".repeat(MAX_PARTIAL_ERROR_SIZE);
        assert_eq!(texts(&format!(r#"{{"errors":["{long}","short"]}}"#)), ["short"]);
        assert_eq!(texts(&format!(r#"{{"errors":["a"{}]}}"#, ",\"a\"".repeat(5_000))).len(), MAX_PARTIAL_ERRORS);
    }

    #[test]
    fn words_are_those_of_the_server() {
        let words = |body: &str| words_in(body.as_bytes());
        let page = "<!DOCTYPE html>\n<html><head><title>Attention\n Required</title></head><body>x</body></html>";
        assert!(words(page).is_some_and(|words| words.contains("HTML page \u{201c}Attention Required\u{201d}")));
        assert_eq!(words("upstream\n connect error").as_deref(), Some("upstream connect error"));
        assert_eq!(words(r#"{"message":"slow down"}"#).as_deref(), Some("slow down"));
        assert_eq!(words(r#""bad""#).as_deref(), Some("bad"));
        assert_eq!(words(r#"{"errors":{"text":["bad"]}}"#).as_deref(), Some(r#"{"errors":{"text":["bad"]}}"#));
        assert_eq!((words("{}"), words("[]")), (None, None));
        assert_eq!(words_in(b"arr\xeat du service").as_deref(), Some("arr\u{fffd}t du service"));
        assert_eq!(words(&"x".repeat(900)).map(|words| words.chars().count()), Some(201));
        assert_eq!((words(""), words("42"), words("\u{1f}\u{8b}x")), (None, None, None));
        assert_eq!(words_in(&[0xff, 0xfe]), None);
        let many = format!(r#"{{"message":"slow down"{}}}"#, r#","a":1"#.repeat(1 << 16));
        assert!(words(&many).is_some_and(|words| words.starts_with(r#"{"message":"slow down""#)), "its beginning");
    }
}
