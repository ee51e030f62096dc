//! The billable items of a response: the IDs of its posts and users.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// IDs of all billable items of a response.
#[derive(Debug, Default)]
pub(super) struct ItemIds {
    pub(super) data: Vec<String>,
    pub(super) users: Vec<String>,
    pub(super) posts: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body {
    data: Ids,
    includes: Included,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Included {
    users: Ids,
    #[serde(alias = "posts")]
    tweets: Ids,
}

/// The IDs of one object or of a list of objects.
#[derive(Default)]
struct Ids(Vec<String>);

#[derive(Deserialize)]
struct Object {
    id: Option<Id>,
}

/// An ID, which may be a string or a number.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ID")
            }
            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(IdVisitor)
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdsVisitor;
        impl<'de> Visitor<'de> for IdsVisitor {
            type Value = Ids;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ids, A::Error> {
                let mut ids = Vec::new();
                while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    if name == "id" {
                        ids.push(map.next_value::<Id>()?.0);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Ids(ids))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Ids, A::Error> {
                let mut ids = Vec::new();
                while let Some(object) = seq.next_element::<Object>()? {
                    ids.extend(object.id.map(|id| id.0));
                }
                Ok(Ids(ids))
            }
            fn visit_unit<E>(self) -> Result<Ids, E> {
                Ok(Ids::default())
            }
            // The error of a text would contain a copy of it, however long it is.
            fn visit_str<E>(self, _: &str) -> Result<Ids, E> {
                Ok(Ids::default())
            }
        }
        deserializer.deserialize_any(IdsVisitor)
    }
}

/// Finds the IDs in a body, or in each line of a body of lines. Returns `None` for a body that is not empty and cannot be
/// read; a line that cannot be read has no IDs.
pub(super) fn find_ids(body: &[u8], by_line: bool) -> Option<ItemIds> {
    let mut all = ItemIds::default();
    let parts: Vec<&[u8]> = if by_line { body.split(|byte| *byte == b'\n').collect() } else { vec![body] };
    for part in parts {
        match serde_json::from_slice::<Body>(part) {
            Ok(body) => {
                all.data.extend(body.data.0);
                all.users.extend(body.includes.users.0);
                all.posts.extend(body.includes.tweets.0);
            }
            Err(_) if by_line || part.trim_ascii().is_empty() => {}
            Err(_) => return None,
        }
    }
    Some(all)
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
        assert_eq!(
            (ids.data, ids.users, ids.posts),
            (vec!["1".into(), "2".into()], vec!["3".into()], vec!["4".into()])
        );
        assert_eq!(found(br#"{"data":{"id":"1","more":{"id":"9"}}}"#, false).data, ["1"]);
        assert_eq!(found(b"{\"data\":{\"id\":\"1\"}}\r\n\r\n{\"data\":{\"id\":\"2\"}}\r\n{", true).data, ["1", "2"]);
        for empty in ["", " ", "{}", "[]", "{\"data\":null}"] {
            assert!(found(empty.as_bytes(), false).data.is_empty(), "{empty}");
        }
    }

    #[test]
    fn a_body_that_cannot_be_read_has_unknown_ids() {
        for body in ["{\"data\":7}", "{\"data\":[7]}", "<html>", "{\"data\":[{\"id\":\"1\"}"] {
            assert!(find_ids(body.as_bytes(), false).is_none(), "{body}");
        }
    }
}
