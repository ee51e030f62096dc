//! What a stream of v1.1 brings: statuses, and messages about the stream.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::status::Status;
use crate::id::{PostId, UserId};
use crate::wire_struct;

wire_struct! {
    /// Why a stream was ended.
    Disconnect {
        ;
        /// The number of the reason, 1 to 12.
        code: i64,
        /// The stream.
        stream_name: String,
        /// The reason.
        reason: String,
    }

    /// Something is about to go wrong.
    Warning {
        ;
        /// What: `FALLING_BEHIND`, `FOLLOWS_OVER_LIMIT`.
        code: String,
        /// The same in words.
        message: String,
        /// How full the queue is.
        percent_full: f64,
    }
}

/// A message of a stream of v1.1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub enum StreamMessage {
    /// A status.
    Status(Box<Status>),
    /// A status was deleted, and whoever keeps it has to delete it, too.
    Delete {
        /// Which.
        id: PostId,
        /// Whose.
        user: UserId,
    },
    /// Places have to be taken off the statuses of a user, up to this one.
    ScrubGeo {
        /// Whose.
        user: UserId,
        /// Up to which.
        up_to: PostId,
    },
    /// So many statuses that would have fitted were not delivered since the stream was opened.
    Limit(u64),
    /// A status or a user is withheld in some countries.
    Withheld(Json),
    /// The stream ends, and why.
    Disconnect(Disconnect),
    /// Something is about to go wrong.
    Warning(Warning),
    /// Whom the user of a user stream follows: the first message.
    Friends(Vec<UserId>),
    /// Something happened to the user: `favorite`, `follow`, …
    Event(Json),
    /// A direct message.
    Message(Json),
    /// Something that this version does not know.
    Other(Json),
}

impl StreamMessage {
    /// Reads a message.
    ///
    /// # Errors
    /// If the text is no JSON, or a status that cannot be read.
    pub fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let json: Json = serde_json::from_slice(text)?;
        Self::from_json(json)
    }

    fn from_json(mut json: Json) -> Result<Self, serde_json::Error> {
        let id = |value: &Json| -> u64 {
            value.as_str().and_then(|text| text.parse().ok()).or(value.as_u64()).unwrap_or_default()
        };
        // In the streams of many users, each message says for whom it is.
        if json["for_user"].is_string() || json["for_user"].is_number() {
            return Self::from_json(json["message"].take());
        }
        let both = |value: &Json, name: &str| match &value[format!("{name}_str")] {
            Json::Null => id(&value[name]),
            text => id(text),
        };
        Ok(if json["id"].is_number() || (json["id_str"].is_string() && json["user"].is_object()) {
            Self::Status(Box::new(serde_json::from_value(json)?))
        } else if json["delete"]["status"].is_object() {
            let status = &json["delete"]["status"];
            Self::Delete { id: PostId::new(both(status, "id")), user: UserId::new(both(status, "user_id")) }
        } else if json["scrub_geo"].is_object() {
            let scrub = &json["scrub_geo"];
            let up_to = PostId::new(both(scrub, "up_to_status_id"));
            Self::ScrubGeo { user: UserId::new(both(scrub, "user_id")), up_to }
        } else if let Some(track) = json["limit"]["track"].as_u64() {
            Self::Limit(track)
        } else if json["status_withheld"].is_object() || json["user_withheld"].is_object() {
            Self::Withheld(json)
        } else if json["disconnect"].is_object() {
            Self::Disconnect(serde_json::from_value(json["disconnect"].take())?)
        } else if json["warning"].is_object() {
            Self::Warning(serde_json::from_value(json["warning"].take())?)
        } else if let Some(friends) = json["friends"].as_array().or(json["friends_str"].as_array()) {
            Self::Friends(friends.iter().map(|friend| UserId::new(id(friend))).collect())
        } else if json["direct_message"].is_object() {
            Self::Message(json["direct_message"].take())
        } else if json["event"].is_string() {
            Self::Event(json)
        } else {
            Self::Other(json)
        })
    }

    /// Its name, as Twython calls its handlers: `status`, `delete`, `limit`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Delete { .. } => "delete",
            Self::ScrubGeo { .. } => "scrub_geo",
            Self::Limit(_) => "limit",
            Self::Withheld(_) => "withheld",
            Self::Disconnect(_) => "disconnect",
            Self::Warning(_) => "warning",
            Self::Friends(_) => "friends",
            Self::Event(_) => "event",
            Self::Message(_) => "direct_message",
            Self::Other(_) => "other",
        }
    }
}

impl<'de> Deserialize<'de> for StreamMessage {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Json::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_message_is_told_from_the_others() {
        let cases = [
            (r#"{"id":1,"id_str":"1","text":"x","user":{"id":2}}"#, "status"),
            (
                r#"{"delete":{"status":{"id":1,"id_str":"1","user_id":2,"user_id_str":"2"},"timestamp_ms":"1"}}"#,
                "delete",
            ),
            (r#"{"scrub_geo":{"user_id":1,"user_id_str":"1","up_to_status_id":2}}"#, "scrub_geo"),
            (r#"{"limit":{"track":1234}}"#, "limit"),
            (r#"{"status_withheld":{"id":1,"user_id":2,"withheld_in_countries":["DE"]}}"#, "withheld"),
            (r#"{"disconnect":{"code":4,"stream_name":"x","reason":"gone"}}"#, "disconnect"),
            (r#"{"warning":{"code":"FALLING_BEHIND","message":"hurry","percent_full":60}}"#, "warning"),
            (r#"{"friends":[1,2,3]}"#, "friends"),
            (r#"{"event":"favorite","source":{}}"#, "event"),
            (r#"{"direct_message":{"id":1}}"#, "direct_message"),
            (r#"{"for_user":"7","message":{"friends_str":["1"]}}"#, "friends"),
            (r#"{"new":"kind"}"#, "other"),
            ("7", "other"),
        ];
        for (text, kind) in cases {
            assert_eq!(StreamMessage::read(text.as_bytes()).unwrap().kind(), kind, "{text}");
        }
        assert!(StreamMessage::read(b"{").is_err());
        let StreamMessage::Delete { id, user } = StreamMessage::read(cases[1].0.as_bytes()).unwrap() else { panic!() };
        assert_eq!((id.get(), user.get()), (1, 2));
    }
}
