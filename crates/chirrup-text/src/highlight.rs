//! Search hits, highlighted in a text that may already contain HTML links.

use crate::index::{IndexUnit, Span};

/// Wraps the hits of a search in `<em>` elements.
///
/// Positions skip everything between `<` and `>`: they are those of the text before it was linked. Overlapping hits are
/// merged; the part of a hit beyond the text is ignored.
///
/// ```
/// use chirrup_text::{CodePoint, Span, highlight};
///
/// let html = "see <a>rust</a> now";
/// assert_eq!(highlight::<CodePoint>(html, &[Span::new(4, 8)]), "see <a><em>rust</em></a> now");
/// ```
pub fn highlight<U: IndexUnit>(html: &str, hits: &[Span<U>]) -> String {
    highlight_with(html, hits, "em")
}

/// Wraps the hits of a search in elements named `tag`. See [`highlight`].
pub fn highlight_with<U: IndexUnit>(html: &str, hits: &[Span<U>], tag: &str) -> String {
    let mut hits = merge_overlaps(hits).into_iter().peekable();
    let mut out = String::with_capacity(html.len() + 16);
    let (mut at, mut inside_tag, mut open) = (0, false, false);
    for c in html.chars() {
        inside_tag |= c == '<';
        if inside_tag {
            inside_tag = c != '>';
            out.push(c);
            continue;
        }
        if !open && hits.peek().is_some_and(|hit| hit.start.get() <= at) {
            out.push_str(&format!("<{tag}>"));
            open = true;
        }
        out.push(c);
        at += U::width(c);
        if open && hits.next_if(|hit| hit.end.get() <= at).is_some() {
            out.push_str(&format!("</{tag}>"));
            open = false;
        }
    }
    if open {
        out.push_str(&format!("</{tag}>"));
    }
    out
}

/// Sorts the hits, drops empty ones and merges those that overlap.
fn merge_overlaps<U: IndexUnit>(hits: &[Span<U>]) -> Vec<Span<U>> {
    let mut sorted: Vec<_> = hits.iter().copied().filter(|hit| !hit.is_empty()).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Span<U>> = Vec::with_capacity(sorted.len());
    for hit in sorted {
        match merged.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => merged.push(hit),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{CodePoint, Utf16};

    #[test]
    fn unsorted_adjacent_overlapping_and_out_of_range_hits_are_marked() {
        let mark = |html, hits: &[(usize, usize)]| {
            let hits: Vec<_> = hits.iter().map(|(start, end)| Span::new(*start, *end)).collect();
            highlight::<CodePoint>(html, &hits)
        };
        assert_eq!(mark("abcdef", &[(4, 5), (0, 3)]), "<em>abc</em>d<em>e</em>f");
        assert_eq!(mark("abcdef", &[(0, 3), (3, 5)]), "<em>abc</em><em>de</em>f");
        assert_eq!(mark("abcdef", &[(0, 4), (2, 5)]), "<em>abcde</em>f");
        assert_eq!(mark("abc", &[(1, 9), (20, 30), (2, 2)]), "a<em>bc</em>");
        assert_eq!(mark("", &[(0, 1)]), "");
        assert_eq!(mark("ab<c", &[(0, 2)]), "<em>ab</em><c");
    }

    #[test]
    fn positions_are_in_the_unit_of_the_caller() {
        assert_eq!(highlight::<CodePoint>("🐦ab", &[Span::new(1, 2)]), "🐦<em>a</em>b");
        assert_eq!(highlight::<Utf16>("🐦ab", &[Span::new(2, 3)]), "🐦<em>a</em>b");
    }
}
