//! Statuses: timelines, lookup, search, creation, retweets, favorites and embedding.

use chirrup_model::v1::{IdPage, Oembed, Search, Status};
use chirrup_model::{MediaId, PlaceId, PostId, UserId};

crate::endpoints! {
    /// # Statuses
    ///
    /// Read timelines, and look up, search, create, delete, retweet and like statuses.
    STATUSES in v1::statuses;

    /// Returns the home timeline: statuses of the authenticated user and of the users they follow, newest first.
    home_timeline -> HomeTimeline = GET "/1.1/statuses/home_timeline.json" => Vec<Status>;
    auth User;
    alias "get_home_timeline";
    example().count(200).exclude_replies(true);
    query {
        /// Whether to leave out replies.
        exclude_replies: bool;
    }
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns the statuses of a user, newest first; those of the authenticated user by default.
    user_timeline -> UserTimeline = GET "/1.1/statuses/user_timeline.json" => Vec<Status>;
    auth App, User;
    alias "get_user_timeline";
    example().screen_name("robin").count(200).tweet_mode("extended");
    query {
        /// Whether to leave out replies.
        exclude_replies: bool;
        /// Whether to include the retweets of the user.
        include_rts: bool;
    }
    with USER, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns the statuses that mention the authenticated user, newest first.
    mentions_timeline -> MentionsTimeline = GET "/1.1/statuses/mentions_timeline.json" => Vec<Status>;
    auth User;
    alias "get_mentions_timeline";
    example().count(50);
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns the statuses of the authenticated user that others retweeted, newest first.
    retweets_of_me -> RetweetsOfMe = GET "/1.1/statuses/retweets_of_me.json" => Vec<Status>;
    auth User;
    alias "retweeted_of_me";
    example().count(50);
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns the statuses of the last 7 days that match a query.
    search -> SearchStatuses = GET "/1.1/search/tweets.json" => Search;
    auth App, User;
    example("rust").result_type("recent").count(100);
    required query {
        /// Search query for statuses.
        query = "q": String, in 1..=500;
    }
    query {
        /// Circle that the statuses come from: `latitude,longitude,radius`, the radius in `mi` or `km`.
        geocode: String;
        /// Language of the statuses, as a code such as `en`.
        lang: String;
        /// Kind of results: `mixed` (the default), `recent` or `popular`.
        result_type: String;
        /// Date in the form `2026-11-20`; only statuses created before it are returned.
        until: String;
    }
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns a status by ID, like `show`, with the ID in the query.
    status_by_id -> StatusById = GET "/1.1/statuses/show.json" => Status;
    auth App, User;
    alias "get_status";
    window Show;
    required query {
        /// ID of the status.
        status = "id": PostId;
    }
    query {
        /// Whether to include the ID of the authenticated user's retweet of the status.
        include_my_retweet: bool;
    }
    with STATUS_OPTIONS;

    /// Returns a status by ID.
    show -> Show = GET "/1.1/statuses/show/{id}.json" => Status;
    auth App, User;
    alias "show_status";
    example(20).tweet_mode("extended");
    path {
        /// ID of the status.
        status = "id": PostId,
    }
    query {
        /// Whether to include the ID of the authenticated user's retweet of the status.
        include_my_retweet: bool;
    }
    with STATUS_OPTIONS;

    /// Returns up to 100 statuses by ID. A long list is sent as a form.
    lookup -> Lookup = GET "/1.1/statuses/lookup.json" => Vec<Status>;
    auth App, User;
    alias "lookup_status";
    example([20, 1585823814058971140]);
    required query {
        /// IDs of the statuses.
        statuses = "id": Vec<PostId>, in 1..=100;
    }
    with STATUS_OPTIONS;

    /// Returns up to 100 statuses by ID, sent as a form: the same as `lookup`, with room for long lists.
    lookup_by_form -> LookupByForm = POST "/1.1/statuses/lookup.json" => Vec<Status>;
    auth App, User;
    idempotent;
    window Lookup;
    required form {
        /// IDs of the statuses.
        statuses = "id": Vec<PostId>, in 1..=100;
    }
    with STATUS_OPTIONS;

    /// Returns up to 100 of the latest retweets of a status.
    retweets -> Retweets = GET "/1.1/statuses/retweets/{id}.json" => Vec<Status>;
    auth App, User;
    alias "get_retweets";
    example(20).count(100);
    path {
        /// ID of the status.
        status = "id": PostId,
    }
    query {
        /// Maximum number of retweets.
        count: u32, in 1..=100;
    }
    with STATUS_OPTIONS;

    /// Returns the IDs of the users who retweeted a status.
    retweeter_ids -> RetweeterIds = GET "/1.1/statuses/retweeters/ids.json" => IdPage;
    auth App, User;
    alias "get_retweeters_ids";
    example(20);
    required query {
        /// ID of the status.
        status = "id": PostId;
    }
    query {
        /// Number of IDs per page.
        count: u32, in 1..=100;
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Creates a status or a reply.
    update -> Update = POST "/1.1/statuses/update.json" => Status;
    auth User;
    alias "update_status";
    example("Hello from Rust");
    required form {
        /// Text of the status.
        status: String;
    }
    form {
        /// ID of the status to reply to; the text must mention its author.
        in_reply_to_status_id: PostId;
        /// Whether to add the mentions of a reply automatically.
        auto_populate_reply_metadata: bool;
        /// IDs of the users to leave out of the mentions that are added automatically.
        exclude_reply_user_ids: Vec<UserId>;
        /// URL of a status to quote, or of a direct message deep link.
        attachment_url: String;
        /// Media to attach: images, or one GIF or video.
        media_ids: Vec<MediaId>, in 1..=4;
        /// Whether the media may be sensitive, such as nudity or violence.
        possibly_sensitive: bool;
        /// Latitude of the location: -90 to 90.
        lat: String;
        /// Longitude of the location: -180 to 180.
        long: String;
        /// ID of the place to attach.
        place_id: PlaceId;
        /// Whether to show the exact location.
        display_coordinates: bool;
        /// Whether to run SMS commands in the text.
        enable_dmcommands: bool;
        /// Whether a text that starts with an SMS command is an error.
        fail_dmcommands: bool;
        /// URI of the card to show below the status.
        card_uri: String;
    }
    with STATUS_OPTIONS_FORM;

    /// Creates a status with an image in a single request.
    ///
    /// X deprecated this endpoint in favor of `upload` and `update`.
    update_with_media -> UpdateWithMedia = POST "/1.1/statuses/update_with_media.json" => Status;
    auth User;
    alias "update_status_with_media";
    required form {
        /// Text of the status.
        status: String;
        /// Image as a form field; `file` replaces it.
        media = "media[]": String;
    }
    form {
        /// Whether the media may be sensitive, such as nudity or violence.
        possibly_sensitive: bool;
        /// ID of the status to reply to; the text must mention its author.
        in_reply_to_status_id: PostId;
        /// Latitude of the location: -90 to 90.
        lat: String;
        /// Longitude of the location: -180 to 180.
        long: String;
        /// ID of the place to attach.
        place_id: PlaceId;
        /// Whether to show the exact location.
        display_coordinates: bool;
    }
    with STATUS_OPTIONS_FORM;

    /// Deletes a status of the authenticated user.
    destroy -> Destroy = POST "/1.1/statuses/destroy/{id}.json" => Status;
    auth User;
    alias "destroy_status";
    example(1585823814058971140);
    path {
        /// ID of the status.
        status = "id": PostId,
    }
    with STATUS_OPTIONS_FORM;

    /// Retweets a status as the authenticated user.
    retweet -> Retweet = POST "/1.1/statuses/retweet/{id}.json" => Status;
    auth User;
    example(20);
    path {
        /// ID of the status.
        status = "id": PostId,
    }
    with STATUS_OPTIONS_FORM;

    /// Removes a retweet of the authenticated user.
    unretweet -> Unretweet = POST "/1.1/statuses/unretweet/{id}.json" => Status;
    auth User;
    example(20);
    path {
        /// ID of the original status, not of the retweet.
        status = "id": PostId,
    }
    with STATUS_OPTIONS_FORM;

    /// Returns the HTML that embeds a status in a web page.
    oembed -> GetOembed = GET "/1.1/statuses/oembed.json" => Oembed;
    auth App, User;
    alias "get_oembed_tweet";
    with OEMBED;

    /// Returns the HTML that embeds a status in a web page, from the newer path of `oembed`.
    embed -> GetEmbed = GET "/1.1/oembed.json" => Oembed;
    auth App, User;
    alias "get_oembed_tweet";
    with OEMBED;

    /// Returns the statuses that a user liked, newest first; the authenticated user by default.
    favorites -> Favorites = GET "/1.1/favorites/list.json" => Vec<Status>;
    auth App, User;
    alias "get_favorites";
    example().screen_name("robin").count(200);
    with USER, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Likes a status as the authenticated user.
    create_favorite -> CreateFavorite = POST "/1.1/favorites/create.json" => Status;
    auth User;
    example(20);
    required form {
        /// ID of the status.
        status = "id": PostId;
    }
    with STATUS_OPTIONS_FORM;

    /// Removes a like from a status.
    destroy_favorite -> DestroyFavorite = POST "/1.1/favorites/destroy.json" => Status;
    auth User;
    example(20);
    required form {
        /// ID of the status.
        status = "id": PostId;
    }
    with STATUS_OPTIONS_FORM;

    /// Returns a collection of statuses, as raw JSON. X has shut collections down.
    collection -> ShowCollection = GET "/1.1/collections/show.json" => serde_json::Value;
    auth App, User;
    required query {
        id: String;
    }
}

impl UpdateWithMedia {
    /// Sends the bytes of the image as a file part instead of a text field.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.unset("media[]");
        self.0.call.set_file("media[]", file);
        self
    }
}
