//! Posts: look-up, search, counts, writing, and who liked, reposted and quoted.

use chirrup_model::{
    Analytics, AnalyticsField, AnalyticsGranularity, CommunityId, Count, Created, Deleted, EditOptions, Exclude,
    Granularity, Hidden, NewGeo, NewMedia, NewPoll, NewReply, Post, PostId, ReplySettings, SortOrder, Timestamp, User,
};

crate::endpoints! {
    POSTS on Client;

    /// Finds one post by its id.
    get_post -> GetPost = GET "/2/tweets/{id}" => Post;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_tweet", "fetch_tweet", "show_status";
    path { id: PostId }
    with POST_VIEW;

    /// Finds up to 100 posts by their ids. Those that are not there are named in the reply's `errors`.
    get_posts -> GetPosts = GET "/2/tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_tweets", "lookup_status";
    needs { ids: Vec<PostId>, in 1..=100; }
    with POST_VIEW;

    /// Writes a post: text, media, a poll, a reply, a quote or an edit. It needs at least one of text, media, poll and quote.
    create_post -> CreatePost = POST "/2/tweets" => Created;
    auth User, OAuth2["tweet.read", "users.read", "tweet.write"];
    alias "create_tweet", "update_status", "tweet";
    body {
        /// The text: up to 280 characters as X weighs them, more for paying users.
        text: String;
        /// The post that it answers.
        reply: NewReply;
        /// The post that it quotes.
        quote = "quote_tweet_id": PostId;
        /// A poll.
        poll: NewPoll;
        /// Media that were uploaded before.
        media: NewMedia;
        /// Who may reply.
        reply_settings: ReplySettings;
        /// The place to name.
        geo: NewGeo;
        /// The community to write in.
        community_id: CommunityId;
        /// The own post that this one replaces, within an hour of its writing.
        edit_options: EditOptions;
        /// Whether a post of a community is shown to followers, too.
        share_with_followers: bool;
        /// Whether only those who pay you may read it.
        for_super_followers_only: bool;
        /// A link that opens a direct message.
        direct_message_deep_link: String;
        /// The card shown under it.
        card_uri: String;
        /// Whether it is shown only as an advertisement.
        nullcast: bool;
        /// Whether it was made with artificial intelligence.
        made_with_ai: bool;
        /// Whether it is a paid partnership.
        paid_partnership: bool;
    }

    /// Deletes an own post.
    delete_post -> DeletePost = DELETE "/2/tweets/{id}" => Deleted;
    auth User, OAuth2["tweet.read", "users.read", "tweet.write"];
    alias "delete_tweet", "destroy_status";
    path { id: PostId }

    /// Finds posts of the last seven days that match a query, newest first.
    search_recent -> SearchRecent = GET "/2/tweets/search/recent" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "search_recent_tweets";
    needs { query: String, in 1..=4096; }
    query {
        /// How many posts a page holds: 10 to 100, 10 if not given.
        max_results: u32, in 10..=100;
        /// Newest first (the default), or what matches best.
        sort_order: SortOrder;
    }
    with WINDOW, NEXT, POST_VIEW;

    /// Counts the posts of the last seven days that match a query, in buckets of a minute, an hour or a day.
    count_recent -> CountRecent = GET "/2/tweets/counts/recent" => Vec<Count>;
    auth App, OAuth2[];
    alias "get_recent_tweets_count";
    needs { query: String, in 1..=4096; }
    query {
        /// How long a bucket is; an hour if not given.
        granularity: Granularity;
        /// Which parts of a bucket are shown; all if not given.
        count_fields = "search_count.fields": String;
    }
    with WINDOW, NEXT;

    /// Lists the users who like a post, the latest first.
    liking_users -> LikingUsers = GET "/2/tweets/{id}/liking_users" => Vec<User>;
    auth User, OAuth2["like.read", "tweet.read", "users.read"];
    alias "get_liking_users";
    path { post = "id": PostId }
    query {
        /// How many users a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, USER_VIEW;

    /// Lists the users who reposted a post, the latest first.
    reposters -> Reposters = GET "/2/tweets/{id}/retweeted_by" => Vec<User>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_retweeters", "retweeted_by";
    path { post = "id": PostId }
    query {
        /// How many users a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, USER_VIEW;

    /// Lists the posts that quote a post, newest first.
    quotes -> Quotes = GET "/2/tweets/{id}/quote_tweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_quote_tweets";
    path { post = "id": PostId }
    query {
        /// How many posts a page holds: 10 to 100, 10 if not given.
        max_results: u32, in 10..=100;
        /// What to leave out.
        exclude: Vec<Exclude>;
    }
    with PAGE, POST_VIEW;

    /// Finds posts of all times that match a query, newest first; the last 30 days if no time is given.
    search_all -> SearchAll = GET "/2/tweets/search/all" => Vec<Post>;
    auth App;
    alias "search_all_tweets";
    needs { query: String, in 1..=4096; }
    query {
        /// How many posts a page holds: 10 to 500, 10 if not given.
        max_results: u32, in 10..=500;
        /// Newest first (the default), or what matches best.
        sort_order: SortOrder;
    }
    with WINDOW, NEXT, POST_VIEW;

    /// Lists the reposts of a post, the latest first, as posts of their own.
    reposts -> Reposts = GET "/2/tweets/{id}/retweets" => Vec<Post>;
    auth App, User, OAuth2["tweet.read", "users.read"];
    alias "get_retweets";
    path { post = "id": PostId }
    query {
        /// How many reposts a page holds: 1 to 100, 100 if not given.
        max_results: u32, in 1..=100;
    }
    with PAGE, POST_VIEW;

    /// Hides a reply to an own post, or shows it again.
    hide_reply -> HideReply = PUT "/2/tweets/{tweet_id}/hidden" => Hidden;
    auth User, OAuth2["tweet.moderate.write", "tweet.read", "users.read"];
    alias "unhide_reply", "hide", "unhide";
    path { response = "tweet_id": PostId }
    sends { hidden: bool; }

    /// Counts the posts of all time that match a query, in buckets of a minute, an hour or a day.
    count_all -> CountAll = GET "/2/tweets/counts/all" => Vec<Count>;
    auth App;
    alias "get_all_tweets_count";
    needs { query: String, in 1..=4096; }
    query {
        /// How long the spans are.
        granularity: Granularity;
        /// Fields of the counts.
        count_fields = "search_count.fields": String;
    }
    with WINDOW, NEXT;

    /// Tells how up to 100 posts of yours did.
    post_analytics -> PostAnalytics = GET "/2/tweets/analytics" => Vec<Analytics>;
    auth User, OAuth2["tweet.read", "users.read"];
    needs { ids: Vec<PostId>, in 1..=100; start_time: Timestamp; end_time: Timestamp; }
    query {
        /// How long the spans are.
        granularity: AnalyticsGranularity;
        /// The counts to show.
        analytics_fields = "analytics.fields": Vec<AnalyticsField>;
    }
}
