//! Items with the included objects in the place of their IDs.

use std::borrow::Cow;
use std::cell::Cell;

use chirrup::internal::{is_too_deep, members};
use chirrup::model::tolerant::parse as parse_json;
use serde_json::{Map, Value as Json};

use super::included::{self, Included};
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Size of the largest body, in bytes.
const BODY_SIZE: usize = 16 << 20;
/// Memory for an item of the largest body, in bytes. What a smaller body leaves is for its items too.
const ITEM_SIZE: usize = 1 << 20;

/// Members with the ID of a user, and the member for the user.
const USERS: [(&str, &str); 5] = [
    ("author_id", "author"),
    ("in_reply_to_user_id", "in_reply_to_user"),
    ("sender_id", "sender"),
    ("owner_id", "owner"),
    ("creator_id", "creator"),
];
/// Members with the ID of a post, and the member for the post.
const POSTS: [(&str, &str); 2] = [("pinned_tweet_id", "pinned_tweet"), ("pinned_post_id", "pinned_post")];

/// Members that identify an item.
const IDS: [&str; 3] = ["id", "dm_event_id", "media_key"];

/// Greatest number of posts within each other: a quote of a quote.
const MAX_DEPTH: usize = 2;

/// Returns the ID of an item.
pub(super) fn id(item: &Json) -> Option<&str> {
    IDS.iter().find_map(|name| item.get(name)?.as_str())
}

/// Visits the items of a body, flattened. A body without `data` is one item if it may be one.
pub(crate) fn visit(
    body: &[u8],
    may_be_item: bool,
    mut work: impl FnMut(Json) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let room = room_beside(body);
    let body = &repaired(body);
    included::visit(body, may_be_item, |item, context| {
        if is_too_deep(item) || size(item) > room {
            return Err(too_large(item));
        }
        let Ok(mut item) = parse_json(item) else { return Ok(()) };
        if let Some(context) = context {
            Joiner { included: &context.included, room: Cell::new(room) }.join(&mut item, MAX_DEPTH);
            let rules = context.matching_rules.map(|rules| rules.get().as_bytes()).filter(|rules| size(rules) <= room);
            if let (Some(rules), Some(members)) = (rules, item.as_object_mut()) {
                members.insert("matching_rules".to_owned(), parse_json(rules).unwrap_or_default());
            }
        }
        work(item)
    })
}

/// Error for an item that would take too much memory as values.
pub(super) fn too_large(item: &[u8]) -> CliError {
    CliError::new(ExitStatus::Network, format!("an item of {} bytes is too large for this format", item.len()))
        .with_hint("print it as it is with `--json` or `--jsonl`")
}

/// Memory for a parsed item beside its body, in bytes.
pub(super) fn room_beside(body: &[u8]) -> usize {
    ITEM_SIZE + BODY_SIZE.saturating_sub(body.len())
}

/// Repairs names that occur twice, and numbers that no type holds, in a body that is small enough.
pub(super) fn repaired(body: &[u8]) -> Cow<'_, [u8]> {
    let is_odd = members(body, ["data", "includes", "matching_rules"]).is_none();
    let is_small = || size(body) <= room_beside(body);
    let repaired = if is_odd && is_small() { parse_json(body).ok().map(|body| body.to_string()) } else { None };
    repaired.map_or(Cow::Borrowed(body), |body| Cow::Owned(body.into_bytes()))
}

/// Estimates the memory of a parsed value, in bytes.
pub(super) fn size(json: &[u8]) -> usize {
    let of = |byte: &u8| match byte {
        b'{' => 700,
        b',' | b'[' => 64,
        _ => 1,
    };
    json.iter().map(of).sum()
}

/// Included objects that are joined to an item, and the memory that is left for them, in bytes.
struct Joiner<'a> {
    included: &'a Included<'a>,
    room: Cell<usize>,
}

