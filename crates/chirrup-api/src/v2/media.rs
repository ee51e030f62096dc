//! Media: look-up, analytics, uploads, words for those who cannot see or hear.

use chirrup_model::{
    Appended, Deleted, Media, MediaAnalytics, MediaAnalyticsField, MediaCategory, MediaField, MediaFormat,
    MediaGranularity, MediaId, MediaKey, MediaMetadata, SubtitledCategory, Subtitles, Timestamp, Upload,
    UploadCategory, UploadCommand, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    MEDIA on Client;

    /// Finds one medium by its key.
    get_media_by_key -> GetMediaByKey = GET "/2/media/{media_key}" => Media;
    auth App, User, OAuth2["tweet.read"];
    path { key = "media_key": MediaKey }
    query {
        /// Fields of media, beside key and type.
        media_fields = "media.fields": Vec<MediaField>;
    }

    /// Finds up to 100 media by their keys.
    get_media -> GetMedia = GET "/2/media" => Vec<Media>;
    auth App, User, OAuth2["tweet.read"];
    needs { keys = "media_keys": Vec<MediaKey>, in 1..=100; }
    query {
        /// Fields of media, beside key and type.
        media_fields = "media.fields": Vec<MediaField>;
    }

    /// Tells how up to 100 media of yours did.
    media_analytics -> GetMediaAnalytics = GET "/2/media/analytics" => Vec<MediaAnalytics>;
    auth User, OAuth2["tweet.read"];
    needs { keys = "media_keys": Vec<MediaKey>, in 1..=100; start_time: Timestamp; end_time: Timestamp; }
    query {
        /// How long the spans are.
        granularity: MediaGranularity;
        /// The counts to show.
        media_analytics_fields = "media_analytics.fields": Vec<MediaAnalyticsField>;
    }

    /// Sets the description of an uploaded medium for those who cannot see it, and other data.
    set_media_metadata -> SetMediaMetadata = POST "/2/media/metadata" => MediaMetadata;
    auth User, OAuth2["media.write"];
    alias "create_media_metadata", "create_metadata";
    sends { media_id = "id": MediaId; }
    body {
        /// What to set: `{"alt_text": {"text": "…"}}`, and so on.
        metadata: Json;
    }

    /// Puts subtitles, uploaded before, under a video.
    add_subtitles -> AddSubtitles = POST "/2/media/subtitles" => Subtitles;
    auth User, OAuth2["media.write"];
    alias "create_media_subtitles";
    body {
        /// The medium.
        media_id = "id": MediaId;
        /// What it is for.
        media_category: SubtitledCategory;
        /// The subtitles: `{"id": "…", "language_code": "EN", "display_name": "English"}`.
        subtitles: Json;
    }

    /// Takes the subtitles of a language off a video.
    delete_subtitles -> DeleteSubtitles = DELETE "/2/media/subtitles" => Deleted;
    auth User, OAuth2["media.write"];
    alias "delete_media_subtitles";
    sends { media_id = "id": String; language_code: String; media_category: String; }

    /// Uploads a picture or subtitles in one piece, as Base64.
    upload_media -> UploadMedia = POST "/2/media/upload" => Upload;
    auth User, OAuth2["media.write"];
    alias "upload_image";
    sends { media: String; media_category: UploadCategory; }
    body {
        /// Who may use it too.
        additional_owners: String;
    }

    /// Begins an upload in parts.
    begin_upload -> BeginUpload = POST "/2/media/upload/initialize" => Upload;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_init";
    body {
        /// Who may use it too.
        additional_owners: Vec<UserId>;
        /// What it is for.
        media_category: MediaCategory;
        /// Its media type.
        media_type: MediaFormat;
        /// Whether several messages may use it.
        shared: bool;
        /// Its size in bytes.
        total_bytes: u64, in 0..=17179869184;
    }

    /// Uploads one part, as Base64. Parts count from 0 to 999.
    append_upload -> AppendUpload = POST "/2/media/upload/{id}/append" => Appended;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_append";
    path { upload = "id": MediaId }
    sends { media: String; part = "segment_index": u32, in 0..=999; }

    /// Ends an upload in parts.
    finish_upload -> FinishUpload = POST "/2/media/upload/{id}/finalize" => Upload;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_finalize";
    path { upload = "id": MediaId }

    /// Tells where the processing of an upload stands.
    upload_status -> UploadStatus = GET "/2/media/upload" => Upload;
    auth User, OAuth2["media.write"];
    alias "get_media_upload_status";
    needs { upload = "media_id": MediaId; }
    query {
        /// `STATUS`, for servers that ask for it.
        command: UploadCommand;
    }
}
