//! Token exchange: OAuth 2.0 tokens for an OAuth 1.0a user token, without a consent page.

use rusqlite::{OptionalExtension as _, params};
use serde_json::json;

use super::grants::grant_access;
use super::request::{App, LoginRequest};
use super::response::{LoginResponse, LoginResult, database_error, invalid_value, oauth2_error};
use crate::world::from_sql;

/// Value of `grant_type` (RFC 8693).
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// Only accepted value of `subject_token_type`.
const OAUTH1_TOKEN: &str = "urn:x:params:oauth:token-type:oauth1_token";

/// Number of exchanges of an app per window, and the length of the window in seconds.
const LIMIT: (u32, u32) = (10_000, 900);

/// Scopes of each access level. Each level includes those before it.
const READ_SCOPES: [&str; 10] = [
    "tweet.read",
    "users.read",
    "follows.read",
    "mute.read",
    "block.read",
    "list.read",
    "like.read",
    "timeline.read",
    "broadcast.read",
    "offline.access",
];
const WRITE_SCOPES: [&str; 9] = [
    "tweet.write",
    "tweet.moderate.write",
    "follows.write",
    "like.write",
    "list.write",
    "mute.write",
    "block.write",
    "media.write",
    "broadcast.write",
];
const DM_SCOPES: [&str; 2] = ["dm.read", "dm.write"];

/// Returns the scopes that an OAuth 1.0a token of an app with this access level stands for.
fn scopes_of(access_level: &str) -> Vec<&'static str> {
    let mut scopes = READ_SCOPES.to_vec();
    if access_level != "read" {
        scopes.extend(WRITE_SCOPES);
    }
    if access_level == "read-write-directmessages" {
        scopes.extend(DM_SCOPES);
    }
    scopes
}

/// Exchanges an OAuth 1.0a user token for OAuth 2.0 tokens. The OAuth 1.0a token stays valid.
pub(super) fn exchange(request: &mut LoginRequest<'_>, app: &App) -> LoginResult {
    count(request, app)?;
    if request.param("subject_token_type") != OAUTH1_TOKEN {
        return Err(invalid_value("subject token type"));
    }
    let text = "SELECT t.user_id, a.access FROM token t JOIN app a ON a.id = t.app_id
                WHERE t.kind = 'oauth1' AND t.token = ? AND t.secret = ? AND t.app_id = ?";
    let token = params![request.param("subject_token"), request.param("oauth_token_secret"), app.id];
    let found = request.world.db.query_row(text, token, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    let (user, access_level) = found.optional().map_err(database_error)?.ok_or_else(|| {
        oauth2_error(400, "invalid_grant", "The subject token is invalid, revoked or belongs to another app.")
    })?;
    let granted = granted_scopes(&scopes_of(&access_level), request.param("scope"))?;
    grant_access(request, app, &json!({"app": app.id, "user": from_sql(user), "scopes": granted}))
}

/// Returns the requested scopes and `offline.access`, or all allowed ones if none is requested.
fn granted_scopes<'s>(allowed: &[&'s str], requested: &'s str) -> Result<Vec<&'s str>, LoginResponse> {
    if requested.trim().is_empty() {
        return Ok(allowed.to_vec());
    }
    let mut granted: Vec<&str> = requested.split_whitespace().collect();
    if granted.iter().any(|scope| !allowed.contains(scope)) {
        return Err(oauth2_error(400, "invalid_scope", "The access level of the token does not include the scope."));
    }
    if !granted.contains(&"offline.access") {
        granted.push("offline.access");
    }
    Ok(granted)
}

/// Counts an exchange of the app, and rejects it if there were too many in the last 15 minutes.
fn count(request: &mut LoginRequest<'_>, app: &App) -> Result<(), LoginResponse> {
    let Some(rate_limiter) = request.rate_limiter.as_deref_mut() else { return Ok(()) };
    rate_limiter.count_app_request("token-exchange", LIMIT, app.id, request.now).map_err(|reset| {
        let body = json!({"error": "rate_limited", "error_description": "Too many token exchanges. Try again later."});
        LoginResponse::RateLimited { limit: LIMIT.0, reset, body }
    })
}
