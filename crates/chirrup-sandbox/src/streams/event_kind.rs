//! Kinds of events that streams deliver.

/// Kind of an event, which decides the streams that deliver it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    Like,
    PostCompliance,
    UserCompliance,
    LikeCompliance,
    Label,
    Activity,
    /// Event of the streams of API v1.1, such as the deletion of a status.
    V1,
}
