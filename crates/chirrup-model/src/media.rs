//! A picture, a video or an animated image.

use serde::{Deserialize, Serialize};

use crate::id::MediaKey;

/// A medium, as v2 shows it. `media_key` and `kind` are always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// Its key.
    pub media_key: MediaKey,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MediaType,
    /// Where a picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it shows, for those who cannot see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
    /// How long a video is, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The picture shown before a video plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_image_url: Option<String>,
    /// Counts that all may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<MediaMetrics>,
    /// The files of a video.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

/// What a medium is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MediaType {
    /// A picture.
    Photo,
    /// A video.
    Video,
    /// An animated image.
    AnimatedGif,
    /// Something that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// Counts of a medium.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MediaMetrics {
    /// How often a video was watched.
    pub view_count: u64,
}

/// One file of a video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Variant {
    /// Bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Its media type, such as `video/mp4`.
    pub content_type: String,
    /// Where it is.
    pub url: String,
}
