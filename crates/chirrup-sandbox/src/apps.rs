//! Making apps, and users with keys for them.

use chirrup_auth::Secret;
use chirrup_model::{Timestamp, UserId};
use rusqlite::params;

use crate::login::random;
use crate::sandbox::{SandboxError, all_scopes};
use crate::world::{World, sql};

/// An app to be made.
///
/// ```
/// use chirrup_sandbox::{NewClient, Sandbox};
///
/// let sandbox = Sandbox::builder().users(10).posts(50).start()?;
/// let made = sandbox.create_client(&NewClient::default().user("grace").access("read"))?;
/// assert_eq!(made.users[0].username, "grace");
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct NewClient {
    access: String,
    confidential: bool,
    callbacks: Vec<String>,
    users: Vec<String>,
}

impl Default for NewClient {
    fn default() -> Self {
        let access = "read-write-directmessages".to_owned();
        Self { access, confidential: false, callbacks: Vec::new(), users: Vec::new() }
    }
}

impl NewClient {
    /// What it may do: `read`, `read-write` or `read-write-directmessages`, which it is if not given.
    pub fn access(mut self, access: impl Into<String>) -> Self {
        self.access = access.into();
        self
    }
    /// It keeps a secret, and shows it for tokens of OAuth 2.0.
    pub fn confidential(mut self) -> Self {
        self.confidential = true;
        self
    }
    /// Users may be sent back to this address after logging in.
    pub fn callback(mut self, address: impl Into<String>) -> Self {
        self.callbacks.push(address.into());
        self
    }
    /// A user to make tokens for; one who is not there yet is made, too.
    pub fn user(mut self, username: impl Into<String>) -> Self {
        self.users.push(username.into());
        self
    }
}

/// The keys of an app.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClientKeys {
    /// The API key, which is the client id as well.
    pub key: String,
    /// Its secret.
    pub secret: Secret,
    /// The app's own bearer token.
    pub bearer_token: Secret,
    /// Its users.
    pub users: Vec<UserKeys>,
}

/// The tokens of a user of an app.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UserKeys {
    /// The user's name.
    pub username: String,
    /// The user's id.
    pub id: UserId,
    /// The token of OAuth 1.0a.
    pub token: String,
    /// Its secret.
    pub token_secret: Secret,
    /// A token of OAuth 2.0 with all scopes, which does not run out.
    pub oauth2_token: Secret,
}

/// Makes an app.
pub(crate) fn create(world: &mut World, new: &NewClient, now: Timestamp) -> Result<ClientKeys, SandboxError> {
    if !["read", "read-write", "read-write-directmessages"].contains(&new.access.as_str()) {
        let message = format!("`{}` is no access: read, read-write or read-write-directmessages", new.access);
        return Err(SandboxError(message));
    }
    let (key, secret, bearer) = (random(18), random(36), format!("AAAAAAAAAAAAAAAAAAAAA{}", random(48)));
    world.db.execute("INSERT INTO app (key, secret, access) VALUES (?, ?, ?)", params![key, secret, new.access])?;
    let app = world.db.last_insert_rowid();
    let mut settings = serde_json::json!({"confidential": new.confidential});
    if !new.callbacks.is_empty() {
        settings["callbacks"] = new.callbacks.clone().into();
    }
    world.put("app", &app.to_string(), 0, &settings)?;
    world.db.execute("INSERT INTO token (token, kind, app_id) VALUES (?, 'bearer', ?)", params![bearer, app])?;
    let mut users = Vec::new();
    for username in &new.users {
        users.push(user_of(world, app, username, now)?);
    }
    Ok(ClientKeys { key, secret: secret.into(), bearer_token: bearer.into(), users })
}

fn user_of(world: &mut World, app: i64, username: &str, now: Timestamp) -> Result<UserKeys, SandboxError> {
    let sound = (1..=15).contains(&username.len()) && username.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !sound {
        return Err(SandboxError(format!("`{username}` is no name: 1 to 15 letters, digits and _")));
    }
    let id = match world.user_id(username)? {
        Some(id) => id,
        None => {
            let id = world.next_id(now);
            let text = "INSERT INTO user (id, username, name, created, description, location, url, verified, protected)
                        VALUES (?1, ?2, ?2, ?3, '', '', '', 0, 0)";
            world.db.execute(text, params![sql(id), username, now.as_millis()])?;
            id
        }
    };
    let (token, secret, oauth2) = (format!("{id}-{}", random(30)), random(33), random(64));
    let text = "INSERT INTO token (token, kind, secret, app_id, user_id, scopes) VALUES (?, ?, ?, ?, ?, ?)";
    world.db.execute(text, params![token, "oauth1", secret, app, sql(id), ""])?;
    world.db.execute(text, params![oauth2, "oauth2", "", app, sql(id), all_scopes().join(" ")])?;
    Ok(UserKeys {
        username: username.to_owned(),
        id: UserId::new(id),
        token,
        token_secret: secret.into(),
        oauth2_token: oauth2.into(),
    })
}
