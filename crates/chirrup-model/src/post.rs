//! A post.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::entities::Entities;
use crate::id::{CommunityId, MediaKey, NoteId, PlaceId, PollId, PostId, UserId};
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;
use crate::time::Timestamp;
use crate::wire_struct;

/// A post, as v2 shows it.
///
/// `id` and `text` are always there; every other field only if it was asked for (`post_fields`, `expansions`) and has a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Its text; of a long post the beginning (see `note_post`).
    pub text: String,
    /// All versions of it, oldest first.
    #[serde(
        rename = "edit_history_tweet_ids",
        alias = "edit_history_post_ids",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub edit_history_post_ids: OptionalList<PostId>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<UserId>,
    /// When it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The first post of its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<PostId>,
    /// Whom it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_user_id: Option<UserId>,
    /// The posts that it answers, quotes or reposts.
    #[serde(rename = "referenced_tweets", alias = "referenced_posts", skip_serializing_if = "OptionalList::is_absent")]
    pub referenced_posts: OptionalList<Reference>,
    /// Media and polls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Attachments>,
    /// Tags, mentions and links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
    /// The language, as X guessed it: a BCP 47 code, `und` if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Counts that all may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<PostMetrics>,
    /// Counts that only the author may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_public_metrics: Option<PrivateMetrics>,
    /// Counts from unpaid showings; only the author may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organic_metrics: Option<PrivateMetrics>,
    /// Counts from paid showings; only the author may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoted_metrics: Option<PrivateMetrics>,
    /// What the post is about, as X sees it.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub context_annotations: OptionalList<ContextAnnotation>,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    /// Who may reply: `everyone`, `following`, `mentionedUsers`, `subscribers` or `verified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<String>,
    /// The app it was written with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether a link or medium may be sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possibly_sensitive: Option<bool>,
    /// The community it was written in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community_id: Option<CommunityId>,
    /// The card shown under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_uri: Option<String>,
    /// The part of the text that is shown: first character, and one past the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text_range: Option<(u64, u64)>,
    /// Whether and until when it can be edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_controls: Option<EditControls>,
    /// The whole of a post longer than 280 characters.
    #[serde(rename = "note_tweet", alias = "note_post", skip_serializing_if = "Option::is_none")]
    pub note_post: Option<NotePost>,
    /// Where it may not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// Whether it is marked as a paid partnership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_partnership: Option<bool>,
    /// The name of the author, where the newest dialect gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The article that it carries; its shape is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<Json>,
    /// The title of that article; its shape is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_title: Option<Json>,
    /// Community notes that speak of its media.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub matched_media_notes: OptionalList<MatchedNote>,
    /// What is said of its media.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media_metadata: OptionalList<PostMediaMetadata>,
    /// What those say who ask for a community note.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub note_request_suggestions: OptionalList<NoteSuggestion>,
    /// Links that those name who ask for a community note.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub suggested_source_links: OptionalList<String>,
    /// The same, with how many name each.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub suggested_source_links_with_counts: OptionalList<SourceLinkCount>,
    /// Who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
}

impl ResponseData for Post {}

wire_struct! {
    /// A community note that speaks of a medium.
    MatchedNote {
        ;
        /// How well it fits.
        match_status: String,
        /// The note.
        note_id: NoteId,
    }

    /// What is said of a medium.
    PostMediaMetadata {
        ;
        /// The medium.
        media_key: MediaKey,
        /// What it shows, for those who cannot see it.
        alt_text: String,
        /// Its title.
        title: String,
        /// What it is about.
        description: String,
    }

    /// What somebody says who asks for a community note.
    NoteSuggestion {
        ;
        /// Its id.
        suggestion_id: String,
        /// What they say.
        suggestion: String,
        /// The link that they name.
        source_link: String,
    }

    /// A link, and how many name it.
    SourceLinkCount {
        ;
        /// The link.
        url: String,
        /// How many.
        count: u64,
    }

    /// Who may see a post.
    Scopes {
        ;
        /// Whether followers alone.
        followers: bool,
    }
}

impl Post {
    /// The whole text: that of `note_post` where there is one.
    pub fn full_text(&self) -> &str {
        self.note_post.as_ref().map_or(&self.text, |note| &note.text)
    }
    /// The post that this one stands to in the given way.
    pub fn referenced(&self, kind: ReferenceKind) -> Option<PostId> {
        self.referenced_posts.iter().find(|r| r.kind == kind).map(|r| r.id)
    }
    /// The post that this one answers.
    pub fn replied_to(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::RepliedTo)
    }
    /// The post that this one quotes.
    pub fn quoted(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::Quoted)
    }
    /// The post that this one repeats.
    pub fn reposted(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::Reposted)
    }
}

