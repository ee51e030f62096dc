//! Posts and their parts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::entities::Entities;
use crate::id::{CommunityId, MediaKey, NoteId, PlaceId, PollId, PostId, UserId};
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;
use crate::short_text::ShortText;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

/// A post of API v2.
///
/// `id` and `text` are always present. Every other field is present only if it was requested with `post_fields` or
/// `expansions` and has a value.
///
/// `==` compares every field, so the same post with other fields differs. Compare the IDs, or the handles that `client.post(&post)` returns, to tell whether it is
/// the same post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Post {
    /// ID of the post.
    pub id: PostId,
    /// Text of the post. For a post of more than 280 characters, the beginning of the text; see
    /// [`full_text`](Self::full_text).
    pub text: String,
    /// IDs of all versions of the post, oldest first.
    #[serde(
        rename = "edit_history_tweet_ids",
        alias = "edit_history_post_ids",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub edit_history_post_ids: OptionalList<PostId>,
    /// ID of the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<UserId>,
    /// Creation time of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// ID of the first post of the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<PostId>,
    /// ID of the user that the post replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_user_id: Option<UserId>,
    /// The posts that this post replies to, quotes or reposts.
    #[serde(rename = "referenced_tweets", alias = "referenced_posts", skip_serializing_if = "OptionalList::is_absent")]
    pub referenced_posts: OptionalList<Reference>,
    /// Media and polls of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Attachments>,
    /// Hashtags, mentions, links and other entities of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
    /// Language that X detected, as a BCP 47 tag; `und` if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Metrics that everyone can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<PostMetrics>,
    /// Metrics that only the author can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_public_metrics: Option<Box<PrivateMetrics>>,
    /// Metrics without promotion, which only the author can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organic_metrics: Option<Box<PrivateMetrics>>,
    /// Metrics of promotion, which only the author can see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoted_metrics: Option<Box<PrivateMetrics>>,
    /// Subjects that X found in the post.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub context_annotations: OptionalList<ContextAnnotation>,
    /// Location that the author attached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    /// Users who may reply: `everyone`, `following`, `mentionedUsers`, `subscribers` or `verified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_settings: Option<String>,
    /// Name of the app that created the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether a link or media file may be sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possibly_sensitive: Option<bool>,
    /// ID of the community of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community_id: Option<CommunityId>,
    /// URI of the card below the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_uri: Option<String>,
    /// Displayed part of the text: index of the first character, and one past the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text_range: Option<(u64, u64)>,
    /// Whether, until when and how often the post can be edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_controls: Option<EditControls>,
    /// Full text of a post of more than 280 characters.
    #[serde(rename = "note_tweet", alias = "note_post", skip_serializing_if = "Option::is_none")]
    pub note_post: Option<Box<NotePost>>,
    /// Countries in which the post is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    /// Whether the post is marked as a paid partnership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_partnership: Option<bool>,
    /// Username of the author, in the [`Post`](crate::Dialect::Post) dialect only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Article of the post, as JSON of an undocumented shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<Json>,
    /// Title of the article, as JSON of an undocumented shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_title: Option<Json>,
    /// Community notes about the media of the post.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub matched_media_notes: OptionalList<MatchedNote>,
    /// Descriptions of the media of the post.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media_metadata: OptionalList<PostMediaMetadata>,
    /// Suggestions of users who requested a community note.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub note_request_suggestions: OptionalList<NoteSuggestion>,
    /// Source links that users who requested a community note suggested.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub suggested_source_links: OptionalList<String>,
    /// The suggested source links, each with the number of users who suggested it.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub suggested_source_links_with_counts: OptionalList<SourceLinkCount>,
    /// Users who can see the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
}

impl ResponseData for Post {}

id_of! { Post: PostId }

impl Post {
    /// Creates a post that has nothing but an ID and a text.
    pub fn new(id: impl Into<PostId>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// Returns the full text: that of `note_post` if the post has one, otherwise `text`.
    pub fn full_text(&self) -> &str {
        self.note_post.as_ref().map_or(&self.text, |note| &note.text)
    }

    /// Returns the ID of the first post that this post references in the given way.
    pub fn referenced(&self, kind: ReferenceKind) -> Option<PostId> {
        self.referenced_posts.iter().find(|r| r.kind == kind).map(|r| r.id)
    }

    /// Returns the ID of the post that this post replies to.
    pub fn replied_to(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::RepliedTo)
    }

    /// Returns the ID of the post that this post quotes.
    pub fn quoted(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::Quoted)
    }

    /// Returns the ID of the post that this post reposts.
    pub fn reposted(&self) -> Option<PostId> {
        self.referenced(ReferenceKind::Reposted)
    }
}

/// Reference from one post to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reference {
    /// Kind of the reference.
    #[serde(rename = "type")]
    pub kind: ReferenceKind,
    /// ID of the referenced post.
    pub id: PostId,
}

impl Reference {
    /// Creates a reference to a post.
    pub fn new(kind: ReferenceKind, id: impl Into<PostId>) -> Self {
        Self { kind, id: id.into() }
    }
}

wire_enum! {
    /// Kind of a reference from one post to another.
    ReferenceKind {
        /// The post is a reply to the other.
        RepliedTo = "replied_to",
        /// The post quotes the other.
        Quoted = "quoted",
        /// The post is a repost of the other.
        Reposted = "retweeted",
    }
}

