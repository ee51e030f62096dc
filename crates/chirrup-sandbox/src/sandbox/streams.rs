//! What a test does with streams and webhooks.

use chirrup_model::{PostId, UserId};
use serde_json::Value as Json;

use super::{Sandbox, SandboxError};
use crate::hub::{Disconnect, Record};
use crate::side_effects::{self, Activity};
use crate::webhook_delivery::Delivered;
use crate::world::NewPost;

impl Sandbox {
    /// Writes a post as this user, as if by a call, and delivers it to the streams.
    ///
    /// # Errors
    /// If there is no such user, or the store fails.
    pub fn write_post(&self, username: &str, text: &str) -> Result<PostId, SandboxError> {
        self.write(username, text, None)
    }

    /// Writes a reply as this user, as if by a call, and delivers it to the streams.
    ///
    /// # Errors
    /// If there is no such user or post, or the store fails.
    pub fn write_reply(&self, username: &str, text: &str, to: PostId) -> Result<PostId, SandboxError> {
        self.write(username, text, Some(to.get()))
    }

    fn write(&self, username: &str, text: &str, reply_to: Option<u64>) -> Result<PostId, SandboxError> {
        let author = self.user_id(username)?.get();
        let now = self.shared.clock.now();
        let state = &mut *self.shared.lock();
        let row = state.world.write(
            NewPost { author, text: text.to_owned(), lang: "en".to_owned(), reply_to, ..NewPost::default() },
            now,
        )?;
        side_effects::posted(state, row.id, now)?;
        Ok(PostId::new(row.id))
    }

    /// Pins a post to its author's profile, which no call of the API does.
    ///
    /// # Errors
    /// If there is no such user, or the store fails.
    pub fn pin_post(&self, username: &str, post: PostId) -> Result<(), SandboxError> {
        let user = self.user_id(username)?.get();
        Ok(self.shared.lock().world.pin(user, post.get())?)
    }

    /// Lets something happen that no call does, for those who have subscribed to it: `kind` is one such as `news.new` or
    /// `profile.update.bio`, `user` whom it is about.
    ///
    /// # Errors
    /// If the store fails.
    pub fn happen(&self, kind: &'static str, user: UserId, payload: Json) -> Result<(), SandboxError> {
        let now = self.shared.clock.now();
        let activity = Activity { kind, actor: user.get(), target: None, payload };
        Ok(side_effects::happened(&mut self.shared.lock(), &activity, now)?)
    }

    /// Sends this as the `data` of a line to the streams of a kind that no call feeds: `users_compliance`, `labels`.
    pub fn record(&self, kind: &'static str, data: Json) {
        let now = self.shared.clock.now();
        let state = &mut *self.shared.lock();
        let key = state.world.next_id(now);
        let json = serde_json::json!({"data": data});
        state.hub.record(Record { at: now, kind, app: None, key, json });
    }

    /// Sends bytes as they are to all who are connected to a stream.
    pub fn stream_raw(&self, bytes: impl Into<bytes::Bytes>) {
        let now = self.shared.clock.now();
        self.shared.lock().hub.send_raw(&bytes.into(), now);
    }

    /// Ends all live streams, and tells how many there were.
    pub fn disconnect_streams(&self, how: Disconnect) -> usize {
        let now = self.shared.clock.now();
        self.shared.lock().hub.disconnect(how, now)
    }

    /// Sends nothing more over live streams, not even signs of life, or does so again. What was to be sent meanwhile is
    /// lost to who is connected.
    pub fn silence_streams(&self, silent: bool) {
        self.shared.lock().hub.silent = silent;
    }

    /// How many live streams there are.
    pub fn open_streams(&self) -> usize {
        self.shared.lock().hub.open_count()
    }

    /// How many connections an app may have to each stream, or to each partition of it; 1 at first.
    pub fn set_stream_connections(&self, most: usize) {
        self.shared.lock().hub.most = most;
    }

    /// What was sent to webhooks, the latest 10,000, and what came of it.
    pub fn deliveries(&self) -> Vec<Delivered> {
        self.shared.lock().hub.deliveries()
    }
}
