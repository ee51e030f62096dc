//! The billable items of a response: the IDs of its posts and users.

use chirrup_api::internal::{members, visit_items};

use super::billed_resources::id_number;

/// Maximum number of items of a list. X has no longer ones, so that a body with more of them is not one of X.
const MAX_ITEMS: usize = 20_000;

/// Numbers of the IDs of all billable items of a response.
#[derive(Debug, Default)]
pub(super) struct ItemIds {
    pub(super) data: Vec<u64>,
    pub(super) users: Vec<u64>,
    pub(super) posts: Vec<u64>,
}

/// Finds the IDs in a body, or in each line of a body of lines. Returns `None` for a body that is not empty and cannot be
/// read; a line that cannot be read has no IDs.
pub(super) fn find_ids(body: &[u8], by_line: bool) -> Option<ItemIds> {
    let mut all = ItemIds::default();
    let parts: Vec<&[u8]> = if by_line { body.split(|byte| *byte == b'\n').collect() } else { vec![body] };
    for part in parts {
        match add_ids(part, &mut all) {
            None if !by_line && !part.trim_ascii().is_empty() => return None,
            _ => {}
        }
    }
    Some(all)
}

/// Adds the IDs of a body. Nothing of it is decoded, so that a large body takes no more memory.
fn add_ids(body: &[u8], all: &mut ItemIds) -> Option<()> {
    let Some([data, includes]) = members(body, ["data", "includes"]) else {
        // An empty list has no IDs.
        return (visit_items(body, |_| ()) == Some(0)).then_some(());
    };
    let data = ids(data.map_or("null", |data| data.get()))?;
    let [users, tweets, posts] = match includes.map(|includes| includes.get()) {
        None | Some("null") => [None; 3],
        Some(includes) => members(includes.as_bytes(), ["users", "tweets", "posts"])?,
    };
    let [users, tweets, posts] = [users, tweets, posts].map(|list| ids(list.map_or("null", |list| list.get())));
    all.data.extend(data);
    all.users.extend(users?);
    all.posts.extend(tweets?.into_iter().chain(posts?));
    Some(())
}

/// Returns the IDs of one object or of a list of objects.
fn ids(json: &str) -> Option<Vec<u64>> {
    match json.as_bytes().first() {
        Some(b'[') => {
            let (mut ids, mut is_readable) = (Vec::new(), true);
            let count = visit_items(json.as_bytes(), |object| match id(object.get()) {
                Some(id) if ids.len() < MAX_ITEMS => ids.extend(id),
                Some(_) => {}
                None => is_readable = false,
            })?;
            (is_readable && count <= MAX_ITEMS).then_some(ids)
        }
        Some(b'{') => id(json).map(|id| id.into_iter().collect()),
        Some(b'"' | b'n') => Some(Vec::new()),
        _ => None,
    }
}

/// Returns the number of the ID of an object, if it has one. An ID may be a string or a number.
fn id(object: &str) -> Option<Option<u64>> {
    let [id] = members(object.as_bytes(), ["id"])?;
    let id = id.map_or("null", |id| id.get());
    match id.as_bytes().first() {
        Some(b'n') => Some(None),
        Some(b'"' | b'0'..=b'9') => Some(Some(id_number(id.trim_matches('"')))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_objects_lists_and_lines() {
        let found = |body: &[u8], by_line| find_ids(body, by_line).expect("readable");
        let all =
            br#"{"data":[{"text":"x","id":"1"},{"id":2}],"includes":{"users":[{"id":"3"}],"posts":[{"id":"4"}]}}"#;
        let ids = found(all, false);
        assert_eq!((ids.data, ids.users, ids.posts), (vec![1, 2], vec![3], vec![4]));
        assert_eq!(found(br#"{"data":{"id":"1","more":{"id":"9"}}}"#, false).data, [1]);
        assert_eq!(found(b"{\"data\":{\"id\":\"1\"}}\r\n\r\n{\"data\":{\"id\":\"2\"}}\r\n{", true).data, [1, 2]);
        for empty in ["", " ", "{}", "[]", "{\"data\":null}", "{\"data\":[{\"id\":null}],\"includes\":null}"] {
            assert!(found(empty.as_bytes(), false).data.is_empty(), "{empty}");
        }
    }

    #[test]
    fn a_body_that_cannot_be_read_has_unknown_ids() {
        let many = format!("{{\"data\":[{{\"id\":1}}{}]}}", ",{\"id\":1}".repeat(MAX_ITEMS));
        let bodies =
            ["{\"data\":7}", "{\"data\":[7]}", "<html>", "{\"data\":[{\"id\":\"1\"}", "{\"data\":{\"id\":{}}}"];
        for body in bodies.into_iter().chain([many.as_str()]) {
            assert!(find_ids(body.as_bytes(), false).is_none(), "{body}");
        }
    }
}
