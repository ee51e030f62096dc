//! Members of objects and items of lists, as parts of a text that is not decoded. They take little memory, however large the
//! text is.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Returns the members with these names of an object. `None` if the text is not an object, or a name occurs twice.
pub fn members<'de, const N: usize>(json: &'de [u8], names: [&str; N]) -> Option<[Option<&'de RawValue>; N]> {
    struct Members<'n, const N: usize>([&'n str; N]);
    impl<'de, const N: usize> Visitor<'de> for Members<'_, N> {
        type Value = [Option<&'de RawValue>; N];
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = [None; N];
            // A name is not decoded either, since it may be long. X does not escape the characters of names.
            while let Some(name) = map.next_key::<&RawValue>()? {
                let name = name.get().trim_matches('"');
                match self.0.iter().position(|wanted| *wanted == name).and_then(|at| found.get_mut(at)) {
                    Some(Some(_)) => return Err(A::Error::custom("a name occurs twice")),
                    Some(member) => *member = Some(map.next_value()?),
                    None => drop(map.next_value::<IgnoredAny>()?),
                }
            }
            Ok(found)
        }
    }
    whole(json, |json| json.deserialize_map(Members(names)))
}

/// Returns the first items of a list, and the number of all items. `None` if the text is not a list.
pub fn first_items(json: &[u8], max: usize) -> Option<(Vec<&RawValue>, usize)> {
    struct Items(usize);
    impl<'de> Visitor<'de> for Items {
        type Value = (Vec<&'de RawValue>, usize);
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while items.len() < self.0
                && let Some(item) = seq.next_element()?
            {
                items.push(item);
            }
            let mut count = items.len();
            while seq.next_element::<IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok((items, count))
        }
    }
    whole(json, |json| json.deserialize_seq(Items(max)))
}

/// Reads a text to its end.
fn whole<'de, T>(
    json: &'de [u8],
    read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::SliceRead<'de>>) -> serde_json::Result<T>,
) -> Option<T> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let value = read(&mut json).ok()?;
    json.end().ok().map(|()| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_name() {
        let texts = |json: &'static str| {
            members(json.as_bytes(), ["a", "b"]).map(|found| found.map(|raw| raw.map_or("", RawValue::get)))
        };
        assert_eq!(texts(r#"{"x":{"a":1},"b":[1, 2],"a":"é\n"}"#), Some([r#""é\n""#, "[1, 2]"]));
        assert_eq!(texts("{}"), Some(["", ""]));
        assert_eq!(texts(r#"{"a":null}"#), Some(["null", ""]));
        for invalid in ["", "[]", "7", "{", r#"{"a":1} x"#, r#"{"a":1,"a":2}"#] {
            assert_eq!(texts(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn items_are_counted_and_the_first_ones_returned() {
        let (items, count) = first_items(br#"[1,{"a":[2]},3]"#, 2).expect("a list");
        assert_eq!((items.iter().map(|item| item.get()).collect::<Vec<_>>(), count), (vec!["1", "{\"a\":[2]}"], 3));
        assert_eq!(first_items(b"[]", 2).map(|(items, count)| (items.len(), count)), Some((0, 0)));
        for invalid in ["", "{}", "[1,", "[1] 2"] {
            assert!(first_items(invalid.as_bytes(), 2).is_none(), "{invalid}");
        }
    }
}
