//! Direct messages.

use bytes::Bytes;
use chirrup_model::{
    Deleted, DmBlocked, DmConversationId, DmConversationKind, DmEvent, DmEventId, DmEventKind, DmMedia, NewDm, SentDm,
    UserId,
};

crate::endpoints! {
    DMS on Client;

    /// Lists what happened in all conversations of the last 30 days, newest first.
    dm_events -> DmEvents = GET "/2/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    alias "get_direct_message_events", "get_dm_events";
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Only these kinds of events.
        event_types: Vec<DmEventKind>;
    }
    with PAGE, DM_VIEW;

    /// Lists what happened in the conversation with one user, newest first.
    dm_events_with -> DmEventsWith = GET "/2/dm_conversations/with/{participant_id}/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    alias "get_direct_message_events", "get_dm_events";
    path { user = "participant_id": UserId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Only these kinds of events.
        event_types: Vec<DmEventKind>;
    }
    with PAGE, DM_VIEW;

    /// Lists what happened in a conversation, newest first.
    dm_events_in -> DmEventsIn = GET "/2/dm_conversations/{id}/dm_events" => Vec<DmEvent>;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    alias "get_direct_message_events", "get_dm_events";
    path { conversation = "id": DmConversationId }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Only these kinds of events.
        event_types: Vec<DmEventKind>;
    }
    with PAGE, DM_VIEW;

    /// Finds one event of a conversation by its id.
    get_dm_event -> GetDmEvent = GET "/2/dm_events/{event_id}" => DmEvent;
    auth User, OAuth2["dm.read", "tweet.read", "users.read"];
    alias "get_direct_message";
    path { event = "event_id": DmEventId }
    with DM_VIEW;

    /// Deletes a message, for you.
    delete_dm_event -> DeleteDmEvent = DELETE "/2/dm_events/{event_id}" => Deleted;
    auth User, OAuth2["dm.read", "dm.write"];
    alias "delete_direct_message_event", "destroy_direct_message";
    path { event = "event_id": DmEventId }

    /// Sends a message to a user: a text, a medium, or both.
    send_dm -> SendDm = POST "/2/dm_conversations/with/{participant_id}/messages" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_direct_message", "create_dm", "send_direct_message";
    path { user = "participant_id": UserId }
    body {
        /// The text.
        text: String;
        /// Media to send along.
        attachments: DmMedia;
    }

    /// Sends a message into a conversation: a text, a medium, or both.
    send_dm_to -> SendDmTo = POST "/2/dm_conversations/{dm_conversation_id}/messages" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_direct_message";
    path { conversation = "dm_conversation_id": DmConversationId }
    body {
        /// The text.
        text: String;
        /// Media to send along.
        attachments: DmMedia;
    }

    /// Begins a conversation of a group of 3 to 50 with a first message.
    create_dm_conversation -> CreateDmConversation = POST "/2/dm_conversations" => SentDm;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    alias "create_direct_message_conversation";
    sends {
        kind = "conversation_type": DmConversationKind;
        message: NewDm;
        users = "participant_ids": Vec<UserId>, in 2..=49;
    }

    /// Fetches a medium of a message.
    download_dm_media -> DownloadDmMedia = GET "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}" => Bytes;
    auth OAuth2["dm.read"];
    path { event = "dm_id": String, medium = "media_id": String, resource = "resource_id": String }

    /// Lets a user send you no more messages.
    block_dms -> BlockDms = POST "/2/users/{id}/dm/block" => DmBlocked;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { user = "id": UserId }

    /// Lets a user send you messages again.
    unblock_dms -> UnblockDms = POST "/2/users/{id}/dm/unblock" => DmBlocked;
    auth User, OAuth2["dm.write", "tweet.read", "users.read"];
    path { user = "id": UserId }
}
