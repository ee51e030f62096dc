//! OAuth 1.0a login in three steps: request token, consent, access token.

use chirrup_auth::constant_time_eq;
use chirrup_auth::oauth1::encode;
use serde_json::{Value as Json, json};

use super::pages;
use super::request::LoginRequest;
use super::response::{LoginResponse, LoginResult, database_error, v1_error, with_query};
use crate::access::auth::{VerifiedSignature, oauth1_token_secret, verify_signature};
use crate::random::{random_pin, random_token};

/// Kind under which request tokens are stored.
const REQUEST_TOKEN: &str = "request_token";
/// Callback of apps without a callback URL: the user enters a PIN in the app instead.
const OUT_OF_BAND: &str = "oob";

fn not_authenticated() -> LoginResponse {
    v1_error(401, 32, "Could not authenticate you.")
}

/// Step 1: gives the app a request token for the user to authorize.
pub(super) fn request_token(request: &mut LoginRequest<'_>) -> LoginResult {
    let no_token = |_: i64, token: &str| Ok(token.is_empty().then(String::new));
    let signature = verify_signature(&request.world.db, request.nonces, request.http, &no_token);
    let signature = signature.map_err(|_| not_authenticated())?;
    let callback = signature.param("oauth_callback").unwrap_or(request.param("oauth_callback")).to_owned();
    let app = request.app(signature.param("oauth_consumer_key").unwrap_or_default())?.ok_or_else(not_authenticated)?;
    // X compares callback URLs without their query.
    let without_query = callback.split('?').next().unwrap_or_default();
    if callback != OUT_OF_BAND && !app.may_return_to(without_query) {
        let message = "Callback URL not approved for this client application. Approved callback URLs can be adjusted in \
                       your application settings";
        return Err(v1_error(403, 415, message));
    }
    let (token, secret) = (random_token(20), random_token(32));
    let access = request.param("x_auth_access_type");
    let stored = json!({"app": app.id, "key": app.key, "secret": secret, "callback": callback, "access": access});
    request.store(REQUEST_TOKEN, &token, &stored)?;
    Ok(LoginResponse::Form(format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true")))
}

/// Returns the request token of a consent page, unless a user has authorized it.
fn pending_request_token(request: &LoginRequest<'_>) -> Result<Json, LoginResponse> {
    let found = request.world.document(REQUEST_TOKEN, request.param("oauth_token")).map_err(database_error)?;
    let pending = found.filter(|stored| stored["user"].is_null());
    pending.ok_or_else(|| pages::message(401, "The request token of this page is invalid, expired or already used."))
}

/// Step 2: shows the consent page.
pub(super) fn show_consent(request: &mut LoginRequest<'_>) -> LoginResult {
    let stored = pending_request_token(request)?;
    let permission = if stored["access"] == "read" { "Read posts" } else { "Read and write posts" };
    let hidden_fields = [("oauth_token", request.param("oauth_token"))];
    let app = stored["key"].as_str().unwrap_or_default();
    let callback = stored["callback"].as_str().unwrap_or_default();
    let selected = (request.param("screen_name"), callback);
    pages::consent(request, app, &[permission.to_owned()], &hidden_fields, selected)
}

/// Step 2: handles the user's decision.
pub(super) fn submit_consent(request: &mut LoginRequest<'_>) -> LoginResult {
    let mut stored = pending_request_token(request)?;
    let token = request.param("oauth_token").to_owned();
    pages::check_form(request, &[("oauth_token", &token)])?;
    let callback = stored["callback"].as_str().unwrap_or_default().to_owned();
    if request.param("decision") != "authorize" {
        request.take(REQUEST_TOKEN, &token)?;
        return Ok(match callback.as_str() {
            OUT_OF_BAND => pages::message(200, "You have not authorized the app."),
            callback => LoginResponse::Redirect(with_query(callback, &[("denied", &token)])),
        });
    }
    let user = pages::consenting_user(request)?;
    let verifier = if callback == OUT_OF_BAND { random_pin() } else { random_token(24) };
    stored["user"] = user.into();
    stored["verifier"] = verifier.as_str().into();
    request.store(REQUEST_TOKEN, &token, &stored)?;
    Ok(match callback.as_str() {
        OUT_OF_BAND => pages::pin(&verifier),
        callback => {
            let params = [("oauth_token", token.as_str()), ("oauth_verifier", verifier.as_str())];
            LoginResponse::Redirect(with_query(callback, &params))
        }
    })
}

/// Step 3: exchanges an authorized request token for the user's access token.
pub(super) fn access_token(request: &mut LoginRequest<'_>) -> LoginResult {
    let world = &*request.world;
    let token_secret = |_: i64, token: &str| -> rusqlite::Result<Option<String>> {
        let stored = world.document(REQUEST_TOKEN, token)?.unwrap_or_default();
        Ok(stored["secret"].as_str().map(str::to_owned))
    };
    // X does not need the secret of the request token here: libraries such as python-twitter-v2 have forgotten it.
    let no_secret =
        |_: i64, token: &str| world.document(REQUEST_TOKEN, token).map(|known| known.map(|_| String::new()));
    let signature = verify_signature(&world.db, request.nonces, request.http, &token_secret)
        .or_else(|_| verify_signature(&world.db, request.nonces, request.http, &no_secret));
    let signature = signature.map_err(|_| not_authenticated())?;
    let token = signature.param("oauth_token").unwrap_or_default();
    let verifier = signature.param("oauth_verifier").unwrap_or(request.param("oauth_verifier"));
    // A wrong verifier invalidates the request token, so that it cannot be guessed.
    let stored = request.take(REQUEST_TOKEN, token)?.ok_or_else(not_authenticated)?;
    let authorized =
        stored["app"] == signature.app && stored["verifier"].as_str().is_some_and(|v| constant_time_eq(v, verifier));
    let Some(user) = stored["user"].as_i64().filter(|_| authorized) else {
        return Err(v1_error(401, 32, "Error processing your OAuth request: Invalid oauth_verifier parameter"));
    };
    let (token, secret) = (format!("{user}-{}", random_token(30)), random_token(33));
    let access = if stored["access"] == "read" { "read" } else { "" };
    request.add_token(&token, "oauth1", &secret, signature.app, u64::try_from(user).ok(), access)?;
    let username = request.username(user)?;
    Ok(LoginResponse::Form(format!(
        "oauth_token={}&oauth_token_secret={}&user_id={user}&screen_name={}",
        encode(&token),
        encode(&secret),
        encode(&username)
    )))
}

/// Revokes the access token that signs the request.
pub(super) fn invalidate_token(request: &mut LoginRequest<'_>) -> LoginResult {
    let signature = user_signature(request)?;
    let token = signature.param("oauth_token").unwrap_or_default();
    request.remove_token(token, "oauth1", signature.app)?;
    Ok(LoginResponse::Json(200, json!({"access_token": token})))
}

/// Verifies the signature of a request with a user's access token.
pub(super) fn user_signature(request: &mut LoginRequest<'_>) -> Result<VerifiedSignature, LoginResponse> {
    let db = &request.world.db;
    let secret = |app: i64, token: &str| oauth1_token_secret(db, app, token);
    verify_signature(db, request.nonces, request.http, &secret).map_err(|_| not_authenticated())
}
