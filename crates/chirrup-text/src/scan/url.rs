//! Links, with a scheme and without.

use super::host::{Chain, is_encodable, label_start, plain_hosts};
use super::{Wanted, before};
use crate::class::{is_host, is_path, is_path_end, is_query, is_query_end, spoils_url};
use crate::extract::{Entity, EntityKind};
use crate::index::Span;
use std::ops::Range;

/// The longest link, in UTF-16 units.
const MAX_URL: usize = 4096;
/// The longest name of a shortened link.
const MAX_TCO_SLUG: usize = 40;

/// The search for links. Every host holds a dot, so that only dots need a look.
pub(super) struct Urls<'t> {
    text: &'t str,
    wanted: Wanted,
    floor: usize,
    /// Hosts begin here or later: what stands before was looked at.
    next: usize,
    /// Dots before this were looked at.
    done: usize,
    chain: Chain,
}

/// One link as the grammar finds it: whether it is one is decided afterwards.
struct Link {
    scheme: Option<usize>,
    host: Range<usize>,
    path: bool,
    end: usize,
}

impl<'t> Urls<'t> {
    pub(super) fn new(text: &'t str, wanted: Wanted) -> Self {
        Self { text, wanted, floor: 0, next: 0, done: 0, chain: Chain::default() }
    }

    /// Finds the links in whose host the dot at `dot` stands.
    pub(super) fn at_dot(&mut self, dot: usize, found: &mut Vec<Entity<'t>>) {
        let text = self.text;
        // Most dots end a sentence, and have no host after them.
        if dot < self.done || !text[dot + 1..].starts_with(is_host) {
            return;
        }
        let start = self.next + label_start(&text[self.next..dot]);
        let chain_end = self.chain.read(text, start, dot);
        let mut from = start;
        if let (Some(scheme), Some(end)) = (self.scheme_before(start), self.chain.longest_from_start()) {
            from = self.take(Some(scheme), start..end, found);
        }
        while from < chain_end {
            let floor = self.floor;
            let may_begin = |at| before(text, floor, at).lets(spoils_url) && !(at == 0 && begins_late(text));
            let Some(host) = self.chain.first(text, from, may_begin) else { break };
            from = self.take(None, host, found);
        }
        self.next = from.max(chain_end);
        self.done = self.next;
    }

    /// Where the scheme before a host begins, if one is there and a link may begin there.
    fn scheme_before(&self, host: usize) -> Option<usize> {
        let free = &self.text.as_bytes()[self.floor..host];
        let scheme = [&b"https://"[..], b"http://"].into_iter().find(|scheme| {
            free.len() >= scheme.len() && free[free.len() - scheme.len()..].eq_ignore_ascii_case(scheme)
        })?;
        let start = host - scheme.len();
        before(self.text, self.floor, start).lets(spoils_url).then_some(start)
    }

    /// Takes the link with this host, and keeps it if it is a right one. Returns where the link ends.
    fn take(&mut self, scheme: Option<usize>, host: Range<usize>, found: &mut Vec<Entity<'t>>) -> usize {
        let port_end = host.end + port_len(&self.text[host.end..]);
        let path = path_len(&self.text[port_end..]);
        let query_start = port_end + path;
        let end = query_start + query_len(&self.text[query_start..]);
        let link = Link { scheme, host, path: path > 0, end };
        match link.scheme {
            Some(start) => self.keep_with_scheme(start, &link, found),
            None => self.keep_bare(&link, found),
        }
        self.floor = link.end;
        link.end
    }

    fn keep_with_scheme(&self, start: usize, link: &Link, found: &mut Vec<Entity<'t>>) {
        let Some(end) = short_link_end(&self.text[start..link.end]) else { return };
        let end = start + end;
        let scheme = link.host.start - start;
        if self.wanted.urls && is_link(&self.text[start..end], scheme, &self.text[link.host.clone()]) {
            found.push(self.entity(start, end));
        }
    }

    fn keep_bare(&self, link: &Link, found: &mut Vec<Entity<'t>>) {
        let start = link.host.start;
        let host = &self.text[link.host.clone()];
        let glued = self.text[..start].ends_with(['-', '_', '.', '/']);
        if glued || !self.wanted.bare_urls || !is_link(&self.text[start..link.end], "https://".len(), host) {
            return;
        }
        let first = found.len();
        found.extend(plain_hosts(host).map(|plain| self.entity(start + plain.start, start + plain.end)));
        if let Some(last) = found[first..].last_mut().filter(|_| link.path) {
            *last = self.entity(last.span.start.0, link.end);
        }
    }

    fn entity(&self, start: usize, end: usize) -> Entity<'t> {
        Entity { kind: EntityKind::Url, span: Span::new(start, end), text: &self.text[start..end] }
    }
}

/// Whether a link at the very start of a text leaves out the first character: the official libraries rather take it
/// for what stands before the link.
fn begins_late(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| !spoils_url(c)) && chars.next().is_some_and(is_host)
}

/// Whether a link and its host are not too long.
fn is_link(url: &str, scheme: usize, host: &str) -> bool {
    let fits = url.len() + scheme <= MAX_URL || url.encode_utf16().count() + scheme <= MAX_URL;
    fits && is_encodable(host)
}

/// Where a shortened link ends: after its name and query, whatever follows. Any other link is left as it is. Nothing
/// where the name is too long.
fn short_link_end(url: &str) -> Option<usize> {
    const HOST: &[u8] = b"t.co/";
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let after = scheme + HOST.len();
    if !url.as_bytes().get(scheme..after).is_some_and(|host| host.eq_ignore_ascii_case(HOST)) {
        return Some(url.len());
    }
    let slug = url.as_bytes()[after..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    match slug {
        0 => Some(url.len()),
        1..=MAX_TCO_SLUG => Some(after + slug + query_len(&url[after + slug..])),
        _ => None,
    }
}

fn port_len(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(':') else { return 0 };
    match digits.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        len => len + 1,
    }
}

/// How long the path is that `text` begins with. It ends with the last character that a path may end with.
fn path_len(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut at, mut end) = (1, 1);
    while let Some(c) = text[at..].chars().next() {
        if c == '(' {
            let Some(len) = parens_len(&text[at..]) else { break };
            at += len;
            end = at;
        } else if is_path(c) {
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

/// How long the pair of parentheses is that `text` begins with. One more pair may stand inside.
fn parens_len(text: &str) -> Option<usize> {
    let run = |at: usize| at + text[at..].find(|c| !is_path(c)).unwrap_or(text.len() - at);
    let sign = |at: usize| text.as_bytes().get(at).copied();
    let first = run(1);
    match sign(first)? {
        b')' if first > 1 => Some(first + 1),
        b'(' => {
            let inner = run(first + 1);
            if inner == first + 1 || sign(inner) != Some(b')') {
                return None;
            }
            let last = run(inner + 1);
            (sign(last) == Some(b')')).then_some(last + 1)
        }
        _ => None,
    }
}

/// How long the query is that `text` begins with.
fn query_len(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let run = text[1..].find(|c| !is_query(c)).map_or(text.len(), |len| 1 + len);
    text[1..run].rfind(is_query_end).map_or(0, |at| at + 2)
}
