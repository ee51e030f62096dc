//! URLs, with and without a scheme.

use super::host::{HostLabels, is_encodable, label_start, latin_hosts};
use super::kinds::EntityKinds;
use super::preceding::Preceding;
use crate::char_class::{cannot_precede_url, is_host_char, is_path_char, is_path_end, is_query_char, is_query_end};
use crate::entity::{Entity, EntityKind};
use crate::index::Span;
use std::ops::Range;

/// Maximum length of a URL including its scheme, in UTF-16 code units.
const MAX_URL: usize = 4096;
/// Maximum length of the slug of a `t.co` link.
const MAX_TCO_SLUG: usize = 40;

/// Finder of URLs. Every host contains a dot, so only dots need to be examined.
pub(super) struct Urls<'t> {
    text: &'t str,
    kinds: EntityKinds,
    consumed: usize,
    /// Hosts start here or later: the text before is examined.
    next: usize,
    /// Dots before this position are examined.
    examined: usize,
    labels: HostLabels,
}

/// Text that matches the grammar of a URL. Length limits and the selected kinds decide later whether it is returned.
struct Candidate {
    /// Start of the scheme.
    scheme: Option<usize>,
    host: Range<usize>,
    has_path: bool,
    end: usize,
}

impl<'t> Urls<'t> {
    pub(super) fn new(text: &'t str, kinds: EntityKinds) -> Self {
        Self { text, kinds, consumed: 0, next: 0, examined: 0, labels: HostLabels::default() }
    }

    /// Finds the URLs whose host contains the dot at `dot`.
    pub(super) fn find_at_dot(&mut self, dot: usize, found: &mut Vec<Entity<'t>>) {
        let text = self.text;
        // Most dots end a sentence, with no host character after them.
        if dot < self.examined || !text[dot + 1..].starts_with(is_host_char) {
            return;
        }
        let start = self.next + label_start(&text[self.next..dot]);
        let labels_end = self.labels.read(text, start, dot);
        let mut from = start;
        if let (Some(scheme), Some(end)) = (self.scheme_before(start), self.labels.longest_from_start()) {
            from = self.match_url(Some(scheme), start..end, found);
        }
        while from < labels_end {
            let consumed = self.consumed;
            let can_start = |at| {
                Preceding::new(text, consumed, at).allows(cannot_precede_url) && !(at == 0 && skips_first_char(text))
            };
            let Some(host) = self.labels.first_host(text, from, can_start) else { break };
            from = self.match_url(None, host, found);
        }
        self.next = from.max(labels_end);
        self.examined = self.next;
    }

    /// Returns the start of the scheme before a host, if a URL can start there.
    fn scheme_before(&self, host: usize) -> Option<usize> {
        let before = &self.text.as_bytes()[self.consumed..host];
        let scheme = [&b"https://"[..], b"http://"].into_iter().find(|scheme| {
            before.len() >= scheme.len() && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
        })?;
        let start = host - scheme.len();
        Preceding::new(self.text, self.consumed, start).allows(cannot_precede_url).then_some(start)
    }

    /// Consumes the URL with this host, and adds it to `found` if it is valid. Returns the end of the URL.
    fn match_url(&mut self, scheme: Option<usize>, host: Range<usize>, found: &mut Vec<Entity<'t>>) -> usize {
        let port_end = host.end + port_len(&self.text[host.end..]);
        let path = path_len(&self.text[port_end..]);
        let query_start = port_end + path;
        let end = query_start + query_len(&self.text[query_start..]);
        let candidate = Candidate { scheme, host, has_path: path > 0, end };
        match candidate.scheme {
            Some(start) => self.add_with_scheme(start, &candidate, found),
            None => self.add_without_scheme(&candidate, found),
        }
        self.consumed = candidate.end;
        candidate.end
    }

    fn add_with_scheme(&self, start: usize, candidate: &Candidate, found: &mut Vec<Entity<'t>>) {
        let scheme = candidate.host.start - start;
        let Some(len) = tco_link_len(&self.text[start..candidate.end], scheme) else { return };
        let end = start + len;
        if self.kinds.urls && is_valid(&self.text[start..end], scheme, &self.text[candidate.host.clone()]) {
            found.push(self.entity(start, end));
        }
    }

