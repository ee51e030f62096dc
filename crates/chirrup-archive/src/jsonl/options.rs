//! Form and rotation of files of JSON lines.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a line of a `JsonlArchive` has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineForm {
    /// An item as `data`, and in `includes` the objects that it refers to.
    #[default]
    Items,
    /// A page: a list of items in `data`, and all included objects, as twarc2 writes it.
    Pages,
}

/// When a `JsonlArchive` begins another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// After this number of bytes.
    Size(u64),
    /// At the multiples of this time since 1970.
    Interval(Duration),
}

/// Form and rotation of a `JsonlArchive`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JsonlOptions {
    /// What a line has.
    pub form: LineForm,
    /// When another file begins. The default is a single file.
    pub rotation: Option<Rotation>,
}
