//! Creation of apps, with users and their tokens.

use chirrup_auth::Secret;
use chirrup_model::{Timestamp, UserId};
use rusqlite::params;

use crate::access::app_keys::all_scopes;
use crate::error::SandboxError;
use crate::random::{random_bearer_token, random_token};
use crate::world::{World, to_sql};

/// Access levels of an app, as X writes them in the `x-access-level` header.
const ACCESS_LEVELS: [&str; 3] = ["read", "read-write", "read-write-directmessages"];

/// App to create in the sandbox, as in X's developer portal.
///
/// ```
/// use chirrup_sandbox::{NewApp, Sandbox};
///
/// let sandbox = Sandbox::builder().users(10).posts(50).start()?;
/// let app = sandbox.create_app(&NewApp::default().user("grace").access_level("read"))?;
/// assert_eq!(app.users[0].username, "grace");
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct NewApp {
    access_level: String,
    confidential: bool,
    client_secret: Option<Secret>,
    callback_urls: Vec<String>,
    users: Vec<String>,
}

impl Default for NewApp {
    fn default() -> Self {
        let access_level = "read-write-directmessages".to_owned();
        Self { access_level, confidential: false, client_secret: None, callback_urls: Vec::new(), users: Vec::new() }
    }
}

impl NewApp {
    /// Access level of the app: `read`, `read-write` or `read-write-directmessages`, which is the default.
    pub fn access_level(mut self, level: impl Into<String>) -> Self {
        self.access_level = level.into();
        self
    }
    /// Makes the app a confidential client, which authenticates with its secret to obtain OAuth 2.0 tokens. The default is a
    /// public client.
    pub fn confidential(mut self) -> Self {
        self.confidential = true;
        self
    }
    /// Client secret of OAuth 2.0. It makes the app a confidential client. The default of a confidential client is its
    /// consumer secret.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self.confidential()
    }
    /// Adds a callback URL, to which users return after login. Without one, the app has the same as the sandbox's own app.
    /// As on X, a URL with the host `localhost` is refused at login; use `127.0.0.1`.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_urls.push(url.into());
        self
    }
    /// Adds a user to create tokens for. The user is created if no user has this name.
    pub fn user(mut self, username: impl Into<String>) -> Self {
        self.users.push(username.into());
        self
    }
}

/// Credentials of an app that was created in the sandbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AppCredentials {
    /// Consumer key (API key) of OAuth 1.0a, which is the OAuth 2.0 client ID too.
    pub consumer_key: String,
    /// Consumer secret (API secret) of OAuth 1.0a. It is the OAuth 2.0 client secret too, unless the app was created with
    /// [`NewApp::client_secret`].
    pub consumer_secret: Secret,
    /// Bearer token of the app itself (OAuth 2.0 Application-Only).
    pub bearer_token: Secret,
    /// Tokens of the users that were named by [`NewApp::user`].
    pub users: Vec<UserTokens>,
}

/// Tokens of one user for an app.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UserTokens {
    /// Username of the user, without the `@`.
    pub username: String,
    /// ID of the user.
    pub id: UserId,
    /// Access token of OAuth 1.0a.
    pub access_token: String,
    /// Secret of the OAuth 1.0a access token.
    pub access_token_secret: Secret,
    /// Access token of OAuth 2.0 with all scopes. It does not expire.
    pub oauth2_access_token: Secret,
}

/// Creates an app with its users and tokens.
pub(crate) fn create(world: &mut World, new: &NewApp, now: Timestamp) -> Result<AppCredentials, SandboxError> {
    check_access_level(&new.access_level)?;
    let (key, secret, bearer) = (random_token(18), random_token(36), random_bearer_token());
    let row = params![key, secret, new.access_level];
    world.db.execute("INSERT INTO app (key, secret, access) VALUES (?, ?, ?)", row)?;
    let app = world.db.last_insert_rowid();
    let mut settings = serde_json::json!({"confidential": new.confidential});
    if !new.callback_urls.is_empty() {
        settings["callbacks"] = new.callback_urls.clone().into();
    }
    if let Some(secret) = &new.client_secret {
        settings["client_secret"] = secret.expose().into();
    }
    world.put_document("app", &app.to_string(), 0, &settings)?;
    world.db.execute("INSERT INTO token (token, kind, app_id) VALUES (?, 'bearer', ?)", params![bearer, app])?;
    let mut users = Vec::new();
    for username in &new.users {
        users.push(create_tokens(world, app, username, now)?);
    }
    Ok(AppCredentials { consumer_key: key, consumer_secret: secret.into(), bearer_token: bearer.into(), users })
}

/// Rejects an access level that X does not have.
pub(crate) fn check_access_level(level: &str) -> Result<(), SandboxError> {
    if ACCESS_LEVELS.contains(&level) {
        return Ok(());
    }
    let [read, write, messages] = ACCESS_LEVELS;
    Err(SandboxError(format!("`{level}` is not an access level: use `{read}`, `{write}` or `{messages}`")))
}

fn create_tokens(world: &mut World, app: i64, username: &str, now: Timestamp) -> Result<UserTokens, SandboxError> {
    let valid = (1..=15).contains(&username.len()) && username.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !valid {
        let message = format!("`{username}` is not a username: use 1 to 15 letters, digits and underscores");
        return Err(SandboxError(message));
    }
    let id = match world.user_id(username)? {
        Some(id) => id,
        None => world.create_user(username, username, now)?,
    };
    let (token, secret, oauth2) = (format!("{id}-{}", random_token(30)), random_token(33), random_token(64));
    let text = "INSERT INTO token (token, kind, secret, app_id, user_id, scopes) VALUES (?, ?, ?, ?, ?, ?)";
    world.db.execute(text, params![token, "oauth1", secret, app, to_sql(id), ""])?;
    world.db.execute(text, params![oauth2, "oauth2", "", app, to_sql(id), all_scopes().join(" ")])?;
    Ok(UserTokens {
        username: username.to_owned(),
        id: UserId::new(id),
        access_token: token,
        access_token_secret: secret.into(),
        oauth2_access_token: oauth2.into(),
    })
}
