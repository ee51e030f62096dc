//! Groups of encrypted chat: administration and invites.

use crate::id::{ChatId, UserId};
use crate::param_kind::ParamKind;
use crate::{text_id, wire_enum, wire_struct};

text_id! {
    /// Token of an invite to a chat group: 10 letters, digits, `-` and `_`.
    ChatInviteToken = "invite token", ParamKind::Text { min: 10, max: 10 }, "10 letters, digits, `-` and `_`",
        |t| t.len() == 10 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
}

wire_enum! {
    /// Field of a chat group that `update_chat_group` changes.
    ChatGroupField {
        GroupName = "group_name",
        GroupAvatarUrl = "group_avatar_url",
        GroupDescription = "group_description",
    }

    /// Field of an invite to a chat group, for `invite_fields`.
    ChatInviteField {
        ConversationId = "conversation_id",
        ExpiresAt = "expires_at",
        GroupAvatarUrl = "group_avatar_url",
        GroupName = "group_name",
        InviteUrl = "invite_url",
        JoinState = "join_state",
        MemberCount = "member_count",
        Token = "token",
        WelcomeMessage = "welcome_message",
    }
}

wire_struct! {
    /// Actions in a chat group that only administrators can perform.
    ChatAdminSettings {
        ;
        /// Whether only administrators can add members.
        add_member: bool,
        /// Whether only administrators can block screen capture.
        block_screen_capture: bool,
        /// Whether only administrators can change name, avatar and description.
        edit_group_info: bool,
        /// Whether only administrators can change the lifetime of messages.
        edit_message_ttl: bool,
        /// Whether only administrators can send messages.
        send_message: bool,
        /// Whether only administrators can start calls.
        start_call: bool,
    }

    /// Invite link of a chat group. Name and avatar are not encrypted here.
    ChatInvite {
        ;
        /// ID of the group.
        conversation_id: ChatId,
        /// Token of the invite.
        token: ChatInviteToken,
        /// URL that users open to join.
        invite_url: String,
        /// ID of the administrator who created the invite.
        admin_user_id: UserId,
        /// Expiration time of the invite, as X sends it.
        expires_at: String,
        /// URL of the avatar of the group.
        group_avatar_url: String,
        /// Name of the group.
        group_name: String,
        /// Number of members of the group.
        member_count: u64,
        /// State of the authenticated user in the group, as X sends it.
        join_state: String,
        /// Message to users who open the invite.
        welcome_message: String,
    }

    /// Response to a change of a chat group.
    UpdatedChatGroup {
        /// Whether the group was changed.
        updated: bool,
        ;
        /// Sequence ID of the event that set the key of the conversation.
        conversation_key_change_sequence_id: String,
    }

    /// Response to the addition of administrators.
    Added {
        /// Whether the users were added.
        added: bool,
    }

    /// Response to the removal of members or administrators.
    Removed {
        /// Whether the users were removed.
        removed: bool,
    }

    /// Response to a request to join a group or to administer it.
    Requested {
        /// Whether the request was recorded.
        requested: bool,
    }

    /// Response to the approval of a request.
    Approved {
        /// Whether the request was approved.
        approved: bool,
    }

    /// Response to the rejection of requests.
    Rejected {
        /// Whether the requests were rejected.
        rejected: bool,
    }

    /// Response to turning off an invite link.
    Disabled {
        /// Whether the invite link was turned off.
        disabled: bool,
    }

    /// Response to archiving a conversation or moving it back to the inbox.
    Archived {
        /// Whether the authenticated user has now archived the conversation.
        archived: bool,
    }

    /// Response to a change of the protection against screenshots. Settings that were not sent are absent.
    ScreenCapture {
        ;
        /// Whether screenshots are now blocked.
        blocking: bool,
        /// Whether participants are now notified of screenshots.
        detection: bool,
    }

    /// A message that is pinned in a chat conversation.
    ChatPinnedMessage {
        ;
        /// Encrypted event of the message, encoded as Base64.
        encoded_event: String,
    }
}

wire_enum! {
    /// Field of a pinned message, for `pinned_message_fields`.
    ChatPinnedMessageField {
        EncodedEvent = "encoded_event",
    }

    /// Type of a chat conversation.
    ChatType {
        /// Conversation of two users.
        Direct = "direct",
        /// Conversation of a group.
        Group = "group",
    }
}
