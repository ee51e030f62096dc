//! Control over streams and webhooks, for tests.

use chirrup_model::{ChatId, PostId, UserId};
use serde_json::Value as Json;

use super::handle::Sandbox;
use crate::error::SandboxError;
use crate::side_effects::{self, Activity};
use crate::streams::event::StreamEvent;
use crate::streams::event_kind::EventKind;
use crate::streams::hub::Disconnect;
use crate::streams::webhook_delivery::WebhookDelivery;
use crate::world::NewPost;

/// # Posts, streams and webhooks
impl Sandbox {
    /// Writes a post as this user and delivers it to streams and webhooks, as the API call would.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn write_post(&self, username: &str, text: &str) -> Result<PostId, SandboxError> {
        self.write(username, text, None)
    }

    /// Writes a reply as this user and delivers it to streams and webhooks, as the API call would.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn write_reply(&self, username: &str, text: &str, to: PostId) -> Result<PostId, SandboxError> {
        self.write(username, text, Some(to.get()))
    }

    fn write(&self, username: &str, text: &str, reply_to: Option<u64>) -> Result<PostId, SandboxError> {
        let author = self.user_id(username)?.get();
        let now = self.shared.clock.now();
        let state = &mut *self.shared.lock();
        let row = state.world.write_post(
            NewPost { author, text: text.to_owned(), lang: "en".into(), reply_to, ..NewPost::default() },
            now,
        )?;
        side_effects::post_created(state, row.id, now)?;
        Ok(PostId::new(row.id))
    }

    /// Pins a post to a user's profile. The API has no call for it.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn pin_post(&self, username: &str, post: PostId) -> Result<(), SandboxError> {
        let user = self.user_id(username)?.get();
        Ok(self.shared.lock().world.pin_post(user, post.get())?)
    }

    /// Pins an event in an encrypted chat conversation. The API has no call for it, since clients pin with encrypted events.
    ///
    /// # Errors
    /// If the conversation has no such event, or the sandbox's database fails.
    pub fn pin_chat_message(&self, chat: &ChatId, event: &str) -> Result<(), SandboxError> {
        if self.shared.lock().world.pin_chat_event(chat.as_str(), event)? {
            return Ok(());
        }
        Err(SandboxError(format!("the conversation {chat} has no event {event}")))
    }

    /// Delivers an activity event that no API call causes to its subscribers. `event_type` is a type such as `news.new` or
    /// `profile.update.bio`, and `user` is the user whom the event is about.
    ///
    /// # Errors
    /// If the sandbox's database fails.
    pub fn emit_activity(&self, event_type: &'static str, user: UserId, payload: Json) -> Result<(), SandboxError> {
        let now = self.shared.clock.now();
        let activity = Activity { event_type, actor: user.get(), target: None, payload };
        Ok(side_effects::deliver_activity(&mut self.shared.lock(), &activity, now)?)
    }

    /// Sends this value as `data` to the streams of a kind: `users_compliance` or `labels`, which no API call feeds. Any other
    /// kind has no effect.
    pub fn send_to_streams(&self, kind: &'static str, data: Json) {
        let kind = match kind {
            "users_compliance" => EventKind::UserCompliance,
            "labels" => EventKind::Label,
            _ => return,
        };
        let now = self.shared.clock.now();
        let state = &mut *self.shared.lock();
        let key = state.world.next_id(now);
        let json = serde_json::json!({"data": data});
        state.hub.send_event(StreamEvent { at: now, kind, app: None, key, json });
    }

    /// Sends these bytes to all live streams, without a check or a line end.
    pub fn send_raw_to_streams(&self, bytes: impl Into<bytes::Bytes>) {
        let now = self.shared.clock.now();
        self.shared.lock().hub.send_raw(&bytes.into(), now);
    }

    /// Disconnects all live streams. Returns the number of streams that were open.
    pub fn disconnect_streams(&self, how: Disconnect) -> usize {
        let now = self.shared.clock.now();
        self.shared.lock().hub.disconnect(how, now)
    }

    /// Stops or resumes all sending over live streams, including keep-alives. Open streams never receive what the sandbox
    /// would have sent in between.
    pub fn silence_streams(&self, silent: bool) {
        self.shared.lock().hub.silent = silent;
    }

    /// Returns the number of live streams that are open.
    pub fn open_stream_count(&self) -> usize {
        self.shared.lock().hub.open_count()
    }

    /// Sets the number of connections that an app may have to each stream, or to each partition of it. The default is 1.
    pub fn set_max_stream_connections(&self, count: usize) {
        self.shared.lock().hub.max_connections = count;
    }

    /// Returns the requests that the sandbox has sent to webhooks, oldest first. It keeps the latest 10,000.
    pub fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.shared.lock().hub.webhook_deliveries()
    }
}
