//! Formatting of JSON without decoding it: numbers, duplicate keys and the order of keys stay as the server sent them.

use std::io::{self, Write};

use chirrup::internal::is_too_deep;
use serde::de::IgnoredAny;

use super::clean::is_unsafe;

/// Greatest depth whose values have lines of their own, so that nesting alone cannot multiply the size of the output.
const MAX_INDENT: usize = 32;

/// A line break and the indentation of the greatest depth.
const BREAK: [u8; 1 + 2 * MAX_INDENT] = {
    let mut spaces = [b' '; 1 + 2 * MAX_INDENT];
    spaces[0] = b'\n';
    spaces
};

/// White space between the tokens of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One value per line, indented by two spaces per level.
    Pretty,
    /// No white space between tokens.
    Compact,
}

/// Writes JSON in another layout. Characters that control a terminal are escaped. Text that is not JSON keeps its layout.
/// Bytes that are not UTF-8 are replaced. The text is not copied, so that a long one takes no more memory.
pub(crate) fn write(out: &mut impl Write, json: &[u8], layout: Layout) -> io::Result<()> {
    write_tokens(&mut Writer { out, pretty: layout == Layout::Pretty, depth: 0 }, json)
}

fn write_tokens(writer: &mut Writer<'_, impl Write>, json: &[u8]) -> io::Result<()> {
    let mut rest = json.trim_ascii();
    if !is_too_deep(rest) && serde_json::from_slice::<IgnoredAny>(rest).is_err() {
        return rest.split_inclusive(|byte| *byte == b'\n').try_for_each(|line| writer.line(line));
    }
    while let Some(first) = rest.first().copied() {
        let (token, after) = rest.split_at(length_of_token(rest, first));
        rest = after.trim_ascii_start();
        match rest.first() {
            Some(last @ (b'}' | b']')) if matches!(first, b'{' | b'[') => {
                writer.put(&[first, *last])?;
                rest = rest[1..].trim_ascii_start();
            }
            _ => writer.token(first, token)?,
        }
    }
    Ok(())
}

/// Writes JSON, indented, as a value of this depth in another document.
pub(super) fn write_nested(out: &mut impl Write, json: &[u8], depth: usize) -> io::Result<()> {
    write_tokens(&mut Writer { out, pretty: true, depth }, json)
}

/// Formats JSON as text. Characters that control a terminal are escaped.
pub(crate) fn to_text(json: &[u8], layout: Layout) -> String {
    let mut text = Vec::with_capacity(json.len());
    // Writing to memory does not fail.
    let _ = write(&mut text, json, layout);
    String::from_utf8(text).unwrap_or_default()
}

/// Length of the token at the start of a text: a string, a structural character, or a scalar.
pub(super) fn length_of_token(text: &[u8], first: u8) -> usize {
    match first {
        b'"' => {
            let mut escaped = false;
            let end = text.iter().skip(1).position(|byte| {
                let ends = !escaped && *byte == b'"';
                escaped = !escaped && *byte == b'\\';
                ends
            });
            end.map_or(text.len(), |at| at + 2)
        }
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        _ => {
            let ends = |byte: &u8| b"\"{}[],:".contains(byte) || byte.is_ascii_whitespace();
            text.iter().position(ends).map_or(text.len(), |at| at.max(1))
        }
    }
}

struct Writer<'a, W> {
    out: &'a mut W,
    pretty: bool,
    depth: usize,
}

