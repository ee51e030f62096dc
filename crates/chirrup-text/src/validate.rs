//! Whether a whole string is a right name, list, tag, link or text.

use crate::class::is_invalid;
use crate::extract::EntityKind;
use crate::length::{Config, parse_with};
use crate::scan::{Wanted, scan, tag_len};

/// Whether this is `@name`: a sign, and a name that would be found as a mention.
///
/// ```
/// assert!(chirrup_text::is_valid_username("@ada_l"));
/// assert!(!chirrup_text::is_valid_username("ada"));
/// ```
pub fn is_valid_username(text: &str) -> bool {
    is_just(text, EntityKind::Mention)
}

/// Whether this is `@name/list`.
pub fn is_valid_list(text: &str) -> bool {
    is_just(text, EntityKind::List)
}

/// Whether this is `#tag`.
pub fn is_valid_hashtag(text: &str) -> bool {
    let Some(tag) = text.strip_prefix(['#', '＃']) else { return false };
    tag_len(tag) == Some(tag.len())
}

fn is_just(text: &str, kind: EntityKind) -> bool {
    let found = scan(text, Wanted { mentions: true, ..Wanted::NOTHING });
    matches!(found[..], [entity] if entity.kind == kind && entity.span.of(text) == Some(text))
}

/// Whether a text may be posted by the rules of today: not empty, not too long, no character that no post may hold.
pub fn is_valid_text(text: &str) -> bool {
    parse_with(text, &Config::V3).valid
}

/// Whether a text holds a character that no post may hold: U+FFFE, U+FEFF or U+FFFF.
pub fn has_invalid_characters(text: &str) -> bool {
    text.contains(is_invalid)
}

/// How strict [`is_valid_url`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlRules {
    /// Whether hosts may hold letters of all scripts.
    pub unicode_hosts: bool,
    /// Whether `http://` or `https://` must be there.
    pub scheme: bool,
}

impl Default for UrlRules {
    /// All scripts, and a scheme.
    fn default() -> Self {
        Self { unicode_hosts: true, scheme: true }
    }
}

/// Whether this is a right link from its first character to its last. This is not the grammar by which links are found
/// in a text: it knows addresses of machines, users and ports, and no list of top-level domains.
///
/// ```
/// use chirrup_text::{UrlRules, is_valid_url};
///
/// assert!(is_valid_url("http://192.168.0.1:8080/a?b#c", UrlRules::default()));
/// assert!(!is_valid_url("http://%e2%98%83.net/", UrlRules::default()));
/// ```
pub fn is_valid_url(text: &str, rules: UrlRules) -> bool {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains([':', '/', '?', '#']) => (Some(scheme), rest),
        _ => (None, text),
    };
    let right_scheme = scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    let (before, fragment) = rest.split_once('#').map_or((rest, ""), |(before, fragment)| (before, fragment));
    let (before, query) = before.split_once('?').map_or((before, ""), |(before, query)| (before, query));
    let (authority, path) = before.split_at(before.find('/').unwrap_or(before.len()));
    (right_scheme || !rules.scheme)
        && is_authority(authority, rules.unicode_hosts)
        && is_made_of(path, |c| is_part(c) || matches!(c, ':' | '|' | '@' | '/'))
        && is_made_of(query, |c| is_part(c) || matches!(c, ':' | '|' | '@' | '/' | '?'))
        && is_made_of(fragment, |c| is_part(c) || matches!(c, ':' | '|' | '@' | '/' | '?'))
}

/// An unreserved character or a delimiter of RFC 3986, and the Cyrillic letters that are let through.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '.' | '_' | '~' | '!' | '$' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=')
        || matches!(c, '\u{400}'..='\u{4FF}' | '\u{1C80}'..='\u{1C87}')
}

/// Whether all is made of such characters and of `%` with two digits.
fn is_made_of(text: &str, fits: impl Fn(char) -> bool) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let mut digit = || rest.next().is_some_and(|c| c.is_ascii_hexdigit());
        if !(fits(c) || c == '%' && digit() && digit()) {
            return false;
        }
    }
    true
}

fn is_authority(text: &str, unicode: bool) -> bool {
    let (user, rest) = text.split_once('@').map_or(("", text), |(user, rest)| (user, rest));
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !rest.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    is_made_of(user, |c| is_part(c) || c == ':')
        && port.is_none_or(|p| (1..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && (is_ipv4(host) || is_ipv6(host) || is_domain(host, unicode))
}

fn is_ipv4(host: &str) -> bool {
    let octet = |o: &str| {
        let plain = o.len() == 1 || !o.starts_with('0');
        (1..=3).contains(&o.len()) && plain && o.bytes().all(|b| b.is_ascii_digit()) && o.parse::<u8>().is_ok()
    };
    host.split('.').count() == 4 && host.split('.').all(octet)
}

fn is_ipv6(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or_default();
    !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
}

fn is_domain(host: &str, unicode: bool) -> bool {
    let mut labels = host.rsplit('.');
    let letter = |c: char| c.is_ascii_alphabetic() || (unicode && !c.is_ascii());
    let word = |c: char| letter(c) || c.is_ascii_digit();
    let label = |label: &str, sign: fn(char) -> bool| {
        label.starts_with(word) && label.ends_with(word) && label.chars().all(|c| word(c) || sign(c))
    };
    let top = labels.next().is_some_and(|top| label(top, |c| c == '-') && top.starts_with(letter));
    top && labels.next().is_some_and(|name| label(name, |c| c == '-'))
        && labels.all(|sub| label(sub, |c| matches!(c, '-' | '_')))
}
