//! Headers that X sends with every response.

use chirrup_model::Timestamp;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::random::random_transaction_id;

/// Headers of both versions of the API.
const COMMON: [(&str, &str); 5] = [
    ("content-disposition", "attachment; filename=json.json"),
    ("server", "chirrup-sandbox"),
    ("strict-transport-security", "max-age=631138519"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
];
const V1: [(&str, &str); 5] = [
    ("cache-control", "no-cache, no-store, must-revalidate, pre-check=0, post-check=0"),
    ("expires", "Tue, 31 Mar 1981 05:00:00 GMT"),
    ("pragma", "no-cache"),
    ("x-twitter-response-tags", "BouncerCompliant"),
    ("x-xss-protection", "1; mode=block; report=https://twitter.com/i/xss_report"),
];
const V2: [(&str, &str); 4] = [
    ("api-version", "2.167"),
    ("cache-control", "no-cache, no-store, max-age=0"),
    ("perf", "7402827104"),
    ("x-xss-protection", "0"),
];

/// Adds the headers that all responses of a version of the API have.
pub(crate) fn add_common_headers(headers: &mut HeaderMap, is_v1: bool, status: u16, now: Timestamp) {
    let version: &[(&str, &str)] = if is_v1 { &V1 } else { &V2 };
    for (name, value) in COMMON.iter().chain(version) {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    let transaction = random_transaction_id();
    // X sends a cookie with most responses, whether the client keeps cookies or not.
    set("set-cookie", format!("guest_id=v1%3A{}; Max-Age=63072000; Path=/; Secure; SameSite=None", now.as_millis()));
    set("x-connection-hash", transaction.repeat(4));
    if !is_v1 {
        set("x-transaction-id", transaction);
        return;
    }
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    set("x-transaction", transaction);
    set("status", format!("{status} {reason}"));
    set("last-modified", now.to_http_date());
}
