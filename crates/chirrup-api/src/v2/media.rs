//! Media: lookup, analytics, uploads, alternative text and subtitles.

use chirrup_model::{
    Appended, Deleted, Media, MediaAnalytics, MediaAnalyticsField, MediaAnalyticsGranularity, MediaCategory,
    MediaField, MediaFormat, MediaId, MediaKey, MediaMetadata, Subtitles, SubtitlesCategory, Timestamp, Upload,
    UploadCategory, UploadCommand, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Media
    ///
    /// Look up media, upload files, and set their alternative text and subtitles.
    MEDIA in v2::media;

    /// Returns a media file by media key.
    get_media_by_key -> GetMediaByKey = GET "/2/media/{media_key}" => Media;
    auth App, User, OAuth2["tweet.read"];
    example("3_1").media_fields(["url", "width", "height"]);
    path {
        /// Media key of the media, such as `3_1136048014974423040`.
        key = "media_key": MediaKey,
    }
    query {
        /// Fields of media to return, in addition to `media_key` and `type`.
        media_fields = "media.fields": Vec<MediaField>;
    }

    /// Returns up to 100 media files by media key.
    get_media -> GetMedia = GET "/2/media" => Vec<Media>;
    auth App, User, OAuth2["tweet.read"];
    example(["3_1", "3_2"]).media_fields(["url"]);
    required query {
        /// Media keys of the files.
        keys = "media_keys": Vec<MediaKey>, in 1..=100;
    }
    query {
        /// Fields of media to return, in addition to `media_key` and `type`.
        media_fields = "media.fields": Vec<MediaField>;
    }

    /// Returns the engagement metrics of up to 100 media files of the authenticated user.
    media_analytics -> GetMediaAnalytics = GET "/2/media/analytics" => Vec<MediaAnalytics>;
    auth User, OAuth2["tweet.read"];
    example(["3_1"], "2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z").granularity("daily");
    required query {
        /// Media keys of the files.
        keys = "media_keys": Vec<MediaKey>, in 1..=100;
        /// Start of the time range.
        start_time: Timestamp;
        /// End of the time range.
        end_time: Timestamp;
    }
    query {
        /// Period that each value covers: hour, day or the whole time range.
        granularity: MediaAnalyticsGranularity, default "daily";
        /// Metrics to return for each item.
        media_analytics_fields = "media_analytics.fields": Vec<MediaAnalyticsField>;
    }

    /// Sets the metadata of an uploaded media file, such as its alternative text.
    set_media_metadata -> SetMediaMetadata = POST "/2/media/metadata" => MediaMetadata;
    auth User, OAuth2["media.write"];
    price "Media Metadata";
    alias "create_media_metadata", "create_metadata";
    example(1).metadata(serde_json::json!({"alt_text": {"text": "A heron at dawn"}}));
    idempotent;
    required body {
        /// Media ID of the uploaded file.
        media_id = "id": MediaId;
    }
    body {
        /// Metadata to set, such as `{"alt_text": {"text": "…"}}` with up to 1,000 characters.
        metadata: Json;
    }

    /// Adds uploaded subtitles to a video.
    add_subtitles -> AddSubtitles = POST "/2/media/subtitles" => Subtitles;
    auth User, OAuth2["media.write"];
    price "Media Metadata";
    alias "create_media_subtitles";
    idempotent;
    body {
        /// Media ID of the video.
        media_id = "id": MediaId;
        /// Category of the video.
        media_category: SubtitlesCategory;
        /// Subtitles to add: `{"id": "…", "language_code": "EN", "display_name": "English"}`.
        subtitles: Json;
    }

    /// Removes the subtitles in one language from a video.
    delete_subtitles -> DeleteSubtitles = DELETE "/2/media/subtitles" => Deleted;
    auth User, OAuth2["media.write"];
    price "Media Metadata";
    alias "delete_media_subtitles";
    required body {
        /// Media ID of the video.
        media_id = "id": String;
        /// Language of the subtitles, as a code of 2 letters such as `EN`.
        language_code: String;
        /// Category of the video, such as `TweetVideo`.
        media_category: String;
    }

    /// Uploads an image or subtitles in a single request, encoded as Base64.
    ///
    /// For videos and large files, use `begin_upload`, `append_upload` and `finish_upload`.
    upload_media -> UploadMedia = POST "/2/media/upload" => Upload;
    auth User, OAuth2["media.write"];
    alias "upload_image";
    required body {
        /// Content of the file, encoded as Base64.
        media: String;
        /// Intended use of the media, which decides its size limit.
        media_category: UploadCategory;
    }
    body {
        /// IDs of other users who may use the media, separated by commas.
        additional_owners: String;
    }

    /// Starts a chunked upload (INIT) and returns its media ID.
    begin_upload -> BeginUpload = POST "/2/media/upload/initialize" => Upload;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_init";
    example().media_type("video/mp4").media_category("tweet_video").total_bytes(1_048_576);
    body {
        /// IDs of other users who may use the media.
        additional_owners: Vec<UserId>;
        /// Intended use of the media, which decides its size limit.
        media_category: MediaCategory;
        /// Media type of the file, such as `video/mp4`.
        media_type: MediaFormat;
        /// Whether several direct messages may use the media.
        shared: bool;
        /// Size of the file in bytes.
        total_bytes: u64, in 0..=17179869184;
    }

    /// Uploads a segment of a chunked upload (APPEND).
    append_upload -> AppendUpload = POST "/2/media/upload/{id}/append" => Appended;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_append";
    idempotent;
    path {
        /// Media ID, from `begin_upload`.
        upload = "id": MediaId,
    }
    required body {
        /// Content of the segment, encoded as Base64.
        media: String;
        /// Index of the segment.
        segment_index: u32, in 0..=9999;
    }

    /// Completes a chunked upload (FINALIZE) and starts the processing of the media.
    finish_upload -> FinishUpload = POST "/2/media/upload/{id}/finalize" => Upload;
    auth User, OAuth2["media.write"];
    alias "chunked_upload_finalize";
    path {
        /// Media ID, from `begin_upload`.
        upload = "id": MediaId,
    }

    /// Returns the processing status of an upload (STATUS).
    upload_status -> UploadStatus = GET "/2/media/upload" => Upload;
    auth User, OAuth2["media.write"];
    alias "get_media_upload_status";
    required query {
        /// Media ID, from `begin_upload`.
        upload = "media_id": MediaId;
    }
    query {
        /// Upload command: `STATUS`, for servers that require it.
        command: UploadCommand;
    }
}
