//! Numbers of a drain.

/// Numbers of moved messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Messages that were moved.
    pub messages: u64,
    /// Items that the archive did not have before.
    pub new_items: u64,
    /// Items that the archive had already.
    pub duplicates: u64,
    /// Messages of other programs, which are skipped.
    pub unreadable: u64,
    /// Messages that are not in the archive yet.
    pub left: u64,
}
