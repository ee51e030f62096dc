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

    /// Opens a folder in an object store for reading only, such as `s3://bucket/prefix`. Its segments are downloaded into
    /// temporary files when they are read, a few at a time.
    ///
    /// # Errors
    /// If the store cannot be read, or has no archive of this name that this version can read.
    #[cfg(feature = "s3")]
    pub fn open_in_bucket(address: &str) -> io::Result<Self> {
        let address = crate::bucket::BucketAddress::parse(address)?;
        let path = PathBuf::from(address.to_string());
        let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no archive; check the name");
        let (files, manifest) = super::bucket_log::BucketFiles::open(address).map_err(|why| failed(&path, &why))?;
        let manifest = manifest.ok_or_else(missing).map_err(|why| failed(&path, &why))?;
        Ok(Self { files: Arc::new(files), manifest })
    }
}
