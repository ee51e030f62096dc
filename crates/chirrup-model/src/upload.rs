//! Uploads of media, and what is told about media.

use serde_json::Value as Json;

use crate::id::{MediaId, MediaKey};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// What is asked of an upload.
    UploadCommand {
        Status = "STATUS",
    }

    /// What an upload in one piece is for.
    UploadCategory {
        TweetImage = "tweet_image",
        TweetVideo = "tweet_video",
        TweetGif = "tweet_gif",
        DmImage = "dm_image",
        DmVideo = "dm_video",
        DmGif = "dm_gif",
        Subtitles = "subtitles",
    }

    /// What an upload is for.
    MediaCategory {
        AmplifyVideo = "amplify_video",
        TweetGif = "tweet_gif",
        TweetImage = "tweet_image",
        TweetVideo = "tweet_video",
        DmGif = "dm_gif",
        DmImage = "dm_image",
        DmVideo = "dm_video",
        Subtitles = "subtitles",
    }

    /// The media type of an upload.
    MediaFormat {
        VideoMp4 = "video/mp4",
        VideoWebm = "video/webm",
        VideoMp2t = "video/mp2t",
        VideoQuicktime = "video/quicktime",
        TextSrt = "text/srt",
        TextVtt = "text/vtt",
        ImageJpeg = "image/jpeg",
        ImageGif = "image/gif",
        ImageBmp = "image/bmp",
        ImagePng = "image/png",
        ImageWebp = "image/webp",
        ImagePjpeg = "image/pjpeg",
        ImageTiff = "image/tiff",
        ModelGltfBinary = "model/gltf-binary",
        ModelVndUsdzZip = "model/vnd.usdz+zip",
    }

    /// The kind of a video that gets subtitles.
    SubtitlesCategory {
        AmplifyVideo = "AmplifyVideo",
        TweetVideo = "TweetVideo",
    }
}

wire_enum! {
    /// Where the processing of an upload stands.
    ProcessingState {
        /// It waits.
        Pending = "pending",
        /// It runs.
        InProgress = "in_progress",
        /// It went wrong.
        Failed = "failed",
        /// The medium can be used.
        Succeeded = "succeeded",
    }
}

wire_struct! {
    /// An upload: under way, or done.
    Upload {
        /// The id by which posts name the medium.
        id: MediaId,
        ;
        /// The key of the medium.
        media_key: MediaKey,
        /// How long it can be used, in seconds.
        expires_after_secs: u64,
        /// How large it is, in bytes.
        size: u64,
        /// Where the processing stands; nothing for media that need none.
        processing_info: Processing,
        /// What kind of picture it is.
        image: UploadedImage,
        /// What kind of video it is.
        video: UploadedVideo,
    }

    /// The processing of an upload.
    Processing {
        ;
        /// Where it stands.
        state: ProcessingState,
        /// After how many seconds to ask again.
        check_after_secs: u64,
        /// How much is done.
        progress_percent: u64,
        /// Why it went wrong.
        error: ProcessingError,
    }

    /// Why the processing of an upload went wrong.
    ProcessingError {
        ;
        /// Its number.
        code: u64,
        /// Its name, such as `InvalidMedia`.
        name: String,
        /// What is wrong.
        message: String,
    }

    /// A picture that was uploaded.
    UploadedImage {
        ;
        /// Its media type.
        image_type: String,
        /// Its width in pixels.
        width = "w": u64,
        /// Its height in pixels.
        height = "h": u64,
    }

    /// A video that was uploaded.
    UploadedVideo {
        ;
        /// Its media type.
        video_type: String,
    }

    /// A part of an upload has arrived.
    Appended {
        ;
        /// Until when the upload must be finished, in seconds since 1970.
        expires_at: u64,
    }

    /// Words and rules were set on a medium.
    MediaMetadata {
        /// The medium.
        id: String,
        ;
        /// What it carries now.
        associated_metadata: Json,
    }

    /// Subtitles were put under a video.
    Subtitles {
        ;
        /// The video.
        id: String,
        /// The kind of video.
        media_category: String,
        /// What it carries now.
        associated_subtitles: Json,
    }
}

id_of! { Upload: MediaId }
