//! Published and computed vectors of OAuth 1.0a, PKCE, HTTP Basic and webhook signatures, and properties of the encoding.
#![allow(clippy::unwrap_used, reason = "a fixture that does not read is a failed test")]

use std::borrow::Cow;

use chirrup_auth::oauth1::{self, Key, Signer};
use chirrup_auth::{OAuth1Keys, Secret, Verifier, basic_header, crc_response, verify_webhook, webhook_signature};
use proptest::prelude::*;
use serde_json::Value as Json;

fn facts() -> Json {
    serde_json::from_str(include_str!("fixtures/oauth1-vectors.json")).unwrap()
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

fn each<'a>(facts: &'a Json, section: &str) -> &'a Vec<Json> {
    let list = facts[section].as_array().unwrap();
    assert!(!list.is_empty(), "{section} is empty");
    list
}

#[test]
fn every_signature_vector_is_met() {
    let facts = facts();
    for vector in each(&facts, "signature_vectors") {
        let id = text(vector, "id");
        let expected = &vector["expected"];
        let oauth = vector["oauth"].as_object().unwrap();
        let pairs = oauth.iter().map(|(n, v)| (Cow::Borrowed(n.as_str()), Cow::Borrowed(v.as_str().unwrap())));
        let form = if oauth1::is_form(text(vector, "content_type")) { text(vector, "body") } else { "" };
        let base = oauth1::base_string(text(vector, "method"), text(vector, "url"), form, pairs).unwrap();
        assert_eq!(base, text(expected, "base_string"), "{id}");
        let uri = oauth1::base_uri(text(vector, "url")).unwrap();
        assert_eq!(uri, text(expected, "base_string_uri"), "{id}");
        if vector["oauth"]["oauth_signature_method"] != "HMAC-SHA1" {
            continue; // X takes no other method; such a vector still tells the base string.
        }
        let key = Key::new(&text(vector, "consumer_secret").into(), &text(vector, "token_secret").into());
        assert_eq!(key.sign(&base), text(expected, "signature"), "{id}");
        assert!(key.verify(&base, text(expected, "signature")), "{id}");
    }
}

#[test]
fn every_raw_signature_is_met() {
    for vector in each(&facts(), "raw_signing") {
        let key = Key::new(&text(vector, "consumer_secret").into(), &text(vector, "token_secret").into());
        assert_eq!(key.sign(text(vector, "base_string")), text(vector, "signature"));
    }
}

#[test]
fn every_encoding_vector_is_met() {
    for vector in each(&facts(), "percent_encoding") {
        assert_eq!(oauth1::encode(text(vector, "input")), text(vector, "output"));
    }
    for vector in each(&facts(), "normalization") {
        let pairs = oauth1::form_pairs(text(vector, "query"));
        assert_eq!(oauth1::normalize(pairs), text(vector, "normalized"));
    }
}

#[test]
fn every_address_vector_is_met() {
    let facts = facts();
    for vector in each(&facts, "base_string_uri") {
        assert_eq!(oauth1::base_uri(text(vector, "url")).unwrap(), text(vector, "base_string_uri"));
    }
    for bad in each(&facts, "base_string_uri_errors") {
        assert!(oauth1::base_uri(bad.as_str().unwrap()).is_err(), "{bad}");
    }
}

#[test]
fn pkce_vectors_are_met() {
    let facts = facts();
    for vector in each(&facts, "pkce") {
        let verifier = Verifier::parse(text(vector, "code_verifier")).unwrap();
        assert_eq!(verifier.challenge(), text(vector, "code_challenge"));
        if let Some(octets) = vector["random_octets"].as_array() {
            let bytes: Vec<u8> = octets.iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect();
            let made = Verifier::from_random(bytes.try_into().unwrap());
            assert_eq!(made.secret().expose(), text(vector, "code_verifier"));
        }
    }
    for bad in each(&facts, "pkce_must_reject") {
        assert!(Verifier::parse(text(bad, "code_verifier")).is_err(), "{bad}");
    }
}

#[test]
fn webhook_and_basic_vectors_are_met() {
    let facts = facts();
    for vector in each(&facts, "crc") {
        let response = crc_response(&text(vector, "consumer_secret").into(), text(vector, "crc_token"));
        assert_eq!(response, text(&vector["response_body"], "response_token"));
    }
    for vector in each(&facts, "webhook_signature") {
        let secret = Secret::new(text(vector, "consumer_secret"));
        let body = text(vector, "raw_body_utf8").as_bytes();
        let header = text(vector, "header_x_twitter_webhooks_signature");
        assert_eq!(webhook_signature(&secret, body), header);
        assert!(verify_webhook(&secret, body, header));
        assert!(!verify_webhook(&secret, b"other", header) && !verify_webhook(&secret, body, "sha256=AAAA"));
    }
    let vector = &each(&facts, "basic_auth")[1];
    assert_eq!(basic_header(text(vector, "user"), &text(vector, "password").into()).expose(), text(vector, "header"));
}

#[test]
fn a_header_reads_back_as_what_was_signed() {
    let keys = OAuth1Keys {
        consumer_key: "ck+ /".to_owned(),
        consumer_secret: "cs".into(),
        token: "12-tok".to_owned(),
        token_secret: "ts".into(),
    };
    let url = "https://api.x.com/2/tweets/search/recent?query=a%20b";
    let header = Signer::new(keys).header("GET", url, "", "n0nce", 1_700_000_000).unwrap();
    let read = oauth1::parse_header(&header).unwrap();
    let signature = &read.iter().find(|(n, _)| n == "oauth_signature").unwrap().1;
    let pairs = read.iter().map(|(n, v)| (Cow::Borrowed(n.as_str()), Cow::Borrowed(v.as_str())));
    let base = oauth1::base_string("GET", url, "", pairs).unwrap();
    assert!(Key::new(&"cs".into(), &"ts".into()).verify(&base, signature));
    assert!(!Key::new(&"cs".into(), &"other".into()).verify(&base, signature));
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(text in any::<String>()) {
        let encoded = oauth1::encode(&text);
        prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        prop_assert_eq!(oauth1::decode(&encoded, true), text.as_str());
    }

    #[test]
    fn nothing_from_outside_panics(text in any::<String>()) {
        let _ = oauth1::base_uri(&text);
        let _ = oauth1::parse_header(&text);
        let _ = oauth1::form_pairs(&text).count();
    }
}
