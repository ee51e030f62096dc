//! Which calls may be sent twice.

use crate::endpoint::{Endpoint, all};

/// What sending a call a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// It reads: sent twice is as sent once.
    Safe,
    /// It sets a state (follows, likes, deletes): what is so already stays so.
    Idempotent,
    /// It makes something anew each time: a post sent twice is two posts.
    NonIdempotent,
}

/// The POST requests that set a state. All others make something, or may do so.
const SETTING: &[&str] = &[
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
    /// What X has that the table does not: by the method alone, and a POST is never taken for harmless.
    pub fn of_method(method: &str) -> Self {
        match method {
            "GET" | "HEAD" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}

impl Endpoint {
    /// What sending a call of it a second time does.
    pub fn idempotency(&self) -> Idempotency {
        if SETTING.binary_search(&self.id).is_ok() {
            Idempotency::Idempotent
        } else {
            Idempotency::of_method(self.method)
        }
    }
}

/// All endpoints of this class.
pub fn all_of(repeat: Idempotency) -> impl Iterator<Item = &'static Endpoint> {
    all().filter(move |endpoint| endpoint.idempotency() == repeat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_has_its_class() {
        assert!(SETTING.is_sorted(), "it is searched");
        for id in SETTING {
            assert_eq!(crate::by_id(id).expect("declared").method, "POST");
        }
        let once: Vec<&str> = all_of(Idempotency::NonIdempotent).map(|endpoint| endpoint.id).collect();
        for id in ["create_post", "send_dm", "create_list", "begin_upload", "finish_upload", "update_rules"] {
            assert!(once.contains(&id), "{id}");
        }
        // A new endpoint must be looked at: does it make something, or set a state?
        let counts =
            [Idempotency::Safe, Idempotency::Idempotent, Idempotency::NonIdempotent].map(|class| all_of(class).count());
        assert_eq!(counts, [182, 82, 52]);
    }
}
