//! Media uploads, metadata and subtitles.

use serde_json::Value as Json;

use crate::id::{MediaId, MediaKey};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Command of a status request for an upload.
    UploadCommand {
        Status = "STATUS",
    }

    /// Purpose of an upload in a single request, for `media_category`.
    UploadCategory {
        TweetImage = "tweet_image",
        TweetVideo = "tweet_video",
        TweetGif = "tweet_gif",
        DmImage = "dm_image",
        DmVideo = "dm_video",
        DmGif = "dm_gif",
        Subtitles = "subtitles",
    }

    /// Purpose of an upload in parts, for `media_category`.
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

    /// MIME type of an upload, for `media_type`.
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

    /// Category of a video that receives subtitles, for `media_category`.
    SubtitlesCategory {
        AmplifyVideo = "AmplifyVideo",
        TweetVideo = "TweetVideo",
    }
}

wire_enum! {
    /// State of the processing of an upload.
    ProcessingState {
        /// The processing has not started.
        Pending = "pending",
        /// The processing is running.
        InProgress = "in_progress",
        /// The processing has failed.
        Failed = "failed",
        /// The media file is ready to use.
        Succeeded = "succeeded",
    }
}

wire_struct! {
    /// An upload, in progress or completed.
    Upload {
        /// ID of the media file, for posts.
        id: MediaId,
        ;
        /// Key of the media file.
        media_key: MediaKey,
        /// Time until the upload expires, in seconds.
        expires_after_secs: u64,
        /// Size of the file in bytes.
        size: u64,
        /// Processing of the upload; `None` for media without processing.
        processing_info: Processing,
        /// Properties of an uploaded image.
        image: UploadedImage,
        /// Properties of an uploaded video.
        video: UploadedVideo,
    }

    /// Processing of an uploaded media file.
    Processing {
        ;
        /// State of the processing.
        state: ProcessingState,
        /// Time until the next status request, in seconds.
        check_after_secs: u64,
        /// Progress of the processing, in percent.
        progress_percent: u64,
        /// Reason for the failure.
        error: ProcessingError,
    }

    /// Reason why the processing of an upload failed.
    ProcessingError {
        ;
        /// Code of the error.
        code: u64,
        /// Name of the error, such as `InvalidMedia`.
        name: String,
        /// Message of the error.
        message: String,
    }

    /// Properties of an uploaded image.
    UploadedImage {
        ;
        /// MIME type of the file.
        image_type: String,
        /// Width of the image or video, in pixels.
        width = "w": u64,
        /// Height of the image or video, in pixels.
        height = "h": u64,
    }

    /// Properties of an uploaded video.
    UploadedVideo {
        ;
        /// MIME type of the file.
        video_type: String,
    }

    /// Response to the upload of one part.
    Appended {
        ;
        /// Time at which the upload expires, in seconds since 1970.
        expires_at: u64,
    }

    /// Response to setting the metadata of a media file.
    MediaMetadata {
        /// ID of the media file.
        id: String,
        ;
        /// Metadata or subtitles after the change.
        associated_metadata: Json,
    }

    /// Response to adding subtitles to a video.
    Subtitles {
        ;
        /// ID of the video.
        id: String,
        /// Category of the video.
        media_category: String,
        /// Metadata or subtitles after the change.
        associated_subtitles: Json,
    }
}

id_of! { Upload: MediaId }
