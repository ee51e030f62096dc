//! Members of objects and items of lists, as parts of a text that is not decoded. They take little memory, however large the
//! text is.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Returns the members with these names of an object. `None` if the text is not an object, or a name occurs twice.
pub fn members<'de, const N: usize>(json: &'de [u8], names: [&str; N]) -> Option<[Option<&'de RawValue>; N]> {
    let (mut found, mut is_repeated) = ([None; N], false);
    visit_members(
        json,
        |name| names.contains(&name),
        |name, member| {
            for slot in names.iter().zip(&mut found).filter(|(wanted, _)| **wanted == name).map(|(_, slot)| slot) {
                is_repeated |= slot.replace(member).is_some();
            }
        },
    )?;
    (!is_repeated).then_some(found)
}

/// Visits those members of an object whose names are wanted. `None` if the text is not an object.
pub fn visit_members<'de>(
    json: &'de [u8],
    is_wanted: impl Fn(&str) -> bool,
    visit: impl FnMut(&'de str, &'de RawValue),
) -> Option<()> {
    struct Members<W, F>(W, F);
    impl<'de, W: Fn(&str) -> bool, F: FnMut(&'de str, &'de RawValue)> Visitor<'de> for Members<W, F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            // A name is not decoded either, since it may be long. X does not escape the characters of names.
            while let Some(name) = map.next_key::<&RawValue>()? {
                let name = name.get().trim_matches('"');
                match (self.0)(name) {
                    true => (self.1)(name, map.next_value()?),
                    false => drop(map.next_value::<IgnoredAny>()?),
                }
            }
            Ok(())
        }
    }
    let is_object = json.trim_ascii_start().first() == Some(&b'{');
    if is_object { whole(json, |json| json.deserialize_map(Members(is_wanted, visit))) } else { None }
}

/// Returns the first items of a list, and the number of all items. `None` if the text is not a list.
pub fn first_items(json: &[u8], max: usize) -> Option<(Vec<&RawValue>, usize)> {
    let mut items = Vec::new();
    let count = visit_items(json, |item| {
        if items.len() < max {
            items.push(item);
        }
    })?;
    Some((items, count))
}

/// Visits the items of a list, and returns their number. `None` if the text is not a list.
pub fn visit_items<'de>(json: &'de [u8], visit: impl FnMut(&'de RawValue)) -> Option<usize> {
    struct Items<F>(F);
    impl<'de, F: FnMut(&'de RawValue)> Visitor<'de> for Items<F> {
        type Value = usize;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut count = 0;
            while let Some(item) = seq.next_element()? {
                self.0(item);
                count += 1;
            }
            Ok(count)
        }
    }
    // Of another value, the reader would copy the text into its error.
    let is_list = json.trim_ascii_start().first() == Some(&b'[');
    if is_list { whole(json, |json| json.deserialize_seq(Items(visit))) } else { None }
}

/// Number of levels from which a text is not read. The reader keeps a byte per level.
const MAX_LEVELS: usize = 1 << 18;

/// Whether a text is nested so deeply that reading it would take as much memory as the text itself.
pub fn is_too_deep(json: &[u8]) -> bool {
    if json.len() <= MAX_LEVELS {
        return false;
    }
    let (mut level, mut is_text, mut is_escaped) = (0_usize, false, false);
    json.iter().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => level += 1,
            b']' | b'}' if !is_text => level = level.saturating_sub(1),
            _ => {}
        }
        level > MAX_LEVELS
    })
}

/// Reads a text to its end.
fn whole<'de, T>(
    json: &'de [u8],
    read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::SliceRead<'de>>) -> serde_json::Result<T>,
) -> Option<T> {
    if is_too_deep(json) {
        return None;
    }
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
        let mut seen = Vec::new();
        assert_eq!(visit_items(b" [1, \"a\"]", |item| seen.push(item.get())), Some(2));
        assert_eq!(seen, ["1", "\"a\""]);
        for invalid in ["", "{}", "[1,", "[1] 2", "\"text\""] {
            assert!(first_items(invalid.as_bytes(), 2).is_none(), "{invalid}");
        }
    }

    #[test]
    fn a_text_with_too_many_levels_is_not_read() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(is_too_deep(nested(MAX_LEVELS + 1).as_bytes()) && !is_too_deep(nested(MAX_LEVELS).as_bytes()));
        assert!(!is_too_deep(format!("[\"\\\"{}\"]", "[".repeat(2 * MAX_LEVELS)).as_bytes()), "a text has no levels");
        let member = format!("{{\"a\":{}}}", nested(MAX_LEVELS + 1));
        assert!(members(member.as_bytes(), ["a"]).is_none());
    }
}
