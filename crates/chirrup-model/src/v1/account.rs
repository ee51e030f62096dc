//! Account settings, saved searches, uploads and service information of API v1.1.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::place::TrendLocation;
use super::user::User;
use crate::id::{MediaId, MediaKey};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::upload::{Processing, UploadedImage, UploadedVideo};
use crate::wire_struct;

wire_struct! {
    /// Settings of the authenticated user.
    Settings {
        ;
        /// Username of the account, without the `@`.
        screen_name: String,
        /// Language of the user.
        language: String,
        /// Whether only followers can see the statuses of the user.
        protected: bool,
        /// Whether statuses can have a location.
        geo_enabled: bool,
        /// Hours of the day without notifications.
        sleep_time: SleepTime,
        /// Time zone of the user.
        time_zone: Json,
        /// Places of the trends that the user sees.
        trend_location: Vec<TrendLocation>,
        /// Whether others can find the account by its email address.
        discoverable_by_email: bool,
        /// Users who may send direct messages: `all` or `following`.
        allow_dms_from: String,
        /// Users who may add the user to groups: `all` or `following`.
        allow_dm_groups_from: String,
        /// Users who may add the user as a contributor: `none`, `all` or `following`.
        allow_contributor_request: String,
        /// Whether the website uses HTTPS only.
        always_use_https: bool,
        /// Whether X personalizes suggestions by visited websites.
        use_cookie_personalization: bool,
        /// Whether media files that may be sensitive are displayed.
        display_sensitive_media: bool,
        /// Role in the translation of X: `none`, `regular` or others.
        translator_type: String,
    }

    /// Hours of the day without notifications.
    SleepTime {
        ;
        /// Whether the setting is enabled.
        enabled: bool,
        /// First hour without notifications.
        start_time: Json,
        /// First hour with notifications again.
        end_time: Json,
    }

    /// Rate limits of the credential.
    RateLimits {
        /// Limits by resource family and path.
        resources: BTreeMap<String, BTreeMap<String, LimitStatus>>,
        ;
        /// Credential that the limits apply to.
        rate_limit_context: Json,
    }

    /// Rate limit of one endpoint.
    LimitStatus {
        /// Number of requests per window.
        limit: u32,
        /// Number of requests left in the current window.
        remaining: u32,
        /// Start of the next window, in seconds since 1970.
        reset: i64,
    }

    /// A saved search of the user.
    SavedSearch {
        /// ID of the saved search.
        id: u64,
        ;
        /// Name of the saved search.
        name: String,
        /// Query of the search.
        query: String,
        /// Position of the saved search in the list; X no longer sends one.
        position: Json,
        /// Creation time of the saved search.
        created_at: Timestamp,
    }

    /// Embedded form of a status, for a web page.
    Oembed {
        /// HTML of the embedded status.
        html: String,
        ;
        /// URL of the status.
        url: String,
        /// Name of the author.
        author_name: String,
        /// URL of the author.
        author_url: String,
        /// Width of the object, in pixels.
        width: u32,
        /// Height of the object, in pixels.
        height: u32,
        /// Type of the oEmbed object, always `rich`.
        kind = "type": String,
        /// Time for which the object may be cached, in seconds.
        cache_age: String,
        /// Name of the provider.
        provider_name: String,
        /// URL of the provider.
        provider_url: String,
        /// Version of oEmbed, always `1.0`.
        version: String,
    }

    /// Limits of the X service.
    Configuration {
        ;
        /// Maximum length of a direct message, in characters.
        dm_text_character_limit: u32,
        /// Number of characters that an HTTP link counts as.
        short_url_length: u32,
        /// Number of characters that an HTTPS link counts as.
        short_url_length_https: u32,
        /// Number of characters that the link of a media file counts as.
        characters_reserved_per_media: u32,
        /// Maximum number of media files per upload.
        max_media_per_upload: u32,
        /// Maximum size of an image, in bytes.
        photo_size_limit: u64,
        /// Sizes of images, by name.
        photo_sizes: Json,
        /// Names that are not available as usernames.
        non_username_paths: Vec<String>,
    }

    /// A language that X supports.
    Language {
        /// BCP 47 tag of the language.
        code: String,
        ;
        /// Name of the language.
        name: String,
        /// Name of the language in the language itself.
        local_name: String,
        /// Status of the translation.
        status: String,
        /// Whether the language is available for tests only.
        debug: bool,
    }

    /// Privacy policy or terms of service.
    Policy {
        ;
        /// Text of the privacy policy.
        privacy: String,
        /// Text of the terms of service.
        tos: String,
    }

    /// Category of suggested users.
    SuggestionCategory {
        ;
        /// Name of the category.
        name: String,
        /// Slug: the name of the category in URLs.
        slug: String,
        /// Number of users of the category.
        size: u64,
        /// Users of the category.
        users: Vec<User>,
    }

    /// Profile banner in its sizes.
    Banner {
        /// Sizes of the banner, by name.
        sizes: BannerSizes,
    }

    /// One size of a profile banner.
    BannerSize {
        /// Width of the object, in pixels.
        w: u32,
        /// Height of the object, in pixels.
        h: u32,
        ;
        /// URL of the image.
        url: String,
    }

    /// A media upload of API v1.1, in progress or completed.
    UploadedMedia {
        /// ID of the media file.
        media_id: MediaId,
        ;
        /// ID of the media file, as a string.
        media_id_string: String,
        /// Media key of the media file.
        media_key: MediaKey,
        /// Size of the file in bytes.
        size: u64,
        /// Time until the upload expires, in seconds.
        expires_after_secs: u64,
        /// Properties of an uploaded image.
        image: UploadedImage,
        /// Properties of an uploaded video.
        video: UploadedVideo,
        /// Processing of the upload; `None` for media without processing.
        processing_info: Processing,
    }
}

/// Sizes of a profile banner by name, such as `web` and `mobile_retina`.
pub type BannerSizes = BTreeMap<String, BannerSize>;

id_of! { UploadedMedia, media_id: MediaId }
