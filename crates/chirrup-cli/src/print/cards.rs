//! Items as cards that fit the width of a terminal.

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

use super::clean::{clean, one_line};
use super::style::styled;

/// An item of the API for people.
#[derive(Debug, Default)]
pub(crate) struct Card {
    /// First line, such as the author.
    pub(crate) title: String,
    /// Facts after the title, such as the time.
    pub(crate) facts: Vec<String>,
    /// Text of any length.
    pub(crate) body: String,
    /// Counts and IDs. Each of them stays on one line.
    pub(crate) footer: Vec<String>,
    /// Link without its scheme, which is left out on a narrow terminal.
    pub(crate) link: String,
}

impl Card {
    /// Returns the lines of the card, at most `width` columns wide unless a single word is wider.
    pub(crate) fn lines(&self, width: u16, color: bool) -> Vec<String> {
        let dimmed = |text: String| styled(&text, Style::new().dimmed(), color);
        let title = wrap(&one_line(&self.title), width);
        let mut lines: Vec<String> =
            title.iter().map(|line| styled(line, AnsiColor::Cyan.on_default().bold(), color)).collect();
        let facts = self.facts.iter().map(|fact| one_line(fact)).filter(|fact| !fact.is_empty());
        let mut facts = facts.peekable();
        // The first facts share the line of the title.
        if let ([title], [line]) = (&title[..], &mut lines[..]) {
            let mut used = columns(title);
            while let Some(fact) = facts.next_if(|fact| used + 2 + columns(fact) <= usize::from(width)) {
                used += 2 + columns(&fact);
                line.push_str(&dimmed(format!("  {fact}")));
            }
        }
        lines.extend(joined(facts, width).into_iter().map(dimmed));
        if !self.body.is_empty() {
            lines.extend(wrap(&clean(&self.body).replace('\t', " "), width));
        }
        let link = match one_line(&self.link) {
            link if link.is_empty() || columns(&link) + "https://".len() > usize::from(width) => link,
            link => format!("https://{link}"),
        };
        let footer = self.footer.iter().map(|part| one_line(part)).chain([link]).filter(|part| !part.is_empty());
        lines.extend(joined(footer, width).into_iter().map(dimmed));
        lines
    }
}

/// Joins parts to lines. A part is never cut unless it is wider than a line.
pub(crate) fn joined(parts: impl Iterator<Item = String>, width: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if columns(line) + 2 + columns(&part) <= usize::from(width) => {
                line.push_str("  ");
                line.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    lines
        .iter()
        .flat_map(|line| if columns(line) > usize::from(width) { wrap(line, width) } else { vec![line.clone()] })
        .collect()
}

/// Number of columns of the widest line of a text on a terminal.
pub(super) fn columns(text: &str) -> usize {
    if text.is_empty() {
        return 0;
    }
    let mut table = Table::new();
    table.add_row([text]);
    table.column_max_content_widths().first().copied().map_or(0, usize::from)
}

/// Breaks a text into lines of at most `width` columns, between words where possible.
fn wrap(text: &str, width: u16) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_fits_its_width_and_keeps_its_ids() {
        let card = Card {
            title: "@robin".to_owned(),
            facts: vec!["Robin Wagtail".to_owned(), "5 min ago".to_owned()],
            body: "白鷺が水辺で待っています。 👩‍👩‍👧 and a heron waits by the water".to_owned(),
            footer: vec!["♥ 4".to_owned()],
            link: "x.com/i/status/2125583706788724736".to_owned(),
        };
        for width in [40, 60, 80, 120] {
            let lines = card.lines(width, false);
            assert!(lines.iter().all(|line| columns(line) <= usize::from(width)), "{width}: {lines:#?}");
            assert!(lines.iter().any(|line| line.contains("2125583706788724736")), "{lines:#?}");
            assert!(lines[0].starts_with("@robin  Robin Wagtail"), "{lines:#?}");
        }
        let colored = card.lines(40, true);
        assert!(colored[0].starts_with('\u{1b}') && colored.len() == card.lines(40, false).len());
    }

    #[test]
    fn the_width_of_scripts_and_emoji_is_exact() {
        for (text, width) in [("heron", 5), ("白鷺", 4), ("👩‍👩‍👧", 2), ("é", 1), ("", 0), ("two\nlines", 5)]
        {
            assert_eq!(columns(text), width, "{text}");
        }
        assert_eq!(wrap("白鷺白鷺", 4), ["白鷺", "白鷺"]);
        assert_eq!(wrap("one two", 5), ["one", "two"]);
        assert_eq!(wrap("first\n\nthird", 20), ["first", "", "third"]);
    }
}
