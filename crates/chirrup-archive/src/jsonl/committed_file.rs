//! File whose committed part is known by its length.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_store::open_regular;

/// Number of bytes of a commit from which the system does not keep their copy in memory.
const RELEASED_LEN: u64 = 256 << 10;

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
        let len = self.write(committed_len, bytes)?;
        self.commit(committed_len, len)?;
        Ok(len)
    }

    /// Writes bytes behind the committed part, and returns the position behind them.
    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<u64> {
        let file = self.create()?;
        // Bytes of an earlier attempt that failed are overwritten.
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        Ok(at + bytes.len() as u64)
    }

    /// Ends the file at a length up to which it is written, and returns when the disk has the bytes after the committed
    /// part.
    pub(super) fn commit(&mut self, committed_len: u64, len: u64) -> io::Result<()> {
        let file = self.create()?;
        file.set_len(len)?;
        file.sync_data()?;
        if len.saturating_sub(committed_len) >= RELEASED_LEN {
            release_memory(file, committed_len);
        }
        Ok(())
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

/// Frees the memory in which the system has a copy of the end of a file. The next page is as long, and memory that a
/// virtual machine has never used takes several times as long as the lines. Files that other programs read stay in memory,
/// too.
#[cfg(target_os = "linux")]
fn release_memory(file: &File, from: u64) {
    // It is advice: the file is complete without it.
    let _ = rustix::fs::fadvise(file, from, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn release_memory(_: &File, _: u64) {}

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
