//! What is shown for an object where a text is wanted.

use std::fmt;

use crate::{DmEvent, Post, User, v1};

/// The name that is displayed.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The text, of a long post the whole of it.
impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full_text())
    }
}

/// The text; of an event without one its id and what happened.
impl fmt::Display for DmEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.text, &self.event_type) {
            (Some(text), _) => f.write_str(text),
            (None, Some(what)) => write!(f, "{} {what:?}", self.id),
            (None, None) => self.id.fmt(f),
        }
    }
}

/// The name that is displayed.
impl fmt::Display for v1::User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_deref().unwrap_or_default())
    }
}

/// The text, as long as it is.
impl fmt::Display for v1::Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.whole_text())
    }
}
