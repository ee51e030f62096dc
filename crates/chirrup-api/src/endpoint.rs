//! What an endpoint is, as data, and the list of all of them.

use std::collections::BTreeSet;

use chirrup_auth::{AuthKind, Scope};
use chirrup_model::ParamKind;

use crate::error::Error;

/// Where a parameter stands in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// A member of the JSON body.
    Body,
    /// A field of a form body, as most of v1.1 has it.
    Form,
}

/// One parameter of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Its name on the wire, in the `Tweet` dialect.
    pub name: &'static str,
    /// Where it stands.
    pub location: ParamLocation,
    /// What it accepts.
    pub kind: ParamKind,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is the id of the user who calls, which the client fills in by itself.
    pub me: bool,
    /// What it is for.
    pub doc: &'static str,
}

/// One way to prove who calls, as an endpoint accepts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// The app for itself.
    App,
    /// A user by OAuth 1.0a.
    User,
    /// A user by OAuth 2.0 whose token has all of these scopes.
    OAuth2(&'static [&'static str]),
}

impl Auth {
    /// The kind of credential that it asks for.
    pub const fn kind(&self) -> AuthKind {
        match self {
            Self::App => AuthKind::AppOnly,
            Self::User => AuthKind::OAuth1,
            Self::OAuth2(_) => AuthKind::OAuth2,
        }
    }
}

/// One endpoint: everything that client, sandbox, command line and documentation need to know of it.
#[derive(Debug)]
pub struct Endpoint {
    /// Its name: that of the method of [`Client`](crate::Client).
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with holes such as `{id}`.
    pub path: &'static str,
    /// Its parameters: its own, then the groups that it shares with others.
    pub params: &'static [&'static [Param]],
    /// The credentials that it accepts; empty if it needs none.
    pub auth: &'static [Auth],
    /// What it does, in a sentence or more.
    pub doc: &'static str,
    /// Names that other libraries have for it.
    pub aliases: &'static [&'static str],
    /// Why it is retired, if it is.
    pub retired: Option<&'static str>,
    /// Whether the answer is a stream of lines that goes on until one side ends it.
    pub streaming: bool,
    /// Reads the body of a reply into the entry's type and writes it again; with the feature `samples` alone.
    #[doc(hidden)]
    pub rewrite: Option<crate::response::Rewrite>,
}

impl PartialEq for Endpoint {
    /// Names are unique.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.path == other.path
    }
}

impl Endpoint {
    /// All parameters.
    pub fn params(&self) -> impl Iterator<Item = &'static Param> + use<> {
        self.params.iter().flat_map(|group| group.iter())
    }
    /// The parameter of this name (in the `Tweet` dialect).
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params().find(|param| param.name == name)
    }
    /// Whether it belongs to API v1.1.
    pub fn is_v1(&self) -> bool {
        self.path.starts_with("/1.1/")
    }
    /// The parameter that names the next page, if the endpoint has pages. Searches call it `next_token`, lists of v1.1
    /// `cursor`, and timelines of v1.1 go on below an id.
    pub fn page_param(&self) -> Option<&'static Param> {
        ["next_token", "pagination_token", "cursor", "max_id"].into_iter().find_map(|name| self.param(name))
    }
    /// The scopes that an OAuth 2.0 token must have; empty if such a token does not help.
    pub fn scopes(&self) -> &'static [&'static str] {
        let found = self.auth.iter().find_map(|auth| match auth {
            Auth::OAuth2(scopes) => Some(*scopes),
            _ => None,
        });
        found.unwrap_or_default()
    }
    /// `2`, or `1.1`.
    pub fn version(&self) -> &'static str {
        if self.path.starts_with("/1.1/") { "1.1" } else { "2" }
    }
    /// Whether a call only reads.
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }
}

/// Every endpoint there is.
///
/// ```
/// let reads = chirrup_api::all().filter(|endpoint| endpoint.is_read()).count();
/// assert!(reads > 10);
/// ```
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    crate::v2::AREAS.iter().chain(crate::v1::AREAS).flat_map(|area| area.iter().copied())
}

/// The endpoint of this name.
pub fn by_id(id: &str) -> Option<&'static Endpoint> {
    all().find(|endpoint| endpoint.id == id)
}

/// The fewest scopes with which a user's OAuth 2.0 token can call all of these endpoints, named as their methods are.
///
/// ```
/// use chirrup_api::auth::Scope;
/// let scopes = chirrup_api::scopes_for(["get_me", "create_post"])?;
/// assert_eq!(scopes, [Scope::TweetRead, Scope::TweetWrite, Scope::UsersRead]);
/// # Ok::<(), chirrup_api::Error>(())
/// ```
///
/// # Errors
/// If the table does not know a name, or an endpoint does not take such a token.
pub fn scopes_for<'a>(endpoints: impl IntoIterator<Item = &'a str>) -> Result<Vec<Scope>, Error> {
    let mut scopes = BTreeSet::new();
    for id in endpoints {
        let endpoint = by_id(id).ok_or_else(|| Error::configuration(format!("there is no endpoint `{id}`")))?;
        if !endpoint.auth.iter().any(|auth| auth.kind() == AuthKind::OAuth2) {
            let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| auth.kind().name()).collect();
            let message = format!("`{id}` takes no user's OAuth 2.0 token, but {}", kinds.join(" or "));
            return Err(Error::configuration(message));
        }
        // A test holds that all scopes of the table are known ones.
        scopes.extend(endpoint.scopes().iter().filter_map(|scope| scope.parse::<Scope>().ok()));
    }
    Ok(scopes.into_iter().collect())
}

