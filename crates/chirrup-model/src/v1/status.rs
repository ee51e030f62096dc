//! Statuses of API v1.1 and their parts.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::place::Place;
use super::user::User;
use crate::id::{MediaId, PostId, UserId};
use crate::into_param::id_of;
use crate::response_data::ResponseData;
use crate::time::Timestamp;
use crate::wire_struct;

/// A status of API v1.1, which API v2 calls a post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Status {
    /// ID of the status.
    pub id: PostId,
    /// Creation time of the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Text of the status, possibly truncated. Empty in extended mode, which has `full_text` instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Full text of the status, in extended mode only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_text: Option<String>,
    /// Whether `text` is truncated.
    pub truncated: bool,
    /// Displayed part of the text: index of the first code point, and one past the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text_range: Option<[u32; 2]>,
    /// Author of the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<User>>,
    /// Links, mentions and hashtags of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
    /// All media of the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_entities: Option<ExtendedEntities>,
    /// Extended form of a status with a long text, in streams only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_tweet: Option<Json>,
    /// Name of the app that created the status, as an HTML link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// ID of the status that this one replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_status_id: Option<PostId>,
    /// ID of the user that the status replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_user_id: Option<UserId>,
    /// Username that the status replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_screen_name: Option<String>,
    /// The status that this one retweets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retweeted_status: Option<Box<Self>>,
    /// Whether the status quotes another.
    pub is_quote_status: bool,
    /// ID of the status that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_status_id: Option<PostId>,
    /// The status that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_status: Option<Box<Self>>,
    /// Link to the status that this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_status_permalink: Option<QuotedLink>,
    /// Number of quotes of the status, in streams and enterprise products only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_count: Option<u64>,
    /// Number of replies to the status, in streams and enterprise products only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_count: Option<u64>,
    /// Number of retweets of the status.
    pub retweet_count: u64,
    /// Number of likes of the status.
    pub favorite_count: u64,
    /// Whether the authenticated user likes the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favorited: Option<bool>,
    /// Whether the authenticated user retweeted the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retweeted: Option<bool>,
    /// Whether a link or media file may be sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possibly_sensitive: Option<bool>,
    /// Whether the author can appeal against the mark as sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possibly_sensitive_appealable: Option<bool>,
    /// Language and kind of a search result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<StatusMetadata>,
    /// ISO 3166-1 alpha-2 codes of the countries in which the status is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_in_countries: Option<Vec<String>>,
    /// What is withheld in these countries: `status` or `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_scope: Option<String>,
    /// Whether the status is withheld after a copyright complaint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_copyright: Option<bool>,
    /// Smallest `filter_level` of a stream that delivers the status: `none`, `low` or `medium`. In streams only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_level: Option<String>,
    /// Creation time in milliseconds since 1970, as text. In streams only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp_ms: Option<String>,
    /// Who can see the status: `{"followers": false}` marks a promoted status without followers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Json>,
    /// URI of the card that the status shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_uri: Option<String>,
    /// Second language of the text, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplemental_language: Option<String>,
    /// Users who contributed to the status, as objects or IDs; X no longer sends any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributors: Option<Json>,
    /// Language that X detected, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Place that the author attached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Exact coordinates as a GeoJSON object: longitude, then latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Json>,
    /// Exact coordinates in the old form: latitude, then longitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Json>,
    /// Retweet of the authenticated user, if `include_my_retweet` was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_user_retweet: Option<Json>,
}

impl ResponseData for Status {}

impl Status {
    /// Returns the full text, in extended mode and otherwise.
    pub fn full_text(&self) -> &str {
        let extended = self.extended_tweet.as_ref().and_then(|long| long["full_text"].as_str());
        self.full_text.as_deref().or(extended).unwrap_or(&self.text)
    }
}

