//! Handlers: one function per endpoint, named after it.

/// Finds the handler of an endpoint by its ID.
///
/// Before the empty line, modules list handlers that have the name of their endpoint. After it, one handler serves several
/// endpoints.
macro_rules! handlers {
    ($id:expr; $($module:ident: $($name:ident)+;)+ $($($other:literal)|+ => $handler:path,)+) => {
        match $id {
            $($(stringify!($name) => Some($module::$name as Handler),)+)+
            $($($other)|+ => Some($handler),)+
            _ => None,
        }
    };
}

mod account;
mod account_activity;
mod activity_subscriptions;
mod analytics;
mod articles;
mod bookmarks;
mod bots;
mod broadcast_moderation;
mod broadcast_sources;
mod broadcasts;
mod calls;
mod chat;
mod communities;
mod compliance;
mod connections;
mod dms;
mod documents;
mod lists;
mod media;
mod news;
mod notes;
mod openapi;
mod pages;
mod posts;
mod public_keys;
mod rules;
mod scheduled_calls;
mod spaces;
pub(crate) mod streams;
mod timelines;
mod trends;
mod usage;
mod user_broadcasts;
mod users;
pub(crate) mod v1;
mod webhooks;

use std::str::FromStr;

use chirrup_api::{Call, Cost, Endpoint};
use chirrup_model::Timestamp;
use serde_json::Value as Json;

use crate::api_error::ApiError;
use crate::auth::Identity;
use crate::hub::Hub;
use crate::select::{ResponseBuilder, Viewer};
use crate::world::World;

pub(crate) use users::repost_text;

/// A request that has passed authentication and validation, and the state that a handler works on.
#[derive(Debug)]
pub(crate) struct RequestContext<'r> {
    pub(crate) world: &'r mut World,
    pub(crate) call: &'r Call,
    pub(crate) identity: &'r Identity,
    pub(crate) now: Timestamp,
    pub(crate) hub: &'r mut Hub,
    /// Credit balance before the call.
    pub(crate) balance: Cost,
}

/// Status and body of a response.
pub(crate) type HandlerResult = Result<(u16, Json), ApiError>;

