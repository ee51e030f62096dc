//! Streams, and the rules of the filtered stream.
//!
//! Awaiting the call of a stream collects what the server delivers until the server ends the response. Set `start_time`
//! and `end_time` to make a stream finite, or use `open` to read it item by item.

use chirrup_model::{
    ActivityEvent, Like, LikeCompliance, Post, PostCompliance, PostLabel, Rule, RuleCounts, RuleId, UserCompliance,
};
use serde_json::Value as Json;

use crate::response::stream_batch::StreamBatch;

crate::endpoints! {
    /// # Streams
    ///
    /// Receive posts, likes, activity and compliance events as they happen, and manage the rules of the filtered stream.
    STREAMS in v2::streams;

    /// Returns the rules of the filtered stream.
    rules -> GetRules = GET "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "get_rules";
    example();
    query {
        /// IDs of the rules to return; all rules by default.
        ids: Vec<RuleId>, in 1..=1000;
        /// Number of rules per page.
        max_results: u32, in 1..=1000, default 1000;
    }
    with PAGE;

    /// Adds rules to the filtered stream or deletes rules from it, up to 1,000 per call.
    update_rules -> UpdateRules = POST "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "add_rules", "delete_rules";
    example().add_rules(serde_json::json!([{"value": "rust lang:en", "tag": "rust"}])).dry_run(true);
    query {
        /// Whether to validate the rules without changing anything.
        dry_run: bool;
        /// Whether to delete all rules.
        delete_all: bool;
    }
    body {
        /// Rules to add: `[{"value": "…", "tag": "…"}]`.
        add_rules = "add": Json;
        /// Rules to delete: `{"ids": […]}` or `{"values": […]}`.
        delete_rules = "delete": Json;
    }

    /// Returns how many rules the filtered stream has, and how many the plan allows.
    rule_counts -> GetRuleCounts = GET "/2/tweets/search/stream/rules/counts" => RuleCounts;
    auth App;
    example();
    query {
        /// Fields of rule counts to return, separated by commas.
        rules_count_fields = "rules_count.fields": String;
    }

    /// Streams the posts that match the rules of the app.
    filtered_stream -> FilteredStream = GET "/2/tweets/search/stream" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    alias "stream_filter";
    example().backfill_minutes(2).post_fields(["created_at"]);
    with BACKFILL, POST_FIELDS;
    streams lines as Filtered;

    /// Streams a random 1 % of all posts.
    sample_stream -> SampleStream = GET "/2/tweets/sample/stream" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    alias "stream_sample";
    example().post_fields(["created_at"]);
    query {
        /// Number of past minutes to deliver before live items.
        backfill_minutes: u32, in 0..=5;
    }
    with POST_FIELDS;
    streams lines as Sample;

    /// Streams a random 10 % of all posts, in 2 partitions.
    sample10_stream -> Sample10Stream = GET "/2/tweets/sample10/stream" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=2;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as Sample10;

    /// Streams all posts, in 20 partitions.
    firehose -> Firehose = GET "/2/tweets/firehose/stream" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    example(1).backfill_minutes(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=20;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as Firehose;

    /// Streams all posts in English, in 8 partitions.
    firehose_en -> FirehoseEn = GET "/2/tweets/firehose/stream/lang/en" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=8;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as FirehoseEn;

    /// Streams all posts in Japanese, in 2 partitions.
    firehose_ja -> FirehoseJa = GET "/2/tweets/firehose/stream/lang/ja" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=2;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as FirehoseJa;

    /// Streams all posts in Korean, in 2 partitions.
    firehose_ko -> FirehoseKo = GET "/2/tweets/firehose/stream/lang/ko" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=2;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as FirehoseKo;

    /// Streams all posts in Portuguese, in 2 partitions.
    firehose_pt -> FirehosePt = GET "/2/tweets/firehose/stream/lang/pt" => StreamBatch<Post>;
    auth App;
    price "Posts: Read";
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=2;
    }
    with BACKFILL, POST_FIELDS;
    streams lines as FirehosePt;

    /// Streams all likes, in 20 partitions.
    likes_firehose -> LikesFirehose = GET "/2/likes/firehose/stream" => StreamBatch<Like>;
    auth App;
    price "Like: Read";
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=20;
    }
    with BACKFILL, LIKE_FIELDS;
    streams lines as LikesFirehose;

    /// Streams a random 10 % of all likes, in 2 partitions.
    likes_sample10_stream -> LikesSample10Stream = GET "/2/likes/sample10/stream" => StreamBatch<Like>;
    auth App;
    price "Like: Read";
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=2;
    }
    with BACKFILL, LIKE_FIELDS;
    streams lines as LikesSample10;

    /// Streams the deletions, edits and withholdings of posts, in 4 partitions.
    posts_compliance_stream -> PostsComplianceStream = GET "/2/tweets/compliance/stream" => StreamBatch<PostCompliance>;
    auth App;
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=4;
    }
    with BACKFILL;
    streams lines as PostsCompliance;

    /// Streams the deletions, suspensions and protections of accounts, in 4 partitions.
    users_compliance_stream -> UsersComplianceStream = GET "/2/users/compliance/stream" => StreamBatch<UserCompliance>;
    auth App;
    example(1);
    required query {
        /// Partition of the stream. Each one delivers a different part of the items.
        partition: u32, in 1..=4;
    }
    with BACKFILL;
    streams lines as UsersCompliance;

    /// Streams the likes that users removed.
    likes_compliance_stream -> LikesComplianceStream = GET "/2/likes/compliance/stream" => StreamBatch<LikeCompliance>;
    auth App;
    example();
    with BACKFILL;
    streams lines as LikesCompliance;

    /// Streams the labels that X applies to posts and removes from them.
    labels_stream -> LabelsStream = GET "/2/tweets/label/stream" => StreamBatch<PostLabel>;
    auth App;
    example();
    with BACKFILL;
    streams lines as PostLabels;

    /// Streams the account activity that the app subscribed to.
    activity_stream -> ActivityStream = GET "/2/activity/stream" => StreamBatch<ActivityEvent>;
    auth App;
    example();
    with BACKFILL;
    streams lines;
}
