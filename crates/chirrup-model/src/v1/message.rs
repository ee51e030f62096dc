//! Direct messages with all that hangs on them: quick replies, buttons, welcome messages, profiles of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::status::{Entities, MediaEntity};
use super::user::User;
use crate::id::{MediaId, UserId};
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// One event of messages.
    MessageEventResponse {
        /// It.
        event: MessageEvent,
        ;
        /// The programs that it was written with.
        apps: BTreeMap<String, Json>,
    }

    /// Events of messages, the newest first.
    MessageEvents {
        /// They.
        events: Vec<MessageEvent>,
        ;
        /// The programs that they were written with.
        apps: BTreeMap<String, Json>,
        /// The next page; none after the last.
        next_cursor: String,
    }

    /// Something that happened in a conversation.
    MessageEvent {
        /// Its id.
        id: String,
        ;
        /// What: `message_create`.
        kind = "type": String,
        /// When, in milliseconds since 1970.
        created_timestamp: String,
        /// The message.
        message_create: MessageCreate,
    }

    /// A message.
    MessageCreate {
        /// To whom.
        target: MessageTarget,
        /// What it says.
        message_data: MessageData,
        ;
        /// From whom.
        sender_id: UserId,
        /// The program that it was written with.
        source_app_id: String,
        /// The profile that it was sent by.
        custom_profile_id: String,
    }

    /// To whom a message goes.
    MessageTarget {
        /// They.
        recipient_id: UserId,
    }

    /// What a message says.
    MessageData {
        ;
        /// Its text.
        text: String,
        /// Links, mentions and tags.
        entities: Entities,
        /// A medium.
        attachment: MessageAttachment,
        /// Choices that the reader has.
        quick_reply: QuickReply,
        /// The choice that was made.
        quick_reply_response: QuickReplyResponse,
        /// Buttons.
        ctas: Vec<Button>,
    }

    /// A medium of a message.
    MessageAttachment {
        ;
        /// `media`.
        kind = "type": String,
        /// It.
        media: MediaEntity,
    }

    /// The choice that was made.
    QuickReplyResponse {
        ;
        /// `options`.
        kind = "type": String,
        /// What was said beside it.
        metadata: String,
    }

    /// A message in the form before there were events.
    DirectMessage {
        /// Its id.
        id: crate::id::DmEventId,
        ;
        /// Its text.
        text: String,
        /// When it was sent.
        created_at: Timestamp,
        /// From whom.
        sender_id: UserId,
        /// Their name.
        sender_screen_name: String,
        /// They.
        sender: Box<User>,
        /// To whom.
        recipient_id: UserId,
        /// Their name.
        recipient_screen_name: String,
        /// They.
        recipient: Box<User>,
        /// Links, mentions and tags.
        entities: Entities,
    }

    /// A message that greets who opens a conversation.
    WelcomeMessage {
        /// Its id.
        id: String,
        ;
        /// What it is called.
        name: String,
        /// When it was made, in milliseconds since 1970.
        created_timestamp: String,
        /// What it says.
        message_data: MessageData,
    }

    /// One of them.
    WelcomeMessageResponse {
        /// It.
        welcome_message: WelcomeMessage,
        ;
        /// The programs that it was made with.
        apps: BTreeMap<String, Json>,
    }

    /// Those of the account.
    WelcomeMessages {
        ;
        /// They.
        welcome_messages: Vec<WelcomeMessage>,
        /// The next page; none after the last.
        next_cursor: String,
    }

    /// Which message greets.
    WelcomeMessageRule {
        /// Its id.
        id: String,
        /// The message.
        welcome_message_id: String,
        ;
        /// When it was made, in milliseconds since 1970.
        created_timestamp: String,
    }

    /// One of them.
    WelcomeMessageRuleResponse {
        /// It.
        welcome_message_rule: WelcomeMessageRule,
    }

    /// Those of the account.
    WelcomeMessageRules {
        ;
        /// They.
        welcome_message_rules: Vec<WelcomeMessageRule>,
        /// The next page; none after the last.
        next_cursor: String,
    }

    /// A name and a picture to send messages under.
    CustomProfile {
        /// Its id.
        id: String,
        ;
        /// The name.
        name: String,
        /// When it was made, in milliseconds since 1970.
        created_timestamp: String,
        /// The picture.
        avatar: Json,
    }

    /// One of them.
    CustomProfileResponse {
        /// It.
        custom_profile: CustomProfile,
    }
}

