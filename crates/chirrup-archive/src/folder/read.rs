//! Reading of a folder.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::disk::DiskFiles;
use super::files::failed;
use super::manifest::{self, Manifest};
use super::storage::SegmentFiles;

/// Reader of a folder of Parquet files, as its last commit left it.
#[derive(Debug)]
pub struct ParquetReader {
    pub(super) files: Arc<dyn SegmentFiles>,
    pub(super) manifest: Manifest,
}

impl ParquetReader {
    /// Opens a folder for reading only. Pages that are in the journal only are not read: the next start of a collection
    /// moves them to segments.
    ///
    /// # Errors
    /// If the folder cannot be read, or is not an archive that this version can read.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let bytes = std::fs::read(path.join(manifest::NAME)).map_err(|why| failed(&path, &why))?;
        let manifest = Manifest::parse(&path, &bytes)?;
        Ok(Self { files: Arc::new(DiskFiles(path)), manifest })
    }
}
