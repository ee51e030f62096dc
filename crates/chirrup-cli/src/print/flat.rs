//! Items with the included objects in the place of their IDs.

use std::collections::HashMap;

use chirrup::model::tolerant::parse as parse_json;
use serde_json::{Map, Value as Json};

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

/// Returns the items of a body, flattened. A body without `data` is one item if it may be one.
pub(super) fn items(body: &[u8], may_be_item: bool) -> Vec<Json> {
    parse_json(body).map_or_else(|_| Vec::new(), |body| items_of(body, may_be_item))
}

/// Returns the items of a body that is parsed already, as [`items`] does.
pub(super) fn items_of(mut body: Json, may_be_item: bool) -> Vec<Json> {
    let Some(data) = body.get_mut("data").map(Json::take) else {
        return if may_be_item { vec![body] } else { Vec::new() };
    };
    let included = Included::new(&body["includes"]);
    let list = if let Json::Array(items) = data { items } else { vec![data] };
    let flat = |mut item: Json| {
        included.join(&mut item, MAX_DEPTH);
        if let (Some(rules), Some(members)) = (body.get("matching_rules"), item.as_object_mut()) {
            members.insert("matching_rules".to_owned(), rules.clone());
        }
        item
    };
    list.into_iter().map(flat).collect()
}

/// Included objects by their IDs, keys and usernames.
#[derive(Default)]
struct Included<'a> {
    users: HashMap<&'a str, &'a Json>,
    posts: HashMap<&'a str, &'a Json>,
    media: HashMap<&'a str, &'a Json>,
    polls: HashMap<&'a str, &'a Json>,
    places: HashMap<&'a str, &'a Json>,
}

impl<'a> Included<'a> {
    fn new(includes: &'a Json) -> Self {
        let by = |lists: &[&str], keys: &[&str]| {
            let objects = lists.iter().filter_map(|list| includes.get(list)?.as_array()).flatten();
            let named = objects.flat_map(|object| {
                keys.iter().filter_map(|key| Some((object.get(key)?.as_str()?, object))).collect::<Vec<_>>()
            });
            named.collect()
        };
        Self {
            users: by(&["users"], &["id", "username"]),
            posts: by(&["tweets", "posts"], &["id"]),
            media: by(&["media"], &["media_key"]),
            polls: by(&["polls"], &["id"]),
            places: by(&["places"], &["id"]),
        }
    }

    /// Adds the objects that an item refers to.
    fn join(&self, item: &mut Json, depth: usize) {
        let Some(members) = item.as_object_mut() else { return };
        for (from, to) in USERS {
            if let Some(user) = text(members, from).and_then(|id| self.users.get(id)) {
                members.insert(to.to_owned(), (*user).clone());
            }
        }
        for (from, to) in POSTS {
            if let Some(post) = text(members, from).and_then(|id| self.post(id, depth)) {
                members.insert(to.to_owned(), post);
            }
        }
        if let Some(attachments) = members.get_mut("attachments").and_then(Json::as_object_mut) {
            let media = found(attachments.get("media_keys"), &self.media);
            if !media.is_empty() {
                attachments.insert("media".to_owned(), media.into());
            }
            if let Some(poll) = found(attachments.get("poll_ids"), &self.polls).into_iter().next() {
                attachments.insert("poll".to_owned(), poll);
            }
        }
        if let Some(geo) = members.get_mut("geo").and_then(Json::as_object_mut)
            && let Some(place) = text(geo, "place_id").and_then(|id| self.places.get(id))
        {
            merge(geo, place);
        }
        let mentions = members.get_mut("entities").and_then(|entities| entities.get_mut("mentions"));
        for mention in mentions.and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut) {
            if let Some(user) = text(mention, "username").and_then(|name| self.users.get(name)) {
                merge(mention, user);
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
        let mut post = (*self.posts.get(id)?).clone();
        if depth > 1 {
            self.join(&mut post, depth - 1);
        }
        Some(post)
    }
}

fn text<'m>(members: &'m Map<String, Json>, name: &str) -> Option<&'m str> {
    members.get(name)?.as_str()
}

/// Returns the objects with these IDs, in their order.
fn found(ids: Option<&Json>, objects: &HashMap<&str, &Json>) -> Vec<Json> {
    let ids = ids.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    ids.filter_map(|id| objects.get(id)).map(|object| (*object).clone()).collect()
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
}
