//! Parameters that many endpoints share, each group written once: as data, and as setters.
//!
//! Public only because the declarations of the table expand to paths into it.

use chirrup_model::{
    DmEventField, DmExpansion, Expansion, ListExpansion, ListField, ListId, MediaField, ParamKind, PlaceField,
    PollField, PostField, PostId, SpaceExpansion, SpaceField, Timestamp, TopicField, UserExpansion, UserField, UserId,
    Username, Value,
};

use crate::endpoint::{Param, ParamLocation};

const fn optional(name: &'static str, kind: ParamKind, doc: &'static str) -> Param {
    Param { name, location: ParamLocation::Query, kind, required: false, me: false, doc }
}

const TOKEN: ParamKind = ParamKind::Text { min: 1, max: usize::MAX };

const PAGINATION_TOKEN: Param = optional("pagination_token", TOKEN, "The page to fetch, as an earlier page named it.");
const POST_FIELDS: Param = optional("tweet.fields", Vec::<PostField>::KIND, "Fields of posts, beside id and text.");
const USER_FIELDS: Param =
    optional("user.fields", Vec::<UserField>::KIND, "Fields of users, beside id, name and username.");

/// A span of time or of ids.
pub const WINDOW: &[Param] = &[
    optional("start_time", Timestamp::KIND, "Nothing before this moment."),
    optional("end_time", Timestamp::KIND, "Nothing from this moment on."),
    optional("since_id", PostId::KIND, "Nothing up to this post."),
    optional("until_id", PostId::KIND, "Nothing from this post on."),
];

/// How much of the past a stream delivers.
pub const PAST: &[Param] = &[
    optional("backfill_minutes", u32::KIND.within(0, 5), "How many minutes of the past come first: 0 to 5."),
    optional("start_time", Timestamp::KIND, "Delivers the past from this moment on, and then ends. At most a day ago."),
    optional("end_time", Timestamp::KIND, "Until this moment of the past."),
];

/// Pages.
pub const PAGE: &[Param] = &[PAGINATION_TOKEN];

/// Pages as searches and counts have them: the token has two names.
pub const NEXT: &[Param] =
    &[optional("next_token", TOKEN, "The page to fetch, as an earlier page named it."), PAGINATION_TOKEN];

/// Pages whose token is called `next_token` alone.
pub const NEXT_TOKEN: &[Param] = &[optional("next_token", TOKEN, "The page to fetch, as an earlier page named it.")];

/// What is shown of Spaces and of the users in them.
pub const SPACE_VIEW: &[Param] = &[
    optional("space.fields", Vec::<SpaceField>::KIND, "Fields of Spaces, beside the id."),
    optional("expansions", Vec::<SpaceExpansion>::KIND, "Objects to bring along."),
    USER_FIELDS,
    optional("topic.fields", Vec::<TopicField>::KIND, "Fields of topics, beside the id."),
];

/// What is shown of events in conversations, and of the users, posts and media in them.
pub const DM_VIEW: &[Param] = &[
    optional("dm_event.fields", Vec::<DmEventField>::KIND, "Fields of events, beside the id."),
    optional("expansions", Vec::<DmExpansion>::KIND, "Objects to bring along."),
    USER_FIELDS,
    POST_FIELDS,
    optional("media.fields", Vec::<MediaField>::KIND, "Fields of media, beside key and type."),
];

/// What is shown of posts and of the things around them.
pub const POST_VIEW: &[Param] = &[
    POST_FIELDS,
    optional("expansions", Vec::<Expansion>::KIND, "Objects to bring along."),
    USER_FIELDS,
    optional("media.fields", Vec::<MediaField>::KIND, "Fields of media, beside key and type."),
    optional("poll.fields", Vec::<PollField>::KIND, "Fields of polls, beside id and options."),
    optional("place.fields", Vec::<PlaceField>::KIND, "Fields of places, beside id and full name."),
];

/// What is shown of users and of the posts around them.
pub const USER_VIEW: &[Param] =
    &[USER_FIELDS, optional("expansions", Vec::<UserExpansion>::KIND, "Objects to bring along."), POST_FIELDS];

