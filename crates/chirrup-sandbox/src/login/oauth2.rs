//! Bearer token of an app, and OAuth 2.0 login with PKCE.

use chirrup_auth::{CodeVerifier, Scope};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use super::oauth1::user_signature;
use super::{App, LoginRequest, LoginResponse, LoginResult, database_error, pages, token_exchange, with_query};
use crate::random::{random_bearer_token, random_token};
use crate::world::to_sql;

/// Lifetime of an authorization code, in seconds.
const CODE_SECS: i64 = 30;
/// Lifetime of an access token, in seconds.
const ACCESS_TOKEN_SECS: i64 = 7_200;

/// Kinds under which authorization codes and refresh tokens are stored.
const CODE: &str = "code";
const REFRESH_TOKEN: &str = "refresh_token";

/// Parameters of the consent page, which its form sends again.
const CONSENT_PARAMS: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

fn not_verified() -> LoginResponse {
    let error =
        json!({"code": 99, "label": "authenticity_token_error", "message": "Unable to verify your credentials"});
    LoginResponse::Json(403, json!({"errors": [error]}))
}

/// Returns the bearer token of an app. It is the same until it is invalidated.
pub(super) fn bearer_token(request: &mut LoginRequest<'_>) -> LoginResult {
    let app = request.app_of_basic_auth()?.filter(|_| request.param("grant_type") == "client_credentials");
    let app = app.ok_or_else(not_verified)?;
    let text = "SELECT token FROM token WHERE kind = 'bearer' AND app_id = ? LIMIT 1";
    let existing: Option<String> =
        request.world.db.query_row(text, [app.id], |row| row.get(0)).optional().map_err(database_error)?;
    let token = match existing {
        Some(token) => token,
        None => {
            let token = random_bearer_token();
            request.add_token(&token, "bearer", "", app.id, None, "")?;
            token
        }
    };
    Ok(LoginResponse::Json(200, json!({"token_type": "bearer", "access_token": token})))
}

/// Revokes the bearer token of an app. The app authenticates with its secret, or a user of it signs the request.
pub(super) fn invalidate_bearer_token(request: &mut LoginRequest<'_>) -> LoginResult {
    let app = match request.app_of_basic_auth()? {
        Some(app) => app.id,
        None if request.http.authorization().starts_with("OAuth ") => user_signature(request)?.app,
        None => return Err(not_verified()),
    };
    let token = request.param("access_token").to_owned();
    if !request.remove_token(&token, "bearer", app)? {
        return Err(not_verified());
    }
    Ok(LoginResponse::Json(200, json!({"access_token": token})))
}

/// Valid request of an app for a user's authorization.
struct AuthorizationRequest {
    app: App,
    scopes: Vec<String>,
}

/// Checks the parameters of the consent page. All errors are shown on a page: a redirect could go to an attacker.
fn authorization_request(request: &LoginRequest<'_>) -> Result<AuthorizationRequest, LoginResponse> {
    let app = request.app(request.param("client_id"))?;
    let app = app.ok_or_else(|| pages::message(400, "The client_id does not belong to an app of the sandbox."))?;
    if !app.callback_urls.iter().any(|approved| approved == request.param("redirect_uri")) {
        return Err(pages::message(400, "The redirect_uri is not one of the callback URLs of the app."));
    }
    let scopes: Vec<String> = request.param("scope").split_whitespace().map(str::to_owned).collect();
    let checks = [
        (request.param("response_type") == "code", "response_type must be \"code\""),
        ((1..=500).contains(&request.param("state").len()), "state must have 1 to 500 characters"),
        (request.param("code_challenge").len() >= 43, "code_challenge must have at least 43 characters"),
        (
            matches!(request.param("code_challenge_method"), "S256" | "plain"),
            "code_challenge_method must be \"S256\" or \"plain\"",
        ),
        (!scopes.is_empty(), "scope must contain at least one scope"),
        (scopes.iter().all(|scope| scope.parse::<Scope>().is_ok()), "scope contains an unknown scope"),
    ];
    match checks.into_iter().find(|(passed, _)| !passed) {
        Some((_, why)) => Err(pages::message(400, &format!("The authorization request is invalid: {why}."))),
        None => Ok(AuthorizationRequest { app, scopes }),
    }
}

pub(super) fn show_consent(request: &mut LoginRequest<'_>) -> LoginResult {
    let AuthorizationRequest { app, scopes } = authorization_request(request)?;
    let hidden_fields = CONSENT_PARAMS.map(|name| (name, request.param(name)));
    pages::consent(request, &app.key, &scopes, &hidden_fields, "")
}

