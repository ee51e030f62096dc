//! Removal of secrets before a cassette is written.

use std::borrow::Cow;

use chirrup_api::{RawResponse, Request};
use chirrup_auth::Credential;
use chirrup_auth::oauth1::form_pairs;
use serde_json::Value as Json;

use super::recording::{Body, Headers, RecordedRequest, RecordedResponse};

/// Text that replaces a secret.
const REDACTED: &str = "REDACTED";
/// Email address that replaces every other one.
const PLACEHOLDER_EMAIL: &str = "user@example.com";

/// Headers of a response that are kept; all others are removed.
const KEPT_HEADERS: [&str; 9] = [
    "content-type",
    "date",
    "retry-after",
    "api-version",
    "x-access-level",
    "x-response-time",
    "x-transaction-id",
    "status",
    "server",
];
/// Prefixes of further headers that are kept.
const KEPT_PREFIXES: [&str; 3] = ["x-rate-limit-", "x-app-limit-", "x-user-limit-"];

/// Parameters and JSON members whose values are always secrets.
const SECRET_NAMES: [&str; 14] = [
    "access_token",
    "refresh_token",
    "bearer_token",
    "id_token",
    "client_secret",
    "client_id",
    "consumer_key",
    "consumer_secret",
    "code_verifier",
    "password",
    "token_secret",
    "stream_key",
    "rtmp_stream_key",
    "media_token",
];
/// Parameters and JSON members that are secrets in a login only: elsewhere, `state` is that of a Space or an upload, `code`
/// the number of an error, and `token` the reference to a search for places.
const SECRET_NAMES_OF_LOGINS: [&str; 4] = ["code", "code_challenge", "state", "token"];
/// Parameters and JSON members with personal data.
const PERSONAL_NAMES: [&str; 3] = ["email", "confirmed_email", "phone_number"];

fn is_secret(name: &str, is_login: bool) -> bool {
    let name = name.to_ascii_lowercase();
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    name.starts_with("oauth_")
        || is_in(&SECRET_NAMES)
        || is_in(&PERSONAL_NAMES)
        || is_login && is_in(&SECRET_NAMES_OF_LOGINS)
}

/// Returns whether a path belongs to a login: `/oauth/…`, `/oauth2/…`, `/2/oauth2/…` or `/i/oauth2/…`.
fn is_login(path: &str) -> bool {
    path.split('/').any(|segment| matches!(segment, "oauth" | "oauth2"))
}

/// Removes secrets: those with a known name, and the credential of one request wherever it occurs.
#[derive(Debug)]
pub(super) struct Redactor {
    secrets: Vec<chirrup_auth::Secret>,
    is_login: bool,
}

impl Redactor {
    pub(super) fn of(request: &Request) -> Self {
        let secrets = match request.credential.as_deref() {
            Some(
                Credential::AppOnly(secret) | Credential::Basic(secret) | Credential::OAuth2 { token: secret, .. },
            ) => {
                vec![secret.clone()]
            }
            Some(Credential::OAuth1(signer)) => vec![signer.token().into()],
            _ => Vec::new(),
        };
        let secrets = secrets.into_iter().filter(|secret| secret.expose().len() >= 4).collect();
        Self { secrets, is_login: is_login(request.path()) }
    }

    /// Creates a redactor that knows the names of secrets alone, for a request to this path.
    pub(super) fn by_name(path: &str) -> Self {
        Self { secrets: Vec::new(), is_login: is_login(path) }
    }

    pub(super) fn request(&self, request: &Request) -> RecordedRequest {
        let query = request.query_pairs().into_iter();
        self.clean(RecordedRequest {
            method: request.method().to_string(),
            path: request.path().to_owned(),
            query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            body: Body::of_request(request.content_type().unwrap_or_default(), request.body()),
        })
    }

    /// Removes the secrets of a request, and sorts its parameters.
    pub(super) fn clean(&self, request: RecordedRequest) -> RecordedRequest {
        RecordedRequest {
            path: self.text(&request.path).into_owned(),
            query: self.redact_pairs(request.query),
            body: self.clean_body(request.body),
            method: request.method,
        }
    }

    pub(super) fn response(&self, response: &RawResponse) -> RecordedResponse {
        let kept =
            |name: &str| KEPT_HEADERS.contains(&name) || KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        let headers = response.headers.iter().filter(|(name, _)| kept(name.as_str()));
        let mut recorded = Headers::default();
        for (name, value) in headers {
            if let Ok(value) = value.to_str() {
                recorded.add(name.as_str(), self.text(value).into_owned());
            }
        }
        RecordedResponse {
            status: response.status.as_u16(),
            headers: recorded,
            body: self.clean_body(Body::of(&response.body)),
        }
    }

    fn redact_pairs(&self, pairs: Vec<(String, String)>) -> Vec<(String, String)> {
        let redacted = pairs.into_iter().map(|(name, value)| {
            let value =
                if is_secret(&name, self.is_login) { REDACTED.to_owned() } else { self.text(&value).into_owned() };
            (name, value)
        });
        let mut pairs: Vec<(String, String)> = redacted.collect();
        pairs.sort();
        pairs
    }

