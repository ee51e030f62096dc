//! Removal of secrets from requests and responses that the journal shows.

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};

/// Text in place of a secret.
const REDACTED: &str = "[redacted]";

/// Parameters of queries and forms that are secrets.
const SECRET_PARAMS: [&str; 12] = [
    "access_token",
    "client_secret",
    "code",
    "code_verifier",
    "authenticity_token",
    "oauth_token_secret",
    "oauth_verifier",
    "password",
    "refresh_token",
    "token",
    "x_auth_password",
    "pin",
];

/// Whether a path is one where tokens are issued and revoked.
pub(super) fn is_login(path: &str) -> bool {
    ["/oauth/", "/oauth2/", "/2/oauth2/", "/i/oauth2/", "/1.1/oauth/"].iter().any(|prefix| path.starts_with(prefix))
}

/// Returns a query or form without the values of its secret parameters.
pub(super) fn form(text: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if SECRET_PARAMS.contains(&name) => format!("{name}={REDACTED}"),
        _ => pair.to_owned(),
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// Returns the body of a request or response. What a login sends and gets is secret as a whole, unless it is a form.
pub(super) fn body(path: &str, is_form: bool, body: &[u8]) -> String {
    if is_login(path) && !is_form && !body.is_empty() {
        return REDACTED.to_owned();
    }
    let text = String::from_utf8_lossy(body);
    if is_form { form(&text) } else { text.into_owned() }
}

/// Returns names and values of headers. An OAuth 1.0a header stays, because it has a signature and no secret.
pub(super) fn headers(headers: &HeaderMap) -> Vec<[String; 2]> {
    let shown = |name: &http::HeaderName, value: &str| match name {
        &AUTHORIZATION => match value.split_once(' ') {
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("oauth") => value.to_owned(),
            Some((scheme, _)) => format!("{scheme} {REDACTED}"),
            None => REDACTED.to_owned(),
        },
        &COOKIE | &SET_COOKIE => REDACTED.to_owned(),
        &LOCATION => match value.split_once('?') {
            Some((page, query)) => format!("{page}?{}", form(query)),
            None => value.to_owned(),
        },
        name if name.as_str() == "x-chirrup-token" => REDACTED.to_owned(),
        _ => value.to_owned(),
    };
    headers
        .iter()
        .map(|(name, value)| [name.to_string(), shown(name, &String::from_utf8_lossy(value.as_bytes()))])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{body, form};

    #[test]
    fn secrets_of_forms_and_logins_are_removed() {
        assert_eq!(form("a=1&code=xyz&b"), "a=1&code=[redacted]&b");
        assert_eq!(body("/2/oauth2/token", true, b"refresh_token=s&x=1"), "refresh_token=[redacted]&x=1");
        assert_eq!(body("/2/oauth2/token", false, b"{\"access_token\":\"s\"}"), "[redacted]");
        assert_eq!(body("/2/tweets", false, b"{}"), "{}");
    }
}
