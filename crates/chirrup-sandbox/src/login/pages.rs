//! Login pages for the browser.

use std::fmt::Write as _;

use chirrup_auth::constant_time_eq;
use chirrup_text::escape_html;
use http::Uri;

use super::request::LoginRequest;
use super::response::{LoginResponse, LoginResult, database_error};
use crate::random::derived_token;

/// Hidden field with the token of the form.
const FORM_TOKEN: &str = "authenticity_token";

/// Returns a page with this title and body.
fn page(status: u16, title: &str, body: &str) -> LoginResponse {
    LoginResponse::Html { status, html: document(title, body), form_target: None }
}

fn document(title: &str, body: &str) -> String {
    format!("<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>{body}")
}

/// Returns a page that contains only a message.
pub(super) fn message(status: u16, text: &str) -> LoginResponse {
    page(status, "Chirrup sandbox", &format!("<p>{}", escape_html(text)))
}

/// Returns the page with the PIN that the user enters in the app.
pub(super) fn pin(pin: &str) -> LoginResponse {
    page(200, "PIN", &format!("<p>Enter this PIN in the app to finish the login: <code>{pin}</code>"))
}

/// Returns the page on which the user authorizes an app or cancels.
///
/// It is a plain form, so that a test can submit it too: `user` and `decision` (`authorize` or `cancel`), together with the
/// hidden fields. One of them is a token that another web page cannot know, so that it cannot submit the form.
pub(super) fn consent(
    request: &LoginRequest<'_>,
    app: &str,
    permissions: &[String],
    hidden_fields: &[(&str, &str)],
    (selected_user, callback): (&str, &str),
) -> LoginResult {
    let mut options = String::new();
    for username in request.world.usernames(50) {
        let selected = if username == selected_user { " selected" } else { "" };
        let _ = write!(options, "<option{selected}>{}", escape_html(&username));
    }
    let permissions: String = permissions.iter().map(|text| format!("<li>{}", escape_html(text))).collect();
    let token = form_token(request, hidden_fields);
    let hidden_fields: String = hidden_fields
        .iter()
        .chain([&(FORM_TOKEN, token.as_str())])
        .map(|(name, value)| format!("<input type=hidden name={name} value=\"{}\">", escape_html(value)))
        .collect();
    let body = format!(
        "<h1>{} wants to access your account</h1><p>It asks for these permissions:<ul>{permissions}</ul>\
         <form method=post>{hidden_fields}<label>User <select name=user>{options}</select></label> \
         <button name=decision value=authorize>Authorize app</button> \
         <button name=decision value=cancel>Cancel</button></form>",
        escape_html(app)
    );
    let html = document("Authorize an app", &body);
    Ok(LoginResponse::Html { status: 200, html, form_target: csp_source(callback) })
}

/// Returns the source with which a content security policy allows a form to redirect to a callback URL. `None` if it is not
/// a URL.
fn csp_source(callback: &str) -> Option<String> {
    let (scheme, rest) = callback.split_once("://")?;
    let is_scheme = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !is_scheme || rest.is_empty() {
        return None;
    }
    match scheme {
        "http" | "https" => {
            let uri: Uri = callback.parse().ok()?;
            let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
            Some(format!("{scheme}://{}{port}", uri.host()?))
        }
        _ => Some(format!("{scheme}:")),
    }
}

/// Returns the token of a consent form, which depends on the page and its fields.
fn form_token(request: &LoginRequest<'_>, fields: &[(&str, &str)]) -> String {
    let mut text = request.http.path().to_owned();
    for (name, value) in fields {
        let _ = write!(text, "\n{name}={}:{value}", value.len());
    }
    derived_token(request.form_secret, &text)
}

/// Checks that a consent form comes from the page that the sandbox showed.
pub(super) fn check_form(request: &LoginRequest<'_>, fields: &[(&str, &str)]) -> Result<(), LoginResponse> {
    match constant_time_eq(request.param(FORM_TOKEN), &form_token(request, fields)) {
        true => Ok(()),
        false => Err(message(403, "This form does not come from the consent page. Open the page again.")),
    }
}

/// Returns the user that the consent form names.
pub(super) fn consenting_user(request: &LoginRequest<'_>) -> Result<u64, LoginResponse> {
    let username = request.param("user").trim_start_matches('@');
    let found = request.world.user_id(username).map_err(database_error)?;
    found.ok_or_else(|| message(400, "The sandbox has no user of this name."))
}
