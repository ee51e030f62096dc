//! Encrypted chat. Keys and messages are made and read by the caller; X sees neither.

use bytes::Bytes;
use chirrup_model::{
    AddedKey, Appended, ChatConversation, ChatDeletion, ChatEvent, ChatEventField, ChatExpansion, ChatField,
    ChatGroupId, ChatId, ChatKeys, ChatUpload, CreatedChat, Deleted, PublicKey, PublicKeyField, SentChatMessage,
    Success, UserField, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    CHAT on Client;

    /// Lists your conversations.
    chats -> Chats = GET "/2/chat/conversations" => Vec<ChatConversation>;
    auth User, OAuth2["dm.read", "users.read"];
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of conversations.
        chat_fields = "chat_conversation.fields": Vec<ChatField>;
        /// Objects to bring along.
        expansions: Vec<ChatExpansion>;
        /// Fields of users, beside id, name and username.
        user_fields = "user.fields": Vec<UserField>;
    }
    with PAGE;

    /// Finds one conversation by its id.
    get_chat -> GetChat = GET "/2/chat/conversations/{id}" => ChatConversation;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path { id: ChatId }
    query {
        /// Fields of conversations.
        chat_fields = "chat_conversation.fields": Vec<ChatField>;
        /// Objects to bring along.
        expansions: Vec<ChatExpansion>;
        /// Fields of users, beside id, name and username.
        user_fields = "user.fields": Vec<UserField>;
    }

    /// Lists what happened in a conversation, newest first.
    chat_events -> ChatEvents = GET "/2/chat/conversations/{id}/events" => Vec<ChatEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of events.
        chat_event_fields = "chat_message_event.fields": Vec<ChatEventField>;
    }
    with PAGE;

    /// Asks for the id of a new group.
    begin_chat_group -> BeginChatGroup = POST "/2/chat/conversations/group/initialize" => ChatGroupId;
    auth User, OAuth2["dm.write"];

    /// Makes a group.
    create_chat_group -> CreateChatGroup = POST "/2/chat/conversations/group" => CreatedChat;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    sends {
        chat = "conversation_id": ChatId;
        key_version = "conversation_key_version": String;
        keys = "conversation_participant_keys": Json;
        members = "group_members": Vec<UserId>;
    }
    body {
        /// Signatures of what is done, as the chat wants them.
        action_signatures: Json;
        /// The change of the key.
        base64_encoded_key_rotation: String;
        /// Who leads it.
        group_admins: Vec<UserId>;
        /// Its picture.
        group_avatar_url: String;
        /// What it is about.
        group_description: String;
        /// Its name, encrypted.
        group_name: String;
        /// How long messages stay, in milliseconds.
        ttl_msec: String;
    }

    /// Sets new keys for a conversation.
    add_chat_keys -> AddChatKeys = POST "/2/chat/conversations/{id}/keys" => ChatKeys;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    sends { key_version = "conversation_key_version": String; keys = "conversation_participant_keys": Json; }
    body {
        /// Signatures of what is done, as the chat wants them.
        action_signatures: Json;
        /// The change of the key.
        base64_encoded_key_rotation: String;
    }

    /// Takes users into a group. What X answers with has no shape of its own: the reply is raw.
    add_chat_members -> AddChatMembers = POST "/2/chat/conversations/{id}/members" => Json;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    sends { users = "user_ids": Vec<UserId>; }
    body {
        /// Signatures of what is done, as the chat wants them.
        action_signatures: Json;
        /// The version of the key.
        conversation_key_version: String;
        /// The key, encrypted for each.
        conversation_participant_keys: Json;
        /// Its picture, encrypted.
        encrypted_avatar_url: String;
        /// Its name, encrypted.
        encrypted_title: String;
    }

    /// Sends a message.
    send_chat_message -> SendChatMessage = POST "/2/chat/conversations/{id}/messages" => SentChatMessage;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    sends { event = "encoded_message_create_event": String; message_id: String; }
    body {
        /// The token of the conversation.
        conversation_token: String;
        /// The signature of the message.
        encoded_message_event_signature: String;
    }

    /// Deletes messages.
    delete_chat_messages -> DeleteChatMessages = POST "/2/chat/conversations/{id}/messages/delete" => Deleted;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    sends {
        signatures = "action_signatures": Json;
        deletion = "delete_message_action": ChatDeletion;
        events = "sequence_ids": Vec<String>;
    }
    body {
        /// Media that go too.
        media_hash_keys: Vec<String>;
    }

    /// Marks a conversation as read up to an event.
    mark_chat_read -> MarkChatRead = POST "/2/chat/conversations/{id}/read" => Success;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }
    sends { upto = "seen_until_sequence_id": String; }

    /// Shows the others that you are typing.
    show_typing -> ShowTyping = POST "/2/chat/conversations/{id}/typing" => Success;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { chat = "id": ChatId }

    /// Begins the upload of an encrypted medium.
    begin_chat_upload -> BeginChatUpload = POST "/2/chat/media/upload/initialize" => ChatUpload;
    auth User, OAuth2["media.write"];
    sends { chat = "conversation_id": ChatId; total_bytes: u64; }

    /// Uploads one part of an encrypted medium, as Base64.
    append_chat_upload -> AppendChatUpload = POST "/2/chat/media/upload/{id}/append" => Appended;
    auth User, OAuth2["media.write"];
    path { upload = "id": String }
    sends {
        chat = "conversation_id": ChatId;
        media: String;
        key = "media_hash_key": String;
        part = "segment_index": u32, in 0..=999;
    }

    /// Ends the upload of an encrypted medium.
    finish_chat_upload -> FinishChatUpload = POST "/2/chat/media/upload/{id}/finalize" => Success;
    auth User, OAuth2["media.write"];
    path { upload = "id": String }
    sends { chat = "conversation_id": ChatId; key = "media_hash_key": String; parts = "num_parts": String; }
    body {
        /// The message.
        message_id: String;
        /// How long messages stay, in milliseconds.
        ttl_msec: String;
    }

    /// Fetches an encrypted medium.
    download_chat_media -> DownloadChatMedia = GET "/2/chat/media/{id}/{media_hash_key}" => Bytes;
    auth User, OAuth2["media.write"];
    path { chat = "id": ChatId, key = "media_hash_key": String }

    /// Finds the public keys of a user.
    public_key -> GetPublicKey = GET "/2/users/{id}/public_keys" => Vec<PublicKey>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    path { user = "id": UserId }
    query {
        /// Fields of keys.
        public_key_fields = "public_key.fields": Vec<PublicKeyField>;
    }

    /// Finds the public keys of up to 100 users.
    public_keys -> GetPublicKeys = GET "/2/users/public_keys" => Vec<PublicKey>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    needs { users = "ids": Vec<UserId>, in 1..=100; }
    query {
        /// Fields of keys.
        public_key_fields = "public_key.fields": Vec<PublicKeyField>;
    }

    /// Adds a public key of yours.
    add_public_key -> AddPublicKey = POST "/2/users/{id}/public_keys" => AddedKey;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    me id;
    sends { key = "public_key": Json; version: String; }
    body {
        /// Whether X picks the version.
        generate_version: bool;
    }
}
