//! File whose committed part is known by its length.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_store::open_regular;

/// Number of bytes that are written together. The system takes several times as long for one write of many megabytes.
const WRITE_LEN: usize = 256 << 10;

/// File that is appended to. It is created with its first bytes.
#[derive(Debug)]
pub(super) struct CommittedFile {
    path: PathBuf,
    file: Option<File>,
}

impl CommittedFile {
    /// Opens a file, and removes what follows its committed part, which ends with `end`.
    pub(super) fn open(path: PathBuf, len: u64, end: &[u8]) -> io::Result<Self> {
        if len == 0 && path.symlink_metadata().is_err() {
            return Ok(Self { path, file: None });
        }
        let failed = |kind, why: &str| io::Error::new(kind, format!("{}: {why}", path.display()));
        let mut file = open_file(&path)?;
        let found = file.metadata()?.len();
        if found < len {
            let why = "it is shorter than the checkpoint says; restore it from a copy";
            return Err(failed(io::ErrorKind::Other, why));
        }
        if len > 0 && !ends_with(&mut file, len, end)? {
            let why =
                "it has other content than the checkpoint says, and nothing of it was changed; choose another file";
            return Err(failed(io::ErrorKind::InvalidInput, why));
        }
        if found > len {
            file.set_len(len)?;
            file.sync_all()?;
        }
        Ok(Self { path, file: Some(file) })
    }

    /// Creates the file if it is missing.
    pub(super) fn create(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(file) => Ok(file),
            file @ None => {
                let created = open_file(&self.path)?;
                sync_folder_of(&self.path)?;
                Ok(file.insert(created))
            }
        }
    }

    /// Replaces what follows the committed part, and returns the length of the file when the disk has the bytes.
    pub(super) fn append(&mut self, committed_len: u64, bytes: &[u8]) -> io::Result<u64> {
        if bytes.is_empty() {
            return Ok(committed_len);
        }
        let file = self.create()?;
        // Bytes of an earlier attempt that failed are overwritten.
        file.seek(SeekFrom::Start(committed_len))?;
        bytes.chunks(WRITE_LEN).try_for_each(|part| file.write_all(part))?;
        let len = committed_len + bytes.len() as u64;
        file.set_len(len)?;
        file.sync_data()?;
        Ok(len)
    }

    /// Returns a reader of a part of the file.
    pub(super) fn read(&mut self, from: u64, to: u64) -> io::Result<impl io::Read> {
        let file = self.create()?;
        file.seek(SeekFrom::Start(from))?;
        Ok(file.take(to.saturating_sub(from)))
    }
}

/// Whether the part of a file up to a position ends with these bytes.
fn ends_with(file: &mut File, at: u64, end: &[u8]) -> io::Result<bool> {
    let mut found = vec![0; end.len()];
    file.seek(SeekFrom::Start(at.saturating_sub(end.len() as u64)))?;
    file.read_exact(&mut found)?;
    Ok(found == end)
}

fn open_file(path: &Path) -> io::Result<File> {
    open_regular(path, OpenOptions::new().read(true).write(true))
}

/// Writes the name of a new file to the disk.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