wire_struct! {
    /// Language and kind of a search result.
    StatusMetadata {
        ;
        /// ISO 639-1 code of the language.
        iso_language_code: String,
        /// Kind of the result: `recent` or `popular`.
        result_type: String,
    }

    /// Link to a quoted status.
    QuotedLink {
        /// The shortened `t.co` URL.
        url: String,
        ;
        /// URL of the quoted status.
        expanded: String,
        /// The URL that X displays.
        display: String,
    }

    /// Entities of a text: hashtags, mentions, links and others.
    Entities {
        ;
        /// Hashtags of the text.
        hashtags: Vec<Hashtag>,
        /// Cashtags of the text.
        symbols: Vec<Hashtag>,
        /// Mentions of the text.
        user_mentions: Vec<Mention>,
        /// Links of the text.
        urls: Vec<Url>,
        /// First media file of the status.
        media: Vec<MediaEntity>,
    }

    /// All media of a status.
    ExtendedEntities {
        ;
        /// The media files of the status.
        media: Vec<MediaEntity>,
    }

    /// Hashtag or cashtag of a text.
    Hashtag {
        /// The tag without its sign.
        text: String,
        /// Index of the first code point, and one past the last.
        indices: [u32; 2],
    }

    /// Mention of a user in a text.
    Mention {
        /// Username of the mentioned user, without the `@`.
        screen_name: String,
        /// Index of the first code point, and one past the last.
        indices: [u32; 2],
        ;
        /// ID of the user.
        id: UserId,
        /// Display name of the user.
        name: String,
    }

    /// Link of a text.
    Url {
        /// The shortened `t.co` URL in the text.
        url: String,
        ;
        /// The URL that the author wrote.
        expanded_url: String,
        /// The URL that X displays.
        display_url: String,
        /// Index of the first code point, and one past the last.
        indices: [u32; 2],
    }

    /// Media file of a status: an image, an animated GIF or a video.
    MediaEntity {
        /// ID of the media file.
        id: MediaId,
        ;
        /// Type of the media file: `photo`, `animated_gif` or `video`.
        kind = "type": String,
        /// URL of the image, or of the preview image of a video, over plain HTTP.
        media_url: String,
        /// URL of the image, or of the preview image of a video.
        media_url_https: String,
        /// The shortened `t.co` URL in the text.
        url: String,
        /// The URL that X displays.
        display_url: String,
        /// The URL that the author wrote.
        expanded_url: String,
        /// Position of the link in the text: index of the first code point, and one past the last.
        indices: [u32; 2],
        /// Alternative text of the media file.
        ext_alt_text: String,
        /// Sizes of the image, by name.
        sizes: Json,
        /// Files and properties of a video.
        video_info: VideoInfo,
        /// ID of the status that the media file was first part of.
        source_status_id: PostId,
        /// ID of the author of that status.
        source_user_id: UserId,
        /// Title, description and uses of a video.
        additional_media_info: AdditionalMediaInfo,
    }

    /// Title, description and uses of a video.
    AdditionalMediaInfo {
        ;
        /// Title of the video.
        title: String,
        /// Description of the video.
        description: String,
        /// Whether the video can be embedded in other pages.
        embeddable: bool,
        /// Whether the video can earn money.
        monetizable: bool,
        /// Author of the status that the video was first part of.
        source_user: Box<User>,
    }

    /// Files and properties of a video.
    VideoInfo {
        ;
        /// Aspect ratio: width and height.
        aspect_ratio: [u32; 2],
        /// Duration of the video, in milliseconds.
        duration_millis: u64,
        /// Files of the video, in different qualities.
        variants: Vec<Variant>,
    }

    /// One file of a video.
    Variant {
        /// URL of the file.
        url: String,
        ;
        /// MIME type of the file.
        content_type: String,
        /// Bit rate in bits per second.
        bitrate: u64,
    }

    /// Result of a search.
    Search {
        /// Statuses that match the query.
        statuses: Vec<Status>,
        ;
        /// Metadata of the search.
        search_metadata: SearchMetadata,
    }

    /// Metadata of a search.
    SearchMetadata {
        ;
        /// Requested number of statuses.
        count: u64,
        /// Duration of the search in seconds.
        completed_in: f64,
        /// Largest ID of the statuses found.
        max_id: PostId,
        /// ID above which the search looked for statuses.
        since_id: PostId,
        /// Query of the search.
        query: String,
        /// Query string of the next page.
        next_results: String,
        /// Query string for newer statuses.
        refresh_url: String,
    }
}

id_of! { Status: PostId }
