//! IDs, with one type per kind: the ID of a user cannot be used where the ID of a post is needed.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{self, Visitor};

use crate::id_syntax::{decimal, is_username};
use crate::param_kind::ParamKind;

/// Error for a text or number that is not an ID of the requested type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    what: &'static str,
    rule: &'static str,
    given: String,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {}: expected {}", self.given, self.what, self.rule)
    }
}

impl std::error::Error for InvalidId {}

impl InvalidId {
    /// Creates the error for a text that is not a `what`: `rule` says what a `what` consists of.
    pub fn new(what: &'static str, rule: &'static str, given: impl fmt::Display) -> Self {
        // Outside input may be of any length.
        let given = given.to_string().chars().take(60).collect();
        Self { what, rule, given }
    }
}

/// Deserializes a numeric ID from a string or a number.
#[doc(hidden)]
pub fn deserialize_id<'de, D, T>(deserializer: D, what: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<u64> + FromStr<Err = InvalidId>,
{
    struct IdVisitor<T>(&'static str, PhantomData<T>);

    impl<T: From<u64> + FromStr<Err = InvalidId>> Visitor<'_> for IdVisitor<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a {} as a string or a number", self.0)
        }
        fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
            Ok(T::from(number))
        }
        fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
            let id = u64::try_from(number).map_err(|_| E::custom(format_args!("{number} is not a {}", self.0)))?;
            Ok(T::from(id))
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_any(IdVisitor(what, PhantomData))
}

/// Declares types for numeric IDs, each with the noun that error messages use.
///
/// The types implement `From<u64>`, `FromStr`, `TryFrom` for other integers, `Display`, `Serialize` (as a string),
/// `Deserialize` (from a string or a number), [`ParamType`](crate::ParamType) and what [`IntoParam`](crate::IntoParam)
/// needs.
///
/// ```
/// chirrup_model::numeric_id! {
///     /// ID of a badge.
///     BadgeId = "badge ID";
/// }
///
/// assert_eq!(BadgeId::new(20), "20".parse().unwrap());
/// let error = "twenty".parse::<BadgeId>().unwrap_err();
/// assert_eq!(error.to_string(), "`twenty` is not a badge ID: expected 1 to 19 digits");
/// ```
#[macro_export]
macro_rules! numeric_id {
    ($($(#[$attribute:meta])+ $name:ident = $what:literal;)+) => {$(
        $(#[$attribute])+
        #[doc = ""]
        /// Up to 19 decimal digits: a string on the wire, read from a string or a number. The default, 0, is the ID of
        /// nothing.
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Creates the ID from its number.
            pub const fn new(number: u64) -> Self {
                Self(number)
            }
            /// Returns the number of the ID.
            pub const fn get(self) -> u64 {
                self.0
            }
            /// Returns the creation time, which X writes into its IDs to the millisecond.
            ///
            /// IDs from before November 2010 contain no time; for them, the result is a time in 2010, and
            /// [`has_timestamp`](Self::has_timestamp) is `false`.
            pub const fn timestamp(self) -> $crate::Timestamp {
                $crate::Timestamp::from_snowflake(self.0)
            }
            /// Whether the ID contains its creation time. X assigned IDs in sequence until November 2010.
            pub const fn has_timestamp(self) -> bool {
                self.0 >= $crate::Timestamp::FIRST_SNOWFLAKE
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::InvalidId;
            fn from_str(text: &str) -> Result<Self, $crate::InvalidId> {
                let number = $crate::__private::decimal(text);
                number.map(Self).ok_or_else(|| $crate::InvalidId::new($what, "1 to 19 digits", text))
            }
        }

        impl From<u64> for $name {
            fn from(number: u64) -> Self {
                Self(number)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<&Self> for $name {
            fn from(id: &Self) -> Self {
                *id
            }
        }

        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::deserialize_id(deserializer, $what)
            }
        }

        impl $crate::ParamType for $name {
            const KIND: $crate::ParamKind = $crate::ParamKind::Id;
            fn to_json(&self) -> $crate::__private::Json {
                self.to_string().into()
            }
        }

        impl $crate::SingleParam for $name {}

        impl $crate::TextParam for $name {
            fn from_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: $crate::InvalidId| error.to_string())
            }
        }

        impl $crate::NumericId for $name {}

        $crate::numeric_id! { @try_from $name $what, i32 i64 isize u32 usize }
    )+};
    (@try_from $name:ident $what:literal, $($integer:ident)+) => {$(
        impl TryFrom<$integer> for $name {
            type Error = $crate::InvalidId;
            fn try_from(number: $integer) -> Result<Self, $crate::InvalidId> {
                let id = u64::try_from(number).map(Self);
                id.map_err(|_| $crate::InvalidId::new($what, "a number that is not negative", number))
            }
        }
    )+};
}

