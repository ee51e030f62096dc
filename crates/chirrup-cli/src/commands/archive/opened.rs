//! Archives that are open for reading.

use std::io;
use std::path::Path;

use chirrup::archive::Database;
#[cfg(feature = "parquet")]
use chirrup::archive::ParquetReader;

use crate::error::CliError;
use crate::verbs::is_folder;

/// Archive that is open for reading.
pub(super) enum Opened {
    Database(Database),
    #[cfg(feature = "parquet")]
    Folder(ParquetReader),
}

impl Opened {
    /// Opens an archive, whose type the name tells.
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        let opened =
            if is_folder(path) { open_folder(path) } else { Database::open_read_only(path).map(Self::Database) };
        opened.map_err(|why| CliError::write_file(&why))
    }

    /// Returns the faults of the archive.
    pub(super) fn verify(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Database(database) => database.verify(),
            #[cfg(feature = "parquet")]
            Self::Folder(folder) => folder.verify(),
        }
    }
}

#[cfg(feature = "parquet")]
fn open_folder(path: &Path) -> io::Result<Opened> {
    ParquetReader::open(path).map(Opened::Folder)
}

#[cfg(not(feature = "parquet"))]
fn open_folder(path: &Path) -> io::Result<Opened> {
    Err(super::super::collect::no_folders(path))
}
