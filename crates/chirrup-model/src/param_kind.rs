//! Kinds of parameter values, as data that the client, the sandbox and the command line all read.

use std::fmt;

use serde_json::Value as Json;

use crate::id_syntax::{decimal, is_username};
use crate::time::Timestamp;

/// Kind of value that a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ParamKind {
    /// A numeric ID: 1 to 19 decimal digits.
    Id,
    /// A username: 1 to 15 letters, digits and underscores.
    Username,
    /// An integer within inclusive bounds.
    Int {
        /// The smallest value allowed.
        min: i64,
        /// The largest value allowed.
        max: i64,
    },
    /// A text within inclusive length bounds, in characters.
    Text {
        /// The smallest length allowed, in characters.
        min: usize,
        /// The largest length allowed, in characters; `usize::MAX` for no limit.
        max: usize,
    },
    /// A time in RFC 3339 format.
    Time,
    /// A boolean, `true` or `false`.
    Bool,
    /// One of a set of words.
    OneOf(&'static [&'static str]),
    /// A list of values of one kind, joined by commas in a query.
    List {
        /// The kind of each item.
        of: &'static Self,
        /// The smallest number of items allowed.
        min: usize,
        /// The largest number of items allowed; `usize::MAX` for no limit.
        max: usize,
    },
    /// A JSON object with these members.
    Object(&'static [Member]),
    /// Any JSON value: only the server knows its shape.
    Json,
    /// Content of a text file, which is the whole body of the request.
    File,
}

/// One member of a JSON object that a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Member {
    /// The name on the wire.
    pub name: &'static str,
    /// The kind of value that the member accepts.
    pub kind: ParamKind,
    /// Whether the object is invalid without the member.
    pub required: bool,
}

impl Member {
    /// Creates a member that every object must have.
    pub const fn required(name: &'static str, kind: ParamKind) -> Self {
        Self { name, kind, required: true }
    }

    /// Creates a member that an object may lack.
    pub const fn optional(name: &'static str, kind: ParamKind) -> Self {
        Self { name, kind, required: false }
    }
}

/// The rule that a value breaks, and where it breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Path inside the value, such as `.in_reply_to_tweet_id`; empty for the value itself.
    pub at: String,
    /// The rule, as a predicate: "must be between 10 and 100".
    pub rule: String,
    /// The refused value, at most 100 characters of it; empty if it was missing.
    pub given: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)
    }
}

/// Whether [`ParamKind::OneOf`] accepts words outside of its set.
#[derive(Clone, Copy, PartialEq)]
enum Words {
    Known,
    Any,
}

impl ParamKind {
    /// Checks a value against the kind.
    ///
    /// # Errors
    /// The first rule that the value breaks, and where.
    pub fn check(&self, value: &Json) -> Result<(), Violation> {
        self.check_with(value, Words::Known)
    }

    /// Checks a value against the kind, but accepts any word for [`OneOf`](Self::OneOf).
    ///
    /// X adds fields and other words all the time, so a client that refused the words it does not know would be
    /// outdated within weeks. X itself decides.
    ///
    /// # Errors
    /// The first rule that the value breaks, and where.
    pub fn check_with_unknown_words(&self, value: &Json) -> Result<(), Violation> {
        self.check_with(value, Words::Any)
    }

    fn check_with(&self, value: &Json, allowed: Words) -> Result<(), Violation> {
        let violation = |rule: String| Err(Violation { at: String::new(), rule, given: describe(value) });
        match *self {
            Self::Id => match value.as_str() {
                Some(t) if decimal(t).is_some() => Ok(()),
                _ => violation("must be an id of 1 to 19 digits".to_owned()),
            },
            Self::Username => match value.as_str() {
                Some(t) if is_username(t) => Ok(()),
                _ => violation("must match ^[A-Za-z0-9_]{1,15}$".to_owned()),
            },
            Self::Int { min, max } => match value.as_i64() {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                _ => violation(format!("must be between {min} and {max}")),
            },
            Self::Text { .. } if !value.is_string() => violation("must be a text".to_owned()),
            Self::Text { min, max } => match value.as_str().map(|t| t.chars().count()) {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                _ if max == usize::MAX => violation(format!("must have at least {min} characters")),
                _ => violation(format!("must have {min} to {max} characters")),
            },
            Self::Time => match value.as_str() {
                Some(t) if t.parse::<Timestamp>().is_ok() => Ok(()),
                _ => violation("must be a time such as 2026-01-31T12:00:00Z".to_owned()),
            },
            Self::Bool if value.is_boolean() => Ok(()),
            Self::Bool => violation("must be true or false".to_owned()),
            Self::OneOf(words) => match value.as_str() {
                Some(t) if words.contains(&t) || (allowed == Words::Any && !t.is_empty()) => Ok(()),
                _ => violation(format!("must be one of [{}]", words.join(","))),
            },
            Self::List { of, min, max } => check_list(value, of, min, max, allowed),
            Self::Object(members) => check_object(value, members, allowed),
            Self::Json => Ok(()),
            Self::File if value.is_string() => Ok(()),
            Self::File => violation("must be a text".to_owned()),
        }
    }

