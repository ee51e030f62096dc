//! The parameters with which a user returns from X.

use std::fmt;

/// Parameters of a callback: the query of a URL, or a bare code or PIN.
#[derive(Clone)]
pub(super) struct CallbackParams(Vec<(String, String)>);

impl fmt::Debug for CallbackParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackParams(…)")
    }
}

impl CallbackParams {
    /// Parses a URL, a query, or a bare value, which becomes the parameter `name`.
    pub(super) fn read(text: &str, name: &str) -> Self {
        let text = text.trim();
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        if !query.contains('=') {
            return Self(vec![(name.to_owned(), text.to_owned())]);
        }
        let pairs = chirrup_auth::oauth1::form_pairs(query);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Whether the text was a bare value.
    pub(super) fn is_bare(&self) -> bool {
        self.0.len() == 1
    }

    /// Returns the value of a parameter that occurs exactly once.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let first = values.next();
        if values.next().is_some() { None } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks_are_parsed_in_every_form() {
        for text in ["http://127.0.0.1/cb?state=s&code=a%2Bb", "state=s&code=a%2Bb#x", " ?code=a%2Bb&state=s\n"] {
            let params = CallbackParams::read(text, "code");
            assert_eq!((params.get("code"), params.get("state")), (Some("a+b"), Some("s")), "{text}");
        }
        assert_eq!(CallbackParams::read(" 1234567\n", "oauth_verifier").get("oauth_verifier"), Some("1234567"));
        assert_eq!(CallbackParams::read("a?code=1&code=2", "code").get("code"), None, "twice is not once");
        assert!(!format!("{:?}", CallbackParams::read("secret", "code")).contains("secret"));
    }
}
