//! Sources of broadcasts: the addresses to which an encoder sends live video.

use chirrup_model::{BroadcastSource, Deleted, RecommendedRegion, Region, SourceId};

crate::endpoints! {
    /// # Sources of broadcasts
    ///
    /// Manage the addresses to which an encoder sends live video.
    BROADCAST_SOURCES in v2::broadcast_sources;

    /// Returns the region that X recommends for new video sources of the caller.
    recommended_region -> GetRecommendedRegion = GET "/2/region" => RecommendedRegion;
    auth User, OAuth2["broadcast.read"];
    alias "get_region";
    example();

    /// Returns the video sources of the authenticated user.
    broadcast_sources -> BroadcastSources = GET "/2/sources" => Vec<BroadcastSource>;
    auth User, OAuth2["broadcast.read"];
    alias "list_sources";
    example();

    /// Returns a video source of the authenticated user by ID, with the key for the encoder.
    get_broadcast_source -> GetBroadcastSource = GET "/2/sources/{id}" => BroadcastSource;
    auth User, OAuth2["broadcast.read"];
    alias "get_source";
    example("camera");
    path { source = "id": SourceId }

    /// Creates a video source, which any number of broadcasts can use one after another.
    create_broadcast_source -> CreateBroadcastSource = POST "/2/sources" => BroadcastSource;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "create_source";
    example("Camera", "us-east-1");
    required body {
        /// Name of the source, visible to its owner only.
        name: String;
        /// Region of the encoder, from `recommended_region`.
        region: Region;
    }

    /// Renames a video source.
    update_broadcast_source -> UpdateBroadcastSource = PUT "/2/sources/{id}" => BroadcastSource;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "update_source";
    example("camera", "Camera 2");
    path { source = "id": SourceId }
    required body {
        /// Name of the source, visible to its owner only.
        name: String;
    }

    /// Deletes a video source.
    delete_broadcast_source -> DeleteBroadcastSource = DELETE "/2/sources/{id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "delete_source";
    example("camera");
    path { source = "id": SourceId }
}
