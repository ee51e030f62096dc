//! Streams of v1.1. X has ended them; other servers have them.

use chirrup_model::UserId;

use super::StreamMessages;

crate::endpoints! {
    STREAMS on V1;

    /// Delivers the statuses that hold one of these words, are by or to one of these users, or come from one of these places.
    filter -> Filter = POST "/1.1/statuses/filter.json" => StreamMessages;
    auth App, User;
    form {
        /// Phrases, any of which is enough; of the words of a phrase all are needed.
        track: Vec<String>, in 1..=400;
        /// Users.
        follow: Vec<UserId>, in 1..=5000;
        /// Boxes: longitude and latitude of the south-west and of the north-east corner, one box after another.
        locations: Vec<String>, in 4..=100;
        /// In these languages.
        language: Vec<String>;
        /// `none`, `low` or `medium`.
        filter_level: String;
        /// `length` puts the length before each message.
        delimited: String;
        /// Whether to be warned before being cut off.
        stall_warnings: bool;
    }
    streams messages;

    /// Delivers one of a hundred statuses.
    sample -> Sample = GET "/1.1/statuses/sample.json" => StreamMessages;
    auth App, User;
    with STREAM_OPTIONS;
    streams messages;

    /// Delivers every status.
    firehose_statuses -> FirehoseStatuses = GET "/1.1/statuses/firehose.json" => StreamMessages;
    auth App, User;
    query {
        /// How many of the past come first.
        count: u32, in 0..=150000;
    }
    with STREAM_OPTIONS;
    streams messages;

    /// Delivers what concerns the user who calls: first whom they follow, then the statuses of these.
    user_stream -> UserStream = GET "/1.1/user.json" => StreamMessages;
    auth User;
    query {
        /// `user` for what concerns the user alone, `followings` for what those do whom they follow, too.
        with: String;
        /// `all` for replies to those whom they do not follow, too.
        replies: String;
        /// Statuses that hold one of these, too.
        track: Vec<String>, in 1..=400;
        /// Statuses from these places, too.
        locations: Vec<String>, in 4..=100;
    }
    with STREAM_OPTIONS;
    streams messages;

    /// Delivers what concerns up to 100 users.
    site_stream -> SiteStream = GET "/1.1/site.json" => StreamMessages;
    auth User;
    needs { follow: Vec<UserId>, in 1..=100; }
    query {
        /// `user` for what concerns the users alone, `followings` for what those do whom they follow, too.
        with: String;
        /// `all` for replies to those whom they do not follow, too.
        replies: String;
    }
    with STREAM_OPTIONS;
    streams messages;
}
