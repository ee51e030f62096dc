//! Calls of v1.1 that build their JSON bodies from types and check them before sending.

use bytes::Bytes;
use chirrup_model::v1::NewMessage;
use chirrup_model::{IntoParam, MediaId, ParamType as _, UserId};
use serde_json::{Value as Json, json};

use super::V1;
use super::direct_messages::{
    NewCustomProfile, NewMessageEvent, NewWelcomeMessage, NewWelcomeRule, UpdateWelcomeMessage,
};
use super::media::{CreateMediaMetadata, CreateSubtitles, Upload};
use super::statuses::UpdateWithMedia;

/// A JSON body, or the reason why it is invalid; the call reports it when it is sent.
struct Body(Result<Json, String>);

impl IntoParam<Json> for Body {
    fn into_param(self) -> Result<Json, String> {
        self.0
    }
}

impl V1 {
    /// Sends a direct message: a text or media, with optional quick replies, buttons and a custom profile.
    ///
    /// ```
    /// # fn example(client: chirrup_api::ApiClient) {
    /// use chirrup_api::model::v1::{NewMessage, QuickReply};
    ///
    /// let replies = QuickReply::new().option("Yes").option("No");
    /// let call = client.v1().send(12, NewMessage::text("Coming?").quick_reply(replies));
    /// # }
    /// ```
    pub fn send(&self, to: impl IntoParam<UserId>, message: impl Into<NewMessage>) -> NewMessageEvent {
        let message = message.into();
        let event = to.into_param().and_then(|to| {
            let mut create = json!({"target": {"recipient_id": to.to_string()}, "message_data": message.to_json()?});
            if let Some(profile) = message.profile() {
                create["custom_profile_id"] = profile.into();
            }
            Ok(json!({"type": "message_create", "message_create": create}))
        });
        self.new_message_event(Body(event))
    }

    /// Creates a welcome message, which X shows to users who open a conversation with the authenticated user.
    pub fn create_welcome(&self, name: &str, message: impl Into<NewMessage>) -> NewWelcomeMessage {
        let data = message.into().to_json();
        self.new_welcome_message(Body(data.map(|data| json!({"name": name, "message_data": data}))))
    }

    /// Replaces the content of a welcome message; its rule stays in effect.
    pub fn update_welcome(&self, id: &str, message: impl Into<NewMessage>) -> UpdateWelcomeMessage {
        self.update_welcome_message(id, Body(message.into().to_json()))
    }

    /// Makes a welcome message the default one, by creating a rule for it.
    pub fn set_welcome(&self, id: &str) -> NewWelcomeRule {
        self.new_welcome_rule(Body(Ok(json!({"welcome_message_id": id}))))
    }

    /// Creates a custom profile: a name of 1 to 48 characters and an uploaded avatar to send direct messages under.
    pub fn create_profile(&self, name: &str, avatar: impl Into<MediaId>) -> NewCustomProfile {
        let length = name.chars().count();
        let profile = if (1..=48).contains(&length) {
            Ok(json!({"name": name, "avatar": {"media": {"id": avatar.into().to_string()}}}))
        } else {
            Err(format!("the name is {length} characters long; it must have 1 to 48"))
        };
        self.new_custom_profile(Body(profile))
    }

    /// Uploads an image in a single request.
    ///
    /// For videos and large files, use `chirrup::Client::upload` with its `by_v1`.
    pub fn upload_file(&self, file: impl Into<Bytes>) -> Upload {
        self.upload().file(file.into())
    }

    /// Creates a status with an image in a single request.
    pub fn update_with_file(&self, status: &str, file: impl Into<Bytes>) -> UpdateWithMedia {
        self.update_with_media(status, "").file(file.into())
    }

    /// Sets the alternative text of an uploaded media file: up to 1,000 characters.
    pub fn set_alt_text(&self, media: impl Into<MediaId>, text: &str) -> CreateMediaMetadata {
        let length = text.chars().count();
        let text = if length <= 1_000 {
            Ok(json!({"text": text}))
        } else {
            Err(format!("the alternative text is {length} characters long; the limit is 1,000"))
        };
        self.create_media_metadata(media.into().to_string()).alt_text(Body(text))
    }

    /// Adds uploaded subtitles to a video, with a language code such as `en` and the name that X displays for it.
    pub fn set_subtitles(
        &self,
        video: impl Into<MediaId>,
        subtitles: impl Into<MediaId>,
        language_code: &str,
        display_name: &str,
    ) -> CreateSubtitles {
        let track = json!({
            "media_id": subtitles.into().to_json(), "language_code": language_code, "display_name": display_name,
        });
        self.create_subtitles(video.into().to_string(), "TweetVideo", json!({"subtitles": [track]}))
    }
}
