//! The account, searches that were saved, media, and what the service says of itself.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::place::TrendLocation;
use crate::id::MediaId;
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::upload::Processing;
use crate::wire_struct;

wire_struct! {
    /// Settings of the account.
    Settings {
        ;
        /// The name after the `@`.
        screen_name: String,
        /// The language.
        language: String,
        /// Whether only followers may read.
        protected: bool,
        /// Whether places are shown.
        geo_enabled: bool,
        /// When not to disturb.
        sleep_time: SleepTime,
        /// The time zone.
        time_zone: Json,
        /// Where it is told what is talked about.
        trend_location: Vec<TrendLocation>,
        /// Whether the account can be found by its mail address.
        discoverable_by_email: bool,
        /// Who may write messages: `all` or `following`.
        allow_dms_from: String,
    }

    /// When not to disturb.
    SleepTime {
        ;
        /// Whether at all.
        enabled: bool,
        /// From which hour.
        start_time: Json,
        /// Until which hour.
        end_time: Json,
    }

    /// Whose calls are left of the limits, by family and path.
    RateLimits {
        /// They.
        resources: BTreeMap<String, BTreeMap<String, LimitStatus>>,
        ;
        /// Whose.
        rate_limit_context: Json,
    }

    /// What is left of a limit.
    LimitStatus {
        /// How many calls a window allows.
        limit: u32,
        /// How many are left.
        remaining: u32,
        /// When the next window begins, in seconds since 1970.
        reset: i64,
    }

    /// A search that was saved.
    SavedSearch {
        /// Its id.
        id: u64,
        ;
        /// Its name.
        name: String,
        /// Its query.
        query: String,
        /// When it was saved.
        created_at: Timestamp,
    }

    /// How a status is shown on a page.
    Oembed {
        /// The markup.
        html: String,
        ;
        /// The status on the web.
        url: String,
        /// Who wrote it.
        author_name: String,
        /// They on the web.
        author_url: String,
        /// How wide it is.
        width: u32,
        /// How high it is.
        height: u32,
        /// `rich`.
        kind = "type": String,
        /// For how many seconds it may be kept.
        cache_age: String,
        /// Who says so.
        provider_name: String,
        /// They on the web.
        provider_url: String,
        /// `1.0`.
        version: String,
    }

    /// Limits of the service.
    Configuration {
        ;
        /// How many characters a message may have.
        dm_text_character_limit: u32,
        /// How many characters a link counts.
        short_url_length: u32,
        /// How many characters a secure link counts.
        short_url_length_https: u32,
        /// How many media one upload takes.
        max_media_per_upload: u32,
        /// How large a picture may be, in bytes.
        photo_size_limit: u64,
        /// Sizes of pictures.
        photo_sizes: Json,
        /// Names that no user can have.
        non_username_paths: Vec<String>,
    }

    /// A language of the service.
    Language {
        /// Its code.
        code: String,
        ;
        /// Its name.
        name: String,
        /// How far it is translated.
        status: String,
    }

    /// The privacy policy, or the terms of service.
    Policy {
        ;
        /// The one.
        privacy: String,
        /// The other.
        tos: String,
    }

    /// A category of suggestions.
    SuggestionCategory {
        ;
        /// Its name.
        name: String,
        /// Its name in addresses.
        slug: String,
        /// How many are in it.
        size: u64,
        /// They.
        users: Vec<super::User>,
    }

    /// Sizes of the picture above a profile.
    Banner {
        /// They, by name.
        sizes: BannerSizes,
    }

    /// A size of a picture.
    BannerSize {
        /// How wide.
        w: u32,
        /// How high.
        h: u32,
        ;
        /// Its address.
        url: String,
    }

    /// A medium that was uploaded, or is being so.
    UploadedMedia {
        /// Its id.
        media_id: MediaId,
        ;
        /// The id as a text.
        media_id_string: String,
        /// Its size in bytes.
        size: u64,
        /// For how many seconds it can be used.
        expires_after_secs: u64,
        /// Of a picture.
        image: UploadedImage,
        /// Of a video.
        video: UploadedVideo,
        /// Where its processing stands.
        processing_info: Processing,
    }

    /// A picture.
    UploadedImage {
        ;
        /// Its media type.
        image_type: String,
        /// How wide.
        w: u32,
        /// How high.
        h: u32,
    }

    /// A video.
    UploadedVideo {
        ;
        /// Its media type.
        video_type: String,
    }
}

/// Sizes by their names, such as `web` and `mobile_retina`.
pub type BannerSizes = BTreeMap<String, BannerSize>;

id_of! { UploadedMedia, media_id: MediaId }
