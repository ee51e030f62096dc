//! Caller of a request.

use chirrup_auth::AuthKind;

/// Authenticated caller and its permissions.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) app: i64,
    pub(crate) user: Option<u64>,
    pub(crate) kind: AuthKind,
    pub(crate) scopes: Vec<String>,
    /// Access level of the app or token: `read`, `read-write` or `read-write-directmessages`.
    pub(crate) access_level: String,
}

impl Identity {
    /// Returns the identity of a user of the sandbox's app, with the highest access level.
    pub(crate) fn of_user(user: u64) -> Self {
        let access_level = "read-write-directmessages".to_owned();
        Self { app: 1, user: Some(user), kind: AuthKind::OAuth1, scopes: Vec::new(), access_level }
    }

    /// Returns the identity of a caller without credentials, which a few endpoints allow.
    pub(crate) fn anonymous() -> Self {
        Self { app: 0, user: None, kind: AuthKind::AppOnly, scopes: Vec::new(), access_level: "read".to_owned() }
    }
}
