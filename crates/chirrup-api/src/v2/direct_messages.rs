//! Direct messages: conversations, events, media and blocks.

use bytes::Bytes;
use chirrup_model::{
    Deleted, DmBlocked, DmConversationId, DmConversationType, DmEvent, DmEventId, DmEventType, DmMedia, NewDm, SentDm,
    UserId,
};

crate::endpoints! {
    /// # Direct Messages
    ///
    /// Send and read direct messages, and block users from sending them.
    DIRECT_MESSAGES in v2::direct_messages;

    /// Returns the direct message events of all conversations in the last 30 days, newest first.
    dm_events -> DmEvents = GET "/2/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    price "DM Event: Read";
    alias "get_direct_message_events", "get_dm_events";
    example().max_results(50).dm_event_fields(["created_at", "sender_id"]);
    query {
        /// Number of events per page.
        max_results: u32, in 1..=100, default 100;
        /// Types of events to return; all by default.
        event_types: Vec<DmEventType>;
    }
    with PAGE, DM_FIELDS;

    /// Returns the direct message events of the conversation with a user, newest first.
    dm_events_with -> DmEventsWith = GET "/2/dm_conversations/with/{participant_id}/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    price "DM Event: Read";
    alias "get_direct_message_events", "get_dm_events";
    example(12).max_results(50);
    window DmEvents;
    path {
        /// ID of the other participant.
        user = "participant_id": UserId,
    }
    query {
        /// Number of events per page.
        max_results: u32, in 1..=100, default 100;
        /// Types of events to return; all by default.
        event_types: Vec<DmEventType>;
    }
    with PAGE, DM_FIELDS;

    /// Returns the direct message events of a conversation, newest first.
    dm_events_in -> DmEventsIn = GET "/2/dm_conversations/{id}/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    price "DM Event: Read";
    alias "get_direct_message_events", "get_dm_events";
    example("12-2244994900").event_types(["MessageCreate"]);
    window DmEvents;
    path {
        /// ID of the conversation.
        conversation = "id": DmConversationId,
    }
    query {
        /// Number of events per page.
        max_results: u32, in 1..=100, default 100;
        /// Types of events to return; all by default.
        event_types: Vec<DmEventType>;
    }
    with PAGE, DM_FIELDS;

    /// Returns a direct message event by ID.
    get_dm_event -> GetDmEvent = GET "/2/dm_events/{event_id}" => DmEvent;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    price "DM Event: Read";
    alias "get_direct_message";
    example(1585823814058971140).dm_event_fields(["created_at"]);
    path {
        /// ID of the event.
        event = "event_id": DmEventId,
    }
    with DM_FIELDS;

    /// Deletes a direct message for the authenticated user; other participants keep it.
    delete_dm_event -> DeleteDmEvent = DELETE "/2/dm_events/{event_id}" => Deleted;
    auth User, OAuth2["dm.read", "dm.write"];
    price "Interaction: Delete";
    alias "delete_direct_message_event", "destroy_direct_message";
    example(1585823814058971140);
    path {
        /// ID of the event.
        event = "event_id": DmEventId,
    }

    /// Sends a direct message to a user.
    ///
    /// A message needs a text, an attachment or both.
    send_dm -> SendDm = POST "/2/dm_conversations/with/{participant_id}/messages" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    price "DM Interaction: Create";
    alias "create_direct_message", "create_dm", "send_direct_message";
    example(12).text("Did you see the storks?");
    path {
        /// ID of the recipient.
        user = "participant_id": UserId,
    }
    body {
        /// Text of the message.
        text: String, in 1..=10000;
        /// Uploaded media file to attach.
        attachments: DmMedia;
    }

    /// Sends a direct message to a conversation.
    ///
    /// A message needs a text, an attachment or both.
    send_dm_to -> SendDmTo = POST "/2/dm_conversations/{dm_conversation_id}/messages" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    price "DM Interaction: Create";
    alias "create_direct_message";
    example("12-2244994900").text("By the river.");
    window SendDm;
    path {
        /// ID of the conversation.
        conversation = "dm_conversation_id": DmConversationId,
    }
    body {
        /// Text of the message.
        text: String, in 1..=10000;
        /// Uploaded media file to attach.
        attachments: DmMedia;
    }

    /// Creates a group conversation with 2 to 49 other users and sends its first message.
    create_dm_conversation -> CreateDmConversation = POST "/2/dm_conversations" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    price "DM Interaction: Create";
    alias "create_direct_message_conversation";
    window SendDm;
    required body {
        /// Type of the conversation: a group.
        kind = "conversation_type": DmConversationType;
        /// First message of the conversation.
        message: NewDm;
        /// IDs of the other participants.
        users = "participant_ids": Vec<UserId>, in 2..=49;
    }

    /// Downloads a media file of a direct message.
    download_dm_media -> DownloadDmMedia = GET "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}" => Bytes;
    auth OAuth2["dm.read"];
    path {
        /// ID of the direct message event.
        event = "dm_id": String,
        /// ID of the media file.
        media = "media_id": String,
        /// File name at the end of the media URL.
        resource = "resource_id": String,
    }

    /// Blocks a user from sending direct messages to the authenticated user.
    block_dms -> BlockDms = POST "/2/users/{id}/dm/block" => DmBlocked;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    price "Privacy: Update";
    example(12);
    idempotent;
    path {
        /// ID of the user.
        user = "id": UserId,
    }

    /// Allows a blocked user to send direct messages to the authenticated user again.
    unblock_dms -> UnblockDms = POST "/2/users/{id}/dm/unblock" => DmBlocked;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    price "Privacy: Update";
    example(12);
    idempotent;
    path {
        /// ID of the user.
        user = "id": UserId,
    }
}
