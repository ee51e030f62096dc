//! Users and posts as they are stored.

use std::borrow::Cow;

use chirrup_model::Timestamp;
use serde_json::{Map, Value as Json, json};

/// Position of a user or post in the order of creation.
pub(super) type Place = u32;

/// A user or post in a list, with its position in the order of addition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) seq: u32,
    pub(super) place: Place,
}

/// Way in which a post refers to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaction {
    Reply,
    Quote,
    Repost,
}

/// A user with its counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct UserRow {
    pub(crate) id: u64,
    pub(crate) username: String,
    pub(crate) name: String,
    /// Time at which the user joined, in milliseconds.
    pub(crate) created: i64,
    pub(crate) description: String,
    pub(crate) location: String,
    pub(crate) url: String,
    pub(crate) verified: bool,
    pub(crate) protected: bool,
    pub(crate) pinned: Option<u64>,
    pub(crate) counts: UserCounts,
    pub(super) followers: Vec<Edge>,
    pub(super) following: Vec<Edge>,
    pub(super) liked: Vec<Edge>,
    pub(super) post_places: Vec<Place>,
}

/// Public metrics of a user.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UserCounts {
    pub(crate) followers: u64,
    pub(crate) following: u64,
    pub(crate) posts: u64,
    pub(crate) likes: u64,
    pub(crate) media: u64,
}

impl UserCounts {
    /// Number of lists that have the user as a member, which is not counted but derived.
    pub(crate) fn listed(&self) -> u64 {
        self.followers / 40
    }
}

impl UserRow {
    /// Creates a user without a profile. `created` is in milliseconds.
    pub(crate) fn new(id: u64, username: String, name: String, created: i64) -> Self {
        Self { id, username, name, created, ..Self::default() }
    }

    /// Returns the user object with all fields.
    pub(crate) fn json(&self) -> Json {
        let UserCounts { followers, following, posts, likes, media } = self.counts;
        let mut user = json!({
            "id": self.id.to_string(), "username": self.username, "name": self.name,
            "created_at": Timestamp::from_millis(self.created), "description": self.description,
            "verified": self.verified, "verified_type": self.verified_type(), "protected": self.protected,
            "profile_image_url": self.profile_image_url(),
            "public_metrics": {
                "followers_count": followers, "following_count": following, "tweet_count": posts,
                "listed_count": self.counts.listed(), "like_count": likes, "media_count": media,
            },
        });
        if let Some(banner) = self.profile_banner_url() {
            user["profile_banner_url"] = banner.into();
        }
        for (name, text) in [("location", &self.location), ("url", &self.url)] {
            if !text.is_empty() {
                user[name] = text.as_str().into();
            }
        }
        if let Some(pinned) = self.pinned {
            user["pinned_tweet_id"] = pinned.to_string().into();
        }
        user
    }

    /// Address of the banner, which most profiles have.
    pub(crate) fn profile_banner_url(&self) -> Option<String> {
        let address = || format!("https://pbs.twimg.com/profile_banners/{}/{}", self.id, self.created / 1_000);
        (self.id % 8 != 1).then(address)
    }

    /// Kind of the verification: few accounts belong to companies and authorities.
    pub(crate) fn verified_type(&self) -> &'static str {
        match self.id % 7 {
            _ if !self.verified => "none",
            0 => "business",
            1 => "government",
            _ => "blue",
        }
    }

    pub(crate) fn profile_image_url(&self) -> String {
        format!("https://pbs.twimg.com/profile_images/{}/picture_normal.jpg", self.id)
    }
}

/// Adds to a count, which is never below 0.
pub(super) fn add(count: &mut u64, by: i64) {
    *count = count.saturating_add_signed(by);
}

/// A stored post with its counts.
#[derive(Debug, Clone)]
pub(crate) struct PostRow {
    pub(crate) id: u64,
    pub(crate) author: u64,
    pub(crate) text: String,
    pub(crate) lang: Cow<'static, str>,
    pub(crate) conversation: u64,
    pub(crate) reply_to: Option<u64>,
    pub(crate) reply_to_user: Option<u64>,
    pub(crate) quote_of: Option<u64>,
    pub(crate) repost_of: Option<u64>,
    /// IDs of its media.
    pub(crate) media: Vec<u64>,
    pub(crate) poll: Option<u64>,
    pub(crate) place: Option<String>,
    pub(crate) community: Option<u64>,
    pub(crate) reply_settings: Cow<'static, str>,
    pub(crate) source: Cow<'static, str>,
    /// IDs of all versions of an edited post, the oldest first. Empty for a post with one version.
    pub(super) history: Vec<u64>,
    /// Further members of the post object.
    pub(crate) extra: Map<String, Json>,
    pub(crate) counts: PostCounts,
    pub(super) likers: Vec<Edge>,
    /// Replies, quotes and reposts, the oldest first.
    pub(super) reactions: Vec<(Reaction, Place)>,
}

impl PostRow {
    /// Creates a post without further members.
    pub(crate) fn new(id: u64, author: u64, text: String) -> Self {
        Self {
            id,
            author,
            text,
            lang: Cow::Borrowed(""),
            conversation: id,
            reply_to: None,
            reply_to_user: None,
            quote_of: None,
            repost_of: None,
            media: Vec::new(),
            poll: None,
            place: None,
            community: None,
            reply_settings: Cow::Borrowed("everyone"),
            source: Cow::Borrowed(""),
            history: Vec::new(),
            extra: Map::new(),
            counts: PostCounts::default(),
            likers: Vec::new(),
            reactions: Vec::new(),
        }
    }

    /// IDs of all versions, the oldest first.
    pub(crate) fn versions(&self) -> &[u64] {
        if self.history.is_empty() { std::slice::from_ref(&self.id) } else { &self.history }
    }

    /// Posts that this one refers to.
    pub(super) fn reactions(&self) -> impl Iterator<Item = (Reaction, u64)> + use<> {
        let all =
            [(Reaction::Reply, self.reply_to), (Reaction::Quote, self.quote_of), (Reaction::Repost, self.repost_of)];
        all.into_iter().filter_map(|(reaction, other)| Some((reaction, other?)))
    }

    pub(super) fn count_mut(&mut self, reaction: Reaction) -> &mut u64 {
        match reaction {
            Reaction::Reply => &mut self.counts.replies,
            Reaction::Quote => &mut self.counts.quotes,
            Reaction::Repost => &mut self.counts.reposts,
        }
    }

    pub(super) fn places(&self, reaction: Reaction) -> impl Iterator<Item = Place> {
        self.reactions.iter().filter(move |(kind, _)| *kind == reaction).map(|(_, place)| *place)
    }
}

/// Public metrics of a post.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PostCounts {
    pub(crate) likes: u64,
    pub(crate) replies: u64,
    pub(crate) reposts: u64,
    pub(crate) quotes: u64,
    pub(crate) bookmarks: u64,
    pub(crate) impressions: u64,
}

/// A post that is not stored yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewPost {
    pub(crate) author: u64,
    pub(crate) text: String,
    pub(crate) lang: Cow<'static, str>,
    pub(crate) reply_to: Option<u64>,
    pub(crate) quote_of: Option<u64>,
    pub(crate) repost_of: Option<u64>,
    pub(crate) media: Vec<u64>,
    pub(crate) poll: Option<u64>,
    pub(crate) place: Option<String>,
    pub(crate) community: Option<u64>,
    pub(crate) reply_settings: Option<String>,
    pub(crate) source: Cow<'static, str>,
    /// IDs of the versions before this one.
    pub(crate) history: Vec<u64>,
    pub(crate) extra: Map<String, Json>,
}
