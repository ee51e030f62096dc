//! Bearer token of an app, and OAuth 2.0 login with PKCE.

use chirrup_auth::{CodeVerifier, Scope, constant_time_eq};
use rusqlite::OptionalExtension as _;
use serde_json::json;

use super::grants::{REFRESH_TOKEN, grant_access, refresh};
use super::oauth1::user_signature;
use super::request::{App, LoginRequest};
use super::response::{LoginResponse, LoginResult, database_error, invalid_value, oauth2_error, with_query};
use super::{pages, token_exchange};
use crate::random::{random_bearer_token, random_token};

/// Lifetime of an authorization code, in seconds.
const CODE_SECS: i64 = 30;

/// Kind under which authorization codes are stored.
const CODE: &str = "code";

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

/// Method of a code challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChallengeMethod {
    S256,
    Plain,
}

/// Returns the method of the code challenge. X accepts any case, such as the `s256` of twitter-api-v2.
fn challenge_method(request: &LoginRequest<'_>) -> Option<ChallengeMethod> {
    let name = request.param("code_challenge_method");
    let methods = [("S256", ChallengeMethod::S256), ("plain", ChallengeMethod::Plain)];
    methods.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, method)| method)
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
    if !app.may_return_to(request.param("redirect_uri")) {
        return Err(pages::message(400, "The redirect_uri is not one of the callback URLs of the app."));
    }
    let scopes: Vec<String> = request.param("scope").split_whitespace().map(str::to_owned).collect();
    let checks = [
        (request.param("response_type") == "code", "response_type must be \"code\""),
        ((1..=500).contains(&request.param("state").len()), "state must have 1 to 500 characters"),
        (request.param("code_challenge").len() >= 43, "code_challenge must have at least 43 characters"),
        (challenge_method(request).is_some(), "code_challenge_method must be \"S256\" or \"plain\""),
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
    pages::consent(request, &app.key, &scopes, &hidden_fields, ("", request.param("redirect_uri")))
}

/// Handles the user's decision on the consent page.
pub(super) fn submit_consent(request: &mut LoginRequest<'_>) -> LoginResult {
    let AuthorizationRequest { app, scopes } = authorization_request(request)?;
    pages::check_form(request, &CONSENT_PARAMS.map(|name| (name, request.param(name))))?;
    let (redirect_uri, state) = (request.param("redirect_uri"), request.param("state"));
    if request.param("decision") != "authorize" {
        let params = [("error", "access_denied"), ("state", state)];
        return Ok(LoginResponse::Redirect(with_query(redirect_uri, &params)));
    }
    let user = pages::consenting_user(request)?;
    let code = random_token(48);
    let grant = json!({
        "app": app.id, "user": user, "scopes": scopes, "redirect_uri": redirect_uri,
        "challenge": request.param("code_challenge"),
        "is_plain": challenge_method(request) == Some(ChallengeMethod::Plain),
        "until": request.now.as_secs() + CODE_SECS,
    });
    request.store(CODE, &code, &grant)?;
    Ok(LoginResponse::Redirect(with_query(redirect_uri, &[("state", state), ("code", &code)])))
}

/// Authenticates the app: a confidential client by HTTP Basic, a public one by its client ID. X does not accept a client
/// secret in the body (`client_secret_post`).
fn authenticate_client(request: &LoginRequest<'_>) -> Result<App, LoginResponse> {
    let unauthorized = || oauth2_error(401, "unauthorized_client", "Missing valid authorization header");
    if request.http.authorization().starts_with("Basic ") {
        return request.client_of_basic_auth()?.ok_or_else(unauthorized);
    }
    if !request.param("client_secret").is_empty() {
        return Err(unauthorized());
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
        if grant["is_plain"] == true { verifier.secret().expose().to_owned() } else { verifier.challenge() };
    if !constant_time_eq(grant["challenge"].as_str().unwrap_or_default(), &challenge) {
        return Err(invalid_value("code verifier"));
    }
    grant_access(request, app, &grant)
}

pub(super) fn revoke(request: &mut LoginRequest<'_>) -> LoginResult {
    let app = authenticate_client(request)?;
    let token = request.param("token").to_owned();
    let mut user = request.user_of_token(&token, "oauth2", app.id)?;
    if !request.remove_token(&token, "oauth2", app.id)? {
        user = request.take(REFRESH_TOKEN, &token)?.and_then(|grant| grant["user"].as_u64());
    }
    request.revoked = user.map(|user| (app.id, user));
    Ok(LoginResponse::Json(200, json!({"revoked": true})))
}
