//! Commands to a bot, and direct messages.

use chirrup_api::Error;
use chirrup_model::{ActivityEvent, Created, Delivery, Post, User};
use serde_json::Value as Json;

use crate::client::Client;

/// A command to the bot: a post of the form `@bot name words`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Command {
    /// Name of the command, in lower case.
    pub name: String,
    /// Text after the name.
    pub words: String,
    /// The post with its includes and matching rules.
    pub delivery: Delivery<Post>,
    client: Client,
}

impl Command {
    /// Returns the command in a post: the words after the first mention of the bot.
    pub(super) fn of(client: &Client, bot: &str, delivery: &Delivery<Post>) -> Option<Self> {
        let text = delivery.data.as_ref()?.full_text();
        let named = |word: &str| {
            word.strip_prefix('@').is_some_and(|name| name.trim_end_matches(',').eq_ignore_ascii_case(bot))
        };
        let mut rest = text;
        while let Some(word) = rest.split_whitespace().next() {
            rest = rest.trim_start()[word.len()..].trim_start();
            if named(word) {
                let name = rest.split_whitespace().next().unwrap_or_default();
                let words = rest[name.len()..].trim();
                let name = name.trim_matches(|c: char| c.is_ascii_punctuation()).to_lowercase();
                let (delivery, client) = (delivery.clone(), client.clone());
                return Some(Self { name, words: words.to_owned(), delivery, client });
            }
        }
        None
    }

    /// Returns the post of the command.
    pub fn post(&self) -> Option<&Post> {
        self.delivery.data.as_ref()
    }

    /// Returns the author of the command.
    pub fn author(&self) -> Option<&User> {
        self.delivery.includes.author_of(self.post()?)
    }

    /// Replies to the post of the command.
    ///
    /// # Errors
    /// Those of `POST /2/tweets`, and [`ErrorKind::Closed`](crate::ErrorKind::Closed) if the delivery has no post.
    pub async fn reply(&self, text: impl Into<String>) -> Result<Created, Error> {
        let post = self.post().ok_or_else(|| Error::closed("reply: the delivery of the command has no post"))?;
        Ok(self.client.post(post.id).reply(text.into()).await?.data)
    }
}

/// Returns the text and the sender of a direct message.
///
/// ```
/// let event = serde_json::from_str(r#"{"event_type":"dm.received","payload":{"text":"hi","sender_id":"12"}}"#)?;
/// assert_eq!(chirrup::message_of(&event), Some(("hi", 12.into())));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn message_of(event: &ActivityEvent) -> Option<(&str, chirrup_model::UserId)> {
    let payload: &Json = event.payload.as_ref()?;
    Some((payload["text"].as_str()?, payload["sender_id"].as_str()?.parse().ok()?))
}