/// The endpoint of this method and path; a hole may be written `{id}` or `:id`, or be filled.
pub fn by_route(method: &str, path: &str) -> Option<&'static Endpoint> {
    let mut found: Option<&'static Endpoint> = None;
    for endpoint in all().filter(|endpoint| endpoint.method == method) {
        if let Some(fill) = match_path(endpoint.path, path) {
            // `/2/users/me` and `/2/users/{id}` both fit; the one that says it literally wins.
            if fill.is_empty() {
                return Some(endpoint);
            }
            found = found.or(Some(endpoint));
        }
    }
    // Look-ups of v1.1 can be sent as a form, too, so that long lists fit.
    if found.is_none() && method == "POST" && path.starts_with("/1.1/") && path.ends_with("/lookup.json") {
        return by_route("GET", path);
    }
    found
}

/// Holds a path against a template: the holes and what they are filled with; `None` if it does not fit.
pub fn match_path<'p>(template: &'static str, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
    let mut fill = Vec::new();
    let mut parts = path.split('/');
    for segment in template.split('/') {
        let part = parts.next()?;
        // In v1.1 the ending follows the hole: `{id}.json`.
        let (segment, part) = match segment.strip_suffix("}.json") {
            Some(stem) if part.ends_with(".json") => (&segment[..stem.len() + 1], &part[..part.len() - 5]),
            Some(_) => return None,
            None => (segment, part),
        };
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(_) if part.is_empty() => return None,
            Some(hole) => fill.push((hole, part)),
            None if segment == part => {}
            None => return None,
        }
    }
    if parts.next().is_some() { None } else { Some(fill) }
}

// What follows runs while the table is compiled, where no iterator does.

const fn same(a: &[u8], from: usize, to: usize, b: &[u8]) -> bool {
    if to - from != b.len() {
        return false;
    }
    let mut i = 0;
    while i < b.len() {
        if a[from + i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn has_path_param(params: &[&[Param]], path: &[u8], from: usize, to: usize) -> bool {
    let mut g = 0;
    while g < params.len() {
        let mut p = 0;
        while p < params[g].len() {
            let param = &params[g][p];
            if matches!(param.location, ParamLocation::Path) && same(path, from, to, param.name.as_bytes()) {
                return true;
            }
            p += 1;
        }
        g += 1;
    }
    false
}

const fn count_path_params(params: &[&[Param]]) -> usize {
    let mut count = 0;
    let mut g = 0;
    while g < params.len() {
        let mut p = 0;
        while p < params[g].len() {
            if matches!(params[g][p].location, ParamLocation::Path) {
                count += 1;
            }
            p += 1;
        }
        g += 1;
    }
    count
}

/// Whether every hole of the path has a path parameter, and every path parameter a hole.
#[doc(hidden)]
pub const fn holes_match(endpoint: &Endpoint) -> bool {
    let path = endpoint.path.as_bytes();
    let mut holes = 0;
    let mut i = 0;
    while i < path.len() {
        if path[i] == b'{' {
            let from = i + 1;
            while i < path.len() && path[i] != b'}' {
                i += 1;
            }
            if i == path.len() || !has_path_param(endpoint.params, path, from, i) {
                return false;
            }
            holes += 1;
        }
        i += 1;
    }
    holes == count_path_params(endpoint.params)
}

/// Whether a request without a body has no body parameters.
#[doc(hidden)]
pub const fn body_allowed(endpoint: &Endpoint) -> bool {
    if !same(endpoint.method.as_bytes(), 0, endpoint.method.len(), b"GET") {
        return true;
    }
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            if matches!(endpoint.params[g][p].location, ParamLocation::Body | ParamLocation::Form) {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}

/// Whether no two parameters share a name.
#[doc(hidden)]
pub const fn names_unique(endpoint: &Endpoint) -> bool {
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            let name = endpoint.params[g][p].name.as_bytes();
            let mut seen = 0;
            let mut h = 0;
            while h < endpoint.params.len() {
                let mut q = 0;
                while q < endpoint.params[h].len() {
                    if same(name, 0, name.len(), endpoint.params[h][q].name.as_bytes()) {
                        seen += 1;
                    }
                    q += 1;
                }
                h += 1;
            }
            if seen != 1 {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}

/// Whether all bounds are in order.
#[doc(hidden)]
pub const fn bounds_ordered(endpoint: &Endpoint) -> bool {
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            if !endpoint.params[g][p].kind.is_sound() {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}