numeric_id! {
    /// ID of a post.
    PostId = "post ID";
    /// ID of a user.
    UserId = "user ID";
    /// ID of a list.
    ListId = "list ID";
    /// ID of a community.
    CommunityId = "community ID";
    /// ID of a poll.
    PollId = "poll ID";
    /// ID that X assigns to an uploaded media file, for `media_ids` of a post.
    MediaId = "media ID";
    /// ID of an event in a direct message conversation.
    DmEventId = "direct message event ID";
    /// ID of a bookmark folder.
    FolderId = "bookmark folder ID";
    /// ID of a topic.
    TopicId = "topic ID";
    /// ID of a news story.
    NewsId = "news ID";
    /// ID of a community note.
    NoteId = "note ID";
    /// ID of a compliance or replay job.
    JobId = "job ID";
    /// ID of an article.
    ArticleId = "article ID";
    /// ID of a rule of the filtered stream.
    RuleId = "rule ID";
    /// ID of a webhook.
    WebhookId = "webhook ID";
    /// ID of a subscription to activity events.
    SubscriptionId = "subscription ID";
    /// ID of a scheduled call.
    ScheduledCallId = "scheduled call ID";
}

/// Declares types for IDs that are not numbers.
///
/// Each type needs the noun for error messages, the [`ParamKind`] for the sandbox and the command line, what the ID
/// consists of, again for error messages, and a function that checks a text.
///
/// The types implement `FromStr`, `Display`, `Serialize`, `Deserialize`, [`ParamType`](crate::ParamType) and what
/// [`IntoParam`](crate::IntoParam) needs.
///
/// ```
/// use chirrup_model::ParamKind;
///
/// chirrup_model::text_id! {
///     /// ID of a badge, such as `b7`.
///     BadgeId = "badge ID", ParamKind::Text { min: 2, max: 2 }, "`b` and a digit",
///         |text| matches!(text.as_bytes(), [b'b', b'0'..=b'9']);
/// }
///
/// assert_eq!("b7".parse::<BadgeId>().unwrap().as_str(), "b7");
/// assert_eq!("7".parse::<BadgeId>().unwrap_err().to_string(), "`7` is not a badge ID: expected `b` and a digit");
/// ```
#[macro_export]
macro_rules! text_id {
    ($($(#[$attribute:meta])+ $name:ident = $what:literal, $kind:expr, $rule:literal, $check:expr;)+) => {$(
        $(#[$attribute])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::borrow::Cow<'static, str>);

        impl $name {
            /// Returns the text of the ID.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::InvalidId;
            fn from_str(text: &str) -> Result<Self, $crate::InvalidId> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned().into()))
                } else {
                    Err($crate::InvalidId::new($what, $rule, text))
                }
            }
        }

        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            // Any text: an ID in a response is valid by definition.
            fn deserialize<D: $crate::__private::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as $crate::__private::Deserialize>::deserialize(deserializer)?;
                Ok(Self(text.into()))
            }
        }

        impl $crate::ParamType for $name {
            const KIND: $crate::ParamKind = $kind;
            fn to_json(&self) -> $crate::__private::Json {
                self.as_str().into()
            }
        }

        impl $crate::SingleParam for $name {}

        impl $crate::TextParam for $name {
            fn from_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error: $crate::InvalidId| error.to_string())
            }
        }
    )+};
}

