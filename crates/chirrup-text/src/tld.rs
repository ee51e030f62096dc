//! Top-level domains, with which the host of a URL ends.

use crate::string_table::{Hash, StringTable};

/// Top-level domains that the official libraries recognize, sorted by bytes.
static TLDS: StringTable<1574, 4096> = StringTable::new(include_str!("../data/tlds.txt"));

/// Returns the end of the top-level domain at `at`.
pub(crate) fn end_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let ascii = rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if ascii > 0 && host_can_end_before(&rest[ascii..]) && is_known(&rest.as_bytes()[..ascii]) {
        return Some(at + ascii);
    }
    let non_ascii = rest[ascii..].chars().next().filter(|c| !c.is_ascii()).and_then(|_| non_ascii_len(rest));
    non_ascii.or_else(|| punycode_len(rest)).map(|len| at + len)
}

/// Whether a host can end directly before `rest`.
fn host_can_end_before(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '+' | '-'))
}

/// Returns the length of the longest non-ASCII domain at the start of `text`.
fn non_ascii_len(text: &str) -> Option<usize> {
    let first = text.chars().next()?.to_lowercase().next()?;
    let from = TLDS.lines().partition_point(|tld| tld.chars().next() < Some(first));
    let same = TLDS.lines()[from..].iter().take_while(|tld| tld.starts_with(first));
    same.filter(|tld| !tld.is_ascii()).filter_map(|tld| prefix_len(text, tld)).max()
}

fn is_known(name: &[u8]) -> bool {
    let hash = name.iter().fold(Hash::EMPTY, |hash, b| hash.with(b.to_ascii_lowercase()));
    TLDS.find(hash, |tld| tld.as_bytes().eq_ignore_ascii_case(name).then_some(())).is_some()
}

/// Returns the length of `name` at the start of `text`, ignoring case, if a host can end after it.
fn prefix_len(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in name.chars() {
        let c = rest.next()?;
        if c != expected && !c.to_lowercase().eq([expected]) {
            return None;
        }
    }
    host_can_end_before(rest.as_str()).then(|| text.len() - rest.as_str().len())
}

/// Returns the length of the Punycode domain at the start of `text`.
fn punycode_len(text: &str) -> Option<usize> {
    let rest = text.get(4..).filter(|_| text[..4].eq_ignore_ascii_case("xn--"))?;
    let len = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    (len > 0).then_some(4 + len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(TLDS.lines().is_sorted());
    }

    proptest! {
        #[test]
        fn the_index_finds_what_the_list_has(word in "[a-z]{2,4}|[a-z0-9]{1,24}", n in 0..TLDS.lines().len()) {
            for word in [&word, TLDS.lines()[n]] {
                prop_assert_eq!(is_known(word.as_bytes()), TLDS.lines().binary_search(&word).is_ok());
                prop_assert_eq!(is_known(word.to_ascii_uppercase().as_bytes()), is_known(word.as_bytes()));
            }
        }
    }

    #[test]
    fn a_domain_ends_only_where_a_host_can_end() {
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
