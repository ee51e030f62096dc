//! Calls of v1.1 whose bodies are written from types, and held against their limits before they are sent.

use bytes::Bytes;
use chirrup_model::v1::NewMessage;
use chirrup_model::{MediaId, UserId, Value as _};
use serde_json::{Value as Json, json};

use super::V1;
use super::media::{CreateMediaMetadata, CreateSubtitles, Upload};
use super::messages::{NewCustomProfile, NewMessageEvent, NewWelcomeMessage, NewWelcomeRule, UpdateWelcomeMessage};
use super::statuses::UpdateWithMedia;
use crate::into_param::IntoParam;

/// A body that was written, or what is wrong with it.
struct Written(Result<Json, String>);

impl IntoParam<Json> for Written {
    fn into_json(self) -> Result<Json, String> {
        self.0
    }
}

impl V1 {
    /// Sends a message: a text, a medium, choices, buttons, under a name of its own.
    ///
    /// ```
    /// # fn example(client: chirrup_api::Client) {
    /// use chirrup_api::model::v1::{NewMessage, QuickReply};
    ///
    /// let choices = QuickReply::new().option("Yes").option("No");
    /// let call = client.v1().send(12, NewMessage::text("Coming?").quick_reply(choices));
    /// # }
    /// ```
    pub fn send(&self, to: impl Into<UserId>, message: impl Into<NewMessage>) -> NewMessageEvent {
        let (to, message) = (to.into(), message.into());
        let event = message.to_json().map(|data| {
            let mut create = json!({"target": {"recipient_id": to.to_string()}, "message_data": data});
            if let Some(profile) = message.profile() {
                create["custom_profile_id"] = profile.into();
            }
            json!({"type": "message_create", "message_create": create})
        });
        self.new_message_event(Written(event))
    }

    /// Makes a message that greets who opens a conversation.
    pub fn create_welcome(&self, name: &str, message: impl Into<NewMessage>) -> NewWelcomeMessage {
        let data = message.into().to_json();
        self.new_welcome_message(Written(data.map(|data| json!({"name": name, "message_data": data}))))
    }

    /// Changes a message that greets; its rule stays.
    pub fn update_welcome(&self, id: &str, message: impl Into<NewMessage>) -> UpdateWelcomeMessage {
        self.update_welcome_message(id, Written(message.into().to_json()))
    }

    /// Lets a message greet.
    pub fn set_welcome(&self, id: &str) -> NewWelcomeRule {
        self.new_welcome_rule(Written(Ok(json!({"welcome_message_id": id}))))
    }

    /// Makes a name and a picture, which was uploaded, to send messages under.
    pub fn create_profile(&self, name: &str, picture: impl Into<MediaId>) -> NewCustomProfile {
        let sound = (1..=48).contains(&name.chars().count());
        let profile = json!({"name": name, "avatar": {"media": {"id": picture.into().to_string()}}});
        let why = "its name has to have 1 to 48 characters".to_owned();
        self.new_custom_profile(Written(if sound { Ok(profile) } else { Err(why) }))
    }

    /// Uploads a picture at once. For videos, and all that is large, there is `chirrup::Client::upload` with its `use_v1`.
    pub fn upload_file(&self, file: impl Into<Bytes>) -> Upload {
        self.upload().file(file.into())
    }

    /// Writes a status with a picture, in one call of the old kind.
    pub fn update_with_file(&self, status: &str, file: impl Into<Bytes>) -> UpdateWithMedia {
        self.update_with_media(status, "").file(file.into())
    }

    /// Says what is to be seen on a medium: up to 1,000 characters.
    pub fn set_alt_text(&self, media: impl Into<MediaId>, text: &str) -> CreateMediaMetadata {
        let sound = text.chars().count() <= 1_000;
        let why = "the alternative text has more than 1,000 characters".to_owned();
        let text = Written(if sound { Ok(json!({"text": text})) } else { Err(why) });
        self.create_media_metadata(media.into().to_string()).alt_text(text)
    }

    /// Puts uploaded subtitles under a video.
    pub fn set_subtitles(
        &self,
        video: impl Into<MediaId>,
        subtitles: impl Into<MediaId>,
        language: &str,
        shown: &str,
    ) -> CreateSubtitles {
        let one = json!({
            "media_id": subtitles.into().to_json(), "language_code": language, "display_name": shown,
        });
        self.create_subtitles(video.into().to_string(), "TweetVideo", json!({"subtitles": [one]}))
    }
}
