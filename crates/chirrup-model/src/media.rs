//! Images, videos and animated GIFs.

use serde::{Deserialize, Serialize};

use crate::id::MediaKey;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;
use crate::{wire_enum, wire_struct};

/// A media file of API v2.
///
/// `media_key` and `kind` are always present. Every other field is present only if it was requested with `media_fields`
/// and has a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// Key of the media file.
    pub media_key: MediaKey,
    /// Kind of the media file.
    #[serde(default, rename = "type")]
    pub kind: MediaType,
    /// URL of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Alternative text, for users who cannot see the media file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// Duration of a video, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Height of the image or video, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
    /// Width of the image or video, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u64>,
    /// URL of the preview image of a video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_image_url: Option<String>,
    /// Metrics that everyone can see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<MediaMetrics>,
    /// Playback metrics, which only the owner can see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_public_metrics: Option<PlaybackMetrics>,
    /// Playback metrics without promotion, which only the owner can see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organic_metrics: Option<PlaybackMetrics>,
    /// Playback metrics of promotion, which only the owner can see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted_metrics: Option<PlaybackMetrics>,
    /// Files of a video or animated GIF, in different qualities.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub variants: OptionalList<Variant>,
}

impl ResponseData for Media {}

id_of! { Media, media_key: MediaKey }

impl Media {
    /// Creates a media file that has nothing but a key and a kind.
    pub fn new(media_key: MediaKey, kind: MediaType) -> Self {
        Self {
            media_key,
            kind,
            url: None,
            alt_text: None,
            duration_ms: None,
            height: None,
            width: None,
            preview_image_url: None,
            public_metrics: None,
            non_public_metrics: None,
            organic_metrics: None,
            promoted_metrics: None,
            variants: OptionalList::default(),
        }
    }

    /// Returns the file of a video with the highest bit rate; `None` for an image, or if `variants` were not requested.
    pub fn best_variant(&self) -> Option<&Variant> {
        self.variants.iter().max_by_key(|variant| variant.bit_rate)
    }
}

wire_enum! {
    /// Kind of a media file.
    MediaType {
        /// An image that does not move.
        Photo = "photo",
        /// A video with or without sound.
        Video = "video",
        /// An animated GIF, which X stores as a video.
        AnimatedGif = "animated_gif",
    }
}

impl Default for MediaType {
    /// Returns the type of a media file whose type X did not send.
    fn default() -> Self {
        Self::Other("".into())
    }
}

/// Metrics of a media file that everyone can see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MediaMetrics {
    /// Number of views of a video.
    pub view_count: u64,
}

wire_struct! {
    /// Playback metrics of a video, which only its owner can see.
    PlaybackMetrics {
        ;
        /// Number of times that playback started.
        playback_0_count: u64,
        /// Number of times that playback reached a quarter of the video.
        playback_25_count: u64,
        /// Number of times that playback reached the middle of the video.
        playback_50_count: u64,
        /// Number of times that playback reached three quarters of the video.
        playback_75_count: u64,
        /// Number of times that playback reached the end of the video.
        playback_100_count: u64,
        /// Number of views of the video.
        view_count: u64,
    }
}

/// One file of a video or animated GIF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Variant {
    /// Bit rate in bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// MIME type of the file, such as `video/mp4`.
    pub content_type: String,
    /// URL of the file.
    pub url: String,
}
