//! Text form of objects: the part that a person reads.

use std::fmt;

use crate::{DmEvent, Post, User, v1};

/// Writes the display name.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Writes the full text.
impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full_text())
    }
}

/// Writes the text, or the ID and the type of an event without text.
impl fmt::Display for DmEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.text, &self.event_type) {
            (Some(text), _) => f.write_str(text),
            (None, Some(event_type)) => write!(f, "{} {event_type}", self.id),
            (None, None) => self.id.fmt(f),
        }
    }
}

/// Writes the display name.
impl fmt::Display for v1::User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_deref().unwrap_or_default())
    }
}

/// Writes the full text.
impl fmt::Display for v1::Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full_text())
    }
}
