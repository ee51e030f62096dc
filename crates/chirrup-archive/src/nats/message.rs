//! Messages: an item with what it refers to, or a note about a source.

use std::collections::HashSet;

use async_nats::HeaderMap;
use async_nats::header::HeaderValue;
use bytes::Bytes;
use chirrup_api::internal::{line_key, post_id};
use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::names::{subject_of, token_of};
use crate::collection::{ItemKind, Page, Relation};
use crate::jsonl::included::Included;
use crate::lines::push_line;
use crate::objects::{Body, objects_of};
use crate::report::{Gap, Report};

/// Kind of the notes in their subjects. Those of the items are the names of the [`ItemKind`]s.
const NOTES: &str = "notes";
const SOURCE: &str = "Chirrup-Source";
const SEEN_AT: &str = "Chirrup-Seen-At";
const RELATION: &str = "Chirrup-Relation";
/// Relations between the subject of a source and its items.
const RELATIONS: [&str; 5] = ["follows", "likes", "reposts", "is_member_of", "follows_list"];

/// A message that is not published yet.
#[derive(Debug)]
pub(super) struct NewMessage {
    pub(super) subject: String,
    /// ID by which the server recognizes a duplicate: that of a post.
    pub(super) id: String,
    /// Number that stands for the item, as in other archives; `None` for a note.
    pub(super) key: Option<u64>,
    pub(super) headers: HeaderMap,
    pub(super) payload: Bytes,
}

/// Messages of a page, each item once.
#[derive(Debug, Default)]
pub(super) struct PageMessages {
    pub(super) messages: Vec<NewMessage>,
    /// Number of items, with those that the page repeats.
    pub(super) items: u64,
    pub(super) oldest_id: Option<u64>,
    pub(super) newest_id: Option<u64>,
}

/// A message of the stream.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) source: String,
    pub(super) seen_at: Timestamp,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Item { items: ItemKind, relation: Option<Relation> },
    Note(Note),
}

/// Gap, partial error or undecodable line of a source. Times are milliseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Note {
    Gap { from: Option<i64>, to: Option<i64>, cause: String, filled: String },
    Problem { json: String, why: String },
}

impl Note {
    /// Adds the note to a report.
    pub(super) fn add_to(self, report: &mut Report) {
        match self {
            Self::Problem { json, why } => report.problems.push((json, why)),
            Self::Gap { from, to, cause, filled } => {
                let [from, to] = [from, to].map(|time| time.map(Timestamp::from_millis));
                report.gaps.push(Gap { from, to, cause, filled });
            }
        }
    }
}

/// Writes the messages of a page of a source.
pub(super) struct PageWriter<'p> {
    stream: &'p str,
    source: &'p str,
    page: &'p Page<'p>,
    headers: HeaderMap,
    known: HashSet<u64>,
    written: PageMessages,
}

impl<'p> PageWriter<'p> {
    pub(super) fn new(stream: &'p str, source: &'p str, page: &'p Page<'p>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(SOURCE, header(source));
        headers.insert(SEEN_AT, HeaderValue::from(page.seen_at.as_millis()));
        if let Some(Relation { name, subject, items_are_sources }) = page.relation {
            headers.insert(RELATION, header(&format!("{name} {subject} {items_are_sources}")));
        }
        let written = PageMessages::default();
        Self { stream, source, page, headers, known: HashSet::new(), written }
    }

    /// Adds the items and partial errors of a body, of which `raw` is the text.
    pub(super) fn add_body(&mut self, raw: &[u8], body: &Body<'_>) {
        for error in body.errors.iter().flatten() {
            self.add_note(&Note::Problem { json: error.get().to_owned(), why: "partial error".to_owned() });
        }
        let Some(data) = body.data else { return };
        if data.get().starts_with('{') {
            // A line of a stream is complete.
            return self.add_item(raw);
        }
        let included = Included::new(body.includes.as_ref());
        for object in objects_of(data) {
            if object.get().starts_with('{') {
                self.add_item(&self.line_of(object, &included));
            } else {
                let why = "it is not an object".to_owned();
                self.add_note(&Note::Problem { json: object.get().to_owned(), why });
            }
        }
    }

    /// Adds gaps and undecodable lines.
    pub(super) fn add_report(&mut self, report: &Report) {
        for (json, why) in &report.problems {
            self.add_note(&Note::Problem { json: json.clone(), why: why.clone() });
        }
        for Gap { from, to, cause, filled } in &report.gaps {
            let [from, to] = [from, to].map(|time| time.map(Timestamp::as_millis));
            self.add_note(&Note::Gap { from, to, cause: cause.clone(), filled: filled.clone() });
        }
    }

    pub(super) fn finish(self) -> PageMessages {
        self.written
    }

    /// Returns the line of an item, with the objects that it refers to and, of a list of users, with the relation.
    fn line_of(&self, object: &RawValue, included: &Included<'_>) -> Vec<u8> {
        let mut line = [b"{\"data\":", object.get().as_bytes()].concat();
        included.append(object.get(), &mut line);
        line.push(b'}');
        line
    }

