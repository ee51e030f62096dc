//! Logging in: the pages on which a user lets an app act, and the addresses at which apps get and give back tokens.

mod one;
mod two;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chirrup_auth::Secret;
use chirrup_auth::oauth1::{encode, form_pairs};
use chirrup_model::Timestamp;
use chirrup_text::escape_html;
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use crate::api_error::ApiError;
use crate::auth::{Nonces, Signed};
use crate::world::{World, id_of, sql};

/// What an address of the login answers with.
#[derive(Debug)]
pub(crate) enum Page {
    /// JSON.
    Json(u16, Json),
    /// A form, as OAuth 1.0a answers.
    Form(String),
    /// A page for people.
    Html(u16, String),
    /// Somewhere else.
    Redirect(String),
}

/// A request to an address of the login.
#[derive(Debug)]
pub(crate) struct LoginRequest<'r> {
    pub(crate) world: &'r mut World,
    pub(crate) nonces: &'r mut Nonces,
    pub(crate) now: Timestamp,
    pub(crate) request: Signed<'r>,
    pub(crate) path: &'r str,
    /// The query, and of a form the body.
    pub(crate) given: BTreeMap<String, String>,
}

type HandlerResult = Result<Page, Page>;

/// Answers a request, if its address is one of the login.
pub(crate) fn serve(mut visit: LoginRequest<'_>) -> Option<Page> {
    let handler: fn(&mut LoginRequest<'_>) -> HandlerResult = match (visit.request.method, visit.path) {
        ("POST", "/oauth/request_token") => one::request_token,
        ("GET", "/oauth/authorize" | "/oauth/authenticate") => one::ask,
        ("POST", "/oauth/authorize" | "/oauth/authenticate") => one::decide,
        ("POST", "/oauth/access_token") => one::access_token,
        ("POST", "/1.1/oauth/invalidate_token" | "/1.1/oauth/invalidate_token.json") => one::invalidate,
        ("POST", "/oauth2/token") => two::app_token,
        ("POST", "/oauth2/invalidate_token") => two::invalidate_app_token,
        ("GET", "/i/oauth2/authorize") => two::ask,
        ("POST", "/i/oauth2/authorize") => two::decide,
        ("POST", "/2/oauth2/token") => two::token,
        ("POST", "/2/oauth2/revoke") => two::revoke,
        _ => return None,
    };
    Some(handler(&mut visit).unwrap_or_else(|refused| refused))
}

