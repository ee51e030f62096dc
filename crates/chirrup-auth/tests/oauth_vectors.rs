//! Test vectors, published and computed, for OAuth 1.0a, PKCE, HTTP Basic and webhook signatures, and properties of the
//! encoding.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "an unreadable fixture fails the test")]

use std::borrow::Cow;

use chirrup_auth::oauth1::{self, Signer, SigningKey};
use chirrup_auth::{CodeVerifier, OAuth1Keys, Secret, basic_header, crc_response, verify_webhook, webhook_signature};
use proptest::prelude::*;
use serde_json::Value as Json;

fn fixture() -> Json {
    serde_json::from_str(include_str!("fixtures/oauth1-vectors.json")).unwrap()
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

fn vectors<'a>(fixture: &'a Json, section: &str) -> &'a Vec<Json> {
    let list = fixture[section].as_array().unwrap();
    assert!(!list.is_empty(), "{section} is empty");
    list
}

#[test]
fn signatures_match_the_vectors() {
    let fixture = fixture();
    for vector in vectors(&fixture, "signature_vectors") {
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
            continue; // X accepts no other method; the vector only has the base string.
        }
        let key = SigningKey::new(&text(vector, "consumer_secret").into(), &text(vector, "token_secret").into());
        assert_eq!(key.sign(&base), text(expected, "signature"), "{id}");
        assert!(key.verify(&base, text(expected, "signature")), "{id}");
    }
}

#[test]
fn signatures_of_base_strings_match_the_vectors() {
    for vector in vectors(&fixture(), "raw_signing") {
        let key = SigningKey::new(&text(vector, "consumer_secret").into(), &text(vector, "token_secret").into());
        assert_eq!(key.sign(text(vector, "base_string")), text(vector, "signature"));
    }
}

#[test]
fn encoding_and_normalization_match_the_vectors() {
    for vector in vectors(&fixture(), "percent_encoding") {
        assert_eq!(oauth1::encode(text(vector, "input")), text(vector, "output"));
    }
    for vector in vectors(&fixture(), "normalization") {
        let pairs = oauth1::form_pairs(text(vector, "query"));
        assert_eq!(oauth1::normalize(pairs), text(vector, "normalized"));
    }
}

#[test]
fn base_string_uris_match_the_vectors() {
    let fixture = fixture();
    for vector in vectors(&fixture, "base_string_uri") {
        assert_eq!(oauth1::base_uri(text(vector, "url")).unwrap(), text(vector, "base_string_uri"));
    }
    for invalid in vectors(&fixture, "base_string_uri_errors") {
        assert!(oauth1::base_uri(invalid.as_str().unwrap()).is_err(), "{invalid}");
    }
}

#[test]
fn pkce_challenges_match_the_vectors() {
    let fixture = fixture();
    for vector in vectors(&fixture, "pkce") {
        let verifier = CodeVerifier::parse(text(vector, "code_verifier")).unwrap();
        assert_eq!(verifier.challenge(), text(vector, "code_challenge"));
        if let Some(octets) = vector["random_octets"].as_array() {
            let bytes: Vec<u8> = octets.iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect();
            let verifier = CodeVerifier::from_random(bytes.try_into().unwrap());
            assert_eq!(verifier.secret().expose(), text(vector, "code_verifier"));
        }
    }
    for invalid in vectors(&fixture, "pkce_must_reject") {
        assert!(CodeVerifier::parse(text(invalid, "code_verifier")).is_err(), "{invalid}");
    }
}

#[test]
fn webhook_signatures_and_basic_headers_match_the_vectors() {
    let fixture = fixture();
    for vector in vectors(&fixture, "crc") {
        let response = crc_response(&text(vector, "consumer_secret").into(), text(vector, "crc_token"));
        assert_eq!(response, text(&vector["response_body"], "response_token"));
    }
    for vector in vectors(&fixture, "webhook_signature") {
        let secret = Secret::new(text(vector, "consumer_secret"));
        let body = text(vector, "raw_body_utf8").as_bytes();
        let header = text(vector, "header_x_twitter_webhooks_signature");
        assert_eq!(webhook_signature(&secret, body), header);
        assert!(verify_webhook(&secret, body, header));
        assert!(!verify_webhook(&secret, b"other", header) && !verify_webhook(&secret, body, "sha256=AAAA"));
    }
    let vector = &vectors(&fixture, "basic_auth")[1];
    assert_eq!(basic_header(text(vector, "user"), &text(vector, "password").into()).expose(), text(vector, "header"));
}

#[test]
fn a_parsed_header_verifies() {
    let keys = OAuth1Keys::new("ck+ /", "cs", "12-tok", "ts");
    let url = "https://api.x.com/2/tweets/search/recent?query=a%20b";
    let header = Signer::new(keys).header("GET", url, "", "n0nce", 1_700_000_000).unwrap();
    let read = oauth1::parse_header(&header).unwrap();
    let signature = &read.iter().find(|(n, _)| n == "oauth_signature").unwrap().1;
    let pairs = read.iter().map(|(n, v)| (Cow::Borrowed(n.as_str()), Cow::Borrowed(v.as_str())));
    let base = oauth1::base_string("GET", url, "", pairs).unwrap();
    assert!(SigningKey::new(&"cs".into(), &"ts".into()).verify(&base, signature));
    assert!(!SigningKey::new(&"cs".into(), &"other".into()).verify(&base, signature));
}

proptest! {
    #[test]
    fn decoding_reverses_encoding(text in any::<String>()) {
        let encoded = oauth1::encode(&text);
        prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        prop_assert_eq!(oauth1::decode(&encoded, true), text.as_str());
    }

    #[test]
    fn arbitrary_text_does_not_panic(text in any::<String>()) {
        let _ = oauth1::base_uri(&text);
        let _ = oauth1::parse_header(&text);
        let _ = oauth1::form_pairs(&text).count();
    }
}
