//! Fields of items by their paths, and templates that contain them.

use std::convert::Infallible;
use std::str::FromStr;

use serde_json::Value as Json;

/// Returns the text of a field, such as `public_metrics.like_count`. Several values are separated by commas.
///
/// `text` is the full text of a post. A name of the other dialect, such as `repost_count` for `retweet_count`, is accepted.
pub(crate) fn field(item: &Json, path: &str) -> Option<String> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match item {
        Json::Array(items) if name.parse::<usize>().is_err() => {
            let found: Vec<String> = items.iter().filter_map(|item| field(item, path)).collect();
            (!found.is_empty()).then(|| found.join(", "))
        }
        Json::Array(items) => follow(items.get(name.parse::<usize>().ok()?)?, rest),
        Json::Object(members) => {
            let long = ["note_tweet", "note_post"].iter().find_map(|note| members.get(*note)?.get("text"));
            let member = match name {
                "text" => long.or_else(|| members.get(name)),
                _ => members.get(name).or_else(|| other_names(name).iter().find_map(|name| members.get(name))),
            };
            follow(member?, rest)
        }
        _ => None,
    }
}

fn follow(value: &Json, rest: Option<&str>) -> Option<String> {
    match (value, rest) {
        (_, Some(rest)) => field(value, rest),
        (Json::Null, None) => None,
        (Json::String(text), None) => Some(text.clone()),
        (Json::Array(items), None) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            Some(items.iter().filter_map(|item| follow(item, None)).collect::<Vec<_>>().join(", "))
        }
        (other, None) => Some(other.to_string()),
    }
}

/// Names of the same field in the other dialect.
fn other_names(name: &str) -> [String; 2] {
    [
        name.replace("repost", "retweet").replace("post", "tweet"),
        name.replace("retweet", "repost").replace("tweet", "post"),
    ]
}

/// A line with fields in braces, such as `{created_at} @{author.username}: {text}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(String),
}

impl Template {
    /// Returns the line of an item. `clean` prepares the value of a field.
    pub(crate) fn fill(&self, item: &Json, clean: impl Fn(&str) -> String) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Field(path) => field(item, path).map_or_else(String::new, |value| clean(&value)),
        });
        parts.collect()
    }
}

impl FromStr for Template {
    type Err = String;

    /// Parses a template. `\n` and `\t` are a line break and a tab, `{{` and `}}` are braces.
    fn from_str(text: &str) -> Result<Self, String> {
        let (mut parts, mut literal, mut rest) = (Vec::new(), String::new(), text.chars().peekable());
        while let Some(c) = rest.next() {
            match (c, rest.peek().copied()) {
                ('\\', Some('n')) => literal.push('\n'),
                ('\\', Some('t')) => literal.push('\t'),
                ('\\', Some('\\')) | ('{', Some('{')) | ('}', Some('}')) => literal.push(c),
                ('{', _) => {
                    let path: String = std::iter::from_fn(|| rest.next_if(|c| *c != '}')).collect();
                    if rest.next().is_none() || path.trim().is_empty() {
                        return Err("a field is written as {name}, a brace as {{".to_owned());
                    }
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                    parts.push(Part::Field(path.trim().to_owned()));
                    continue;
                }
                _ => {
                    literal.push(c);
                    continue;
                }
            }
            rest.next();
        }
        parts.push(Part::Text(literal));
        Ok(Self(parts))
    }
}

/// Names of columns, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(pub(crate) Vec<String>);

impl FromStr for Columns {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_found_by_path() {
        let post = json!({
            "text": "short", "note_tweet": {"text": "the whole text"}, "public_metrics": {"retweet_count": 3},
            "author": {"username": "robin"}, "media": [{"url": "a"}, {"url": "b"}], "tags": ["x", 1], "none": null,
        });
        let found = |path| field(&post, path);
        assert_eq!(found("text").as_deref(), Some("the whole text"));
        assert_eq!(found("public_metrics.repost_count").as_deref(), Some("3"));
        assert_eq!(found("author.username").as_deref(), Some("robin"));
        assert_eq!((found("media.url").as_deref(), found("media.1.url").as_deref()), (Some("a, b"), Some("b")));
        assert_eq!(found("tags").as_deref(), Some("x, 1"));
        assert_eq!(found("author").as_deref(), Some("{\"username\":\"robin\"}"));
        for missing in ["none", "nothing", "text.more", "media.9.url", "author.nothing", ""] {
            assert_eq!(found(missing), None, "{missing}");
        }
    }

    #[test]
    fn a_template_contains_text_and_fields() {
        let fill = |text: &str| text.parse::<Template>().unwrap().fill(&json!({"id": "20"}), str::to_owned);
        assert_eq!(fill("{id}\\t{ id }|{nothing}|{{id}}\\\\"), "20\t20||{id}\\");
        assert_eq!(fill("é \\x"), "é \\x");
        for wrong in ["{id", "{}", "{ }"] {
            assert!(wrong.parse::<Template>().is_err(), "{wrong}");
        }
    }
}
