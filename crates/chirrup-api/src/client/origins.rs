//! The origins that may receive the credentials of a client.

use std::borrow::Cow;

use chirrup_auth::oauth1::base_uri;

/// Hosts of X, which accept the credentials of each other.
const X_HOSTS: [&str; 9] = [
    "api.x.com",
    "upload.x.com",
    "stream.x.com",
    "userstream.x.com",
    "sitestream.x.com",
    "api.twitter.com",
    "upload.twitter.com",
    "stream.twitter.com",
    "userstream.twitter.com",
];

/// Returns the normalized scheme, host and port of a URL.
fn origin(url: &str) -> Option<String> {
    if find_fault(url).is_some() {
        return None;
    }
    let normal = base_uri(url).ok()?;
    let (scheme, rest) = normal.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()))
}

/// Whether the credentials of a client with this base URL may be sent to another URL: one of the same origin, or, for a
/// base URL of X, one of X's own hosts.
pub fn may_receive_credentials(base_url: &str, url: &str) -> bool {
    let (Some(own), Some(other)) = (origin(base_url), origin(url)) else { return false };
    let is_x = |origin: &str| origin.strip_prefix("https://").is_some_and(|host| X_HOSTS.contains(&host));
    own == other || (is_x(&own) && is_x(&other))
}

/// Returns what makes a base URL invalid, apart from its form.
pub(super) fn find_fault(url: &str) -> Option<&'static str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    if rest.split('/').next().is_some_and(|authority| authority.contains('@')) {
        return Some("it contains a user name or password");
    }
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | '@');
    rest.contains(is_odd).then_some("it contains a character that is not allowed in a base URL")
}

/// Returns a URL for messages: without a user name, a password and a query, and not longer than 60 characters.
pub fn printable_url(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    // Everything before the last `@` may be a part of a password, even after a slash.
    let rest = rest.rsplit_once('@').map_or(Cow::Borrowed(rest), |(_, rest)| Cow::Owned(format!("…@{rest}")));
    let separator = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{separator}{rest}").chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::all;

    #[test]
    fn credentials_go_to_the_same_origin_and_to_hosts_of_x() {
        let x = "https://api.x.com";
        for url in [x, "https://API.X.com:443/2", "https://upload.x.com/1.1/a.json", "https://api.twitter.com"] {
            assert!(may_receive_credentials(x, url), "{url}");
        }
        for endpoint in all() {
            assert!(endpoint.host.is_none_or(|host| may_receive_credentials(x, host)), "{}", endpoint.id);
        }
        let others = [
            "http://api.x.com",
            "https://api.x.com:8443",
            "https://api.x.com.evil.example",
            "https://x.com",
            "https://api.x.com@evil.example",
            "https://evil.example#@api.x.com",
            "https://evil.example\\@api.x.com",
            "http://127.0.0.1:8086",
            "//api.x.com",
            "api.x.com",
            "",
        ];
        for url in others {
            assert!(!may_receive_credentials(x, url), "{url}");
        }
        let local = "http://127.0.0.1:8086/base";
        assert!(may_receive_credentials(local, "http://127.0.0.1:8086/2/tweets"));
        for url in [x, "http://127.0.0.1:8087", "http://localhost:8086", "https://127.0.0.1:8086"] {
            assert!(!may_receive_credentials(local, url), "{url}");
        }
    }

    #[test]
    fn a_printed_url_contains_no_password() {
        for (url, printed) in [
            ("https://user:hush@api.x.com/2", "https://…@api.x.com/2"),
            ("https://user:hu/sh@api.x.com", "https://…@api.x.com"),
            ("user:hush@api.x.com", "…@api.x.com"),
            ("https://api.x.com/2?token=hush", "https://api.x.com/2"),
            ("http://127.0.0.1:8086", "http://127.0.0.1:8086"),
        ] {
            assert_eq!(printable_url(url), printed);
        }
        assert_eq!(printable_url(&"x".repeat(100)).len(), 60);
    }
}
