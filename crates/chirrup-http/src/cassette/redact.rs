//! Removing secrets before anything is written.

use std::borrow::Cow;

use chirrup_api::{RawResponse, Request};
use chirrup_auth::Credential;
use chirrup_auth::oauth1::{form_pairs, is_form};
use serde_json::Value as Json;

use super::recording::{Asked, Body, Told};

/// What stands in the place of a secret.
const GONE: &str = "REDACTED";
/// What stands in the place of an address of mail.
const SOMEBODY: &str = "somebody@example.com";

/// The headers of an answer that are kept; all others are not.
const KEPT: [&str; 9] = [
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
/// The beginnings of further ones.
const KEPT_FAMILIES: [&str; 3] = ["x-rate-limit-", "x-app-limit-", "x-user-limit-"];

/// The names of parameters and members whose values are secrets.
const SECRET: [&str; 15] = [
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
];
const MAIL: [&str; 3] = ["email", "confirmed_email", "phone_number"];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("oauth_") || SECRET.contains(&name.as_str()) || MAIL.contains(&name.as_str())
}

/// Removes secrets: by their names, and those of one request wherever they stand.
#[derive(Debug)]
pub(super) struct Redactor {
    known: Vec<chirrup_auth::Secret>,
}

impl Redactor {
    pub(super) fn of(request: &Request) -> Self {
        let known = match request.credential.as_deref() {
            Some(
                Credential::AppOnly(secret) | Credential::Basic(secret) | Credential::OAuth2 { token: secret, .. },
            ) => {
                vec![secret.clone()]
            }
            Some(Credential::OAuth1(signer)) => vec![signer.token().into()],
            _ => Vec::new(),
        };
        Self { known: known.into_iter().filter(|secret| secret.expose().len() >= 4).collect() }
    }

    pub(super) fn asked(&self, request: &Request) -> Asked {
        let rest = request.url.split_once("://").map_or(request.url.as_str(), |(_, rest)| rest);
        let target = rest.find('/').map_or("/", |at| &rest[at..]);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = match request.content_type.as_deref() {
            Some(kind) if is_form(kind) => Body::Form(self.pairs(&String::from_utf8_lossy(&request.body))),
            _ => self.body(&request.body),
        };
        Asked { method: request.method.to_string(), path: self.text(path).into_owned(), query: self.pairs(query), body }
    }

    pub(super) fn told(&self, answer: &RawResponse) -> Told {
        let kept = |name: &str| KEPT.contains(&name) || KEPT_FAMILIES.iter().any(|family| name.starts_with(family));
        let headers = answer.headers.iter().filter(|(name, _)| kept(name.as_str()));
        let headers = headers
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), self.text(value.to_str().ok()?).into_owned())));
        Told { status: answer.status.as_u16(), headers: headers.collect(), body: self.body(&answer.body) }
    }

    fn pairs(&self, text: &str) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = form_pairs(text)
            .map(|(name, value)| {
                let value = if is_secret(&name) { GONE.to_owned() } else { self.text(&value).into_owned() };
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
            // What the old endpoints for logging in answer is a form, whatever its media type.
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
                    // The `code` of an error is a number, and no secret.
                    if is_secret(name) && value.is_string() {
                        *value = GONE.into();
                    } else {
                        self.json(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = without_mail(text);
        for secret in &self.known {
            let mut encoded = String::new();
            chirrup_auth::oauth1::encode_into(&mut encoded, secret.expose());
            for form in [secret.expose(), encoded.as_str()] {
                if clean.contains(form) {
                    clean = Cow::Owned(clean.replace(form, GONE));
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

/// Puts a made-up address in the place of each that is there.
fn without_mail(text: &str) -> Cow<'_, str> {
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
        clean.push_str(SOMEBODY);
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
    fn addresses_of_mail_go_and_names_stay() {
        assert_eq!(without_mail("write to ada.l+x@mail.example.org."), "write to somebody@example.com.");
        assert_eq!(without_mail("a@b.c and d@e.f"), "somebody@example.com and somebody@example.com");
        for name in ["hello @ada", "@ada.", "no mail@", "a@b", "@", "é@ö.ü"] {
            assert_eq!(without_mail(name), name);
        }
    }

    #[test]
    fn secrets_go_by_their_names_and_by_what_they_are() {
        let redactor = Redactor { known: vec!["hush/hush".into()] };
        let text =
            r#"{"access_token":"x","data":[{"state":"y","text":"hush/hush is it","code":215}],"n":"hush%2Fhush"}"#;
        let Body::Json(json) = redactor.body(text.as_bytes()) else { panic!("no JSON") };
        let shown = json.to_string();
        assert!(!shown.contains("hush") && !shown.contains("\"x\"") && !shown.contains("\"y\""), "{shown}");
        assert!(shown.contains("215"));
        let Body::Form(pairs) = redactor.body(b"oauth_token=a&oauth_token_secret=b&screen_name=ada") else {
            panic!("no form")
        };
        assert_eq!(pairs[0].1, GONE);
        assert_eq!(pairs[2], ("screen_name".to_owned(), "ada".to_owned()));
    }
}
