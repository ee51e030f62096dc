//! The ends of hosts: top-level domains.

use crate::lines::lines;

/// The top-level domains that links may end with, as the official libraries froze them, in the order of their bytes.
static TLDS: [&str; 1574] = lines(include_str!("../data/tlds.txt"));

/// The end of the top-level domain that begins at `at`, if one does. `text` ends where the domain has to end.
pub(crate) fn end_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let plain = rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if plain > 0 && lets_end(&rest[plain..]) && is_known(&rest.as_bytes()[..plain]) {
        return Some(at + plain);
    }
    let foreign = rest[plain..].chars().next().filter(|c| !c.is_ascii()).and_then(|_| foreign(rest));
    foreign.or_else(|| punycode(rest)).map(|len| at + len)
}

/// Whether a host may end before this.
fn lets_end(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '+' | '-'))
}

/// How long the name is, written with other letters than those of ASCII, that `text` begins with.
fn foreign(text: &str) -> Option<usize> {
    let first = text.chars().next()?.to_lowercase().next()?;
    let from = TLDS.partition_point(|tld| tld.chars().next() < Some(first));
    let same = TLDS[from..].iter().take_while(|tld| tld.starts_with(first));
    same.filter(|tld| !tld.is_ascii()).filter_map(|tld| starts_with(text, tld)).max()
}

fn is_known(name: &[u8]) -> bool {
    let mut lower = [0; 24];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    TLDS.binary_search_by(|tld| tld.as_bytes().cmp(lower)).is_ok()
}

/// How long the name is that `text` begins with, in any case, where a host may end after it.
fn starts_with(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in name.chars() {
        let c = rest.next()?;
        if c != expected && !c.to_lowercase().eq([expected]) {
            return None;
        }
    }
    lets_end(rest.as_str()).then(|| text.len() - rest.as_str().len())
}

/// How long the encoded name is that `text` begins with.
fn punycode(text: &str) -> Option<usize> {
    let rest = text.get(4..).filter(|_| text[..4].eq_ignore_ascii_case("xn--"))?;
    let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    (len > 0).then_some(4 + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(TLDS.is_sorted());
    }

    #[test]
    fn names_end_where_a_host_may_end() {
        for (text, end) in [
            ("com", Some(3)),
            ("COM/", Some(3)),
            ("community.x", Some(9)),
            ("comm", None),
            ("com@x", None),
            ("com-x", None),
            ("comé", Some(3)),
            ("みんなです", Some(9)),
            ("みんなa", None),
            ("भारतम्", Some("भारतम्".len())),
            ("भारत/", Some("भारत".len())),
            ("КОМ", Some(6)),
            ("VermögensberaterX", None),
            ("Vermögensberater/", Some(17)),
            ("xn--p1ai/", Some(8)),
            ("xn--", None),
            ("", None),
        ] {
            assert_eq!(end_at(text, 0), end, "{text}");
        }
    }
}