    fn clean_body(&self, body: Body) -> Body {
        match body {
            Body::Json(mut json) => {
                self.json(&mut json);
                Body::Json(json)
            }
            // The old login endpoints respond with a form, whatever the media type says.
            Body::Text(text) if looks_like_a_form(&text) => {
                let pairs = form_pairs(&text).map(|(name, value)| (name.into_owned(), value.into_owned()));
                Body::Form(self.redact_pairs(pairs.collect()))
            }
            Body::Text(text) => Body::Text(self.text(&text).into_owned()),
            Body::Form(pairs) => Body::Form(self.redact_pairs(pairs)),
            Body::Multipart(mut parts) => {
                for part in &mut parts {
                    if let Body::Text(text) = &part.content {
                        let secret = is_secret(&part.name, self.is_login) && !part.is_file;
                        let clean = if secret { REDACTED.into() } else { self.text(text) };
                        part.content = Body::Text(clean.into_owned());
                    }
                }
                Body::Multipart(parts)
            }
            other => other,
        }
    }

    fn json(&self, json: &mut Json) {
        match json {
            Json::String(text) => {
                if let Cow::Owned(clean) = self.text(text) {
                    *text = clean;
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Json::Object(members) => {
                for (name, value) in members {
                    // The `code` of an error is a number and not a secret.
                    if is_secret(name, self.is_login) && value.is_string() {
                        *value = REDACTED.into();
                    } else {
                        self.json(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = replace_emails(text);
        for secret in &self.secrets {
            let mut encoded = String::new();
            chirrup_auth::oauth1::encode_into(&mut encoded, secret.expose());
            for form in [secret.expose(), encoded.as_str()] {
                if clean.contains(form) {
                    clean = Cow::Owned(clean.replace(form, REDACTED));
                }
            }
        }
        clean
    }
}

fn looks_like_a_form(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && text.split('&').all(|pair| pair.split_once('=').is_some_and(|(n, _)| !n.is_empty()))
}

/// Replaces every email address by a placeholder.
fn replace_emails(text: &str) -> Cow<'_, str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let mut clean = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('@') {
        let name = text[done..at].chars().rev().take_while(|c| is_name(*c)).count();
        let host: String = text[at + 1..].chars().take_while(|c| is_host(*c)).collect();
        let host = host.trim_end_matches('.');
        if name == 0 || !host.contains('.') || host.starts_with('.') {
            continue;
        }
        clean.push_str(&text[done..at - name]);
        clean.push_str(PLACEHOLDER_EMAIL);
        done = at + 1 + host.len();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[done..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_are_replaced_and_usernames_are_kept() {
        assert_eq!(replace_emails("write to ada.l+x@mail.example.org."), "write to user@example.com.");
        assert_eq!(replace_emails("a@b.c and d@e.f"), "user@example.com and user@example.com");
        for name in ["hello @ada", "@ada.", "no mail@", "a@b", "@", "é@ö.ü"] {
            assert_eq!(replace_emails(name), name);
        }
    }

    #[test]
    fn secrets_are_removed_by_name_and_by_value() {
        let redactor = Redactor { secrets: vec!["hush/hush".into()], is_login: true };
        let text =
            r#"{"access_token":"x","data":[{"state":"y","text":"hush/hush is it","code":215}],"n":"hush%2Fhush"}"#;
        let Body::Json(json) = redactor.clean_body(Body::of(text.as_bytes())) else { panic!("no JSON") };
        let shown = json.to_string();
        assert!(!shown.contains("hush") && !shown.contains("\"x\"") && !shown.contains("\"y\""), "{shown}");
        assert!(shown.contains("215"));
        let Body::Form(pairs) = redactor.clean_body(Body::of(b"oauth_token=a&oauth_token_secret=b&screen_name=ada"))
        else {
            panic!("no form")
        };
        assert_eq!(pairs[0].1, REDACTED);
        assert_eq!(pairs[2], ("screen_name".to_owned(), "ada".to_owned()));
    }

    #[test]
    fn words_that_are_secrets_in_a_login_are_kept_elsewhere() {
        let text =
            r#"{"state":"live","token":"7a","code":"34","processing_info":{"state":"succeeded"},"access_token":"x"}"#;
        let shown = |path: &str| {
            let Body::Json(json) = Redactor::by_name(path).clean_body(Body::of(text.as_bytes())) else {
                panic!("no JSON")
            };
            json.to_string()
        };
        for path in ["/2/spaces/1", "/2/media/upload", "/1.1/geo/search.json"] {
            let shown = shown(path);
            assert!(!shown.contains("\"x\""), "{shown}");
            for kept in ["\"live\"", "\"7a\"", "\"34\"", "\"succeeded\""] {
                assert!(shown.contains(kept), "{path}: {shown}");
            }
        }
        for path in ["/2/oauth2/token", "/oauth/access_token", "/oauth2/token", "/i/oauth2/authorize"] {
            let shown = shown(path);
            assert!(!["live", "7a", "34", "succeeded"].iter().any(|secret| shown.contains(secret)), "{path}: {shown}");
        }
    }

    #[test]
    fn keys_of_encoders_and_media_sessions_are_removed() {
        let redactor = Redactor::by_name("/2/broadcasts");
        let text = r#"{"data":{"stream_key":"k1","source":{"rtmp_stream_key":"k2"},"media_token":"k3","name":"kept"}}"#;
        let Body::Json(json) = redactor.clean_body(Body::of(text.as_bytes())) else { panic!("no JSON") };
        let shown = json.to_string();
        assert!(!["k1", "k2", "k3"].iter().any(|key| shown.contains(key)) && shown.contains("kept"), "{shown}");
    }
}
