//! Statuses: timelines, search, writing, likes.

use chirrup_model::v1::{IdPage, Oembed, Search, Status};
use chirrup_model::{MediaId, PlaceId, PostId, UserId};

crate::endpoints! {
    STATUSES on V1;

    /// Lists the newest statuses of all whom you follow.
    home_timeline -> HomeTimeline = GET "/1.1/statuses/home_timeline.json" => Vec<Status>;
    auth User;
    alias "get_home_timeline";
    query {
        /// Whether to leave out replies.
        exclude_replies: bool;
    }
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Lists the newest statuses of a user; yours, if none is named.
    user_timeline -> UserTimeline = GET "/1.1/statuses/user_timeline.json" => Vec<Status>;
    auth App, User;
    alias "get_user_timeline";
    query {
        /// Whether to leave out replies.
        exclude_replies: bool;
        /// Whether to show what the user repeated.
        include_rts: bool;
    }
    with USER, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Lists the newest statuses that mention you.
    mentions_timeline -> MentionsTimeline = GET "/1.1/statuses/mentions_timeline.json" => Vec<Status>;
    auth User;
    alias "get_mentions_timeline";
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Lists your newest statuses that others have repeated.
    retweets_of_me -> RetweetsOfMe = GET "/1.1/statuses/retweets_of_me.json" => Vec<Status>;
    auth User;
    alias "retweeted_of_me";
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// Finds statuses of the last seven days.
    search -> SearchStatuses = GET "/1.1/search/tweets.json" => Search;
    auth App, User;
    needs { query = "q": String, in 1..=500; }
    query {
        /// Within a circle: `latitude,longitude,radius` with `mi` or `km`.
        geocode: String;
        /// In this language.
        lang: String;
        /// `mixed`, `recent` or `popular`.
        result_type: String;
        /// Before this day, such as `2026-11-20`.
        until: String;
    }
    with TIMELINE_PAGE, STATUS_OPTIONS;

    /// The same as [`show`](crate::v1::V1::show), with the id as a parameter.
    status_by_id -> StatusById = GET "/1.1/statuses/show.json" => Status;
    auth App, User;
    alias "get_status";
    needs { status = "id": PostId; }
    query {
        /// Whether to say by what you repeated it.
        include_my_retweet: bool;
        /// Whether to show what media hold for those who cannot see them.
        include_ext_alt_text: bool;
    }
    with STATUS_OPTIONS;

    /// Shows a status.
    show -> Show = GET "/1.1/statuses/show/{id}.json" => Status;
    auth App, User;
    alias "show_status";
    path { status = "id": PostId }
    query {
        /// Whether to say by what you repeated it.
        include_my_retweet: bool;
        /// Whether to show what media hold for those who cannot see them.
        include_ext_alt_text: bool;
    }
    with STATUS_OPTIONS;

    /// Shows up to 100 statuses.
    lookup -> Lookup = GET "/1.1/statuses/lookup.json" => Vec<Status>;
    auth App, User;
    alias "lookup_status";
    needs { statuses = "id": Vec<PostId>, in 1..=100; }
    query {
        /// Whether to show what media hold for those who cannot see them.
        include_ext_alt_text: bool;
    }
    with STATUS_OPTIONS;

    /// Lists up to 100 repeats of a status.
    retweets -> Retweets = GET "/1.1/statuses/retweets/{id}.json" => Vec<Status>;
    auth App, User;
    alias "get_retweets";
    path { status = "id": PostId }
    query {
        /// How many, up to 100.
        count: u32, in 1..=100;
    }
    with STATUS_OPTIONS;

    /// Lists who repeated a status.
    retweeter_ids -> RetweeterIds = GET "/1.1/statuses/retweeters/ids.json" => IdPage;
    auth App, User;
    alias "get_retweeters_ids";
    needs { status = "id": PostId; }
    query {
        /// How many a page holds, up to 100.
        count: u32, in 1..=100;
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Writes a status.
    update -> Update = POST "/1.1/statuses/update.json" => Status;
    auth User;
    alias "update_status";
    fills { status: String; }
    form {
        /// The status that it answers.
        in_reply_to_status_id: PostId;
        /// Whether to name whom it answers by itself.
        auto_populate_reply_metadata: bool;
        /// Whom not to name of them.
        exclude_reply_user_ids: Vec<UserId>;
        /// A link that is shown as an attachment: a status to quote, or one to a message.
        attachment_url: String;
        /// Up to four pictures, or one GIF or video.
        media_ids: Vec<MediaId>, in 1..=4;
        /// Whether its media may offend.
        possibly_sensitive: bool;
        /// The latitude where it was written.
        lat: String;
        /// The longitude where it was written.
        long: String;
        /// The place where it was written.
        place_id: PlaceId;
        /// Whether to show the point.
        display_coordinates: bool;
        /// Whether to show no more of the user than the id.
        trim_user: bool;
        /// Whether commands by SMS work in it.
        enable_dmcommands: bool;
        /// Whether commands by SMS lead to an error.
        fail_dmcommands: bool;
        /// A card to be shown with it.
        card_uri: String;
        /// `extended` for the whole text.
        tweet_mode: String;
    }

    /// Writes a status with a picture, in one call of the old kind.
    update_with_media -> UpdateWithMedia = POST "/1.1/statuses/update_with_media.json" => Status;
    auth User;
    alias "update_status_with_media";
    fills { status: String; media = "media[]": String; }
    form {
        /// Whether its media may offend.
        possibly_sensitive: bool;
        /// The status that it answers.
        in_reply_to_status_id: PostId;
        /// The latitude where it was written.
        lat: String;
        /// The longitude where it was written.
        long: String;
        /// The place where it was written.
        place_id: PlaceId;
        /// Whether to show the point.
        display_coordinates: bool;
    }

    /// Deletes a status of yours.
    destroy -> Destroy = POST "/1.1/statuses/destroy/{id}.json" => Status;
    auth User;
    alias "destroy_status";
    path { status = "id": PostId }
    form {
        /// Whether to show no more of the user than the id.
        trim_user: bool;
    }

    /// Repeats a status.
    retweet -> Retweet = POST "/1.1/statuses/retweet/{id}.json" => Status;
    auth User;
    path { status = "id": PostId }
    form {
        /// Whether to show no more of the user than the id.
        trim_user: bool;
    }

    /// Takes back what you repeated.
    unretweet -> Unretweet = POST "/1.1/statuses/unretweet/{id}.json" => Status;
    auth User;
    path { status = "id": PostId }
    form {
        /// Whether to show no more of the user than the id.
        trim_user: bool;
    }

    /// Says how a status is shown on a page.
    oembed -> GetOembed = GET "/1.1/statuses/oembed.json" => Oembed;
    auth App, User;
    alias "get_oembed_tweet";
    with OEMBED;

    /// The same as [`oembed`](crate::v1::V1::oembed), at its later address.
    embed -> GetEmbed = GET "/1.1/oembed.json" => Oembed;
    auth App, User;
    alias "get_oembed_tweet";
    with OEMBED;

    /// Lists what a user likes; what you like, if none is named.
    favorites -> Favorites = GET "/1.1/favorites/list.json" => Vec<Status>;
    auth App, User;
    alias "get_favorites";
    with USER, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Likes a status.
    create_favorite -> CreateFavorite = POST "/1.1/favorites/create.json" => Status;
    auth User;
    fills { status = "id": PostId; }
    form {
        /// Whether to show links, mentions and tags.
        include_entities: bool;
    }

    /// Takes a like back.
    destroy_favorite -> DestroyFavorite = POST "/1.1/favorites/destroy.json" => Status;
    auth User;
    fills { status = "id": PostId; }
    form {
        /// Whether to show links, mentions and tags.
        include_entities: bool;
    }

    /// Shows a collection of statuses; X has given collections up.
    collection -> ShowCollection = GET "/1.1/collections/show.json" => serde_json::Value;
    auth App, User;
    needs { id: String; }
}

impl UpdateWithMedia {
    /// The picture, as it is.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.unset("media[]");
        self.0.call.set_file("media[]", file);
        self
    }
}
