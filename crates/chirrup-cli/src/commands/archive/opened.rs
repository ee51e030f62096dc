//! Archives that are open for reading.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use chirrup::archive::ParquetReader;
use chirrup::archive::{ArchiveReader, Database, JsonlArchive};

use crate::error::CliError;
use crate::verbs::is_folder;

/// Archive that is open for reading.
pub(super) enum Opened {
    Database(Database),
    #[cfg(feature = "parquet")]
    Folder(ParquetReader),
    /// Files of JSON lines with this name.
    Lines(PathBuf),
}

impl Opened {
    /// Opens an archive, whose type the name tells.
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        let opened = match () {
            () if is_folder(path) => open_folder(path),
            () if JsonlArchive::is_at(path) => Ok(Self::Lines(path.to_owned())),
            () => Database::open_read_only(path).map(Self::Database),
        };
        opened.map_err(|why| CliError::write_file(&why))
    }

    /// Returns the faults of the archive.
    pub(super) fn verify(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Database(database) => database.verify(),
            #[cfg(feature = "parquet")]
            Self::Folder(folder) => folder.verify(),
            Self::Lines(path) => JsonlArchive::verify(path),
        }
    }

    /// Returns the archive as a reader of its objects.
    pub(super) fn reader(self) -> Result<Box<dyn ArchiveReader>, CliError> {
        match self {
            Self::Database(database) => Ok(Box::new(database)),
            #[cfg(feature = "parquet")]
            Self::Folder(folder) => Ok(Box::new(folder)),
            Self::Lines(path) => {
                let name = path.display();
                Err(CliError::usage(format!("{name} has lines of JSON, whose objects are in no order"))
                    .with_hint(format!("import it first: `chirrup archive import {name} --into {name}.db`")))
            }
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
