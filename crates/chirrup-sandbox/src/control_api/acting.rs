//! Routes that call the API as a user, outside of rate limits, bill, faults and journal.

use bytes::Bytes;
use chirrup_api::v2::direct_messages::SendDm;
use chirrup_api::v2::posts::{CreatePost, DeletePost};
use chirrup_api::v2::users::{
    Block, Bookmark, Follow, Like, Mute, Repost, Unblock, UndoRepost, Unfollow, Unlike, Unmute,
};
use chirrup_api::{Endpoint, by_route};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Response, Uri};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, PATH, Reply};
use crate::access::received_request::ReceivedRequest;
use crate::handlers::find;
use crate::server::body::Body;
use crate::server::dispatch::dispatch_as;

/// Body of `POST act`: an action of a user.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Action {
    #[serde(rename = "as")]
    pub(super) username: String,
    pub(super) verb: String,
    pub(super) text: Option<String>,
    pub(super) to: Option<String>,
    #[serde(default)]
    pub(super) media_ids: Vec<String>,
}

/// Calls an endpoint as a user: `as/USERNAME/2/tweets`, with the method and body of the endpoint.
pub(super) fn call_as(request: &ControlRequest<'_>, username: &str) -> Result<Reply, ControlError> {
    let user = request.user(username)?;
    let prefix = PATH.len() + "as/".len() + username.len();
    let rest = request.head.uri.path_and_query().map_or("", |path| path.as_str()).get(prefix..).unwrap_or_default();
    let uri: Uri = rest.parse().map_err(|_| ControlError::invalid("the path after the username is invalid"))?;
    let mut head = request.head.clone();
    head.uri = uri;
    let endpoint = by_route(head.method.as_str(), head.uri.path());
    let endpoint = endpoint.ok_or_else(|| ControlError::missing("endpoint", format!("{} {rest}", head.method)))?;
    call(request, user, endpoint, head, request.body.clone()).map(Reply::Api)
}

/// Acts as a user: `POST act`.
pub(super) fn act(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    perform(request, &request.json()?).map(Reply::Api)
}

/// Performs an action, and returns the response of the API.
pub(super) fn perform(request: &ControlRequest<'_>, act: &Action) -> Result<Response<Body>, ControlError> {
    let user = request.user(&act.username)?;
    let me = user.to_string();
    let to =
        || act.to.as_deref().ok_or_else(|| ControlError::invalid(format!("`to` is missing: {} needs it", act.verb)));
    let other = || Ok::<_, ControlError>(request.user(to()?)?.to_string());
    let post = |more: Json| {
        let mut body = more;
        body["text"] = act.text.clone().unwrap_or_default().into();
        if !act.media_ids.is_empty() {
            body["media"] = json!({"media_ids": act.media_ids});
        }
        body
    };
    let none = Json::Null;
    let (endpoint, last, body) = match act.verb.as_str() {
        "post" => (CreatePost::ENDPOINT, None, post(json!({}))),
        "reply" => (CreatePost::ENDPOINT, None, post(json!({"reply": {"in_reply_to_tweet_id": to()?}}))),
        "quote" => (CreatePost::ENDPOINT, None, post(json!({"quote_tweet_id": to()?}))),
        "delete" => (DeletePost::ENDPOINT, Some(to()?.to_owned()), none),
        "repost" => (Repost::ENDPOINT, None, json!({"tweet_id": to()?})),
        "unrepost" => (UndoRepost::ENDPOINT, Some(to()?.to_owned()), none),
        "like" => (Like::ENDPOINT, None, json!({"tweet_id": to()?})),
        "unlike" => (Unlike::ENDPOINT, Some(to()?.to_owned()), none),
        "bookmark" => (Bookmark::ENDPOINT, None, json!({"tweet_id": to()?})),
        "follow" => (Follow::ENDPOINT, None, json!({"target_user_id": other()?})),
        "unfollow" => (Unfollow::ENDPOINT, Some(other()?), none),
        "mute" => (Mute::ENDPOINT, None, json!({"target_user_id": other()?})),
        "unmute" => (Unmute::ENDPOINT, Some(other()?), none),
        "block" => (Block::ENDPOINT, None, json!({"target_user_id": other()?})),
        "unblock" => (Unblock::ENDPOINT, Some(other()?), none),
        "dm" => (SendDm::ENDPOINT, Some(other()?), json!({"text": act.text})),
        verb => return Err(ControlError::missing("verb", verb)),
    };
    let path = filled_path(endpoint, &me, last.as_deref());
    let mut head = request.head.clone();
    head.method = endpoint.method.parse().map_err(|_| ControlError::invalid("the method is invalid"))?;
    head.uri = path.parse().map_err(|_| ControlError::invalid("`to` is not an ID"))?;
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
    call(request, user, endpoint, head, body)
}

/// Returns the path of an endpoint with its parameters: the acting user as `id` before others, and `last` as the last one.
fn filled_path(endpoint: &Endpoint, me: &str, last: Option<&str>) -> String {
    let params = endpoint.path.matches('{').count();
    let mut number = 0;
    let segment = |segment: &str| {
        if !segment.starts_with('{') {
            return segment.to_owned();
        }
        number += 1;
        let value = if number == params { last.unwrap_or(me) } else { me };
        value.to_owned()
    };
    endpoint.path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn call(
    request: &ControlRequest<'_>,
    user: u64,
    endpoint: &'static Endpoint,
    head: Parts,
    body: Bytes,
) -> Result<Response<Body>, ControlError> {
    if endpoint.streaming {
        return Err(ControlError::invalid("a stream cannot be opened as a user: open it with a token of the user"));
    }
    let handler = find(endpoint).ok_or_else(|| ControlError::missing("endpoint", endpoint.id))?;
    let received = ReceivedRequest::new(head, body);
    Ok(dispatch_as(user, request.world, endpoint, handler, &received))
}
