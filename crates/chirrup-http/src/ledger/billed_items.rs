//! Which things an answer brings: their ids, and nothing else of them.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The ids of all that an answer brings.
#[derive(Debug, Default)]
pub(super) struct Things {
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

/// The ids of one object, or of a list of them.
#[derive(Default)]
struct Ids(Vec<String>);

#[derive(Deserialize)]
struct Thing {
    id: Option<Id>,
}

/// An id, as text or as a number.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id")
            }
            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(Id(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(Id(number.to_string()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
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
                while let Some(thing) = seq.next_element::<Thing>()? {
                    ids.extend(thing.id.map(|id| id.0));
                }
                Ok(Ids(ids))
            }
            fn visit_unit<E>(self) -> Result<Ids, E> {
                Ok(Ids::default())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Reads a body, or each line of one in lines. What cannot be read brings nothing: whoever reads the reply will say so.
pub(super) fn in_body(body: &[u8], in_lines: bool) -> Things {
    let mut all = Things::default();
    let pieces: Vec<&[u8]> = if in_lines { body.split(|byte| *byte == b'\n').collect() } else { vec![body] };
    for body in pieces.iter().filter_map(|piece| serde_json::from_slice::<Body>(piece).ok()) {
        all.data.extend(body.data.0);
        all.users.extend(body.includes.users.0);
        all.posts.extend(body.includes.tweets.0);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let found = in_body(
            br#"{"data":[{"text":"x","id":"1"},{"id":2}],"includes":{"users":[{"id":"3"}],"posts":[{"id":"4"}]}}"#,
            false,
        );
        assert_eq!(
            (found.data, found.users, found.posts),
            (vec!["1".into(), "2".into()], vec!["3".into()], vec!["4".into()])
        );
        assert_eq!(in_body(br#"{"data":{"id":"1","more":{"id":"9"}}}"#, false).data, ["1"]);
        assert_eq!(in_body(b"{\"data\":{\"id\":\"1\"}}\r\n\r\n{\"data\":{\"id\":\"2\"}}\r\n{", true).data, ["1", "2"]);
        for nothing in ["", "{}", "[]", "{\"data\":null}", "{\"data\":7}", "{\"data\":[7]}", "<html>"] {
            assert!(in_body(nothing.as_bytes(), false).data.is_empty(), "{nothing}");
        }
    }
}
