//! Media: uploads, alternative text and subtitles.

use chirrup_model::v1::UploadedMedia;
use chirrup_model::{MediaId, UserId};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Media
    ///
    /// Upload media, and set their alternative text and subtitles.
    MEDIA in v1::media;

    /// Uploads a media file in a single request, or runs a command of a chunked upload.
    ///
    /// A single request sends `media_data` or a file (see `upload_file`). A chunked upload runs the commands `INIT`,
    /// `APPEND` for each segment, and `FINALIZE`.
    upload -> Upload = POST "/1.1/media/upload.json" => UploadedMedia;
    auth User;
    alias "upload_media";
    host "https://upload.x.com";
    form {
        /// File content as a form field; `file` sends it as a file part.
        media: String;
        /// File content or segment, encoded as Base64.
        media_data: String;
        /// Command of a chunked upload: `INIT`, `APPEND` or `FINALIZE`; none for a single request.
        command: String;
        /// Media ID that `INIT` returned.
        media_id: MediaId;
        /// Media type of the file, such as `video/mp4`.
        media_type: String;
        /// Size of the file in bytes.
        total_bytes: u64;
        /// Index of the segment.
        segment_index: u32, in 0..=999;
        /// Intended use of the media, such as `tweet_video`.
        media_category: String;
        /// IDs of other users who may use the media.
        additional_owners: Vec<UserId>, in 1..=100;
    }

    /// Returns the processing status of an upload.
    media_status -> MediaStatus = GET "/1.1/media/upload.json" => UploadedMedia;
    auth User;
    host "https://upload.x.com";
    required query {
        /// Upload command, which is `STATUS`.
        command: String;
        /// Media ID that `INIT` returned.
        media_id: MediaId;
    }

    /// Sets the alternative text of an uploaded media file.
    create_media_metadata -> CreateMediaMetadata = POST "/1.1/media/metadata/create.json" => ();
    auth User;
    idempotent;
    host "https://upload.x.com";
    required body {
        /// Media ID of the uploaded file.
        media_id: String;
    }
    body {
        /// Alternative text of up to 1,000 characters: `{"text": "…"}`.
        alt_text: Json;
    }

    /// Adds uploaded subtitles to a video.
    create_subtitles -> CreateSubtitles = POST "/1.1/media/subtitles/create.json" => ();
    auth User;
    idempotent;
    host "https://upload.x.com";
    required body {
        /// Media ID of the video.
        media_id: String;
        /// Category of the video, such as `TweetVideo`.
        media_category: String;
        /// Subtitles to add: `{"subtitles": [{"media_id": "…", "language_code": "en", "display_name": "…"}]}`.
        subtitle_info: Json;
    }

    /// Removes subtitles from a video.
    delete_subtitles -> DeleteSubtitles = POST "/1.1/media/subtitles/delete.json" => ();
    auth User;
    idempotent;
    host "https://upload.x.com";
    required body {
        /// Media ID of the video.
        media_id: String;
        /// Category of the video, such as `TweetVideo`.
        media_category: String;
        /// Subtitles to remove: `{"subtitles": [{"language_code": "en"}]}`.
        subtitle_info: Json;
    }
}

impl Upload {
    /// Sends the bytes of the file as a file part.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.set_file("media", file);
        self
    }
}
