//! Moderators of and mutes in the chats of all broadcasts of a user.

use chirrup_model::{
    BroadcastId, BroadcastModerators, BroadcastMute, BroadcastMuteExpansion, BroadcastMuteField, ChatMuted, User,
    UserField, UserId,
};

crate::endpoints! {
    /// # Moderation of broadcasts
    ///
    /// Manage who moderates the chats of a user's broadcasts and who may not write there.
    BROADCAST_MODERATION in v2::broadcast_moderation;

    /// Returns the moderators of the chats of the authenticated user's broadcasts.
    broadcast_moderators -> GetBroadcastModerators = GET "/2/broadcasts/chat/moderators" => Vec<User>;
    auth User, OAuth2["broadcast.read", "tweet.read", "users.read"];
    alias "get_chat_moderators";
    example();
    with USER_FIELDS;

    /// Makes a user a moderator of the chats of the authenticated user's broadcasts: up to 20 users.
    add_broadcast_moderator -> AddBroadcastModerator = POST "/2/broadcasts/chat/moderators" => BroadcastModerators;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "add_chat_moderator";
    example(12);
    idempotent;
    required body {
        /// ID of the new moderator.
        user = "user_id": UserId;
    }

    /// Removes a moderator of the chats of the authenticated user's broadcasts.
    remove_broadcast_moderator -> RemoveBroadcastModerator = DELETE "/2/broadcasts/chat/moderators/{user_id}" => BroadcastModerators;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "remove_chat_moderator";
    example(12);
    path { user = "user_id": UserId }

    /// Returns the users who may not write to the chats of the authenticated user's broadcasts.
    broadcast_mutes -> BroadcastMutes = GET "/2/broadcasts/chat/mutes" => Vec<BroadcastMute>;
    auth User, OAuth2["broadcast.read"];
    alias "get_chat_muted_users";
    example().max_results(50);
    query {
        /// Number of mutes per page.
        max_results: u32, in 1..=100;
        /// Fields of mutes to return, in addition to `user_id`.
        mute_fields = "broadcast_chat_mute.fields": Vec<BroadcastMuteField>;
        /// Objects to include in `includes`.
        expansions: Vec<BroadcastMuteExpansion>;
        /// Fields of users to return, in addition to `id`, `name` and `username`.
        user_fields = "user.fields": Vec<UserField>;
    }
    with PAGE;

    /// Mutes a user in the chats of all broadcasts of the authenticated user, or of the host of a live broadcast.
    mute_in_broadcasts -> MuteInBroadcasts = POST "/2/broadcasts/chat/mutes" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "mute_chat_user";
    example(12);
    idempotent;
    required body {
        /// ID of the user to mute.
        user = "user_id": UserId;
    }
    body {
        /// ID of a live broadcast that the authenticated user moderates: the user is muted in the chats of its host.
        broadcast_id: BroadcastId;
        /// End of the mute, in milliseconds since 1970. Without it, the mute has no end.
        end_at_ms: String;
        /// ID of a message to delete from the chat of the broadcast that `broadcast_id` names.
        message_id: String;
    }

    /// Unmutes a user in the chats of all broadcasts of the authenticated user, or of the host of a live broadcast.
    unmute_in_broadcasts -> UnmuteInBroadcasts = DELETE "/2/broadcasts/chat/mutes/{user_id}" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    alias "unmute_chat_user";
    example(12);
    path { user = "user_id": UserId }
    query {
        /// ID of a live broadcast that the authenticated user moderates: the user is unmuted in the chats of its host.
        broadcast_id: BroadcastId;
    }
}
