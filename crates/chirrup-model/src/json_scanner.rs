//! A scanner that finds values in a JSON text by the names of members, and decodes nothing.

use std::ops::Range;

use crate::json_block::{BLOCK, BlockReader, Brackets, quotes_and_backslashes};

/// Position in a JSON text.
///
/// A value that is skipped is not validated, except that its strings and brackets end. Names and strings are returned as
/// they are in the text: escape sequences are not decoded, and X does not escape the characters of its names and IDs.
#[derive(Debug)]
pub struct JsonScanner<'j> {
    json: &'j [u8],
    at: usize,
}

impl<'j> JsonScanner<'j> {
    /// Creates a scanner at the beginning of a text.
    pub fn new(json: &'j [u8]) -> Self {
        Self { json, at: 0 }
    }

    /// Returns the first byte of the next value, bracket or separator.
    #[inline(always)]
    pub fn peek(&mut self) -> Option<u8> {
        match self.json.get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_after_space(),
        }
    }

    /// The same where white space is possible, which servers rarely send.
    #[cold]
    fn peek_after_space(&mut self) -> Option<u8> {
        loop {
            let byte = *self.json.get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Returns the text from the next value on.
    pub fn rest(&mut self) -> Option<&'j [u8]> {
        self.peek()?;
        self.json.get(self.at..)
    }

    #[inline(always)]
    pub(crate) fn take(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.advance())
    }

    /// Moves over the byte that [`peek`](Self::peek) has returned.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.at += 1;
    }

    /// Returns the position in the text.
    #[inline(always)]
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Visits the members of an object. The function gets the name of each, and reads or skips its value. Returns `None`
    /// if the function does, or if the next value is not an object.
    pub fn object(&mut self, mut member: impl FnMut(&'j [u8], &mut Self) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let name = self.string()?;
            self.take(b':')?;
            member(name, self)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// Reads the first member with a name of an object, and skips all others. Returns `None` if the function does, or if the
    /// next value is not an object.
    pub fn member(&mut self, wanted: &[u8], read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let name = self.string()?;
            self.take(b':')?;
            if name == wanted {
                read(self)?;
                return self.skip_levels(1);
            }
            self.skip()?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// Visits the items of a list. The function reads or skips each. Returns `None` if the function does, or if the next
    /// value is not a list.
    pub fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.peek()? == b']' {
            return self.take(b']');
        }
        loop {
            item(self)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    /// Reads a string and returns it without its quotes.
    pub fn string(&mut self) -> Option<&'j [u8]> {
        self.peek().filter(|first| *first == b'"')?;
        let (range, _) = self.peeked_string()?;
        self.json.get(range)
    }

    /// Reads a string whose quote [`peek`](Self::peek) has returned. Returns its place without its quotes, and whether it
    /// contains escape sequences.
    #[inline(always)]
    pub(crate) fn peeked_string(&mut self) -> Option<(Range<usize>, bool)> {
        let begin = self.at + 1;
        let (end, is_escaped) = end_of_string(self.json, begin)?;
        self.at = end + 1;
        Some((begin..end, is_escaped))
    }

    /// Reads a number, `true`, `false` or `null`.
    pub fn word(&mut self) -> Option<&'j [u8]> {
        self.peek()?;
        let rest = self.json.get(self.at..)?;
        let is_end = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).filter(|word| !word.is_empty())
    }

    /// Skips the next value and returns its text.
    pub fn value(&mut self) -> Option<&'j [u8]> {
        let (rest, begin) = (self.rest()?, self.at);
        self.skip()?;
        rest.get(..self.at - begin)
    }

    /// Skips the next value, whatever its type.
    pub fn skip(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => {
                self.advance();
                self.skip_levels(1)
            }
            _ => self.word().map(drop),
        }
    }

    /// Moves behind the bracket that closes this many levels.
    fn skip_levels(&mut self, mut level: usize) -> Option<()> {
        let mut reader = BlockReader::default();
        loop {
            let rest = self.json.get(self.at..).filter(|rest| !rest.is_empty())?;
            let Brackets { opening, closing } = match rest.first_chunk() {
                Some(block) => reader.brackets(block),
                None => reader.brackets(&padded(rest)),
            };
            let mut brackets = opening | closing;
            while brackets != 0 {
                let at = brackets.trailing_zeros();
                level = if opening >> at & 1 == 1 { level + 1 } else { level - 1 };
                if level == 0 {
                    self.at += at as usize + 1;
                    return Some(());
                }
                brackets &= brackets - 1;
            }
            self.at += BLOCK;
        }
    }

    /// Whether only white space is left.
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }
}

/// Returns the last bytes of a text as a block.
#[cold]
fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [b' '; BLOCK];
    if let Some(beginning) = block.get_mut(..rest.len()) {
        beginning.copy_from_slice(rest);
    }
    block
}

