//! The lines of `--jsonl`: each item of a response with the included objects that belong to it.

use std::collections::{BTreeMap, HashSet};

use chirrup::model::tolerant::parse as parse_json;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::json::{Layout, to_text};

/// Members of an included object that identify it.
const KEYS: [&str; 3] = ["id", "media_key", "username"];

/// A response body whose parts keep the text of the server.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    includes: Option<BTreeMap<String, Vec<&'a RawValue>>>,
}

/// An item of a response, as a line of JSON.
pub(crate) struct Line {
    /// ID of the item, if it has one.
    pub(crate) id: Option<String>,
    /// The line, without its line break.
    pub(crate) text: String,
}

/// Returns the items of a response as `{"data": …, "includes": …}`. A body without `data` is one line if it may be an item.
pub(crate) fn lines(body: &[u8], may_be_item: bool) -> Vec<Line> {
    let Ok(Body { data: Some(data), includes }) = serde_json::from_slice(body) else {
        if !may_be_item {
            return Vec::new();
        }
        return vec![Line { id: None, text: to_text(body, Layout::Compact) }];
    };
    let includes = Included::new(includes.unwrap_or_default());
    match serde_json::from_str::<Vec<&RawValue>>(data.get()) {
        Ok(items) => items.into_iter().map(|item| includes.line(item)).collect(),
        Err(_) => vec![includes.line(data)],
    }
}

/// An included object: its list, its text, what identifies it and what it refers to.
struct Object<'a> {
    list: String,
    raw: &'a RawValue,
    keys: Vec<String>,
    refers_to: HashSet<String>,
}

struct Included<'a>(Vec<Object<'a>>);

impl<'a> Included<'a> {
    fn new(lists: BTreeMap<String, Vec<&'a RawValue>>) -> Self {
        let objects = lists.into_iter().flat_map(|(list, objects)| {
            objects.into_iter().map(move |raw| {
                let json = parse_json(raw.get().as_bytes()).unwrap_or_default();
                let keys = KEYS.iter().filter_map(|key| json[*key].as_str().map(str::to_owned)).collect();
                let mut refers_to = HashSet::new();
                collect_texts(&json, &mut refers_to);
                Object { list: list.clone(), raw, keys, refers_to }
            })
        });
        Self(objects.collect())
    }

    fn line(&self, item: &RawValue) -> Line {
        let json = parse_json(item.get().as_bytes()).unwrap_or_default();
        let mut text = format!("{{\"data\":{}", to_text(item.get().as_bytes(), Layout::Compact));
        let mut list = "";
        for object in self.belonging_to(&json) {
            text.push_str(match list {
                "" => ",\"includes\":{",
                before if before == object.list => ",",
                _ => "],",
            });
            if list != object.list {
                list = &object.list;
                text.push_str(&format!("{}:[", Json::from(list)));
            }
            text.push_str(&to_text(object.raw.get().as_bytes(), Layout::Compact));
        }
        text.push_str(if list.is_empty() { "}" } else { "]}}" });
        Line { id: json["id"].as_str().map(str::to_owned), text }
    }

    /// Returns the objects that an item refers to, directly or through other included objects.
    fn belonging_to(&self, item: &Json) -> impl Iterator<Item = &Object<'a>> {
        let mut known = HashSet::new();
        collect_texts(item, &mut known);
        let mut chosen = vec![false; self.0.len()];
        loop {
            let mut has_grown = false;
            for (object, chosen) in self.0.iter().zip(&mut chosen) {
                if !*chosen && object.keys.iter().any(|key| known.contains(key)) {
                    (*chosen, has_grown) = (true, true);
                    known.extend(object.refers_to.iter().cloned());
                }
            }
            if !has_grown {
                break;
            }
        }
        self.0.iter().zip(chosen).filter_map(|(object, chosen)| chosen.then_some(object))
    }
}

/// Collects the texts in a value: IDs, keys and usernames are among them.
fn collect_texts(json: &Json, texts: &mut HashSet<String>) {
    match json {
        Json::String(text) => drop(texts.insert(text.clone())),
        Json::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Json::Object(members) => members.values().for_each(|member| collect_texts(member, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<String> {
        lines(body.as_bytes(), true).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_line_has_the_objects_that_belong_to_its_item() {
        let body = r#"{"data": [
            {"id": "2", "author_id": "12", "referenced_tweets": [{"type": "quoted", "id": "1"}], "x": 1.0},
            {"id": "3", "author_id": "13"}],
            "includes": {"users": [{"id": "12"}, {"id": "13"}, {"id": "14"}], "tweets": [{"id": "1", "author_id": "14"}]}}"#;
        assert_eq!(
            texts(body),
            [
                r#"{"data":{"id":"2","author_id":"12","referenced_tweets":[{"type":"quoted","id":"1"}],"x":1.0},"includes":{"tweets":[{"id":"1","author_id":"14"}],"users":[{"id":"12"},{"id":"14"}]}}"#,
                r#"{"data":{"id":"3","author_id":"13"},"includes":{"users":[{"id":"13"}]}}"#,
            ]
        );
    }

    #[test]
    fn single_items_and_other_bodies_are_one_line() {
        assert_eq!(texts(r#"{"data": {"id": "2"}, "meta": {}}"#), [r#"{"data":{"id":"2"}}"#]);
        assert_eq!(texts(r#"{"meta": {"sent": "now"}}"#), [r#"{"meta":{"sent":"now"}}"#]);
        assert_eq!(texts("not JSON"), ["not JSON"]);
        assert!(texts(r#"{"data": []}"#).is_empty());
        assert!(lines(br#"{"meta": {"result_count": 0}}"#, false).is_empty(), "an empty page has no items");
    }
}
