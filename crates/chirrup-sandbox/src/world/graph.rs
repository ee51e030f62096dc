//! Users and posts in memory, with what connects them: follows, likes, replies, quotes and reposts.
//!
//! Users and posts are numbered in the order of their creation. These places take less memory than IDs and never change: a
//! deleted user or post leaves its place empty.

use std::collections::HashMap;
use std::sync::Arc;

use super::rows::{Edge, Place, PostRow, UserRow};

/// All users and posts. A copy shares the rows with its original until they change.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    users: Vec<Option<Arc<UserRow>>>,
    user_places: HashMap<u64, Place>,
    /// Users by their usernames in lower case.
    names: HashMap<Box<str>, Place>,
    /// IDs of all posts, in ascending order.
    ids: Vec<u64>,
    posts: Vec<Option<Arc<PostRow>>>,
    /// Number of follows and likes so far.
    edges: u32,
}

impl Graph {
    pub(super) fn user_place(&self, id: u64) -> Option<Place> {
        self.user_places.get(&id).copied()
    }

    pub(super) fn user_at(&self, place: Place) -> Option<&Arc<UserRow>> {
        self.users.get(place as usize)?.as_ref()
    }

    pub(super) fn user(&self, id: u64) -> Option<&Arc<UserRow>> {
        self.user_at(self.user_place(id)?)
    }

