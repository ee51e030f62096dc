//! Parameters that many endpoints share.
//!
//! A group is declared once, as an arm of `parameter_group!`: name, wire name, type, bounds, default and documentation of
//! each parameter. `group!` turns it into the data of a table entry and into the setters of a builder.

/// Passes the declaration of a group to `group!`: `parameter_group!(RANGE, params)` gives its table data, and
/// `parameter_group!(RANGE, setters Vec<Post>)` its setters for an endpoint that returns `Vec<Post>`.
#[doc(hidden)]
#[macro_export]
macro_rules! parameter_group {
    // Token of a page, as most endpoints of API v2 call it.
    (PAGE, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {} pages {
                /// Token of the page to return, from the `meta` of an earlier response.
                "pagination_token";
            }
        }
    };
    // Token of a page of a search or of counts, which accept two names for it.
    (SEARCH_PAGE, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {} pages {
                /// Token of the page to return, from the `meta` of an earlier response.
                "next_token";
                /// Token of the page to return, from the `meta` of an earlier response.
                "pagination_token";
            }
        }
    };
    // Token of a page of an endpoint that accepts `next_token` only.
    (NEXT_TOKEN, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {} pages {
                /// Token of the page to return, from the `meta` of an earlier response.
                "next_token";
            }
        }
    };
    // Cursor of a page of v1.1.
    (CURSOR, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {} pages {
                /// Cursor of the page to return, from `next_cursor` of an earlier response; -1 is the first page.
                "cursor";
            }
        }
    };
    // Range of times or of post IDs.
    (RANGE, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Earliest creation time of the posts, inclusive.
                start_time = "start_time": $crate::model::Timestamp;
                /// Latest creation time of the posts, exclusive.
                end_time = "end_time": $crate::model::Timestamp;
                /// Post ID; only newer posts are returned. Cannot be combined with a time.
                since_id = "since_id": $crate::model::PostId;
                /// Post ID; only older posts are returned. Cannot be combined with a time.
                until_id = "until_id": $crate::model::PostId;
            }
        }
    };
    // Part of a stream's past to deliver first.
    (BACKFILL, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Number of past minutes to deliver before live items.
                backfill_minutes = "backfill_minutes": u32, in 0..=5;
                /// Start of the historical window to deliver, at most 24 hours ago; the stream ends after the window.
                start_time = "start_time": $crate::model::Timestamp;
                /// End of the historical window to deliver.
                end_time = "end_time": $crate::model::Timestamp;
            }
        }
    };
    // Fields and expansions of posts.
    (POST_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of posts to return, in addition to `id` and `text`.
                post_fields = "tweet.fields": Vec<$crate::model::PostField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::Expansion>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
                /// Fields of media to return, in addition to `media_key` and `type`.
                media_fields = "media.fields": Vec<$crate::model::MediaField>;
                /// Fields of polls to return, in addition to `id` and `options`.
                poll_fields = "poll.fields": Vec<$crate::model::PollField>;
                /// Fields of places to return, in addition to `id` and `full_name`.
                place_fields = "place.fields": Vec<$crate::model::PlaceField>;
            }
        }
    };
    // Fields and expansions of users.
    (USER_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::UserExpansion>;
                /// Fields of posts to return, in addition to `id` and `text`.
                post_fields = "tweet.fields": Vec<$crate::model::PostField>;
            }
        }
    };
    // Fields and expansions of lists.
    (LIST_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of lists to return, in addition to `id` and `name`.
                list_fields = "list.fields": Vec<$crate::model::ListField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::ListExpansion>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
            }
        }
    };
    // Fields and expansions of Spaces.
    (SPACE_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of Spaces to return, in addition to `id` and `state`.
                space_fields = "space.fields": Vec<$crate::model::SpaceField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::SpaceExpansion>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
                /// Fields of topics to return, in addition to `id`.
                topic_fields = "topic.fields": Vec<$crate::model::TopicField>;
            }
        }
    };
    // Fields and expansions of direct message events.
    (DM_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of events to return, in addition to `id` and `event_type`.
                dm_event_fields = "dm_event.fields": Vec<$crate::model::DmEventField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::DmExpansion>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
                /// Fields of posts to return, in addition to `id` and `text`.
                post_fields = "tweet.fields": Vec<$crate::model::PostField>;
                /// Fields of media to return, in addition to `media_key` and `type`.
                media_fields = "media.fields": Vec<$crate::model::MediaField>;
            }
        }
    };
    // Signatures of the events that a call creates in an encrypted chat.
    (ACTION_SIGNATURES, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Body {
                /// Signatures of the events that this call creates.
                action_signatures = "action_signatures": Vec<$crate::model::ActionSignature>;
            }
        }
    };
    // Fields and expansions of likes.
    (LIKE_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of likes to return.
                like_fields = "like_with_tweet_author.fields": Vec<$crate::model::LikeField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::LikeExpansion>;
                /// Fields of media to return, in addition to `media_key` and `type`.
                media_fields = "media.fields": Vec<$crate::model::MediaField>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
                /// Fields of posts to return, in addition to `id` and `text`.
                post_fields = "tweet.fields": Vec<$crate::model::PostField>;
            }
        }
    };
    // Fields and expansions of scheduled calls.
    (SCHEDULED_CALL_FIELDS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Fields of scheduled calls to return, in addition to `id`.
                scheduled_call_fields = "scheduled_call.fields": Vec<$crate::model::ScheduledCallField>;
                /// Objects to include in `includes`.
                expansions = "expansions": Vec<$crate::model::ScheduledCallExpansion>;
                /// Fields of calls to return, in addition to `id`.
                call_fields = "call.fields": Vec<$crate::model::CallField>;
                /// Fields of users to return, in addition to `id`, `name` and `username`.
                user_fields = "user.fields": Vec<$crate::model::UserField>;
            }
        }
    };
    // User of a v1.1 call, in the query.
    (USER, $($use:tt)+) => { $crate::parameter_group! { @user Query, $($use)+ } };
    // User of a v1.1 call, in the form.
    (USER_FORM, $($use:tt)+) => { $crate::parameter_group! { @user Form, $($use)+ } };
    (@user $location:ident, $($use:tt)+) => {
        $crate::group! { $($use)+;
            $location {
                /// ID of the user; an alternative to `screen_name`.
                user_id = "user_id": $crate::model::UserId;
                /// Username of the user; an alternative to `user_id`.
                screen_name = "screen_name": $crate::model::Username;
            }
        }
    };
    // List of a v1.1 call, in the query.
    (LIST, $($use:tt)+) => { $crate::parameter_group! { @list Query, $($use)+ } };
    // List of a v1.1 call, in the form.
    (LIST_FORM, $($use:tt)+) => { $crate::parameter_group! { @list Form, $($use)+ } };
    (@list $location:ident, $($use:tt)+) => {
        $crate::group! { $($use)+;
            $location {
                /// ID of the list; an alternative to `slug` and its owner.
                list_id = "list_id": $crate::model::ListId;
                /// Name of the list in URLs; also requires `owner_id` or `owner_screen_name`.
                slug = "slug": String;
                /// Username of the owner of the list that `slug` names.
                owner_screen_name = "owner_screen_name": $crate::model::Username;
                /// ID of the owner of the list that `slug` names.
                owner_id = "owner_id": $crate::model::UserId;
            }
        }
    };
    // Page of a v1.1 timeline, by the IDs of its statuses.
    (TIMELINE_PAGE, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Maximum number of items per page.
                count = "count": u32, in 1..=200;
                /// ID of an item; only newer items are returned.
                since_id = "since_id": $crate::model::PostId;
                /// ID of the newest item to return.
                max_id = "max_id": $crate::model::PostId;
            } pages {}
        }
    };
    // Form in which v1.1 returns statuses, in the query.
    (STATUS_OPTIONS, $($use:tt)+) => { $crate::parameter_group! { @status_options Query, $($use)+ } };
    // Form in which v1.1 returns the status of a write, in the form.
    (STATUS_OPTIONS_FORM, $($use:tt)+) => { $crate::parameter_group! { @status_options Form, $($use)+ } };
    (@status_options $location:ident, $($use:tt)+) => {
        $crate::group! { $($use)+;
            $location {
                /// Text mode: `extended` returns the full text, `compat` (the default) truncates it to 140 characters.
                tweet_mode = "tweet_mode": String;
                /// Whether to reduce the users in the response to their IDs.
                trim_user = "trim_user": bool;
                /// Whether to include the links, mentions and hashtags of the text as `entities`.
                include_entities = "include_entities": bool;
                /// Whether to include the alternative text of media.
                include_ext_alt_text = "include_ext_alt_text": bool;
                /// Whether to include the URI of the card below the status.
                include_card_uri = "include_card_uri": bool;
            }
        }
    };
    // Form in which v1.1 returns users.
    (USER_OPTIONS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Whether to include the links, mentions and hashtags of descriptions and statuses as `entities`.
                include_entities = "include_entities": bool;
                /// Text mode of statuses: `extended` returns the full text.
                tweet_mode = "tweet_mode": String;
                /// Whether to omit the user's latest status.
                skip_status = "skip_status": bool;
            }
        }
    };
    // Appearance of a status that is embedded in a web page.
    (OEMBED, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// ID of the status; an alternative to `url`.
                id = "id": $crate::model::PostId;
                /// URL of the status; an alternative to `id`.
                url = "url": String;
                /// Maximum width of the embedded status in pixels.
                maxwidth = "maxwidth": u32, in 220..=550;
                /// Whether to hide the photos, videos and link previews of the status.
                hide_media = "hide_media": bool;
                /// Whether to hide the status that this one replies to.
                hide_thread = "hide_thread": bool;
                /// Whether to omit the `<script>` element from the HTML.
                omit_script = "omit_script": bool;
                /// Alignment on the page: `left`, `right`, `center` or `none`.
                align = "align": String;
                /// Usernames to suggest to readers, separated by commas.
                related = "related": String;
                /// Language of the labels, as a code such as `en`.
                lang = "lang": String;
            }
        }
    };
    // Options of a v1.1 stream.
    (STREAM_OPTIONS, $($use:tt)+) => {
        $crate::group! { $($use)+;
            Query {
                /// Framing: `length` puts the length in bytes before each message.
                delimited = "delimited": String;
                /// Whether the server warns before it disconnects a client that reads too slowly.
                stall_warnings = "stall_warnings": bool;
                /// Languages of the statuses to deliver, as codes such as `en`.
                language = "language": Vec<String>;
                /// Minimum filter level of the statuses: `none`, `low` or `medium`.
                filter_level = "filter_level": String;
            }
        }
    };
}

