//! A status and what hangs on it.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::place::Place;
use super::user::User;
use crate::id::{MediaId, PostId, UserId};
use crate::into_param::id_of;
use crate::response_data::ResponseData;
use crate::time::Timestamp;
use crate::wire_struct;

/// A status: what v2 calls a post.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Status {
    /// Its id.
    pub id: PostId,
    /// When it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Its text, perhaps cut short. In extended mode there is `full_text` instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Its whole text, in extended mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_text: Option<String>,
    /// Whether `text` was cut short.
    pub truncated: bool,
    /// Which code points of the text are shown: what lies around them are mentions and links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text_range: Option<[u32; 2]>,
    /// Its author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<User>>,
    /// Links, mentions and tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
    /// All of its media.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_entities: Option<ExtendedEntities>,
    /// Its long form, in streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_tweet: Option<Json>,
    /// The program that it was written with, as a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The status that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_status_id: Option<PostId>,
    /// Whom it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_user_id: Option<UserId>,
    /// The name of whom it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to_screen_name: Option<String>,
    /// The status that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retweeted_status: Option<Box<Self>>,
    /// Whether it quotes one.
    pub is_quote_status: bool,
    /// The id of the status that it quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_status_id: Option<PostId>,
    /// The status that it quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_status: Option<Box<Self>>,
    /// How many have repeated it.
    pub retweet_count: u64,
    /// How many like it.
    pub favorite_count: u64,
    /// Whether you like it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favorited: Option<bool>,
    /// Whether you have repeated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retweeted: Option<bool>,
    /// Whether its media or links may offend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possibly_sensitive: Option<bool>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The point, as GeoJSON: longitude before latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Json>,
    /// What you repeated it by, if `include_my_retweet` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_user_retweet: Option<Json>,
}

impl ResponseData for Status {}

impl Status {
    /// The whole text, in whichever mode it came.
    pub fn full_text(&self) -> &str {
        let extended = self.extended_tweet.as_ref().and_then(|long| long["full_text"].as_str());
        self.full_text.as_deref().or(extended).unwrap_or(&self.text)
    }
}

wire_struct! {
    /// Links, mentions, tags and media of a text.
    Entities {
        ;
        /// Tags.
        hashtags: Vec<Hashtag>,
        /// Tags of shares.
        symbols: Vec<Hashtag>,
        /// Mentions.
        user_mentions: Vec<Mention>,
        /// Links.
        urls: Vec<Url>,
        /// The first picture.
        media: Vec<MediaEntity>,
    }

    /// All media of a status.
    ExtendedEntities {
        ;
        /// They.
        media: Vec<MediaEntity>,
    }

    /// A tag, without its sign.
    Hashtag {
        /// Its text.
        text: String,
        /// From which code point to which it stands.
        indices: [u32; 2],
    }

    /// A mention.
    Mention {
        /// Whom, without the `@`.
        screen_name: String,
        /// From which code point to which it stands.
        indices: [u32; 2],
        ;
        /// The id.
        id: UserId,
        /// The name that they show.
        name: String,
    }

    /// A link.
    Url {
        /// As it stands in the text.
        url: String,
        ;
        /// Where it leads.
        expanded_url: String,
        /// As it is shown.
        display_url: String,
        /// From which code point to which it stands.
        indices: [u32; 2],
    }

    /// A picture, a GIF or a video of a status.
    MediaEntity {
        /// Its id.
        id: MediaId,
        ;
        /// What it is: `photo`, `animated_gif` or `video`.
        kind = "type": String,
        /// The picture, or the still of a video.
        media_url_https: String,
        /// The link in the text.
        url: String,
        /// As it is shown.
        display_url: String,
        /// Where it leads.
        expanded_url: String,
        /// From which code point to which the link stands.
        indices: [u32; 2],
        /// What is to be seen.
        ext_alt_text: String,
        /// Its sizes.
        sizes: Json,
        /// The video.
        video_info: VideoInfo,
    }

    /// A video.
    VideoInfo {
        ;
        /// Width to height.
        aspect_ratio: [u32; 2],
        /// How long it is.
        duration_millis: u64,
        /// The forms that it can be had in.
        variants: Vec<Variant>,
    }

    /// A form of a video.
    Variant {
        /// Its address.
        url: String,
        ;
        /// Its media type.
        content_type: String,
        /// How many bits a second.
        bitrate: u64,
    }

    /// What a search found.
    Search {
        /// The statuses.
        statuses: Vec<Status>,
        ;
        /// About the search.
        search_metadata: SearchMetadata,
    }

    /// About a search.
    SearchMetadata {
        ;
        /// How many were asked for.
        count: u64,
        /// How long it took, in seconds.
        completed_in: f64,
        /// The greatest id found.
        max_id: PostId,
        /// The id above which was searched.
        since_id: PostId,
        /// The query.
        query: String,
        /// The parameters of the next page.
        next_results: String,
        /// The parameters by which newer ones are found.
        refresh_url: String,
    }
}

id_of! { Status: PostId }
