//! The history of a client: the headers of the latest response, and the posts and messages that it created.

use std::collections::VecDeque;

use chirrup_model::{Post, UserId};
use http::HeaderMap;
use serde_json::{Value as Json, json};

use crate::call::Call;
use crate::client::ApiClient;
use crate::response::RawResponse;

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
        let Some(id) = call.endpoint.map(|endpoint| endpoint.id).filter(|_| raw.status.is_success()) else { return };
        let body = || serde_json::from_slice::<Json>(&raw.body).unwrap_or_default();
        match id {
            "create_post" => self.add_post(body()["data"].take()),
            "v1.update" => {
                let status = body();
                let text = status["full_text"].as_str().or(status["text"].as_str()).unwrap_or_default();
                self.add_post(json!({"id": status["id_str"], "text": text}));
            }
            "delete_post" | "v1.destroy" => {
                let gone = call.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
                self.posts.retain(|(id, _)| Some(id.to_string()) != gone);
            }
            "v1.new_message_event" => {
                let event = body()["event"].take();
                let create = &event["message_create"];
                let text = create["message_data"]["text"].as_str().unwrap_or_default().to_owned();
                let to = create["target"]["recipient_id"].as_str().and_then(|id| id.parse().ok());
                let id = event["id"].as_str().unwrap_or_default().to_owned();
                self.add_message(SentMessage { id, text, to, json: event });
            }
            "send_dm" | "send_dm_to" => {
                let sent = body()["data"].take();
                let id = sent["dm_event_id"].as_str().unwrap_or_default().to_owned();
                let to = call.text("participant_id").and_then(|id| id.parse().ok());
                let text = call.text("text").unwrap_or_default().to_owned();
                self.add_message(SentMessage { id, text, to, json: sent });
            }
            _ => {}
        }
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

impl ApiClient {
    /// Returns a header of the latest response to this client or a clone of it, such as `x-rate-limit-remaining`. With
    /// concurrent calls, use the [`Response`](crate::Response) or [`Error`](crate::Error) of each call instead.
    pub fn last_header(&self, name: &str) -> Option<String> {
        self.history(|history| history.headers.get(name)?.to_str().ok().map(str::to_owned))
    }

    /// Returns a post that this client or a clone of it created, among the latest 1,000. Nothing is sent.
    pub fn own_post(&self, id: impl Into<chirrup_model::PostId>) -> Option<Post> {
        let id = id.into().get();
        self.history(|history| {
            let (_, post) = history.posts.iter().find(|(known, _)| *known == id)?;
            serde_json::from_value(post.clone()).ok()
        })
    }

    /// Returns a message that this client or a clone of it sent, among the latest 1,000. Nothing is sent.
    pub fn own_message(&self, id: &str) -> Option<SentMessage> {
        self.history(|history| history.messages.iter().find(|message| message.id == id).cloned())
    }
}