/// Turns the declaration of a group into table data or setters. The parameters in `pages` select a page: instead of a
/// setter for each, the builder gets `page_token`, `pages` and `items`.
#[doc(hidden)]
#[macro_export]
macro_rules! group {
    (
        params;
        $location:ident {
            $($(#[doc = $doc:literal])+ $name:ident = $wire:literal: $($ty:ident)::+ $(<$item:ty>)? $(, in $lo:literal ..= $hi:literal)? $(, default $default:literal)?;)*
        }
        $(pages { $($(#[doc = $page_doc:literal])+ $page_wire:literal;)* })?
    ) => {
        &[
            $($crate::endpoints!(@param $name, $wire, $location, $($ty)::+ $(<$item>)?, concat!($($doc, "\n"),+), optional [$($lo, $hi)?] [$($default)?]),)*
            $($($crate::Param::page_token($page_wire, concat!($($page_doc, "\n"),+)),)*)?
        ]
    };
    (
        setters $out:ty;
        $location:ident {
            $($(#[doc = $doc:literal])+ $name:ident = $wire:literal: $($ty:ident)::+ $(<$item:ty>)? $(, in $lo:literal ..= $hi:literal)? $(, default $default:literal)?;)*
        }
        $(pages { $($page:tt)* })?
    ) => {
        $(
            $(#[doc = $doc])+
            #[doc = $crate::endpoints!(@bounds [$($ty)::+] [$($lo $hi)?] [$($default)?])]
            #[inline]
            pub fn $name(mut self, value: impl $crate::IntoParam<$($ty)::+ $(<$item>)?>) -> Self {
                self.0.call.set($wire, $crate::ParamLocation::$location, value.into_json());
                self
            }
        )*
        $($crate::group! { @pages $out; $($page)* })?
    };
    (@pages $out:ty; $($page:tt)*) => {
        /// Starts at the page with this token, which an earlier response returned.
        #[inline]
        pub fn page_token(mut self, token: impl $crate::IntoParam<String>) -> Self {
            self.0.set_page(token.into_json());
            self
        }
        /// Returns the pages of the result as a stream; each page is requested when it is polled.
        #[inline]
        pub fn pages(self) -> $crate::Pages<$out> {
            $crate::Pages::new(self.0)
        }
        /// Returns the items of all pages as a stream; pages are requested as needed.
        #[inline]
        pub fn items(self) -> $crate::Items<$out> {
            self.pages().items()
        }
    };
}
