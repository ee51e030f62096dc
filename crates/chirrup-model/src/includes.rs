//! Expanded objects of a response.

use serde::{Deserialize, Serialize};

use crate::id::{CallId, MediaKey, PlaceId, PollId, PostId, TopicId, UserId};
use crate::media::Media;
use crate::optional_list::OptionalList;
use crate::place::Place;
use crate::poll::Poll;
use crate::post::Post;
use crate::user::User;
use crate::video_call::VideoCall;

/// The expanded objects of a response: what its data refers to, without duplicates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Includes {
    /// Users that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub users: OptionalList<User>,
    /// Posts that the data refers to.
    #[serde(rename = "tweets", alias = "posts", skip_serializing_if = "OptionalList::is_absent")]
    pub posts: OptionalList<Post>,
    /// Media files that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media: OptionalList<Media>,
    /// Polls that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub polls: OptionalList<Poll>,
    /// Places that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub places: OptionalList<Place>,
    /// Topics that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub topics: OptionalList<Topic>,
    /// Calls that the data refers to.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub calls: OptionalList<VideoCall>,
}

/// A topic of a Space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Topic {
    /// ID of the topic.
    pub id: TopicId,
    /// Name of the topic.
    #[serde(default)]
    pub name: String,
    /// Description of the topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Includes {
    /// Returns the user with this ID.
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }
    /// Returns the post with this ID.
    pub fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }
    /// Returns the media file with this key.
    pub fn media_by_key(&self, key: &MediaKey) -> Option<&Media> {
        self.media.iter().find(|media| media.media_key == *key)
    }
    /// Returns the poll with this ID.
    pub fn poll(&self, id: PollId) -> Option<&Poll> {
        self.polls.iter().find(|poll| poll.id == id)
    }
    /// Returns the place with this ID.
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.places.iter().find(|place| place.id == *id)
    }
    /// Returns the call with this ID.
    pub fn call(&self, id: &CallId) -> Option<&VideoCall> {
        self.calls.iter().find(|call| call.id == *id)
    }

    /// Returns the author of a post.
    pub fn author_of(&self, post: &Post) -> Option<&User> {
        post.author_id.and_then(|id| self.user(id))
    }
    /// Returns the media files of a post, in the order of the post.
    pub fn media_of<'a>(&'a self, post: &'a Post) -> impl Iterator<Item = &'a Media> + 'a {
        let keys = post.attachments.iter().flat_map(|a| &a.media_keys);
        keys.filter_map(|key| self.media_by_key(key))
    }
    /// Returns the poll of a post.
    pub fn poll_of(&self, post: &Post) -> Option<&Poll> {
        let ids = post.attachments.as_ref().map(|a| &a.poll_ids)?;
        ids.first().and_then(|id| self.poll(*id))
    }
    /// Returns the place of a post.
    pub fn place_of(&self, post: &Post) -> Option<&Place> {
        let id = post.geo.as_ref().and_then(|geo| geo.place_id.as_ref())?;
        self.place(id)
    }

    /// Adds the objects of another response, without duplicates.
    pub fn merge(&mut self, other: Self) {
        fn add<T, K: PartialEq>(into: &mut OptionalList<T>, from: OptionalList<T>, key: impl Fn(&T) -> K) {
            for item in from {
                if into.iter().all(|known| key(known) != key(&item)) {
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
        add(&mut self.calls, other.calls, |c| c.id.clone());
    }
}
