//! The hosts of links: labels, and where a host may end.

use crate::class::{is_host, is_plain_host};
use crate::tld;

/// What stands between two dots, the second of them counted.
#[derive(Debug, Clone, Copy)]
struct Label {
    start: usize,
    dot: usize,
    /// Whether its last character may end a label.
    ends_well: bool,
    /// Whether its first character may begin a label, and its last end one.
    whole: bool,
    /// One past its last underscore. A label right before the top-level domain must not hold any.
    clear_from: usize,
    /// Where the host ends if the label is the last before the top-level domain.
    tld_end: Option<usize>,
    /// The end of the longest host that runs through this label from its start.
    longest: Option<usize>,
}

/// Labels that follow each other without a break.
#[derive(Debug, Default)]
pub(super) struct Chain {
    labels: Vec<Label>,
}

impl Chain {
    /// Reads the labels that begin at `start`, whose first dot is at `dot`. Returns the place up to which they run.
    pub(super) fn read(&mut self, text: &str, start: usize, dot: usize) -> usize {
        self.labels.clear();
        let (mut start, mut dot) = (start, dot);
        let end = loop {
            let label = label(text, start, dot);
            if !label.whole && !self.labels.is_empty() {
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
            let own = label.tld_end.filter(|_| label.clear_from <= label.start);
            longest = longest.or(own).filter(|_| label.whole);
            label.longest = longest;
        }
        end
    }

    /// The end of the longest host that begins right at the first label.
    pub(super) fn longest_from_start(&self) -> Option<usize> {
        self.labels.first()?.longest
    }

    /// The first host that begins at `from` or later, at a place that `may_begin` allows.
    pub(super) fn first(
        &self,
        text: &str,
        from: usize,
        may_begin: impl Fn(usize) -> bool,
    ) -> Option<std::ops::Range<usize>> {
        let first = self.labels.partition_point(|label| label.dot <= from);
        for (n, label) in self.labels.iter().enumerate().skip(first).filter(|(_, label)| label.ends_well) {
            let further = self.labels.get(n + 1).and_then(|next| next.longest);
            let lowest = if further.is_some() { label.start } else { label.start.max(label.clear_from) };
            let Some(end) = further.or(label.tld_end) else { continue };
            let lowest = lowest.max(from);
            let begins = |(at, c): &(usize, char)| is_host(*c) && may_begin(lowest + at);
            if let Some((at, _)) = text[lowest..label.dot].char_indices().find(begins) {
                return Some(lowest + at..end);
            }
        }
        None
    }
}

fn label(text: &str, start: usize, dot: usize) -> Label {
    let whole = &text[start..dot];
    let ends_well = whole.chars().next_back().is_some_and(is_host);
    Label {
        start,
        dot,
        ends_well,
        whole: ends_well && whole.starts_with(is_host),
        clear_from: whole.rfind('_').map_or(0, |at| start + at + 1),
        tld_end: tld::end_at(text, dot + 1),
        longest: None,
    }
}

/// How long the run of characters is, at the start of `text`, that labels are made of.
fn label_len(text: &str) -> usize {
    text.find(|c| !is_label(c)).unwrap_or(text.len())
}

/// Where the run begins that ends at the end of `text`.
pub(super) fn label_start(text: &str) -> usize {
    text.char_indices().rev().find(|(_, c)| !is_label(*c)).map_or(0, |(at, c)| at + c.len_utf8())
}

fn is_label(c: char) -> bool {
    is_host(c) || matches!(c, '-' | '_')
}

/// The hosts inside a host that are written in Latin letters only: all that is linked of a link without a scheme.
pub(super) fn plain_hosts(host: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(start) = host[from..].find(is_plain_host).map(|at| from + at) {
            let (end, tried) = plain_host(host, start);
            from = end.unwrap_or(tried);
            if let Some(end) = end {
                return Some(start..end);
            }
        }
        None
    })
}

/// The end of the longest plain host from `start`, and how far the labels run.
fn plain_host(host: &str, start: usize) -> (Option<usize>, usize) {
    let run = |at: usize| at + host[at..].find(|c| !is_plain_host(c)).unwrap_or(host.len() - at);
    let (mut best, mut at) = (None, run(start));
    while host.as_bytes().get(at) == Some(&b'.') {
        best = tld::end_at(host, at + 1).or(best);
        let next = run(at + 1);
        if next == at + 1 {
            break;
        }
        at = next;
    }
    (best, at)
}

/// The longest label, once encoded.
const MAX_LABEL: usize = 63;

/// Whether the labels of a host are short enough to be encoded, and the host not one that only looks encoded.
pub(super) fn is_encodable(host: &str) -> bool {
    if host.starts_with("xn--") && plain_hosts(host).next().is_none() {
        return false;
    }
    host.split('.').all(|label| encoded_len(label).is_some_and(|len| (1..=MAX_LABEL).contains(&len)))
}

/// How long a label gets when its foreign letters are encoded. Other dots than `.` part it further.
fn encoded_len(label: &str) -> Option<usize> {
    if label.is_ascii() {
        return Some(label.len());
    }
    // No code point takes less than one character encoded.
    if label.chars().take(MAX_LABEL + 1).count() > MAX_LABEL {
        return None;
    }
    let parts = label.split(['\u{3002}', '\u{FF0E}', '\u{FF61}']);
    parts.map(|part| punycode_len(part).map(|len| len + 1)).sum::<Option<usize>>().map(|len| len - 1)
}

/// The length of `label` in Punycode (RFC 3492), its prefix counted; of an ASCII label, its own length.
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

/// How many digits a delta takes.
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
    fn encoded_labels_have_the_length_of_their_encoding() {
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
    fn plain_hosts_are_found_inside_foreign_ones() {
        let host = "中国語foo.com中bar.みんなです.x";
        let found: Vec<_> = plain_hosts(host).map(|range| &host[range]).collect();
        assert_eq!(found, ["foo.com", "bar.みんな"]);
    }
}