fn moment(millis: Option<&String>) -> Option<Timestamp> {
    millis?.parse().ok().map(Timestamp::from_millis)
}

impl MessageEvent {
    /// When it was sent.
    pub fn created_at(&self) -> Option<Timestamp> {
        moment(self.created_timestamp.as_ref())
    }
    /// What it says; none if it is no message.
    pub fn data(&self) -> Option<&MessageData> {
        Some(&self.message_create.as_ref()?.message_data)
    }
    /// Its text; empty if it has none.
    pub fn text(&self) -> &str {
        self.data().and_then(|data| data.text.as_deref()).unwrap_or_default()
    }
    /// To whom it went.
    pub fn recipient(&self) -> Option<UserId> {
        Some(self.message_create.as_ref()?.target.recipient_id)
    }
    /// From whom it came.
    pub fn sender(&self) -> Option<UserId> {
        self.message_create.as_ref()?.sender_id
    }
}

impl WelcomeMessage {
    /// When it was made.
    pub fn created_at(&self) -> Option<Timestamp> {
        moment(self.created_timestamp.as_ref())
    }
}

impl WelcomeMessageRule {
    /// When it was made.
    pub fn created_at(&self) -> Option<Timestamp> {
        moment(self.created_timestamp.as_ref())
    }
}

impl CustomProfile {
    /// When it was made.
    pub fn created_at(&self) -> Option<Timestamp> {
        moment(self.created_timestamp.as_ref())
    }
}

/// How many choices a message may offer.
const MOST_OPTIONS: usize = 20;
/// How many characters the label, the description and the metadata of a choice may have.
const LABEL: usize = 36;
const DESCRIPTION: usize = 72;
const METADATA: usize = 1_000;
/// How many buttons a message may have, and how many characters the label of one.
const MOST_BUTTONS: usize = 3;
const BUTTON: usize = 36;
/// How many characters a message may have.
const TEXT: usize = 10_000;

/// Choices that the reader of a message has: up to 20.
///
/// ```
/// use chirrup_model::v1::{NewMessage, QuickReply};
///
/// let choices = QuickReply::new().option("Yes").option_with("No", None, Some("declined"));
/// assert!(NewMessage::text("Coming?").quick_reply(choices).to_json().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct QuickReply {
    /// `options`, the one kind that there is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The choices.
    pub options: Vec<QuickReplyOption>,
}

/// A choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct QuickReplyOption {
    /// What it says, and what comes back as the answer: up to 36 characters.
    pub label: String,
    /// What it means, below the label: up to 72 characters. If one has it, all must.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What comes back beside the answer: up to 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}

impl QuickReply {
    /// No choices yet.
    pub fn new() -> Self {
        Self { kind: "options".to_owned(), options: Vec::new() }
    }
    /// One more choice.
    #[must_use]
    pub fn option(self, label: impl Into<String>) -> Self {
        self.option_with(label, None, None)
    }
    /// One more choice, with a description and metadata.
    #[must_use]
    pub fn option_with(mut self, label: impl Into<String>, description: Option<&str>, metadata: Option<&str>) -> Self {
        let (description, metadata) = (description.map(str::to_owned), metadata.map(str::to_owned));
        self.options.push(QuickReplyOption { label: label.into(), description, metadata });
        self
    }

    fn check(&self) -> Result<(), String> {
        let count = self.options.len();
        if count == 0 || count > MOST_OPTIONS {
            return Err(format!("it has {count} choices, and may have 1 to {MOST_OPTIONS}"));
        }
        let described = self.options.iter().filter(|option| option.description.is_some()).count();
        if described != 0 && described != count {
            return Err("some of its choices have a description, and some do not: all or none must".to_owned());
        }
        for option in &self.options {
            within("the label of a choice", &option.label, 1, LABEL)?;
            within("the description of a choice", option.description.as_deref().unwrap_or_default(), 0, DESCRIPTION)?;
            within("the metadata of a choice", option.metadata.as_deref().unwrap_or_default(), 0, METADATA)?;
        }
        Ok(())
    }
}

