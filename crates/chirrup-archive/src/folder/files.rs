//! Files of a folder: their names, and what a crash leaves of them.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

use chirrup_store::with_suffix;

use super::manifest::{self, Manifest};
use super::segment::TEMPORARY;
use super::tables::TABLES;

/// Gives the segments of a manifest their names, which they do not have yet after a crash.
pub(super) fn publish(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    for segment in &manifest.segments {
        let path = folder.join(&segment.file);
        let temporary = with_suffix(&path, TEMPORARY);
        if temporary.symlink_metadata().is_ok() {
            std::fs::rename(temporary, path)?;
        }
    }
    Ok(())
}

/// Removes segments and journals that the manifest does not have: a crash left them before they were committed.
pub(super) fn remove_leftovers(folder: &Path, manifest: &Manifest) -> io::Result<()> {
    let remove = |path: &Path| std::fs::remove_file(path);
    for file in std::fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        let journal = name.strip_prefix("journal-").and_then(|name| name.strip_suffix(".jsonl"));
        if journal.is_some_and(|number| number.parse() != Ok(manifest.journal)) {
            remove(&file.path())?;
        }
        if !file.file_type()?.is_dir() {
            continue;
        }
        for segment in std::fs::read_dir(file.path())? {
            let segment = segment?.path();
            let is_ours = segment.extension().is_some_and(|ending| ending == "parquet" || ending == &TEMPORARY[1..]);
            if is_ours && !manifest.segments.iter().any(|known| folder.join(&known.file) == segment) {
                remove(&segment)?;
            }
        }
    }
    Ok(())
}

/// Whether a file of a folder without a manifest is from an earlier start that was killed.
pub(super) fn is_ours(file: io::Result<std::fs::DirEntry>) -> bool {
    file.is_ok_and(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with(manifest::NAME)
            || name == "views.sql"
            || name.starts_with("journal-")
            || TABLES.contains(&&*name)
    })
}

/// Creates a folder that only the user can read.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    match builder.create(path) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}

/// Writes the names of a folder's files to the disk.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    // Windows cannot open a folder, and keeps the names with the files.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// Adds the path of the folder to an error.
pub(super) fn failed(path: &Path, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), format!("{}: {why}", path.display()))
}
