//! What the endpoints do: one function each, found by the name of the entry.

mod around;
mod bookmarks;
mod dms;
mod documents;
mod lists;
mod media;
mod pages;
mod posts;
mod rooms;
mod spaces;
pub(crate) mod streams;
mod timelines;
mod users;
pub(crate) mod v1;
mod webhooks;

use chirrup_api::{Call, Endpoint};
use chirrup_model::Timestamp;
use serde_json::Value as Json;

use crate::api_error::ApiError;
use crate::auth::Identity;
use crate::hub::Hub;
use crate::select::{ResponseBuilder, Viewer};
use crate::world::World;

pub(crate) use users::repost_text;

/// What a handler has to work with.
#[derive(Debug)]
pub(crate) struct RequestContext<'r> {
    pub(crate) world: &'r mut World,
    pub(crate) call: &'r Call,
    pub(crate) identity: &'r Identity,
    pub(crate) now: Timestamp,
    pub(crate) hub: &'r mut Hub,
}

/// An answer: status and body.
pub(crate) type HandlerResult = Result<(u16, Json), ApiError>;

pub(crate) type Handler = fn(&mut RequestContext<'_>) -> HandlerResult;

/// The handler of an entry.
pub(crate) fn find(meta: &Endpoint) -> Option<Handler> {
    if let Some(id) = meta.id.strip_prefix("v1.") {
        return v1::find(id);
    }
    Some(match meta.id {
        "get_post" => posts::one,
        "get_posts" => posts::many,
        "create_post" => posts::create,
        "delete_post" => posts::delete,
        "search_recent" => posts::search,
        "count_recent" => posts::count,
        "liking_users" => posts::likers,
        "reposters" => posts::reposters,
        "quotes" => timelines::quotes,
        "get_user" => users::one,
        "get_users" => users::many,
        "get_user_by_name" => users::one_by_name,
        "get_users_by_name" => users::many_by_name,
        "get_me" => users::me,
        "user_posts" => timelines::of_user,
        "mentions" => timelines::mentions,
        "home_timeline" => timelines::home,
        "search_all" => posts::search_all,
        "reposts" => timelines::reposts,
        "hide_reply" => posts::hide,
        "liked_posts" => users::liked_posts,
        "reposts_of_me" => timelines::reposts_of_me,
        "mute" => users::mute,
        "unmute" => users::unmute,
        "muting" => users::muting,
        "block" => users::block,
        "unblock" => users::unblock,
        "blocking" => users::blocking,
        "bookmark" => users::bookmark,
        "remove_bookmark" => users::remove_bookmark,
        "bookmarks" => users::bookmarks,
        "get_list" => lists::one,
        "create_list" => lists::create,
        "update_list" => lists::update,
        "delete_list" => lists::delete,
        "list_posts" => lists::posts,
        "list_members" => lists::members,
        "add_list_member" => lists::add_member,
        "remove_list_member" => lists::remove_member,
        "list_followers" => lists::followers,
        "owned_lists" => lists::owned,
        "list_memberships" => lists::memberships,
        "followed_lists" => lists::followed,
        "follow_list" => lists::follow,
        "unfollow_list" => lists::unfollow,
        "pinned_lists" => lists::pinned,
        "pin_list" => lists::pin,
        "unpin_list" => lists::unpin,
        "followers" => users::followers,
        "following" => users::following,
        "follow" => users::follow,
        "unfollow" => users::unfollow,
        "like" => users::like,
        "unlike" => users::unlike,
        "repost" => users::repost,
        "undo_repost" => users::undo_repost,
        "count_all" => posts::count_all,
        "post_analytics" => around::post_analytics,
        "search_users" => users::search,
        "affiliates" => users::affiliates,
        "bookmark_folders" => bookmarks::folders,
        "create_bookmark_folder" => bookmarks::make,
        "bookmarks_in" => bookmarks::inside,
        "get_space" => spaces::one,
        "get_spaces" => spaces::many,
        "spaces_of" => spaces::of_users,
        "search_spaces" => spaces::search,
        "space_buyers" => spaces::buyers,
        "space_posts" => spaces::posts,
        "dm_events" => dms::all,
        "dm_events_with" => dms::with,
        "dm_events_in" => dms::inside,
        "get_dm_event" => dms::one,
        "delete_dm_event" => dms::delete,
        "send_dm" => dms::send_with,
        "send_dm_to" => dms::send_to,
        "create_dm_conversation" => dms::create,
        "download_dm_media" => dms::download,
        "block_dms" => dms::block,
        "unblock_dms" => dms::unblock,
        "get_media_by_key" => media::one,
        "get_media" => media::many,
        "media_analytics" => around::media_analytics,
        "set_media_metadata" => media::set_metadata,
        "add_subtitles" => media::add_subtitles,
        "delete_subtitles" => media::delete_subtitles,
        "upload_media" => media::upload,
        "begin_upload" => media::begin,
        "append_upload" => media::append,
        "finish_upload" => media::finish,
        "upload_status" => media::status,
        "get_community" => around::community,
        "search_communities" => around::search_communities,
        "get_news" => around::story,
        "search_news" => around::search_news,
        "trends" => around::trends,
        "personalized_trends" => around::personalized_trends,
        "usage" => around::usage,
        "openapi" => around::openapi,
        "create_note" => around::write_note,
        "delete_note" => around::delete_note,
        "evaluate_note" => around::evaluate_note,
        "notes_written" => around::notes_written,
        "posts_eligible_for_notes" => around::eligible_posts,
        "compliance_jobs" => around::jobs,
        "get_compliance_job" => around::job,
        "create_compliance_job" => around::make_job,
        "rules" => webhooks::rules,
        "update_rules" => webhooks::update_rules,
        "rule_counts" => webhooks::count_rules,
        "connections" => webhooks::connections,
        "close_connections" => webhooks::close,
        "close_all_connections" => webhooks::close,
        "close_connections_to" => webhooks::close,
        "stream_links" => webhooks::links,
        "create_stream_link" => webhooks::link,
        "delete_stream_link" => webhooks::unlink,
        "webhooks" => webhooks::list,
        "create_webhook" => webhooks::create,
        "validate_webhook" => webhooks::validate,
        "delete_webhook" => webhooks::delete,
        "replay_webhook" => webhooks::replay,
        "activity_subscriptions" => webhooks::activities,
        "create_activity_subscription" => webhooks::subscribe_activity,
        "update_activity_subscription" => webhooks::change_activity,
        "delete_activity_subscription" => webhooks::unsubscribe_activity,
        "delete_activity_subscriptions" => webhooks::unsubscribe_activities,
        "is_subscribed" => webhooks::is_subscribed,
        "subscribe" => webhooks::subscribe,
        "account_subscriptions" => webhooks::subscriptions,
        "unsubscribe" => webhooks::unsubscribe,
        "account_subscription_count" => webhooks::count_subscriptions,
        "chats" => rooms::chats,
        "get_chat" => rooms::get_chat,
        "chat_events" => rooms::events,
        "begin_chat_group" => rooms::begin_group,
        "create_chat_group" => rooms::create_group,
        "add_chat_keys" => rooms::set_keys,
        "add_chat_members" => rooms::add_members,
        "send_chat_message" => rooms::send,
        "delete_chat_messages" => rooms::delete_messages,
        "mark_chat_read" => rooms::acknowledge,
        "show_typing" => rooms::acknowledge,
        "begin_chat_upload" => rooms::no_chat_media,
        "append_chat_upload" => rooms::no_chat_media,
        "finish_chat_upload" => rooms::no_chat_media,
        "download_chat_media" => rooms::no_chat_media,
        "public_key" => rooms::keys_of_one,
        "public_keys" => rooms::keys_of_many,
        "add_public_key" => rooms::add_key,
        "broadcasts" => rooms::broadcasts,
        "get_broadcast" => rooms::broadcast,
        "scheduled_broadcasts" => rooms::scheduled_list,
        "get_scheduled_broadcast" => rooms::scheduled,
        "schedule_broadcast" => rooms::schedule,
        "reschedule_broadcast" => rooms::reschedule,
        "cancel_broadcast" => rooms::cancel,
        "start_broadcast" => rooms::start,
        "broadcast_chat" => rooms::messages,
        "send_broadcast_chat" => rooms::say,
        "delete_broadcast_message" => rooms::unsay,
        "mute_in_broadcast" => rooms::mute,
        "unmute_in_broadcast" => rooms::unmute,
        "draft_article" => rooms::draft,
        "publish_article" => rooms::publish,
        "filtered_stream" | "sample_stream" | "sample10_stream" => streams::past,
        "firehose" | "firehose_en" | "firehose_ja" | "firehose_ko" | "firehose_pt" => streams::past,
        "likes_firehose"
        | "likes_sample10_stream"
        | "posts_compliance_stream"
        | "users_compliance_stream"
        | "likes_compliance_stream"
        | "labels_stream"
        | "activity_stream" => streams::happened,
        "evaluate_note_text" => around::evaluate_note,
        "insights_28hr"
        | "insights_historical"
        | "handle_availability"
        | "replay_account_activity"
        | "notes"
        | "chat_messages" => documents::retired,
        _ => return None,
    })
}

/// Whether the sandbox serves this entry.
pub fn is_served(meta: &Endpoint) -> bool {
    find(meta).is_some()
}

impl RequestContext<'_> {
    fn viewer(&self) -> Viewer {
        Viewer { user: self.identity.user, now: self.now }
    }

    fn scene(&self) -> ResponseBuilder<'_> {
        ResponseBuilder::new(self.world, self.call, self.viewer())
    }

    /// An id that the table has already checked.
    fn id(&self, name: &str) -> u64 {
        self.call.text(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// The app that calls, as the owner of things.
    fn app(&self) -> u64 {
        u64::try_from(self.identity.app).unwrap_or_default()
    }

    /// The user who calls.
    fn me(&self) -> Result<u64, ApiError> {
        self.identity.user.ok_or_else(ApiError::unauthorized)
    }

    /// The caller, whose id must be the one in the path.
    fn caller(&self, hole: &str) -> Result<u64, ApiError> {
        let me = self.me()?;
        let given = self.call.text(hole).unwrap_or_default();
        if given == me.to_string() {
            return Ok(me);
        }
        let message =
            format!("The `{hole}` query parameter value [{given}] must be the same as the authenticating user [{me}]");
        Err(ApiError::invalid_param(hole, given, message))
    }
}
