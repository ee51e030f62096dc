//! Posts: lookup, search, counts, creation, analytics, and the likes, reposts and quotes of a post.

use chirrup_model::{
    Analytics, AnalyticsField, AnalyticsGranularity, CommunityId, Count, Created, Deleted, EditOptions, Exclude,
    Granularity, Hidden, NewGeo, NewMedia, NewPoll, NewReply, Post, PostId, ReplySettings, SortOrder, Timestamp, User,
};

crate::endpoints! {
    /// # Posts
    ///
    /// Look up, search, count, create and delete posts, and see who liked, reposted and quoted them.
    POSTS in v2::posts;

    /// Returns a post by ID.
    get_post -> GetPost = GET "/2/tweets/{id}" => Post;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_tweet", "fetch_tweet", "show_status";
    example(20).post_fields(["created_at", "public_metrics"]).expansions(["author_id"]);
    path {
        /// ID of the post.
        id: PostId,
    }
    with POST_FIELDS;

    /// Returns up to 100 posts by ID.
    ///
    /// The response lists posts that do not exist or are not visible in its `errors`.
    get_posts -> GetPosts = GET "/2/tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_tweets", "lookup_status";
    example([20, 1585823814058971140]).post_fields(["author_id"]);
    required query {
        /// IDs of the posts.
        ids: Vec<PostId>, in 1..=100;
    }
    with POST_FIELDS;

    /// Creates a post, a reply, a quote or an edit of a post.
    ///
    /// A post needs a text, media, a poll or a quoted post. Media, polls and quotes exclude each other.
    create_post -> CreatePost = POST "/2/tweets" => Created;
    auth User, OAuth2["tweet.read", "users.read", "tweet.write"];
    price "Post: Create";
    alias "create_tweet", "update_status", "tweet";
    example().text("Hello from Rust").reply_settings("following");
    body {
        /// Text of the post: up to 280 characters as X counts them, more with X Premium; see `chirrup text check`.
        text: String;
        /// Post to reply to.
        reply: NewReply;
        /// ID of the post to quote.
        quote = "quote_tweet_id": PostId;
        /// Poll to attach: 2 to 4 options, open for 5 minutes to 7 days.
        poll: NewPoll;
        /// Uploaded media to attach: 1 to 4 media IDs.
        media: NewMedia;
        /// Users who may reply; everyone by default.
        reply_settings: ReplySettings;
        /// Place to attach to the post.
        geo: NewGeo;
        /// ID of the community to post in.
        community_id: CommunityId;
        /// Own post that this one replaces: an edit, within an hour of creation.
        edit_options: EditOptions;
        /// Whether a post in a community is also shown to followers.
        share_with_followers: bool;
        /// Whether only subscribers of the author see the post.
        for_super_followers_only: bool;
        /// URL that opens a direct message conversation with the author.
        direct_message_deep_link: String;
        /// URI of the card to show below the post.
        card_uri: String;
        /// Whether the post is promoted-only: shown as an advertisement but not in timelines.
        nullcast: bool;
        /// Whether the post is labeled as made with AI.
        made_with_ai: bool;
        /// Whether the post is labeled as a paid partnership.
        paid_partnership: bool;
    }

    /// Deletes a post of the authenticated user.
    delete_post -> DeletePost = DELETE "/2/tweets/{id}" => Deleted;
    auth User, OAuth2["tweet.read", "users.read", "tweet.write"];
    price "Interaction: Delete";
    alias "delete_tweet", "destroy_status";
    example(1585823814058971140);
    path {
        /// ID of the post.
        id: PostId,
    }

    /// Returns the posts of the last 7 days that match a query, newest first.
    search_recent -> SearchRecent = GET "/2/tweets/search/recent" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "search_recent_tweets";
    example("rust lang:en -is:retweet").max_results(100).post_fields(["created_at"]);
    required query {
        /// Search query; `chirrup query check` validates it.
        query: String, in 1..=4096;
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 10..=100, default 10;
        /// Order of the posts: by recency (the default) or by relevancy.
        sort_order: SortOrder;
    }
    with RANGE, SEARCH_PAGE, POST_FIELDS;

    /// Returns the number of posts of the last 7 days that match a query, per minute, hour or day.
    count_recent -> CountRecent = GET "/2/tweets/counts/recent" => Vec<Count>;
    auth App, OAuth2[];
    price "Counts: Recent";
    alias "get_recent_tweets_count";
    example("rust").granularity("day");
    required query {
        /// Search query; `chirrup query check` validates it.
        query: String, in 1..=4096;
    }
    query {
        /// Period that each count covers: minute, hour or day.
        granularity: Granularity, default "hour";
        /// Fields of counts to return, separated by commas; all by default.
        count_fields = "search_count.fields": String;
    }
    with RANGE, SEARCH_PAGE;

    /// Returns the users who liked a post, most recent like first.
    liking_users -> LikingUsers = GET "/2/tweets/{id}/liking_users" => Vec<User>;
    auth User, OAuth2["like.read", "tweet.read", "users.read"];
    price "Like: Read";
    alias "get_liking_users";
    example(20).max_results(50).user_fields(["verified"]);
    path {
        /// ID of the post.
        post = "id": PostId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the users who reposted a post, most recent repost first.
    reposters -> Reposters = GET "/2/tweets/{id}/retweeted_by" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "User: Read";
    alias "get_retweeters", "retweeted_by";
    example(20).max_results(50);
    path {
        /// ID of the post.
        post = "id": PostId,
    }
    query {
        /// Number of users per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, USER_FIELDS;

    /// Returns the posts that quote a post, newest first.
    quotes -> Quotes = GET "/2/tweets/{id}/quote_tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_quote_tweets";
    example(20).exclude(["replies"]);
    path {
        /// ID of the post.
        post = "id": PostId,
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 10..=100, default 10;
        /// Kinds of posts to leave out: replies, reposts or both.
        exclude: Vec<Exclude>;
    }
    with PAGE, POST_FIELDS;

    /// Returns the posts of the full archive that match a query, newest first.
    ///
    /// The archive starts in March 2006. Without a start time, the search covers the last 30 days.
    search_all -> SearchAll = GET "/2/tweets/search/all" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "search_all_tweets";
    example("from:robin").start_time("2006-03-21T00:00:00Z").max_results(500);
    required query {
        /// Search query; `chirrup query check` validates it.
        query: String, in 1..=4096;
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 10..=500, default 10;
        /// Order of the posts: by recency (the default) or by relevancy.
        sort_order: SortOrder;
    }
    with RANGE, SEARCH_PAGE, POST_FIELDS;

    /// Returns the reposts of a post as posts of their own, newest first.
    reposts -> Reposts = GET "/2/tweets/{id}/retweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    price "Posts: Read";
    alias "get_retweets";
    example(20).post_fields(["created_at"]);
    path {
        /// ID of the post.
        post = "id": PostId,
    }
    query {
        /// Number of reposts per page.
        max_results: u32, in 1..=100, default 100;
    }
    with PAGE, POST_FIELDS;

    /// Hides a reply to a post of the authenticated user, or shows it again.
    hide_reply -> HideReply = PUT "/2/tweets/{tweet_id}/hidden" => Hidden;
    auth User, OAuth2["tweet.moderate.write", "tweet.read", "users.read"];
    price "Content: Manage";
    alias "unhide_reply", "hide", "unhide";
    example(1585823814058971140, true);
    path {
        /// ID of the reply to hide or show.
        reply = "tweet_id": PostId,
    }
    required body {
        /// Whether to hide the reply; `false` shows it again.
        hidden: bool;
    }

    /// Returns the number of posts in the full archive that match a query, per minute, hour or day.
    ///
    /// The archive starts in March 2006. Without a start time, the counts cover the last 30 days.
    count_all -> CountAll = GET "/2/tweets/counts/all" => Vec<Count>;
    auth App;
    price "Counts: All";
    alias "get_all_tweets_count";
    example("from:robin").granularity("day").start_time("2006-03-21T00:00:00Z");
    required query {
        /// Search query; `chirrup query check` validates it.
        query: String, in 1..=4096;
    }
    query {
        /// Period that each count covers: minute, hour or day.
        granularity: Granularity, default "hour";
        /// Fields of counts to return, separated by commas; all by default.
        count_fields = "search_count.fields": String;
    }
    with RANGE, SEARCH_PAGE;

    /// Returns the engagement metrics of up to 100 posts of the authenticated user.
    post_analytics -> PostAnalytics = GET "/2/tweets/analytics" => Vec<Analytics>;
    auth User, OAuth2["tweet.read", "users.read"];
    example([1585823814058971140], "2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z").granularity("daily");
    required query {
        /// IDs of the posts.
        ids: Vec<PostId>, in 1..=100;
        /// Start of the time range.
        start_time: Timestamp;
        /// End of the time range.
        end_time: Timestamp;
    }
    query {
        /// Period that each value covers: hour, day, week or the whole time range.
        granularity: AnalyticsGranularity, default "total";
        /// Metrics to return for each item.
        analytics_fields = "analytics.fields": Vec<AnalyticsField>;
    }
}
