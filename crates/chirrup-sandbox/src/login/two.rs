//! The app's own token, and OAuth 2.0 with PKCE.

use chirrup_auth::{CodeVerifier, Scope};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use super::{App, HandlerResult, LoginRequest, Page, broken, random, sorry, with_query};

/// How long a code can be exchanged, in seconds.
const CODE_SECS: i64 = 30;
/// How long an access token can be used, in seconds.
const TOKEN_SECS: i64 = 7_200;

const CODE: &str = "code";
const REFRESH: &str = "refresh_token";

fn not_verified() -> Page {
    let error =
        json!({"code": 99, "label": "authenticity_token_error", "message": "Unable to verify your credentials"});
    Page::Json(403, json!({"errors": [error]}))
}

/// The app's bearer token: the same until it is given back.
pub(super) fn app_token(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let app = visit.basic()?.filter(|_| visit.get("grant_type") == "client_credentials").ok_or_else(not_verified)?;
    let text = "SELECT token FROM token WHERE kind = 'bearer' AND app_id = ? LIMIT 1";
    let known: Option<String> =
        visit.world.db.query_row(text, [app.id], |row| row.get(0)).optional().map_err(broken)?;
    let token = match known {
        Some(token) => token,
        None => {
            let token = format!("AAAAAAAAAAAAAAAAAAAAA{}", random(48));
            visit.add_token(&token, "bearer", "", app.id, None, "")?;
            token
        }
    };
    Ok(Page::Json(200, json!({"token_type": "bearer", "access_token": token})))
}

pub(super) fn invalidate_app_token(visit: &mut LoginRequest<'_>) -> HandlerResult {
    // The app shows its secret, or its owner signs.
    let app = match visit.basic()? {
        Some(app) => app.id,
        None => visit.signed()?.ok_or_else(not_verified)?,
    };
    let token = visit.get("access_token").to_owned();
    if !visit.remove_token(&token, "bearer", app)? {
        return Err(not_verified());
    }
    Ok(Page::Json(200, json!({"access_token": token})))
}

/// A wish to log in, as far as it is sound.
struct Wish {
    app: App,
    scopes: Vec<String>,
}

/// Holds the parameters of the page against the rules. Before app and callback are known to belong together, nobody is
/// sent anywhere.
fn wish(visit: &LoginRequest<'_>) -> Result<Wish, Page> {
    let app = visit.app(visit.get("client_id"))?.ok_or_else(|| sorry(400, "There is no such app (client_id)."))?;
    if !app.callbacks.iter().any(|known| known == visit.get("redirect_uri")) {
        return Err(sorry(400, "The redirect_uri is none of those in the settings of the app."));
    }
    let scopes: Vec<String> = visit.get("scope").split_whitespace().map(str::to_owned).collect();
    let state = visit.get("state");
    let wrong = [
        (visit.get("response_type") != "code", "response_type must be code"),
        (!(1..=500).contains(&state.len()), "state must have 1 to 500 characters"),
        (visit.get("code_challenge").len() < 43, "code_challenge must have at least 43 characters"),
        (
            !matches!(visit.get("code_challenge_method"), "S256" | "plain"),
            "code_challenge_method must be S256 or plain",
        ),
        (scopes.is_empty(), "scope must name at least one scope"),
        (scopes.iter().any(|scope| scope.parse::<Scope>().is_err()), "scope names something that is no scope"),
    ];
    match wrong.into_iter().find(|(wrong, _)| *wrong) {
        Some((_, why)) => Err(sorry(400, &format!("Something went wrong: {why}."))),
        None => Ok(Wish { app, scopes }),
    }
}

const ASKED: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

pub(super) fn ask(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let wish = wish(visit)?;
    let hidden: Vec<(&str, &str)> = ASKED.iter().map(|name| (*name, visit.get(name))).collect();
    visit.consent(&wish.app.key, &wish.scopes, &hidden, "")
}

