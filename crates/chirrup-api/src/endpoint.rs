//! The description of an endpoint as data.

#[doc(hidden)]
pub mod checks;
pub(crate) mod idempotency;
pub(crate) mod limits;

use chirrup_auth::AuthKind;
use chirrup_model::{ParamKind, StreamEndpoint};
use serde_json::Value as Json;

/// A function that decodes a body into a type and encodes it again, which shows what the type keeps.
#[doc(hidden)]
pub type Rewrite = fn(&[u8]) -> Result<Json, serde_json::Error>;

/// Part of the request that carries a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParamLocation {
    /// Path of the URL.
    Path,
    /// Query of the URL.
    Query,
    /// Member of the JSON body.
    Body,
    /// Field of a form body, as used by most writes of API v1.1.
    Form,
}

/// A parameter of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Param {
    /// Name on the wire, in the `Tweet` dialect.
    pub name: &'static str,
    /// Name of the argument or setter in Rust, which clients in other languages have too.
    pub argument: &'static str,
    /// Part of the request that carries the parameter.
    pub location: ParamLocation,
    /// Values that the parameter accepts.
    pub kind: ParamKind,
    /// Whether a call must have the parameter.
    pub required: bool,
    /// Whether the client fills in the ID of the authenticated user.
    pub me: bool,
    /// Value that X assumes if a call does not have the parameter, if it is documented.
    pub default: Option<&'static str>,
    /// Description of the parameter without its bounds and default; empty if there is none.
    pub doc: &'static str,
}

impl Param {
    /// Creates an optional parameter.
    #[doc(hidden)]
    pub const fn new(name: &'static str, location: ParamLocation, kind: ParamKind, doc: &'static str) -> Self {
        Self { name, argument: name, location, kind, required: false, me: false, default: None, doc }
    }

    /// The same parameter, with this name in Rust.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_argument(mut self, argument: &'static str) -> Self {
        self.argument = argument;
        self
    }

    /// The same parameter, with the value that X assumes if it is absent.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    /// Creates an optional parameter that selects a page.
    #[doc(hidden)]
    pub const fn page_token(name: &'static str, doc: &'static str) -> Self {
        let param = Self::new(name, ParamLocation::Query, ParamKind::Text { min: 1, max: usize::MAX }, doc);
        param.with_argument("page_token")
    }

    /// The same parameter, required.
    #[doc(hidden)]
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same parameter, filled in with the ID of the authenticated user.
    #[doc(hidden)]
    #[must_use]
    pub const fn authenticated_user(mut self) -> Self {
        self.me = true;
        self.required()
    }
}

/// An authentication method that an endpoint accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// The app's own bearer token (OAuth 2.0 Application-Only).
    App,
    /// The keys of a user (OAuth 1.0a User Context).
    User,
    /// A user's OAuth 2.0 token that has all of these scopes.
    OAuth2(&'static [&'static str]),
}

impl Auth {
    /// Returns the kind of credential that the method needs.
    pub const fn kind(&self) -> AuthKind {
        match self {
            Self::App => AuthKind::AppOnly,
            Self::User => AuthKind::OAuth1,
            Self::OAuth2(_) => AuthKind::OAuth2,
        }
    }
}

/// An endpoint of the X API: one entry of the table that client, sandbox, command line and documentation share.
#[derive(Debug)]
#[non_exhaustive]
pub struct Endpoint {
    /// Unique name: that of the client method, with the prefix `v1.` for API v1.1.
    pub id: &'static str,
    /// HTTP method, such as `GET`.
    pub method: &'static str,
    /// Path with placeholders such as `{id}`.
    pub path: &'static str,
    /// Parameters in groups: first those of the endpoint alone, then those shared with other endpoints.
    pub params: &'static [&'static [Param]],
    /// Accepted authentication methods; empty if the endpoint needs none.
    pub auth: &'static [Auth],
    /// Description of the endpoint; the first sentence is a summary.
    pub doc: &'static str,
    /// Name of the price of a call, such as `Posts: Read`; `None` if X documents no price.
    pub price: Option<&'static str>,
    /// Names of the endpoint in other libraries.
    pub aliases: &'static [&'static str],
    /// A call in Rust, if the table has an example: a chain of methods of the client, with a line per setter.
    pub example: Option<&'static str>,
    /// Whether this POST sets a state, so that repeating a call changes nothing.
    pub(crate) idempotent: bool,
    /// Base URL at X, if it is not that of the API.
    pub host: Option<&'static str>,
    /// Endpoint whose rate limit window also counts the calls of this one.
    pub(crate) shares_window_with: Option<&'static Self>,
    /// Replacement or reason, if X no longer documents the endpoint.
    pub retired: Option<&'static str>,
    /// Type of the response's data in Rust, such as `Vec<Post>`.
    pub returns: &'static str,
    /// Whether the data of the response is a list.
    pub returns_list: bool,
    /// Whether the response is an endless stream of lines.
    pub streaming: bool,
    /// Name of the stream in the list of connections, if it has one.
    pub stream_name: Option<&'static StreamEndpoint>,
    /// Decodes a response body into the endpoint's type and encodes it again; only with the feature `samples`.
    #[doc(hidden)]
    pub rewrite: Option<Rewrite>,
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.path == other.path
    }
}

