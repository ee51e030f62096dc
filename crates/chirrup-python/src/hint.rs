//! Hints of the library in terms of the Python package.

use std::borrow::Cow;

/// Names of the Rust API in hints, each with that of the package.
const NAMES: [(&str, &str); 8] = [
    ("add such a credential with `Credentials::and`", "give the client such a credential too, such as `oauth2_token`"),
    ("wait for `retry_after()`, or let the client wait", "wait, or create the client with `wait_on_rate_limit=True`"),
    ("wait for `retry_after()`, then call again", "wait for `retry_after` seconds, or use `wait_on_rate_limit=True`"),
    ("raise the limit with `.timeout(…)`", "raise the limit with `timeout=`"),
    ("raise `max_body`", "raise it with `max_body=`"),
    ("call with `unauthenticated()`", "call with `auth=\"none\"`"),
    ("name its media type with `format`", "name its media type with `media_type=`"),
    ("for a post, `confirm` does", "`chirrup.Outbox` performs a write once"),
];

/// Returns a hint of the library with the names of the package.
pub(crate) fn for_python(hint: &str) -> Cow<'_, str> {
    let found = NAMES.iter().find(|(rust, _)| hint.contains(rust));
    found.map_or(Cow::Borrowed(hint), |(rust, python)| Cow::Owned(hint.replace(rust, python)))
}