pub(super) fn decide(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let wish = wish(visit)?;
    let (back, state) = (visit.get("redirect_uri"), visit.get("state"));
    if visit.get("decision") != "authorize" {
        return Ok(Page::Redirect(with_query(back, &[("error", "access_denied"), ("state", state)])));
    }
    let user = visit.user(visit.get("user"))?.ok_or_else(|| sorry(400, "There is no such user."))?;
    let code = random(48);
    let grant = json!({
        "app": wish.app.id, "user": user, "scopes": wish.scopes, "redirect_uri": back,
        "challenge": visit.get("code_challenge"), "method": visit.get("code_challenge_method"),
        "until": visit.now.as_secs() + CODE_SECS,
    });
    visit.keep(CODE, &code, &grant)?;
    Ok(Page::Redirect(with_query(back, &[("state", state), ("code", &code)])))
}

fn invalid(error: &str, description: &str, status: u16) -> Page {
    Page::Json(status, json!({"error": error, "error_description": description}))
}

/// The app that calls: a confidential one shows its secret, a public one says its name.
fn caller(visit: &LoginRequest<'_>) -> Result<App, Page> {
    if visit.request.authorization.starts_with("Basic ") {
        let message = "Missing valid authorization header";
        return visit.basic()?.ok_or_else(|| invalid("unauthorized_client", message, 401));
    }
    match visit.app(visit.get("client_id"))? {
        Some(app) if !app.confidential => Ok(app),
        Some(_) => Err(invalid("unauthorized_client", "Missing valid authorization header", 401)),
        None => Err(invalid("invalid_request", "Value passed for the client id was invalid.", 400)),
    }
}

pub(super) fn token(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let app = caller(visit)?;
    match visit.get("grant_type") {
        "authorization_code" => exchange(visit, &app),
        "refresh_token" => refresh(visit, &app),
        _ => Err(invalid("unsupported_grant_type", "grant_type must be authorization_code or refresh_token", 400)),
    }
}

/// A code becomes tokens, once.
fn exchange(visit: &LoginRequest<'_>, app: &App) -> HandlerResult {
    let wrong = |what: &str| invalid("invalid_request", &format!("Value passed for the {what} was invalid."), 400);
    let grant = visit.take(CODE, visit.get("code"))?.unwrap_or_default();
    let until = grant["until"].as_i64().unwrap_or_default();
    if grant["app"] != app.id || until < visit.now.as_secs() {
        return Err(wrong("authorization code"));
    }
    if grant["redirect_uri"] != visit.get("redirect_uri") {
        return Err(wrong("redirect uri"));
    }
    let verifier = CodeVerifier::parse(visit.get("code_verifier")).map_err(|_| wrong("code verifier"))?;
    let shown = if grant["method"] == "plain" { verifier.secret().expose().to_owned() } else { verifier.challenge() };
    if grant["challenge"] != shown.as_str() {
        return Err(wrong("code verifier"));
    }
    give(visit, app, &grant)
}

/// A refresh token becomes new tokens, and is no longer one.
fn refresh(visit: &LoginRequest<'_>, app: &App) -> HandlerResult {
    let grant = visit.take(REFRESH, visit.get("refresh_token"))?.filter(|grant| grant["app"] == app.id);
    let grant = grant.ok_or_else(|| invalid("invalid_request", "Value passed for the token was invalid.", 400))?;
    give(visit, app, &grant)
}

/// Gives an access token and, where the user agreed to it, a refresh token.
fn give(visit: &LoginRequest<'_>, app: &App, grant: &Json) -> HandlerResult {
    let scopes: Vec<&str> = grant["scopes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let token = random(64);
    visit.add_token(&token, "oauth2", "", app.id, grant["user"].as_u64(), &scopes.join(" "))?;
    let until = visit.now.as_secs() + TOKEN_SECS;
    visit.world.db.execute("INSERT INTO expiry VALUES (?, ?)", params![token, until]).map_err(broken)?;
    let mut reply = json!({
        "token_type": "bearer", "expires_in": TOKEN_SECS, "access_token": token, "scope": scopes.join(" "),
    });
    if scopes.contains(&"offline.access") {
        let refresh = random(64);
        visit.keep(REFRESH, &refresh, grant)?;
        reply["refresh_token"] = refresh.into();
    }
    Ok(Page::Json(200, reply))
}

pub(super) fn revoke(visit: &mut LoginRequest<'_>) -> HandlerResult {
    let app = caller(visit)?;
    let token = visit.get("token").to_owned();
    if !visit.remove_token(&token, "oauth2", app.id)? {
        visit.take(REFRESH, &token)?;
    }
    Ok(Page::Json(200, json!({"revoked": true})))
}
