//! Endings of the names of the files next to the lines.

pub(super) const CHECKPOINT: &str = ".checkpoint";
pub(super) const BAD: &str = ".bad";
pub(super) const GAPS: &str = ".gaps";
pub(super) const ITEMS: &str = ".items";
pub(super) const FILES: &str = ".files";