impl Joiner<'_> {
    /// Returns the object of these lists with this key.
    fn find<const N: usize>(&self, lists: &[&str], names: [&str; N], key: &str) -> Option<Json> {
        let object = self.included.find(lists, names, key)?.get().as_bytes();
        let room = self.room.get().checked_sub(size(object))?;
        self.room.set(room);
        parse_json(object).ok()
    }

    fn user(&self, key: &str) -> Option<Json> {
        self.find(&["users"], ["id", "username"], key)
    }

    /// Returns the objects with these IDs, in their order.
    fn found(&self, ids: Option<&Json>, list: &str, name: &str) -> Vec<Json> {
        let ids = ids.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        ids.filter_map(|id| self.find(&[list], [name], id)).collect()
    }

    /// Adds the objects that an item refers to.
    fn join(&self, item: &mut Json, depth: usize) {
        let Some(members) = item.as_object_mut() else { return };
        for (from, to) in USERS {
            if let Some(user) = text(members, from).and_then(|id| self.user(id)) {
                members.insert(to.to_owned(), user);
            }
        }
        for (from, to) in POSTS {
            if let Some(post) = text(members, from).and_then(|id| self.post(id, depth)) {
                members.insert(to.to_owned(), post);
            }
        }
        if let Some(attachments) = members.get_mut("attachments").and_then(Json::as_object_mut) {
            let media = self.found(attachments.get("media_keys"), "media", "media_key");
            if !media.is_empty() {
                attachments.insert("media".to_owned(), media.into());
            }
            if let Some(poll) = self.found(attachments.get("poll_ids"), "polls", "id").into_iter().next() {
                attachments.insert("poll".to_owned(), poll);
            }
        }
        if let Some(geo) = members.get_mut("geo").and_then(Json::as_object_mut)
            && let Some(place) = text(geo, "place_id").and_then(|id| self.find(&["places"], ["id"], id))
        {
            merge(geo, &place);
        }
        let mentions = members.get_mut("entities").and_then(|entities| entities.get_mut("mentions"));
        for mention in mentions.and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut) {
            if let Some(user) = text(mention, "username").and_then(|name| self.user(name)) {
                merge(mention, &user);
            }
        }
        for list in ["referenced_tweets", "referenced_posts"] {
            let references = members.get_mut(list).and_then(Json::as_array_mut).into_iter().flatten();
            for reference in references.filter_map(Json::as_object_mut) {
                if let Some(post) = text(reference, "id").and_then(|id| self.post(id, depth)) {
                    merge(reference, &post);
                }
            }
        }
    }

    /// Returns an included post, flattened.
    fn post(&self, id: &str, depth: usize) -> Option<Json> {
        let mut post = self.find(&["tweets", "posts"], ["id"], id)?;
        if depth > 1 {
            self.join(&mut post, depth - 1);
        }
        Some(post)
    }
}

fn text<'m>(members: &'m Map<String, Json>, name: &str) -> Option<&'m str> {
    members.get(name)?.as_str()
}

/// Adds the members of an object. Members that are there already stay.
fn merge(members: &mut Map<String, Json>, object: &Json) {
    for (name, value) in object.as_object().into_iter().flatten() {
        members.entry(name).or_insert_with(|| value.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items(body: &[u8], may_be_item: bool) -> Vec<Json> {
        let mut items = Vec::new();
        let outcome = visit(body, may_be_item, |item| {
            items.push(item);
            Ok(())
        });
        assert!(outcome.is_ok());
        items
    }

    #[test]
    fn included_objects_are_joined_in() {
        let body = json!({
            "data": [{
                "id": "2", "author_id": "12", "attachments": {"media_keys": ["3_1"], "poll_ids": ["7"]},
                "geo": {"place_id": "p"}, "entities": {"mentions": [{"username": "mika", "start": 0}]},
                "referenced_tweets": [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "404"}],
            }],
            "includes": {
                "users": [{"id": "12", "username": "robin"}, {"id": "13", "username": "mika"}],
                "tweets": [{"id": "1", "author_id": "13", "text": "quoted text"}],
                "media": [{"media_key": "3_1", "url": "u"}], "polls": [{"id": "7", "options": []}],
                "places": [{"id": "p", "full_name": "Oslo"}],
            },
        });
        let items = items(body.to_string().as_bytes(), true);
        let post = &items[0];
        assert_eq!((items.len(), post["author"]["username"].as_str()), (1, Some("robin")));
        assert_eq!(post["attachments"]["media"][0]["url"], "u");
        assert_eq!((&post["attachments"]["poll"]["id"], &post["geo"]["full_name"]), (&json!("7"), &json!("Oslo")));
        assert_eq!(post["entities"]["mentions"][0], json!({"username": "mika", "start": 0, "id": "13"}));
        let quoted = &post["referenced_tweets"][0];
        assert_eq!((&quoted["type"], &quoted["text"]), (&json!("quoted"), &json!("quoted text")));
        assert_eq!(quoted["author"]["username"], "mika");
        assert_eq!(post["referenced_tweets"][1], json!({"type": "replied_to", "id": "404"}));
        assert_eq!(id(post), Some("2"));
    }

    #[test]
    fn bodies_of_any_kind_are_accepted() {
        assert_eq!(
            items(br#"{"data":{"id":"2"},"matching_rules":[{"id":"9"}]}"#, true)[0]["matching_rules"][0]["id"],
            "9"
        );
        assert_eq!(items(br#"{"id":"2"}"#, true), [json!({"id": "2"})]);
        assert!(items(br#"{"meta":{"result_count":0}}"#, false).is_empty());
        assert!(items(b"not JSON", true).is_empty());
        let circle = br#"{"data":{"id":"1","referenced_tweets":[{"type":"quoted","id":"1"}]},
            "includes":{"tweets":[{"id":"1","referenced_tweets":[{"type":"quoted","id":"1"}]}]}}"#;
        assert_eq!(items(circle, true).len(), 1, "posts that quote each other end");
    }

    #[test]
    fn an_item_that_takes_too_much_memory_is_refused() {
        let large = format!("{{\"data\":[[{}0],{{}}]}}", "{},".repeat(30_000));
        assert!(visit(large.as_bytes(), true, |_| Ok(())).is_err());
        assert_eq!(items(br#"[{"id":"2"},{"id":"3"}]"#, true).len(), 2, "a list has items");
    }
}
