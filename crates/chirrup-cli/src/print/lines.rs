//! The lines of `--jsonl`: each item of a response with the included objects that belong to it.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write};

use chirrup::internal::members;
use serde_json::Value as Json;

use super::included::{self, Belonging, text};
use super::json::{self, Layout};

/// An item of a response, as a line of JSON: `{"data": …, "includes": …}`.
pub(super) struct Line<'i, 'a> {
    item: &'a [u8],
    /// The included objects that belong to the item. `None` for an item that is the whole line.
    included: Option<Belonging<'i, 'a>>,
}

/// Visits the items of a response as lines. A body without `data` is one line if it may be an item.
pub(super) fn visit<E>(
    body: &[u8],
    may_be_item: bool,
    mut work: impl FnMut(Line<'_, '_>) -> Result<(), E>,
) -> Result<(), E> {
    included::visit(body, may_be_item, |item, context| {
        work(Line { item, included: context.map(|context| context.included.belonging_to(item)) })
    })
}

impl Line<'_, '_> {
    /// Returns the ID of the item, or a fingerprint of its text.
    pub(super) fn key(&self) -> Cow<'_, str> {
        let id = self.included.as_ref().and_then(|_| members(self.item, ["id"])).and_then(|[id]| text(id?));
        id.map_or_else(
            || {
                let mut hasher = DefaultHasher::new();
                self.item.hash(&mut hasher);
                format!("{:x} without an ID", hasher.finish()).into()
            },
            Cow::Borrowed,
        )
    }

    /// Writes the line with its line break. Characters that control a terminal are escaped.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(included) = &self.included else {
            json::write(out, self.item, Layout::Compact)?;
            return writeln!(out);
        };
        write!(out, "{{\"data\":")?;
        json::write(out, self.item, Layout::Compact)?;
        let mut list = None;
        for (name, object) in included.objects() {
            match list {
                None => write!(out, ",\"includes\":{{{}:[", Json::from(name))?,
                Some(before) if before == name => write!(out, ",")?,
                Some(_) => write!(out, "],{}:[", Json::from(name))?,
            }
            list = Some(name);
            json::write(out, object.get().as_bytes(), Layout::Compact)?;
        }
        writeln!(out, "{}", if list.is_none() { "}" } else { "]}}" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<String> {
        texts_of(body, true)
    }

    fn texts_of(body: &str, may_be_item: bool) -> Vec<String> {
        let mut texts = Vec::new();
        let outcome = visit(body.as_bytes(), may_be_item, |line| {
            let mut text = Vec::new();
            line.write(&mut text)?;
            texts.push(String::from_utf8_lossy(&text).trim_end_matches('\n').to_owned());
            std::io::Result::Ok(())
        });
        outcome.expect("memory can be written");
        texts
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
        assert!(texts_of(r#"{"meta": {"result_count": 0}}"#, false).is_empty(), "an empty page has no items");
    }

    #[test]
    fn an_object_that_is_included_many_times_takes_little_time() {
        let users = vec![r#"{"id":"12","username":"x"}"#; 50_000].join(",");
        let body = format!(r#"{{"data":[{{"id":"1","author_id":"12"}}],"includes":{{"users":[{users}]}}}}"#);
        let begun = std::time::Instant::now();
        assert_eq!(texts(&body)[0].matches(r#""id":"12""#).count(), 50_000);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn lists_of_included_objects_that_are_none_are_absent() {
        for users in ["null", "7", "{}"] {
            let includes = format!(r#"{{"users":{users},"tweets":[{{"id":"1"}}]}}"#);
            let body = format!(r#"{{"data":[{{"id":"2","quotes":"1"}},{{"id":"3"}}],"includes":{includes}}}"#);
            let first = r#"{"data":{"id":"2","quotes":"1"},"includes":{"tweets":[{"id":"1"}]}}"#;
            assert_eq!(texts(&body), [first, r#"{"data":{"id":"3"}}"#]);
        }
        assert_eq!(texts(r#"{"data":[{"id":"2"},{"id":"3"}],"includes":null}"#).len(), 2);
        assert_eq!(texts(r#"[{"id": "2"}, {"id": "3"}]"#), [r#"{"id":"2"}"#, r#"{"id":"3"}"#]);
    }
}
