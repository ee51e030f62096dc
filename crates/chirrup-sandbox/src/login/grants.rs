//! Grants of OAuth 2.0: issuing, refreshing and revoking the tokens of a user for an app.

use rusqlite::params;
use serde_json::{Value as Json, json};

use super::request::{App, LoginRequest};
use super::response::{LoginResponse, LoginResult, database_error, invalid_value};
use crate::random::random_token;
use crate::world::to_sql;

/// Lifetime of an access token, in seconds.
const ACCESS_TOKEN_SECS: i64 = 7_200;
/// Lifetime of a refresh token, in seconds: six months.
const REFRESH_TOKEN_SECS: i64 = 183 * 86_400;

/// Kind under which refresh tokens are stored.
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

/// Exchanges a refresh token, which can be used once, for new tokens.
pub(super) fn refresh(request: &LoginRequest<'_>, app: &App) -> LoginResult {
    let grant = request.take(REFRESH_TOKEN, request.param("refresh_token"))?;
    // A token without an expiry comes from a data file of an earlier version.
    let is_valid = |grant: &Json| {
        grant["app"] == app.id && grant["refresh_until"].as_i64().is_none_or(|until| request.now.as_secs() < until)
    };
    let grant = grant.filter(is_valid).ok_or_else(|| invalid_value("token"))?;
    issue_tokens(request, app, &grant)
}

/// Issues the tokens of a new grant. The tokens of an earlier grant of the user to the app are revoked, unless users may
/// have several.
pub(super) fn grant_access(request: &LoginRequest<'_>, app: &App, grant: &Json) -> LoginResult {
    let user = grant["user"].as_u64().unwrap_or_default();
    if request.single_grant {
        revoke_grant(request, app, user).map_err(database_error)?;
    }
    issue_tokens(request, app, grant)
}

/// Revokes all tokens that an app obtained for a user at this endpoint. Tokens that the sandbox created with the app stay
/// valid.
fn revoke_grant(request: &LoginRequest<'_>, app: &App, user: u64) -> rusqlite::Result<()> {
    let db = &request.world.db;
    let access_tokens = "DELETE FROM token WHERE kind = 'oauth2' AND app_id = ? AND user_id = ?
                         AND token IN (SELECT token FROM expiry)";
    db.execute(access_tokens, params![app.id, to_sql(user)])?;
    let refresh_tokens = "DELETE FROM document WHERE kind = ? AND owner = ? AND json ->> 'app' = ?";
    db.execute(refresh_tokens, params![REFRESH_TOKEN, to_sql(user), app.id]).map(drop)
}

/// Issues an access token and, if the user granted `offline.access`, a refresh token.
fn issue_tokens(request: &LoginRequest<'_>, app: &App, grant: &Json) -> LoginResult {
    let scopes: Vec<&str> = grant["scopes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let token = random_token(64);
    request.add_token(&token, "oauth2", "", app.id, grant["user"].as_u64(), &scopes.join(" "))?;
    let expiry = params![token, request.now.as_secs() + ACCESS_TOKEN_SECS];
    request.world.db.execute("INSERT INTO expiry VALUES (?, ?)", expiry).map_err(database_error)?;
    let mut body = json!({
        "token_type": "bearer", "expires_in": ACCESS_TOKEN_SECS, "access_token": token, "scope": scopes.join(" "),
    });
    if scopes.contains(&"offline.access") {
        let refresh_token = random_token(64);
        let user = grant["user"].as_u64().unwrap_or_default();
        let mut stored = grant.clone();
        stored["refresh_until"] = (request.now.as_secs() + REFRESH_TOKEN_SECS).into();
        request.world.put_document(REFRESH_TOKEN, &refresh_token, user, &stored).map_err(database_error)?;
        body["refresh_token"] = refresh_token.into();
    }
    Ok(LoginResponse::Json(200, body))
}