impl<W: Write> Writer<'_, W> {
    fn token(&mut self, first: u8, token: &[u8]) -> io::Result<()> {
        match first {
            b'{' | b'[' => {
                self.put(token)?;
                self.depth += 1;
                self.break_line()
            }
            b'}' | b']' => {
                let has_lines = self.has_lines();
                self.depth = self.depth.saturating_sub(1);
                if has_lines {
                    self.break_line()?;
                }
                self.put(token)
            }
            b',' => {
                self.put(token)?;
                self.break_line()
            }
            b':' => self.put(if self.has_lines() { b": " } else { b":" }),
            _ => self.put(token),
        }
    }

    /// Whether the values of this depth have lines of their own.
    fn has_lines(&self) -> bool {
        self.pretty && self.depth <= MAX_INDENT
    }

    fn break_line(&mut self) -> io::Result<()> {
        if self.has_lines() { self.out.write_all(&BREAK[..1 + 2 * self.depth]) } else { Ok(()) }
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        match line.strip_suffix(b"\n") {
            Some(text) => self.put(text).and_then(|()| self.out.write_all(b"\n")),
            None => self.put(line),
        }
    }

    fn put(&mut self, token: &[u8]) -> io::Result<()> {
        for chunk in token.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
                self.out.write_all(&rest.as_bytes()[..at])?;
                write!(self.out, "\\u{:04x}", u32::from(c))?;
                rest = &rest[at + c.len_utf8()..];
            }
            self.out.write_all(rest.as_bytes())?;
            if !chunk.invalid().is_empty() {
                self.out.write_all("\u{FFFD}".as_bytes())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_duplicates_and_order_stay_as_they_are() {
        let sent = br#"{"b":1.0e2, "a" : [ 1,2 ] ,"b":{},"n":12345678901234567890123, "s":"x\" : , {y"}"#;
        assert_eq!(
            to_text(sent, Layout::Compact),
            r#"{"b":1.0e2,"a":[1,2],"b":{},"n":12345678901234567890123,"s":"x\" : , {y"}"#
        );
        let pretty = to_text(sent, Layout::Pretty);
        assert!(pretty.starts_with("{\n  \"b\": 1.0e2,\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},"), "{pretty}");
        assert!(pretty.ends_with("\"s\": \"x\\\" : , {y\"\n}"), "{pretty}");
    }

    #[test]
    fn pretty_output_is_that_of_serde_json() {
        for text in ["null", "[]", "{\"a\":[{\"b\":[]},[[1]],\"é\"],\"c\":{\"d\":true}}"] {
            let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(to_text(text.as_bytes(), Layout::Pretty), format!("{value:#}"));
            assert_eq!(to_text(format!("{value:#}").as_bytes(), Layout::Compact), value.to_string());
        }
    }

    #[test]
    fn characters_that_control_a_terminal_are_escaped() {
        let sent = "{\"text\":\"a\u{9b}31m\u{202e}b\u{7f}\"}";
        let text = to_text(sent.as_bytes(), Layout::Compact);
        assert_eq!(text, r#"{"text":"a\u009b31m\u202eb\u007f"}"#);
        let before: serde_json::Value = serde_json::from_str(sent).expect("JSON");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), before);
    }

    #[test]
    fn any_input_is_written_without_a_panic() {
        for text in ["", "{", "[[[[", "}}}", "\"open", "\"\\", "not json é ✓", "{\"a\":", ",,,:", "\u{1b}"] {
            assert_eq!(to_text(text.as_bytes(), Layout::Pretty), text.replace('\u{1b}', "\\u001b"));
        }
        to_text(&[0xff, b'{', 0xfe, b'"'], Layout::Pretty);
        assert_eq!(to_text(b"{\"a\": \"x\xff\xfey\"}", Layout::Compact), "{\"a\":\"x\u{FFFD}\u{FFFD}y\"}");
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        let printed = to_text(deep.as_bytes(), Layout::Pretty);
        assert!(printed.len() < deep.len() + 5_000, "the indentation is bounded: {}", printed.len());
        assert_eq!(printed.chars().filter(|c| !c.is_whitespace()).collect::<String>(), deep);
        let deeper = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
        assert!(to_text(deeper.as_bytes(), Layout::Pretty).len() < deeper.len() + 5_000, "a text of many levels");
        assert_eq!(to_text(b"502 Bad Gateway\n\x1b[1m", Layout::Compact), "502 Bad Gateway\n\\u001b[1m");
    }
}
