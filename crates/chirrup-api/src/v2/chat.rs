//! Encrypted chat: conversations, messages, media and public keys.
//!
//! Clients encrypt and decrypt messages themselves; this library passes keys and ciphertexts through unchanged.

use bytes::Bytes;
use chirrup_model::{
    AddedChatKeys, AddedPublicKey, Appended, ChatConversation, ChatEvent, ChatEventField, ChatExpansion, ChatField,
    ChatGroupId, ChatId, ChatType, ChatUpload, CreatedChat, DeleteMessageAction, Deleted, PublicKey, PublicKeyField,
    SentChatMessage, Success, Timestamp, UserField, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Chat
    ///
    /// Use encrypted chat: conversations, messages, media and public keys.
    CHAT in v2::chat;

    /// Returns the encrypted chat conversations of the authenticated user.
    chats -> Chats = GET "/2/chat/conversations" => Vec<ChatConversation>;
    auth User, OAuth2["dm.read", "users.read"];
    example().max_results(50).unread_only(true);
    query {
        /// Number of conversations per page.
        max_results: u32, in 1..=1000, default 200;
        /// Whether to return only conversations with events that the authenticated user has not read.
        unread_only: bool, default false;
        /// Type of the conversations to return.
        kind = "type": ChatType;
        /// Whether to return archived conversations, or those that are not archived.
        is_archived: bool;
        /// Whether to return muted conversations, or those that are not muted.
        is_muted: bool;
        /// IDs of users who take part in the conversations.
        participant_ids: Vec<UserId>, in 1..=10;
        /// Text in the name or the username of a participant.
        participant_query: String, in 1..=50;
        /// Earliest time of the last update, inclusive.
        start_time: Timestamp;
        /// Latest time of the last update, exclusive.
        end_time: Timestamp;
        /// Fields of conversations to return.
        chat_fields = "chat_conversation.fields": Vec<ChatField>;
        /// Objects to include in `includes`.
        expansions: Vec<ChatExpansion>;
        /// Fields of users to return, in addition to `id`, `name` and `username`.
        user_fields = "user.fields": Vec<UserField>;
    }
    with PAGE;

    /// Returns an encrypted chat conversation by ID.
    get_chat -> GetChat = GET "/2/chat/conversations/{id}" => ChatConversation;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example("g1585823814058971140").chat_fields(["group_name", "member_ids"]);
    path {
        /// ID of the chat conversation.
        id: ChatId,
    }
    query {
        /// Fields of conversations to return.
        chat_fields = "chat_conversation.fields": Vec<ChatField>;
        /// Objects to include in `includes`.
        expansions: Vec<ChatExpansion>;
        /// Fields of users to return, in addition to `id`, `name` and `username`.
        user_fields = "user.fields": Vec<UserField>;
    }

    /// Returns the events of an encrypted chat conversation, newest first.
    chat_events -> ChatEvents = GET "/2/chat/conversations/{id}/events" => Vec<ChatEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example("g1585823814058971140").max_results(50);
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    query {
        /// Number of events per page.
        max_results: u32, in 1..=100, default 10;
        /// Fields of events to return.
        chat_event_fields = "chat_message_event.fields": Vec<ChatEventField>;
    }
    with PAGE;

    /// Reserves the ID of a new group conversation, for `create_chat_group`.
    begin_chat_group -> BeginChatGroup = POST "/2/chat/conversations/group/initialize" => ChatGroupId;
    auth User, OAuth2["dm.write"];
    example();

    /// Creates an encrypted group conversation.
    create_chat_group -> CreateChatGroup = POST "/2/chat/conversations/group" => CreatedChat;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140", "1", serde_json::json!([{"user_id": "12", "encrypted_conversation_key": "c2VjcmV0"}]), [12]);
    required body {
        /// ID of the group, from `begin_chat_group`.
        chat = "conversation_id": ChatId;
        /// Version of the conversation key.
        key_version = "conversation_key_version": String;
        /// Conversation key, encrypted for each participant.
        keys = "conversation_participant_keys": Json;
        /// IDs of the members of the group.
        members = "group_members": Vec<UserId>;
    }
    body {
        /// Signatures of the events that this call creates.
        action_signatures: Json;
        /// Key rotation event, encoded as Base64.
        base64_encoded_key_rotation: String;
        /// IDs of the members who administer the group.
        group_admins: Vec<UserId>;
        /// URL of the group's avatar.
        group_avatar_url: String;
        /// Description of the group.
        group_description: String;
        /// Encrypted name of the group.
        group_name: String;
        /// Lifetime of messages in milliseconds.
        ttl_msec: String;
    }

    /// Rotates the conversation key of an encrypted chat conversation.
    add_chat_keys -> AddChatKeys = POST "/2/chat/conversations/{id}/keys" => AddedChatKeys;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    required body {
        /// Version of the new conversation key.
        key_version = "conversation_key_version": String;
        /// New conversation key, encrypted for each participant.
        keys = "conversation_participant_keys": Json;
    }
    body {
        /// Signatures of the events that this call creates.
        action_signatures: Json;
        /// Key rotation event, encoded as Base64.
        base64_encoded_key_rotation: String;
    }

    /// Adds users to an encrypted group conversation, and returns X's response as raw JSON.
    add_chat_members -> AddChatMembers = POST "/2/chat/conversations/{id}/members" => Json;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140", [2244994900]);
    idempotent;
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    required body {
        /// IDs of the users to add.
        users = "user_ids": Vec<UserId>;
    }
    body {
        /// Signatures of the events that this call creates.
        action_signatures: Json;
        /// Version of the conversation key.
        conversation_key_version: String;
        /// Conversation key, encrypted for each participant.
        conversation_participant_keys: Json;
        /// Encrypted URL of the group's avatar.
        encrypted_avatar_url: String;
        /// Encrypted name of the group.
        encrypted_title: String;
    }

    /// Sends an encrypted message to a chat conversation.
    send_chat_message -> SendChatMessage = POST "/2/chat/conversations/{id}/messages" => SentChatMessage;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140", "ZW5jcnlwdGVk", "m1");
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    required body {
        /// Encrypted message event, encoded as Base64.
        event = "encoded_message_create_event": String;
        /// ID of the message, which the client chooses.
        message_id: String;
    }
    body {
        /// Token of the conversation, from an earlier response.
        conversation_token: String;
        /// Signature of the encrypted event.
        encoded_message_event_signature: String;
        /// Version of the library that encrypted the event.
        xdk_version: String;
    }

    /// Deletes messages of an encrypted chat conversation, for all participants or for the authenticated user.
    delete_chat_messages -> DeleteChatMessages = POST "/2/chat/conversations/{id}/messages/delete" => Deleted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    required body {
        /// Signatures of the deletion events.
        signatures = "action_signatures": Json;
        /// Whether to delete the messages for all participants or for the authenticated user.
        deletion = "delete_message_action": DeleteMessageAction;
        /// Sequence IDs of the messages to delete: at least 1.
        events = "sequence_ids": Vec<String>;
    }
    body {
        /// Hash keys of the media files to delete with the messages.
        media_hash_keys: Vec<String>;
    }

    /// Marks an encrypted chat conversation as read up to an event.
    mark_chat_read -> MarkChatRead = POST "/2/chat/conversations/{id}/read" => Success;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    idempotent;
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }
    required body {
        /// Sequence ID of the last event that the user has seen.
        last_seen = "seen_until_sequence_id": String;
    }
    with ACTION_SIGNATURES;

    /// Shows the typing indicator to the other participants of an encrypted chat conversation.
    show_typing -> ShowTyping = POST "/2/chat/conversations/{id}/typing" => Success;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example("g1585823814058971140");
    idempotent;
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
    }

    /// Starts the upload of an encrypted media file to a chat conversation.
    begin_chat_upload -> BeginChatUpload = POST "/2/chat/media/upload/initialize" => ChatUpload;
    auth User, OAuth2["media.write"];
    required body {
        /// ID of the chat conversation.
        chat = "conversation_id": ChatId;
        /// Size of the encrypted file in bytes.
        total_bytes: u64;
    }

    /// Uploads a segment of an encrypted media file.
    append_chat_upload -> AppendChatUpload = POST "/2/chat/media/upload/{id}/append" => Appended;
    auth User, OAuth2["media.write"];
    idempotent;
    path {
        /// Session ID of the upload, from `begin_chat_upload`.
        upload = "id": String,
    }
    required body {
        /// ID of the chat conversation.
        chat = "conversation_id": ChatId;
        /// Segment of the encrypted file, encoded as Base64.
        media: String;
        /// Hash key of the file, from `begin_chat_upload`.
        key = "media_hash_key": String;
        /// Index of the segment.
        segment_index: u32, in 0..=999;
    }

    /// Completes the upload of an encrypted media file.
    finish_chat_upload -> FinishChatUpload = POST "/2/chat/media/upload/{id}/finalize" => Success;
    auth User, OAuth2["media.write"];
    path {
        /// Session ID of the upload, from `begin_chat_upload`.
        upload = "id": String,
    }
    required body {
        /// ID of the chat conversation.
        chat = "conversation_id": ChatId;
        /// Hash key of the file, from `begin_chat_upload`.
        key = "media_hash_key": String;
        /// Number of segments that were uploaded.
        parts = "num_parts": String;
    }
    body {
        /// ID of the message that the file belongs to.
        message_id: String;
        /// Lifetime of the file in milliseconds.
        ttl_msec: String;
    }

    /// Downloads an encrypted media file of a chat conversation.
    download_chat_media -> DownloadChatMedia = GET "/2/chat/media/{id}/{media_hash_key}" => Bytes;
    auth User, OAuth2["media.write"];
    path {
        /// ID of the chat conversation.
        chat = "id": ChatId,
        /// Hash key of the file, from the message.
        key = "media_hash_key": String,
    }

    /// Returns the public keys of a user for encrypted chat.
    public_key -> GetPublicKey = GET "/2/users/{id}/public_keys" => Vec<PublicKey>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example(12);
    path {
        /// ID of the user.
        user = "id": UserId,
    }
    query {
        /// Fields of public keys to return.
        public_key_fields = "public_key.fields": Vec<PublicKeyField>;
    }

    /// Returns the public keys of up to 100 users for encrypted chat.
    public_keys -> GetPublicKeys = GET "/2/users/public_keys" => Vec<PublicKey>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    example([12, 2244994900]);
    required query {
        /// IDs of the users.
        users = "ids": Vec<UserId>, in 1..=100;
    }
    query {
        /// Fields of public keys to return.
        public_key_fields = "public_key.fields": Vec<PublicKeyField>;
    }

    /// Registers a public key of the authenticated user for encrypted chat.
    add_public_key -> AddPublicKey = POST "/2/users/{id}/public_keys" => AddedPublicKey;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    example(serde_json::json!({"public_key": "cHVi", "signing_public_key": "c2ln"}), "7");
    me id;
    required body {
        /// Public key with its signatures, as JSON.
        key = "public_key": Json;
        /// Version of the key.
        version: String;
    }
    body {
        /// Whether X chooses the version of the key.
        generate_version: bool;
    }
}
