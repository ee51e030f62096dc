//! Validation of complete strings: usernames, lists, hashtags, URLs and texts.

use crate::char_class::is_invalid;
use crate::config::Config;
use crate::entity::EntityKind;
use crate::length::parse_with;
use crate::scan::{EntityKinds, hashtag_len, scan};

/// Returns whether this is a username with its `@`, as it is found in a mention.
///
/// ```
/// assert!(chirrup_text::is_valid_username("@ada_l"));
/// assert!(!chirrup_text::is_valid_username("ada"));
/// ```
pub fn is_valid_username(text: &str) -> bool {
    is_entity(text, EntityKind::Mention)
}

/// Returns whether this is the name of a list: `@name/list`.
pub fn is_valid_list(text: &str) -> bool {
    is_entity(text, EntityKind::List)
}

/// Returns whether this is a hashtag with its `#`.
pub fn is_valid_hashtag(text: &str) -> bool {
    let Some(tag) = text.strip_prefix(['#', '＃']) else { return false };
    hashtag_len(tag) == Some(tag.len())
}

fn is_entity(text: &str, kind: EntityKind) -> bool {
    let found = scan(text, EntityKinds { mentions: true, ..EntityKinds::NONE });
    matches!(found[..], [entity] if entity.kind == kind && entity.span.slice(text) == Some(text))
}

/// Returns whether a text can be posted by the rules of [`Config::V3`]: not empty, not too long and without invalid
/// characters.
pub fn is_valid_text(text: &str) -> bool {
    parse_with(text, &Config::V3).valid
}

/// Returns whether a text contains a character that is not allowed in a post: U+FFFE, U+FEFF or U+FFFF.
pub fn has_invalid_characters(text: &str) -> bool {
    text.contains(is_invalid)
}

/// Options of [`is_valid_url`]: which URLs are valid.
///
/// ```
/// use chirrup_text::{UrlOptions, is_valid_url};
///
/// assert!(is_valid_url("example.com/a", UrlOptions::default().require_protocol(false)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlOptions {
    unicode_domains: bool,
    require_protocol: bool,
}

impl Default for UrlOptions {
    fn default() -> Self {
        Self { unicode_domains: true, require_protocol: true }
    }
}

impl UrlOptions {
    setters! {
        /// Whether hosts can contain letters of any script. The default is `true`.
        unicode_domains: bool,
        /// Whether the URL must start with `http://` or `https://`. The default is `true`.
        require_protocol: bool,
    }
}

/// Returns whether a complete string is a valid URL.
///
/// This is not the grammar that finds URLs in a text: it accepts IP addresses, user names and ports, and any top-level
/// domain.
///
/// ```
/// use chirrup_text::{UrlOptions, is_valid_url};
///
/// assert!(is_valid_url("http://192.168.0.1:8080/a?b#c", UrlOptions::default()));
/// assert!(!is_valid_url("http://%e2%98%83.net/", UrlOptions::default()));
/// ```
pub fn is_valid_url(text: &str, options: UrlOptions) -> bool {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.is_empty() && !scheme.contains([':', '/', '?', '#']) => (Some(scheme), rest),
        _ => (None, text),
    };
    let is_http = scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    let (before, fragment) = rest.split_once('#').map_or((rest, ""), |(before, fragment)| (before, fragment));
    let (before, query) = before.split_once('?').map_or((before, ""), |(before, query)| (before, query));
    let (authority, path) = before.split_at(before.find('/').unwrap_or(before.len()));
    (is_http || !options.require_protocol)
        && is_authority(authority, options.unicode_domains)
        && consists_of(path, |c| is_component_char(c) || matches!(c, ':' | '|' | '@' | '/'))
        && consists_of(query, |c| is_component_char(c) || matches!(c, ':' | '|' | '@' | '/' | '?'))
        && consists_of(fragment, |c| is_component_char(c) || matches!(c, ':' | '|' | '@' | '/' | '?'))
}

/// Unreserved character or sub-delimiter of RFC 3986, or one of the Cyrillic letters that twitter-text allows.
fn is_component_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '.' | '_' | '~' | '!' | '$' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=')
        || matches!(c, '\u{400}'..='\u{4FF}' | '\u{1C80}'..='\u{1C87}')
}

/// Whether a component consists of allowed characters and percent-encoded bytes.
fn consists_of(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let mut digit = || rest.next().is_some_and(|c| c.is_ascii_hexdigit());
        if !(allowed(c) || c == '%' && digit() && digit()) {
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
    consists_of(user, |c| is_component_char(c) || c == ':')
        && port.is_none_or(|p| (1..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && (is_ipv4(host) || is_ipv6(host) || is_domain(host, unicode))
}

fn is_ipv4(host: &str) -> bool {
    let octet = |o: &str| {
        let no_leading_zero = o.len() == 1 || !o.starts_with('0');
        (1..=3).contains(&o.len())
            && no_leading_zero
            && o.bytes().all(|b| b.is_ascii_digit())
            && o.parse::<u8>().is_ok()
    };
    host.split('.').count() == 4 && host.split('.').all(octet)
}

fn is_ipv6(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or_default();
    !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
}

fn is_domain(host: &str, unicode: bool) -> bool {
    let mut labels = host.rsplit('.');
    let is_letter = |c: char| c.is_ascii_alphabetic() || (unicode && !c.is_ascii());
    let is_alphanumeric = |c: char| is_letter(c) || c.is_ascii_digit();
    let is_label = |label: &str, inner: fn(char) -> bool| {
        label.starts_with(is_alphanumeric)
            && label.ends_with(is_alphanumeric)
            && label.chars().all(|c| is_alphanumeric(c) || inner(c))
    };
    labels.next().is_some_and(|tld| is_label(tld, |c| c == '-') && tld.starts_with(is_letter))
        && labels.next().is_some_and(|name| is_label(name, |c| c == '-'))
        && labels.all(|subdomain| is_label(subdomain, |c| matches!(c, '-' | '_')))
}
