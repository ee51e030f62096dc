//! Shapes of recorded responses: keys, types and forms without values, and the comparison of a response with them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

/// Keys that depend on how many items there are.
const OPTIONAL: [&str; 7] =
    ["{number}", "next_token", "previous_token", "next_results", "next_cursor", "next_cursor_str", "resources"];

/// Differences between recordings and responses: kind and place, with the first exchange that has it.
pub(crate) type Differences = BTreeMap<(String, String), String>;

/// Recorded shapes of the objects of v1.1, which are the same in all responses.
#[derive(Debug, Default)]
pub(crate) struct Nouns(BTreeMap<&'static str, Json>);

/// What an object of v1.1 is, by its keys.
fn noun(keys: &Map<String, Json>) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().all(|name| keys.contains_key(*name));
    match () {
        () if has(&["screen_name", "followers_count"]) => Some("v1 user"),
        () if has(&["id_str", "user", "retweet_count"]) => Some("v1 status"),
        () if has(&["media_url_https", "sizes"]) => Some("v1 media"),
        () if has(&["place_type", "full_name"]) => Some("v1 place"),
        () if has(&["slug", "member_count"]) => Some("v1 list"),
        () => None,
    }
}

/// Adds one shape to another of the same place.
fn merge(into: &mut Json, other: &Json) {
    match (into, other) {
        (Json::Object(into), Json::Object(other)) => {
            for (name, value) in other.iter().filter(|(name, _)| *name != "lengths") {
                match into.get_mut(name) {
                    Some(known) => merge(known, value),
                    None => drop(into.insert(name.clone(), value.clone())),
                }
            }
        }
        (into, other) => {
            if let (Some(one), Some(more)) = (into.as_u64(), other.as_u64()) {
                *into = json!(one + more);
            }
        }
    }
}

impl Nouns {
    /// Collects the objects in a recorded shape.
    pub(crate) fn collect(&mut self, shape: &Json) {
        if let Some(keys) = shape["keys"].as_object() {
            if let Some(name) = noun(keys) {
                merge(self.0.entry(name).or_insert_with(|| json!({})), shape);
            }
            keys.values().for_each(|child| self.collect(child));
        }
        if shape["items"].is_object() {
            self.collect(&shape["items"]);
        }
    }
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Object(_) => "object",
        Json::Array(_) => "array",
        Json::String(_) => "string",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::Null => "null",
    }
}

fn is_v2_time(text: &str) -> bool {
    text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T' && text[..4].parse::<u16>().is_ok()
}

/// The form of a text that recordings name.
fn form(text: &str) -> &'static str {
    let is_escaped = ["&amp;", "&lt;", "&gt;"].iter().any(|mark| text.contains(mark));
    match text {
        _ if text.is_ascii() && is_v2_time(text) => {
            if text.ends_with(".000Z") {
                "time.000"
            } else {
                "time"
            }
        }
        _ if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => "digits",
        _ if text.starts_with("https://t.co/") => "t.co",
        _ if is_escaped => "text escaped",
        _ if text.contains(['<', '>', '&']) && !text.starts_with("http") && !text.starts_with("<a ") => "text bare",
        _ => "text",
    }
}

/// One response that is compared with a recording.
#[derive(Debug)]
pub(crate) struct Comparison<'c> {
    pub(crate) nouns: &'c Nouns,
    pub(crate) is_v1: bool,
    pub(crate) exchange: &'c str,
    pub(crate) differences: &'c mut Differences,
}

impl Comparison<'_> {
    pub(crate) fn differ(&mut self, kind: impl Into<String>, place: &str) {
        self.differences.entry((kind.into(), place.to_owned())).or_insert_with(|| self.exchange.to_owned());
    }

    /// Compares the values in one place of a response with its recorded shape.
    pub(crate) fn compare(&mut self, shape: &Json, values: &[&Json], place: &str) {
        self.compare_types(shape, values, place);
        self.compare_forms(shape, values, place);
        let mut groups: BTreeMap<Option<&str>, Vec<&Map<String, Json>>> = BTreeMap::new();
        for object in values.iter().filter_map(|value| value.as_object()) {
            groups.entry(noun(object).filter(|_| self.is_v1)).or_default().push(object);
        }
        let nouns = self.nouns;
        for (name, objects) in groups {
            match name.and_then(|name| Some((nouns.0.get(name)?, name))) {
                Some((known, name)) => self.compare_keys(known, &objects, name),
                None => self.compare_keys(shape, &objects, place),
            }
        }
        let items: Vec<&Json> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
        if !items.is_empty() && shape["items"].is_object() {
            self.compare(&shape["items"], &items, &format!("{place}[]"));
        }
    }

    fn compare_types(&mut self, shape: &Json, values: &[&Json], place: &str) {
        let recorded: BTreeSet<&str> = shape["types"]
            .as_object()
            .into_iter()
            .flat_map(|types| types.keys())
            .map(|name| if name == "integer" { "number" } else { name.as_str() })
            .collect();
        let often = shape["n"].as_u64() >= Some(5);
        for value in values {
            let found = type_of(value);
            let is_new = if value.is_null() { often } else { recorded.iter().ne(&["null"]) };
            if !recorded.contains(found) && is_new {
                self.differ(format!("type {found}, recorded {recorded:?}"), place);
            }
        }
    }

    fn compare_forms(&mut self, shape: &Json, values: &[&Json], place: &str) {
        let recorded: Vec<&str> =
            shape["forms"].as_object().into_iter().flat_map(|forms| forms.keys()).map(String::as_str).collect();
        for found in values.iter().filter_map(|value| value.as_str()).map(form) {
            if let [only @ ("time.000" | "t.co" | "digits")] = recorded[..]
                && found != only
            {
                self.differ(format!("form {found}, recorded {only}"), place);
            }
            if recorded.contains(&"text escaped") && !recorded.contains(&"text bare") && found == "text bare" {
                self.differ("text is not escaped", place);
            }
        }
    }

    fn compare_keys(&mut self, shape: &Json, objects: &[&Map<String, Json>], place: &str) {
        let Some(keys) = shape["keys"].as_object() else { return };
        let total = &shape["types"]["object"];
        for (key, child) in keys.iter().filter(|(key, _)| !OPTIONAL.contains(&key.as_str())) {
            let values: Vec<&Json> = objects.iter().filter_map(|object| object.get(key)).collect();
            if values.is_empty() && child["n"] == *total {
                self.differ("key missing", &format!("{place}.{key}"));
            } else if !values.is_empty() {
                self.compare(child, &values, &format!("{place}.{key}"));
            }
        }
        if keys.contains_key("{number}") || total.as_u64() < Some(5) {
            return;
        }
        for key in objects.iter().flat_map(|object| object.keys()).filter(|key| !keys.contains_key(*key)) {
            if key.parse::<u64>().is_err() && !key.starts_with('/') {
                self.differ("key never recorded", &format!("{place}.{key}"));
            }
        }
    }
}
