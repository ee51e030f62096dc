//! API v1.1: the same world in the old form.

mod account;
mod lists;
mod media;
mod messages;
mod places;
mod show;
mod statuses;
mod streams;
mod users;

use serde_json::{Value as Json, json};

use super::{Handler, HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::world::{Listing, PostRow};

pub(crate) use streams::line;

/// The handler of an entry.
pub(super) fn find(id: &str) -> Option<Handler> {
    Some(match id {
        "home_timeline" => statuses::home,
        "user_timeline" => statuses::of_user,
        "mentions_timeline" => statuses::mentions,
        "retweets_of_me" => statuses::retweets_of_me,
        "search" => statuses::search,
        "show" | "status_by_id" => statuses::one,
        "lookup" => statuses::many,
        "retweets" => statuses::retweets,
        "retweeter_ids" => statuses::retweeter_ids,
        "update" => statuses::update,
        "update_with_media" => statuses::update_with_media,
        "destroy" => statuses::destroy,
        "retweet" => statuses::retweet,
        "unretweet" => statuses::unretweet,
        "oembed" | "embed" => statuses::oembed,
        "favorites" => statuses::favorites,
        "create_favorite" => statuses::create_favorite,
        "destroy_favorite" => statuses::destroy_favorite,
        "collection" => statuses::collection,
        "user_by_id" => users::one,
        "lookup_users" => users::many,
        "find_users" => users::search,
        "suggestions" => users::suggestions,
        "suggestions_of" => users::suggestions_of,
        "suggested_members" => users::suggested_members,
        "contributees" | "contributors" => users::nobody,
        "profile_banner" => users::banner,
        "report_spam" => users::report,
        "blocks" => users::blocks,
        "block_ids" => users::block_ids,
        "create_block" => users::block,
        "destroy_block" => users::unblock,
        "mutes" => users::mutes,
        "mute_ids" => users::mute_ids,
        "create_mute" => users::mute,
        "destroy_mute" => users::unmute,
        "follower_list" => users::followers,
        "follower_ids" => users::follower_ids,
        "friend_list" => users::friends,
        "friend_ids" => users::friend_ids,
        "incoming_friendships" => users::incoming,
        "outgoing_friendships" => users::outgoing,
        "no_retweet_ids" => users::no_retweets,
        "friendship" => users::friendship,
        "relations" => users::relations,
        "create_friendship" => users::follow,
        "destroy_friendship" => users::unfollow,
        "update_friendship" => users::update_friendship,
        "lists" => lists::all,
        "list" => lists::one,
        "list_statuses" => lists::statuses,
        "memberships" => lists::memberships,
        "ownerships" => lists::ownerships,
        "subscriptions" => lists::subscriptions,
        "members" => lists::members,
        "member" => lists::member,
        "subscribers" => lists::subscribers,
        "subscriber" => lists::subscriber,
        "new_list" => lists::create,
        "change_list" => lists::update,
        "destroy_list" => lists::destroy,
        "create_member" | "create_members" => lists::add,
        "destroy_member" | "destroy_members" => lists::remove,
        "create_subscriber" => lists::subscribe,
        "destroy_subscriber" => lists::unsubscribe,
        "verify_credentials" => account::me,
        "settings" => account::settings,
        "update_settings" => account::update_settings,
        "update_delivery_device" => account::device,
        "update_profile" | "update_profile_colors" => account::update_profile,
        "update_profile_image" | "update_profile_background_image" => account::update_image,
        "update_profile_banner" => account::update_banner,
        "remove_profile_banner" => account::remove_banner,
        "saved_searches" => account::saved_searches,
        "saved_search" => account::saved_search,
        "create_saved_search" => account::save_search,
        "destroy_saved_search" => account::forget_search,
        "rate_limit_status" => account::limits,
        "configuration" => account::configuration,
        "languages" => account::languages,
        "privacy" => account::privacy,
        "tos" => account::tos,
        "place" => places::one,
        "reverse_geocode" | "search_geo" | "similar_places" => places::search,
        "create_place" => places::create,
        "trends" => places::trends,
        "available_trends" => places::available,
        "closest_trends" => places::closest,
        "message_events" => messages::all,
        "message_event" => messages::one,
        "new_message_event" => messages::send,
        "destroy_message_event" => messages::destroy,
        "indicate_typing" => messages::typing,
        "mark_read" => messages::mark_read,
        "new_welcome_message" => messages::create_welcome,
        "welcome_message" => messages::welcome,
        "welcome_messages" => messages::welcomes,
        "update_welcome_message" => messages::update_welcome,
        "destroy_welcome_message" => messages::destroy_welcome,
        "new_welcome_rule" => messages::create_rule,
        "welcome_rule" => messages::rule,
        "welcome_rules" => messages::rules,
        "destroy_welcome_rule" => messages::destroy_rule,
        "new_custom_profile" => messages::create_profile,
        "custom_profile" => messages::profile,
        "received_messages" => messages::received,
        "sent_messages" => messages::sent,
        "old_message" => messages::old,
        "send_old_message" => messages::send_old,
        "destroy_old_message" => messages::destroy_old,
        "upload" => media::upload,
        "media_status" => media::status,
        "create_media_metadata" => media::metadata,
        "create_subtitles" => media::add_subtitles,
        "delete_subtitles" => media::delete_subtitles,
        "filter" | "sample" | "firehose_statuses" | "user_stream" | "site_stream" => streams::begin,
        _ => return None,
    })
}

/// Refuses as v1.1 does: by a number.
fn no(status: u16, code: i64, message: &str) -> ApiError {
    ApiError::v1(status, code, message)
}

fn no_user() -> ApiError {
    no(404, 50, "User not found.")
}

fn no_status() -> ApiError {
    no(404, 144, "No status found with that ID.")
}

impl RequestContext<'_> {
    /// The user that a call names, by `user_id` or `screen_name`; none if it names nobody.
    fn named(&self, id: &str, name: &str) -> Result<Option<u64>, ApiError> {
        if let Some(id) = self.call.text(id) {
            let id = id.parse().unwrap_or_default();
            return self.world.username(id)?.map(|_| Some(id)).ok_or_else(no_user);
        }
        match self.call.text(name) {
            Some(name) => self.world.user_id(name.trim_start_matches('@'))?.map(Some).ok_or_else(no_user),
            None => Ok(None),
        }
    }

    /// The user that a call names, who must be named.
    fn whom(&self) -> Result<u64, ApiError> {
        self.named("user_id", "screen_name")?.ok_or_else(|| no(403, 38, "user_id or screen_name parameter is missing."))
    }

    /// The user that a call names, or who calls.
    fn who(&self) -> Result<u64, ApiError> {
        match self.named("user_id", "screen_name")? {
            Some(user) => Ok(user),
            None => self.me(),
        }
    }

    /// All users that a call names in lists of ids and names; whom there is not is left out.
    fn several(&self) -> Result<Vec<u64>, ApiError> {
        let mut found: Vec<u64> = Vec::new();
        for id in self.given_list("user_id") {
            let id = id.parse().unwrap_or_default();
            if self.world.username(id)?.is_some() {
                found.push(id);
            }
        }
        for name in self.given_list("screen_name") {
            found.extend(self.world.user_id(name.trim_start_matches('@'))?);
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|id| seen.insert(*id));
        Ok(found)
    }

    /// A list of a call, also where it names one thing only.
    fn given_list(&self, name: &str) -> Vec<String> {
        match self.call.get(name) {
            Some(Json::Array(items)) => {
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
            }
            Some(Json::String(text)) => text.split(',').map(|item| item.trim().to_owned()).collect(),
            Some(other) => vec![other.to_string()],
            None => Vec::new(),
        }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        let value = self.call.get(name)?;
        value.as_bool().or_else(|| value.as_str().map(|text| matches!(text, "true" | "1" | "t")))
    }

    fn count(&self, default: usize) -> usize {
        self.call.number("count").and_then(|n| usize::try_from(n).ok()).unwrap_or(default)
    }

    /// A page of a list that goes on by a cursor: ids, and the cursors beside it.
    fn cursored(&self, list: Listing, of: u64, default: usize) -> Result<(Vec<u64>, Json), ApiError> {
        let below = match self.call.text("cursor").and_then(|text| text.parse::<i64>().ok()) {
            None | Some(-1) => i64::MAX,
            Some(seq) => seq,
        };
        let size = self.count(default);
        let mut found = self.world.list(list, of, below, size + 1)?;
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map_or(0, |(_, seq)| *seq);
        Ok((found.into_iter().map(|(id, _)| id).collect(), cursors(next)))
    }

    /// Posts of these authors, the newest first, of a page that goes on below an id.
    fn page_of(
        &self,
        authors: &[u64],
        default: usize,
        keep: impl Fn(&PostRow) -> bool,
    ) -> Result<Vec<PostRow>, ApiError> {
        let size = self.count(default);
        let (mut below, since) = self.ids();
        let mut rows = Vec::new();
        while rows.len() < size {
            let step = self.world.posts_by(authors, since, below, 200)?;
            let Some(last) = step.last() else { break };
            below = last.id;
            rows.extend(step.into_iter().filter(|row| keep(row)));
        }
        rows.truncate(size);
        Ok(rows)
    }

    /// Below which id a page ends, and above which it begins.
    fn ids(&self) -> (u64, u64) {
        let id = |name: &str| self.call.text(name).and_then(|text| text.parse::<u64>().ok());
        (id("max_id").map_or(i64::MAX as u64, |id| id.saturating_add(1)), id("since_id").unwrap_or_default())
    }

    /// Statuses, as a call wants them.
    fn statuses(&self, rows: &[PostRow]) -> Result<Json, ApiError> {
        Ok(rows.iter().map(|row| self.status(row)).collect::<Result<Vec<_>, _>>()?.into())
    }

    /// Users, as a call wants them.
    fn users(&self, ids: &[u64]) -> Result<Vec<Json>, ApiError> {
        ids.iter().map(|id| self.user(*id)).collect()
    }
}

/// The cursors beside a page: to the next one, and to the one before.
fn cursors(next: i64) -> Json {
    json!({"next_cursor": next, "next_cursor_str": next.to_string(), "previous_cursor": 0, "previous_cursor_str": "0"})
}

/// A page under its name, with the cursors beside it.
fn page(name: &str, items: impl Into<Json>, mut cursors: Json) -> HandlerResult {
    cursors[name] = items.into();
    Ok((200, cursors))
}
