//! A decoder for JSON in the form in which servers send it, which takes about half as many instructions as `serde_json`.
//!
//! It decodes the same types into the same values. Control characters, numbers out of range, deep nesting and every error
//! end it without a reason: `serde_json` then decodes the text again, and says what is wrong.

use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::id_syntax::decimal;
use crate::json_scanner::JsonScanner;

/// Number of levels of values that are decoded.
const MAX_LEVELS: u8 = 64;

/// A value that this decoder cannot decode.
#[derive(Debug)]
pub(crate) struct Unusual;

impl fmt::Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unusual JSON")
    }
}

impl std::error::Error for Unusual {}

impl de::Error for Unusual {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Position in a text without control characters.
pub(crate) struct UsualJson<'de> {
    text: &'de str,
    scanner: JsonScanner<'de>,
    level: u8,
}

impl<'de> UsualJson<'de> {
    /// Creates a decoder at the beginning of a text. `None` if the text is not UTF-8 or contains control characters, which
    /// strings must not contain.
    pub(crate) fn new(json: &'de [u8]) -> Option<Self> {
        let text = std::str::from_utf8(json).ok()?;
        let has_control_characters = json.iter().fold(false, |found, byte| found | (*byte < b' '));
        (!has_control_characters).then(|| Self { text, scanner: JsonScanner::new(json), level: 0 })
    }

    /// Visits the members of the object that is the whole text. The function decodes or skips the value of each.
    pub(crate) fn object(mut self, mut member: impl FnMut(&'de str, &mut Self) -> Option<()>) -> Option<()> {
        self.scanner.peek().filter(|first| *first == b'{')?;
        let mut parts = Parts::begin(&mut self, b'}').ok()?;
        while parts.has_next().ok()? {
            member(parts.json.name().ok()?, parts.json)?;
        }
        self.scanner.is_at_end().then_some(())
    }

    /// Decodes the next value.
    pub(crate) fn decode<T: Deserialize<'de>>(&mut self) -> Option<T> {
        T::deserialize(self).ok()
    }

    /// Skips the next value and returns its text, whose strings and brackets end.
    pub(crate) fn skip(&mut self) -> Option<&'de [u8]> {
        self.scanner.value()
    }

    #[inline(always)]
    fn peek(&mut self) -> Result<u8, Unusual> {
        self.scanner.peek().ok_or(Unusual)
    }

    #[inline(always)]
    fn take(&mut self, expected: u8) -> Result<(), Unusual> {
        self.scanner.take(expected).ok_or(Unusual)
    }

    /// Reads the name of a member without escape sequences, and the colon after it.
    fn name(&mut self) -> Result<&'de str, Unusual> {
        self.scanner.peek().filter(|first| *first == b'"').ok_or(Unusual)?;
        let (range, is_escaped) = self.scanner.peeked_string().ok_or(Unusual)?;
        self.take(b':')?;
        self.text.get(range).filter(|_| !is_escaped).ok_or(Unusual)
    }

    #[inline(always)]
    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        let (range, is_escaped) = self.scanner.peeked_string().ok_or(Unusual)?;
        if is_escaped {
            return visitor.visit_string(self.unescape(range)?);
        }
        visitor.visit_borrowed_str(self.text.get(range).ok_or(Unusual)?)
    }

    #[cold]
    fn unescape(&self, range: Range<usize>) -> Result<String, Unusual> {
        let quoted = self.text.get(range.start - 1..range.end + 1).ok_or(Unusual)?;
        serde_json::from_str(quoted).map_err(|_| Unusual)
    }

    #[inline]
    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        let begin = self.scanner.position();
        let word = self.scanner.word().ok_or(Unusual)?;
        let word = self.text.get(begin..begin + word.len()).ok_or(Unusual)?;
        match decimal(word) {
            Some(number) if word.len() == 1 || !word.starts_with('0') => visitor.visit_u64(number),
            _ => match other_number(word)? {
                Number::Integer(number) => visitor.visit_i64(number),
                Number::Float(number) => visitor.visit_f64(number),
            },
        }
    }

    fn word<T>(&mut self, word: &[u8], value: T) -> Result<T, Unusual> {
        (self.scanner.word() == Some(word)).then_some(value).ok_or(Unusual)
    }

    /// Visits the members of an object, or the items of a list.
    #[inline]
    fn parts<T>(
        &mut self,
        end: u8,
        visit: impl FnOnce(&mut Parts<'_, 'de>) -> Result<T, Unusual>,
    ) -> Result<T, Unusual> {
        let mut parts = Parts::begin(self, end)?;
        let value = visit(&mut parts)?;
        // A pair is complete after two items.
        if !parts.has_ended {
            parts.json.take(end)?;
        }
        self.level -= 1;
        Ok(value)
    }
}

