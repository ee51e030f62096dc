//! Texts that are short in most cases.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Maximum length in bytes of a text without an allocation, with which a [`ShortText`] is as large as a [`String`].
const SHORT: usize = 22;

/// A text that takes no allocation if it has at most 22 bytes, such as the name of a subject. It dereferences to [`str`].
///
/// ```
/// use chirrup_model::ShortText;
///
/// let name = ShortText::from("Computer programming");
/// assert_eq!(name, "Computer programming");
/// assert_eq!(name.len(), 20);
/// ```
#[derive(Clone)]
pub struct ShortText(Text);

#[derive(Clone)]
enum Text {
    Short { len: u8, bytes: [u8; SHORT] },
    Long(Box<str>),
}

impl ShortText {
    /// Returns the text as a string slice.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short { len, bytes } => {
                let text = bytes.get(..usize::from(*len)).unwrap_or_default();
                // It was copied from a text.
                std::str::from_utf8(text).unwrap_or_default()
            }
            Text::Long(text) => text,
        }
    }
}

impl Default for ShortText {
    /// Returns an empty text.
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        let (Some(short), Ok(len)) = (bytes.get_mut(..text.len()), u8::try_from(text.len())) else {
            return Self(Text::Long(text.into()));
        };
        short.copy_from_slice(text.as_bytes());
        Self(Text::Short { len, bytes })
    }
}

impl From<String> for ShortText {
    fn from(text: String) -> Self {
        if text.len() > SHORT { Self(Text::Long(text.into())) } else { Self::from(text.as_str()) }
    }
}

impl From<ShortText> for String {
    fn from(text: ShortText) -> Self {
        match text.0 {
            Text::Long(text) => text.into(),
            Text::Short { .. } => text.as_str().to_owned(),
        }
    }
}

impl Deref for ShortText {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for ShortText {
    fn as_ref(&self) -> &str {
        self
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for ShortText {
    fn eq(&self, other: &T) -> bool {
        self.as_str() == other.as_ref()
    }
}

impl Eq for ShortText {}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for ShortText {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for ShortText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl Visitor<'_> for TextVisitor {
            type Value = ShortText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<ShortText, E> {
                Ok(text.into())
            }
        }
        d.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_kept() {
        assert_eq!(size_of::<Option<ShortText>>(), size_of::<String>());
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 300] {
            let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
            let kept = ShortText::from(text.as_str());
            assert_eq!((kept.as_str(), kept.to_string()), (text.as_str(), text.clone()));
            assert_eq!(kept, ShortText::from(text.clone()));
            assert_eq!(String::from(kept.clone()), text);
            let json = serde_json::to_string(&kept).expect("JSON");
            assert_eq!(serde_json::from_str::<ShortText>(&json).expect("a text"), text);
        }
        assert_ne!(ShortText::default(), "x");
        assert_eq!(format!("{:?}", ShortText::from("a\"")), r#""a\"""#);
    }
}
