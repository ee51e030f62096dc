//! Text before a possible entity.

/// Text directly before a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preceding {
    /// The position is the start of the text.
    Start,
    /// The position is after this character.
    Char(char),
    /// The position is after an earlier match of the same kind.
    Consumed,
}

impl Preceding {
    /// Returns what precedes `at`, given that an earlier match ends at `consumed`.
    pub(super) fn new(text: &str, consumed: usize, at: usize) -> Self {
        match text[consumed..at].chars().next_back() {
            Some(c) => Self::Char(c),
            None if at == 0 => Self::Start,
            None => Self::Consumed,
        }
    }

    /// Whether an entity can start here, if `forbidden` tells after which characters it cannot.
    pub(super) fn allows(self, forbidden: impl Fn(char) -> bool) -> bool {
        match self {
            Self::Start => true,
            Self::Char(c) => !forbidden(c),
            Self::Consumed => false,
        }
    }
}
