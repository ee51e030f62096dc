//! Direct messages, welcome messages and custom profiles of API v1.1.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::new_message::{Button, QuickReply};
use super::status::{Entities, MediaEntity};
use super::user::User;
use crate::id::{DmEventId, UserId};
use crate::into_param::IntoParam;
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// Response with one message event.
    MessageEventResponse {
        /// The event of the response.
        event: MessageEvent,
        ;
        /// Apps that created the object, by their IDs.
        apps: BTreeMap<String, Json>,
    }

    /// A page of events, newest first.
    MessageEvents {
        /// Events of the page.
        events: Vec<MessageEvent>,
        ;
        /// Apps that created the events, by their IDs.
        apps: BTreeMap<String, Json>,
        /// Cursor of the next page; `None` on the last page.
        next_cursor: String,
    }

    /// An event of a direct message conversation.
    MessageEvent {
        /// ID of the event.
        id: String,
        ;
        /// Type of the event, always `message_create`.
        kind = "type": String,
        /// Time of the event, in milliseconds since 1970.
        created_timestamp: String,
        /// Post or welcome message that began the conversation.
        initiated_via: Json,
        /// The message of the event.
        message_create: MessageCreate,
    }

    /// A direct message of an event.
    MessageCreate {
        /// Recipient of the message.
        target: MessageTarget,
        /// Content of the message.
        message_data: MessageData,
        ;
        /// ID of the sender.
        sender_id: UserId,
        /// ID of the app that created the message.
        source_app_id: String,
        /// ID of the custom profile of the sender.
        custom_profile_id: String,
    }

    /// Recipient of a direct message.
    MessageTarget {
        /// ID of the recipient.
        recipient_id: UserId,
    }

    /// Content of a direct message.
    MessageData {
        ;
        /// Text of the message.
        text: String,
        /// Links, mentions and hashtags of the text.
        entities: Entities,
        /// Media file of the message.
        attachment: MessageAttachment,
        /// Quick replies that the recipient can choose from.
        quick_reply: QuickReply,
        /// Quick reply that the sender chose.
        quick_reply_response: QuickReplyResponse,
        /// Buttons below the message.
        ctas: Vec<Button>,
    }

    /// Media file of a direct message.
    MessageAttachment {
        ;
        /// Type of the attachment, always `media`.
        kind = "type": String,
        /// The media file of the message.
        media: MediaEntity,
    }

    /// Quick reply that the sender chose.
    QuickReplyResponse {
        ;
        /// Type of the quick replies, always `options`.
        kind = "type": String,
        /// Metadata of the chosen option.
        metadata: String,
    }

    /// A direct message in the older format, without events.
    DirectMessage {
        /// ID of the message.
        id: DmEventId,
        ;
        /// Text of the message.
        text: String,
        /// Creation time of the message.
        created_at: Timestamp,
        /// ID of the sender.
        sender_id: UserId,
        /// Username of the sender.
        sender_screen_name: String,
        /// The sender of the message.
        sender: Box<User>,
        /// ID of the recipient.
        recipient_id: UserId,
        /// Username of the recipient.
        recipient_screen_name: String,
        /// The recipient of the message.
        recipient: Box<User>,
        /// Links, mentions and hashtags of the text.
        entities: Entities,
    }

    /// A welcome message, which users see when they open a conversation.
    WelcomeMessage {
        /// ID of the welcome message.
        id: String,
        ;
        /// Name of the welcome message.
        name: String,
        /// Creation time, in milliseconds since 1970.
        created_timestamp: String,
        /// Content of the message.
        message_data: MessageData,
    }

    /// Response with one welcome message.
    WelcomeMessageResponse {
        /// The welcome message of the response.
        welcome_message: WelcomeMessage,
        ;
        /// Apps that created the message, by their IDs.
        apps: BTreeMap<String, Json>,
    }

    /// A page of welcome messages of the account.
    WelcomeMessages {
        ;
        /// Items of the page.
        welcome_messages: Vec<WelcomeMessage>,
        /// Cursor of the next page; `None` on the last page.
        next_cursor: String,
    }

    /// A rule that determines the current welcome message.
    WelcomeMessageRule {
        /// ID of the rule.
        id: String,
        /// ID of the welcome message.
        welcome_message_id: String,
        ;
        /// Creation time, in milliseconds since 1970.
        created_timestamp: String,
    }

    /// Response with one welcome message rule.
    WelcomeMessageRuleResponse {
        /// The welcome message rule of the response.
        welcome_message_rule: WelcomeMessageRule,
    }

    /// A page of welcome message rules of the account.
    WelcomeMessageRules {
        ;
        /// Items of the page.
        welcome_message_rules: Vec<WelcomeMessageRule>,
        /// Cursor of the next page; `None` on the last page.
        next_cursor: String,
    }

    /// A custom profile: a name and an avatar for sending messages.
    CustomProfile {
        /// ID of the profile.
        id: String,
        ;
        /// Display name of the profile.
        name: String,
        /// Creation time, in milliseconds since 1970.
        created_timestamp: String,
        /// Avatar of the profile.
        avatar: Json,
    }

    /// Response with one custom profile.
    CustomProfileResponse {
        /// The custom profile of the response.
        custom_profile: CustomProfile,
    }
}

fn time_of(millis: Option<&String>) -> Option<Timestamp> {
    millis?.parse().ok().map(Timestamp::from_millis)
}

/// The ID of the event.
#[diagnostic::do_not_recommend]
impl IntoParam<DmEventId> for &MessageEvent {
    fn into_param(self) -> Result<DmEventId, String> {
        self.id.as_str().into_param()
    }
}

impl MessageEvent {
    /// Returns the creation time.
    pub fn created_at(&self) -> Option<Timestamp> {
        time_of(self.created_timestamp.as_ref())
    }
    /// Returns the content of the message, or `None` if the event is not a message.
    pub fn data(&self) -> Option<&MessageData> {
        Some(&self.message_create.as_ref()?.message_data)
    }
    /// Returns the text of the message, which is empty if it has none.
    pub fn text(&self) -> &str {
        self.data().and_then(|data| data.text.as_deref()).unwrap_or_default()
    }
    /// Returns the ID of the recipient.
    pub fn recipient(&self) -> Option<UserId> {
        Some(self.message_create.as_ref()?.target.recipient_id)
    }
    /// Returns the ID of the sender.
    pub fn sender(&self) -> Option<UserId> {
        self.message_create.as_ref()?.sender_id
    }
}

impl WelcomeMessage {
    /// Returns the creation time.
    pub fn created_at(&self) -> Option<Timestamp> {
        time_of(self.created_timestamp.as_ref())
    }
}

impl WelcomeMessageRule {
    /// Returns the creation time.
    pub fn created_at(&self) -> Option<Timestamp> {
        time_of(self.created_timestamp.as_ref())
    }
}

impl CustomProfile {
    /// Returns the creation time.
    pub fn created_at(&self) -> Option<Timestamp> {
        time_of(self.created_timestamp.as_ref())
    }
}