fn within(what: &str, text: &str, least: usize, most: usize) -> Result<(), String> {
    let count = text.chars().count();
    if count < least || count > most {
        return Err(format!("{what} has {count} characters, and may have {least} to {most}"));
    }
    Ok(())
}

/// A button below a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Button {
    /// `web_url`, the one kind that there is.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says: up to 36 characters.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// The same, shortened by X.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tco_url: Option<String>,
}

/// A message to be sent, or to greet with.
///
/// ```
/// use chirrup_model::v1::NewMessage;
///
/// let message = NewMessage::text("Our new maps").button("See them", "https://example.com/maps");
/// assert_eq!(message.to_json().unwrap()["ctas"][0]["label"], "See them");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct NewMessage {
    text: String,
    media: Option<MediaId>,
    quick_reply: Option<QuickReply>,
    buttons: Vec<Button>,
    custom_profile: Option<String>,
}

impl NewMessage {
    /// A message of this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    /// With a medium that was uploaded.
    pub fn media(mut self, media: impl Into<MediaId>) -> Self {
        self.media = Some(media.into());
        self
    }
    /// With choices.
    pub fn quick_reply(mut self, choices: QuickReply) -> Self {
        self.quick_reply = Some(choices);
        self
    }
    /// With one more button, up to three.
    pub fn button(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.buttons.push(Button { kind: "web_url".to_owned(), label: label.into(), url: url.into(), tco_url: None });
        self
    }
    /// Under a name of its own; see [`CustomProfile`].
    pub fn custom_profile(mut self, id: impl Into<String>) -> Self {
        self.custom_profile = Some(id.into());
        self
    }
    /// The profile that it is sent by.
    pub fn profile(&self) -> Option<&str> {
        self.custom_profile.as_deref()
    }

    /// The message as the wire has it (`message_data`).
    ///
    /// # Errors
    /// Says which limit it breaks.
    pub fn to_json(&self) -> Result<Json, String> {
        if self.text.is_empty() && self.media.is_none() {
            return Err("it says nothing: a text or a medium is needed".to_owned());
        }
        within("its text", &self.text, 0, TEXT)?;
        let mut data = json!({"text": self.text});
        if let Some(media) = self.media {
            data["attachment"] = json!({"type": "media", "media": {"id": media.to_string()}});
        }
        if let Some(choices) = &self.quick_reply {
            choices.check()?;
            data["quick_reply"] = json!({"type": "options", "options": choices.options});
        }
        if self.buttons.len() > MOST_BUTTONS {
            return Err(format!("it has {} buttons, and may have up to {MOST_BUTTONS}", self.buttons.len()));
        }
        for button in &self.buttons {
            within("the label of a button", &button.label, 1, BUTTON)?;
        }
        if !self.buttons.is_empty() {
            data["ctas"] = json!(self.buttons);
        }
        Ok(data)
    }
}

impl From<&str> for NewMessage {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_messages_are_checked() {
        let choices = |count: usize| (0..count).fold(QuickReply::new(), |all, n| all.option(format!("{n}")));
        let with = |choices| NewMessage::text("x").quick_reply(choices).to_json();
        assert!(with(choices(20)).is_ok());
        for wrong in [
            choices(0),
            choices(21),
            QuickReply::new().option("a".repeat(37)),
            QuickReply::new().option(""),
            QuickReply::new().option_with("a", Some(&"b".repeat(73)), None),
            QuickReply::new().option_with("a", None, Some(&"b".repeat(1_001))),
            QuickReply::new().option_with("a", Some("b"), None).option("c"),
        ] {
            assert!(with(wrong.clone()).is_err(), "{wrong:?}");
        }
        let at_most = QuickReply::new().option_with("a".repeat(36), Some(&"b".repeat(72)), Some(&"c".repeat(1_000)));
        assert!(with(at_most).is_ok());
        let four = (0..4).fold(NewMessage::text("x"), |message, _| message.button("b", "https://example.com"));
        assert!(four.to_json().unwrap_err().contains("4 buttons"));
        assert!(NewMessage::text("").to_json().is_err() && NewMessage::text("x".repeat(10_001)).to_json().is_err());
        assert!(NewMessage::text("").media(7).to_json().is_ok());
    }
}
