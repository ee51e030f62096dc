//! Parameter values and their kinds: what may be sent, as data that client, sandbox and command line all read.

use std::fmt;

use serde_json::Value as Json;

use crate::id::{
    ArticleId, BroadcastId, ChatId, CommunityId, DmConversationId, DmEventId, FolderId, JobId, ListId, MediaId,
    MediaKey, NewsId, NoteId, PlaceId, PollId, PostId, RuleId, SpaceId, SubscriptionId, UserId, Username, WebhookId,
};
use crate::time::Timestamp;

/// What a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParamKind {
    /// 1 to 19 decimal digits.
    Id,
    /// 1 to 15 letters, digits and underscores.
    Username,
    /// A whole number within bounds.
    Int {
        /// The least value allowed.
        min: i64,
        /// The greatest value allowed.
        max: i64,
    },
    /// A text, its length counted in characters.
    Text {
        /// The least length.
        min: usize,
        /// The greatest length.
        max: usize,
    },
    /// A moment as RFC 3339.
    Time,
    /// `true` or `false`.
    Bool,
    /// One of a closed set of words.
    OneOf(&'static [&'static str]),
    /// Several values of one kind; joined by commas where they stand in a query.
    List {
        /// What each one is.
        of: &'static Self,
        /// The least number of them.
        min: usize,
        /// The greatest number of them.
        max: usize,
    },
    /// A JSON object.
    Object(&'static [Member]),
    /// Any JSON: what its shape is, only the server says.
    Json,
}

/// A member of a JSON object that a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it accepts.
    pub kind: ParamKind,
    /// Whether it must be there.
    pub required: bool,
}

/// How a value breaks the rule of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where inside the value, as a path such as `.in_reply_to_tweet_id`; empty for the value itself.
    pub at: String,
    /// The rule, as the end of a sentence: "must be between 10 and 100".
    pub rule: String,
    /// The value that was given there; empty if it was missing.
    pub given: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)
    }
}

impl ParamKind {
    /// Holds a value against the rule.
    ///
    /// # Errors
    /// The first rule that it breaks, and where.
    pub fn check(&self, value: &Json) -> Result<(), Violation> {
        let broken = |rule: String| Err(Violation { at: String::new(), rule, given: shown(value) });
        match *self {
            Self::Id => match value.as_str() {
                Some(t) if t.parse::<PostId>().is_ok() => Ok(()),
                _ => broken("must be an id of 1 to 19 digits".to_owned()),
            },
            Self::Username => match value.as_str() {
                Some(t) if t.parse::<Username>().is_ok() => Ok(()),
                _ => broken("must match ^[A-Za-z0-9_]{1,15}$".to_owned()),
            },
            Self::Int { min, max } => match value.as_i64() {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                _ => broken(format!("must be between {min} and {max}")),
            },
            Self::Text { min, max } => match value.as_str().map(|t| t.chars().count()) {
                Some(n) if (min..=max).contains(&n) => Ok(()),
                _ if max == usize::MAX => broken(format!("must have at least {min} characters")),
                _ => broken(format!("must have {min} to {max} characters")),
            },
            Self::Time => match value.as_str() {
                Some(t) if t.parse::<Timestamp>().is_ok() => Ok(()),
                _ => broken("must be a moment such as 2026-01-31T12:00:00Z".to_owned()),
            },
            Self::Bool if value.is_boolean() => Ok(()),
            Self::Bool => broken("must be true or false".to_owned()),
            Self::OneOf(words) => match value.as_str() {
                Some(t) if words.contains(&t) => Ok(()),
                _ => broken(format!("must be one of [{}]", words.join(","))),
            },
            Self::List { of, min, max } => check_list(value, of, min, max),
            Self::Object(members) => check_object(value, members),
            Self::Json => Ok(()),
        }
    }

    /// Reads a value as it stands in a path, a query or on a command line.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn parse(&self, text: &str) -> Result<Json, Violation> {
        let broken = |rule: &str| Violation { at: String::new(), rule: rule.to_owned(), given: clip(text) };
        let value = match self {
            Self::Int { .. } => text.parse::<i64>().map(Json::from).map_err(|_| broken("must be a whole number"))?,
            Self::Bool => match text {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                _ => return Err(broken("must be true or false")),
            },
            Self::List { of, .. } => {
                let parts = text.split(',').filter(|part| !part.is_empty());
                Json::Array(parts.map(|part| of.parse(part)).collect::<Result<_, _>>()?)
            }
            Self::Object(_) => serde_json::from_str(text).map_err(|_| broken("must be a JSON object"))?,
            Self::Json => serde_json::from_str(text).map_err(|_| broken("must be JSON"))?,
            Self::Id | Self::Username | Self::Text { .. } | Self::Time | Self::OneOf(_) => {
                Json::String(text.to_owned())
            }
        };
        self.check(&value)?;
        Ok(value)
    }
}

fn check_list(value: &Json, of: &ParamKind, min: usize, max: usize) -> Result<(), Violation> {
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
            return Err(Violation { at: String::new(), rule, given: shown(value) });
        }
    };
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| of.check(item).map_err(|b| Violation { at: format!("[{index}]{}", b.at), ..b }))
}

