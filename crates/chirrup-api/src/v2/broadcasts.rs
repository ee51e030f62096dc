//! Broadcasts: live video, its chat, the schedule. And articles.

use chirrup_model::{
    ArticleId, Broadcast, BroadcastField, BroadcastId, BroadcastMessage, BroadcastMessageExpansion,
    BroadcastMessageField, ChatMuted, Deleted, DraftedArticle, MediaId, PublishedArticle, ScheduledBroadcast,
    SentBroadcastMessage, UserField, UserId,
};
use serde_json::Value as Json;

crate::endpoints! {
    BROADCASTS on Client;

    /// Lists your broadcasts, or those with some ids.
    broadcasts -> Broadcasts = GET "/2/broadcasts" => Vec<Broadcast>;
    auth User, OAuth2["broadcast.read"];
    query {
        /// Which ones.
        ids: Vec<BroadcastId>, in 1..=100;
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of broadcasts, beside id.
        broadcast_fields = "broadcast.fields": Vec<BroadcastField>;
    }
    with PAGE;

    /// Finds one broadcast by its id.
    get_broadcast -> GetBroadcast = GET "/2/broadcasts/{id}" => Broadcast;
    auth User, OAuth2["broadcast.read"];
    path { id: BroadcastId }
    query {
        /// Fields of broadcasts, beside id.
        broadcast_fields = "broadcast.fields": Vec<BroadcastField>;
    }

    /// Lists your broadcasts to come.
    scheduled_broadcasts -> ScheduledBroadcasts = GET "/2/broadcasts/scheduled" => Vec<ScheduledBroadcast>;
    auth User, OAuth2["broadcast.read"];
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// None that begins before this.
        oldest_start_time: String;
        /// None that begins after this.
        newest_start_time: String;
    }
    with PAGE;

    /// Finds one broadcast to come by its id.
    get_scheduled_broadcast -> GetScheduledBroadcast = GET "/2/broadcasts/scheduled/{id}" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read"];
    path { id: BroadcastId }

    /// Plans a broadcast.
    schedule_broadcast -> ScheduleBroadcast = POST "/2/broadcasts/scheduled" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    sends { end = "scheduled_end_ms": String; start = "scheduled_start_ms": String; source = "source_id": String; }
    body {
        /// Whether it can be watched afterwards.
        available_for_replay: bool;
        /// Who may chat.
        chat_option: String;
        /// What it is about.
        description: String;
        /// Whether only some may watch.
        is_locked: bool;
        /// Its language.
        locale: String;
        /// Whether it begins by hand.
        manual_publish: bool;
        /// How often it comes again.
        recurrence: Json;
        /// The show that it is part of.
        telecast_id: String;
        /// A picture of it.
        thumbnail_media_id: MediaId;
        /// What it is called.
        title: String;
    }

    /// Changes a broadcast to come.
    reschedule_broadcast -> RescheduleBroadcast = PUT "/2/broadcasts/scheduled/{id}" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId }
    sends {
        scheduled = "scheduled_broadcast_id": String;
        end = "scheduled_end_ms": String;
        start = "scheduled_start_ms": String;
    }
    body {
        /// Whether it can be watched afterwards.
        available_for_replay: bool;
        /// Who may chat.
        chat_option: String;
        /// What it is about.
        description: String;
        /// Whether only some may watch.
        is_locked: bool;
        /// Its language.
        locale: String;
        /// Whether it begins by hand.
        manual_publish: bool;
        /// Whether the schedule goes on with the next one.
        roll_forward: bool;
        /// Where the picture comes from.
        source_id: String;
        /// A picture of it.
        thumbnail_media_id: MediaId;
        /// What it is called.
        title: String;
    }

    /// Cancels a broadcast to come.
    cancel_broadcast -> CancelBroadcast = DELETE "/2/broadcasts/scheduled/{id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId }
    query {
        /// Whether the schedule goes on with the next one.
        roll_forward: bool;
    }

    /// Begins a broadcast to come.
    start_broadcast -> StartBroadcast = POST "/2/broadcasts/scheduled/{id}/live" => ScheduledBroadcast;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId }

    /// Lists the chat of a broadcast.
    broadcast_chat -> BroadcastChat = GET "/2/broadcasts/{id}/chat" => Vec<BroadcastMessage>;
    auth User, OAuth2["broadcast.read"];
    path { broadcast = "id": BroadcastId }
    query {
        /// How many a page holds: 1 to 200.
        max_results: u32, in 1..=200;
        /// Fields of messages.
        message_fields = "broadcast_chat_message.fields": Vec<BroadcastMessageField>;
        /// Objects to bring along.
        expansions: Vec<BroadcastMessageExpansion>;
        /// Fields of users, beside id, name and username.
        user_fields = "user.fields": Vec<UserField>;
    }
    with PAGE;

    /// Writes into the chat of a broadcast.
    send_broadcast_chat -> SendBroadcastChat = POST "/2/broadcasts/{id}/chat" => SentBroadcastMessage;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId }
    sends { text: String, in 1..=140; }
    body {
        /// The message that it answers.
        reply_to: String;
    }

    /// Deletes a message of the chat of a broadcast.
    delete_broadcast_message -> DeleteBroadcastMessage = DELETE "/2/broadcasts/{id}/chat/{message_id}" => Deleted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId, message = "message_id": String }

    /// Lets a user no longer write into the chat of a broadcast.
    mute_in_broadcast -> MuteInBroadcast = POST "/2/broadcasts/{id}/chat/mutes" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId }
    sends { user = "user_id": UserId; }
    body {
        /// Until when, in milliseconds since 1970.
        end_at_ms: String;
        /// The message.
        message_id: String;
    }

    /// Lets a user write into the chat of a broadcast again.
    unmute_in_broadcast -> UnmuteInBroadcast = DELETE "/2/broadcasts/{id}/chat/mutes/{user_id}" => ChatMuted;
    auth User, OAuth2["broadcast.read", "broadcast.write"];
    path { broadcast = "id": BroadcastId, user = "user_id": UserId }

    /// Begins an article.
    draft_article -> DraftArticle = POST "/2/articles/draft" => DraftedArticle;
    auth User, OAuth2["tweet.write"];
    sends { content = "content_state": Json; title: String; }
    body {
        /// A picture for its head.
        cover_media: Json;
    }

    /// Publishes an article.
    publish_article -> PublishArticle = POST "/2/articles/{article_id}/publish" => PublishedArticle;
    auth User, OAuth2["tweet.write"];
    path { article = "article_id": ArticleId }
}
