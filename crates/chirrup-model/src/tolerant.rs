//! Decoding of responses with values that the types cannot hold: what cannot be decoded is left out and reported.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::dialect::remove_second_names;

use self::location::{Step, path_at};

mod location;

/// Maximum number of repairs of one response.
const MAX_REPAIRS: usize = 1_000;

/// Maximum number of bytes that are decoded again for repairs, so that a large response cannot occupy the client.
const MAX_DECODED: usize = 256 << 20;

/// Names of the members that identify an object.
const IDENTITIES: [&str; 2] = ["id", "media_key"];

/// Part of a response that could not be decoded and was left out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BodyProblem {
    /// Place in the body, such as `data[3].created_at`. Indices are those of the body.
    pub path: String,
    /// The value, as the server sent it.
    pub json: Json,
    /// Reason why the value cannot be decoded.
    pub reason: String,
    /// Whether the value is a whole item of the response, such as a post of a page.
    pub is_item: bool,
}

/// Decodes JSON and leaves out what the type cannot hold. Returns the parts that were left out, in the order of their
/// discovery.
///
/// `null` is an absent value and no problem, except where it makes an item unreadable. A text that an object requires and
/// does not have is empty, unless it is an ID. Any other object that lacks a required value is left out as a whole.
///
/// # Errors
/// Those of [`serde_json::from_slice`] if the text is not JSON, or if the value itself cannot be decoded.
pub fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<(T, Vec<BodyProblem>), serde_json::Error> {
    let mut body = parse(json)?;
    remove_second_names(&mut body);
    remove_nulls(&mut body);
    let mut problems = Problems::default();
    let mut repairs = MAX_REPAIRS.min(MAX_DECODED / json.len().max(1));
    loop {
        let text = serde_json::to_string(&body)?;
        let error = match serde_json::from_str(&text) {
            Ok(decoded) => return Ok((decoded, problems.found)),
            Err(error) => error,
        };
        if repairs == 0 || !problems.leave_out(&mut body, &path_at(text.as_bytes(), error.column()), &reason_of(&error))
        {
            return Err(error);
        }
        repairs -= 1;
    }
}

/// Parses JSON, also if texts in it are not characters, or if numbers in it are too large. These become texts.
///
/// # Errors
/// Those of [`serde_json::from_slice`] if the text is not JSON.
pub fn parse(json: &[u8]) -> Result<Json, serde_json::Error> {
    serde_json::from_slice(json).or_else(|error| serde_json::from_str(&repair_text(json)).map_err(|_| error))
}

/// Replaces bytes that are not UTF-8 and escapes of single surrogates, which are not characters. Quotes numbers that no
/// type can hold, such as `1e400` and `NaN`.
fn repair_text(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json);
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut in_text = false;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                in_text = !in_text;
                1
            }
            '\\' if in_text => match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
                (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
                (Some(_), _) => {
                    repaired.push_str("\\ufffd");
                    rest = &rest[6..];
                    continue;
                }
                (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            },
            _ if in_text => rest.find(['"', '\\']).unwrap_or(rest.len()),
            'N' | 'I' | '-' | '0'..='9' => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let number = &rest[..length];
                if number.parse::<f64>().is_ok_and(|number| !number.is_finite()) {
                    repaired.push_str(&format!("\"{number}\""));
                    rest = &rest[length..];
                    continue;
                }
                length
            }
            _ => first.len_utf8(),
        };
        repaired.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    repaired
}

/// Returns the surrogate that a text begins with, in the form `\ud83d`.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|code| (0xd800..=0xdfff).contains(code))
}

fn remove_nulls(json: &mut Json) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(remove_nulls),
        Json::Object(members) => {
            members.retain(|name, value| !value.is_null() || IDENTITIES.contains(&&**name));
            members.values_mut().for_each(remove_nulls);
        }
        _ => {}
    }
}

/// Returns the message of an error without its place.
fn reason_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).map_or_else(|| message.clone(), str::to_owned)
}

#[derive(Default)]
struct Problems {
    found: Vec<BodyProblem>,
    /// Original paths of the members that were filled in. Each is tried once.
    filled: HashSet<String>,
    /// Original indices of the items that were removed from a list, by the path of the list.
    removed: HashMap<String, Vec<usize>>,
}

impl Problems {
    /// Repairs the value at a path, or removes it. Returns `false` if nothing can be left out.
    fn leave_out(&mut self, body: &mut Json, path: &[Step], reason: &str) -> bool {
        if let Some(field) = missing_field(reason)
            && !is_id(field)
            && self.filled.insert(format!("{}.{field}", self.original_path(path)))
            && let Some(Json::Object(members)) = at(body, path)
            && !members.contains_key(field)
        {
            members.insert(field.to_owned(), Json::from(""));
            return true;
        }
        // A value that is not where the error says cannot be removed; the value around it can.
        let mut path = path;
        while !path.is_empty() && at(body, path).is_none() {
            path = &path[..path.len() - 1];
        }
        // An object whose identity cannot be read is no longer that object.
        if let Some((Step::Key(key), object)) = path.split_last()
            && IDENTITIES.contains(&&**key)
        {
            path = object;
        }
        let Some((last, parent)) = path.split_last() else { return false };
        let name = self.original_path(path);
        let list = self.original_path(parent);
        let removed = match (at(body, parent), last) {
            (Some(Json::Array(items)), Step::Index(index)) if *index < items.len() => {
                let original = original_index(self.removed.get(&list), *index);
                let indices = self.removed.entry(list).or_default();
                indices.insert(indices.partition_point(|other| *other < original), original);
                Some(items.remove(*index))
            }
            (Some(Json::Object(members)), Step::Key(key)) => members.remove(key),
            _ => None,
        };
        let Some(json) = removed else { return false };
        // A text that was filled in is not from the server.
        let is_filled = matches!(last, Step::Key(_)) && json == "";
        let is_item =
            matches!(path, [Step::Index(_)]) || matches!(path, [Step::Key(data), Step::Index(_)] if data == "data");
        if !is_filled && (is_item || !reason.starts_with("missing field")) {
            self.found.push(BodyProblem { path: name, json, reason: reason.to_owned(), is_item });
        }
        true
    }

