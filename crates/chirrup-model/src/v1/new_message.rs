//! New direct messages of API v1.1, with quick replies and buttons.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::id::MediaId;

const MAX_OPTIONS: usize = 20;
const MAX_BUTTONS: usize = 3;
// Lengths in characters.
const MAX_LABEL: usize = 36;
const MAX_DESCRIPTION: usize = 72;
const MAX_METADATA: usize = 1_000;
const MAX_TEXT: usize = 10_000;

/// Quick replies of a message: up to 20 options that the recipient can choose from.
///
/// ```
/// use chirrup_model::v1::{NewMessage, QuickReply};
///
/// let replies = QuickReply::new().option("Yes").option_with("No", None, Some("declined"));
/// assert!(NewMessage::text("Coming?").quick_reply(replies).to_json().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct QuickReply {
    /// Type of the quick replies, always `options`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The options to choose from.
    pub options: Vec<QuickReplyOption>,
}

/// One option of the quick replies of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct QuickReplyOption {
    /// Label of the option, which is also the text of the reply: 1 to 36 characters.
    pub label: String,
    /// Description below the label: up to 72 characters. Either all options have one, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Metadata that X returns with the reply: up to 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}

impl QuickReply {
    /// Creates quick replies without options.
    pub fn new() -> Self {
        Self { kind: "options".to_owned(), options: Vec::new() }
    }
    /// Adds an option with a label.
    #[must_use]
    pub fn option(self, label: impl Into<String>) -> Self {
        self.option_with(label, None, None)
    }
    /// Adds an option with a label, a description and metadata.
    #[must_use]
    pub fn option_with(mut self, label: impl Into<String>, description: Option<&str>, metadata: Option<&str>) -> Self {
        let (description, metadata) = (description.map(str::to_owned), metadata.map(str::to_owned));
        self.options.push(QuickReplyOption { label: label.into(), description, metadata });
        self
    }

    fn check(&self) -> Result<(), String> {
        let count = self.options.len();
        if count == 0 || count > MAX_OPTIONS {
            return Err(format!("it has {count} quick reply options; the limits are 1 to {MAX_OPTIONS}"));
        }
        let described = self.options.iter().filter(|option| option.description.is_some()).count();
        if described != 0 && described != count {
            return Err("only some of its quick reply options have a description; all or none must have one".to_owned());
        }
        for option in &self.options {
            check_length("the label of a quick reply option", &option.label, 1, MAX_LABEL)?;
            check_length(
                "the description of a quick reply option",
                option.description.as_deref().unwrap_or_default(),
                0,
                MAX_DESCRIPTION,
            )?;
            check_length(
                "the metadata of a quick reply option",
                option.metadata.as_deref().unwrap_or_default(),
                0,
                MAX_METADATA,
            )?;
        }
        Ok(())
    }
}

fn check_length(what: &str, text: &str, min: usize, max: usize) -> Result<(), String> {
    let count = text.chars().count();
    if count < min || count > max {
        return Err(format!("{what} is {count} characters long; the limits are {min} to {max}"));
    }
    Ok(())
}

/// Button below a direct message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Button {
    /// Type of the button, always `web_url`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Label of the button: 1 to 36 characters.
    pub label: String,
    /// URL that the button opens.
    pub url: String,
    /// The shortened `t.co` URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tco_url: Option<String>,
}

/// A new direct message or welcome message of API v1.1.
///
/// Where one is needed, a text is enough.
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
    /// Creates a message with a text: up to 10,000 characters.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    /// Adds an uploaded media file.
    pub fn media(mut self, media: impl Into<MediaId>) -> Self {
        self.media = Some(media.into());
        self
    }
    /// Adds quick replies to the message.
    pub fn quick_reply(mut self, replies: QuickReply) -> Self {
        self.quick_reply = Some(replies);
        self
    }
    /// Adds a button. A message has up to three.
    pub fn button(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.buttons.push(Button { kind: "web_url".to_owned(), label: label.into(), url: url.into(), tco_url: None });
        self
    }
    /// Sends the message with a custom profile; see [`CustomProfile`](super::CustomProfile).
    pub fn custom_profile(mut self, id: impl Into<String>) -> Self {
        self.custom_profile = Some(id.into());
        self
    }
    /// Returns the ID of the custom profile of the message.
    pub fn profile(&self) -> Option<&str> {
        self.custom_profile.as_deref()
    }

    /// Returns the message as JSON, for `message_data`.
    ///
    /// # Errors
    /// A sentence about the limit that the message breaks.
    pub fn to_json(&self) -> Result<Json, String> {
        if self.text.is_empty() && self.media.is_none() {
            return Err("it is empty; it needs a text or a media file".to_owned());
        }
        check_length("its text", &self.text, 0, MAX_TEXT)?;
        let mut data = json!({"text": self.text});
        if let Some(media) = self.media {
            data["attachment"] = json!({"type": "media", "media": {"id": media.to_string()}});
        }
        if let Some(replies) = &self.quick_reply {
            replies.check()?;
            data["quick_reply"] = json!({"type": "options", "options": replies.options});
        }
        if self.buttons.len() > MAX_BUTTONS {
            return Err(format!("it has {} buttons; the limit is {MAX_BUTTONS}", self.buttons.len()));
        }
        for button in &self.buttons {
            check_length("the label of a button", &button.label, 1, MAX_LABEL)?;
        }
        if !self.buttons.is_empty() {
            data["ctas"] = json!(self.buttons);
        }
        Ok(data)
    }
}

impl From<String> for NewMessage {
    fn from(text: String) -> Self {
        Self::text(text)
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
    fn messages_beyond_the_limits_are_rejected() {
        let replies = |count: usize| (0..count).fold(QuickReply::new(), |all, n| all.option(format!("{n}")));
        let with = |replies| NewMessage::text("x").quick_reply(replies).to_json();
        assert!(with(replies(20)).is_ok());
        for invalid in [
            replies(0),
            replies(21),
            QuickReply::new().option("a".repeat(37)),
            QuickReply::new().option(""),
            QuickReply::new().option_with("a", Some(&"b".repeat(73)), None),
            QuickReply::new().option_with("a", None, Some(&"b".repeat(1_001))),
            QuickReply::new().option_with("a", Some("b"), None).option("c"),
        ] {
            assert!(with(invalid.clone()).is_err(), "{invalid:?}");
        }
        let longest = QuickReply::new().option_with("a".repeat(36), Some(&"b".repeat(72)), Some(&"c".repeat(1_000)));
        assert!(with(longest).is_ok());
        let four = (0..4).fold(NewMessage::text("x"), |message, _| message.button("b", "https://example.com"));
        assert!(four.to_json().unwrap_err().contains("4 buttons"));
        assert!(NewMessage::text("").to_json().is_err() && NewMessage::text("x".repeat(10_001)).to_json().is_err());
        assert!(NewMessage::text("").media(7).to_json().is_ok());
    }
}
