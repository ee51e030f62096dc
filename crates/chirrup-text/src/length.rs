//! Weighted length: how much of a post's 280 units a text uses up.

use crate::extract::{EntityKind, extract};

/// What a post may weigh.
pub const MAX_WEIGHT: usize = 280;
/// What a link weighs, however long it is.
pub const URL_WEIGHT: usize = 23;

/// What a text weighs: 1 for a letter of most alphabets, 2 for all others, 23 for a link.
///
/// Emoji made of several characters weigh as much as their characters.
pub fn weighted_length(text: &str) -> usize {
    let links: Vec<_> = extract(text).into_iter().filter(|e| e.kind == EntityKind::Url).collect();
    let linked = |at: usize| links.iter().any(|link| (link.start..link.end).contains(&at));
    let plain = text.chars().enumerate().filter(|(at, _)| !linked(*at)).map(|(_, c)| weight(c));
    plain.sum::<usize>() + links.len() * URL_WEIGHT
}

fn weight(c: char) -> usize {
    match u32::from(c) {
        0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::weighted_length;

    #[test]
    fn letters_ideographs_and_links_have_their_weights() {
        assert_eq!(weighted_length("hello"), 5);
        assert_eq!(weighted_length("日本"), 4);
        assert_eq!(weighted_length("see https://example.com/a/very/long/path/that/goes/on"), 4 + 23);
    }
}