enum Number {
    Integer(i64),
    Float(f64),
}

/// Reads a number that is negative or not an integer.
#[cold]
fn other_number(word: &str) -> Result<Number, Unusual> {
    let number: serde_json::Number = serde_json::from_str(word).map_err(|_| Unusual)?;
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => Ok(Number::Integer(integer)),
        (None, Some(float)) if number.is_f64() => Ok(Number::Float(float)),
        _ => Err(Unusual),
    }
}

/// Members of an object or items of a list, of which some are read.
struct Parts<'r, 'de> {
    json: &'r mut UsualJson<'de>,
    end: u8,
    is_first: bool,
    has_ended: bool,
}

impl<'r, 'de> Parts<'r, 'de> {
    #[inline]
    fn begin(json: &'r mut UsualJson<'de>, end: u8) -> Result<Self, Unusual> {
        json.scanner.advance();
        json.level += 1;
        if json.level > MAX_LEVELS {
            return Err(Unusual);
        }
        Ok(Self { json, end, is_first: true, has_ended: false })
    }

    /// Whether another part follows. What follows a comma must be one.
    #[inline]
    fn has_next(&mut self) -> Result<bool, Unusual> {
        if self.has_ended {
            return Ok(false);
        }
        match self.json.peek()? {
            byte if byte == self.end => self.has_ended = true,
            b',' if !self.is_first => {}
            _ if self.is_first => {
                self.is_first = false;
                return Ok(true);
            }
            _ => return Err(Unusual),
        }
        self.json.scanner.advance();
        Ok(!self.has_ended)
    }
}

impl<'de> MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Unusual;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unusual> {
        if !self.has_next()? {
            return Ok(None);
        }
        match self.json.peek()? {
            b'"' => seed.deserialize(&mut *self.json).map(Some),
            _ => Err(Unusual),
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unusual> {
        self.json.take(b':')?;
        seed.deserialize(&mut *self.json)
    }
}

impl<'de> SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Unusual;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unusual> {
        if self.has_next()? { seed.deserialize(&mut *self.json).map(Some) } else { Ok(None) }
    }
}

/// Methods of a deserializer that read one kind of value.
macro_rules! of_one_kind {
    ($($first:pat => $read:ident: $($method:ident)+;)+) => {$($(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
            match self.peek()? {
                $first => self.$read(visitor),
                _ => Err(Unusual),
            }
        }
    )+)+};
}

impl<'de> UsualJson<'de> {
    #[inline]
    fn map<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        self.parts(b'}', |parts| visitor.visit_map(parts))
    }

    #[inline]
    fn list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unusual> {
        self.parts(b']', |parts| visitor.visit_seq(parts))
    }
}

