//! The raw call: any route, with or without an entry in the table.

use std::future::IntoFuture;
use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::Secret;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::call::{AuthMode, Call};
use crate::client::ApiClient;
use crate::client::bound_call::{BoundCall, IntoCall};
use crate::client::future::BoxFuture;
use crate::endpoint::ParamLocation;
use crate::response::Response;
use crate::response::error::Error;
use crate::response::raw_response::RawResponse;
use crate::routes::by_route;

const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// Endings of the routes of v1.1 that Python Twitter Tools 1.19 sends as a POST (its `POST_ACTIONS`), one or more words
/// each. A number may follow them.
const POST_ENDINGS: [&str; 39] = [
    "update",
    "retweet",
    "update_with_media",
    "statuses/lookup",
    "new",
    "update_profile_image",
    "update_delivery_device",
    "update_profile",
    "update_profile_background_image",
    "update_profile_colors",
    "update_location",
    "end_session",
    "settings",
    "update_profile_banner",
    "remove_profile_banner",
    "leave",
    "follow",
    "destroy",
    "destroy_all",
    "create",
    "create_all",
    "users/lookup",
    "report_spam",
    "filter",
    "user",
    "site",
    "token",
    "access_token",
    "request_token",
    "invalidate_token",
    "media/upload",
    "media/metadata/create",
    "collections/create",
    "collections/destroy",
    "collections/update",
    "collections/entries/add",
    "collections/entries/curate",
    "collections/entries/move",
    "collections/entries/remove",
];

/// An untyped call of any route. The data of its response is the whole body as JSON.
///
/// Path parameters are `:id` or `{id}` and are set by name. Other parameters go into the query of a GET or DELETE and of a
/// call with a [JSON body](Self::json), the JSON body of another v2 write, or the form of a v1.1 write, unless a method sets
/// their location. The location is chosen when the call is sent, so the order of the methods does not matter.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is awaited or waited for"]
pub struct RawCall {
    pending: BoundCall,
    /// Whether the method follows from the route and the body.
    is_guessed: bool,
    args: Vec<(String, Json)>,
}

impl ApiClient {
    /// Returns a call of any route: `client.call("GET", "/2/users/:id/tweets").arg("id", 12)`.
    ///
    /// `path` is a complete URL, a v2 path, or a short v1.1 name such as `statuses/show`, which becomes
    /// `/1.1/statuses/show.json`. If the table has the route, its accepted credentials apply; parameters are not checked,
    /// since the API may be newer than the table.
    pub fn call(&self, method: &str, path: &str) -> RawCall {
        RawCall { is_guessed: false, ..self.route(path) }.method(method)
    }

    /// Returns a call of any route whose HTTP method follows from what it sends.
    ///
    /// It is POST for a call with a JSON body or a file. Otherwise, it is the method of the route if a v2 route has only one,
    /// POST if the route ends like a write of v1.1 (`update`, `create`, `destroy`, `new`, `users/lookup`, …; the list is
    /// that of Python Twitter Tools), and GET in all other cases. [`RawCall::method`] sets another one.
    pub fn route(&self, path: &str) -> RawCall {
        let (host, path) = split_host(path);
        let mut call = Call::route(None, "GET".into(), full_path(path).into());
        call.checked = false;
        call.host = host;
        RawCall { pending: self.bind(call), is_guessed: true, args: Vec::new() }
    }
}

/// Appends percent-encoded parameters to a URL, with `+` for spaces. Nothing is sent.
///
/// ```
/// let url = chirrup_api::construct_api_url("https://api.x.com/1.1/search/tweets.json", [("q", "rust lang"), ("count", "5")]);
/// assert_eq!(url, "https://api.x.com/1.1/search/tweets.json?q=rust+lang&count=5");
/// ```
pub fn construct_api_url<'p>(url: &str, parameters: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let mut whole = url.to_owned();
    let mut sign = if url.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        whole.push(sign);
        sign = '&';
        for (part, text) in [name, value].into_iter().enumerate() {
            if part == 1 {
                whole.push('=');
            }
            let mut encoded = String::new();
            chirrup_auth::oauth1::encode_into(&mut encoded, text);
            whole.push_str(&encoded.replace("%20", "+"));
        }
    }
    whole
}

/// Returns the method of a route without a body.
fn guess(path: &str) -> &'static str {
    let bare = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let mut known = METHODS.into_iter().filter(|method| by_route(method, bare).is_some());
    if bare.starts_with("/2/")
        && let (Some(only), None) = (known.next(), known.next())
    {
        return only;
    }
    let route = bare.trim_end_matches(".json");
    let route = match route.rsplit_once('/') {
        Some((before, last)) if is_placeholder(last) || last.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => route,
    };
    if POST_ENDINGS.iter().any(|ending| route.ends_with(ending)) { "POST" } else { "GET" }
}

/// Returns whether a segment of a path stands for a value: `:id`, `{id}` or `_id`.
fn is_placeholder(segment: &str) -> bool {
    segment.starts_with([':', '{', '_'])
}

