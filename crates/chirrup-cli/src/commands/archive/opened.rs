//! Archives that are open for reading.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use chirrup::archive::ParquetReader;
use chirrup::archive::{ArchiveReader, Database, JsonlArchive};

use crate::error::CliError;
use crate::verbs::{is_folder, is_stream, name_without_login};

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
        if is_stream(path) {
            let name = name_without_login(path);
            return Err(CliError::usage(format!("{name} is a stream, which is read by moving it into an archive"))
                .with_hint(format!("`chirrup archive drain {name} --into posts.db --once` moves it")));
        }
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
