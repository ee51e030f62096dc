//! The file with the state of an archive, which grows by a line per change.

use std::fmt;
use std::io;
use std::path::Path;

use chirrup_store::{FileStore, LockedStore, Store as _};

use super::state::State;

/// Size in bytes of the changes up to which the state is not written again.
const MIN_CHANGES: u64 = 64 << 10;

/// Locked file with a state and its changes. The state is written again when the changes are larger, so that a change
/// takes as long with many sources as with one.
pub(super) struct StateFile {
    file: Box<dyn LockedStore>,
    state: State,
    /// Size of the state in bytes.
    state_len: u64,
    /// Size of the changes in bytes; `None` if the file may end with a part of a line.
    changes_len: Option<u64>,
}

impl fmt::Debug for StateFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateFile").finish_non_exhaustive()
    }
}

impl StateFile {
    /// Opens and locks the file. The function returns the state of a new one.
    pub(super) fn open(path: &Path, begin: impl FnOnce() -> io::Result<State>) -> io::Result<Self> {
        let Some(mut file) = FileStore::at(path).try_lock().map_err(io::Error::other)? else {
            return Err(io::Error::other("another program writes to it; stop that program or choose another file"));
        };
        match file.read().map_err(io::Error::other)? {
            Some(text) => Ok(Self { file, state: State::read(&text)?, state_len: 0, changes_len: None }),
            None => {
                let mut new = Self { file, state: begin()?, state_len: 0, changes_len: None };
                new.write(new.state.clone())?;
                Ok(new)
            }
        }
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Returns a change that changes nothing yet. Until it is applied, the file has the state without it, also if an earlier
    /// change failed.
    pub(super) fn begin_change(&mut self) -> io::Result<State> {
        if self.changes_len.is_none() {
            self.write(self.state.clone())?;
        }
        Ok(self.state.change())
    }

    /// Applies a change, which is on the disk then.
    pub(super) fn apply(&mut self, change: State) -> io::Result<()> {
        match self.changes_len.take().filter(|len| *len <= self.state_len.max(MIN_CHANGES)) {
            Some(changes_len) => {
                let line = change.line()?;
                self.file.append(&line).map_err(io::Error::other)?;
                self.state.apply(change);
                self.changes_len = Some(changes_len + line.len() as u64);
                Ok(())
            }
            None => {
                let mut state = self.state.clone();
                state.apply(change);
                self.write(state)
            }
        }
    }

    fn write(&mut self, state: State) -> io::Result<()> {
        let line = state.line()?;
        self.file.replace(&line).map_err(io::Error::other)?;
        (self.state, self.state_len, self.changes_len) = (state, line.len() as u64, Some(0));
        Ok(())
    }
}
