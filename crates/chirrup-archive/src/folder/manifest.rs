//! The manifest of a folder: its sources with their checkpoints, and its segments.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::collection::Checkpoint;

/// Version of the folder's layout.
pub(super) const VERSION: u32 = 1;
/// Name of the manifest.
pub(super) const NAME: &str = "manifest.json";

/// Content of a folder. Replacing the file of the manifest is the commit of a change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) version: u32,
    /// Number of the next segment.
    pub(super) next_segment: u64,
    /// Number of the journal, whose pages are not in a segment yet.
    pub(super) journal: u64,
    pub(super) sources: BTreeMap<String, Source>,
    pub(super) segments: Vec<Segment>,
}

/// Source with its checkpoint. Times are milliseconds since 1970.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Source {
    /// Type of the items: the name of an `ItemKind`.
    pub(super) kind: String,
    pub(super) pages: u64,
    pub(super) items: u64,
    pub(super) next_token: Option<String>,
    pub(super) is_complete: bool,
    pub(super) cost_micros: u64,
    pub(super) oldest_id: Option<u64>,
    pub(super) newest_id: Option<u64>,
    pub(super) until_id: Option<u64>,
    pub(super) since_id: Option<u64>,
    pub(super) started_at: i64,
    pub(super) updated_at: i64,
}

/// Parquet file of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Segment {
    pub(super) table: String,
    /// Path within the folder.
    pub(super) file: String,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// First and last key of a table of objects.
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self { version: VERSION, next_segment: 1, journal: 1, sources: BTreeMap::new(), segments: Vec::new() }
    }
}

impl Manifest {
    /// Reads the bytes of a manifest.
    pub(super) fn parse(folder: &Path, bytes: &[u8]) -> io::Result<Self> {
        let refused = |why: String| Err(io::Error::other(format!("{}: {why}", folder.display())));
        match serde_json::from_slice::<Self>(bytes) {
            Ok(manifest) if manifest.version <= VERSION => Ok(manifest),
            Ok(_) => refused("a newer version of this program wrote it; use that version or another folder".to_owned()),
            Err(why) => refused(format!("{NAME} is invalid ({why}); choose another folder")),
        }
    }

    pub(super) fn segments_of(&self, table: &str) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(move |segment| segment.table == table)
    }
}

impl Source {
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            pages: self.pages,
            items: self.items,
            next_token: self.next_token.clone(),
            is_complete: self.is_complete,
            cost_micros: self.cost_micros,
            oldest_id: self.oldest_id,
            newest_id: self.newest_id,
            until_id: self.until_id,
            since_id: self.since_id,
        }
    }
}
