//! The permissions that a request needs, by its endpoint.

use chirrup_api::v1::friendships::{CreateFriendship, DestroyFriendship};
use chirrup_api::v1::statuses::{
    CreateFavorite, Destroy, DestroyFavorite, LookupByForm, Retweet, Unretweet, Update, UpdateWithMedia,
};
use chirrup_api::v1::users::LookupUsersByForm;
use chirrup_api::v2::connections::{CloseAllConnections, CloseConnections, CloseConnectionsTo};
use chirrup_api::v2::posts::{CountAll, CreatePost, DeletePost, SearchAll};
use chirrup_api::v2::streams::UpdateRules;
use chirrup_api::v2::users::{Follow, Like, Repost, UndoRepost, Unfollow, Unlike};
use chirrup_api::{Endpoint, Request, by_route};
use serde_json::Value as Json;

use super::permissions::Verb;

/// Permission that a request needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// A read, for the level `look`.
    Look,
    /// A stream or a search of the archive, for the level `spend`.
    Spend,
    /// A verb, at any level: reads of direct messages.
    Messages,
    /// The level `write` and all of these verbs.
    Write(Vec<Verb>),
    /// No level: the table has no such route, or no verb covers the write.
    Nothing,
}

/// Endpoints that write, by their verb. Those of posts, messages and media are not here.
const WRITES: [(Verb, &[&Endpoint]); 5] = [
    (Verb::Delete, &[DeletePost::ENDPOINT, Destroy::ENDPOINT]),
    (Verb::Like, &[Like::ENDPOINT, Unlike::ENDPOINT, CreateFavorite::ENDPOINT, DestroyFavorite::ENDPOINT]),
    (Verb::Repost, &[Repost::ENDPOINT, UndoRepost::ENDPOINT, Retweet::ENDPOINT, Unretweet::ENDPOINT]),
    (Verb::Follow, &[Follow::ENDPOINT, Unfollow::ENDPOINT, CreateFriendship::ENDPOINT, DestroyFriendship::ENDPOINT]),
    (Verb::Rules, &[UpdateRules::ENDPOINT]),
];
/// Endpoints that create a post, a reply or a quote.
const POSTS: [&Endpoint; 3] = [CreatePost::ENDPOINT, Update::ENDPOINT, UpdateWithMedia::ENDPOINT];
/// Reads whose parameters are in the body.
const READS_BY_POST: [&Endpoint; 2] = [LookupByForm::ENDPOINT, LookupUsersByForm::ENDPOINT];
/// Reads of the full archive, and the writes that let a stream connect.
const COSTLY: [&Endpoint; 5] = [
    SearchAll::ENDPOINT,
    CountAll::ENDPOINT,
    CloseConnections::ENDPOINT,
    CloseAllConnections::ENDPOINT,
    CloseConnectionsTo::ENDPOINT,
];
/// Paths of direct messages.
const MESSAGES: [&str; 4] = ["/2/dm_", "/2/chat/", "/1.1/direct_messages", "/2/users/{id}/dm/"];
/// Paths of the uploads of media.
const MEDIA: [&str; 2] = ["/2/media/", "/1.1/media/"];

impl Need {
    /// Returns what a request needs.
    pub(super) fn of(request: &Request) -> Self {
        // The route decides, and not what the caller says about it.
        let Some(endpoint) = by_route(request.method().as_str(), request.path()) else { return Self::Nothing };
        let is = |endpoints: &[&Endpoint]| endpoints.contains(&endpoint);
        let is_below = |paths: &[&str]| paths.iter().any(|path| endpoint.path.starts_with(path));
        if endpoint.streaming || is(&COSTLY) {
            return Self::Spend;
        }
        if is_below(&MESSAGES) {
            return if endpoint.is_read() { Self::Messages } else { Self::Write(vec![Verb::Message]) };
        }
        if endpoint.is_read() || is(&READS_BY_POST) {
            return Self::Look;
        }
        if is(&POSTS) {
            return Self::Write(verbs_of_post(endpoint, request));
        }
        if is_below(&MEDIA) {
            return Self::Write(vec![Verb::Media]);
        }
        let verb = WRITES.iter().find(|(_, endpoints)| is(endpoints)).map(|(verb, _)| *verb);
        verb.map_or(Self::Nothing, |verb| Self::Write(vec![verb]))
    }
}

/// Returns the verbs of a new post: a reply that quotes needs both.
fn verbs_of_post(endpoint: &Endpoint, request: &Request) -> Vec<Verb> {
    let (is_reply, is_quote) = match endpoint.is_v1() {
        true => {
            let has = |name: &str| request.target().contains(name) || has_text(request.body(), name);
            (has("in_reply_to_status_id"), has("attachment_url"))
        }
        false => {
            let body: Json = serde_json::from_slice(request.body()).unwrap_or_default();
            let has = |name: &str| !body[name].is_null();
            (has("reply"), has("quote_tweet_id") || has("quote_post_id"))
        }
    };
    let verbs = [(is_reply, Verb::Reply), (is_quote, Verb::Quote), (!is_reply && !is_quote, Verb::Post)];
    verbs.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, verb)| verb).collect()
}

fn has_text(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|part| part == text.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use std::sync::Arc;

    use chirrup_api::{Call, all, by_id};
    use chirrup_model::Dialect;

    use super::*;

    fn need(endpoint: &'static Endpoint) -> Need {
        let mut call = Call::of(endpoint);
        for param in endpoint.params().filter(|param| param.location == chirrup_api::ParamLocation::Path) {
            call.set(param.name, param.location, Ok("12".into()));
        }
        Need::of(&Request::new(Arc::new(call), "http://127.0.0.1", Dialect::Tweet).unwrap())
    }

    #[test]
    fn no_write_passes_as_a_read() {
        for endpoint in all().filter(|endpoint| !endpoint.is_read()) {
            let is_read = endpoint.streaming || READS_BY_POST.contains(&endpoint) || COSTLY.contains(&endpoint);
            assert_eq!(matches!(need(endpoint), Need::Look | Need::Spend), is_read, "{}", endpoint.id);
        }
    }

    #[test]
    fn reads_of_streams_archive_and_messages_need_more_than_the_lowest_level() {
        for (id, needed) in [
            ("search_recent", Need::Look),
            ("search_all", Need::Spend),
            ("filtered_stream", Need::Spend),
            ("dm_events", Need::Messages),
            ("v1.filter", Need::Spend),
            ("v1.lookup_by_form", Need::Look),
            ("create_list", Need::Nothing),
            ("update_rules", Need::Write(vec![Verb::Rules])),
            ("v1.upload", Need::Write(vec![Verb::Media])),
        ] {
            assert_eq!(need(by_id(id).unwrap()), needed, "{id}");
        }
    }
}
