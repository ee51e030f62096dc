//! Checks of a request head: whether the server is meant, and whether a page of another origin sent the request.

use http::header::{CONTENT_ENCODING, HOST, HeaderMap, HeaderName, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{Method, StatusCode};

/// Names under which clients may address the server, as they write it in the `Host` header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hosts {
    /// `localhost`, `127.0.0.1` and `[::1]`, with any port.
    Loopback,
    /// The names of `Loopback`, and these, such as the name of a container, with any port.
    LoopbackAnd(Vec<String>),
    /// Exactly this authority, such as `127.0.0.1:8080`.
    Exactly(String),
    /// Any name, for a server behind a proxy that verifies its requests in another way.
    Any,
}

impl Hosts {
    pub(crate) fn accept(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(authority) => host == authority,
            Self::Loopback => without_port(host).is_some_and(is_loopback),
            Self::LoopbackAnd(names) => without_port(host)
                .is_some_and(|host| is_loopback(host) || names.iter().any(|name| name.eq_ignore_ascii_case(host))),
        }
    }
}

/// Returns the name in a `Host`. `None` if what follows the name is not a port.
fn without_port(host: &str) -> Option<&str> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => return Some(host),
    };
    (port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()).then_some(name)
}

/// Whether a name is one of this machine, by its exact text: names such as `127.0.0.1.example` are not.
fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || matches!(name, "127.0.0.1" | "[::1]")
}

/// Refusal of a request, as status and text.
pub(crate) type Refusal = (StatusCode, &'static str);

const MISDIRECTED: Refusal = (StatusCode::MISDIRECTED_REQUEST, "the Host header is not a name of this server");
const FOREIGN: Refusal = (StatusCode::FORBIDDEN, "a page of another origin sent this request");

/// Checks the head of a request before its body is read. `accepts_host` tells which hosts are the server's, and `own_scheme`
/// is the scheme of its pages if only they may send requests.
pub(crate) fn check(
    accepts_host: impl Fn(&str) -> bool,
    own_scheme: Option<&str>,
    head: &Parts,
) -> Result<(), Refusal> {
    let host = the_only(&head.headers, &HOST).ok_or(MISDIRECTED)?;
    let is_misdirected = |authority: &Authority| !accepts_host(authority.as_str());
    if !accepts_host(host) || head.uri.authority().is_some_and(is_misdirected) {
        return Err(MISDIRECTED);
    }
    if own_scheme.is_some_and(|scheme| is_from_elsewhere(head, scheme, host)) {
        return Err(FOREIGN);
    }
    // A compressed body would have to be bounded twice, and no client sends one.
    if head.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the server does not accept compressed bodies"));
    }
    Ok(())
}

/// Returns the value of a header that occurs exactly once.
fn the_only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// Whether a page of another origin sent the request. Only browsers send the headers that show it. A link to a page of the
/// server is allowed: that is how a login begins.
fn is_from_elsewhere(head: &Parts, scheme: &str, host: &str) -> bool {
    let header = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap_or("invalid"));
    if head.headers.contains_key(ORIGIN) {
        let own = the_only(&head.headers, &ORIGIN).and_then(|origin| origin.strip_prefix(scheme)?.strip_prefix("://"));
        if own.is_none_or(|own| !own.eq_ignore_ascii_case(host)) {
            return true;
        }
    }
    let is_navigation = header("sec-fetch-mode") == Some("navigate")
        && header("sec-fetch-dest") == Some("document")
        && matches!(head.method, Method::GET | Method::HEAD);
    !matches!(header("sec-fetch-site"), None | Some("same-origin" | "none")) && !is_navigation
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(hosts: &Hosts, own_origin_only: bool, head: &Parts) -> Result<(), Refusal> {
        super::check(|host| hosts.accept(host), own_origin_only.then_some("http"), head)
    }

    fn head(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_exact_loopback_names_are_accepted() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8086"] {
            assert_eq!(check(&Hosts::Loopback, true, &head(&[("host", host)])), Ok(()), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example:127.0.0.1",
            "localhost.",
            "127.0.0.1:",
            "127.0.0.1:x",
            "127.0.0.1:65536",
            "127.0.0.1:80:80",
            "127.1",
            "127.0.0.2",
            "0.0.0.0",
            "::1",
            "[::1",
            "[::ffff:127.0.0.1]",
            "user@localhost",
            "a b",
            " localhost",
            "localhost/x",
            "2130706433",
            "0x7f.0.0.1",
        ] {
            let refused = check(&Hosts::Loopback, true, &head(&[("host", host)]));
            assert_eq!(refused, Err(MISDIRECTED), "{host}");
        }
        assert_eq!(check(&Hosts::Loopback, true, &head(&[])), Err(MISDIRECTED));
        let named = Hosts::LoopbackAnd(vec!["x-api".to_owned()]);
        for host in ["x-api", "X-API:8086", "localhost:1"] {
            assert_eq!(check(&named, true, &head(&[("host", host)])), Ok(()), "{host}");
        }
        for host in ["", "x-api.", "x-api:", "x-api:8086:80", "x-api.example", "a.x-api", "evil.example"] {
            assert_eq!(check(&named, true, &head(&[("host", host)])), Err(MISDIRECTED), "{host}");
        }
        let twice = head(&[("host", "localhost"), ("host", "evil.example")]);
        assert_eq!(check(&Hosts::Loopback, true, &twice), Err(MISDIRECTED));
        let absolute = Request::get("http://evil.example/").header("host", "localhost").body(()).expect("a request");
        assert_eq!(check(&Hosts::Loopback, true, &absolute.into_parts().0), Err(MISDIRECTED));
    }

    #[test]
    fn requests_of_foreign_pages_are_refused_and_links_are_not() {
        let of = |headers: &[(&str, &str)]| {
            let mut all = vec![("host", "127.0.0.1:8086")];
            all.extend_from_slice(headers);
            check(&Hosts::Loopback, true, &head(&all)).is_ok()
        };
        assert!(of(&[]));
        assert!(of(&[("origin", "http://127.0.0.1:8086"), ("sec-fetch-site", "same-origin")]));
        for origin in [
            "http://evil.example",
            "null",
            "https://127.0.0.1:8086",
            "http://127.0.0.1:3000",
            "http://localhost:8086",
            "",
        ] {
            assert!(!of(&[("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "anything"] {
            assert!(!of(&[("sec-fetch-site", site)]), "{site}");
            assert!(!of(&[("sec-fetch-site", site), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]));
            assert!(!of(&[("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")]));
            assert!(of(&[("sec-fetch-site", site), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]));
        }
    }
}
