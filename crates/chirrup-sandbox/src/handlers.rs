//! What the endpoints do: one function each, found by the name of the entry.

mod lists;
mod pages;
mod posts;
mod timelines;
mod users;

use chirrup_api::{Call, Meta};
use chirrup_model::Timestamp;
use serde_json::Value as Json;

use crate::auth::Identity;
use crate::refusal::Refusal;
use crate::select::{Scene, Viewer};
use crate::world::World;

pub(crate) use users::repost_text;

/// What a handler has to work with.
#[derive(Debug)]
pub(crate) struct Room<'r> {
    pub(crate) world: &'r mut World,
    pub(crate) call: &'r Call,
    pub(crate) identity: &'r Identity,
    pub(crate) now: Timestamp,
}

/// An answer: status and body.
pub(crate) type Done = Result<(u16, Json), Refusal>;

pub(crate) type Handler = fn(&mut Room<'_>) -> Done;

/// The handler of an entry.
pub(crate) fn find(meta: &Meta) -> Option<Handler> {
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
        _ => return None,
    })
}

/// Whether the sandbox serves this entry.
pub fn is_served(meta: &Meta) -> bool {
    find(meta).is_some()
}

impl Room<'_> {
    fn viewer(&self) -> Viewer {
        Viewer { user: self.identity.user, now: self.now }
    }

    fn scene(&self) -> Scene<'_> {
        Scene::new(self.world, self.call, self.viewer())
    }

    /// An id that the table has already checked.
    fn id(&self, name: &str) -> u64 {
        self.call.text(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// The user who calls.
    fn me(&self) -> Result<u64, Refusal> {
        self.identity.user.ok_or_else(Refusal::unauthorized)
    }

    /// The caller, whose id must be the one in the path.
    fn caller(&self, hole: &str) -> Result<u64, Refusal> {
        let me = self.me()?;
        let given = self.call.text(hole).unwrap_or_default();
        if given == me.to_string() {
            return Ok(me);
        }
        let message =
            format!("The `{hole}` query parameter value [{given}] must be the same as the authenticating user [{me}]");
        Err(Refusal::invalid_one(hole, given, message))
    }
}
