//! Values of variables as users paste them: with blanks, quotation marks or `Bearer ` around them.

use std::fmt;

/// Names of the four OAuth 1.0a keys, without their prefix. The first of each row is the main one.
pub(crate) const OAUTH1_NAMES: [&[&str]; 4] = [
    &["CONSUMER_KEY", "API_KEY"],
    &["CONSUMER_SECRET", "API_SECRET", "API_KEY_SECRET"],
    &["ACCESS_TOKEN", "OAUTH_TOKEN"],
    &["ACCESS_TOKEN_SECRET", "OAUTH_TOKEN_SECRET", "ACCESS_SECRET"],
];

/// Error for a variable whose value cannot be a credential. It does not contain the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidVariable {
    name: String,
    reason: &'static str,
}

impl InvalidVariable {
    /// Returns the name of the variable.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for InvalidVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid value of {}: {}", self.name, self.reason)
    }
}

impl std::error::Error for InvalidVariable {}

/// Removes what surrounds a credential when it is pasted: blanks, line ends, quotation marks and `Bearer `. Returns `None`
/// if nothing remains.
///
/// ```
/// assert_eq!(chirrup_auth::clean_credential("X_BEARER_TOKEN", "'Bearer AAAA'\n")?.as_deref(), Some("AAAA"));
/// let error = chirrup_auth::clean_credential("X_BEARER_TOKEN", "AA AA").unwrap_err();
/// assert_eq!(error.to_string(), "invalid value of X_BEARER_TOKEN: it contains a blank");
/// # Ok::<(), chirrup_auth::InvalidVariable>(())
/// ```
///
/// # Errors
/// If the rest contains a character that no credential contains. `name` is the name of the variable in the error.
pub fn clean_credential(name: &str, value: &str) -> Result<Option<String>, InvalidVariable> {
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}');
    let mut rest = value;
    loop {
        let before = rest;
        rest = rest.trim_matches(is_blank);
        rest = rest.trim_matches(['"', '\'', '`', '“', '”', '‘', '’']);
        if let Some((scheme, token)) = rest.split_once(is_blank)
            && scheme.trim_end_matches(':').eq_ignore_ascii_case("bearer")
        {
            rest = token;
        }
        if rest == before {
            break;
        }
    }
    let reason = rest.chars().find_map(|c| match c {
        '"' | '\'' => Some("it contains a quotation mark"),
        c if c.is_control() && !c.is_whitespace() => Some("it contains a control character"),
        c if is_blank(c) => Some("it contains a blank"),
        c if !c.is_ascii() => Some("it contains a character that is not ASCII"),
        _ => None,
    });
    match reason {
        Some(reason) => Err(InvalidVariable { name: name.to_owned(), reason }),
        None => Ok(Some(rest.to_owned()).filter(|rest| !rest.is_empty())),
    }
}

/// Variables that a function looks up.
pub(crate) struct Variables<F>(pub(crate) F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    pub(crate) fn one(&self, name: &str) -> Result<Option<String>, InvalidVariable> {
        self.0(name).map_or(Ok(None), |value| clean_credential(name, &value))
    }

    /// Returns the first of these variables that is set, with the prefix `X_` or `TWITTER_`.
    pub(crate) fn first(&self, names: &[&str]) -> Result<Option<String>, InvalidVariable> {
        for name in names.iter().flat_map(|name| [format!("X_{name}"), format!("TWITTER_{name}")]) {
            if let Some(value) = self.one(&name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthKind, Credential, Credentials};

    #[test]
    fn what_surrounds_a_credential_is_removed() {
        let around = [
            "AAAA",
            " AAAA\r\n",
            "\"AAAA\"",
            "'AAAA' ",
            "Bearer AAAA",
            "bearer  \"AAAA\"",
            "\u{feff}“AAAA”",
            "Bearer: AAAA",
        ];
        for value in around {
            let found = Credentials::from_lookup(|name| (name == "X_BEARER_TOKEN").then(|| value.to_owned()));
            let found = found.expect("valid");
            let Some(Credential::AppOnly(token)) = found.get(AuthKind::AppOnly).map(|found| &**found) else {
                panic!("{value:?}: {found}");
            };
            assert_eq!(token.expose(), "AAAA", "{value:?}");
        }
        for empty in ["", " \n", "\"\"", "' '"] {
            assert_eq!(clean_credential("X", empty), Ok(None), "{empty:?}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_a_credential_is_refused_by_name() {
        for value in ["hush hush", "hu\"sh", "hush\nhush", "hu\u{0}sh", "hüsh"] {
            let error = Credentials::from_lookup(|name| (name == "X_ACCESS_TOKEN").then(|| value.to_owned()));
            let error = error.expect_err("refused");
            assert_eq!(error.name(), "X_ACCESS_TOKEN");
            assert!(!format!("{error} {error:?}").contains("sh"), "{error:?}");
        }
    }

    #[test]
    fn keys_that_are_missing_are_named() {
        let set = |names: &'static [&'static str]| move |name: &str| names.contains(&name).then(|| "v".to_owned());
        let three = set(&["X_API_KEY", "TWITTER_CONSUMER_SECRET", "X_ACCESS_TOKEN"]);
        assert!(Credentials::from_lookup(three).expect("valid").is_empty());
        assert_eq!(Credentials::missing_variables(three), ["X_ACCESS_TOKEN_SECRET"]);
        assert!(Credentials::missing_variables(set(&["X_BEARER_TOKEN"])).is_empty());
    }
}