/// Handles the user's decision on the consent page.
pub(super) fn submit_consent(request: &mut LoginRequest<'_>) -> LoginResult {
    let AuthorizationRequest { app, scopes } = authorization_request(request)?;
    let (redirect_uri, state) = (request.param("redirect_uri"), request.param("state"));
    if request.param("decision") != "authorize" {
        let params = [("error", "access_denied"), ("state", state)];
        return Ok(LoginResponse::Redirect(with_query(redirect_uri, &params)));
    }
    let user = request.consenting_user()?;
    let code = random_token(48);
    let grant = json!({
        "app": app.id, "user": user, "scopes": scopes, "redirect_uri": redirect_uri,
        "challenge": request.param("code_challenge"), "method": request.param("code_challenge_method"),
        "until": request.now.as_secs() + CODE_SECS,
    });
    request.store(CODE, &code, &grant)?;
    Ok(LoginResponse::Redirect(with_query(redirect_uri, &[("state", state), ("code", &code)])))
}

pub(super) fn oauth2_error(status: u16, error: &str, description: &str) -> LoginResponse {
    LoginResponse::Json(status, json!({"error": error, "error_description": description}))
}

pub(super) fn invalid_value(parameter: &str) -> LoginResponse {
    oauth2_error(400, "invalid_request", &format!("Value passed for the {parameter} was invalid."))
}

/// Authenticates the app: a confidential client by its secret, a public one by its client ID.
fn authenticate_client(request: &LoginRequest<'_>) -> Result<App, LoginResponse> {
    let unauthorized = || oauth2_error(401, "unauthorized_client", "Missing valid authorization header");
    if request.http.authorization().starts_with("Basic ") {
        return request.app_of_basic_auth()?.ok_or_else(unauthorized);
    }
    match request.app(request.param("client_id"))? {
        Some(app) if !app.confidential => Ok(app),
        Some(_) => Err(unauthorized()),
        None => Err(invalid_value("client id")),
    }
}

pub(super) fn token(request: &mut LoginRequest<'_>) -> LoginResult {
    let app = authenticate_client(request)?;
    match request.param("grant_type") {
        "authorization_code" => exchange_code(request, &app),
        "refresh_token" => refresh(request, &app),
        token_exchange::GRANT_TYPE => token_exchange::exchange(request, &app),
        _ => {
            let description = "grant_type must be authorization_code, refresh_token or token-exchange";
            Err(oauth2_error(400, "unsupported_grant_type", description))
        }
    }
}

/// Exchanges an authorization code, which can be used once, for tokens.
fn exchange_code(request: &LoginRequest<'_>, app: &App) -> LoginResult {
    let grant = request.take(CODE, request.param("code"))?.unwrap_or_default();
    let until = grant["until"].as_i64().unwrap_or_default();
    if grant["app"] != app.id || until < request.now.as_secs() {
        return Err(invalid_value("authorization code"));
    }
    if grant["redirect_uri"] != request.param("redirect_uri") {
        return Err(invalid_value("redirect uri"));
    }
    let verifier = CodeVerifier::parse(request.param("code_verifier")).map_err(|_| invalid_value("code verifier"))?;
    let challenge =
        if grant["method"] == "plain" { verifier.secret().expose().to_owned() } else { verifier.challenge() };
    if grant["challenge"] != challenge.as_str() {
        return Err(invalid_value("code verifier"));
    }
    grant_access(request, app, &grant)
}

/// Exchanges a refresh token, which can be used once, for new tokens.
fn refresh(request: &LoginRequest<'_>, app: &App) -> LoginResult {
    let grant = request.take(REFRESH_TOKEN, request.param("refresh_token"))?;
    let grant = grant.filter(|grant| grant["app"] == app.id).ok_or_else(|| invalid_value("token"))?;
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
        request.world.put_document(REFRESH_TOKEN, &refresh_token, user, grant).map_err(database_error)?;
        body["refresh_token"] = refresh_token.into();
    }
    Ok(LoginResponse::Json(200, body))
}

pub(super) fn revoke(request: &mut LoginRequest<'_>) -> LoginResult {
    let app = authenticate_client(request)?;
    let token = request.param("token").to_owned();
    if !request.remove_token(&token, "oauth2", app.id)? {
        request.take(REFRESH_TOKEN, &token)?;
    }
    Ok(LoginResponse::Json(200, json!({"revoked": true})))
}
