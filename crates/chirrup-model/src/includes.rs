//! What a reply brings along beside its data, and how to find the things in it.

use serde::{Deserialize, Serialize};

use crate::id::{MediaKey, PlaceId, PollId, PostId, TopicId, UserId};
use crate::media::Media;
use crate::optional_list::OptionalList;
use crate::place::Place;
use crate::poll::Poll;
use crate::post::Post;
use crate::user::User;

/// The expanded objects of a reply, each once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Includes {
    /// Users.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub users: OptionalList<User>,
    /// Posts.
    #[serde(rename = "tweets", alias = "posts", skip_serializing_if = "OptionalList::is_absent")]
    pub posts: OptionalList<Post>,
    /// Media.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media: OptionalList<Media>,
    /// Polls.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub polls: OptionalList<Poll>,
    /// Places.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub places: OptionalList<Place>,
    /// Topics.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub topics: OptionalList<Topic>,
}

/// A topic of a Space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Includes {
    /// The user of this id.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }
    /// The post of this id.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }
    /// The medium of this key.
    pub fn medium(&self, key: &MediaKey) -> Option<&Media> {
        self.media.iter().find(|medium| medium.media_key == *key)
    }
    /// The poll of this id.
    pub fn poll(&self, id: PollId) -> Option<&Poll> {
        self.polls.iter().find(|poll| poll.id == id)
    }
    /// The place of this id.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.places.iter().find(|place| place.id == *id)
    }

    /// The author of a post.
    pub fn author_of(&self, post: &Post) -> Option<&User> {
        post.author_id.and_then(|id| self.user(id))
    }
    /// The media of a post, in its order.
    pub fn media_of<'a>(&'a self, post: &'a Post) -> impl Iterator<Item = &'a Media> + 'a {
        let keys = post.attachments.iter().flat_map(|a| &a.media_keys);
        keys.filter_map(|key| self.medium(key))
    }
    /// The poll of a post.
    pub fn poll_of(&self, post: &Post) -> Option<&Poll> {
        let ids = post.attachments.as_ref().map(|a| &a.poll_ids)?;
        ids.first().and_then(|id| self.poll(*id))
    }
    /// The place of a post.
    pub fn place_of(&self, post: &Post) -> Option<&Place> {
        let id = post.geo.as_ref().and_then(|geo| geo.place_id.as_ref())?;
        self.place(id)
    }

    /// Adds what another reply brought, each thing once.
    pub fn merge(&mut self, other: Self) {
        fn add<T, K: PartialEq>(into: &mut OptionalList<T>, from: OptionalList<T>, key: impl Fn(&T) -> K) {
            for item in from {
                if into.iter().all(|old| key(old) != key(&item)) {
                    into.to_mut().push(item);
                }
            }
        }
        add(&mut self.users, other.users, |u| u.id);
        add(&mut self.posts, other.posts, |p| p.id);
        add(&mut self.media, other.media, |m| m.media_key.clone());
        add(&mut self.polls, other.polls, |p| p.id);
        add(&mut self.places, other.places, |p| p.id.clone());
        add(&mut self.topics, other.topics, |t| t.id);
    }
}
