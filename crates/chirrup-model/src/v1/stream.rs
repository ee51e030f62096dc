//! Messages of the streams of API v1.1: statuses, and messages about the stream itself.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::status::Status;
use crate::dialect::decode_value;
use crate::id::{PostId, UserId};
use crate::wire_struct;

wire_struct! {
    /// Reason for which X closes a stream.
    Disconnect {
        ;
        /// Code of the reason: 1 to 12.
        code: i64,
        /// Name of the stream.
        stream_name: String,
        /// Text of the reason.
        reason: String,
    }

    /// Warning about a problem of a stream.
    Warning {
        ;
        /// Code of the warning: `FALLING_BEHIND` or `FOLLOWS_OVER_LIMIT`.
        code: String,
        /// Text of the warning.
        message: String,
        /// Fill level of the queue of the stream, in percent.
        percent_full: f64,
    }
}

/// A message of a stream of API v1.1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub enum StreamMessage {
    /// A status that matches the stream.
    Status(Box<Status>),
    /// A status was deleted; apps have to delete their copies.
    Delete {
        /// ID of the status.
        id: PostId,
        /// ID of the author.
        user: UserId,
    },
    /// Apps have to remove the location from their copies of the statuses of a user.
    ScrubGeo {
        /// ID of the user.
        user: UserId,
        /// ID of the last status to change.
        up_to: PostId,
    },
    /// Number of matching statuses that X did not deliver since the stream was opened.
    Limit(u64),
    /// A status or a user is withheld in some countries.
    Withheld(Json),
    /// X closes the stream for this reason.
    Disconnect(Disconnect),
    /// X warns about a problem of the stream.
    Warning(Warning),
    /// IDs of the users that the user follows: the first message of a user stream.
    Friends(Vec<UserId>),
    /// An event of a user stream, such as `favorite` or `follow`.
    Event(Json),
    /// A direct message to or from the user.
    Message(Json),
    /// A message that this version does not recognize.
    Other(Json),
}

impl StreamMessage {
    /// Decodes a message from JSON.
    ///
    /// # Errors
    /// If the text is not JSON, or a status that cannot be decoded.
    pub fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let json: Json = serde_json::from_slice(text)?;
        Self::from_json(json)
    }

    fn from_json(mut json: Json) -> Result<Self, serde_json::Error> {
        let id = |value: &Json| -> u64 {
            value.as_str().and_then(|text| text.parse().ok()).or(value.as_u64()).unwrap_or_default()
        };
        // A stream of several users wraps each message and names its user.
        if json["for_user"].is_string() || json["for_user"].is_number() {
            return Self::from_json(json["message"].take());
        }
        let id_of = |value: &Json, name: &str| match &value[format!("{name}_str")] {
            Json::Null => id(&value[name]),
            text => id(text),
        };
        Ok(if json["id"].is_number() || (json["id_str"].is_string() && json["user"].is_object()) {
            Self::Status(Box::new(decode_value(&json)?))
        } else if json["delete"]["status"].is_object() {
            let status = &json["delete"]["status"];
            Self::Delete { id: PostId::new(id_of(status, "id")), user: UserId::new(id_of(status, "user_id")) }
        } else if json["scrub_geo"].is_object() {
            let scrub = &json["scrub_geo"];
            let up_to = PostId::new(id_of(scrub, "up_to_status_id"));
            Self::ScrubGeo { user: UserId::new(id_of(scrub, "user_id")), up_to }
        } else if let Some(track) = json["limit"]["track"].as_u64() {
            Self::Limit(track)
        } else if json["status_withheld"].is_object() || json["user_withheld"].is_object() {
            Self::Withheld(json)
        } else if json["disconnect"].is_object() {
            Self::Disconnect(decode_value(&json["disconnect"])?)
        } else if json["warning"].is_object() {
            Self::Warning(decode_value(&json["warning"])?)
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

    /// Returns the kind of the message, with the names of Twython's handlers: `status`, `delete`, `limit` and others.
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
    fn each_kind_of_message_is_recognized() {
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