    /// Formats a path with the indices that the items have in the body of the server.
    fn original_path(&self, path: &[Step]) -> String {
        let mut name = String::new();
        for step in path {
            match step {
                Step::Index(index) => {
                    let original = original_index(self.removed.get(&name), *index);
                    name.push_str(&format!("[{original}]"));
                }
                Step::Key(key) if name.is_empty() => name.push_str(key),
                Step::Key(key) => name.push_str(&format!(".{key}")),
            }
        }
        name
    }
}

/// Index of an item before others were removed. `removed` is sorted.
fn original_index(removed: Option<&Vec<usize>>, index: usize) -> usize {
    removed.into_iter().flatten().fold(index, |index, removed| index + usize::from(*removed <= index))
}

fn at<'a>(mut json: &'a mut Json, path: &[Step]) -> Option<&'a mut Json> {
    for step in path {
        json = match step {
            Step::Index(index) => json.get_mut(*index)?,
            Step::Key(key) => json.get_mut(key)?,
        };
    }
    Some(json)
}

/// Returns the name in the message of serde about a missing field.
fn missing_field(reason: &str) -> Option<&str> {
    reason.strip_prefix("missing field `")?.split('`').next()
}

/// Whether a name is that of an identifier, which no other value can replace.
fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id") || name.ends_with("_key") || name.ends_with("_str")
}

/// Shortens a value for a message.
fn excerpt(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

impl std::fmt::Display for BodyProblem {
    /// Names the place, the value and the reason.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} cannot be decoded: {}", self.path, excerpt(&self.json), self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Post, User};

    fn posts(json: &str) -> (Vec<Post>, Vec<String>) {
        let (posts, problems) = decode::<Vec<Post>>(json.as_bytes()).expect("posts");
        (posts, problems.into_iter().map(|problem| problem.path).collect())
    }

    #[test]
    fn an_unreadable_value_is_left_out_and_reported() {
        let (posts, problems) = posts(
            r#"[{"id":"1","text":"a","created_at":"soon"},{"id":"2","text":"b","created_at":"2026-11-20T10:00:00.000Z",
                "public_metrics":{"retweet_count":-1,"reply_count":0,"like_count":0,"quote_count":0}},
                {"id":"3","text":"lone \ud800 surrogate, whole \ud83d\ude00 pair"}]"#,
        );
        assert_eq!(posts.iter().map(|post| post.id.get()).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(posts[0].created_at.is_none() && posts[1].created_at.is_some());
        assert_eq!(posts[2].text, "lone \u{fffd} surrogate, whole 😀 pair");
        assert_eq!(problems, ["[0].created_at", "[1].public_metrics.retweet_count"]);
    }

    #[test]
    fn numbers_that_no_type_holds_are_reported_and_texts_keep_them() {
        let json = "\u{feff}[{\"id\":\"1\",\"text\":\"1e400 \\\" NaN\",\"public_metrics\":{\"like_count\":1e400,\"reply_count\":2}},\
            {\"id\":\"2\",\"text\":\"b\",\"created_at\":-Infinity,\"possibly_sensitive\":NaN}]";
        let (posts, problems) = posts(json);
        assert_eq!(
            (posts.len(), &*posts[0].text, posts[0].public_metrics.map(|metrics| metrics.reply_count)),
            (2, "1e400 \" NaN", Some(2))
        );
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(parse(b"[1e5,-2.5e-3,12345678901234567890123]").is_ok() && parse(b"[Never]").is_err());
    }

    #[test]
    fn an_item_without_an_id_is_reported_at_its_place() {
        let (posts, problems) = posts(r#"[7,{"id":"1","text":"a"},{"id":null,"text":"b"},"x",{"id":"2","text":null}]"#);
        assert_eq!(posts.iter().map(|post| post.id.get()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(posts[1].text, "", "null is absence");
        assert_eq!(problems, ["[0]", "[2]", "[3]"]);
    }

    #[test]
    fn null_is_absence_in_every_optional_place() {
        let whole = r#"{"id":"1","name":"n","username":"u","public_metrics":{"followers_count":1,"following_count":null},
            "entities":{"description":{"urls":[{"start":null,"end":null,"url":null}]}},"pinned_tweet_id":null}"#;
        let (user, problems) = decode::<User>(whole.as_bytes()).expect("a user");
        assert_eq!(user.username, "u");
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_required_value_that_is_not_a_text_leaves_out_its_object() {
        #[derive(Debug, serde::Deserialize)]
        struct Counted {
            count: u64,
            name: String,
        }
        let text = r#"[{"name":"a"},{"count":null,"name":"b"},{"count":2,"name":null},{"count":"x","name":"d"}]"#;
        let (counted, problems) = decode::<Vec<Counted>>(text.as_bytes()).expect("a list");
        assert_eq!(counted.iter().map(|one| (one.count, one.name.as_str())).collect::<Vec<_>>(), [(2, "")]);
        assert_eq!(problems.iter().filter(|problem| problem.is_item).count(), 3, "{problems:?}");
    }

    #[test]
    fn what_cannot_be_decoded_at_all_is_an_error() {
        for text in ["not JSON", "7", r#"{"id":null,"text":"a"}"#, r#"{"id":{"not":"an id"}}"#] {
            assert!(decode::<Post>(text.as_bytes()).is_err(), "{text}");
        }
    }
}
