//! Places that keep the pages, the segments and the manifest of a folder.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::journal::PendingPage;
use super::manifest::{Manifest, Segment};

/// Place that a folder is written to.
pub(super) trait Storage: fmt::Debug + Send {
    /// Folder of this machine in which segments are written, with temporary names until they are committed.
    fn staging(&self) -> &Path;

    /// Returns the segments for reading, those that are not committed included.
    fn segments(&self) -> Arc<dyn SegmentFiles>;

    /// Makes a page durable, which is not in a segment yet.
    fn append(&mut self, page: &PendingPage) -> io::Result<()>;

    /// Commits a manifest with all pages in segments. `replaced` are segments that it no longer has.
    fn commit(&mut self, manifest: &mut Manifest, replaced: &[Segment]) -> io::Result<()>;
}

/// Place that the segments of a folder are read from.
pub(super) trait SegmentFiles: fmt::Debug + Send + Sync {
    /// Opens the file of a segment.
    fn open(&self, segment: &str) -> io::Result<File>;

    /// Opens the file of a segment of which only these columns are read.
    fn open_columns(&self, segment: &Segment, _names: &[&str]) -> io::Result<File> {
        self.open(&segment.file)
    }

    /// Returns the segments that a reader of all files would read although the manifest does not have them.
    fn unlisted(&self, manifest: &Manifest) -> io::Result<Vec<String>>;
}

/// File of a segment, which is opened when its rows are read.
#[derive(Debug, Clone)]
pub(super) struct SegmentFile {
    files: Arc<dyn SegmentFiles>,
    name: String,
}

impl SegmentFile {
    pub(super) fn of(files: &Arc<dyn SegmentFiles>, segment: &Segment) -> Self {
        Self { files: Arc::clone(files), name: segment.file.clone() }
    }

    pub(super) fn open(&self) -> io::Result<File> {
        self.files.open(&self.name)
    }
}

impl fmt::Display for SegmentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
