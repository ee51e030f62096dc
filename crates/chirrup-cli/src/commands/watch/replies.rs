//! The line in which a reply is written.

use chirrup::model::PostId;
use ratatui::crossterm::event::KeyCode;
use ratatui::text::Line;

use crate::commands::text;

const CURSOR: &str = "▏";

/// A reply that is being written.
pub(super) struct Draft {
    pub(super) to: PostId,
    pub(super) text: String,
}

/// What a key does to a draft.
pub(super) enum Edit {
    Continue,
    Cancel,
    Send,
}

impl Draft {
    pub(super) fn new(to: PostId) -> Self {
        Self { to, text: String::new() }
    }

    pub(super) fn handle_key(&mut self, key: KeyCode) -> Edit {
        match key {
            KeyCode::Esc => return Edit::Cancel,
            KeyCode::Enter => return Edit::Send,
            KeyCode::Backspace => drop(self.text.pop()),
            KeyCode::Char(c) => self.text.push(c),
            _ => {}
        }
        Edit::Continue
    }

    /// Why X would refuse the text, or `None` if it is valid.
    pub(super) fn problem(&self) -> Option<String> {
        text::problem(&self.text, &chirrup::text::parse(&self.text))
    }

    /// The number of characters that are left, and as much of the end of the text as fits the width.
    pub(super) fn line(&self, width: u16) -> String {
        let label = format!("reply ({}): ", chirrup::text::parse(&self.text).remaining());
        let space = usize::from(width).saturating_sub(label.len() + CURSOR.len());
        let mut end = self.text.chars();
        while Line::from(end.as_str()).width() > space {
            end.next();
        }
        format!("{label}{}{CURSOR}", end.as_str())
    }
}
