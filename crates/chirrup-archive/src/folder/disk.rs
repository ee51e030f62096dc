//! Folder on the disk of this machine: a journal, segments, and a manifest that is replaced.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chirrup_store::{FileStore, LockedStore, Store as _, with_suffix};

use super::files::{create_private, is_ours, publish, remove_leftovers, sync_folder};
use super::journal::{Journal, PendingPage};
use super::manifest::{self, Manifest, Segment};
use super::segment::TEMPORARY;
use super::storage::{SegmentFiles, Storage};

/// Views of the segments for DuckDB.
const VIEWS: &str = include_str!("views.sql");

/// Folder on a disk, which one program at a time writes to.
pub(super) struct Disk {
    path: PathBuf,
    manifest_file: Box<dyn LockedStore>,
    journal: Journal,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Disk {
    /// Opens or creates a folder. Returns its manifest, unless it is new, and the pages of its journal.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Option<Manifest>, Vec<PendingPage>)> {
        let file = path.join(manifest::NAME);
        let is_new = file.symlink_metadata().is_err_and(|why| why.kind() == io::ErrorKind::NotFound);
        if is_new && std::fs::read_dir(path).is_ok_and(|mut files| files.any(|file| !is_ours(file))) {
            let why = "the folder is not empty and not an archive of this program; choose another folder";
            return Err(io::Error::other(why));
        }
        create_private(path)?;
        let store = FileStore::at(file);
        let Some(mut manifest_file) = store.try_lock().map_err(io::Error::other)? else {
            let why = "another program writes to it; wait for its end, or choose another folder";
            return Err(io::Error::other(why));
        };
        let found = manifest_file.read().map_err(io::Error::other)?;
        let found = found.map(|bytes| Manifest::parse(path, &bytes)).transpose()?;
        let manifest = found.clone().unwrap_or_default();
        publish(path, &manifest)?;
        remove_leftovers(path, &manifest)?;
        let (journal, pages) = Journal::open(Journal::path_of(path, manifest.journal))?;
        if is_new {
            std::fs::write(path.join("views.sql"), VIEWS)?;
        }
        Ok((Self { path: path.to_owned(), manifest_file, journal }, found, pages))
    }
}

impl Storage for Disk {
    fn staging(&self) -> &Path {
        &self.path
    }

    fn segments(&self) -> Arc<dyn SegmentFiles> {
        Arc::new(DiskFiles(self.path.clone()))
    }

    fn append(&mut self, page: &PendingPage) -> io::Result<()> {
        self.journal.append(page)
    }

    /// Replaces the manifest and begins another journal.
    fn commit(&mut self, manifest: &mut Manifest, replaced: &[Segment]) -> io::Result<()> {
        // The names of the files are on the disk before the manifest has them.
        for segment in &manifest.segments {
            if temporary_path(&self.path, &segment.file).symlink_metadata().is_ok() {
                sync_folder(&self.path.join(&segment.table))?;
            }
        }
        let old_journal = self.journal.path().to_owned();
        manifest.journal += 1;
        self.journal = Journal::create(Journal::path_of(&self.path, manifest.journal))?;
        sync_folder(&self.path)?;
        self.manifest_file.replace(&serde_json::to_vec_pretty(manifest)?).map_err(io::Error::other)?;
        // A reader of all files of a table finds no object twice: replaced files end before the new ones appear.
        for segment in replaced {
            std::fs::remove_file(current_path(&self.path, &segment.file))?;
        }
        publish(&self.path, manifest)?;
        match std::fs::remove_file(old_journal) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
            _ => Ok(()),
        }
    }
}

/// Segments of a folder on a disk.
#[derive(Debug)]
pub(super) struct DiskFiles(pub(super) PathBuf);

impl SegmentFiles for DiskFiles {
    fn open(&self, segment: &str) -> io::Result<File> {
        File::open(current_path(&self.0, segment))
    }

    fn unlisted(&self, manifest: &Manifest) -> io::Result<Vec<String>> {
        let mut unlisted = Vec::new();
        for table in std::fs::read_dir(&self.0)? {
            let table = table?;
            if !table.file_type()?.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(table.path())? {
                let path = file?.path();
                let is_listed = manifest.segments.iter().any(|segment| self.0.join(&segment.file) == path);
                if path.extension().is_some_and(|ending| ending == "parquet") && !is_listed {
                    unlisted.push(path.display().to_string());
                }
            }
        }
        Ok(unlisted)
    }
}

/// Path of a segment that is not committed.
pub(super) fn temporary_path(folder: &Path, segment: &str) -> PathBuf {
    with_suffix(&folder.join(segment), TEMPORARY)
}

/// Path of a segment, which has a temporary name until it is committed.
fn current_path(folder: &Path, segment: &str) -> PathBuf {
    let temporary = temporary_path(folder, segment);
    if temporary.symlink_metadata().is_ok() { temporary } else { folder.join(segment) }
}
