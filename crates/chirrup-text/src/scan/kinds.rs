//! Selection of the kinds of entities to find.

use crate::char_class::trigger;

/// Kinds of entities to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntityKinds {
    /// Mentions and lists of users.
    pub(crate) mentions: bool,
    /// Hashtags, such as `#rust`.
    pub(crate) hashtags: bool,
    /// Cashtags, such as `$TSLA`.
    pub(crate) cashtags: bool,
    /// URLs with a scheme.
    pub(crate) urls: bool,
    /// URLs without a scheme.
    pub(crate) urls_without_protocol: bool,
}

impl EntityKinds {
    pub(crate) const NONE: Self =
        Self { mentions: false, hashtags: false, cashtags: false, urls: false, urls_without_protocol: false };
    pub(crate) const ALL: Self =
        Self { mentions: true, hashtags: true, cashtags: true, urls: true, urls_without_protocol: true };

    /// Returns the bits of the bytes at which an entity of these kinds can be recognized.
    pub(super) fn triggers(self) -> u8 {
        let bit = |selected, bit| if selected { bit } else { 0 };
        bit(self.mentions, trigger::MENTION)
            | bit(self.hashtags, trigger::HASHTAG)
            | bit(self.cashtags, trigger::CASHTAG)
            | bit(self.urls || self.urls_without_protocol, trigger::HOST)
    }
}