    fn add_item(&mut self, line: &[u8]) {
        let payload = payload_of(line);
        let (key, number) = (line_key(&payload), post_id(&payload));
        self.written.items += 1;
        if !self.known.insert(key) {
            return;
        }
        self.written.oldest_id = self.written.oldest_id.into_iter().chain(number).min();
        self.written.newest_id = self.written.newest_id.max(number);
        let id = match (number, self.page.items) {
            (Some(id), ItemKind::Posts) => id.to_string(),
            (Some(id), _) => format!("{id} of {}", token_of(self.source)),
            (None, _) => format!("line {key:016x}"),
        };
        self.push(self.page.items.name(), id, Some(key), payload);
    }

    fn add_note(&mut self, note: &Note) {
        let payload = payload_of(&serde_json::to_vec(note).unwrap_or_default());
        let id = format!("note {:08x} of {}", crc32fast::hash(&payload), token_of(self.source));
        self.push(NOTES, id, None, payload);
    }

    fn push(&mut self, kind: &str, id: String, key: Option<u64>, payload: Bytes) {
        let subject = subject_of(self.stream, kind, self.source);
        self.written.messages.push(NewMessage { subject, id, key, headers: self.headers.clone(), payload });
    }
}

/// Returns a line as a payload, without the characters that control a terminal.
fn payload_of(line: &[u8]) -> Bytes {
    let mut payload = Vec::with_capacity(line.len() + 1);
    push_line(&mut payload, line);
    payload.pop();
    payload.into()
}

/// Returns a text as a header, in which line breaks are blanks.
fn header(text: &str) -> HeaderValue {
    text.replace(char::is_control, " ").trim().parse().unwrap_or_else(|_| HeaderValue::from(0))
}

/// Returns the number that stands for the item of a message ID.
pub(super) fn key_of_id(id: &str) -> Option<u64> {
    match id.strip_prefix("line ") {
        Some(hash) => u64::from_str_radix(hash, 16).ok(),
        None => id.split(' ').next()?.parse().ok(),
    }
}

/// Reads a message of the stream.
pub(super) fn read(subject: &str, headers: Option<&HeaderMap>, payload: &[u8]) -> Result<Received, String> {
    let header = |name: &str| headers.and_then(|headers| headers.get(name)).map(HeaderValue::as_str);
    let source = header(SOURCE).ok_or_else(|| format!("it has no header `{SOURCE}`"))?.to_owned();
    let seen_at = header(SEEN_AT).and_then(|time| time.parse().ok()).unwrap_or(0);
    let seen_at = Timestamp::from_millis(seen_at);
    let kind = subject.split('.').nth(2);
    let content = match ItemKind::ALL.into_iter().find(|items| kind == Some(items.name())) {
        Some(items) => Content::Item { items, relation: header(RELATION).and_then(relation_of) },
        None if kind == Some(NOTES) => Content::Note(serde_json::from_slice(payload).map_err(|why| why.to_string())?),
        None => return Err(format!("its subject is `{subject}`")),
    };
    Ok(Received { source, seen_at, content })
}

/// Reads the header of a relation.
fn relation_of(text: &str) -> Option<Relation> {
    let mut words = text.split(' ');
    let name = words.next()?;
    let name = RELATIONS.into_iter().find(|known| *known == name)?;
    Some(Relation { name, subject: words.next()?.parse().ok()?, items_are_sources: words.next()? == "true" })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn messages_have_the_items_of_a_page_once_and_can_be_read() {
        let body = br#"{"data":[{"id":"12","username":"robin"},{"id":"12","username":"robin"},{"id":"x"},7],
            "includes":{"tweets":[{"id":"5","text":"pinned"}]},"errors":[{"title":"Not Found Error"}]}"#;
        let relation = Relation { name: "follows", subject: 34, items_are_sources: true };
        let seen_at = Timestamp::from_millis(99);
        let (bodies, relation) = ([&body[..]], Some(relation));
        let page =
            Page { bodies: &bodies, items: ItemKind::Users, relation, seen_at, cost_micros: 0, next_token: None };
        let mut writer = PageWriter::new("birds", "followers id=34", &page);
        writer.add_body(body, &serde_json::from_slice(body).unwrap());
        let PageMessages { messages, items, oldest_id, newest_id } = writer.finish();
        assert_eq!((items, oldest_id, newest_id, messages.len()), (3, Some(12), Some(12), 4));
        let ids: Vec<&str> = messages.iter().map(|message| message.id.split(' ').next().unwrap()).collect();
        assert_eq!(ids, ["note", "12", "line", "note"]);
        for message in &messages {
            assert_eq!(message.key, key_of_id(&message.id), "{}", message.id);
            let read = read(&message.subject, Some(&message.headers), &message.payload).unwrap();
            assert_eq!((read.source.as_str(), read.seen_at), ("followers id=34", seen_at));
            match read.content {
                Content::Note(Note::Problem { why, .. }) => assert!(message.id.starts_with("note"), "{why}"),
                Content::Item { items, relation } => {
                    assert_eq!(items, ItemKind::Users);
                    assert_eq!(
                        relation.map(|it| (it.name, it.subject, it.items_are_sources)),
                        Some(("follows", 34, true))
                    );
                }
                other => unreachable!("{other:?}"),
            }
        }
        assert!(read("chirrup.birds.posts.a", None, b"{}").is_err());
    }
}