    /// Reads a value from its text form in a path, a query or on a command line.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(&self, text: &str) -> Result<Json, Violation> {
        let violation = |rule: &str| Violation { at: String::new(), rule: rule.to_owned(), given: clip(text) };
        let value = match self {
            Self::Int { .. } => text.parse::<i64>().map(Json::from).map_err(|_| violation("must be a whole number"))?,
            // Clients in Python write `True`, which X accepts.
            Self::Bool if text.eq_ignore_ascii_case("true") => Json::Bool(true),
            Self::Bool if text.eq_ignore_ascii_case("false") => Json::Bool(false),
            Self::Bool => return Err(violation("must be true or false")),
            Self::List { of, .. } => {
                let parts = text.split(',').filter(|part| !part.is_empty());
                Json::Array(parts.map(|part| of.parse(part)).collect::<Result<_, _>>()?)
            }
            Self::Object(_) => serde_json::from_str(text).map_err(|_| violation("must be a JSON object"))?,
            Self::Json => serde_json::from_str(text).map_err(|_| violation("must be JSON"))?,
            Self::Id | Self::Username | Self::Text { .. } | Self::Time | Self::OneOf(_) | Self::File => {
                Json::String(text.to_owned())
            }
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Returns the kind with tighter bounds: on the value of a number, the length of a text, or the size of a list.
    #[must_use]
    pub const fn within(self, min: i64, max: i64) -> Self {
        match self {
            Self::Int { .. } => Self::Int { min, max },
            Self::Text { .. } => Self::Text { min: min as usize, max: max as usize },
            Self::List { of, .. } => Self::List { of, min: min as usize, max: max as usize },
            other => other,
        }
    }

    /// Returns whether no lower bound exceeds its upper bound, at any depth.
    pub const fn is_sound(&self) -> bool {
        match self {
            Self::Int { min, max } => *min <= *max,
            Self::Text { min, max } => *min <= *max,
            Self::List { of, min, max } => *min <= *max && of.is_sound(),
            _ => true,
        }
    }
}

fn check_list(value: &Json, of: &ParamKind, min: usize, max: usize, allowed: Words) -> Result<(), Violation> {
    let items = match value.as_array() {
        Some(items) if (min..=max).contains(&items.len()) => items,
        Some(items) => {
            let rule = if max == usize::MAX {
                format!("must have at least {min} values")
            } else {
                format!("must have {min} to {max} values")
            };
            let given = format!("{} values", items.len());
            return Err(Violation { at: String::new(), rule, given });
        }
        None => {
            let rule = "must be a list".to_owned();
            return Err(Violation { at: String::new(), rule, given: describe(value) });
        }
    };
    items.iter().enumerate().try_for_each(|(index, item)| {
        of.check_with(item, allowed).map_err(|b| Violation { at: format!("[{index}]{}", b.at), ..b })
    })
}

fn check_object(value: &Json, members: &[Member], allowed: Words) -> Result<(), Violation> {
    let Some(object) = value.as_object() else {
        let rule = "must be a JSON object".to_owned();
        return Err(Violation { at: String::new(), rule, given: describe(value) });
    };
    for member in members {
        match object.get(member.name) {
            Some(inner) => member
                .kind
                .check_with(inner, allowed)
                .map_err(|b| Violation { at: format!(".{}{}", member.name, b.at), ..b })?,
            None if member.required => {
                let rule = "is missing but it is required".to_owned();
                return Err(Violation { at: format!(".{}", member.name), rule, given: String::new() });
            }
            None => {}
        }
    }
    match object.keys().find(|key| members.iter().all(|m| m.name != key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let rule = "is not defined in the schema and the schema does not allow additional properties";
            Err(Violation { at: format!(".{}", clip(key)), rule: rule.to_owned(), given: String::new() })
        }
    }
}

fn describe(value: &Json) -> String {
    match value {
        Json::String(text) => clip(text),
        other => clip(&other.to_string()),
    }
}

/// Shortens outside input of any length for a message.
fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const REPLY: ParamKind = ParamKind::Object(&[Member::required("to", ParamKind::Id)]);

    #[test]
    fn values_next_to_the_bounds_are_rejected() {
        let kind = ParamKind::Int { min: 10, max: 100 };
        assert!(kind.check(&json!(10)).is_ok() && kind.check(&json!(100)).is_ok());
        assert_eq!(kind.check(&json!(101)).expect_err("above").rule, "must be between 10 and 100");
        assert!(kind.check(&json!(9)).is_err() && kind.check(&json!("10")).is_err());
        let text = ParamKind::Text { min: 0, max: usize::MAX };
        assert_eq!(text.check(&json!(5)).expect_err("a number").rule, "must be a text");
    }

    #[test]
    fn an_invalid_member_is_named_by_its_path() {
        let missing = REPLY.check(&json!({})).expect_err("missing");
        assert_eq!((missing.at.as_str(), missing.rule.as_str()), (".to", "is missing but it is required"));
        assert_eq!(REPLY.check(&json!({"to": "1", "x": 2})).expect_err("extra").at, ".x");
        let list = ParamKind::List { of: &ParamKind::Id, min: 1, max: 2 };
        assert_eq!(list.check(&json!(["1", "b"])).expect_err("no id").at, "[1]");
    }

    #[test]
    fn a_list_is_read_from_comma_separated_text() {
        let list = ParamKind::List { of: &ParamKind::Id, min: 1, max: 3 };
        assert_eq!(list.parse("1,2").expect("two"), json!(["1", "2"]));
        assert!(list.parse("").is_err() && list.parse("1,2,3,4").is_err());
    }

    #[test]
    fn unknown_words_pass_only_where_they_are_allowed() {
        let list = ParamKind::List { of: &ParamKind::OneOf(&["day", "hour"]), min: 1, max: 2 };
        assert_eq!(list.check(&json!(["week"])).expect_err("unknown").rule, "must be one of [day,hour]");
        assert!(list.check_with_unknown_words(&json!(["week"])).is_ok());
        for wrong in [json!([""]), json!([1]), json!(["day", "hour", "week"])] {
            assert!(list.check_with_unknown_words(&wrong).is_err(), "{wrong}");
        }
    }
}