/// What is shown of lists and of their owners.
pub const LIST_VIEW: &[Param] = &[
    optional("list.fields", Vec::<ListField>::KIND, "Fields of lists, beside id and name."),
    optional("expansions", Vec::<ListExpansion>::KIND, "Objects to bring along."),
    USER_FIELDS,
];

const fn form(name: &'static str, kind: ParamKind, doc: &'static str) -> Param {
    Param { name, location: ParamLocation::Form, kind, required: false, me: false, doc }
}

/// The user, in the query of v1.1.
pub const WHO: &[Param] =
    &[optional("user_id", UserId::KIND, "The user."), optional("screen_name", Username::KIND, "The name of the user.")];

/// The user, in a form of v1.1.
pub const WHOM: &[Param] =
    &[form("user_id", UserId::KIND, "The user."), form("screen_name", Username::KIND, "The name of the user.")];

/// The list, in the query of v1.1.
pub const LIST: &[Param] = &[
    optional("list_id", ListId::KIND, "The list."),
    optional("slug", String::KIND, "The name of the list in addresses; its owner is needed, too."),
    optional("owner_screen_name", Username::KIND, "The name of the owner of the list."),
    optional("owner_id", UserId::KIND, "The owner of the list."),
];

/// The list, in a form of v1.1.
pub const OF_LIST: &[Param] = &[
    form("list_id", ListId::KIND, "The list."),
    form("slug", String::KIND, "The name of the list in addresses; its owner is needed, too."),
    form("owner_screen_name", Username::KIND, "The name of the owner of the list."),
    form("owner_id", UserId::KIND, "The owner of the list."),
];

/// Pages of v1.1 that go on by a cursor.
pub const CURSOR: &[Param] =
    &[optional("cursor", TOKEN, "The page to fetch, as an earlier page named it; -1 is the first.")];

/// Pages of v1.1 that go on below an id.
pub const TIMELINE: &[Param] = &[
    optional("count", u32::KIND.within(1, 200), "How many a page holds, up to 200."),
    optional("since_id", PostId::KIND, "Nothing up to this one."),
    optional("max_id", PostId::KIND, "Nothing after this one."),
];

/// What is shown of statuses.
pub const STATUS_VIEW: &[Param] = &[
    optional("tweet_mode", String::KIND, "`extended` for the whole text."),
    optional("trim_user", bool::KIND, "Whether to show no more of users than the id."),
    optional("include_entities", bool::KIND, "Whether to show links, mentions and tags."),
];

/// What is shown of users in v1.1.
pub const USER_DETAIL: &[Param] = &[
    optional("include_entities", bool::KIND, "Whether to show links, mentions and tags."),
    optional("skip_status", bool::KIND, "Whether to leave out the newest status."),
];

/// How a status is shown on a page.
pub const EMBEDDED: &[Param] = &[
    optional("id", PostId::KIND, "The status."),
    optional("url", String::KIND, "The address of the status."),
    optional("maxwidth", u32::KIND.within(220, 550), "How wide it may be, in pixels."),
    optional("hide_media", bool::KIND, "Whether to leave out media."),
    optional("hide_thread", bool::KIND, "Whether to leave out what it answers."),
    optional("omit_script", bool::KIND, "Whether to leave out the script."),
    optional("align", String::KIND, "`left`, `right`, `center` or `none`."),
    optional("related", String::KIND, "Accounts to be recommended with it."),
    optional("lang", String::KIND, "The language."),
];

/// How streams of v1.1 come.
pub const STREAMED: &[Param] = &[
    optional("delimited", String::KIND, "`length` puts the length before each message."),
    optional("stall_warnings", bool::KIND, "Whether to be warned before being cut off."),
    optional("language", Vec::<String>::KIND, "In these languages."),
    optional("filter_level", String::KIND, "`none`, `low` or `medium`."),
];

