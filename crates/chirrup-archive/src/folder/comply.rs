//! Removal of posts, users, likes and places from a folder.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::Path;

use chirrup_model::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::compact::Filter;
use super::writer::ParquetFolder;
use crate::comply::{Removal, Removed, each_removal};
use crate::object::{Key, Object, ObjectKind};
use crate::objects::Id;
use crate::reader::{Deletion, Edge};

/// Demands of a file, and what was removed because of them.
#[derive(Default)]
struct Demands {
    now: i64,
    /// Reasons for the removal of objects.
    reasons: HashMap<(ObjectKind, i64), String>,
    /// Users and the posts that they no longer like.
    likes: HashSet<(i64, i64)>,
    /// Posts whose place is removed.
    places: HashSet<i64>,
    /// Users whose posts up to an ID lose their places.
    places_of_users: HashMap<i64, i64>,
    removed: Removed,
    removals: Vec<Deletion>,
}

/// Member that names the author of a post.
#[derive(Deserialize)]
struct Authored {
    author_id: Option<Id>,
}

impl ParquetFolder {
    /// Applies a file with demands. The segments are written again without the removed objects; this is one commit.
    pub(super) fn remove_demanded(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        let mut demands = Demands { now: now.as_millis(), ..Demands::default() };
        demands.removed.other_lines = each_removal(file, &mut |removal, reason| {
            demands.add(&removal, &reason);
            Ok(())
        })?;
        self.write_pending()?;
        self.rewrite(Vec::new(), &mut demands)?;
        Ok(demands.removed)
    }
}

impl Demands {
    fn add(&mut self, removal: &Removal, reason: &str) {
        let mut remove = |kind, id| drop(self.reasons.insert((kind, id), reason.to_owned()));
        match *removal {
            Removal::Post(id) => remove(ObjectKind::Post, id),
            Removal::User(id) => remove(ObjectKind::User, id),
            Removal::PostOrUser(id) => {
                remove(ObjectKind::Post, id);
                remove(ObjectKind::User, id);
            }
            Removal::Like { user, post } => drop(self.likes.insert((user, post))),
            Removal::PlaceOfPost(id) => drop(self.places.insert(id)),
            Removal::PlacesOfUser { user, up_to } => {
                let known = self.places_of_users.entry(user).or_insert(up_to);
                *known = up_to.max(*known);
            }
        }
    }

    fn is_removed(&self, user: i64) -> bool {
        self.reasons.contains_key(&(ObjectKind::User, user))
    }

    /// Returns the reason for the removal of an object: its own, or that of its author.
    fn reason(&self, kind: ObjectKind, id: i64, author: Option<i64>) -> Option<&String> {
        let of_author = || self.reasons.get(&(ObjectKind::User, author?));
        self.reasons.get(&(kind, id)).or_else(of_author)
    }

    fn loses_place(&self, id: i64, author: Option<i64>) -> bool {
        let up_to = author.and_then(|author| self.places_of_users.get(&author));
        self.places.contains(&id) || up_to.is_some_and(|up_to| id <= *up_to)
    }
}

impl Filter for Demands {
    fn keeps(&mut self, kind: ObjectKind, key: &Key<'_>, object: &mut Object<'static>) -> io::Result<bool> {
        let (Key::Id(id), ObjectKind::Post | ObjectKind::User) = (key, kind) else { return Ok(true) };
        let author = match kind {
            ObjectKind::Post => serde_json::from_str::<Authored>(&object.json).ok().and_then(|post| post.author_id),
            _ => None,
        };
        let author = author.map(|author| author.0);
        if let Some(reason) = self.reason(kind, *id, author) {
            let (name, reason) = (if kind == ObjectKind::Post { "post" } else { "user" }, reason.clone());
            let count = if kind == ObjectKind::Post { &mut self.removed.posts } else { &mut self.removed.users };
            *count += 1;
            self.removals.push(Deletion { kind: name.to_owned(), id: *id, deleted_at: self.now, reason });
            return Ok(false);
        }
        if kind == ObjectKind::Post && self.loses_place(*id, author) {
            let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(&object.json)?;
            if members.remove("geo").is_some() {
                self.removed.places += 1;
                let json = serde_json::to_string(&members)?;
                object.json = json.into();
            }
        }
        Ok(true)
    }

    fn keeps_edge(&mut self, edge: &Edge) -> bool {
        let Edge { relation, source_id, target_id, .. } = edge;
        if relation == "likes" && self.likes.contains(&(*source_id, *target_id)) {
            self.removed.likes += 1;
            return false;
        }
        !(self.is_removed(*source_id) || (relation == "follows" && self.is_removed(*target_id)))
    }

    fn take_removals(&mut self) -> Vec<Deletion> {
        std::mem::take(&mut self.removals)
    }
}
