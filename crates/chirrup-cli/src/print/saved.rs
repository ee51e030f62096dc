//! The file of `--output`: a stopped or killed program resumes it.

use std::cmp::Ordering;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chirrup::store::{FileStore, LockedStore, Store as _, open_regular, with_suffix};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::flat;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Version of the checkpoint format.
const VERSION: u32 = 1;

/// What is complete in the file, as its checkpoint records it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Checkpoint {
    version: u32,
    /// Fingerprint of the command that wrote the file.
    call: String,
    /// Length of the complete pages in bytes.
    length: u64,
    /// Which of several results is being written, and where it begins.
    part: usize,
    part_start: u64,
    /// Number of items of this result.
    items: usize,
    /// Token of the part that follows.
    next: Option<String>,
    complete: bool,
}

/// Where a result continues.
#[derive(Debug, Default)]
pub(crate) struct Start {
    /// Number of items that the file has.
    pub(crate) items: usize,
    /// IDs of these items, if the lines are JSON.
    pub(crate) ids: Vec<String>,
    /// Length of the complete pages of all results in bytes.
    pub(super) length: u64,
    pub(crate) next: Option<String>,
    pub(crate) complete: bool,
}

/// The file that stdout is replaced with.
pub(super) struct SavedFile {
    path: PathBuf,
    file: Option<File>,
    checkpoint: Option<(Box<dyn LockedStore>, Checkpoint)>,
    /// Which result of how many is written.
    part: (usize, usize),
}

impl std::fmt::Debug for SavedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SavedFile {
    /// Names the file. It is opened by the first write, or by [`start`](Self::start).
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, checkpoint: None, part: (0, 1) }
    }

    /// Sets which of several results follows.
    pub(super) fn set_part(&mut self, part: usize, parts: usize) {
        self.part = (part, parts);
    }

    /// Whether the file has a result of several parts, which a later run can continue.
    pub(super) fn has_checkpoint(&self) -> bool {
        self.checkpoint.is_some()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn checkpoint_store(&self) -> FileStore {
        FileStore::at(with_suffix(&self.path, ".checkpoint"))
    }

    fn failed(&self, why: impl std::fmt::Display) -> CliError {
        CliError::write(self.path.display(), why)
    }

    /// Opens the file for a result of several parts, and returns what it has of them. What follows the last complete part
    /// is removed.
    pub(super) fn start(&mut self, call: &str) -> Result<Start, CliError> {
        if self.checkpoint.is_none() {
            self.open(call)?;
        }
        let path = self.path.display();
        let failed = |why: io::Error| CliError::new(ExitStatus::Storage, format!("cannot read {path}: {why}"));
        let (Some(file), Some((_, checkpoint))) = (&mut self.file, &self.checkpoint) else {
            return Ok(Start::default());
        };
        let (items, next, length) = (checkpoint.items, checkpoint.next.clone(), checkpoint.length);
        Ok(match checkpoint.part.cmp(&self.part.0) {
            _ if checkpoint.complete => Start { items, length, complete: true, ..Start::default() },
            Ordering::Greater => Start { length, complete: true, ..Start::default() },
            _ => {
                let ids = ids(file, checkpoint.part_start).map_err(failed)?;
                Start { items, ids, length, next, complete: false }
            }
        })
    }

    fn open(&mut self, call: &str) -> Result<(), CliError> {
        let refused = |why: &str| {
            CliError::usage(format!("{}: {why}", self.path.display())).with_hint("choose another file for `--output`")
        };
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(self.failed(format_args!("the folder {} is missing", folder.display())));
        }
        let store = self.checkpoint_store();
        let is_new = !store.path().exists();
        if is_new && self.path.metadata().is_ok_and(|found| found.len() > 0) {
            return Err(refused("the file exists, and this command did not begin it"));
        }
        let mut locked = match store.try_lock() {
            Ok(Some(locked)) => locked,
            Ok(None) => return Err(refused("another program writes to it")),
            Err(why) => return Err(self.failed(why)),
        };
        let found = locked.read().map_err(|why| self.failed(why))?;
        let found = found.map(|bytes| serde_json::from_slice::<Checkpoint>(&bytes)).transpose();
        let mut checkpoint = found.map_err(|_| refused("its checkpoint is invalid"))?.unwrap_or_default();
        if checkpoint.version > VERSION {
            return Err(refused("a newer version of this program wrote it"));
        }
        if checkpoint.version > 0 && checkpoint.call != call {
            return Err(refused("the file has the results of another command"));
        }
        (checkpoint.version, checkpoint.call) = (VERSION, call.to_owned());
        let mut options = OpenOptions::new();
        let opened = open_regular(&self.path, options.read(true).write(true));
        let mut file = opened.map_err(|why| self.failed(why))?;
        let length = file.metadata().map_err(|why| self.failed(why))?.len();
        if length < checkpoint.length {
            return Err(refused("the file is shorter than its checkpoint says"));
        }
        file.set_len(checkpoint.length).map_err(|why| self.failed(why))?;
        file.seek(SeekFrom::End(0)).map_err(|why| self.failed(why))?;
        if is_new {
            // From now on, the file is one of this command.
            let bytes = serde_json::to_vec(&checkpoint).map_err(|why| self.failed(why))?;
            locked.replace(&bytes).map_err(|why| self.failed(why))?;
        }
        (self.file, self.checkpoint) = (Some(file), Some((locked, checkpoint)));
        Ok(())
    }

    /// Records that everything written so far is complete, and where to continue.
    pub(super) fn commit(&mut self, items: usize, next: Option<&str>) -> Result<(), CliError> {
        let path = self.path.display();
        let failed = |why: &dyn std::fmt::Display| CliError::write(&path, why);
        let (Some(file), Some((locked, checkpoint))) = (&mut self.file, &mut self.checkpoint) else { return Ok(()) };
        file.sync_data().map_err(|why| failed(&why))?;
        checkpoint.length = file.stream_position().map_err(|why| failed(&why))?;
        (checkpoint.items, checkpoint.next) = (items, next.map(str::to_owned));
        if next.is_none() {
            checkpoint.complete = self.part.0 + 1 >= self.part.1;
            if !checkpoint.complete {
                (checkpoint.part, checkpoint.part_start, checkpoint.items) = (self.part.0 + 1, checkpoint.length, 0);
            }
        }
        let bytes = serde_json::to_vec(checkpoint).map_err(|why| failed(&why))?;
        locked.replace(&bytes).map_err(|why| failed(&why))
    }
}

impl Write for SavedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() {
            if self.checkpoint_store().path().exists() {
                let why = "the file has results of several pages, of another command";
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
            }
            self.file = Some(File::create(&self.path)?);
        }
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Returns the IDs of the items in a file of JSON lines from `start` on, and moves to its end.
fn ids(file: &mut File, start: u64) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    for line in BufReader::new(&mut *file).lines() {
        let Ok(item) = serde_json::from_str::<Json>(&line?) else { break };
        found.extend(flat::id(item.get("data").unwrap_or(&item)).map(str::to_owned));
    }
    file.seek(SeekFrom::End(0))?;
    Ok(found)
}