fn check_object(value: &Json, members: &[Member]) -> Result<(), Violation> {
    let Some(object) = value.as_object() else {
        let rule = "must be a JSON object".to_owned();
        return Err(Violation { at: String::new(), rule, given: shown(value) });
    };
    for member in members {
        match object.get(member.name) {
            Some(inner) => {
                member.kind.check(inner).map_err(|b| Violation { at: format!(".{}{}", member.name, b.at), ..b })?
            }
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

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => clip(text),
        other => clip(&other.to_string()),
    }
}

/// What came from outside may be of any length; a message need not be.
fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A type that can be the value of a parameter.
pub trait Value {
    /// What the wire accepts for it.
    const KIND: ParamKind;
    /// The value as it stands in JSON.
    fn to_json(&self) -> Json;
}

macro_rules! shown_as_text {
    ($($type:ty = $kind:expr;)+) => {$(
        impl Value for $type {
            const KIND: ParamKind = $kind;
            fn to_json(&self) -> Json {
                Json::String(self.to_string())
            }
        }
    )+};
}

shown_as_text! {
    PostId = ParamKind::Id;
    UserId = ParamKind::Id;
    ListId = ParamKind::Id;
    CommunityId = ParamKind::Id;
    PollId = ParamKind::Id;
    MediaId = ParamKind::Id;
    DmEventId = ParamKind::Id;
    FolderId = ParamKind::Id;
    Username = ParamKind::Username;
    PlaceId = ParamKind::Text { min: 1, max: 32 };
    SpaceId = ParamKind::Text { min: 1, max: 13 };
    BroadcastId = ParamKind::Text { min: 1, max: 13 };
    DmConversationId = ParamKind::Text { min: 1, max: 39 };
    ChatId = ParamKind::Text { min: 1, max: 39 };
    MediaKey = ParamKind::Text { min: 3, max: 39 };
    NewsId = ParamKind::Id;
    NoteId = ParamKind::Id;
    JobId = ParamKind::Id;
    ArticleId = ParamKind::Id;
    RuleId = ParamKind::Id;
    WebhookId = ParamKind::Id;
    SubscriptionId = ParamKind::Id;
    Timestamp = ParamKind::Time;
    String = ParamKind::Text { min: 0, max: usize::MAX };
}

impl Value for bool {
    const KIND: ParamKind = ParamKind::Bool;
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

impl Value for u32 {
    const KIND: ParamKind = ParamKind::Int { min: 0, max: Self::MAX as i64 };
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
}

impl Value for u64 {
    const KIND: ParamKind = ParamKind::Int { min: 0, max: i64::MAX };
    fn to_json(&self) -> Json {
        Json::from(*self)
    }
}

impl Value for Json {
    const KIND: ParamKind = ParamKind::Json;
    fn to_json(&self) -> Json {
        self.clone()
    }
}

impl<T: Value + HasParamKind> Value for Vec<T> {
    const KIND: ParamKind = ParamKind::List { of: T::REF, min: 1, max: usize::MAX };
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(Value::to_json).collect())
    }
}

/// A kind that can be pointed at from a constant.
#[doc(hidden)]
pub trait HasParamKind {
    /// The kind, as a reference.
    const REF: &'static ParamKind;
}

impl<T: Value> HasParamKind for T {
    const REF: &'static ParamKind = &T::KIND;
}

impl ParamKind {
    /// The same kind within tighter bounds: of a number its value, of a text its length, of a list its count.
    #[must_use]
    pub const fn within(self, min: i64, max: i64) -> Self {
        match self {
            Self::Int { .. } => Self::Int { min, max },
            Self::Text { .. } => Self::Text { min: min as usize, max: max as usize },
            Self::List { of, .. } => Self::List { of, min: min as usize, max: max as usize },
            other => other,
        }
    }

    /// Whether the bounds are in order, all the way down.
    pub const fn is_sound(&self) -> bool {
        match self {
            Self::Int { min, max } => *min <= *max,
            Self::Text { min, max } => *min <= *max,
            Self::List { of, min, max } => *min <= *max && of.is_sound(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const REPLY: ParamKind = ParamKind::Object(&[Member { name: "to", kind: ParamKind::Id, required: true }]);

    #[test]
    fn each_bound_refuses_the_next_value() {
        let kind = ParamKind::Int { min: 10, max: 100 };
        assert!(kind.check(&json!(10)).is_ok() && kind.check(&json!(100)).is_ok());
        assert_eq!(kind.check(&json!(101)).expect_err("above").rule, "must be between 10 and 100");
        assert!(kind.check(&json!(9)).is_err() && kind.check(&json!("10")).is_err());
    }

    #[test]
    fn a_broken_member_is_named_by_its_path() {
        let missing = REPLY.check(&json!({})).expect_err("missing");
        assert_eq!((missing.at.as_str(), missing.rule.as_str()), (".to", "is missing but it is required"));
        assert_eq!(REPLY.check(&json!({"to": "1", "x": 2})).expect_err("extra").at, ".x");
        let list = ParamKind::List { of: &ParamKind::Id, min: 1, max: 2 };
        assert_eq!(list.check(&json!(["1", "b"])).expect_err("no id").at, "[1]");
    }

    #[test]
    fn a_list_is_read_from_commas() {
        let list = ParamKind::List { of: &ParamKind::Id, min: 1, max: 3 };
        assert_eq!(list.parse("1,2").expect("two"), json!(["1", "2"]));
        assert!(list.parse("").is_err() && list.parse("1,2,3,4").is_err());
    }
}