text_id! {
    /// Key of a media file, such as `3_1136048009270239232`.
    MediaKey = "media key", ParamKind::Text { min: 3, max: 39 }, "two numbers joined by `_`",
        |t| t.split_once('_').is_some_and(|(a, b)| decimal(a).is_some() && decimal(b).is_some());
    /// ID of a Space, such as `1ynKOZVRyOwxR`.
    SpaceId = "Space ID", ParamKind::Text { min: 1, max: 13 }, "1 to 13 letters and digits",
        |t| (1..=13).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// ID of a broadcast, such as `1OdJrXqVdvRGX`.
    BroadcastId = "broadcast ID", ParamKind::Text { min: 1, max: 24 }, "1 to 24 letters and digits",
        |t| (1..=24).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// ID of a video source of broadcasts.
    SourceId = "source ID", ParamKind::Text { min: 1, max: 32 }, "1 to 32 letters and digits",
        |t| (1..=32).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// ID of a call between users.
    CallId = "call ID", ParamKind::Text { min: 1, max: 64 }, "1 to 64 letters, digits, underscores and hyphens",
        |t| (1..=64).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    /// ID of a direct message conversation: a number for a group, two numbers joined by `-` for two users.
    DmConversationId = "conversation ID", ParamKind::Text { min: 1, max: 39 }, "a number, or two numbers joined by `-`",
        |t| decimal(t).is_some() || t.split_once('-').is_some_and(|(a, b)| decimal(a).is_some() && decimal(b).is_some());
    /// ID of an encrypted chat conversation: `g` and a number for a group, otherwise as in direct messages.
    ChatId = "chat ID", ParamKind::Text { min: 1, max: 39 }, "a number, two numbers joined by `-`, or `g` and a number",
        |t| t.parse::<DmConversationId>().is_ok() || t.strip_prefix('g').is_some_and(|n| decimal(n).is_some());
    /// ID of a place, such as `01a9a39529b27f36`.
    PlaceId = "place ID", ParamKind::Text { min: 1, max: 32 }, "1 to 32 letters and digits",
        |t| (1..=32).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// Username without the `@`: 1 to 15 letters, digits and underscores.
    Username = "username", ParamKind::Username, "1 to 15 letters, digits and underscores, without the @",
        is_username;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_string_on_the_wire_and_is_read_from_a_string_or_a_number() {
        let id: PostId = serde_json::from_str("\"1585823814058971140\"").expect("a string");
        assert_eq!(id, serde_json::from_str("1585823814058971140").expect("a number"));
        assert_eq!(serde_json::to_string(&id).expect("text"), "\"1585823814058971140\"");
    }

    #[test]
    fn invalid_ids_are_rejected_with_the_reason() {
        for invalid in ["", "-1", "1.5", "12345678901234567890", "abc", "１２"] {
            assert!(invalid.parse::<PostId>().is_err(), "{invalid}");
        }
        let error = "abc".parse::<UserId>().expect_err("not an ID").to_string();
        assert_eq!(error, "`abc` is not a user ID: expected 1 to 19 digits");
        assert!(serde_json::from_str::<PostId>("-3").is_err());
        assert!("@jack".parse::<Username>().is_err());
    }

    #[test]
    fn negative_numbers_are_not_ids() {
        assert_eq!(PostId::try_from(20_i64), Ok(PostId::new(20)));
        let error = PostId::try_from(-20_i64).expect_err("negative").to_string();
        assert_eq!(error, "`-20` is not a post ID: expected a number that is not negative");
    }

    #[test]
    fn an_id_contains_its_creation_time() {
        assert!(PostId::new(1_585_823_814_058_971_140).has_timestamp() && !PostId::new(20).has_timestamp());
        let created = PostId::new(1_585_823_814_058_971_140).timestamp();
        assert_eq!(created.to_string(), "2022-10-28T02:40:35.110Z");
    }
}
