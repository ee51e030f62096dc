//! Last step of a response of API v2: times, names and problem types in the form of the wire.

use chirrup_model::Dialect;
use serde_json::Value as Json;

/// Bases of the URLs of problem types in the two dialects.
const PROBLEM_TYPES: [&str; 2] = ["https://api.twitter.com/2/problems/", "https://api.x.com/2/problems/"];

/// Cuts times to whole seconds, as X does, and translates names and problem types into the dialect.
pub(crate) fn finish(json: &mut Json, dialect: Dialect) {
    convert("", json, dialect);
    dialect.rewrite(json);
}

fn convert(name: &str, json: &mut Json, dialect: Dialect) {
    match json {
        Json::Object(members) => members.iter_mut().for_each(|(name, member)| convert(name, member, dialect)),
        Json::Array(items) => items.iter_mut().for_each(|item| convert(name, item, dialect)),
        // A text of a user can have the form of a time.
        Json::String(text) if name != "text" => convert_text(name, text, dialect),
        _ => {}
    }
}

fn convert_text(name: &str, text: &mut String, dialect: Dialect) {
    if is_time(text) {
        text.replace_range(20..23, "000");
        return;
    }
    if name == "type"
        && let Some(kind) = PROBLEM_TYPES.iter().find_map(|base| text.strip_prefix(base))
    {
        *text = format!("{}{kind}", PROBLEM_TYPES[usize::from(dialect == Dialect::Post)]);
    }
}

/// Whether a text is a time with milliseconds, such as `2022-05-07T13:20:52.123Z`.
fn is_time(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00.000Z";
    text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, at)| if *at == b'0' { byte.is_ascii_digit() } else { byte == *at })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_cut_and_texts_are_not() {
        let time = "2022-05-07T13:20:52.123Z";
        let mut body = json!({"data": {"text": time, "created_at": time, "lang": "en"}});
        finish(&mut body, Dialect::Tweet);
        assert_eq!(body["data"], json!({"text": time, "created_at": "2022-05-07T13:20:52.000Z", "lang": "en"}));
    }

    #[test]
    fn problem_types_follow_the_dialect() {
        for (dialect, host) in [(Dialect::Tweet, "api.twitter.com"), (Dialect::Post, "api.x.com")] {
            for written in ["api.x.com", "api.twitter.com"] {
                let mut body = json!({"errors": [{"type": format!("https://{written}/2/problems/rule-cap")}]});
                finish(&mut body, dialect);
                assert_eq!(body["errors"][0]["type"], format!("https://{host}/2/problems/rule-cap"));
            }
        }
    }
}