    fn add_without_scheme(&self, candidate: &Candidate, found: &mut Vec<Entity<'t>>) {
        let start = candidate.host.start;
        let host = &self.text[candidate.host.clone()];
        let follows_separator = self.text[..start].ends_with(['-', '_', '.', '/']);
        if follows_separator || !self.kinds.urls_without_protocol {
            return;
        }
        let first = found.len();
        found.extend(latin_hosts(host).map(|latin| self.entity(start + latin.start, start + latin.end)));
        // The lengths are checked last, since only a host with a Latin part needs it.
        if found.len() > first && !is_valid(&self.text[start..candidate.end], "https://".len(), host) {
            found.truncate(first);
        }
        if let Some(last) = found[first..].last_mut().filter(|_| candidate.has_path) {
            *last = self.entity(last.span.start.0, candidate.end);
        }
    }

    fn entity(&self, start: usize, end: usize) -> Entity<'t> {
        Entity { kind: EntityKind::Url, span: Span::new(start, end), text: &self.text[start..end] }
    }
}

/// Whether a URL at the very start of a text excludes the first character, as it does in the official libraries: their
/// pattern takes that character for the one before the URL.
fn skips_first_char(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| !cannot_precede_url(c)) && chars.next().is_some_and(is_host_char)
}

/// Whether a URL and its host are within their length limits. `scheme` is the length to add for the scheme.
fn is_valid(url: &str, scheme: usize, host: &str) -> bool {
    let fits = url.len() + scheme <= MAX_URL || url.encode_utf16().count() + scheme <= MAX_URL;
    fits && is_encodable(host)
}

/// Returns the length of the URL, whose scheme has this length. A `t.co` link ends after its slug and query; the result is
/// `None` if its slug is longer than 40 characters.
fn tco_link_len(url: &str, scheme: usize) -> Option<usize> {
    const HOST: &[u8] = b"t.co/";
    let slug_start = scheme + HOST.len();
    if !url.as_bytes().get(scheme..slug_start).is_some_and(|host| host.eq_ignore_ascii_case(HOST)) {
        return Some(url.len());
    }
    let slug = url.as_bytes()[slug_start..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    match slug {
        0 => Some(url.len()),
        1..=MAX_TCO_SLUG => Some(slug_start + slug + query_len(&url[slug_start + slug..])),
        _ => None,
    }
}

/// Returns the length of the port at the start of `text`, including its colon, or 0.
fn port_len(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(':') else { return 0 };
    match digits.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        len => len + 1,
    }
}

/// Returns the length of the path at the start of `text`, or 0. It ends with the last character that can end a path.
fn path_len(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut at, mut end) = (1, 1);
    while let Some(c) = text[at..].chars().next() {
        if c == '(' {
            let Some(len) = parentheses_len(&text[at..]) else { break };
            at += len;
            end = at;
        } else if is_path_char(c) {
            at += c.len_utf8();
            if is_path_end(c) {
                end = at;
            }
        } else {
            break;
        }
    }
    end
}

/// Returns the length of the balanced parentheses at the start of `text`. They can contain one more pair.
fn parentheses_len(text: &str) -> Option<usize> {
    let run_end = |at: usize| at + text[at..].find(|c| !is_path_char(c)).unwrap_or(text.len() - at);
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let first = run_end(1);
    match byte(first)? {
        b')' if first > 1 => Some(first + 1),
        b'(' => {
            let inner = run_end(first + 1);
            if inner == first + 1 || byte(inner) != Some(b')') {
                return None;
            }
            let last = run_end(inner + 1);
            (byte(last) == Some(b')')).then_some(last + 1)
        }
        _ => None,
    }
}

/// Returns the length of the query at the start of `text`, including its question mark, or 0.
fn query_len(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let end = text[1..].find(|c| !is_query_char(c)).map_or(text.len(), |len| 1 + len);
    text[1..end].rfind(is_query_end).map_or(0, |at| at + 2)
}