fn split_host(path: &str) -> (Option<String>, &str) {
    let Some(at) = path.find("://") else {
        return (None, path);
    };
    match path[at + 3..].find('/') {
        Some(slash) => (Some(path[..at + 3 + slash].to_owned()), &path[at + 3 + slash..]),
        None => (Some(path.to_owned()), "/"),
    }
}

fn full_path(path: &str) -> String {
    let bare = path.trim_start_matches('/');
    let rooted = ["2/", "1.1/", "1/", "oauth", "i/", "labs/"].iter().any(|root| bare.starts_with(root));
    if rooted || path.starts_with('/') {
        return format!("/{bare}");
    }
    let (route, query) = bare.split_once('?').map_or((bare, String::new()), |(r, q)| (r, format!("?{q}")));
    let route = route.trim_end_matches(".json");
    format!("/1.1/{route}.json{query}")
}

impl IntoCall for RawCall {
    type Out = Json;
    fn into_call(self) -> BoundCall {
        self.ready()
    }
}

impl RawCall {
    /// Decides the method and the location of each parameter, and sets the entry of the endpoint, if the table has the
    /// route.
    fn ready(mut self) -> BoundCall {
        let call = &mut self.pending.call;
        self.args.retain(|(name, value)| !set_in_path(call, name, value));
        if self.is_guessed {
            let method = if call.has_content() { "POST" } else { guess(&call.path) };
            call.method = method.into();
        }
        if call.path.contains("media/metadata/create") && !call.has_content() {
            alt_text_as_json(call, &mut self.args);
        }
        let location = match call.method.as_ref() {
            "POST" | "PUT" | "PATCH" if call.body().is_some() => ParamLocation::Query,
            "POST" | "PUT" | "PATCH" if call.path.starts_with("/2/") => ParamLocation::Body,
            "POST" | "PUT" | "PATCH" => ParamLocation::Form,
            _ => ParamLocation::Query,
        };
        for (name, value) in self.args {
            let bare = name.strip_prefix('_').map(str::to_owned);
            call.set(bare.unwrap_or(name), location, Ok(value));
        }
        call.refuse_two_bodies();
        let bare = call.path.split('?').next().unwrap_or_default();
        call.endpoint = by_route(&call.method, bare).filter(|_| call.host.is_none());
        self.pending
    }

    /// Sets a parameter, whose name and route decide its location. `None` leaves the parameter out.
    ///
    /// As in Python Twitter Tools, `id` is appended to a path without a placeholder for it, and `_id` replaces the segment
    /// `_id` of the path, or else becomes a parameter named `id`.
    pub fn arg(mut self, name: &str, value: impl Into<Json>) -> Self {
        let value = value.into();
        self.args.retain(|(set, _)| set != name);
        if !value.is_null() {
            self.args.push((name.to_owned(), value));
        }
        self
    }

    /// Sets every parameter of a map, as [`arg`](Self::arg) does for one. A value that has no form in JSON fails the call
    /// before it is sent.
    pub fn params<N: AsRef<str>, V: Serialize>(self, params: impl IntoIterator<Item = (N, V)>) -> Self {
        params.into_iter().fold(self, |mut call, (name, value)| match serde_json::to_value(value) {
            Ok(value) => call.arg(name.as_ref(), value),
            Err(why) => {
                call.pending.call.set(name.as_ref().to_owned(), ParamLocation::Query, Err(why.to_string()));
                call
            }
        })
    }

    /// Sends a file, which makes the body `multipart/form-data`. Other parameters become fields of that body.
    pub fn file(mut self, name: &str, content: impl Into<Bytes>) -> Self {
        self.pending.call.set_file(name.to_owned(), content.into());
        self
    }

    /// Sets a parameter in the query. `None` leaves it out.
    pub fn query(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.pending.call.set(name.to_owned(), ParamLocation::Query, Ok(value.into()));
        self
    }

    /// Sets a field of a form body. `None` leaves it out.
    pub fn form(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.pending.call.set(name.to_owned(), ParamLocation::Form, Ok(value.into()));
        self
    }

    /// Sets the whole JSON body, which makes the call of a [route](ApiClient::route) a POST. Other parameters go into the
    /// query. A body of `None` is left out; a `null` inside of the body is sent.
    pub fn json(mut self, body: impl Into<Json>) -> Self {
        self.pending.call.set_body(body.into());
        self
    }

    /// Sets the HTTP method.
    pub fn method(mut self, method: &str) -> Self {
        self.pending.call.method = method.to_ascii_uppercase().into();
        self.is_guessed = false;
        self
    }

    /// Sends the call, with its credentials, to another host, such as `https://upload.x.com`.
    pub fn host(mut self, base_url: &str) -> Self {
        self.pending.call.host = Some(base_url.to_owned());
        self
    }

    /// Adds a header to the request, in addition to those of the client, and replaces an earlier one of its name. A header
    /// that the client sets itself, such as `Authorization`, fails the call before it is sent.
    pub fn header(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.pending.call.set_header(name, value);
        self
    }

