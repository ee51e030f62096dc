//! Hosts of URLs: their labels, top-level domains and length limits.

use crate::char_class::{is_host_char, is_latin_host_char};
use crate::tld;
use std::ops::Range;

/// Text between two dots.
#[derive(Debug, Clone, Copy)]
struct Label {
    start: usize,
    /// Position of the dot after the label.
    dot: usize,
    /// Whether the last character can end a label.
    valid_end: bool,
    /// Whether the first character can start a label and the last can end one.
    valid: bool,
    /// End of the longest host that contains the complete label.
    longest_host_end: Option<usize>,
}

impl Label {
    /// Returns the end of the top-level domain that follows the label.
    fn tld_end(&self, text: &str) -> Option<usize> {
        tld::end_at(text, self.dot + 1)
    }

    /// Returns the position after the last underscore. The label before the top-level domain must not contain any.
    fn after_underscore(&self, text: &str) -> usize {
        let bytes = &text.as_bytes()[self.start..self.dot];
        bytes.iter().rposition(|b| *b == b'_').map_or(self.start, |at| self.start + at + 1)
    }
}

/// Consecutive labels of a possible host, each followed by a dot.
#[derive(Debug, Default)]
pub(super) struct HostLabels {
    labels: Vec<Label>,
}

impl HostLabels {
    /// Reads the labels from `start` on, the first of which is followed by the dot at `dot`. Returns the end of the last.
    pub(super) fn read(&mut self, text: &str, start: usize, dot: usize) -> usize {
        self.labels.clear();
        let (mut start, mut dot) = (start, dot);
        let end = loop {
            let label = label(text, start, dot);
            if !label.valid && !self.labels.is_empty() {
                break start;
            }
            self.labels.push(label);
            start = dot + 1;
            let len = label_len(&text[start..]);
            dot = start + len;
            if text.as_bytes().get(dot) != Some(&b'.') {
                break dot;
            }
        };
        let mut longest = None;
        for label in self.labels.iter_mut().rev() {
            let own = || label.tld_end(text).filter(|_| label.after_underscore(text) == label.start);
            longest = if label.valid { longest.or_else(own) } else { None };
            label.longest_host_end = longest;
        }
        end
    }

    /// Returns the end of the longest host that starts with the first label.
    pub(super) fn longest_from_start(&self) -> Option<usize> {
        self.labels.first()?.longest_host_end
    }

    /// Returns the first host that starts at `from` or later, at a position that `can_start` accepts.
    pub(super) fn first_host(
        &self,
        text: &str,
        from: usize,
        can_start: impl Fn(usize) -> bool,
    ) -> Option<Range<usize>> {
        let first = self.labels.partition_point(|label| label.dot <= from);
        for (n, label) in self.labels.iter().enumerate().skip(first).filter(|(_, label)| label.valid_end) {
            let longer = self.labels.get(n + 1).and_then(|next| next.longest_host_end);
            let Some(end) = longer.or_else(|| label.tld_end(text)) else { continue };
            let earliest = if longer.is_some() { label.start } else { label.after_underscore(text) };
            let earliest = earliest.max(from);
            let starts = |(at, c): &(usize, char)| is_host_char(*c) && can_start(earliest + at);
            if let Some((at, _)) = text[earliest..label.dot].char_indices().find(starts) {
                return Some(earliest + at..end);
            }
        }
        None
    }
}

fn label(text: &str, start: usize, dot: usize) -> Label {
    let label = &text[start..dot];
    let valid_end = label.chars().next_back().is_some_and(is_host_char);
    Label { start, dot, valid_end, valid: valid_end && label.starts_with(is_host_char), longest_host_end: None }
}

/// Returns the length of the label characters at the start of `text`.
fn label_len(text: &str) -> usize {
    text.find(|c| !is_label_char(c)).unwrap_or(text.len())
}

