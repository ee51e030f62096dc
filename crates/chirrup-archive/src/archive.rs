//! Interface of the archives that collections are stored in.

use std::fmt;
use std::io;
use std::path::Path;

use chirrup_model::Timestamp;

use crate::collection::{Checkpoint, Page};
use crate::comply::Removed;
use crate::reader::ArchiveReader;
use crate::report::Report;

/// Numbers of new rows of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Items that the source did not have before.
    pub new_items: u64,
    /// Items of the page.
    pub items: u64,
}

/// Archive that stores the pages of sources, each together with the checkpoint from which the source resumes.
pub trait Archive: fmt::Debug + Send {
    /// Path of the archive.
    fn path(&self) -> &Path;

    /// Returns the checkpoint of a source. One that was never stored has no pages.
    ///
    /// # Errors
    /// If the archive cannot be read.
    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint>;

    /// Returns the names of the sources that start with a prefix.
    ///
    /// # Errors
    /// If the archive cannot be read.
    fn sources(&self, prefix: &str) -> io::Result<Vec<String>>;

    /// Whether a source found an item before.
    ///
    /// # Errors
    /// If the archive cannot be read.
    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool>;

    /// Stores a page of a source, a report and the checkpoint after them together, and updates the checkpoint. Storing the
    /// items of a page again changes nothing.
    ///
    /// # Errors
    /// If the page cannot be written, or another program has stored a page of this source since the checkpoint; with
    /// [`io::ErrorKind::InvalidData`] if it is not a body of the API. Nothing of the page is stored then.
    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored>;

    /// Adds the content of another archive: each object, edge and removal once, as it was last seen. Of a source that both
    /// have, the checkpoint of the later response counts. Adding an archive again changes nothing.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] if this type of archive cannot take others in; or if one of them cannot be read or
    /// written.
    fn merge(&mut self, _other: &dyn ArchiveReader) -> io::Result<()> {
        let why = "other archives are merged into databases and folders of Parquet files only";
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{}: {why}", self.path().display())))
    }

    /// Applies a file with the lines of compliance streams, or with the results of a compliance job: removes what they name,
    /// and records the kind, ID, time and reason of each removal. All of it is one commit.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] if this type of archive cannot remove objects; or if the file cannot be read, or the
    /// archive cannot be written.
    fn comply(&mut self, _file: &Path, _now: Timestamp) -> io::Result<Removed> {
        let why = "objects are removed from databases and folders of Parquet files only";
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{}: {why}", self.path().display())))
    }

    /// Merges small files, and removes free space. Other programs that read the archive may have to begin again.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] if this type of archive has nothing to compact; or if it cannot be read or written.
    fn compact(&mut self) -> io::Result<()> {
        let why = "only databases and folders of Parquet files can be compacted";
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{}: {why}", self.path().display())))
    }

    /// Ends the writing, so that other programs find all stored items.
    ///
    /// # Errors
    /// If the archive cannot be written. What is stored stays stored.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the error for a page of a source of which another program has stored a page since the checkpoint.
pub(crate) fn collected_elsewhere() -> io::Error {
    io::Error::other("another program collects the same source; wait for its end")
}
