//! State of the files: what is stored, and where each source resumes.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::options::LineForm;
use crate::collection::{Checkpoint, ItemKind};

/// Version of the format. The first is that of files with a single result.
const VERSION: u32 = 2;

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

    pub(super) fn read(bytes: &[u8]) -> io::Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let invalid = |why: String| io::Error::other(format!("its checkpoint is invalid ({why}); choose another file"));
        match serde_json::from_slice(bytes) {
            Ok(Version { version: VERSION }) => {
                let state: Self = serde_json::from_slice(bytes).map_err(|why| invalid(why.to_string()))?;
                match Path::new(&state.segment.name).file_name().is_none_or(|name| *name == *state.segment.name) {
                    true => Ok(state),
                    false => Err(invalid("it names a file in another folder".to_owned())),
                }
            }
            Ok(Version { version: ..VERSION }) => {
                Err(io::Error::other("another command wrote it; choose another file"))
            }
            Ok(_) => Err(io::Error::other("a newer version of this program wrote it; use that version")),
            Err(why) => Err(invalid(why.to_string())),
        }
    }

    /// Returns the number of a source, which is a new one if it has no page.
    pub(super) fn number_of(&self, source: &str) -> u32 {
        let next = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        self.sources.get(source).map_or(next, |source| source.number)
    }

    /// Sets the checkpoint of a source.
    pub(super) fn set_checkpoint(&mut self, source: &str, items: ItemKind, checkpoint: Checkpoint) {
        let number = self.number_of(source);
        self.sources.insert(source.to_owned(), Source { number, kind: items.name().to_owned(), checkpoint });
    }
}