impl<'de> Deserializer<'de> for &mut UsualJson<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.peek()? {
            b'"' => self.string(visitor),
            b'{' => self.map(visitor),
            b'[' => self.list(visitor),
            b'-' | b'0'..=b'9' => self.number(visitor),
            b't' => self.word(b"true", true).and_then(|value| visitor.visit_bool(value)),
            b'f' => self.word(b"false", false).and_then(|value| visitor.visit_bool(value)),
            b'n' => self.word(b"null", ()).and_then(|()| visitor.visit_unit()),
            _ => Err(Unusual),
        }
    }

    of_one_kind! {
        b'"' => string: deserialize_str deserialize_string deserialize_identifier;
        b'{' => map: deserialize_map;
        b'[' => list: deserialize_seq;
        b'-' | b'0'..=b'9' => number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64;
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.peek()? {
            b'n' => self.word(b"null", ()).and_then(|()| visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        self.deserialize_map(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unusual> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    /// No type of this crate is an enum of serde: the macros declare words.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unusual> {
        Err(Unusual)
    }

    serde::forward_to_deserialize_any! { bool char bytes byte_buf unit unit_struct ignored_any }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::{Includes, Post, User};

    fn decode<'de, T: Deserialize<'de>>(json: &'de str) -> Option<T> {
        let mut usual = UsualJson::new(json.as_bytes())?;
        usual.decode().filter(|_| usual.scanner.is_at_end())
    }

    #[test]
    fn values_are_those_of_serde_json() {
        for json in [
            r#"{"id":"1","text":"line\nbreak \"é\" \ud83d\ude00 \/","public_metrics":{"like_count":3},"lang":null,
                "display_text_range":[0,12],"unknown":[{"a":[-1,2.5e3,true,false,null,{}]},[]],"possibly_sensitive":true}"#,
            r#" { "id" : 7 , "text" : "" , "geo" : { "coordinates" : { "type" : "Point" , "coordinates" : [ -9.1 , 38 ] } } } "#,
            r#"{"id":"1","text":"a","non_public_metrics":{"impression_count":1,"new":0.1},"article":{"title":"é"}}"#,
        ] {
            let json = json.replace('\n', "");
            assert_eq!(decode::<Post>(&json), Some(serde_json::from_str(&json).unwrap()), "{json}");
            assert_eq!(decode::<Json>(&json), Some(serde_json::from_str(&json).unwrap()), "{json}");
        }
        for number in [
            "0",
            "-0",
            "-1",
            "1.0",
            "0.1",
            "1e3",
            "123456789012345678",
            "-9223372036854775808",
            "1E-7",
            "18446744073709551616",
        ] {
            assert_eq!(decode::<Json>(number), Some(serde_json::from_str(number).unwrap()), "{number}");
        }
    }

    #[test]
    fn a_text_that_serde_json_refuses_is_refused() {
        let whole =
            r#"{"id":"1","text":"a\n","entities":{"urls":[{"start":1,"end":2}]},"public_metrics":{"like_count":1}}"#;
        for cut in 0..whole.len() {
            assert_eq!(decode::<Post>(&whole[..cut]), None, "{cut}");
        }
        for at in 0..whole.len() {
            for byte in [b' ', b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'0', b'n', b'-', b'x', b'\t'] {
                let mut changed = whole.as_bytes().to_vec();
                changed[at] = byte;
                let changed = std::str::from_utf8(&changed).unwrap();
                let expected = serde_json::from_str::<Post>(changed).ok();
                assert!(decode::<Post>(changed).is_none_or(|post| Some(post) == expected), "{changed}");
            }
        }
        for json in
            ["", "tru", "nulL", "01", "1.", ".5", "+1", "1e", "NaN", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{1:2}"]
        {
            assert_eq!(decode::<Json>(json), None, "{json}");
        }
    }

    #[test]
    fn unusual_texts_are_left_to_serde_json() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        for json in [deep.as_str(), "\"a\u{1}\"", "[1,\n2]", "18446744073709551615"] {
            assert_eq!(decode::<Json>(json), None, "{json}");
        }
        assert_eq!(decode::<User>("[]"), None);
        assert_eq!(decode::<Includes>(r#"{"users":[],"users":[]}"#), None, "a member occurs twice");
    }
}
