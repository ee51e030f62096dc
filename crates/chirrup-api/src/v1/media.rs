//! Media: at once or in parts, with alternative texts and subtitles.

use chirrup_model::v1::UploadedMedia;
use chirrup_model::{MediaId, UserId};
use serde_json::Value as Json;

crate::endpoints! {
    MEDIA on V1;

    /// Uploads a medium: at once (`media_data`, or a file with [`V1::upload_file`](crate::v1::V1::upload_file)), or in parts
    /// by the commands INIT, APPEND and FINALIZE.
    upload -> Upload = POST "/1.1/media/upload.json" => UploadedMedia;
    auth User;
    alias "upload_media";
    form {
        /// The file.
        media: String;
        /// The file as Base64, or a part of it.
        media_data: String;
        /// `INIT`, `APPEND` or `FINALIZE`; nothing if it is uploaded at once.
        command: String;
        /// The upload.
        media_id: MediaId;
        /// The media type.
        media_type: String;
        /// How large it is, in bytes.
        total_bytes: u64;
        /// Which part, from 0 on.
        segment_index: u32, in 0..=999;
        /// What it is for, such as `tweet_video`.
        media_category: String;
        /// Who else may use it.
        additional_owners: Vec<UserId>, in 1..=100;
    }

    /// Tells where the processing of a medium stands.
    media_status -> MediaStatus = GET "/1.1/media/upload.json" => UploadedMedia;
    auth User;
    needs { command: String; media_id: MediaId; }

    /// Says what is to be seen, for those who cannot see it.
    create_media_metadata -> CreateMediaMetadata = POST "/1.1/media/metadata/create.json" => ();
    auth User;
    sends { media_id: String; }
    body {
        /// The text: `{"text": "…"}`, up to 1,000 characters.
        alt_text: Json;
    }

    /// Puts subtitles under a video.
    create_subtitles -> CreateSubtitles = POST "/1.1/media/subtitles/create.json" => ();
    auth User;
    sends { media_id: String; media_category: String; subtitle_info: Json; }

    /// Takes subtitles away from a video.
    delete_subtitles -> DeleteSubtitles = POST "/1.1/media/subtitles/delete.json" => ();
    auth User;
    sends { media_id: String; media_category: String; subtitle_info: Json; }
}

impl Upload {
    /// The file, as it is.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.set_file("media", file);
        self
    }
}
