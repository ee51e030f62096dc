//! Broadcasts: live video, its schedule and its chat.

use chirrup_model::{
    Broadcast, BroadcastField, BroadcastId, BroadcastMessage, BroadcastMessageExpansion, BroadcastMessageField,
    BroadcastTransition, ChatMuted, Deleted, MediaId, ScheduledBroadcast, SentBroadcastMessage, SourceId,
    UpdatedBroadcastState, UserField, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Broadcasts
    ///
    /// Schedule live broadcasts and moderate their chats.
    BROADCASTS in v2::broadcasts;

    /// Returns the broadcasts of the authenticated user, or up to 100 broadcasts by ID.
    broadcasts -> Broadcasts = GET "/2/broadcasts" => Vec<Broadcast>;
    auth User, OAuth2["broadcast.read"];
    example().max_results(50).broadcast_fields(["title", "state"]);
    query {
        /// IDs of the broadcasts to return; those of the authenticated user by default.
        ids: Vec<BroadcastId>, in 1..=100;
        /// Number of broadcasts per page.
        max_results: u32, in 1..=100;
        /// Fields of broadcasts to return, in addition to `id`.
        broadcast_fields = "broadcast.fields": Vec<BroadcastField>;
    }
    with PAGE;

    /// Returns a broadcast by ID.
    get_broadcast -> GetBroadcast = GET "/2/broadcasts/{id}" => Broadcast;
    auth User, OAuth2["broadcast.read"];
    example("1OwxWYzDXjWGQ").broadcast_fields(["title", "state"]);
    path {
        /// ID of the broadcast.
        id: BroadcastId,
    }
    query {
        /// Fields of broadcasts to return, in addition to `id`.
        broadcast_fields = "broadcast.fields": Vec<BroadcastField>;
    }

    /// Ends a live broadcast for good. The endpoint accepts no other transition.
    update_broadcast_state -> UpdateBroadcastState = PUT "/2/broadcasts/{id}/state" => UpdatedBroadcastState;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ", "END");
    path { broadcast = "id": BroadcastId }
    required body {
        /// Change of the state: `END`. To publish, use `update_user_broadcast_state`.
        transition = "state": BroadcastTransition;
    }
    body {
        /// Number of the option that decides who may chat. X refuses it with `END`.
        chat_option: u32;
        /// Language of the broadcast, as a locale. X refuses it with `END`.
        locale: String;
        /// Whether to publish without a post that announces the broadcast. X refuses it with `END`.
        skip_post = "should_not_tweet": bool;
        /// Title of the broadcast. X refuses it with `END`.
        title: String;
    }

    /// Deletes a broadcast of the authenticated user.
    delete_broadcast -> DeleteBroadcast = DELETE "/2/broadcasts/{id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ");
    path { broadcast = "id": BroadcastId }

    /// Returns the scheduled broadcasts of the authenticated user.
    scheduled_broadcasts -> ScheduledBroadcasts = GET "/2/broadcasts/scheduled" => Vec<ScheduledBroadcast>;
    auth User, OAuth2["broadcast.read"];
    example().max_results(50);
    query {
        /// Number of broadcasts per page.
        max_results: u32, in 1..=100;
        /// Earliest start of the broadcasts to return.
        oldest_start_time: String;
        /// Latest start of the broadcasts to return.
        newest_start_time: String;
    }
    with PAGE;

    /// Returns a scheduled broadcast by ID.
    get_scheduled_broadcast -> GetScheduledBroadcast = GET "/2/broadcasts/scheduled/{id}" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read"];
    example("1OwxWYzDXjWGQ");
    path {
        /// ID of the scheduled broadcast.
        id: BroadcastId,
    }

    /// Schedules a broadcast of the authenticated user.
    schedule_broadcast -> ScheduleBroadcast = POST "/2/broadcasts/scheduled" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1790000003000", "1790000000000", "camera").title("Storks");
    required body {
        /// Scheduled end, in milliseconds since the Unix epoch.
        end_ms = "scheduled_end_ms": String;
        /// Scheduled start, in milliseconds since the Unix epoch.
        start_ms = "scheduled_start_ms": String;
        /// ID of the video source.
        source = "source_id": SourceId;
    }
    body {
        /// Whether the broadcast can be watched after its end.
        available_for_replay: bool;
        /// Number of the option that decides who may chat.
        chat_option: String;
        /// Description of the broadcast.
        description: String;
        /// Whether the broadcast is limited to invited viewers.
        is_locked: bool;
        /// Language of the broadcast, as a locale.
        locale: String;
        /// Whether the broadcast waits for `start_broadcast` instead of starting automatically.
        manual_publish: bool;
        /// Repetition: `{"frequency": "Daily", "repeats": "…"}`, or `Weekly`.
        recurrence: Json;
        /// ID of the telecast that the broadcast belongs to.
        telecast_id: String;
        /// Media ID of the thumbnail.
        thumbnail_media_id: MediaId;
        /// Title of the broadcast.
        title: String;
    }

    /// Updates a scheduled broadcast.
    reschedule_broadcast -> RescheduleBroadcast = PUT "/2/broadcasts/scheduled/{id}" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }
    required body {
        /// ID of the schedule entry, from the scheduled broadcast.
        scheduled = "scheduled_broadcast_id": String;
        /// Scheduled end, in milliseconds since the Unix epoch.
        end_ms = "scheduled_end_ms": String;
        /// Scheduled start, in milliseconds since the Unix epoch.
        start_ms = "scheduled_start_ms": String;
    }
    body {
        /// Whether the broadcast can be watched after its end.
        available_for_replay: bool;
        /// Number of the option that decides who may chat.
        chat_option: String;
        /// Description of the broadcast.
        description: String;
        /// Whether the broadcast is limited to invited viewers.
        is_locked: bool;
        /// Language of the broadcast, as a locale.
        locale: String;
        /// Whether the broadcast waits for `start_broadcast` instead of starting automatically.
        manual_publish: bool;
        /// Whether a recurring schedule advances to its next broadcast.
        roll_forward: bool;
        /// ID of the video source.
        source_id: SourceId;
        /// Media ID of the thumbnail.
        thumbnail_media_id: MediaId;
        /// Title of the broadcast.
        title: String;
    }

    /// Cancels a scheduled broadcast.
    cancel_broadcast -> CancelBroadcast = DELETE "/2/broadcasts/scheduled/{id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ");
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }
    query {
        /// Whether a recurring schedule advances to its next broadcast.
        roll_forward: bool;
    }

    /// Starts a scheduled broadcast.
    start_broadcast -> StartBroadcast = POST "/2/broadcasts/scheduled/{id}/live" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ");
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }

    /// Returns the chat messages of a broadcast.
    broadcast_chat -> BroadcastChat = GET "/2/broadcasts/{id}/chat" => Vec<BroadcastMessage>;
    auth User, OAuth2["broadcast.read"];
    example("1OwxWYzDXjWGQ").max_results(50);
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }
    query {
        /// Number of messages per page.
        max_results: u32, in 1..=200, default 100;
        /// Fields of messages to return.
        message_fields = "broadcast_chat_message.fields": Vec<BroadcastMessageField>;
        /// Objects to include in `includes`.
        expansions: Vec<BroadcastMessageExpansion>;
        /// Fields of users to return, in addition to `id`, `name` and `username`.
        user_fields = "user.fields": Vec<UserField>;
    }
    with PAGE;

    /// Sends a message to the chat of a broadcast.
    send_broadcast_chat -> SendBroadcastChat = POST "/2/broadcasts/{id}/chat" => SentBroadcastMessage;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ", "Lovely!");
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }
    required body {
        /// Text of the message.
        text: String, in 1..=140;
    }
    body {
        /// ID of the message to reply to.
        reply_to: String;
    }

    /// Deletes a message from the chat of a broadcast.
    delete_broadcast_message -> DeleteBroadcastMessage = DELETE "/2/broadcasts/{id}/chat/{message_id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
        /// ID of the message.
        message = "message_id": String,
    }

    /// Mutes a user in the chat of a broadcast.
    mute_in_broadcast -> MuteInBroadcast = POST "/2/broadcasts/{id}/chat/mutes" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ", 12);
    idempotent;
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
    }
    required body {
        /// ID of the user to mute.
        user = "user_id": UserId;
    }
    body {
        /// End of the mute, in milliseconds since the Unix epoch.
        end_at_ms: String;
        /// ID of the message that is the reason for the mute.
        message_id: String;
    }

    /// Unmutes a user in the chat of a broadcast.
    unmute_in_broadcast -> UnmuteInBroadcast = DELETE "/2/broadcasts/{id}/chat/mutes/{user_id}" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    example("1OwxWYzDXjWGQ", 12);
    path {
        /// ID of the broadcast.
        broadcast = "id": BroadcastId,
        /// ID of the user to unmute.
        user = "user_id": UserId,
    }
}
