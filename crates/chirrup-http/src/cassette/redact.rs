//! Removal of secrets before a cassette is written.

use std::borrow::Cow;

use chirrup_api::{RawResponse, Request};
use chirrup_auth::Credential;
use chirrup_auth::oauth1::{Pair, form_pairs, is_form};
use serde_json::Value as Json;

use super::recording::{Body, RecordedRequest, RecordedResponse};

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

/// Parameters and JSON members whose values are secrets.
const SECRET_NAMES: [&str; 18] = [
    "access_token",
    "refresh_token",
    "bearer_token",
    "id_token",
    "client_secret",
    "client_id",
    "consumer_key",
    "consumer_secret",
    "code",
    "code_verifier",
    "code_challenge",
    "state",
    "password",
    "token",
    "token_secret",
    "stream_key",
    "rtmp_stream_key",
    "media_token",
];
/// Parameters and JSON members with personal data.
const PERSONAL_NAMES: [&str; 3] = ["email", "confirmed_email", "phone_number"];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("oauth_") || SECRET_NAMES.contains(&name.as_str()) || PERSONAL_NAMES.contains(&name.as_str())
}

/// Removes secrets: those with a known name, and the credential of one request wherever it occurs.
#[derive(Debug)]
pub(super) struct Redactor {
    secrets: Vec<chirrup_auth::Secret>,
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
        Self { secrets: secrets.into_iter().filter(|secret| secret.expose().len() >= 4).collect() }
    }

    pub(super) fn request(&self, request: &Request) -> RecordedRequest {
        let body = match request.content_type() {
            Some(kind) if is_form(kind) => Body::Form(self.pairs(&String::from_utf8_lossy(request.body()))),
            _ => self.body(request.body()),
        };
        RecordedRequest {
            method: request.method().to_string(),
            path: self.text(request.path()).into_owned(),
            query: self.redact_pairs(request.query_pairs()),
            body,
        }
    }

    pub(super) fn response(&self, response: &RawResponse) -> RecordedResponse {
        let kept =
            |name: &str| KEPT_HEADERS.contains(&name) || KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        let headers = response.headers.iter().filter(|(name, _)| kept(name.as_str()));
        let headers = headers
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), self.text(value.to_str().ok()?).into_owned())));
        RecordedResponse {
            status: response.status.as_u16(),
            headers: headers.collect(),
            body: self.body(&response.body),
        }
    }

    fn pairs(&self, text: &str) -> Vec<(String, String)> {
        self.redact_pairs(form_pairs(text))
    }

    fn redact_pairs<'p>(&self, pairs: impl IntoIterator<Item = Pair<'p>>) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(name, value)| {
                let value = if is_secret(&name) { REDACTED.to_owned() } else { self.text(&value).into_owned() };
                (name.into_owned(), value)
            })
            .collect();
        pairs.sort();
        pairs
    }

    fn body(&self, bytes: &[u8]) -> Body {
        match Body::of(bytes) {
            Body::Json(mut json) => {
                self.json(&mut json);
                Body::Json(json)
            }
            // The old login endpoints respond with a form, whatever the media type says.
            Body::Text(text) if looks_like_a_form(&text) => Body::Form(self.pairs(&text)),
            Body::Text(text) => Body::Text(self.text(&text).into_owned()),
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
                    if is_secret(name) && value.is_string() {
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
        let redactor = Redactor { secrets: vec!["hush/hush".into()] };
        let text =
            r#"{"access_token":"x","data":[{"state":"y","text":"hush/hush is it","code":215}],"n":"hush%2Fhush"}"#;
        let Body::Json(json) = redactor.body(text.as_bytes()) else { panic!("no JSON") };
        let shown = json.to_string();
        assert!(!shown.contains("hush") && !shown.contains("\"x\"") && !shown.contains("\"y\""), "{shown}");
        assert!(shown.contains("215"));
        let Body::Form(pairs) = redactor.body(b"oauth_token=a&oauth_token_secret=b&screen_name=ada") else {
            panic!("no form")
        };
        assert_eq!(pairs[0].1, REDACTED);
        assert_eq!(pairs[2], ("screen_name".to_owned(), "ada".to_owned()));
    }

    #[test]
    fn keys_of_encoders_and_media_sessions_are_removed() {
        let redactor = Redactor { secrets: Vec::new() };
        let text = r#"{"data":{"stream_key":"k1","source":{"rtmp_stream_key":"k2"},"media_token":"k3","name":"kept"}}"#;
        let Body::Json(json) = redactor.body(text.as_bytes()) else { panic!("no JSON") };
        let shown = json.to_string();
        assert!(!["k1", "k2", "k3"].iter().any(|key| shown.contains(key)) && shown.contains("kept"), "{shown}");
    }
}
