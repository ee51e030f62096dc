//! Tags, mentions and links of a text.

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityKind {
    /// `#word`.
    Hashtag,
    /// `$WORD`, up to six letters.
    Cashtag,
    /// `@name`.
    Mention,
    /// A link with its scheme, `http://` or `https://`.
    Url,
}

/// Something found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity<'t> {
    /// What it is.
    pub kind: EntityKind,
    /// Its first character, counted in characters.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// The word without its sign; the whole of a link.
    pub text: &'t str,
}

/// Finds tags, mentions and links, in the order of the text. They never overlap.
pub fn extract(text: &str) -> Vec<Entity<'_>> {
    let mut found = Vec::new();
    let mut before = None;
    let mut skip_to = 0;
    for (index, (at, c)) in text.char_indices().enumerate() {
        if at >= skip_to {
            if let Some((kind, len)) = begin(c, before, &text[at..]) {
                let whole = &text[at..at + len];
                let word = if kind == EntityKind::Url { whole } else { &whole[c.len_utf8()..] };
                found.push(Entity { kind, start: index, end: index + whole.chars().count(), text: word });
                skip_to = at + len;
            }
        }
        before = Some(c);
    }
    found
}

/// Whether something begins here: what, and how many bytes long.
fn begin(c: char, before: Option<char>, rest: &str) -> Option<(EntityKind, usize)> {
    let glued = before.is_some_and(|b| b.is_alphanumeric() || matches!(b, '_' | '&' | '@' | '#' | '$'));
    if glued {
        return None;
    }
    let body = &rest[c.len_utf8()..];
    let run = |fits: fn(char) -> bool| body.find(|c| !fits(c)).unwrap_or(body.len());
    match c {
        '#' | '＃' => {
            let len = run(|c| c.is_alphanumeric() || c == '_');
            let named = body[..len].chars().any(char::is_alphabetic);
            named.then_some((EntityKind::Hashtag, c.len_utf8() + len))
        }
        '@' | '＠' => {
            let len = run(|c| c.is_ascii_alphanumeric() || c == '_');
            (1..=15).contains(&len).then_some((EntityKind::Mention, c.len_utf8() + len))
        }
        '$' => {
            let len = run(|c| c.is_ascii_alphabetic());
            (1..=6).contains(&len).then_some((EntityKind::Cashtag, 1 + len))
        }
        'h' | 'H' => {
            let lower = rest.get(..8).unwrap_or(rest).to_ascii_lowercase();
            let scheme = ["https://", "http://"].into_iter().find(|s| lower.starts_with(s))?;
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>')).unwrap_or(rest.len());
            let link = rest[..end].trim_end_matches(['.', ',', '!', '?', ':', ';', ')', '\'']);
            let host = link.get(scheme.len()..)?.split('/').next().unwrap_or_default();
            host.contains('.').then_some((EntityKind::Url, link.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_at_its_place() {
        let found = extract("héy @ada see #Rust_1 $TWTR https://x.com/a?b. a@b.c #1 @@no");
        let short: Vec<_> = found.iter().map(|e| (e.kind, e.start, e.end, e.text)).collect();
        assert_eq!(
            short,
            [
                (EntityKind::Mention, 4, 8, "ada"),
                (EntityKind::Hashtag, 13, 20, "Rust_1"),
                (EntityKind::Cashtag, 21, 26, "TWTR"),
                (EntityKind::Url, 27, 44, "https://x.com/a?b"),
            ]
        );
    }

    #[test]
    fn odd_texts_do_not_panic() {
        for text in ["", "#", "@", "$", "h", "https://", "http://é", "＃日本", "hé", "https:/é/"] {
            let _ = extract(text);
        }
    }
}