    /// Sets the timeout of one attempt. The default is that of the client.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.pending.call.timeout = Some(limit);
        self
    }

    /// Uses the app's own credential, even if the client has a user's.
    pub fn as_app(mut self) -> Self {
        self.pending.call.auth_mode = AuthMode::App;
        self
    }

    /// Uses a user's credential, even if the client has the app's.
    pub fn as_user(mut self) -> Self {
        self.pending.call.auth_mode = AuthMode::User;
        self
    }

    /// Sends the call without a credential.
    pub fn unauthenticated(mut self) -> Self {
        self.pending.call.auth_mode = AuthMode::None;
        self
    }

    /// Returns the call as data, with its method and its parameters in their locations, without sending it.
    pub fn call(&self) -> Call {
        self.clone().ready().call
    }

    /// Sends the call and returns the raw response of a success, undecoded.
    ///
    /// # Errors
    /// Those of `.await`, except for a body that is not JSON.
    pub fn raw(self) -> BoxFuture<Result<RawResponse, Error>> {
        self.ready().send_raw()
    }

    /// Sends the call and blocks the thread until the response has arrived.
    ///
    /// # Errors
    /// Those of `.await`, and [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<Response<Json>, Error> {
        self.ready().wait()
    }
}

/// Sets a parameter of the path. Returns whether the parameter is one.
fn set_in_path(call: &mut Call, name: &str, value: &Json) -> bool {
    let bare = name.strip_prefix('_').unwrap_or(name);
    if call.has_placeholder(name) {
        call.set(name.to_owned(), ParamLocation::Path, Ok(value.clone()));
    } else if name.starts_with('_') && call.path.split(['/', '.']).any(|segment| segment == name) {
        let segments = call.path.split('/').map(|segment| match segment.strip_suffix(".json") {
            _ if segment == name => format!("{{{bare}}}"),
            Some(stem) if stem == name => format!("{{{bare}}}.json"),
            _ => segment.to_owned(),
        });
        call.path = segments.collect::<Vec<_>>().join("/").into();
        call.set(bare.to_owned(), ParamLocation::Path, Ok(value.clone()));
    } else if name == "id" {
        call.path = match call.path.strip_suffix(".json") {
            Some(route) => format!("{route}/{{id}}.json").into(),
            None => format!("{}/{{id}}", call.path).into(),
        };
        call.set("id", ParamLocation::Path, Ok(value.clone()));
    } else {
        return false;
    }
    true
}

/// Turns the arguments of alternative text into the JSON body that its endpoint needs, as Python Twitter Tools does.
fn alt_text_as_json(call: &mut Call, args: &mut Vec<(String, Json)>) {
    let find = |names: &[&str]| args.iter().find(|(name, _)| names.contains(&&**name)).map(|(_, value)| value.clone());
    if let (Some(id), Some(text)) = (find(&["media_id"]), find(&["alt_text", "text"]))
        && text.is_string()
    {
        args.retain(|(name, _)| !["media_id", "alt_text", "text"].contains(&&**name));
        let id = if id.is_string() { id } else { id.to_string().into() };
        call.set_body(json!({ "media_id": id, "alt_text": { "text": text } }));
    }
}

impl IntoFuture for RawCall {
    type Output = Result<Response<Json>, Error>;
    type IntoFuture = BoxFuture<Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        self.ready().send()
    }
}

#[cfg(test)]
mod tests {
    use super::{full_path, guess, split_host};

    #[test]
    fn the_method_is_guessed_from_the_ending() {
        let writes = "statuses/update users/lookup statuses/retweet/:id friendships/create.json statuses/unretweet/20 \
                      oauth2/token oauth/request_token oauth/access_token account/settings friendships/leave \
                      notifications/follow account/update_location account/end_session user site statuses/filter \
                      collections/entries/curate collections/entries/move media/upload statuses/lookup \
                      direct_messages/events/new statuses/destroy/_id /2/tweets/_id/hidden /2/oauth2/token";
        for write in writes.split_whitespace() {
            let method = guess(&full_path(write));
            assert!(matches!(method, "POST" | "PUT"), "{write}: {method}");
        }
        let reads = "statuses/show search/tweets /2/users/:id/tweets followers/ids friendships/lookup upload lists/members \
                     /2/users/by/username/user /2/tweets /2/users/me statuses/home_timeline statuses/retweets/20";
        for read in reads.split_whitespace() {
            assert_eq!(guess(&full_path(read)), "GET", "{read}");
        }
    }

    #[test]
    fn short_names_and_urls_are_accepted() {
        assert_eq!(full_path("statuses/show"), "/1.1/statuses/show.json");
        assert_eq!(full_path("2/users/me"), "/2/users/me");
        assert_eq!(
            split_host("https://upload.x.com/1.1/a.json"),
            (Some("https://upload.x.com".to_owned()), "/1.1/a.json")
        );
    }
}