impl Endpoint {
    #[doc(hidden)]
    pub const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        params: &'static [&'static [Param]],
        auth: &'static [Auth],
        doc: &'static str,
    ) -> Self {
        Self {
            id,
            method,
            path,
            params,
            auth,
            doc,
            price: None,
            aliases: &[],
            example: None,
            idempotent: false,
            host: None,
            shares_window_with: None,
            retired: None,
            returns: "",
            returns_list: false,
            streaming: false,
            stream_name: None,
            rewrite: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_example(mut self, example: Option<&'static str>) -> Self {
        self.example = example;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_retired(mut self, retired: Option<&'static str>) -> Self {
        self.retired = retired;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_returns(mut self, returns: &'static str) -> Self {
        self.returns = returns;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_returns_list(mut self, returns_list: bool) -> Self {
        self.returns_list = returns_list;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_streaming(mut self, streaming: bool) -> Self {
        self.streaming = streaming;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_price(mut self, price: Option<&'static str>) -> Self {
        self.price = price;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_host(mut self, host: Option<&'static str>) -> Self {
        self.host = host;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_window(mut self, window: Option<&'static Self>) -> Self {
        self.shares_window_with = window;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_stream_name(mut self, stream_name: Option<&'static StreamEndpoint>) -> Self {
        self.stream_name = stream_name;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn with_rewrite(mut self, rewrite: Option<Rewrite>) -> Self {
        self.rewrite = rewrite;
        self
    }

    /// Returns all parameters of the endpoint.
    pub fn params(&self) -> impl Iterator<Item = &'static Param> + use<> {
        self.params.iter().flat_map(|group| group.iter())
    }

    /// Returns the parameter of this name (in the `Tweet` dialect).
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params().find(|param| param.name == name)
    }

    /// Returns the parameter that is the whole body, if the endpoint receives a file.
    pub fn file_param(&self) -> Option<&'static Param> {
        self.params().find(|param| param.kind == ParamKind::File)
    }

    /// Returns whether the endpoint belongs to API v1.1.
    pub fn is_v1(&self) -> bool {
        self.path.starts_with("/1.1/")
    }

    /// Returns the parameter that selects a page, if the endpoint has pages. Searches call it `next_token`, lists of v1.1
    /// `cursor`, and timelines of v1.1 continue below an ID.
    pub fn page_param(&self) -> Option<&'static Param> {
        ["next_token", "pagination_token", "cursor", "max_id"].into_iter().find_map(|name| self.param(name))
    }

    /// Returns the scopes that a user's OAuth 2.0 token needs; empty if the endpoint accepts no such token.
    pub fn scopes(&self) -> &'static [&'static str] {
        let scopes = self.auth.iter().find_map(|auth| match auth {
            Auth::OAuth2(scopes) => Some(*scopes),
            _ => None,
        });
        scopes.unwrap_or_default()
    }

    /// Returns the version of the API: `2` or `1.1`.
    pub fn version(&self) -> &'static str {
        if self.is_v1() { "1.1" } else { "2" }
    }

    /// Returns whether a call of the endpoint only reads.
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }
}

/// Matches a path against a template and returns the path parameters; `None` if it does not match.
pub fn match_path<'p>(template: &'static str, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
    let mut values = Vec::new();
    let mut parts = path.split('/');
    for segment in template.split('/') {
        let part = parts.next()?;
        // In v1.1 a suffix follows the placeholder: `{id}.json`.
        let (segment, part) = match segment.strip_suffix("}.json") {
            Some(stem) if part.ends_with(".json") => (&segment[..stem.len() + 1], &part[..part.len() - 5]),
            Some(_) => return None,
            None => (segment, part),
        };
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(name) => values.push((name, part)),
            None if segment == part => {}
            None => return None,
        }
    }
    if parts.next().is_some() { None } else { Some(values) }
}
