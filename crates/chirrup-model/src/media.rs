//! A picture, a video or an animated image.

use serde::{Deserialize, Serialize};

use crate::id::MediaKey;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::response_data::ResponseData;
use crate::wire_struct;

/// A medium, as v2 shows it. `media_key` and `kind` are always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// Its key.
    pub media_key: MediaKey,
    /// What it is.
    #[serde(default, rename = "type")]
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
    pub height: Option<u64>,
    /// Width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u64>,
    /// The picture shown before a video plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_image_url: Option<String>,
    /// Counts that all may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_metrics: Option<MediaMetrics>,
    /// How far a video was watched; only its owner may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_public_metrics: Option<PlaybackMetrics>,
    /// The same, from unpaid showings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organic_metrics: Option<PlaybackMetrics>,
    /// The same, from paid showings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted_metrics: Option<PlaybackMetrics>,
    /// The files of a video.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub variants: OptionalList<Variant>,
}

impl ResponseData for Media {}

impl Media {
    /// The file of a video that has the most bits per second; none of a picture, or if the variants were not asked for.
    pub fn best_variant(&self) -> Option<&Variant> {
        self.variants.iter().max_by_key(|variant| variant.bit_rate)
    }
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

impl Default for MediaType {
    /// One that was not told.
    fn default() -> Self {
        Self::Other(String::new())
    }
}

/// Counts of a medium.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MediaMetrics {
    /// How often a video was watched.
    pub view_count: u64,
}

wire_struct! {
    /// How far a video was watched.
    PlaybackMetrics {
        ;
        /// How often it was begun.
        playback_0_count: u64,
        /// How often a quarter was watched.
        playback_25_count: u64,
        /// How often half was watched.
        playback_50_count: u64,
        /// How often three quarters were watched.
        playback_75_count: u64,
        /// How often it was watched to its end.
        playback_100_count: u64,
        /// How often it was watched.
        view_count: u64,
    }
}

/// One file of a video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Variant {
    /// Bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Its media type, such as `video/mp4`.
    pub content_type: String,
    /// Where it is.
    pub url: String,
}

id_of! { Media, media_key: MediaKey }
