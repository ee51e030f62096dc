//! Ids: newtypes, so that a user's id can never be given where a post's is meant.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    pub(crate) what: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) given: String,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no {}: {}", self.given, self.what, self.rule)
    }
}

impl std::error::Error for InvalidId {}

impl InvalidId {
    fn new(what: &'static str, rule: &'static str, given: &str) -> Self {
        // What came from outside may be of any length; the message need not be.
        let given = given.chars().take(60).collect();
        Self { what, rule, given }
    }
}

/// Reads 1 to 19 decimal digits that fit in 64 bits.
fn decimal(text: &str) -> Option<u64> {
    let fits = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

struct IdVisitor<T>(&'static str, std::marker::PhantomData<T>);

impl<T: TryFrom<u64> + FromStr<Err = InvalidId>> Visitor<'_> for IdVisitor<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} as a string or a number", self.0)
    }
    fn visit_u64<E: de::Error>(self, n: u64) -> Result<T, E> {
        T::try_from(n).map_err(|_| E::custom(format_args!("{n} is no {}", self.0)))
    }
    fn visit_i64<E: de::Error>(self, n: i64) -> Result<T, E> {
        let n = u64::try_from(n).map_err(|_| E::custom(format_args!("{n} is no {}", self.0)))?;
        self.visit_u64(n)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! decimal_ids {
    ($($(#[$doc:meta])+ $name:ident = $what:literal;)+) => {$(
        $(#[$doc])+
        ///
        /// Up to 19 decimal digits: a string on the wire, read from a string or a number.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The id of this number.
            pub const fn new(number: u64) -> Self {
                Self(number)
            }
            /// The number.
            pub const fn get(self) -> u64 {
                self.0
            }
            /// When the thing was made: X writes the time into its ids, to the millisecond.
            /// Ids given before November 2010 carry no time and give a date in 2010.
            pub const fn timestamp(self) -> Timestamp {
                Timestamp::from_snowflake(self.0)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decimal(text).map(Self).ok_or_else(|| InvalidId::new($what, "it has 1 to 19 digits", text))
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
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                d.deserialize_any(IdVisitor($what, std::marker::PhantomData))
            }
        }
    )+};
}

decimal_ids! {
    /// The id of a post.
    PostId = "post id";
    /// The id of a user.
    UserId = "user id";
    /// The id of a list.
    ListId = "list id";
    /// The id of a community.
    CommunityId = "community id";
    /// The id of a poll.
    PollId = "poll id";
    /// The id that an upload gives to a medium; posts name it in `media_ids`.
    MediaId = "media id";
    /// The id of an event in a direct message conversation.
    DmEventId = "direct message event id";
    /// The id of a folder of bookmarks.
    FolderId = "bookmark folder id";
    /// The id of a topic.
    TopicId = "topic id";
    /// The id of a story in the news.
    NewsId = "news id";
    /// The id of a community note.
    NoteId = "note id";
    /// The id of a job.
    JobId = "job id";
    /// The id of an article.
    ArticleId = "article id";
    /// The id of a rule of the filtered stream.
    RuleId = "rule id";
    /// The id of a webhook.
    WebhookId = "webhook id";
    /// The id of a subscription to activity.
    SubscriptionId = "subscription id";
}

macro_rules! text_ids {
    ($($(#[$doc:meta])+ $name:ident = $what:literal, $rule:literal, $check:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(Cow::Owned(text.to_owned())))
                } else {
                    Err(InvalidId::new($what, $rule, text))
                }
            }
        }
    )+};
}

text_ids! {
    /// The key of a medium, such as `3_1136048009270239232`.
    MediaKey = "media key", "it is two numbers joined by `_`",
        |t| t.split_once('_').is_some_and(|(a, b)| decimal(a).is_some() && decimal(b).is_some());
    /// The id of a Space, such as `1ynKOZVRyOwxR`.
    SpaceId = "Space id", "it has 1 to 13 letters and digits",
        |t| (1..=13).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// The id of a broadcast, such as `1OdJrXqVdvRGX`.
    BroadcastId = "broadcast id", "it has 1 to 13 letters and digits",
        |t| (1..=13).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// The id of a conversation: a number for a group, two joined by `-` for two users.
    DmConversationId = "conversation id", "it is a number, or two joined by `-`",
        |t| decimal(t).is_some() || t.split_once('-').is_some_and(|(a, b)| decimal(a).is_some() && decimal(b).is_some());
    /// The id of a conversation in the encrypted chat: `g` and a number for a group, else as in direct messages.
    ChatId = "chat id", "it is a number, two joined by `-`, or `g` and a number",
        |t| t.parse::<DmConversationId>().is_ok() || t.strip_prefix('g').is_some_and(|n| decimal(n).is_some());
    /// The id of a place, such as `01a9a39529b27f36`.
    PlaceId = "place id", "it has 1 to 32 letters and digits",
        |t| (1..=32).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    /// The name of a user without the `@`: 1 to 15 letters, digits and underscores.
    Username = "username", "it has 1 to 15 letters, digits and underscores, and no @",
        |t| (1..=15).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_string_on_the_wire_and_is_read_from_both() {
        let id: PostId = serde_json::from_str("\"1585823814058971140\"").expect("a string");
        assert_eq!(id, serde_json::from_str("1585823814058971140").expect("a number"));
        assert_eq!(serde_json::to_string(&id).expect("text"), "\"1585823814058971140\"");
    }

    #[test]
    fn what_is_no_id_is_refused_and_named() {
        for bad in ["", "-1", "1.5", "12345678901234567890", "abc", "１２"] {
            assert!(bad.parse::<PostId>().is_err(), "{bad}");
        }
        let error = "abc".parse::<UserId>().expect_err("no id").to_string();
        assert_eq!(error, "`abc` is no user id: it has 1 to 19 digits");
        assert!(serde_json::from_str::<PostId>("-3").is_err());
        assert!("@jack".parse::<Username>().is_err());
    }

    #[test]
    fn an_id_tells_when_the_thing_was_made() {
        let made = PostId::new(1_585_823_814_058_971_140).timestamp();
        assert_eq!(made.to_string(), "2022-10-28T02:40:35.110Z");
    }
}
