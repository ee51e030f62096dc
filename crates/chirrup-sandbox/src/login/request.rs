//! Requests to the login URLs, and the apps that they concern.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chirrup_auth::oauth1::{decode, form_pairs};
use chirrup_auth::{Secret, constant_time_eq};
use chirrup_model::Timestamp;
use http::Uri;
use rusqlite::{OptionalExtension as _, params};
use serde_json::Value as Json;

use super::response::{LoginResponse, database_error};
use crate::access::auth::NonceCache;
use crate::access::rate_limits::RateLimiter;
use crate::access::received_request::ReceivedRequest;
use crate::world::{World, from_sql, to_sql};

/// Callback URLs of an app that has set none.
const DEFAULT_CALLBACK_URLS: [&str; 3] =
    ["http://127.0.0.1:8080/callback", "https://example.com/callback", "http://127.0.0.1:8080"];

/// Request to a login URL, with the state that it reads and changes.
pub(super) struct LoginRequest<'r> {
    pub(super) world: &'r mut World,
    pub(super) nonces: &'r mut NonceCache,
    /// Counter of rate-limited requests, unless rate limits are turned off.
    pub(super) rate_limiter: Option<&'r mut RateLimiter>,
    /// Whether a new grant of a user to an app revokes the earlier one.
    pub(super) single_grant: bool,
    /// Secret from which the tokens of the consent forms are derived.
    pub(super) form_secret: &'r Secret,
    pub(super) now: Timestamp,
    pub(super) http: &'r ReceivedRequest,
    /// Parameters of the query and of the form.
    pub(super) params: BTreeMap<String, String>,
    /// App and user of the token that the request revoked.
    pub(super) revoked: Option<(i64, u64)>,
}

/// App, as far as login is concerned.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: i64,
    pub(super) key: String,
    /// Consumer secret of OAuth 1.0a.
    pub(super) secret: Secret,
    /// Client secret of OAuth 2.0, if it differs from the consumer secret.
    pub(super) client_secret: Option<Secret>,
    pub(super) callback_urls: Vec<String>,
    /// Whether the app is a confidential client, which authenticates with its secret.
    pub(super) confidential: bool,
}

impl App {
    /// Returns whether users can return to this URL after login. X refuses `localhost`; `127.0.0.1` is accepted.
    pub(super) fn may_return_to(&self, url: &str) -> bool {
        let host = url.parse::<Uri>().ok().and_then(|url| url.host().map(str::to_ascii_lowercase));
        host.as_deref() != Some("localhost") && self.callback_urls.iter().any(|approved| approved == url)
    }
}

/// Returns the parameters of the query and the body of a request. The last of several with the same name applies. The URLs
/// of OAuth 2.0 accept a JSON object instead of a form, which twitter-api-v2 sends.
pub(super) fn params_of(http: &ReceivedRequest) -> BTreeMap<String, String> {
    let (query, form) = (http.query(), http.form());
    let pairs = form_pairs(query).chain(form_pairs(&form));
    let mut params: BTreeMap<_, _> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if http.path().starts_with("/2/")
        && http.content_type().to_ascii_lowercase().starts_with("application/json")
        && let Ok(Json::Object(members)) = serde_json::from_slice(&http.body)
    {
        let texts = members.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        params.extend(texts);
    }
    params
}

impl LoginRequest<'_> {
    /// Returns a parameter; empty if it is missing.
    pub(super) fn param(&self, name: &str) -> &str {
        self.params.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Returns the app with this consumer key or client ID.
    pub(super) fn app(&self, key: &str) -> Result<Option<App>, LoginResponse> {
        let text = "SELECT id, key, secret FROM app WHERE key = ?";
        let found = self.world.db.query_row(text, [key], |row| {
            Ok(App {
                id: row.get(0)?,
                key: row.get(1)?,
                secret: row.get::<_, String>(2)?.into(),
                client_secret: None,
                callback_urls: Vec::new(),
                confidential: false,
            })
        });
        let Some(mut app) = found.optional().map_err(database_error)? else { return Ok(None) };
        let settings = self.world.document("app", &app.id.to_string()).map_err(database_error)?.unwrap_or_default();
        app.confidential = settings["confidential"] == true;
        app.client_secret = settings["client_secret"].as_str().map(Secret::from);
        app.callback_urls = match settings["callbacks"].as_array() {
            Some(list) => list.iter().filter_map(|url| url.as_str().map(str::to_owned)).collect(),
            None => DEFAULT_CALLBACK_URLS.map(str::to_owned).to_vec(),
        };
        Ok(Some(app))
    }

    /// Returns the app that authenticates by HTTP Basic with consumer key and consumer secret.
    pub(super) fn app_of_basic_auth(&self) -> Result<Option<App>, LoginResponse> {
        self.app_with_secret(|app| &app.secret)
    }

    /// Returns the app that authenticates by HTTP Basic with client ID and client secret.
    pub(super) fn client_of_basic_auth(&self) -> Result<Option<App>, LoginResponse> {
        self.app_with_secret(|app| app.client_secret.as_ref().unwrap_or(&app.secret))
    }

    fn app_with_secret(&self, expected: impl Fn(&App) -> &Secret) -> Result<Option<App>, LoginResponse> {
        let encoded = self.http.authorization().strip_prefix("Basic ").unwrap_or_default();
        let decoded = STANDARD.decode(encoded.trim()).unwrap_or_default();
        let text = String::from_utf8(decoded).unwrap_or_default();
        let Some((key, secret)) = text.split_once(':') else { return Ok(None) };
        let app = self.app(&decode(key, false))?;
        Ok(app.filter(|app| constant_time_eq(expected(app).expose(), &decode(secret, false))))
    }

    /// Stores what belongs to a temporary token, such as a request token or an authorization code.
    pub(super) fn store(&self, kind: &str, token: &str, json: &Json) -> Result<(), LoginResponse> {
        self.world.put_document(kind, token, 0, json).map_err(database_error)
    }

    /// Removes what belongs to a temporary token and returns it, since such a token can be used once.
    pub(super) fn take(&self, kind: &str, token: &str) -> Result<Option<Json>, LoginResponse> {
        let found = self.world.document(kind, token).map_err(database_error)?;
        self.world.remove_document(kind, token).map_err(database_error)?;
        Ok(found)
    }

    pub(super) fn username(&self, user: i64) -> Result<String, LoginResponse> {
        Ok(self.world.username(from_sql(user)).map_err(database_error)?.unwrap_or_default())
    }

    pub(super) fn add_token(
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

    /// Returns the user of a token of the app.
    pub(super) fn user_of_token(&self, token: &str, kind: &str, app: i64) -> Result<Option<u64>, LoginResponse> {
        let text = "SELECT user_id FROM token WHERE token = ? AND kind = ? AND app_id = ? AND user_id IS NOT NULL";
        let user = self.world.db.query_row(text, params![token, kind, app], |row| row.get::<_, i64>(0)).optional();
        Ok(user.map_err(database_error)?.map(from_sql))
    }

    /// Removes a token. Returns whether the app had it.
    pub(super) fn remove_token(&self, token: &str, kind: &str, app: i64) -> Result<bool, LoginResponse> {
        let text = "DELETE FROM token WHERE token = ? AND kind = ? AND app_id = ?";
        self.world.db.execute(text, params![token, kind, app]).map(|removed| removed > 0).map_err(database_error)
    }
}
