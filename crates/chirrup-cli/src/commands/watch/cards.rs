//! A list of cards in which one is selected.

use std::collections::VecDeque;

use chirrup::model::PostId;
use ratatui::Frame;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use crate::print::Card;

/// Number of cards that a list keeps.
const MAX_CARDS: usize = 1_000;
/// Columns of the mark of the selected card.
const MARK: u16 = 2;

/// A card and its lines at the width of the last frame.
struct Entry {
    post: Option<PostId>,
    card: Card,
    lines: Vec<String>,
    width: u16,
}

impl Entry {
    fn lines(&mut self, width: u16) -> &[String] {
        if self.width != width {
            self.lines = self.card.lines(width, false);
            self.width = width;
        }
        &self.lines
    }

    /// Number of rows, with the empty row after the card.
    fn height(&mut self, width: u16) -> usize {
        self.lines(width).len() + 1
    }
}

/// A list of cards, of which the first visible one follows the selection.
#[derive(Default)]
pub(super) struct Cards {
    entries: VecDeque<Entry>,
    selected: usize,
    top: usize,
}

impl Cards {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a card above the others. The view stays at the top if the first card is selected.
    pub(super) fn add_newest(&mut self, post: Option<PostId>, card: Card) {
        if self.selected > 0 {
            self.selected += 1;
            self.top += 1;
        }
        self.entries.push_front(Entry { post, card, lines: Vec::new(), width: 0 });
        self.entries.truncate(MAX_CARDS);
        self.select(self.selected);
    }

    /// Adds a card below the others, unless the list has its post.
    pub(super) fn add_oldest(&mut self, post: PostId, card: Card) {
        if !self.entries.iter().any(|entry| entry.post == Some(post)) {
            self.entries.push_back(Entry { post: Some(post), card, lines: Vec::new(), width: 0 });
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn select(&mut self, index: usize) {
        self.selected = index.min(self.entries.len().saturating_sub(1));
        self.top = self.top.min(self.selected);
    }

    /// The post of the selected card.
    pub(super) fn post(&self) -> Option<PostId> {
        self.entries.get(self.selected)?.post
    }

    /// Opens the post of the selected card in a browser. Returns what failed.
    pub(super) fn open_selected(&self) -> Option<String> {
        let link = format!("https://x.com/i/status/{}", self.post()?);
        open::that_detached(link).err().map(|why| format!("cannot open a browser: {why}"))
    }

    /// Whether the last card is selected.
    pub(super) fn is_at_end(&self) -> bool {
        self.selected + 1 >= self.entries.len()
    }

    /// Adds a fact to the card of a post, or removes it.
    pub(super) fn set_fact(&mut self, post: PostId, fact: &str, is_set: bool) {
        for entry in self.entries.iter_mut().filter(|entry| entry.post == Some(post)) {
            entry.card.facts.retain(|other| other != fact);
            if is_set {
                entry.card.facts.push(fact.to_owned());
            }
            entry.width = 0;
        }
    }

    /// Whether the card of a post has a fact.
    pub(super) fn has_fact(&self, post: PostId, fact: &str) -> bool {
        self.entries.iter().any(|entry| entry.post == Some(post) && entry.card.facts.iter().any(|other| other == fact))
    }

    /// Moves the selection. Returns whether the key is one that does.
    pub(super) fn handle_key(&mut self, key: KeyCode) -> bool {
        let page = 5;
        match key {
            KeyCode::Char('j') | KeyCode::Down => self.select(self.selected + 1),
            KeyCode::Char('k') | KeyCode::Up => self.select(self.selected.saturating_sub(1)),
            KeyCode::Char(' ') | KeyCode::PageDown => self.select(self.selected + page),
            KeyCode::PageUp => self.select(self.selected.saturating_sub(page)),
            KeyCode::Char('g') | KeyCode::Home => self.select(0),
            KeyCode::Char('G') | KeyCode::End => self.select(usize::MAX),
            _ => return false,
        }
        true
    }

    /// Draws the cards from the first visible one, so that the selected card is visible.
    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.saturating_sub(MARK).max(1);
        let rows = usize::from(area.height);
        let mut used: usize =
            self.entries.range_mut(self.top..).take(self.selected + 1 - self.top).map(|e| e.height(width)).sum();
        // The empty row after the selected card may be outside.
        while used > rows + 1 && self.top < self.selected {
            used -= self.entries[self.top].height(width);
            self.top += 1;
        }
        let mut text = Text::default();
        for (index, entry) in self.entries.iter_mut().enumerate().skip(self.top) {
            let is_selected = index == self.selected;
            let mark = Span::styled(if is_selected { "▌ " } else { "  " }, Style::new().fg(Color::Cyan));
            for (row, line) in entry.lines(width).iter().enumerate() {
                let style = match row {
                    0 => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
                    _ => Style::new(),
                };
                text.push_line(Line::from(vec![mark.clone(), Span::styled(line.clone(), style)]));
            }
            text.push_line("");
            if text.lines.len() >= rows {
                break;
            }
        }
        frame.render_widget(Paragraph::new(text), area);
    }
}
