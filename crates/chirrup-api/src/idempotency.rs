//! Idempotency of endpoints: which calls can be repeated safely.

use crate::endpoint::Endpoint;

/// Effect of sending the same call twice, in the terms of RFC 9110.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// The call reads only.
    Safe,
    /// The call sets a state, such as a follow, a like or a deletion; repeating it changes nothing.
    Idempotent,
    /// Each call creates something: a post that is sent twice becomes two posts.
    NonIdempotent,
}

/// POST endpoints that set a state. All other POST endpoints are treated as non-idempotent.
const IDEMPOTENT_POSTS: &[&str] = &[
    "add_chat_members",
    "add_list_member",
    "add_subtitles",
    "append_chat_upload",
    "append_upload",
    "block",
    "block_dms",
    "bookmark",
    "delete_chat_messages",
    "follow",
    "follow_list",
    "like",
    "mark_chat_read",
    "mute",
    "mute_in_broadcast",
    "pin_list",
    "repost",
    "set_media_metadata",
    "show_typing",
    "subscribe",
    "unblock_dms",
    "v1.change_list",
    "v1.create_block",
    "v1.create_friendship",
    "v1.create_media_metadata",
    "v1.create_member",
    "v1.create_members",
    "v1.create_mute",
    "v1.create_subscriber",
    "v1.create_subtitles",
    "v1.delete_subtitles",
    "v1.destroy_block",
    "v1.destroy_friendship",
    "v1.destroy_member",
    "v1.destroy_members",
    "v1.destroy_subscriber",
    "v1.indicate_typing",
    "v1.mark_read",
    "v1.remove_profile_banner",
    "v1.report_spam",
    "v1.update_delivery_device",
    "v1.update_friendship",
    "v1.update_profile",
    "v1.update_profile_background_image",
    "v1.update_profile_banner",
    "v1.update_profile_colors",
    "v1.update_profile_image",
    "v1.update_settings",
];

impl Idempotency {
    /// Returns the idempotency of a call to an endpoint outside the table, by its method. A POST is always
    /// non-idempotent.
    pub fn of_method(method: &str) -> Self {
        match method {
            "GET" | "HEAD" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}

impl Endpoint {
    /// Returns the effect of sending the same call of this endpoint twice.
    pub fn idempotency(&self) -> Idempotency {
        if IDEMPOTENT_POSTS.binary_search(&self.id).is_ok() {
            Idempotency::Idempotent
        } else {
            Idempotency::of_method(self.method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_idempotent_posts_is_sorted_and_names_post_endpoints() {
        assert!(IDEMPOTENT_POSTS.is_sorted(), "IDEMPOTENT_POSTS must be sorted, since it is searched");
        for id in IDEMPOTENT_POSTS {
            let endpoint = crate::by_id(id).unwrap_or_else(|| panic!("there is no endpoint `{id}`"));
            assert_eq!(endpoint.method, "POST", "{id}: other methods need no entry");
        }
    }

    #[test]
    fn every_post_endpoint_is_classified() {
        let posts = || crate::all().filter(|endpoint| endpoint.method == "POST");
        let (idempotent, other): (Vec<_>, Vec<_>) =
            posts().partition(|endpoint| endpoint.idempotency() == Idempotency::Idempotent);
        for id in ["create_post", "send_dm", "create_list", "begin_upload", "finish_upload", "update_rules"] {
            assert!(other.iter().any(|endpoint| endpoint.id == id), "{id} must not be repeated");
        }
        assert_eq!(
            (idempotent.len(), other.len()),
            (48, 52),
            "the number of POST endpoints changed: if a new one sets a state, so that repeating it changes nothing, \
             add it to IDEMPOTENT_POSTS; then update the numbers here",
        );
    }
}
