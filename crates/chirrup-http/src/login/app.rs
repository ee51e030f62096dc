//! The app that logs users in.

use chirrup_api::Error;
use chirrup_auth::{Credential, Credentials, Secret, basic_header};

/// Key and secret of an app, as X's developer console shows them.
#[derive(Debug, Clone)]
pub struct App {
    pub(super) key: String,
    pub(super) secret: Option<Secret>,
}

impl App {
    /// Creates a confidential app from its API key and secret, or its client ID and client secret.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { key: key.into(), secret: Some(secret.into()) }
    }

    /// Creates a public app, which runs on its users' machines and has no secret. It can only use OAuth 2.0.
    pub fn public(client_id: impl Into<String>) -> Self {
        Self { key: client_id.into(), secret: None }
    }

    /// Returns the API key or client ID.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the secret of the app, or `None` for a public client.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    pub(super) fn required_secret(&self) -> Result<&Secret, Error> {
        self.secret.as_ref().ok_or_else(|| {
            Error::login("this login requires the secret of the app").with_hint("create the app with `App::new`")
        })
    }

    /// Returns the credential of HTTP Basic authentication with key and secret.
    pub(super) fn basic(&self) -> Result<Credentials, Error> {
        Ok(Credentials::one(Credential::Basic(basic_header(&self.key, self.required_secret()?))))
    }
}