/// Splits a query and a form into names and values. Of a name given twice, the last counts.
pub(crate) fn pairs(query: &str, form: &str) -> BTreeMap<String, String> {
    let all = form_pairs(query).chain(form_pairs(form));
    all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// An app, as far as logging in goes.
#[derive(Debug, Clone)]
struct App {
    id: i64,
    key: String,
    secret: Secret,
    /// Addresses to which users may be sent back.
    callbacks: Vec<String>,
    /// Whether the app can keep a secret: then it has to show it.
    confidential: bool,
}

/// Where the sandbox's own app sends users back to, unless told otherwise.
const CALLBACKS: [&str; 4] = [
    "http://127.0.0.1:8080/callback",
    "http://localhost:8080/callback",
    "https://example.com/callback",
    "http://127.0.0.1:8080",
];

impl LoginRequest<'_> {
    fn get(&self, name: &str) -> &str {
        self.given.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The app with this key, which is its client id as well.
    fn app(&self, key: &str) -> Result<Option<App>, Page> {
        let text = "SELECT id, key, secret FROM app WHERE key = ?";
        let found = self.world.db.query_row(text, [key], |row| {
            Ok(App {
                id: row.get(0)?,
                key: row.get(1)?,
                secret: row.get::<_, String>(2)?.into(),
                callbacks: Vec::new(),
                confidential: false,
            })
        });
        let Some(mut app) = found.optional().map_err(broken)? else { return Ok(None) };
        let settings = self.world.thing("app", &app.id.to_string()).map_err(broken)?.unwrap_or_default();
        app.confidential = settings["confidential"] == true;
        app.callbacks = match settings["callbacks"].as_array() {
            Some(list) => list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
            None => CALLBACKS.map(str::to_owned).to_vec(),
        };
        Ok(Some(app))
    }

    /// The app that shows its key and secret by HTTP Basic.
    fn basic(&self) -> Result<Option<App>, Page> {
        use base64::Engine as _;
        let encoded = self.request.authorization.strip_prefix("Basic ").unwrap_or_default();
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).unwrap_or_default();
        let text = String::from_utf8(decoded).unwrap_or_default();
        let Some((key, secret)) = text.split_once(':') else { return Ok(None) };
        let decode = |text| chirrup_auth::oauth1::decode(text, false).into_owned();
        let app = self.app(&decode(key))?;
        Ok(app.filter(|app| app.secret.expose() == decode(secret)))
    }

    /// Keeps something that an app was given and will bring back.
    fn keep(&self, kind: &str, token: &str, json: &Json) -> Result<(), Page> {
        self.world.put(kind, token, 0, json).map_err(broken)
    }

    /// Takes something that was kept: it is there once.
    fn take(&self, kind: &str, token: &str) -> Result<Option<Json>, Page> {
        let found = self.world.thing(kind, token).map_err(broken)?;
        self.world.remove(kind, token).map_err(broken)?;
        Ok(found)
    }

    /// The user whom a decision names, or the one who calls themselves so.
    fn user(&self, name: &str) -> Result<Option<u64>, Page> {
        self.world.user_id(name.trim_start_matches('@')).map_err(broken)
    }

    fn add_token(
        &self,
        token: &str,
        kind: &str,
        secret: &str,
        app: i64,
        user: Option<u64>,
        scopes: &str,
    ) -> Result<(), Page> {
        let text = "INSERT INTO token (token, kind, secret, app_id, user_id, scopes) VALUES (?, ?, ?, ?, ?, ?)";
        let row = params![token, kind, secret, app, user.map(sql), scopes];
        self.world.db.execute(text, row).map(drop).map_err(broken)
    }

    fn remove_token(&self, token: &str, kind: &str, app: i64) -> Result<bool, Page> {
        let text = "DELETE FROM token WHERE token = ? AND kind = ? AND app_id = ?";
        self.world.db.execute(text, params![token, kind, app]).map(|removed| removed > 0).map_err(broken)
    }

    /// The page on which a user decides. It is a form of its own, so that a script can send it too.
    fn consent(&self, app: &str, wishes: &[String], hidden: &[(&str, &str)], name: &str) -> HandlerResult {
        let mut users = String::new();
        let text = "SELECT username FROM user ORDER BY rowid LIMIT 50";
        let mut query = self.world.db.prepare_cached(text).map_err(broken)?;
        let names = query.query_map([], |row| row.get::<_, String>(0)).map_err(broken)?;
        for user in names.filter_map(Result::ok) {
            let chosen = if user == name || (name.is_empty() && user == "ada") { " selected" } else { "" };
            let _ = write!(users, "<option{chosen}>{}", escape_html(&user));
        }
        let wishes: String = wishes.iter().map(|wish| format!("<li>{}", escape_html(wish))).collect();
        let hidden: String = hidden
            .iter()
            .map(|(name, value)| format!("<input type=hidden name={name} value=\"{}\">", escape_html(value)))
            .collect();
        Ok(Page::Html(
            200,
            format!(
                "<!doctype html><meta charset=utf-8><title>Authorize an app</title><h1>{} wants to act for you</h1>\
                 <ul>{wishes}</ul><form method=post>{hidden}<label>User <select name=user>{users}</select></label> \
                 <button name=decision value=authorize>Authorize app</button> \
                 <button name=decision value=cancel>Cancel</button></form>",
                escape_html(app)
            ),
        ))
    }
}

/// A store that fails is no fault of the visitor.
fn broken(error: rusqlite::Error) -> Page {
    let refusal = ApiError::from(error);
    Page::Json(refusal.status, refusal.body)
}

/// A page that says what is wrong.
fn sorry(status: u16, text: &str) -> Page {
    Page::Html(status, format!("<!doctype html><meta charset=utf-8><title>Sorry</title><p>{}", escape_html(text)))
}

/// An error as v1.1 has it.
fn error(status: u16, code: u32, message: &str) -> Page {
    Page::Json(status, json!({"errors": [{"code": code, "message": message}]}))
}

/// An address with more parameters.
fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = address.to_owned();
    for (name, value) in pairs {
        let sign = if out.contains('?') { '&' } else { '?' };
        let _ = write!(out, "{sign}{name}={}", encode(value));
    }
    out
}

/// Random letters and digits.
pub(crate) fn random(bytes: usize) -> String {
    use base64::Engine as _;
    let mut buffer = vec![0; bytes];
    // Without randomness the sandbox's tokens can be guessed, which harms nobody: it listens on loopback alone.
    let _ = getrandom::fill(&mut buffer);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(buffer).replace(['-', '_'], "x")
}

/// The name of a user.
fn name_of(visit: &LoginRequest<'_>, user: i64) -> Result<String, Page> {
    Ok(visit.world.username(id_of(user)).map_err(broken)?.unwrap_or_default())
}
