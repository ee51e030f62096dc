//! The raw call: any route, with or without an entry in the table.

use std::future::IntoFuture;
use std::time::Duration;

use serde_json::Value as Json;

use crate::call::{AuthMode, Call};
use crate::client::ApiClient;
use crate::client::bound_call::{BoundCall, IntoCall};
use crate::client::future::BoxFuture;
use crate::endpoint::ParamLocation;
use crate::response::Response;
use crate::response::error::Error;
use crate::response::raw_response::RawResponse;
use crate::table::by_route;

/// Last words of the routes of v1.1 that Python Twitter Tools treats as writes.
const POST_ENDINGS: [&str; 26] = [
    "update",
    "retweet",
    "update_with_media",
    "lookup",
    "create",
    "destroy",
    "destroy_all",
    "new",
    "upload",
    "add",
    "remove",
    "report_spam",
    "update_profile",
    "update_profile_image",
    "update_profile_background_image",
    "update_profile_colors",
    "update_profile_banner",
    "remove_profile_banner",
    "update_delivery_device",
    "filter",
    "members/create_all",
    "members/destroy_all",
    "create_all",
    "destroy_all",
    "invalidate_token",
    "unretweet",
];

/// An untyped call of any route. The data of its response is the whole body as JSON.
///
/// Path parameters are `:id` or `{id}` and are set by name. Other parameters go into the query of a GET or DELETE, the
/// JSON body of a v2 write, or the form of a v1.1 write, unless a method sets their location.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is awaited or waited for"]
pub struct RawCall {
    pending: BoundCall,
}

impl ApiClient {
    /// Returns a call of any route: `client.call("GET", "/2/users/:id/tweets").arg("id", 12)`.
    ///
    /// `path` is a complete URL, a v2 path, or a short v1.1 name such as `statuses/show`, which becomes
    /// `/1.1/statuses/show.json`. If the table has the route, its accepted credentials apply; parameters are not checked,
    /// since the API may be newer than the table.
    pub fn call(&self, method: &str, path: &str) -> RawCall {
        let (host, path) = split_host(path);
        let path = full_path(path);
        let method = method.to_ascii_uppercase();
        let mut call = Call::route(None, method.into(), path.into());
        call.checked = false;
        call.host = host;
        RawCall { pending: self.bind(call) }
    }

    /// Returns a call of any route whose method is guessed: POST if the last word of the route is that of a write
    /// (`update`, `create`, `destroy`, `new`, `lookup`, …), GET otherwise.
    pub fn route(&self, path: &str) -> RawCall {
        self.call(guess(path), path)
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

fn guess(path: &str) -> &'static str {
    let bare = path.split('?').next().unwrap_or_default().trim_end_matches(".json");
    let words = bare.split('/').filter(|w| !w.is_empty() && !w.starts_with([':', '{', '_']));
    let last = words.rev().find(|w| !w.bytes().all(|b| b.is_ascii_digit())).unwrap_or_default();
    if POST_ENDINGS.contains(&last) && !bare.starts_with("/2/") { "POST" } else { "GET" }
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
    /// Sets the entry of the endpoint, if the table has the route.
    fn ready(mut self) -> BoundCall {
        let call = &mut self.pending.call;
        let bare = call.path.split('?').next().unwrap_or_default();
        call.endpoint = by_route(&call.method, bare).filter(|_| call.host.is_none());
        self.pending
    }

    /// Sets a parameter, whose name and route decide its location.
    ///
    /// As in Python Twitter Tools, `id` is appended to a path without a placeholder for it, and `_id` replaces the segment
    /// `_id` of the path, or else becomes a parameter named `id`.
    pub fn arg(mut self, name: &str, value: impl Into<Json>) -> Self {
        let value = value.into();
        let call = &mut self.pending.call;
        let bare = name.strip_prefix('_').unwrap_or(name);
        if has_placeholder(&call.path, name) {
            call.set(name.to_owned(), ParamLocation::Path, Ok(value));
        } else if name.starts_with('_') && call.path.split(['/', '.']).any(|s| s == name) {
            call.path = call.path.replacen(name, &format!("{{{bare}}}"), 1).into();
            call.set(bare.to_owned(), ParamLocation::Path, Ok(value));
        } else if name == "id" {
            call.path = match call.path.strip_suffix(".json") {
                Some(route) => format!("{route}/{{id}}.json").into(),
                None => format!("{}/{{id}}", call.path).into(),
            };
            call.set("id", ParamLocation::Path, Ok(value));
        } else {
            let place = match call.method.as_ref() {
                "POST" | "PUT" | "PATCH" if call.path.starts_with("/2/") => ParamLocation::Body,
                "POST" | "PUT" | "PATCH" => ParamLocation::Form,
                _ => ParamLocation::Query,
            };
            call.set(bare.to_owned(), place, Ok(value));
        }
        self
    }

    /// Sets a parameter in the query.
    pub fn query(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.pending.call.set(name.to_owned(), ParamLocation::Query, Ok(value.into()));
        self
    }

    /// Sets a field of a form body.
    pub fn form(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.pending.call.set(name.to_owned(), ParamLocation::Form, Ok(value.into()));
        self
    }

    /// Sets the whole JSON body.
    pub fn json(mut self, body: impl Into<Json>) -> Self {
        self.pending.call.set_body(body.into());
        self
    }

    /// Sets the HTTP method. Call it before setting parameters, since their location depends on it.
    pub fn method(mut self, method: &str) -> Self {
        self.pending.call.method = method.to_ascii_uppercase().into();
        self
    }

    /// Sends the call, with its credentials, to another host, such as `https://upload.x.com`.
    pub fn host(mut self, base_url: &str) -> Self {
        self.pending.call.host = Some(base_url.to_owned());
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

    /// Returns the call as data, without sending it.
    pub fn call(&self) -> &Call {
        &self.pending.call
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

fn has_placeholder(path: &str, name: &str) -> bool {
    path.split(['/', '?', '.']).any(|segment| {
        let braced = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
        braced.or_else(|| segment.strip_prefix(':')) == Some(name)
    })
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
        for write in ["statuses/update", "users/lookup", "statuses/retweet/:id", "friendships/create.json"] {
            assert_eq!(guess(write), "POST", "{write}");
        }
        for read in ["statuses/show", "search/tweets", "/2/users/:id/tweets", "followers/ids"] {
            assert_eq!(guess(read), "GET", "{read}");
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