/// The setters of a group.
#[doc(hidden)]
#[macro_export]
macro_rules! group_setters {
    (WINDOW $out:ty) => {
        $crate::group_setters! { @set
            /// Nothing before this moment.
            start_time "start_time" $crate::model::Timestamp;
            /// Nothing from this moment on.
            end_time "end_time" $crate::model::Timestamp;
            /// Nothing up to this post.
            since_id "since_id" $crate::model::PostId;
            /// Nothing from this post on.
            until_id "until_id" $crate::model::PostId;
        }
    };
    (PAST $out:ty) => {
        $crate::group_setters! { @set
            /// How many minutes of the past come first: 0 to 5.
            backfill_minutes "backfill_minutes" u32;
            /// Delivers the past from this moment on, and then ends. At most a day ago.
            start_time "start_time" $crate::model::Timestamp;
            /// Until this moment of the past.
            end_time "end_time" $crate::model::Timestamp;
        }
    };
    (SPACE_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// Fields of Spaces, beside the `id`.
            space_fields "space.fields" Vec<$crate::model::SpaceField>;
            /// Objects to bring along in `includes`.
            expansions "expansions" Vec<$crate::model::SpaceExpansion>;
            /// Fields of users, beside `id`, `name` and `username`.
            user_fields "user.fields" Vec<$crate::model::UserField>;
            /// Fields of topics, beside the `id`.
            topic_fields "topic.fields" Vec<$crate::model::TopicField>;
        }
    };
    (DM_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// Fields of events, beside the `id`.
            dm_event_fields "dm_event.fields" Vec<$crate::model::DmEventField>;
            /// Objects to bring along in `includes`.
            expansions "expansions" Vec<$crate::model::DmExpansion>;
            /// Fields of users, beside `id`, `name` and `username`.
            user_fields "user.fields" Vec<$crate::model::UserField>;
            /// Fields of posts, beside `id` and `text`.
            post_fields "tweet.fields" Vec<$crate::model::PostField>;
            /// Fields of media, beside `media_key` and `type`.
            media_fields "media.fields" Vec<$crate::model::MediaField>;
        }
    };
    (NEXT_TOKEN $out:ty) => { $crate::group_setters! { PAGE $out } };
    (NEXT $out:ty) => { $crate::group_setters! { PAGE $out } };
    (PAGE $out:ty) => {
        /// Begins at the page of this token, as an earlier reply named it.
        #[inline]
        pub fn page_token(mut self, token: impl $crate::IntoParam<String>) -> Self {
            self.0.set_page(token.into_json());
            self
        }
        /// All pages, each fetched when it is asked for.
        #[inline]
        pub fn pages(self) -> $crate::Pages<$out> {
            $crate::Pages::new(self.0)
        }
        /// All items of all pages, fetched as needed.
        #[inline]
        pub fn items(self) -> $crate::Items<$out> {
            self.pages().items()
        }
    };
    (POST_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// Fields of posts, beside `id` and `text`.
            post_fields "tweet.fields" Vec<$crate::model::PostField>;
            /// Objects to bring along in `includes`.
            expansions "expansions" Vec<$crate::model::Expansion>;
            /// Fields of users, beside `id`, `name` and `username`.
            user_fields "user.fields" Vec<$crate::model::UserField>;
            /// Fields of media, beside `media_key` and `type`.
            media_fields "media.fields" Vec<$crate::model::MediaField>;
            /// Fields of polls, beside `id` and `options`.
            poll_fields "poll.fields" Vec<$crate::model::PollField>;
            /// Fields of places, beside `id` and `full_name`.
            place_fields "place.fields" Vec<$crate::model::PlaceField>;
        }
    };
    (LIST_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// Fields of lists, beside `id` and `name`.
            list_fields "list.fields" Vec<$crate::model::ListField>;
            /// Objects to bring along in `includes`.
            expansions "expansions" Vec<$crate::model::ListExpansion>;
            /// Fields of users, beside `id`, `name` and `username`.
            user_fields "user.fields" Vec<$crate::model::UserField>;
        }
    };
    (USER_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// Fields of users, beside `id`, `name` and `username`.
            user_fields "user.fields" Vec<$crate::model::UserField>;
            /// Objects to bring along in `includes`.
            expansions "expansions" Vec<$crate::model::UserExpansion>;
            /// Fields of posts, beside `id` and `text`.
            post_fields "tweet.fields" Vec<$crate::model::PostField>;
        }
    };
    (WHO $out:ty) => {
        $crate::group_setters! { @set
            /// The user.
            user_id "user_id" $crate::model::UserId;
            /// The name of the user.
            screen_name "screen_name" $crate::model::Username;
        }
    };
    (WHOM $out:ty) => {
        $crate::group_setters! { @form
            /// The user.
            user_id "user_id" $crate::model::UserId;
            /// The name of the user.
            screen_name "screen_name" $crate::model::Username;
        }
    };
    (LIST $out:ty) => {
        $crate::group_setters! { @set
            /// The list.
            list_id "list_id" $crate::model::ListId;
            /// The name of the list in addresses; its owner is needed, too.
            slug "slug" String;
            /// The name of the owner of the list.
            owner_screen_name "owner_screen_name" $crate::model::Username;
            /// The owner of the list.
            owner_id "owner_id" $crate::model::UserId;
        }
    };
    (OF_LIST $out:ty) => {
        $crate::group_setters! { @form
            /// The list.
            list_id "list_id" $crate::model::ListId;
            /// The name of the list in addresses; its owner is needed, too.
            slug "slug" String;
            /// The name of the owner of the list.
            owner_screen_name "owner_screen_name" $crate::model::Username;
            /// The owner of the list.
            owner_id "owner_id" $crate::model::UserId;
        }
    };
    (CURSOR $out:ty) => { $crate::group_setters! { PAGE $out } };
    (TIMELINE $out:ty) => {
        $crate::group_setters! { @set
            /// How many a page holds, up to 200.
            count "count" u32;
            /// Nothing up to this one.
            since_id "since_id" $crate::model::PostId;
            /// Nothing after this one.
            max_id "max_id" $crate::model::PostId;
        }
        $crate::group_setters! { PAGE $out }
    };
    (STATUS_VIEW $out:ty) => {
        $crate::group_setters! { @set
            /// `extended` for the whole text.
            tweet_mode "tweet_mode" String;
            /// Whether to show no more of users than the id.
            trim_user "trim_user" bool;
            /// Whether to show links, mentions and tags.
            include_entities "include_entities" bool;
        }
    };
    (USER_DETAIL $out:ty) => {
        $crate::group_setters! { @set
            /// Whether to show links, mentions and tags.
            include_entities "include_entities" bool;
            /// Whether to leave out the newest status.
            skip_status "skip_status" bool;
        }
    };
    (EMBEDDED $out:ty) => {
        $crate::group_setters! { @set
            /// The status.
            id "id" $crate::model::PostId;
            /// The address of the status.
            url "url" String;
            /// How wide it may be, in pixels, 220 to 550.
            maxwidth "maxwidth" u32;
            /// Whether to leave out media.
            hide_media "hide_media" bool;
            /// Whether to leave out what it answers.
            hide_thread "hide_thread" bool;
            /// Whether to leave out the script.
            omit_script "omit_script" bool;
            /// `left`, `right`, `center` or `none`.
            align "align" String;
            /// Accounts to be recommended with it.
            related "related" String;
            /// The language.
            lang "lang" String;
        }
    };
    (STREAMED $out:ty) => {
        $crate::group_setters! { @set
            /// `length` puts the length before each message.
            delimited "delimited" String;
            /// Whether to be warned before being cut off.
            stall_warnings "stall_warnings" bool;
            /// In these languages.
            language "language" Vec<String>;
            /// `none`, `low` or `medium`.
            filter_level "filter_level" String;
        }
    };
    (@form $($(#[doc = $doc:literal])+ $name:ident $wire:literal $ty:ty;)+) => {$(
        $(#[doc = $doc])+
        #[inline]
        pub fn $name(mut self, value: impl $crate::IntoParam<$ty>) -> Self {
            self.0.call.set($wire, $crate::ParamLocation::Form, value.into_json());
            self
        }
    )+};
    (@set $($(#[doc = $doc:literal])+ $name:ident $wire:literal $ty:ty;)+) => {$(
        $(#[doc = $doc])+
        #[inline]
        pub fn $name(mut self, value: impl $crate::IntoParam<$ty>) -> Self {
            self.0.call.set($wire, $crate::ParamLocation::Query, value.into_json());
            self
        }
    )+};
}
