//! Reading of a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::files::failed;
use super::manifest::{self, Manifest};
use super::merge::Merged;
use super::object_reader::ObjectReader;
use super::tables::has_numeric_keys;
use crate::object::{Key, Object, ObjectKind};

/// Reader of a folder of Parquet files, as its last commit left it.
#[derive(Debug)]
pub struct ParquetReader {
    pub(super) path: PathBuf,
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
        Ok(Self { path, manifest })
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Calls `visit` with each object of a type once, in the order of the keys.
    ///
    /// # Errors
    /// If the folder cannot be read, or `visit` fails.
    pub fn objects(
        &self,
        kind: ObjectKind,
        mut visit: impl FnMut(Key<'static>, Object<'static>) -> io::Result<()>,
    ) -> io::Result<()> {
        let segments = self.manifest.segments_of(kind.table()).filter(|segment| segment.rows > 0);
        // Segments of different times do not overlap, so that few are open at the same time.
        let mut merged = Merged::lazy(segments.map(|segment| {
            let first = segment.first.as_deref().unwrap_or_default();
            let first = match has_numeric_keys(kind) {
                true => Key::Id(first.parse().unwrap_or(i64::MIN)),
                false => Key::Text(first.to_owned().into()),
            };
            (first, ObjectReader::new(kind, self.path.join(&segment.file)))
        }));
        while let Some((key, object)) = merged.next()? {
            visit(key, object)?;
        }
        Ok(())
    }
}