/// Media and polls of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Attachments {
    /// Keys of the media of the post.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub media_keys: OptionalList<MediaKey>,
    /// IDs of the posts that the media were first used in.
    #[serde(
        rename = "media_source_tweet_id",
        alias = "media_source_post_id",
        skip_serializing_if = "OptionalList::is_absent"
    )]
    pub media_source_post_id: OptionalList<PostId>,
    /// IDs of the polls of the post, at most one.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub poll_ids: OptionalList<PollId>,
}

/// Metrics of a post that everyone can see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PostMetrics {
    /// Number of reposts of the post.
    #[serde(rename = "retweet_count", alias = "repost_count")]
    pub repost_count: u64,
    /// Number of replies to the post.
    pub reply_count: u64,
    /// Number of likes of the post.
    pub like_count: u64,
    /// Number of quotes of the post.
    pub quote_count: u64,
    /// Number of bookmarks of the post.
    pub bookmark_count: u64,
    /// Number of times that the post was displayed.
    pub impression_count: u64,
}

/// Metrics of a post that only its author can see. Which ones are present depends on the requested field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PrivateMetrics {
    /// Number of times that the post was displayed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impression_count: Option<u64>,
    /// Number of clicks on links of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_link_clicks: Option<u64>,
    /// Number of clicks on the profile of the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_profile_clicks: Option<u64>,
    /// Number of interactions of any kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engagements: Option<u64>,
    /// Number of likes of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like_count: Option<u64>,
    /// Number of replies to the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_count: Option<u64>,
    /// Number of reposts of the post.
    #[serde(rename = "retweet_count", alias = "repost_count", skip_serializing_if = "Option::is_none")]
    pub repost_count: Option<u64>,
    /// All other metrics, by their names on the wire.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// Subject that X found in a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContextAnnotation {
    /// Category of the subject, such as "Brand".
    pub domain: ContextEntity,
    /// The subject within its category.
    pub entity: ContextEntity,
}

/// Domain or entity of a [`ContextAnnotation`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ContextEntity {
    /// ID of the domain or entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ShortText>,
    /// Name of the domain or entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<ShortText>,
    /// Description of the domain or entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<ShortText>,
}

/// Location of a post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Geo {
    /// ID of the tagged place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_id: Option<PlaceId>,
    /// Exact coordinates, if the author shared them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Point>,
}

/// Point in GeoJSON format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Point {
    /// Type of the GeoJSON object, always `Point`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Longitude and latitude in degrees.
    pub coordinates: (f64, f64),
}

impl Point {
    /// Creates a point from its longitude and latitude in degrees.
    pub fn new(longitude: f64, latitude: f64) -> Self {
        Self { kind: "Point".to_owned(), coordinates: (longitude, latitude) }
    }
}

/// Whether, until when and how often a post can be edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EditControls {
    /// Time after which the post cannot be edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editable_until: Option<Timestamp>,
    /// Number of edits left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edits_remaining: Option<u64>,
    /// Whether posts of this kind can be edited at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_edit_eligible: Option<bool>,
}

/// Full text of a post of more than 280 characters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NotePost {
    /// The full text of the post.
    pub text: String,
    /// Hashtags, mentions, links and other entities of the full text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
}

/// Countries in which a post or user is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Withheld {
    /// Whether the reason is a copyright claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copyright: Option<bool>,
    /// ISO 3166-1 alpha-2 codes of the countries.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub country_codes: OptionalList<String>,
    /// Withheld object: `tweet` (or `post`) or `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

wire_struct! {
    /// Community note about a media file of a post.
    MatchedNote {
        ;
        /// Quality of the match between note and media.
        match_status: String,
        /// ID of the note.
        note_id: NoteId,
    }

    /// Description of a media file of a post.
    PostMediaMetadata {
        ;
        /// Key of the media file.
        media_key: MediaKey,
        /// Alternative text of the media file.
        alt_text: String,
        /// Title of the media file.
        title: String,
        /// Description of the media file.
        description: String,
    }

    /// Suggestion of a user who requested a community note.
    NoteSuggestion {
        ;
        /// ID of the suggestion.
        suggestion_id: String,
        /// Text of the suggestion.
        suggestion: String,
        /// Source link of the suggestion.
        source_link: String,
    }

    /// Source link, with the number of users who suggested it.
    SourceLinkCount {
        ;
        /// URL of the source.
        url: String,
        /// Number of users who suggested the source.
        count: u64,
    }

    /// Users who can see a post.
    Scopes {
        ;
        /// Whether only followers of the author can see the post.
        followers: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_decode_to_the_same_post() {
        let tweet = r#"{"id":"2","text":"a","referenced_tweets":[{"type":"quoted","id":"1"}],"public_metrics":{"retweet_count":3}}"#;
        let post = r#"{"id":"2","text":"a","referenced_posts":[{"type":"quoted","id":"1"}],"public_metrics":{"repost_count":3}}"#;
        let a: Post = serde_json::from_str(tweet).expect("tweet");
        let b: Post = serde_json::from_str(post).expect("post");
        assert_eq!(a, b);
        assert_eq!(a.quoted(), Some(PostId::new(1)));
    }

    #[test]
    fn an_unknown_kind_of_reference_is_kept() {
        let r: Reference = serde_json::from_str(r#"{"type":"echoed","id":"1"}"#).expect("reference");
        assert_eq!(r.kind, ReferenceKind::Other("echoed".into()));
        assert_eq!(serde_json::to_string(&r).expect("json"), r#"{"type":"echoed","id":"1"}"#);
    }
}