/// Returns the position of the quote that ends a string, of which `at` is a position, and whether there are escape
/// sequences before it.
#[inline(always)]
fn end_of_string(json: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut is_escaped = false;
    loop {
        let Some(bytes) = json.get(at..)?.first_chunk() else { return end_of_last_string(json, at, is_escaped) };
        let found = quotes_and_backslashes(bytes);
        if found == 0 {
            at += bytes.len();
            continue;
        }
        at += found.trailing_zeros() as usize;
        if json.get(at) == Some(&b'"') {
            return Some((at, is_escaped));
        }
        is_escaped = true;
        at += 2;
    }
}

/// The same near the end of the text.
#[cold]
fn end_of_last_string(json: &[u8], mut at: usize, mut is_escaped: bool) -> Option<(usize, bool)> {
    loop {
        match *json.get(at)? {
            b'"' => return Some((at, is_escaped)),
            b'\\' => {
                is_escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(json: &str) -> Option<Vec<(&str, &str)>> {
        let text = |bytes| std::str::from_utf8(bytes).expect("UTF-8");
        let (mut found, mut scanner) = (Vec::new(), JsonScanner::new(json.as_bytes()));
        scanner.object(|name, scanner| {
            found.push((text(name), text(scanner.value()?)));
            Some(())
        })?;
        scanner.is_at_end().then_some(found)
    }

    #[test]
    fn values_of_every_type_are_skipped() {
        let json = r#" { "a" : {"b":["]}\"",{}],"c":null} , "long name, with é": -1.5e+3,"s":"\\","t":true,"l":[] } "#;
        let found = members(json).expect("an object");
        let values: Vec<_> = found.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, [r#"{"b":["]}\"",{}],"c":null}"#, "-1.5e+3", r#""\\""#, "true", "[]"]);
        assert_eq!(found[1].0, "long name, with é");
        assert_eq!(members("{}"), Some(Vec::new()));
    }

    #[test]
    fn a_text_that_is_cut_anywhere_is_not_an_object() {
        let json = r#"{"a":{"b":["]}\"",{}],"c":null},"d":"eeeeeeeeeeeeeeee\\","f":[1]}"#;
        assert_eq!(members(json).map(|found| found.len()), Some(3));
        for cut in 0..json.len() {
            assert_eq!(members(&json[..cut]), None, "{cut}");
        }
        for invalid in ["[]", "7", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":1} x"] {
            assert_eq!(members(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_string_ends_at_its_first_quote_that_is_not_escaped() {
        for length in 0..40 {
            let text = format!("{}\\\"é\\\\", "x".repeat(length));
            let json = format!("\"{text}\" \"");
            let mut scanner = JsonScanner::new(json.as_bytes());
            assert_eq!(scanner.string(), Some(text.as_bytes()));
            assert_eq!(scanner.string(), None, "it has no end");
        }
    }

    #[test]
    fn brackets_within_strings_do_not_count() {
        let value = r#"{"a":"\"]}{[\\","b":[{},["[[{"],"}\\"],"c":{"d":[[1],[2,{"e":"\\\"","f":{}}]]}}"#;
        for pad in 0..40 {
            let json = format!("[{}{value},{value}],7", " ".repeat(pad));
            let mut scanner = JsonScanner::new(json.as_bytes());
            assert_eq!((scanner.skip(), scanner.rest()), (Some(()), Some(b",7".as_slice())), "{json}");
            for cut in 0..json.len() - 2 {
                assert_eq!(JsonScanner::new(&json.as_bytes()[..cut]).skip(), None, "{}", &json[..cut]);
            }
        }
    }

    #[test]
    fn the_first_member_with_a_name_is_read() {
        let read = |json: &str| {
            let (mut found, mut scanner) = (None, JsonScanner::new(json.as_bytes()));
            scanner.member(b"id", |scanner| {
                found = Some(scanner.word()?.to_vec());
                Some(())
            })?;
            scanner.is_at_end().then_some(found)
        };
        for json in [r#"{"id":1}"#, r#"{"a":{"id":2},"id":1 , "b":["}"],"id":3} "#] {
            assert_eq!(read(json), Some(Some(b"1".to_vec())), "{json}");
        }
        assert_eq!((read("{}"), read(r#"{"a":1}"#)), (Some(None), Some(None)));
        for invalid in ["[]", r#"{"id":"1"}"#, r#"{"id":1"#, r#"{"id":1}}"#, r#"{"a":1"#] {
            assert_eq!(read(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn the_items_of_a_list_are_visited() {
        let mut scanner = JsonScanner::new(b"[1, \"a\" ,[2],{}]");
        let mut firsts = Vec::new();
        scanner.list(|scanner| {
            firsts.extend(scanner.peek());
            scanner.skip()
        });
        assert_eq!((firsts.as_slice(), scanner.is_at_end()), (b"1\"[{".as_slice(), true));
        assert_eq!(JsonScanner::new(b"[1,]").list(JsonScanner::skip), None);
        assert_eq!(JsonScanner::new(b"[]").list(JsonScanner::skip), Some(()));
    }
}
