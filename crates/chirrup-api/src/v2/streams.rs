//! Streams, the rules of the filtered stream, and connections to streams.
//!
//! A call of a stream gathers what is delivered until the server ends it. Say `start_time` and `end_time`, so that it
//! ends: a stream without them goes on for ever, and its call with it.

use chirrup_model::{
    ActivityEvent, ClosedConnections, Connection, ConnectionField, ConnectionState, Deleted, Like, LikeCompliance,
    LikeExpansion, LikeField, MediaField, Post, PostCompliance, PostField, PostLabel, Provisioned, Rule, RuleCounts,
    RuleId, StreamEndpoint, StreamLink, UserCompliance, UserField, WebhookId,
};
use serde_json::Value as Json;

use crate::response::StreamBatch;

crate::endpoints! {
    STREAMS on Client;

    /// Lists the rules of the filtered stream.
    rules -> GetRules = GET "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "get_rules";
    query {
        /// Only these rules, up to 1,000.
        ids: Vec<RuleId>, in 1..=1000;
        /// How many a page holds: 1 to 1000.
        max_results: u32, in 1..=1000;
    }
    with PAGE;

    /// Adds or deletes rules of the filtered stream, up to 1,000 at once.
    update_rules -> UpdateRules = POST "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "add_rules", "delete_rules";
    query {
        /// Whether only to try it.
        dry_run: bool;
        /// Whether to delete every rule.
        delete_all: bool;
    }
    body {
        /// Rules to add: `[{"value": "…", "tag": "…"}]`.
        add_rules = "add": Json;
        /// Rules to delete: `{"ids": […]}` or `{"values": […]}`.
        delete_rules = "delete": Json;
    }

    /// Tells how many rules there are, and may be.
    rule_counts -> GetRuleCounts = GET "/2/tweets/search/stream/rules/counts" => RuleCounts;
    auth App;
    query {
        /// Fields of the counts.
        rules_count_fields = "rules_count.fields": String;
    }

    /// Lists open and closed connections to streams.
    connections -> Connections = GET "/2/connections" => Vec<Connection>;
    auth App;
    query {
        /// Only those in this state.
        status: ConnectionState;
        /// Only connections to these streams.
        endpoints: Vec<StreamEndpoint>;
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of connections.
        connection_fields = "connection.fields": Vec<ConnectionField>;
    }
    with PAGE;

    /// Closes connections to streams by their ids.
    close_connections -> CloseConnections = DELETE "/2/connections" => ClosedConnections;
    auth App;
    sends { ids = "uuids": Vec<String>, in 1..=100; }

    /// Closes every connection to a stream.
    close_all_connections -> CloseAllConnections = DELETE "/2/connections/all" => ClosedConnections;
    auth App;

    /// Closes every connection to one stream.
    close_connections_to -> CloseConnectionsTo = DELETE "/2/connections/{endpoint_id}" => ClosedConnections;
    auth App;
    path { stream = "endpoint_id": StreamEndpoint }

    /// Lists the webhooks to which the filtered stream goes.
    stream_links -> StreamLinks = GET "/2/tweets/search/webhooks" => Vec<StreamLink>;
    auth App;

    /// Lets the filtered stream go to a webhook.
    create_stream_link -> CreateStreamLink = POST "/2/tweets/search/webhooks/{webhook_id}" => Provisioned;
    auth App;
    path { webhook = "webhook_id": WebhookId }

    /// Lets the filtered stream go to a webhook no longer.
    delete_stream_link -> DeleteStreamLink = DELETE "/2/tweets/search/webhooks/{webhook_id}" => Deleted;
    auth App;
    path { webhook = "webhook_id": WebhookId }

    /// Delivers the posts that match the rules of the app.
    filtered_stream -> FilteredStream = GET "/2/tweets/search/stream" => StreamBatch<Post>;
    auth App;
    alias "stream_filter";
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers one of a hundred posts.
    sample_stream -> SampleStream = GET "/2/tweets/sample/stream" => StreamBatch<Post>;
    auth App;
    alias "stream_sample";
    query {
        /// How many minutes of the past come first: 0 to 5.
        backfill_minutes: u32, in 0..=5;
    }
    with POST_VIEW;
    streams lines;

    /// Delivers one of ten posts.
    sample10_stream -> Sample10Stream = GET "/2/tweets/sample10/stream" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=2; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every post.
    firehose -> Firehose = GET "/2/tweets/firehose/stream" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=20; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every post in English.
    firehose_en -> FirehoseEn = GET "/2/tweets/firehose/stream/lang/en" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=8; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every post in Japanese.
    firehose_ja -> FirehoseJa = GET "/2/tweets/firehose/stream/lang/ja" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=2; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every post in Korean.
    firehose_ko -> FirehoseKo = GET "/2/tweets/firehose/stream/lang/ko" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=2; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every post in Portuguese.
    firehose_pt -> FirehosePt = GET "/2/tweets/firehose/stream/lang/pt" => StreamBatch<Post>;
    auth App;
    needs { partition: u32, in 1..=2; }
    with PAST, POST_VIEW;
    streams lines;

    /// Delivers every like.
    likes_firehose -> LikesFirehose = GET "/2/likes/firehose/stream" => StreamBatch<Like>;
    auth App;
    needs { partition: u32, in 1..=20; }
    query {
        /// Fields of likes.
        like_fields = "like_with_tweet_author.fields": Vec<LikeField>;
        /// Objects to bring along.
        expansions: Vec<LikeExpansion>;
        /// Fields of media, beside key and type.
        media_fields = "media.fields": Vec<MediaField>;
        /// Fields of users, beside id, name and username.
        user_fields = "user.fields": Vec<UserField>;
        /// Fields of posts, beside id and text.
        post_fields = "tweet.fields": Vec<PostField>;
    }
    with PAST;
    streams lines;

    /// Delivers one of ten likes.
    likes_sample10_stream -> LikesSample10Stream = GET "/2/likes/sample10/stream" => StreamBatch<Like>;
    auth App;
    needs { partition: u32, in 1..=2; }
    query {
        /// Fields of likes.
        like_fields = "like_with_tweet_author.fields": Vec<LikeField>;
        /// Objects to bring along.
        expansions: Vec<LikeExpansion>;
        /// Fields of media, beside key and type.
        media_fields = "media.fields": Vec<MediaField>;
        /// Fields of users, beside id, name and username.
        user_fields = "user.fields": Vec<UserField>;
        /// Fields of posts, beside id and text.
        post_fields = "tweet.fields": Vec<PostField>;
    }
    with PAST;
    streams lines;

    /// Delivers what became of posts: those that were deleted, withheld, edited.
    posts_compliance_stream -> PostsComplianceStream = GET "/2/tweets/compliance/stream" => StreamBatch<PostCompliance>;
    auth App;
    needs { partition: u32, in 1..=4; }
    with PAST;
    streams lines;

    /// Delivers what became of users: those who are gone, suspended, protected.
    users_compliance_stream -> UsersComplianceStream = GET "/2/users/compliance/stream" => StreamBatch<UserCompliance>;
    auth App;
    needs { partition: u32, in 1..=4; }
    with PAST;
    streams lines;

    /// Delivers which likes were taken back.
    likes_compliance_stream -> LikesComplianceStream = GET "/2/likes/compliance/stream" => StreamBatch<LikeCompliance>;
    auth App;
    with PAST;
    streams lines;

    /// Delivers which posts got a label or lost one.
    labels_stream -> LabelsStream = GET "/2/tweets/label/stream" => StreamBatch<PostLabel>;
    auth App;
    with PAST;
    streams lines;

    /// Delivers the activity that the app has subscribed to.
    activity_stream -> ActivityStream = GET "/2/activity/stream" => StreamBatch<ActivityEvent>;
    auth App;
    with PAST;
    streams lines;
}
