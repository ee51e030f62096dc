//! Apps, keys and tokens of a sandbox.

use chirrup_auth::{Credentials, Secret};

use super::apps::{self, AppCredentials, NewApp};
use super::handle::Sandbox;
use crate::access::app_keys::all_scopes;
use crate::error::SandboxError;

/// # Apps and their credentials
impl Sandbox {
    /// Returns credentials of all kinds: the app's bearer token, and OAuth 1.0a and OAuth 2.0 tokens of the
    /// [default user](Self::default_user), `ada`, with all scopes.
    ///
    /// # Errors
    /// If the default user was deleted, or the sandbox's database fails.
    pub fn credentials(&self) -> Result<Credentials, SandboxError> {
        let user = self.default_user()?;
        Ok(self.app_only().and(self.oauth1(&user)?).and(self.oauth2(&user, &all_scopes())?))
    }

    /// Returns the bearer token of the sandbox's app (OAuth 2.0 Application-Only).
    pub fn app_only(&self) -> Credentials {
        Credentials::app_only(self.shared.keys.bearer_token.clone())
    }

    /// Returns [`credentials`](Self::credentials) and base URL as environment variables for another process: pairs of name
    /// and value.
    ///
    /// # Errors
    /// If the default user was deleted, or the sandbox's database fails.
    pub fn environment(&self) -> Result<Vec<(&'static str, Secret)>, SandboxError> {
        let user = self.user_id(&self.default_user()?)?.get();
        self.credentials()?;
        let (token, secret) = self.shared.keys.oauth1_token(user);
        Ok(vec![
            ("CHIRRUP_BASE_URL", self.url().into()),
            ("X_BEARER_TOKEN", self.shared.keys.bearer_token.clone()),
            ("X_CONSUMER_KEY", self.shared.keys.consumer_key.as_str().into()),
            ("X_CONSUMER_SECRET", self.shared.keys.consumer_secret.clone()),
            ("X_ACCESS_TOKEN", token.into()),
            ("X_ACCESS_TOKEN_SECRET", secret.into()),
            ("X_OAUTH2_ACCESS_TOKEN", self.shared.keys.oauth2_token(user, &all_scopes()).into()),
        ])
    }

    /// Returns OAuth 1.0a credentials of a user for the sandbox's app.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn oauth1(&self, username: &str) -> Result<Credentials, SandboxError> {
        let user = self.user_id(username)?.get();
        let (token, secret) = self.shared.keys.issue_oauth1(&self.shared.lock().world, user)?;
        Ok(Credentials::oauth1(
            self.shared.keys.consumer_key.clone(),
            self.shared.keys.consumer_secret.clone(),
            token,
            secret,
        ))
    }

    /// Returns an OAuth 2.0 access token of a user with exactly these scopes. The client does not know the scopes, as with a
    /// token from another program.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn oauth2(&self, username: &str, scopes: &[&str]) -> Result<Credentials, SandboxError> {
        let user = self.user_id(username)?.get();
        let token = self.shared.keys.issue_oauth2(&self.shared.lock().world, user, scopes)?;
        Ok(Credentials::oauth2(token))
    }

    /// Creates another app, with users and their tokens.
    ///
    /// # Errors
    /// If a username or the access level is invalid, or the sandbox's database fails.
    pub fn create_app(&self, new: &NewApp) -> Result<AppCredentials, SandboxError> {
        apps::create(&mut self.shared.lock().world, new, self.shared.clock.now())
    }

    /// Returns consumer key and consumer secret of the sandbox's app, which are its OAuth 2.0 client ID and client secret
    /// too.
    pub fn app_keys(&self) -> (String, Secret) {
        (self.shared.keys.consumer_key.clone(), self.shared.keys.consumer_secret.clone())
    }

    /// Sets the client type and the callback URLs of the sandbox's app, which X's developer portal calls "user authentication
    /// settings". A confidential client authenticates with its secret to obtain OAuth 2.0 tokens.
    ///
    /// The default is a public client with `http://127.0.0.1:8080/callback` among its callback URLs.
    ///
    /// # Errors
    /// If the sandbox's database fails.
    pub fn set_login_settings(&self, confidential: bool, callback_urls: &[&str]) -> Result<(), SandboxError> {
        let settings = serde_json::json!({"confidential": confidential, "callbacks": callback_urls});
        self.shared.lock().world.put_document("app", "1", 0, &settings)?;
        Ok(())
    }

    /// Sets the access level of all apps: `read`, `read-write` or `read-write-directmessages`, which is the default.
    ///
    /// # Errors
    /// If the access level is invalid, or the sandbox's database fails.
    pub fn set_access_level(&self, level: &str) -> Result<(), SandboxError> {
        apps::check_access_level(level)?;
        self.shared.lock().world.db.execute("UPDATE app SET access = ?", [level])?;
        Ok(())
    }
}
