//! Broadcasts and their video sources, in the older form with the ID of the user in the path.

use chirrup_model::{
    BroadcastId, BroadcastTransition, CreatedUserBroadcast, DeletedUserBroadcastSource, Region, SourceId, Success,
    UpdatedUserBroadcast, UserBroadcastEnvelope, UserBroadcastSourceEnvelope, UserBroadcastSources, UserBroadcasts,
};

crate::endpoints! {
    /// # Broadcasts of a user
    ///
    /// Create, publish and end broadcasts of the authenticated user.
    USER_BROADCASTS in v2::user_broadcasts;

    /// Returns the broadcasts of the authenticated user, with the position of the next page in the data.
    user_broadcasts -> ListUserBroadcasts = GET "/2/users/{id}/broadcasts" => UserBroadcasts;
    auth User, OAuth2["broadcast.read"];
    alias "list_user_broadcasts";
    example();
    me id;
    query {
        /// Position of the page to return, from `next_token` of an earlier response.
        page_token = "pagination_token": String;
    }

    /// Creates a broadcast of a video source that is receiving video. It is not live before its state is changed.
    create_user_broadcast -> CreateUserBroadcast = POST "/2/users/{id}/broadcasts" => CreatedUserBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("camera").is_low_latency(true);
    me id;
    required body {
        /// ID of the video source.
        source = "source_id": SourceId;
    }
    body {
        /// Whether to reduce the latency.
        is_low_latency: bool;
        /// Region of the encoder, from `recommended_region`.
        region: Region;
    }

    /// Returns a broadcast of the authenticated user by ID.
    get_user_broadcast -> GetUserBroadcast = GET "/2/users/{id}/broadcasts/{broadcast_id}" => UserBroadcastEnvelope;
    auth User, OAuth2["broadcast.read"];
    me id;
    path { broadcast = "broadcast_id": BroadcastId }

    /// Deletes a broadcast of the authenticated user.
    delete_user_broadcast -> DeleteUserBroadcast = DELETE "/2/users/{id}/broadcasts/{broadcast_id}" => Success;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    me id;
    path { broadcast = "broadcast_id": BroadcastId }

    /// Publishes or ends a broadcast of the authenticated user.
    update_user_broadcast_state -> UpdateUserBroadcastState = PUT "/2/users/{id}/broadcasts/{broadcast_id}/state" => UpdatedUserBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    me id;
    path { broadcast = "broadcast_id": BroadcastId }
    required body {
        /// Change of the state. A broadcast that has ended cannot be published again.
        transition = "state": BroadcastTransition;
    }
    body {
        /// Number of the option that decides who may chat.
        chat_option: u32;
        /// Language of the broadcast, as a locale.
        locale: String;
        /// Whether to publish without a post that announces the broadcast.
        skip_post = "should_not_tweet": bool;
        /// Title of the broadcast.
        title: String;
    }

    /// Returns the video sources of the authenticated user, in the older form.
    user_broadcast_sources -> ListUserBroadcastSources = GET "/2/users/{id}/sources" => UserBroadcastSources;
    auth User, OAuth2["broadcast.read"];
    alias "list_user_sources";
    example();
    me id;

    /// Returns a video source of the authenticated user by ID, in the older form.
    get_user_broadcast_source -> GetUserBroadcastSource = GET "/2/users/{id}/sources/{source_id}" => UserBroadcastSourceEnvelope;
    auth User, OAuth2["broadcast.read"];
    alias "get_user_source";
    me id;
    path { source = "source_id": SourceId }

    /// Creates a video source of the authenticated user, in the older form.
    create_user_broadcast_source -> CreateUserBroadcastSource = POST "/2/users/{id}/sources" => UserBroadcastSourceEnvelope;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "create_user_source";
    me id;
    required body {
        /// Name of the source, visible to its owner only.
        name: String;
    }
    body {
        /// Region of the encoder, from `recommended_region`.
        region: Region;
    }

    /// Renames a video source of the authenticated user, in the older form.
    update_user_broadcast_source -> UpdateUserBroadcastSource = PUT "/2/users/{id}/sources/{source_id}" => UserBroadcastSourceEnvelope;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "update_user_source";
    me id;
    path { source = "source_id": SourceId }
    required body {
        /// Name of the source, visible to its owner only.
        name: String;
    }

    /// Deletes a video source of the authenticated user, in the older form.
    delete_user_broadcast_source -> DeleteUserBroadcastSource = DELETE "/2/users/{id}/sources/{source_id}" => DeletedUserBroadcastSource;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "delete_user_source";
    me id;
    path { source = "source_id": SourceId }
}