pub(crate) type Handler = fn(&mut RequestContext<'_>) -> HandlerResult;

/// The handler of an endpoint, if the sandbox serves it.
pub(crate) fn find(meta: &Endpoint) -> Option<Handler> {
    if let Some(id) = meta.id.strip_prefix("v1.") {
        return v1::find(id);
    }
    handlers! { meta.id;
        account: ensure_developer_account get_developer_account;
        account_activity: account_subscription_count account_subscriptions is_subscribed subscribe unsubscribe;
        activity_subscriptions: activity_subscriptions create_activity_subscription delete_activity_subscription
            delete_activity_subscriptions update_activity_subscription;
        analytics: media_analytics post_analytics;
        articles: draft_article publish_article;
        bookmarks: bookmark bookmark_folders bookmarks bookmarks_in create_bookmark_folder remove_bookmark;
        bots: create_bot delete_bot get_bots revoke_bot_token rotate_bot_token update_bot;
        broadcast_moderation: add_broadcast_moderator broadcast_moderators broadcast_mutes mute_in_broadcasts
            remove_broadcast_moderator unmute_in_broadcasts;
        broadcast_sources: broadcast_sources create_broadcast_source create_user_broadcast_source
            delete_broadcast_source delete_user_broadcast_source get_broadcast_source get_user_broadcast_source
            recommended_region update_broadcast_source update_user_broadcast_source user_broadcast_sources;
        broadcasts: broadcast_chat broadcasts cancel_broadcast delete_broadcast delete_broadcast_message get_broadcast
            get_scheduled_broadcast mute_in_broadcast reschedule_broadcast schedule_broadcast scheduled_broadcasts
            send_broadcast_chat start_broadcast unmute_in_broadcast update_broadcast_state;
        calls: create_call get_call join_call leave_call;
        chat: add_chat_keys add_chat_members begin_chat_group chat_events chats create_chat_group delete_chat_messages
            get_chat send_chat_message;
        communities: get_community search_communities;
        compliance: compliance_jobs create_compliance_job delete_compliance_job download_compliance_results
            get_compliance_job upload_compliance_ids;
        connections: connections;
        dms: block_dms create_dm_conversation delete_dm_event dm_events dm_events_in dm_events_with download_dm_media
            get_dm_event send_dm send_dm_to unblock_dms;
        lists: add_list_member create_list delete_list follow_list followed_lists get_list list_followers list_members
            list_memberships list_posts owned_lists pin_list pinned_lists remove_list_member unfollow_list unpin_list
            update_list;
        media: add_subtitles append_upload begin_upload delete_subtitles finish_upload get_media get_media_by_key
            set_media_metadata upload_media upload_status;
        news: get_news search_news;
        notes: create_note delete_note evaluate_note notes_written posts_eligible_for_notes;
        openapi: openapi;
        posts: count_all count_recent create_post delete_post get_post get_posts hide_reply liking_users reposters
            search_all search_recent;
        public_keys: add_public_key public_key public_keys;
        rules: rule_counts rules update_rules;
        scheduled_calls: cancel_scheduled_call get_scheduled_call respond_to_scheduled_call schedule_call scheduled_calls
            update_scheduled_call;
        spaces: get_space get_spaces search_spaces space_buyers space_posts spaces_of;
        timelines: home_timeline mentions quotes reposts reposts_of_me user_posts;
        trends: personalized_trends trends;
        usage: get_credits usage;
        user_broadcasts: create_user_broadcast delete_user_broadcast get_user_broadcast update_user_broadcast_state
            user_broadcasts;
        users: affiliates block blocking follow followers following get_me get_my_followers get_my_following get_user
            get_user_by_name get_users
            get_users_by_name like liked_posts mute muting repost search_users unblock undo_repost unfollow unlike unmute;
        webhooks: create_stream_link create_webhook delete_stream_link delete_webhook replay_webhook stream_links
            validate_webhook webhooks;

        "close_connections" | "close_all_connections" | "close_connections_to" => connections::close_matching,
        "mark_chat_read" | "show_typing" => chat::acknowledge,
        "begin_chat_upload" | "append_chat_upload" | "finish_chat_upload" | "download_chat_media" => chat::no_media,
        "evaluate_note_text" => notes::evaluate_note,
        "filtered_stream" | "sample_stream" | "sample10_stream" => streams::posts,
        "firehose" | "firehose_en" | "firehose_ja" | "firehose_ko" | "firehose_pt" => streams::posts,
        "likes_firehose" | "likes_sample10_stream" | "labels_stream" | "activity_stream" => streams::events,
        "posts_compliance_stream" | "users_compliance_stream" | "likes_compliance_stream" => streams::events,
        "insights_28hr" | "insights_historical" | "handle_availability" => retired,
        "replay_account_activity" | "notes" | "chat_messages" => retired,
    }
}

/// Refuses an endpoint that X has retired, and names its replacement.
fn retired(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let replacement = ctx.call.endpoint.and_then(|meta| meta.retired).unwrap_or_default();
    Err(ApiError::problem(410, "Gone", &format!("This endpoint is retired: {replacement}.")))
}

/// Returns whether the sandbox serves this endpoint.
pub fn is_served(meta: &Endpoint) -> bool {
    find(meta).is_some()
}

impl<'r> RequestContext<'r> {
    fn viewer(&self) -> Viewer {
        Viewer { user: self.identity.user, now: self.now }
    }

    fn response(&self) -> ResponseBuilder<'_> {
        ResponseBuilder::new(self.world, self.call, self.viewer())
    }

    /// A required parameter, such as `param::<PostId>("id")`.
    ///
    /// [`Call::from_http`] has checked it against the table of endpoints, so it is present and valid here. Any other
    /// parameter gives the ID 0, which no object has.
    fn param<T: FromStr + From<u64>>(&self, name: &str) -> T {
        self.call.text(name).and_then(|text| text.parse().ok()).unwrap_or_else(|| T::from(0))
    }

    /// A required text parameter, which the table has checked like an ID. An optional one is empty if it is absent.
    fn text(&self, name: &str) -> &'r str {
        self.call.text(name).unwrap_or_default()
    }

    /// A required Boolean parameter; `false` for an optional one that is absent.
    fn is_set(&self, name: &str) -> bool {
        self.call.get(name).and_then(Json::as_bool).unwrap_or_default()
    }

    /// A size parameter such as `max_results`.
    fn size(&self, name: &str, default: usize) -> usize {
        self.call.number(name).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    }

    /// ID of the app, as the owner of documents.
    fn app_id(&self) -> u64 {
        u64::try_from(self.identity.app).unwrap_or_default()
    }

    /// ID of the authenticated user.
    fn me(&self) -> Result<u64, ApiError> {
        self.identity.user.ok_or_else(ApiError::unauthorized)
    }

    /// ID of the authenticated user, which a path parameter must repeat.
    fn me_in(&self, parameter: &str) -> Result<u64, ApiError> {
        let me = self.me()?;
        let value = self.text(parameter);
        if value == me.to_string() {
            return Ok(me);
        }
        let message = format!(
            "The `{parameter}` query parameter value [{value}] must be the same as the authenticating user [{me}]"
        );
        Err(ApiError::invalid_param(parameter, value, message))
    }

    /// Refuses a request that names an unknown user.
    fn require_user(&self, parameter: &str, user: u64) -> Result<(), ApiError> {
        match self.world.username(user)? {
            Some(_) => Ok(()),
            None => Err(ApiError::no_such_resource("user", parameter, user)),
        }
    }
}
