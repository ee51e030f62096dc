//! Groups of encrypted chat: their administrators, members and invites.

use chirrup_model::{
    Added, Approved, ChatGroupField, ChatId, ChatInvite, ChatInviteField, ChatInviteToken, Disabled, KeyRotation,
    Milliseconds, ParticipantKey, Rejected, Removed, Requested, RotatedPmk, Updated, UpdatedChatGroup, User, UserId,
};

crate::endpoints! {
    /// # Chat groups
    ///
    /// Administer groups of encrypted chat, and invite users to them.
    CHAT_GROUPS in v2::chat_groups;

    /// Changes the name, the avatar or the description of a chat group.
    update_chat_group -> UpdateChatGroup = PUT "/2/chat/conversations/{id}" => UpdatedChatGroup;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// Version of the conversation key that encrypts the new values.
        key_version = "conversation_key_version": String, in 1..=19;
        /// Fields to change. A field without a new value is removed.
        fields = "modified_fields": Vec<ChatGroupField>;
    }
    body {
        /// Encrypted name of the group.
        group_name: String;
        /// Encrypted URL of the group's avatar.
        group_avatar_url: String;
        /// Encrypted description of the group.
        group_description: String;
        /// Key rotation event, encoded as Base64.
        base64_encoded_key_rotation: String;
        /// New conversation key, encrypted for each participant.
        conversation_participant_keys: Vec<ParticipantKey>;
        /// Keys of messages, encrypted with the new conversation key.
        rotated_pmk_bundle: Vec<RotatedPmk>;
    }
    with ACTION_SIGNATURES;

    /// Sets which actions in a chat group only administrators can perform: at least one setting.
    ///
    /// Settings that are not sent remain as they are.
    update_chat_admin_settings -> UpdateChatAdminSettings = PUT "/2/chat/conversations/{id}/admin_settings" => Updated;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140").send_message(true).edit_group_info(false);
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    body {
        /// Whether only administrators can add members.
        add_member: bool;
        /// Whether only administrators can block screen capture.
        block_screen_capture: bool;
        /// Whether only administrators can change name, avatar and description.
        edit_group_info: bool;
        /// Whether only administrators can change the lifetime of messages.
        edit_message_ttl: bool;
        /// Whether only administrators can send messages.
        send_message: bool;
        /// Whether only administrators can start calls.
        start_call: bool;
    }
    with ACTION_SIGNATURES;

    /// Makes members of a chat group administrators.
    add_chat_admins -> AddChatAdmins = POST "/2/chat/conversations/{id}/admins" => Added;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140", [12]);
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// IDs of the members.
        users = "user_ids": Vec<UserId>;
    }
    with ACTION_SIGNATURES;

    /// Makes administrators of a chat group ordinary members.
    remove_chat_admins -> RemoveChatAdmins = POST "/2/chat/conversations/{id}/admins/remove" => Removed;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// IDs of the administrators.
        users = "user_ids": Vec<UserId>;
    }
    with ACTION_SIGNATURES;

    /// Removes members from a chat group. A member who removes only themselves leaves the group.
    remove_chat_members -> RemoveChatMembers = POST "/2/chat/conversations/{id}/members/remove" => Removed;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140", [12]);
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// IDs of the members.
        users = "user_ids": Vec<UserId>;
    }
    body {
        /// New conversation key, which the removed members do not get.
        group_key_rotation_data: KeyRotation;
    }
    with ACTION_SIGNATURES;

    /// Returns the members of a chat group who asked to become administrators.
    get_chat_admin_requests -> GetChatAdminRequests = GET "/2/chat/conversations/{id}/admin_requests" => Vec<User>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example("g1585823814058971140");
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    with PAGE, USER_FIELDS;

    /// Asks the administrators of a chat group to make the authenticated user an administrator.
    request_chat_admin -> RequestChatAdmin = POST "/2/chat/conversations/{id}/admin_requests" => Requested;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_chat_admin_request";
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Approves the request of a member to become an administrator of a chat group.
    approve_chat_admin_request -> ApproveChatAdminRequest = POST "/2/chat/conversations/{id}/admin_requests/{user_id}/approve" => Approved;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
        /// ID of the member.
        user = "user_id": UserId,
    }
    with ACTION_SIGNATURES;

    /// Rejects the request of a member to become an administrator of a chat group.
    reject_chat_admin_request -> RejectChatAdminRequest = POST "/2/chat/conversations/{id}/admin_requests/{user_id}/reject" => Rejected;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
        /// ID of the member.
        user = "user_id": UserId,
    }
    with ACTION_SIGNATURES;

    /// Turns on the invite link of a chat group, and returns it.
    ///
    /// Title and avatar that are set here are not encrypted: everyone who opens the link sees them.
    enable_chat_invite -> EnableChatInvite = POST "/2/chat/conversations/{id}/invite" => ChatInvite;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_chat_invite";
    example("g1585823814058971140").welcome_message("V2VsY29tZQ==");
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    body {
        /// ID of the organization whose affiliates may join.
        affiliate_user_id: UserId;
        /// URL of the group's avatar, which begins with `https://`.
        decrypted_avatar_url: String, in 0..=2048;
        /// Name of the group.
        decrypted_title: String, in 0..=1024;
        /// Link that the client chose: `https://x.com/i/chat/group_join/` with the group's ID, `/` and a token of 10
        /// letters, digits, `-` and `_`. Required with `action_signatures`.
        invite_url: String;
        /// Time for which the link is valid: a `Duration` or a number of milliseconds. Without it, the link does not expire.
        validity_duration_msec: Milliseconds;
        /// Expiration time of the link, in milliseconds since 1970.
        validity_expiry_timestamp_msec: Milliseconds;
        /// Message to users who open the link.
        welcome_message: String, in 0..=1024;
    }
    with ACTION_SIGNATURES;

    /// Turns off the invite link of a chat group.
    disable_chat_invite -> DisableChatInvite = DELETE "/2/chat/conversations/{id}/invite" => Disabled;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "delete_chat_invite";
    example("g1585823814058971140");
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    with ACTION_SIGNATURES;

    /// Returns an invite to a chat group by its token.
    get_chat_invite -> GetChatInvite = GET "/2/chat/conversations/{id}/invites/{token}" => ChatInvite;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path {
        /// ID of the group.
        chat = "id": ChatId,
        /// Token at the end of the invite link.
        token: ChatInviteToken,
    }
    query {
        /// Fields of invites to return.
        invite_fields = "chat_group_invite.fields": Vec<ChatInviteField>;
    }

    /// Asks to join a chat group with the token of an invite. An administrator accepts with `add_chat_members`.
    request_chat_join -> RequestChatJoin = POST "/2/chat/conversations/{id}/join_requests" => Requested;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_chat_join_request";
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// Token at the end of the invite link.
        token: ChatInviteToken;
    }
    with ACTION_SIGNATURES;

    /// Rejects requests of users to join a chat group.
    reject_chat_join_requests -> RejectChatJoinRequests = POST "/2/chat/conversations/{id}/join_requests/reject" => Rejected;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the group.
        chat = "id": ChatId,
    }
    required body {
        /// IDs of the users.
        users = "user_ids": Vec<UserId>;
    }
    with ACTION_SIGNATURES;
}
