//! The objects, edges and notes of pages, each object once.

use std::collections::BTreeMap;

use foldhash::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::journal::{Header, PendingPage};
use crate::collection::edge;
use crate::object::{Key, Object, ObjectKind};
use crate::objects::{Body, Id, Includes, objects_of};
use crate::reader::{Deletion, Edge, Note};

/// Content of the segments that are written next.
#[derive(Debug, Default)]
pub(super) struct Batch<'a> {
    objects: BTreeMap<ObjectKind, HashMap<Key<'a>, Object<'a>>>,
    /// Edges with the first and the last time they were seen.
    edges: BTreeMap<(String, i64, i64), (i64, i64)>,
    pub(super) gaps: Vec<Note>,
    pub(super) problems: Vec<Note>,
    pub(super) deletions: Vec<Deletion>,
}

/// Member that identifies an object.
#[derive(Deserialize)]
struct Identified {
    id: Id,
}
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, alias = "media_key")]
    id: std::borrow::Cow<'a, str>,
}

/// Returns the key of an object.
pub(super) fn key_of<'a>(kind: ObjectKind, json: &'a str) -> serde_json::Result<Key<'a>> {
    if kind.has_numeric_keys() {
        serde_json::from_str::<Identified>(json).map(|object| Key::Id(object.id.0))
    } else {
        serde_json::from_str::<Named<'a>>(json).map(|object| Key::Text(object.id))
    }
}

/// Type of the items of a source.
pub(super) fn kind_of(header_kind: &str) -> ObjectKind {
    let kinds = [ObjectKind::User, ObjectKind::Space, ObjectKind::Count];
    kinds.into_iter().find(|kind| kind.table() == header_kind).unwrap_or(ObjectKind::Post)
}

/// Returns the numbers of the items of a body.
pub(super) fn items_of(kind: ObjectKind, body: &Body<'_>) -> Vec<u64> {
    let objects = body.data.into_iter().flat_map(objects_of);
    objects.filter_map(|json| key_of(kind, json.get()).ok()).map(|key| key.number().cast_unsigned()).collect()
}

impl<'a> Batch<'a> {
    /// Adds the objects of a page.
    pub(super) fn add_page(&mut self, page: &'a PendingPage) {
        let header = &page.header;
        for (json, why) in &header.problems {
            self.problem(header, json, why);
        }
        for (from_at, to_at, why, json) in &header.gaps {
            self.gaps.push(Note { from_at: *from_at, to_at: *to_at, ..note(header, json, why) });
        }
        for body in &page.bodies {
            match serde_json::from_slice::<Body<'a>>(body) {
                Ok(body) => self.add_body(header, &body),
                Err(why) => self.problem(header, &String::from_utf8_lossy(body), &why.to_string()),
            }
        }
    }

    fn add_body(&mut self, header: &'a Header, body: &Body<'a>) {
        for (kind, json) in body.includes.iter().flat_map(Includes::objects) {
            self.add_json(header, kind, json, None);
        }
        body.errors.iter().flatten().for_each(|error| self.problem(header, error.get(), "partial error"));
        let rules = body.matching_rules.as_deref().unwrap_or_default();
        for json in body.data.into_iter().flat_map(objects_of) {
            let item = self.add_json(header, kind_of(&header.kind), json, Some(rules));
            if let (Some(id), Some((relation, subject, items_are_sources))) = (item, &header.relation) {
                let edge = edge(*subject, *items_are_sources, id);
                self.add_edge(relation.clone(), edge, (header.seen_at, header.seen_at));
            }
        }
    }

    /// Adds the JSON of an object; that of an item has rules. Returns the ID of an item.
    fn add_json(
        &mut self,
        header: &'a Header,
        kind: ObjectKind,
        json: &'a RawValue,
        rules: Option<&[crate::objects::Rule]>,
    ) -> Option<i64> {
        let key = match key_of(kind, json.get()) {
            Ok(key) => key,
            Err(why) => {
                self.problem(header, json.get(), &why.to_string());
                return None;
            }
        };
        let id = if let Key::Id(id) = &key { Some(*id) } else { None };
        let rule = |rule: &crate::objects::Rule| (rule.id.0, rule.tag.clone().unwrap_or_default().into());
        let mut rules_of_post: Vec<_> = rules.unwrap_or_default().iter().map(rule).collect();
        rules_of_post.sort_unstable();
        let found_by = rules.iter().map(|_| header.source.as_str().into()).collect();
        let object = Object { json: json.get().into(), seen_at: header.seen_at, found_by, rules: rules_of_post };
        self.add(kind, key, object);
        id
    }

    /// Adds an object. One that is known is merged with it.
    pub(super) fn add(&mut self, kind: ObjectKind, key: Key<'a>, object: Object<'a>) {
        match self.objects.entry(kind).or_default().entry(key) {
            std::collections::hash_map::Entry::Occupied(mut known) => known.get_mut().merge(object),
            std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(object)),
        }
    }

    /// Adds an edge between two objects, with the first and the last time it was seen.
    pub(super) fn add_edge(&mut self, relation: String, (source, target): (i64, i64), (first, last): (i64, i64)) {
        let seen = self.edges.entry((relation, source, target)).or_insert((first, last));
        *seen = (seen.0.min(first), seen.1.max(last));
    }

    fn problem(&mut self, header: &Header, json: &str, why: &str) {
        self.problems.push(note(header, json, why));
    }

    /// Takes the objects of a type, in the order of their keys.
    pub(super) fn take(&mut self, kind: ObjectKind) -> Vec<(Key<'a>, Object<'a>)> {
        let mut all: Vec<_> = self.objects.remove(&kind).unwrap_or_default().into_iter().collect();
        all.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        all
    }

    pub(super) fn take_edges(&mut self) -> Vec<Edge> {
        let edges = std::mem::take(&mut self.edges).into_iter();
        let edge = |((relation, source_id, target_id), (first_seen_at, last_seen_at))| Edge {
            relation,
            source_id,
            target_id,
            first_seen_at,
            last_seen_at,
        };
        edges.map(edge).collect()
    }
}

fn note(header: &Header, json: &str, why: &str) -> Note {
    let (source, why, json) = (header.source.clone(), why.to_owned(), json.to_owned());
    Note { source, seen_at: header.seen_at, from_at: None, to_at: None, why, json }
}
