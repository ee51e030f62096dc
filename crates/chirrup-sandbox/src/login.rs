//! Login: the pages on which a user authorizes an app, and the URLs where apps obtain and revoke tokens.

mod oauth1;
mod oauth2;
mod pages;
mod token_exchange;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chirrup_auth::Secret;
use chirrup_auth::oauth1::{decode, encode, form_pairs};
use chirrup_model::Timestamp;
use http::Response;
use http::header::{HeaderName, HeaderValue, LOCATION};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use crate::access::auth::NonceCache;
use crate::access::rate_limits::RateLimiter;
use crate::access::received_request::ReceivedRequest;
use crate::response::api_error::ApiError;
use crate::response::http::{HTML, JSON, simple_response};
use crate::state::{Shared, State};
use crate::world::{World, from_sql, to_sql};

/// Callback URLs of an app that has set none.
const DEFAULT_CALLBACK_URLS: [&str; 4] = [
    "http://127.0.0.1:8080/callback",
    "http://localhost:8080/callback",
    "https://example.com/callback",
    "http://127.0.0.1:8080",
];

/// Request to a login URL, with the state that it reads and changes.
struct LoginRequest<'r> {
    world: &'r mut World,
    nonces: &'r mut NonceCache,
    /// Counter of rate-limited requests, unless rate limits are turned off.
    rate_limiter: Option<&'r mut RateLimiter>,
    /// Whether a new grant of a user to an app revokes the earlier one.
    single_grant: bool,
    now: Timestamp,
    http: &'r ReceivedRequest,
    /// Parameters of the query and of the form.
    params: BTreeMap<String, String>,
}

/// Response of a login URL.
#[derive(Debug)]
enum LoginResponse {
    Json(u16, Json),
    /// Parameters in form encoding, as OAuth 1.0a returns tokens.
    Form(String),
    /// Page for a browser.
    Html(u16, String),
    /// Redirect to this URL.
    Redirect(String),
    /// Refusal of a request over the rate limit, with the end of the window in seconds since the Unix epoch.
    RateLimited {
        limit: u32,
        reset: i64,
        body: Json,
    },
}

/// Result of a login handler. Errors are responses too.
type LoginResult = Result<LoginResponse, LoginResponse>;

/// App, as far as login is concerned.
#[derive(Debug, Clone)]
struct App {
    id: i64,
    key: String,
    secret: Secret,
    callback_urls: Vec<String>,
    /// Whether the app is a confidential client, which authenticates with its secret.
    confidential: bool,
}

/// Returns the response of a login URL, or `None` for any other URL.
pub(crate) fn respond(shared: &Shared, http: &ReceivedRequest) -> Option<Response<Bytes>> {
    let handler: fn(&mut LoginRequest<'_>) -> LoginResult = match (http.method(), http.path()) {
        ("POST", "/oauth/request_token") => oauth1::request_token,
        ("GET", "/oauth/authorize" | "/oauth/authenticate") => oauth1::show_consent,
        ("POST", "/oauth/authorize" | "/oauth/authenticate") => oauth1::submit_consent,
        ("POST", "/oauth/access_token") => oauth1::access_token,
        ("POST", "/1.1/oauth/invalidate_token" | "/1.1/oauth/invalidate_token.json") => oauth1::invalidate_token,
        ("POST", "/oauth2/token") => oauth2::bearer_token,
        ("POST", "/oauth2/invalidate_token") => oauth2::invalidate_bearer_token,
        ("GET", "/i/oauth2/authorize") => oauth2::show_consent,
        ("POST", "/i/oauth2/authorize") => oauth2::submit_consent,
        ("POST", "/2/oauth2/token") => oauth2::token,
        ("POST", "/2/oauth2/revoke") => oauth2::revoke,
        _ => return None,
    };
    let params = params_of(http.query(), &http.form());
    let now = shared.clock.now();
    let State { world, nonces, rate_limiter, .. } = &mut *shared.lock();
    let rate_limiter = shared.rate_limited.then_some(rate_limiter);
    let single_grant = shared.single_grant;
    let result = handler(&mut LoginRequest { world, nonces, rate_limiter, single_grant, now, http, params });
    Some(result.unwrap_or_else(|error| error).into_http())
}

