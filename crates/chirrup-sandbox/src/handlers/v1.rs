//! API v1.1.

mod account;
mod help;
mod json;
mod lists;
mod media;
mod messages;
mod places;
mod saved_searches;
mod statuses;
mod streams;
mod users;
mod welcome_messages;

use serde_json::{Value as Json, json};

use super::pages::MAX_POSITION;
use super::{Handler, HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::world::{IdList, PostRow};

/// Number of posts that are read from the store at a time.
const BATCH: usize = 200;

pub(crate) use streams::line;

/// The handler of an endpoint, by its ID without `v1.`.
pub(super) fn find(id: &str) -> Option<Handler> {
    handlers! { id;
        account: remove_profile_banner settings update_delivery_device update_profile update_profile_banner
            update_settings verify_credentials;
        help: configuration languages privacy rate_limit_status tos;
        lists: change_list create_subscriber destroy_list destroy_subscriber list list_statuses lists member members
            memberships new_list ownerships subscriber subscribers subscriptions;
        media: create_media_metadata create_subtitles delete_subtitles media_status upload;
        messages: destroy_message_event destroy_old_message indicate_typing mark_read message_event message_events
            new_message_event old_message received_messages send_old_message sent_messages;
        places: available_trends closest_trends create_place place trends;
        saved_searches: create_saved_search destroy_saved_search saved_search saved_searches;
        statuses: collection create_favorite destroy destroy_favorite favorites home_timeline lookup mentions_timeline
            oembed retweet retweeter_ids retweets retweets_of_me search show unretweet update update_with_media
            user_timeline;
        users: block_ids blocks create_block create_friendship create_mute destroy_block destroy_friendship destroy_mute
            find_users follower_ids follower_list friend_ids friend_list friendship incoming_friendships lookup_users
            mute_ids mutes no_retweet_ids outgoing_friendships profile_banner relations report_spam suggested_members
            suggestions suggestions_of update_friendship user_by_id;
        welcome_messages: custom_profile destroy_welcome_message destroy_welcome_rule new_custom_profile
            new_welcome_message new_welcome_rule update_welcome_message welcome_message welcome_messages welcome_rule
            welcome_rules;

        "embed" => statuses::oembed,
        "status_by_id" => statuses::show,
        "contributees" | "contributors" => users::no_users,
        "create_member" | "create_members" => lists::add_members,
        "destroy_member" | "destroy_members" => lists::remove_members,
        "update_profile_colors" => account::update_profile,
        "update_profile_image" | "update_profile_background_image" => account::update_image,
        "reverse_geocode" | "search_geo" | "similar_places" => places::search_places,
        "filter" | "sample" | "firehose_statuses" | "user_stream" | "site_stream" => streams::connect,
    }
}

/// An error of API v1.1, which has a numeric code.
fn error(status: u16, code: i64, message: &str) -> ApiError {
    ApiError::v1(status, code, message)
}

/// The error for an unknown ID of any other object.
fn page_not_found() -> ApiError {
    error(404, 34, "Sorry, that page does not exist.")
}

fn user_not_found() -> ApiError {
    error(404, 50, "User not found.")
}

fn status_not_found() -> ApiError {
    error(404, 144, "No status found with that ID.")
}

impl RequestContext<'_> {
    /// The user that the request names by ID or screen name, if any.
    fn user_param(&self, id: &str, screen_name: &str) -> Result<Option<u64>, ApiError> {
        if let Some(id) = self.call.text(id) {
            let id = id.parse().map_err(|_| user_not_found())?;
            return self.world.username(id)?.map(|_| Some(id)).ok_or_else(user_not_found);
        }
        match self.call.text(screen_name) {
            Some(name) => self.world.user_id(name.trim_start_matches('@'))?.map(Some).ok_or_else(user_not_found),
            None => Ok(None),
        }
    }

    /// The user that the request must name.
    fn required_user(&self) -> Result<u64, ApiError> {
        self.user_param("user_id", "screen_name")?
            .ok_or_else(|| error(403, 38, "user_id or screen_name parameter is missing."))
    }

    /// The user that the request names, or the authenticated user.
    fn user_or_me(&self) -> Result<u64, ApiError> {
        match self.user_param("user_id", "screen_name")? {
            Some(user) => Ok(user),
            None => self.me(),
        }
    }

    /// All known users that the request names in lists of IDs and screen names.
    fn users_param(&self) -> Result<Vec<u64>, ApiError> {
        let mut found: Vec<u64> = Vec::new();
        for id in self.list_param("user_id") {
            let Ok(id) = id.parse() else { continue };
            if self.world.username(id)?.is_some() {
                found.push(id);
            }
        }
        for name in self.list_param("screen_name") {
            found.extend(self.world.user_id(name.trim_start_matches('@'))?);
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|id| seen.insert(*id));
        Ok(found)
    }

    /// Items of a parameter: a list, a text with commas, or a single value.
    fn list_param(&self, name: &str) -> Vec<String> {
        match self.call.get(name) {
            Some(Json::Array(items)) => {
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
            }
            Some(Json::String(text)) => text.split(',').map(|item| item.trim().to_owned()).collect(),
            Some(other) => vec![other.to_string()],
            None => Vec::new(),
        }
    }

    /// A Boolean parameter.
    fn flag(&self, name: &str) -> Option<bool> {
        let value = self.call.get(name)?;
        value.as_bool().or_else(|| value.as_str().map(|text| matches!(text, "true" | "1" | "t")))
    }

    /// Number of items per page.
    fn count(&self, default: usize) -> usize {
        self.size("count", default)
    }

    /// IDs on a page of a list, and the cursors of the next and previous page.
    fn cursor_page(&self, list: IdList, owner: u64, default: usize) -> Result<(Vec<u64>, Json), ApiError> {
        let below = match self.call.text("cursor").and_then(|text| text.parse::<i64>().ok()) {
            None | Some(-1) => i64::MAX,
            Some(seq) => seq,
        };
        let size = self.count(default);
        let mut found = self.world.list_ids(list, owner, below, size + 1)?;
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map_or(0, |(_, seq)| *seq);
        Ok((found.into_iter().map(|(id, _)| id).collect(), cursors(next)))
    }

    /// A page of the posts of these authors, the newest first.
    fn authors_page(
        &self,
        authors: &[u64],
        default: usize,
        keep: impl Fn(&PostRow) -> bool,
    ) -> Result<Vec<PostRow>, ApiError> {
        let size = self.count(default);
        let (mut below, since) = self.id_bounds();
        let mut rows = Vec::new();
        while rows.len() < size {
            let batch = self.world.posts_by(authors, since, below, BATCH)?;
            let Some(last) = batch.last() else { break };
            below = last.id;
            rows.extend(batch.into_iter().filter(|row| keep(row)));
        }
        rows.truncate(size);
        Ok(rows)
    }

    /// The page has the posts below the first ID and above the second.
    fn id_bounds(&self) -> (u64, u64) {
        let id = |name: &str| self.call.text(name).and_then(|text| text.parse::<u64>().ok());
        (id("max_id").map_or(MAX_POSITION, |id| id.saturating_add(1)), id("since_id").unwrap_or_default())
    }

    /// Statuses in the form that the request asks for.
    fn statuses_json(&self, rows: &[PostRow]) -> Result<Json, ApiError> {
        Ok(rows.iter().map(|row| self.status_json(row)).collect::<Result<Vec<_>, _>>()?.into())
    }

    /// Users in the form that the request asks for.
    fn users_json(&self, ids: &[u64]) -> Result<Vec<Json>, ApiError> {
        ids.iter().map(|id| self.user_json(*id)).collect()
    }
}

/// Cursors of a page. The previous page has none, as the sandbox pages forward only.
fn cursors(next: i64) -> Json {
    json!({"next_cursor": next, "next_cursor_str": next.to_string(), "previous_cursor": 0, "previous_cursor_str": "0"})
}

/// Responds with a page of items under this name, and its cursors.
fn page(name: &str, items: impl Into<Json>, mut cursors: Json) -> HandlerResult {
    cursors[name] = items.into();
    Ok((200, cursors))
}
