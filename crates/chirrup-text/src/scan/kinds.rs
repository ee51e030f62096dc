//! Selection of the kinds of entities to find.

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

    /// Whether URLs are selected, with or without a scheme.
    pub(super) fn has_urls(self) -> bool {
        self.urls || self.urls_without_protocol
    }
}