/// Returns the parameters of a query and a form. The last of several with the same name applies.
fn params_of(query: &str, form: &str) -> BTreeMap<String, String> {
    let all = form_pairs(query).chain(form_pairs(form));
    all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

impl LoginResponse {
    fn into_http(self) -> Response<Bytes> {
        match self {
            Self::Json(status, body) => simple_response(status, Some(JSON), body.to_string()),
            Self::Form(text) => simple_response(200, Some(HTML), text),
            Self::Html(status, text) => simple_response(status, Some(HTML), text),
            Self::Redirect(url) => {
                let mut response = simple_response(302, None, Bytes::new());
                if let Ok(url) = HeaderValue::from_str(&url) {
                    response.headers_mut().insert(LOCATION, url);
                }
                response
            }
            Self::RateLimited { limit, reset, body } => {
                let mut response = simple_response(429, Some(JSON), body.to_string());
                let headers = [("limit", i64::from(limit)), ("remaining", 0), ("reset", reset)];
                for (name, value) in headers {
                    if let Ok(name) = HeaderName::try_from(format!("x-rate-limit-{name}")) {
                        response.headers_mut().insert(name, value.into());
                    }
                }
                response
            }
        }
    }
}

impl LoginRequest<'_> {
    /// Returns a parameter; empty if it is missing.
    fn param(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Returns the app with this consumer key or client ID.
    fn app(&self, key: &str) -> Result<Option<App>, LoginResponse> {
        let text = "SELECT id, key, secret FROM app WHERE key = ?";
        let found = self.world.db.query_row(text, [key], |row| {
            Ok(App {
                id: row.get(0)?,
                key: row.get(1)?,
                secret: row.get::<_, String>(2)?.into(),
                callback_urls: Vec::new(),
                confidential: false,
            })
        });
        let Some(mut app) = found.optional().map_err(database_error)? else { return Ok(None) };
        let settings = self.world.document("app", &app.id.to_string()).map_err(database_error)?.unwrap_or_default();
        app.confidential = settings["confidential"] == true;
        app.callback_urls = match settings["callbacks"].as_array() {
            Some(list) => list.iter().filter_map(|url| url.as_str().map(str::to_owned)).collect(),
            None => DEFAULT_CALLBACK_URLS.map(str::to_owned).to_vec(),
        };
        Ok(Some(app))
    }

    /// Returns the app that authenticates by HTTP Basic with key and secret.
    fn app_of_basic_auth(&self) -> Result<Option<App>, LoginResponse> {
        let encoded = self.http.authorization().strip_prefix("Basic ").unwrap_or_default();
        let decoded = STANDARD.decode(encoded.trim()).unwrap_or_default();
        let text = String::from_utf8(decoded).unwrap_or_default();
        let Some((key, secret)) = text.split_once(':') else { return Ok(None) };
        let app = self.app(&decode(key, false))?;
        Ok(app.filter(|app| app.secret.expose() == decode(secret, false)))
    }

    /// Stores what belongs to a temporary token, such as a request token or an authorization code.
    fn store(&self, kind: &str, token: &str, json: &Json) -> Result<(), LoginResponse> {
        self.world.put_document(kind, token, 0, json).map_err(database_error)
    }

    /// Removes what belongs to a temporary token and returns it, since such a token can be used once.
    fn take(&self, kind: &str, token: &str) -> Result<Option<Json>, LoginResponse> {
        let found = self.world.document(kind, token).map_err(database_error)?;
        self.world.remove_document(kind, token).map_err(database_error)?;
        Ok(found)
    }

    /// Returns the user that the consent form names.
    fn consenting_user(&self) -> Result<u64, LoginResponse> {
        let username = self.param("user").trim_start_matches('@');
        let found = self.world.user_id(username).map_err(database_error)?;
        found.ok_or_else(|| pages::message(400, "The sandbox has no user of this name."))
    }

    fn username(&self, user: i64) -> Result<String, LoginResponse> {
        Ok(self.world.username(from_sql(user)).map_err(database_error)?.unwrap_or_default())
    }

    fn add_token(
        &self,
        token: &str,
        kind: &str,
        secret: &str,
        app: i64,
        user: Option<u64>,
        scopes: &str,
    ) -> Result<(), LoginResponse> {
        let text = "INSERT INTO token (token, kind, secret, app_id, user_id, scopes) VALUES (?, ?, ?, ?, ?, ?)";
        let row = params![token, kind, secret, app, user.map(to_sql), scopes];
        self.world.db.execute(text, row).map(drop).map_err(database_error)
    }

    /// Removes a token. Returns whether the app had it.
    fn remove_token(&self, token: &str, kind: &str, app: i64) -> Result<bool, LoginResponse> {
        let text = "DELETE FROM token WHERE token = ? AND kind = ? AND app_id = ?";
        self.world.db.execute(text, params![token, kind, app]).map(|removed| removed > 0).map_err(database_error)
    }
}

/// Returns the response to a failure of the sandbox's database.
fn database_error(error: rusqlite::Error) -> LoginResponse {
    let error = ApiError::from(error);
    LoginResponse::Json(error.status, error.body)
}

/// Returns an error in the form of v1.1.
fn v1_error(status: u16, code: u32, message: &str) -> LoginResponse {
    LoginResponse::Json(status, json!({"errors": [{"code": code, "message": message}]}))
}

/// Appends parameters to a URL.
fn with_query(url: &str, params: &[(&str, &str)]) -> String {
    let mut out = url.to_owned();
    for (name, value) in params {
        let separator = if out.contains('?') { '&' } else { '?' };
        let _ = write!(out, "{separator}{name}={}", encode(value));
    }
    out
}
