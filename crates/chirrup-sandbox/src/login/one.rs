//! OAuth 1.0a in three legs.

use chirrup_auth::oauth1::encode;
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use super::{HandlerResult, LoginRequest, Page, broken, error, name_of, random, sorry, with_query};
use crate::auth::{Proof, prove};

const REQUEST: &str = "request_token";

fn not_authenticated() -> Page {
    error(401, 32, "Could not authenticate you.")
}

/// The callback of those who type a number instead.
const OUT_OF_BAND: &str = "oob";

/// The first leg: an app asks for a token that a user can confirm.
pub(super) fn request_token(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let no_token = |_: i64, token: &str| Ok(token.is_empty().then(String::new));
    let proof = prove(&visit.world.db, visit.nonces, &visit.request, &no_token).map_err(|_| not_authenticated())?;
    let callback = proof.get("oauth_callback").unwrap_or(visit.get("oauth_callback")).to_owned();
    let app = visit.app(proof.get("oauth_consumer_key").unwrap_or_default())?.ok_or_else(not_authenticated)?;
    // What follows the `?` of a callback is the app's own business.
    let plain = callback.split('?').next().unwrap_or_default();
    if callback != OUT_OF_BAND && !app.callbacks.iter().any(|known| known == plain) {
        let message = "Callback URL not approved for this client application. Approved callback URLs can be adjusted in \
                       your application settings";
        return Err(error(403, 415, message));
    }
    let (token, secret) = (random(20), random(32));
    let access = visit.get("x_auth_access_type").to_owned();
    visit.keep(
        REQUEST,
        &token,
        &json!({"app": app.id, "key": app.key, "secret": secret, "callback": callback, "access": access}),
    )?;
    Ok(Page::Form(format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true")))
}

/// The request token that a page is about.
fn requested(visit: &LoginRequest<'_>) -> Result<Json, Page> {
    let found = visit.world.thing(REQUEST, visit.get("oauth_token")).map_err(broken)?;
    let open = found.filter(|request| request["user"].is_null());
    open.ok_or_else(|| sorry(401, "The request token for this page is invalid. It may have been used already."))
}

/// The second leg: the user is asked.
pub(super) fn ask(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let request = requested(visit)?;
    let wish = if request["access"] == "read" { "Read posts" } else { "Read and write posts" };
    let hidden = [("oauth_token", visit.get("oauth_token"))];
    visit.consent(request["key"].as_str().unwrap_or_default(), &[wish.to_owned()], &hidden, visit.get("screen_name"))
}

/// The user has decided.
pub(super) fn decide(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let mut request = requested(visit)?;
    let token = visit.get("oauth_token").to_owned();
    let callback = request["callback"].as_str().unwrap_or_default().to_owned();
    if visit.get("decision") != "authorize" {
        visit.take(REQUEST, &token)?;
        return Ok(match callback.as_str() {
            OUT_OF_BAND => sorry(200, "You have not let the app act for you."),
            callback => Page::Redirect(with_query(callback, &[("denied", &token)])),
        });
    }
    let name = visit.get("user");
    let user = visit.user(name)?.ok_or_else(|| sorry(400, "There is no such user."))?;
    let mut number = [0; 4];
    let _ = getrandom::fill(&mut number);
    let pin = format!("{:07}", u32::from_le_bytes(number) % 10_000_000);
    let verifier = if callback == OUT_OF_BAND { pin } else { random(24) };
    request["user"] = user.into();
    request["verifier"] = verifier.as_str().into();
    visit.keep(REQUEST, &token, &request)?;
    Ok(match callback.as_str() {
        OUT_OF_BAND => Page::Html(
            200,
            format!("<!doctype html><meta charset=utf-8><title>PIN</title><p>Enter this PIN: <code>{verifier}</code>"),
        ),
        callback => Page::Redirect(with_query(callback, &[("oauth_token", &token), ("oauth_verifier", &verifier)])),
    })
}

/// The third leg: the app gets the user's keys.
pub(super) fn access_token(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let world = &*visit.world;
    let secret = |_: i64, token: &str| -> rusqlite::Result<Option<String>> {
        let request = world.thing(REQUEST, token)?.unwrap_or_default();
        Ok(request["secret"].as_str().map(str::to_owned))
    };
    let proof = prove(&world.db, visit.nonces, &visit.request, &secret).map_err(|_| not_authenticated())?;
    let token = proof.get("oauth_token").unwrap_or_default();
    let verifier = proof.get("oauth_verifier").unwrap_or(visit.get("oauth_verifier")).to_owned();
    // One try: whoever guesses a verifier has to begin anew.
    let request = visit.take(REQUEST, token)?.ok_or_else(not_authenticated)?;
    let confirmed = request["app"] == proof.app && request["verifier"].as_str().is_some_and(|v| v == verifier);
    let user = request["user"].as_i64().filter(|_| confirmed);
    let Some(user) = user else {
        return Err(error(401, 32, "Error processing your OAuth request: Invalid oauth_verifier parameter"));
    };
    let (token, secret) = (format!("{user}-{}", random(30)), random(33));
    let access = if request["access"] == "read" { "read" } else { "" };
    visit.add_token(&token, "oauth1", &secret, proof.app, u64::try_from(user).ok(), access)?;
    let name = name_of(visit, user)?;
    Ok(Page::Form(format!(
        "oauth_token={}&oauth_token_secret={}&user_id={user}&screen_name={}",
        encode(&token),
        encode(&secret),
        encode(&name)
    )))
}

/// A user's keys are given back.
impl LoginRequest<'_> {
    /// Who signs the request, with a user's token.
    fn proof(&mut self) -> Result<Proof, Page> {
        let db = &self.world.db;
        let secret = |app: i64, token: &str| {
            let text = "SELECT secret FROM token WHERE token = ? AND kind = 'oauth1' AND app_id = ?";
            db.query_row(text, params![token, app], |row| row.get(0)).optional()
        };
        prove(db, self.nonces, &self.request, &secret).map_err(|_| not_authenticated())
    }

    /// The app by which the request is signed, if it is signed at all.
    pub(super) fn signed(&mut self) -> Result<Option<i64>, Page> {
        if self.request.authorization.starts_with("OAuth ") { Ok(Some(self.proof()?.app)) } else { Ok(None) }
    }
}

pub(super) fn invalidate(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let proof = visit.proof()?;
    let token = proof.get("oauth_token").unwrap_or_default();
    visit.remove_token(token, "oauth1", proof.app)?;
    Ok(Page::Json(200, json!({"access_token": token})))
}
