//! Rows in the text format of COPY.

use crate::object_rows::Value;

/// Character instead of what PostgreSQL cannot store.
const REPLACEMENT: &str = "\u{FFFD}";

/// Rows of a table, as a copy sends them.
#[derive(Debug, Default)]
pub(super) struct CopyText {
    bytes: Vec<u8>,
}

impl CopyText {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn push<'v>(&mut self, row: impl IntoIterator<Item = Value<'v>>) {
        for value in row {
            match value {
                Value::Int(Some(number)) => self.bytes.extend_from_slice(number.to_string().as_bytes()),
                Value::Bool(Some(flag)) => self.bytes.push(if flag { b't' } else { b'f' }),
                Value::Text(Some(text)) => self.push_text(text),
                Value::Int(None) | Value::Bool(None) | Value::Text(None) => self.bytes.extend_from_slice(b"\\N"),
            }
            self.bytes.push(b'\t');
        }
        self.bytes.pop();
        self.bytes.push(b'\n');
    }

    fn push_text(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r' | 0)) {
            self.bytes.extend_from_slice(&rest[..at]);
            self.bytes.extend_from_slice(match rest[at] {
                b'\\' => b"\\\\",
                b'\t' => b"\\t",
                b'\n' => b"\\n",
                b'\r' => b"\\r",
                _ => REPLACEMENT.as_bytes(),
            });
            rest = &rest[at + 1..];
        }
        self.bytes.extend_from_slice(rest);
    }
}

/// Returns JSON without the escapes of characters that PostgreSQL does not have: NUL and halves of surrogate pairs.
pub(super) fn storable(json: &str) -> std::borrow::Cow<'_, str> {
    if !json.contains("\\u") {
        return json.into();
    }
    let (mut stored, mut rest) = (String::with_capacity(json.len()), json);
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at..];
        let len = match (code_of(escape), escape.get(6..).and_then(code_of)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0 | 0xD800..=0xDFFF), _) => {
                stored.push_str(&rest[..at]);
                stored.push_str(REPLACEMENT);
                rest = &rest[at + 6..];
                continue;
            }
            (Some(_), _) => 6,
            // The character after the backslash may be another one.
            (None, _) => 2.min(escape.len()),
        };
        let Some((kept, next)) = rest.split_at_checked(at + len) else { break };
        stored.push_str(kept);
        rest = next;
    }
    stored.push_str(rest);
    stored.into()
}

/// Returns the number of an escape such as `\u0041` at the start of a text.
fn code_of(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        let mut rows = CopyText::default();
        rows.push([
            Value::Int(Some(-7)),
            Value::Text(Some("a\tb\\N\r\n\0")),
            Value::Bool(Some(true)),
            Value::Int(None),
        ]);
        assert_eq!(rows.bytes(), "-7\ta\\tb\\\\N\\r\\n\u{FFFD}\tt\t\\N\n".as_bytes());
    }

    #[test]
    fn escapes_without_a_character_are_replaced() {
        for (json, stored) in [
            (r#""plain \n \\ é""#, r#""plain \n \\ é""#),
            (r#""a\u0000b""#, "\"a\u{FFFD}b\""),
            (r#""a\\u0000b\u0041""#, r#""a\\u0000b\u0041""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d x\ude00\\""#, "\"\u{FFFD} x\u{FFFD}\\\\\""),
        ] {
            assert_eq!(storable(json), stored);
        }
    }
}
