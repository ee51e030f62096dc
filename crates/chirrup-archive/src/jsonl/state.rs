//! State of the files: what is stored, and where each source resumes.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::options::LineForm;
use crate::collection::{Checkpoint, ItemKind};

/// Version of the format. The first is that of files with a single result, and the second has no changes.
const VERSION: u32 = 3;

/// State, or a change of it with the sources that changed and all other values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    version: u32,
    pub(super) form: LineForm,
    /// The file that lines are appended to.
    pub(super) segment: Segment,
    /// Number of files with lines.
    pub(super) segments: u64,
    /// Length of the list of the files before it.
    pub(super) files_len: u64,
    pub(super) bad_len: u64,
    pub(super) gaps_len: u64,
    /// Number of items of all sources.
    pub(super) items: u64,
    pub(super) sources: BTreeMap<String, Source>,
}

/// A file with lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Segment {
    /// Name of the file in the folder of the archive.
    pub(super) name: String,
    pub(super) len: u64,
    /// CRC-32 of the file.
    pub(super) crc32: u32,
    pub(super) lines: u64,
    /// Time of its first page in milliseconds.
    pub(super) began_at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Source {
    /// Number that stands for the source in the file of the items.
    pub(super) number: u32,
    kind: String,
    #[serde(flatten)]
    pub(super) checkpoint: Checkpoint,
}

impl State {
    pub(super) fn new(form: LineForm) -> Self {
        Self {
            version: VERSION,
            form,
            segment: Segment::default(),
            segments: 0,
            files_len: 0,
            bad_len: 0,
            gaps_len: 0,
            items: 0,
            sources: BTreeMap::new(),
        }
    }

    /// Reads a state in the first line of a text, and its changes in the others. The last one is left out if it was cut.
    pub(super) fn read(text: &[u8]) -> io::Result<Self> {
        let mut lines = text.split(|byte| *byte == b'\n').peekable();
        let mut state = Self::read_first(lines.next().unwrap_or_default())?;
        while let Some(line) = lines.next().filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(change) => state.apply(change),
                Err(_) if lines.peek().is_none() => break,
                Err(why) => return Err(invalid(&why)),
            }
        }
        match Path::new(&state.segment.name).file_name().is_none_or(|name| *name == *state.segment.name) {
            true => Ok(state),
            false => Err(invalid(&"it names a file in another folder")),
        }
    }

    fn read_first(line: &[u8]) -> io::Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        match serde_json::from_slice(line) {
            Ok(Version { version: 2..=VERSION }) => {
                let state: Self = serde_json::from_slice(line).map_err(|why| invalid(&why))?;
                Ok(Self { version: VERSION, ..state })
            }
            Ok(Version { version: ..2 }) => Err(io::Error::other("another command wrote it; choose another file")),
            Ok(_) => Err(io::Error::other("a newer version of this program wrote it; use that version")),
            Err(why) => Err(invalid(&why)),
        }
    }

    /// Returns a line with the state or change.
    pub(super) fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Returns a change that changes nothing yet.
    pub(super) fn change(&self) -> Self {
        Self { segment: self.segment.clone(), sources: BTreeMap::new(), ..*self }
    }

    /// Applies a change, whose sources replace those of the same names.
    pub(super) fn apply(&mut self, change: Self) {
        let mut sources = std::mem::take(&mut self.sources);
        sources.extend(change.sources);
        *self = Self { sources, ..change };
    }

    /// Returns the number of a source, and whether it has pages. One without pages has the next number.
    pub(super) fn number_of(&self, source: &str) -> (u32, bool) {
        let next = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.sources.get(source).map_or((next, false), |source| (source.number, true))
    }

    /// Sets the checkpoint of a source with a number.
    pub(super) fn set_checkpoint(&mut self, source: &str, number: u32, items: ItemKind, checkpoint: Checkpoint) {
        self.sources.insert(source.to_owned(), Source { number, kind: items.name().to_owned(), checkpoint });
    }
}

fn invalid(why: &dyn fmt::Display) -> io::Error {
    io::Error::other(format!("its checkpoint is invalid ({why}); choose another file"))
}
