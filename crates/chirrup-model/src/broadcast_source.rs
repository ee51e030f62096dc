//! Sources of broadcasts: the addresses to which an encoder sends live video.

use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::into_param::id_of;
use crate::response_data::ResponseData;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Region of a video source. X maps every region to the nearest of its two ingest locations, `us-east-1` and
    /// `us-west-2`.
    Region {
        UsEast1 = "us-east-1",
        UsEast2 = "us-east-2",
        UsWest1 = "us-west-1",
        UsWest2 = "us-west-2",
        CaCentral1 = "ca-central-1",
        SaEast1 = "sa-east-1",
        EuWest1 = "eu-west-1",
        EuWest2 = "eu-west-2",
        EuWest3 = "eu-west-3",
        EuCentral1 = "eu-central-1",
        EuNorth1 = "eu-north-1",
        ApSouth1 = "ap-south-1",
        ApNortheast1 = "ap-northeast-1",
        ApNortheast2 = "ap-northeast-2",
        ApSoutheast1 = "ap-southeast-1",
        ApSoutheast2 = "ap-southeast-2",
    }
}

wire_struct! {
    /// A video source: a persistent address for an encoder, which any number of broadcasts can use one after another.
    BroadcastSource {
        /// ID of the source.
        id: SourceId,
        ;
        /// Name of the source, visible to its owner only.
        name: String,
        /// Ingest location that serves the source.
        region: Region,
        /// URL for the encoder, without encryption.
        rtmp_url: String,
        /// URL for the encoder, with encryption.
        rtmps_url: String,
        /// Key for the encoder. It is a credential: who has it can broadcast as the owner.
        stream_key: String,
        /// Whether the source is receiving video.
        is_stream_active: bool,
        /// Creation time, in milliseconds since 1970.
        created_at_ms: String,
    }

    /// A video source in the older form of the endpoints below `/2/users`.
    UserBroadcastSource {
        /// ID of the source.
        id: SourceId,
        ;
        /// Name of the source, visible to its owner only.
        name: String,
        /// Ingest location that serves the source.
        region = "rtmp_region": Region,
        /// URL for the encoder, without encryption.
        rtmp_url: String,
        /// URL for the encoder, with encryption.
        rtmps_url: String,
        /// Key for the encoder. It is a credential: who has it can broadcast as the owner.
        stream_key = "rtmp_stream_key": String,
        /// Whether the source is receiving video.
        is_stream_active: bool,
        /// Whether the video is a 360-degree video.
        is_360 = "is360": bool,
        /// Creation time, as X's number.
        creation_time: u64,
        /// ID of the owner, as X's number.
        owner_id: u64,
        /// Software that created the source.
        creation_origin: SourceClassification,
        /// Service that transports the video.
        video_service: SourceClassification,
    }

    /// A classification of a video source. Only the number is stable.
    SourceClassification {
        ;
        /// Number of the class.
        value: u64,
        /// Name of the class.
        name: String,
        /// Name of the class in X's source code.
        original_name: String,
    }

    /// Response with one video source in the older form.
    UserBroadcastSourceEnvelope {
        /// The created or changed source.
        source: UserBroadcastSource,
    }

    /// Response with video sources in the older form.
    UserBroadcastSources {
        /// The sources of the user.
        sources: Vec<UserBroadcastSource>,
    }

    /// Response to deleting a video source in the older form. It has no members.
    DeletedUserBroadcastSource {}
}

/// Region that X recommends for new video sources of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecommendedRegion {
    /// The region that X recommends.
    pub region: Region,
}

impl ResponseData for RecommendedRegion {
    const IS_WHOLE_BODY: bool = true;
}

id_of! { BroadcastSource: SourceId, UserBroadcastSource: SourceId }
