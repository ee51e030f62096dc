//! Additions of data that has IDs and counts of its own.

use chirrup_model::Timestamp;
use rusqlite::params;
use serde_json::Value as Json;

use super::rows::{Place, PostRow, Reaction};
use super::store::{World, to_sql};

impl PostRow {
    /// Sets the IDs of all versions, the oldest first. A post with one version has no history.
    pub(crate) fn set_versions(&mut self, versions: Vec<u64>) {
        self.history = if versions.len() > 1 { versions } else { Vec::new() };
    }
}

impl World {
    /// Adds a post with its ID, which must be greater than those of all other posts, and its counts.
    pub(crate) fn add_imported_post(&mut self, mut row: PostRow) {
        let id = row.id;
        if row.reply_to_user.is_none() {
            row.reply_to_user = row.reply_to.and_then(|parent| Some(self.graph().post(parent)?.author));
        }
        self.graph_mut().add_post(row);
        self.last_id = self.last_id.max(id);
    }

    /// Adds a follow. Returns whether both users exist and the follow is new.
    pub(crate) fn add_imported_follow(&self, follower: u64, followed: u64) -> bool {
        self.graph_mut().follow(follower, followed).is_some()
    }

    /// Adds a like. Returns whether user and post exist and the like is new.
    pub(crate) fn add_imported_like(&self, user: u64, post: u64) -> bool {
        self.graph_mut().like(user, post).is_some()
    }

    /// Adds a poll with its ID.
    pub(crate) fn add_imported_poll(
        &self,
        id: u64,
        options: &Json,
        minutes: u64,
        ends: Timestamp,
    ) -> rusqlite::Result<()> {
        let text = "INSERT OR REPLACE INTO poll VALUES (?, ?, ?, ?)";
        let mut insert = self.db.prepare_cached(text)?;
        insert.execute(params![to_sql(id), options.to_string(), to_sql(minutes), ends.as_millis()]).map(drop)
    }

    /// Raises each count to the number of objects that the world has. Other counts are those of the data.
    pub(crate) fn raise_counts(&self) {
        let mut graph = self.graph_mut();
        for place in 0..graph.post_count() as Place {
            let Some(row) = graph.post_at_mut(place) else { continue };
            let number = |reaction| row.places(reaction).count() as u64;
            let (replies, quotes, reposts) =
                (number(Reaction::Reply), number(Reaction::Quote), number(Reaction::Repost));
            let (likes, counts) = (row.likers.len() as u64, &mut row.counts);
            counts.likes = counts.likes.max(likes);
            counts.replies = counts.replies.max(replies);
            counts.quotes = counts.quotes.max(quotes);
            counts.reposts = counts.reposts.max(reposts);
        }
        for place in 0..graph.user_count() as Place {
            let Some(user) = graph.user_at_mut(place) else { continue };
            let counts = &mut user.counts;
            counts.followers = counts.followers.max(user.followers.len() as u64);
            counts.following = counts.following.max(user.following.len() as u64);
            counts.posts = counts.posts.max(user.post_places.len() as u64);
            counts.likes = counts.likes.max(user.liked.len() as u64);
        }
    }
}
