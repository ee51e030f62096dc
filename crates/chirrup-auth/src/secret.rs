//! Secret text that cannot be printed by accident.

use std::fmt;

use zeroize::Zeroize as _;

/// A key, a token or another secret text.
///
/// `Debug` hides the text, `==` takes constant time, and the memory is overwritten on drop. [`Secret::expose`] is the
/// only way to read the text; a secret implements neither `Display` nor `Serialize`:
///
/// ```compile_fail
/// format!("{}", chirrup_auth::Secret::new("hush"));
/// ```
///
/// ```compile_fail
/// serde_json::to_string(&chirrup_auth::Secret::new("hush"));
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Creates a secret from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// Returns the text, which the caller must not print or log.
    pub fn expose(&self) -> &str {
        &self.0
    }
    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for Secret {}

/// Compares two texts in a time that does not depend on where they differ.
pub fn constant_time_eq(a: &str, b: &str) -> bool {
    let differing = a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && std::hint::black_box(differing) == 0
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_equal_if_their_texts_are() {
        assert!(constant_time_eq("abc", "abc") && constant_time_eq("", ""));
        assert!(!constant_time_eq("abc", "abd") && !constant_time_eq("abc", "ab"));
        assert!(Secret::new("a") == Secret::new("a") && Secret::new("a") != Secret::new("b"));
    }
}
