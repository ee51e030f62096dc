//! The history of a client: the headers of the latest response, and the posts and messages that it created.

use std::collections::VecDeque;

use chirrup_model::{Post, UserId, dialect};
use http::HeaderMap;
use serde_json::{Value as Json, json};

use crate::call::{Call, wire_text};
use crate::response::raw_response::RawResponse;
use crate::v1::direct_messages::{DestroyMessage, NewMessageEvent};
use crate::v1::statuses::{Destroy, Update};
use crate::v2::direct_messages::{DeleteDmEvent, SendDm, SendDmTo};
use crate::v2::posts::{CreatePost, DeletePost};

/// Number of posts and of messages to remember.
const REMEMBERED: usize = 1_000;

/// A direct message that the client sent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SentMessage {
    /// ID of the message event.
    pub id: String,
    /// Text of the message.
    pub text: String,
    /// Recipient, if there is only one.
    pub to: Option<UserId>,
    /// Response of the server as JSON.
    pub json: Json,
}

/// The history of a client.
#[derive(Debug, Default)]
pub(crate) struct History {
    headers: HeaderMap,
    posts: VecDeque<(u64, Json)>,
    messages: VecDeque<SentMessage>,
}

impl History {
    /// Records the response to a call.
    pub(crate) fn record(&mut self, call: &Call, raw: &RawResponse) {
        self.headers.clone_from(&raw.headers);
        let Some(endpoint) = call.endpoint.filter(|_| raw.status.is_success()) else { return };
        let body = || serde_json::from_slice::<Json>(&raw.body).unwrap_or_default();
        let member = |name: &str| body().get_mut(name).map(Json::take).unwrap_or_default();
        if endpoint == CreatePost::ENDPOINT {
            self.add_post(member("data"));
        } else if endpoint == Update::ENDPOINT {
            let status = body();
            let text = status["full_text"].as_str().or(status["text"].as_str()).unwrap_or_default();
            self.add_post(json!({"id": status["id_str"], "text": text}));
        } else if [DeletePost::ENDPOINT, Destroy::ENDPOINT].contains(&endpoint) {
            let deleted = call.get("id").map(wire_text);
            self.posts.retain(|(id, _)| Some(id.to_string().as_str()) != deleted.as_deref());
        } else if [DestroyMessage::ENDPOINT, DeleteDmEvent::ENDPOINT].contains(&endpoint) {
            let deleted = call.get("id").or_else(|| call.get("event_id")).map(wire_text);
            self.messages.retain(|message| Some(message.id.as_str()) != deleted.as_deref());
        } else if endpoint == NewMessageEvent::ENDPOINT {
            let event = member("event");
            let create = &event["message_create"];
            let text = create["message_data"]["text"].as_str().unwrap_or_default().to_owned();
            let to = create["target"]["recipient_id"].as_str().and_then(|id| id.parse().ok());
            let id = event["id"].as_str().unwrap_or_default().to_owned();
            self.add_message(SentMessage { id, text, to, json: event });
        } else if [SendDm::ENDPOINT, SendDmTo::ENDPOINT].contains(&endpoint) {
            let sent = member("data");
            let id = sent["dm_event_id"].as_str().unwrap_or_default().to_owned();
            let to = call.text("participant_id").and_then(|id| id.parse().ok());
            let in_body = call.body().and_then(|body| body["text"].as_str());
            let text = call.text("text").or(in_body).unwrap_or_default().to_owned();
            self.add_message(SentMessage { id, text, to, json: sent });
        }
    }

    /// Returns a header of the latest response.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)?.to_str().ok().map(str::to_owned)
    }

    /// Returns a post that was created and not deleted.
    pub(crate) fn post(&self, id: u64) -> Option<Post> {
        let (_, post) = self.posts.iter().find(|(known, _)| *known == id)?;
        dialect::decode_value(post).ok()
    }

    /// Returns a message that was sent.
    pub(crate) fn message(&self, id: &str) -> Option<SentMessage> {
        self.messages.iter().find(|message| message.id == id).cloned()
    }

    fn add_post(&mut self, post: Json) {
        if let Some(id) = post["id"].as_str().and_then(|id| id.parse().ok()) {
            self.posts.push_back((id, post));
            self.posts.drain(..self.posts.len().saturating_sub(REMEMBERED));
        }
    }

    fn add_message(&mut self, message: SentMessage) {
        self.messages.push_back(message);
        self.messages.drain(..self.messages.len().saturating_sub(REMEMBERED));
    }
}