    pub(super) fn user_named(&self, username: &str) -> Option<&Arc<UserRow>> {
        if username.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.user_at(*self.names.get(username.to_ascii_lowercase().as_str())?);
        }
        self.user_at(*self.names.get(username)?)
    }

    pub(super) fn user_mut(&mut self, id: u64) -> Option<&mut UserRow> {
        let place = self.user_place(id)?;
        self.user_at_mut(place)
    }

    pub(super) fn user_at_mut(&mut self, place: Place) -> Option<&mut UserRow> {
        self.users.get_mut(place as usize)?.as_mut().map(Arc::make_mut)
    }

    /// All users, the oldest first.
    pub(super) fn users(&self) -> impl Iterator<Item = &Arc<UserRow>> {
        self.users.iter().flatten()
    }

    pub(super) fn add_user(&mut self, user: UserRow) {
        let place = self.users.len() as Place;
        self.user_places.insert(user.id, place);
        self.names.insert(user.username.to_ascii_lowercase().into(), place);
        self.users.push(Some(Arc::new(user)));
    }

    pub(super) fn rename_user(&mut self, id: u64, username: &str) {
        let Some(place) = self.user_place(id) else { return };
        let Some(user) = self.user_at_mut(place) else { return };
        let old = std::mem::replace(&mut user.username, username.to_owned());
        self.names.remove(old.to_ascii_lowercase().as_str());
        self.names.insert(username.to_ascii_lowercase().into(), place);
    }

    pub(super) fn remove_user(&mut self, id: u64) {
        let Some(place) = self.user_places.remove(&id) else { return };
        if let Some(user) = self.users.get_mut(place as usize).and_then(Option::take) {
            self.names.remove(user.username.to_ascii_lowercase().as_str());
        }
    }

    /// Number of users, including deleted ones.
    pub(super) fn user_count(&self) -> usize {
        self.users.len()
    }

    /// Number of posts, including deleted ones.
    pub(super) fn post_count(&self) -> usize {
        self.posts.len()
    }

    /// All posts, the oldest first.
    pub(super) fn posts(&self) -> impl Iterator<Item = &Arc<PostRow>> {
        self.posts.iter().flatten()
    }

    pub(super) fn post_place(&self, id: u64) -> Option<Place> {
        Some(self.ids.binary_search(&id).ok()? as Place)
    }

    pub(super) fn post_at(&self, place: Place) -> Option<&Arc<PostRow>> {
        self.posts.get(place as usize)?.as_ref()
    }

    /// Returns the post at a place, unless its author is protected: searches and streams leave such posts out.
    pub(super) fn public_post_at(&self, place: Place) -> Option<&Arc<PostRow>> {
        self.post_at(place).filter(|post| self.user(post.author).is_none_or(|author| !author.protected))
    }

    pub(super) fn post(&self, id: u64) -> Option<&Arc<PostRow>> {
        self.post_at(self.post_place(id)?)
    }

    pub(super) fn post_mut(&mut self, id: u64) -> Option<&mut PostRow> {
        let place = self.post_place(id)?;
        self.post_at_mut(place)
    }

    pub(super) fn post_at_mut(&mut self, place: Place) -> Option<&mut PostRow> {
        self.posts.get_mut(place as usize)?.as_mut().map(Arc::make_mut)
    }

    /// Place of the first post whose ID is not below this one.
    pub(super) fn first_place_from(&self, id: u64) -> Place {
        self.ids.partition_point(|known| *known < id) as Place
    }

    pub(super) fn id_at(&self, place: Place) -> u64 {
        self.ids.get(place as usize).copied().unwrap_or_default()
    }

    /// ID of the newest post, deleted or not.
    pub(super) fn last_id(&self) -> u64 {
        self.ids.last().copied().unwrap_or_default()
    }

    /// ID of the post in an ascending list of places that comes next after an ID, up or down. Deleted posts are skipped.
    pub(super) fn next_in(&self, places: &[Place], ascending: bool, at: u64) -> Option<u64> {
        let is_present = |place: &&Place| self.post_at(**place).is_some();
        let found = if ascending {
            let start = places.partition_point(|place| self.id_at(*place) <= at);
            places[start..].iter().find(is_present)
        } else {
            let end = places.partition_point(|place| self.id_at(*place) < at);
            places[..end].iter().rfind(is_present)
        };
        found.map(|place| self.id_at(*place))
    }

    /// Adds a post, whose ID must be greater than all before it, and connects it with its author and the posts that it
    /// refers to.
    pub(super) fn add_post(&mut self, row: PostRow) -> Arc<PostRow> {
        let place = self.posts.len() as Place;
        if let Some(author) = self.user_mut(row.author) {
            author.post_places.push(place);
        }
        for (reaction, other) in row.reactions() {
            if let Some(other) = self.post_mut(other) {
                other.reactions.push((reaction, place));
            }
        }
        let row = Arc::new(row);
        self.ids.push(row.id);
        self.posts.push(Some(Arc::clone(&row)));
        row
    }

    /// Removes a post and its likes.
    pub(super) fn remove_post(&mut self, id: u64) {
        let Some(place) = self.post_place(id) else { return };
        let Some(row) = self.posts.get_mut(place as usize).and_then(Option::take) else { return };
        for liker in &row.likers {
            if let Some(user) = self.user_at_mut(liker.place) {
                remove_edge(&mut user.liked, place);
            }
        }
    }

    pub(super) fn next_edge(&mut self) -> u32 {
        self.edges += 1;
        self.edges
    }

    /// Adds a follow after all others and returns its position, unless it exists. The counts stay.
    pub(super) fn follow(&mut self, follower: u64, followed: u64) -> Option<u32> {
        let (from, to, seq) = (self.user_place(follower)?, self.user_place(followed)?, self.next_edge());
        self.add_follow(from, to, seq).then_some(seq)
    }

    /// Removes a follow. Returns whether it existed. The counts stay.
    pub(super) fn unfollow(&mut self, follower: u64, followed: u64) -> bool {
        let (Some(from), Some(to)) = (self.user_place(follower), self.user_place(followed)) else { return false };
        let Some(user) = self.user_at_mut(from) else { return false };
        let existed = remove_edge(&mut user.following, to);
        if existed && let Some(user) = self.user_at_mut(to) {
            remove_edge(&mut user.followers, from);
        }
        existed
    }

    /// Adds a like after all others and returns its position, unless it exists. The counts stay.
    pub(super) fn like(&mut self, user: u64, post: u64) -> Option<u32> {
        let (from, to, seq) = (self.user_place(user)?, self.post_place(post)?, self.next_edge());
        self.add_like(from, to, seq).then_some(seq)
    }

    /// Removes a like. Returns whether it existed. The counts stay.
    pub(super) fn unlike(&mut self, user: u64, post: u64) -> bool {
        let (Some(from), Some(to)) = (self.user_place(user), self.post_place(post)) else { return false };
        let Some(row) = self.post_at_mut(to) else { return false };
        let existed = remove_edge(&mut row.likers, from);
        if existed && let Some(user) = self.user_at_mut(from) {
            remove_edge(&mut user.liked, to);
        }
        existed
    }

    /// Adds a follow with a position, unless it exists. The counts stay.
    pub(super) fn add_follow(&mut self, follower: Place, followed: Place, seq: u32) -> bool {
        let Some(user) = self.user_at_mut(follower) else { return false };
        if user.following.iter().any(|edge| edge.place == followed) {
            return false;
        }
        user.following.push(Edge { seq, place: followed });
        if let Some(user) = self.user_at_mut(followed) {
            user.followers.push(Edge { seq, place: follower });
        }
        self.edges = self.edges.max(seq);
        true
    }

    /// Adds a like with a position, unless it exists. The counts stay.
    pub(super) fn add_like(&mut self, user: Place, post: Place, seq: u32) -> bool {
        let Some(row) = self.post_at_mut(post) else { return false };
        if row.likers.iter().any(|edge| edge.place == user) {
            return false;
        }
        row.likers.push(Edge { seq, place: user });
        if let Some(user) = self.user_at_mut(user) {
            user.liked.push(Edge { seq, place: post });
        }
        self.edges = self.edges.max(seq);
        true
    }
}

/// Removes the edge to a place. Returns whether there was one.
fn remove_edge(edges: &mut Vec<Edge>, place: Place) -> bool {
    let before = edges.len();
    edges.retain(|edge| edge.place != place);
    edges.len() < before
}