/// How a post stands to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reference {
    /// In which way.
    #[serde(rename = "type")]
    pub kind: ReferenceKind,
    /// The other post.
    pub id: PostId,
}

/// In which way a post stands to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// It answers it.
    #[serde(rename = "replied_to")]
    RepliedTo,
    /// It quotes it.
    #[serde(rename = "quoted")]
    Quoted,
    /// It repeats it (`retweeted` on the wire).
    #[serde(rename = "retweeted")]
    Reposted,
    /// A way that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// Media and polls of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Attachments {
    /// Keys of its media.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media_keys: OptionalList<MediaKey>,
    /// The posts that the media came from.
    #[serde(
        rename = "media_source_tweet_id",
        alias = "media_source_post_id",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub media_source_post_id: OptionalList<PostId>,
    /// Ids of its polls; there is one at most.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub poll_ids: OptionalList<PollId>,
}

/// Counts of a post that all may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PostMetrics {
    /// Reposts.
    #[serde(rename = "retweet_count", alias = "repost_count")]
    pub repost_count: u64,
    /// Replies.
    pub reply_count: u64,
    /// Likes.
    pub like_count: u64,
    /// Quotes.
    pub quote_count: u64,
    /// Bookmarks.
    pub bookmark_count: u64,
    /// How often it was shown.
    pub impression_count: u64,
}

/// Counts of a post that only its author may see. Which are there depends on the set asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PrivateMetrics {
    /// How often it was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impression_count: Option<u64>,
    /// Clicks on its links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_link_clicks: Option<u64>,
    /// Clicks on its author's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_profile_clicks: Option<u64>,
    /// Actions of any kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagements: Option<u64>,
    /// Likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like_count: Option<u64>,
    /// Replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_count: Option<u64>,
    /// Reposts.
    #[serde(rename = "retweet_count", alias = "repost_count", skip_serializing_if = "Option::is_none")]
    pub repost_count: Option<u64>,
    /// Everything else that X counts.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// One thing that a post is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContextAnnotation {
    /// The field of life.
    pub domain: ContextEntity,
    /// The thing.
    pub entity: ContextEntity,
}

/// A domain or an entity of a [`ContextAnnotation`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ContextEntity {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Where a post was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Geo {
    /// The place that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_id: Option<PlaceId>,
    /// The exact point, if it was shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Point>,
}

/// A point on earth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Point {
    /// Always `Point`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Longitude, then latitude, in degrees.
    pub coordinates: (f64, f64),
}

/// Whether and until when a post can be edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EditControls {
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editable_until: Option<Timestamp>,
    /// How many edits are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edits_remaining: Option<u64>,
    /// Whether posts of this kind can be edited at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_edit_eligible: Option<bool>,
}

/// The whole of a long post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NotePost {
    /// The whole text.
    pub text: String,
    /// Tags, mentions and links of the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
}

/// Where a post or user may not be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Withheld {
    /// Whether on a claim of copyright.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copyright: Option<bool>,
    /// The countries, as two letters each.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub country_codes: OptionalList<String>,
    /// `tweet` (`post`) or `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

id_of! { Post: PostId }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_are_the_same_post() {
        let tweet = r#"{"id":"2","text":"a","referenced_tweets":[{"type":"quoted","id":"1"}],"public_metrics":{"retweet_count":3}}"#;
        let post = r#"{"id":"2","text":"a","referenced_posts":[{"type":"quoted","id":"1"}],"public_metrics":{"repost_count":3}}"#;
        let a: Post = serde_json::from_str(tweet).expect("tweet");
        let b: Post = serde_json::from_str(post).expect("post");
        assert_eq!(a, b);
        assert_eq!(a.quoted(), Some(PostId::new(1)));
    }

    #[test]
    fn an_unknown_reference_is_kept() {
        let r: Reference = serde_json::from_str(r#"{"type":"echoed","id":"1"}"#).expect("reference");
        assert_eq!(r.kind, ReferenceKind::Other("echoed".to_owned()));
        assert_eq!(serde_json::to_string(&r).expect("json"), r#"{"type":"echoed","id":"1"}"#);
    }
}