/// Returns the start of the label characters at the end of `text`.
pub(super) fn label_start(text: &str) -> usize {
    text.char_indices().rev().find(|(_, c)| !is_label_char(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

fn is_label_char(c: char) -> bool {
    is_host_char(c) || matches!(c, '-' | '_')
}

/// Returns the hosts of Latin letters inside a host. Only these are entities if the URL has no scheme.
pub(super) fn latin_hosts(host: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(start) = host[from..].find(is_latin_host_char).map(|at| from + at) {
            let (end, labels_end) = latin_host(host, start);
            from = end.unwrap_or(labels_end);
            if let Some(end) = end {
                return Some(start..end);
            }
        }
        None
    })
}

/// Returns the end of the longest Latin host from `start` on, and the end of its labels.
fn latin_host(host: &str, start: usize) -> (Option<usize>, usize) {
    let run_end = |at: usize| at + host[at..].find(|c| !is_latin_host_char(c)).unwrap_or(host.len() - at);
    let (mut best, mut at) = (None, run_end(start));
    while host.as_bytes().get(at) == Some(&b'.') {
        best = tld::end_at(host, at + 1).or(best);
        let next = run_end(at + 1);
        if next == at + 1 {
            break;
        }
        at = next;
    }
    (best, at)
}

/// Maximum length of an encoded label (RFC 1035).
const MAX_LABEL: usize = 63;

/// Whether every label of a host is 1 to 63 characters long when encoded. A host that starts with `xn--` must contain a
/// Latin host, or it is not really encoded.
pub(super) fn is_encodable(host: &str) -> bool {
    if host.is_ascii() && host.len() <= MAX_LABEL && !host.starts_with("xn--") {
        // No label is empty, since the grammar of a host does not allow it.
        return true;
    }
    if host.starts_with("xn--") && latin_hosts(host).next().is_none() {
        return false;
    }
    host.split('.').all(|label| encoded_len(label).is_some_and(|len| (1..=MAX_LABEL).contains(&len)))
}

/// Returns the length of an encoded label. Full stops other than `.` split it further.
fn encoded_len(label: &str) -> Option<usize> {
    if label.is_ascii() {
        return Some(label.len());
    }
    // A code point takes at least one character when encoded.
    if label.chars().take(MAX_LABEL + 1).count() > MAX_LABEL {
        return None;
    }
    let parts = label.split(['\u{3002}', '\u{FF0E}', '\u{FF61}']);
    parts.map(|part| punycode_len(part).map(|len| len + 1)).sum::<Option<usize>>().map(|len| len - 1)
}

/// Returns the length of `label` in Punycode (RFC 3492) including the prefix `xn--`. An ASCII label keeps its length.
fn punycode_len(label: &str) -> Option<usize> {
    if label.is_ascii() {
        return Some(label.len());
    }
    let basic = u32::try_from(label.bytes().filter(u8::is_ascii).count()).ok()?;
    let total = u32::try_from(label.chars().count()).ok()?;
    let mut len = "xn--".len() + basic as usize + usize::from(basic > 0);
    let (mut n, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while handled < total {
        let next = label.chars().map(u32::from).filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            }
            if c == n {
                len += digits(delta, bias);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta += 1;
        n += 1;
    }
    Some(len)
}

/// Returns the number of digits of a delta.
fn digits(delta: u32, bias: u32) -> usize {
    let (mut rest, mut k, mut digits) = (delta, 36, 1);
    loop {
        let threshold = k.max(bias + 1).saturating_sub(bias).clamp(1, 26);
        if rest < threshold {
            return digits;
        }
        rest = (rest - threshold) / (36 - threshold);
        digits += 1;
        k += 36;
    }
}

/// Bias adaptation of RFC 3492, section 6.1.
fn adapt(delta: u32, handled: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / handled;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_computed_length_is_that_of_the_encoded_label() {
        for (label, encoded) in [
            ("plain", "plain"),
            ("ü", "xn--tda"),
            ("bücher", "xn--bcher-kva"),
            ("日本語", "xn--wgv71a119e"),
            ("пример", "xn--e1afmkfd"),
            ("☃", "xn--n3h"),
            ("💩", "xn--ls8h"),
            ("日本。ü", "xn--wgv71a.xn--tda"),
        ] {
            assert_eq!(encoded_len(label), Some(encoded.len()), "{label}");
        }
        assert_eq!(encoded_len(&"ü".repeat(64)), None);
        assert!(is_encodable(&format!("{}.com", "a".repeat(63))));
        assert!(!is_encodable(&format!("{}.com", "a".repeat(64))));
        assert!(!is_encodable("xn--はじめよう.com"));
    }

    #[test]
    fn latin_hosts_are_found_inside_other_scripts() {
        let host = "中国語foo.com中bar.みんなです.x";
        let found: Vec<_> = latin_hosts(host).map(|range| &host[range]).collect();
        assert_eq!(found, ["foo.com", "bar.みんな"]);
    }
}
