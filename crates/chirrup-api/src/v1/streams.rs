//! Streams of v1.1. X has shut them down; other servers still support them.

use chirrup_model::UserId;

use super::stream_messages::StreamMessages;

crate::endpoints! {
    /// # Streams
    ///
    /// Receive statuses and the events of users as they happen.
    STREAMS in v1::streams;

    /// Streams the statuses that match phrases, users or locations.
    filter -> Filter = POST "/1.1/statuses/filter.json" => StreamMessages;
    auth App, User;
    example().track(["rust", "birds"]);
    host "https://stream.x.com";
    form {
        /// Phrases to match. A status matches a phrase if it contains all of its words.
        track: Vec<String>, in 1..=400;
        /// IDs of the users to match, as authors or in replies.
        follow: Vec<UserId>, in 1..=5000;
        /// Up to 25 bounding boxes of 4 numbers: longitude and latitude of the southwest and of the northeast corner.
        locations: Vec<String>, in 4..=100;
        /// Languages of the statuses to deliver, as codes such as `en`.
        language: Vec<String>;
        /// Minimum filter level of the statuses: `none`, `low` or `medium`.
        filter_level: String;
        /// Framing: `length` puts the length in bytes before each message.
        delimited: String;
        /// Whether the server warns before it disconnects a client that reads too slowly.
        stall_warnings: bool;
    }
    streams messages;

    /// Streams a random 1 % of all statuses.
    sample -> Sample = GET "/1.1/statuses/sample.json" => StreamMessages;
    auth App, User;
    example().stall_warnings(true);
    host "https://stream.x.com";
    with STREAM_OPTIONS;
    streams messages;

    /// Streams all public statuses.
    firehose_statuses -> FirehoseStatuses = GET "/1.1/statuses/firehose.json" => StreamMessages;
    auth App, User;
    host "https://stream.x.com";
    query {
        /// Number of past statuses to deliver before live ones.
        count: u32, in 0..=150000;
    }
    with STREAM_OPTIONS;
    streams messages;

    /// Streams the home timeline and the events of the authenticated user.
    ///
    /// The first message lists the IDs of the users that the user follows.
    user_stream -> UserStream = GET "/1.1/user.json" => StreamMessages;
    auth User;
    example().replies("all");
    host "https://userstream.x.com";
    query {
        /// Scope: `user` for the authenticated user only, `followings` (the default) for the followed users as well.
        with: String;
        /// Replies to include: `all` adds replies to users that the authenticated user does not follow.
        replies: String;
        /// Phrases whose matching statuses to add.
        track: Vec<String>, in 1..=400;
        /// Up to 25 bounding boxes of 4 numbers whose statuses to add.
        locations: Vec<String>, in 4..=100;
    }
    with STREAM_OPTIONS;
    streams messages;

    /// Streams the events of up to 100 users.
    site_stream -> SiteStream = GET "/1.1/site.json" => StreamMessages;
    auth User;
    host "https://sitestream.x.com";
    required query {
        /// IDs of the users.
        follow: Vec<UserId>, in 1..=100;
    }
    query {
        /// Scope: `user` (the default) for the users only, `followings` for the users they follow as well.
        with: String;
        /// Replies to include: `all` adds replies to users that the users do not follow.
        replies: String;
    }
    with STREAM_OPTIONS;
    streams messages;
}
