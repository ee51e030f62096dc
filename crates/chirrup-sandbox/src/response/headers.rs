//! Headers that X sends with every response.

use chirrup_model::Timestamp;
use http::StatusCode;

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
const V2: [(&str, &str); 3] =
    [("api-version", "2.167"), ("cache-control", "no-cache, no-store, max-age=0"), ("x-xss-protection", "0")];

/// Returns the headers that all responses of a version of the API have.
pub(crate) fn common_headers(is_v1: bool, status: u16, now: Timestamp) -> impl Iterator<Item = (&'static str, String)> {
    let version: &[(&str, &str)] = if is_v1 { &V1 } else { &V2 };
    let fixed = COMMON.iter().chain(version).map(|(name, value)| (*name, (*value).to_owned()));
    let transaction = random_transaction_id();
    let own = if is_v1 {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
        vec![
            ("x-transaction", transaction),
            ("status", format!("{status} {reason}")),
            ("last-modified", now.to_http_date()),
        ]
    } else {
        vec![("x-transaction-id", transaction)]
    };
    let random = [
        ("x-connection-hash", random_transaction_id().repeat(4)),
        // X sends it with most responses, whether the client keeps cookies or not.
        ("set-cookie", format!("guest_id=v1%3A{}; Max-Age=63072000; Path=/; Secure; SameSite=None", now.as_millis())),
    ];
    fixed.chain(own).chain(random)
}
