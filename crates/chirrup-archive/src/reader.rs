//! Interface of the archives that are open for reading.

use std::fmt;
use std::io;

use chirrup_model::Timestamp;

use crate::collection::Checkpoint;
use crate::object::{Key, Object, ObjectKind};

/// State of a source of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Name of the source.
    pub name: String,
    /// Type of its items: the name of an [`ItemKind`](crate::ItemKind).
    pub kind: String,
    /// Position from which it resumes.
    pub checkpoint: Checkpoint,
    /// Time of its first response.
    pub started_at: Timestamp,
    /// Time of its last response.
    pub updated_at: Timestamp,
}

/// Relation between two objects, such as `follows`, and when it was seen. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Verb of the relation.
    pub relation: String,
    /// ID of the user that follows, likes, reposts or is a member.
    pub source_id: i64,
    /// ID of the user, post or list.
    pub target_id: i64,
    /// Time at which it was first seen.
    pub first_seen_at: i64,
    /// Time at which it was last seen.
    pub last_seen_at: i64,
}

/// Gap, partial error, unreadable object or undecodable line of a source. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    /// Name of the source.
    pub source: String,
    /// Time of the response.
    pub seen_at: i64,
    /// Start of a gap.
    pub from_at: Option<i64>,
    /// End of a gap.
    pub to_at: Option<i64>,
    /// Cause of a gap, or what is wrong.
    pub why: String,
    /// How a gap was filled, or what cannot be read, as JSON.
    pub json: String,
}

/// Type of the notes of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Parts of streams that were missed at first.
    Gap,
    /// Partial errors, unreadable objects and undecodable lines.
    Problem,
}

/// Removal of an object that X no longer shows, without its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deletion {
    /// Type of the object: `post` or `user`.
    pub kind: String,
    /// ID of the object.
    pub id: i64,
    /// Time of the removal in milliseconds since 1970.
    pub deleted_at: i64,
    /// Reason for the removal.
    pub reason: String,
}

#[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
impl Deletion {
    /// Returns the type and ID of the removed object.
    pub(crate) fn object(&self) -> Option<(ObjectKind, i64)> {
        match self.kind.as_str() {
            "post" => Some((ObjectKind::Post, self.id)),
            "user" => Some((ObjectKind::User, self.id)),
            _ => None,
        }
    }
}

/// Earlier value of a profile, and the time at which a response first had another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChange {
    /// ID of the user.
    pub user_id: i64,
    /// Time of the response in milliseconds since 1970.
    pub changed_at: i64,
    /// Name of the column of `users`.
    pub field: String,
    /// Value of the earlier responses.
    pub old: Option<String>,
    /// Value of that response.
    pub new: Option<String>,
}

/// Function that is called with each object of an archive.
pub type VisitObject<'v> = dyn FnMut(Key<'_>, Object<'_>) -> io::Result<()> + 'v;

/// Archive that is open for reading.
pub trait ArchiveReader: fmt::Debug {
    /// Checks the archive. Returns the faults, which are none for a sound archive.
    ///
    /// # Errors
    /// If the archive cannot be read.
    fn verify(&self) -> io::Result<Vec<String>>;

    /// Returns the states of the sources, in the order of their names.
    ///
    /// # Errors
    /// If the archive cannot be read.
    fn source_states(&self) -> io::Result<Vec<SourceState>>;

    /// Calls `visit` with each object of a type once, in the order of the keys.
    ///
    /// # Errors
    /// If the archive cannot be read, or `visit` fails.
    fn objects(&self, kind: ObjectKind, visit: &mut VisitObject<'_>) -> io::Result<()>;

    /// Calls `visit` with each edge. A folder of Parquet files may have an edge several times until it is compacted.
    ///
    /// # Errors
    /// If the archive cannot be read, or `visit` fails.
    fn edges(&self, visit: &mut dyn FnMut(Edge) -> io::Result<()>) -> io::Result<()>;

    /// Calls `visit` with each note of a type.
    ///
    /// # Errors
    /// If the archive cannot be read, or `visit` fails.
    fn notes(&self, kind: NoteKind, visit: &mut dyn FnMut(Note) -> io::Result<()>) -> io::Result<()>;

    /// Calls `visit` with each removal.
    ///
    /// # Errors
    /// If the archive cannot be read, or `visit` fails.
    fn deletions(&self, visit: &mut dyn FnMut(Deletion) -> io::Result<()>) -> io::Result<()>;

    /// Calls `visit` with each change of a user, of which only a database has a history.
    ///
    /// # Errors
    /// If the archive cannot be read, or `visit` fails.
    fn user_changes(&self, _visit: &mut dyn FnMut(UserChange) -> io::Result<()>) -> io::Result<()> {
        Ok(())
    }
}
