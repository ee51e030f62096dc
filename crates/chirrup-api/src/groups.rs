//! Parameters that many endpoints share, each group written once: as data, and as setters.
//!
//! Public only because the declarations of the table expand to paths into it.

use chirrup_model::{
    DmEventField, DmExpansion, Expansion, Kind, ListExpansion, ListField, MediaField, PlaceField, PollField, PostField,
    PostId, SpaceExpansion, SpaceField, Timestamp, TopicField, UserExpansion, UserField, Value,
};

use crate::endpoint::{Param, Place};

const fn optional(name: &'static str, kind: Kind, doc: &'static str) -> Param {
    Param { name, place: Place::Query, kind, required: false, me: false, doc }
}

const TOKEN: Kind = Kind::Text { min: 1, max: usize::MAX };

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
        pub fn page_token(mut self, token: impl $crate::Arg<String>) -> Self {
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
    (@set $($(#[doc = $doc:literal])+ $name:ident $wire:literal $ty:ty;)+) => {$(
        $(#[doc = $doc])+
        #[inline]
        pub fn $name(mut self, value: impl $crate::Arg<$ty>) -> Self {
            self.0.call.set($wire, $crate::Place::Query, value.into_json());
            self
        }
    )+};
}
