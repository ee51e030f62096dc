//! Contents of each stream.

use chirrup_api::v1::streams::{Filter, FirehoseStatuses, Sample as V1Sample, SiteStream, UserStream};
use chirrup_api::v2::streams::{
    ActivityStream, FilteredStream, Firehose, FirehoseEn, FirehoseJa, FirehoseKo, FirehosePt, LabelsStream,
    LikesComplianceStream, LikesFirehose, LikesSample10Stream, PostsComplianceStream, Sample10Stream, SampleStream,
    UsersComplianceStream,
};
use chirrup_api::{Call, Endpoint};

use super::event_kind::EventKind;
use super::sample::Sample;

/// Contents of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StreamContent {
    /// Posts that match the rules of the app.
    MatchingPosts,
    /// Sample of all posts, or of those in one language.
    Posts { sample: Sample, language: Option<&'static str> },
    /// Sample of the events of one kind.
    Events { kind: EventKind, sample: Sample },
    /// Statuses and deletions in the form of API v1.1.
    Statuses(StatusSelection),
}

/// Selection of the statuses that a stream of API v1.1 delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusSelection {
    All,
    Sample,
    /// Statuses that match the parameters `track`, `follow` or `locations`.
    Filter,
    /// Statuses of the user, of the followed users, and those that match `track`.
    HomeTimeline,
    /// Statuses of the users that `follow` lists.
    Sites,
}

const fn posts(one_of: u64, partitions: u64, language: Option<&'static str>) -> StreamContent {
    StreamContent::Posts { sample: Sample::new(one_of, partitions), language }
}

const fn events(kind: EventKind, one_of: u64, partitions: u64) -> StreamContent {
    StreamContent::Events { kind, sample: Sample::new(one_of, partitions) }
}

/// Share and number of partitions of each stream, from "Volume Streams" in X's documentation.
const STREAMS: &[(&Endpoint, StreamContent)] = &[
    (FilteredStream::ENDPOINT, StreamContent::MatchingPosts),
    (SampleStream::ENDPOINT, posts(100, 1, None)),
    (Sample10Stream::ENDPOINT, posts(10, 2, None)),
    (Firehose::ENDPOINT, posts(1, 20, None)),
    (FirehoseEn::ENDPOINT, posts(1, 8, Some("en"))),
    (FirehoseJa::ENDPOINT, posts(1, 2, Some("ja"))),
    (FirehoseKo::ENDPOINT, posts(1, 2, Some("ko"))),
    (FirehosePt::ENDPOINT, posts(1, 2, Some("pt"))),
    (LikesFirehose::ENDPOINT, events(EventKind::Like, 1, 20)),
    (LikesSample10Stream::ENDPOINT, events(EventKind::Like, 10, 2)),
    (PostsComplianceStream::ENDPOINT, events(EventKind::PostCompliance, 1, 4)),
    (UsersComplianceStream::ENDPOINT, events(EventKind::UserCompliance, 1, 4)),
    (LikesComplianceStream::ENDPOINT, events(EventKind::LikeCompliance, 1, 1)),
    (LabelsStream::ENDPOINT, events(EventKind::Label, 1, 1)),
    (ActivityStream::ENDPOINT, events(EventKind::Activity, 1, 1)),
    (Filter::ENDPOINT, StreamContent::Statuses(StatusSelection::Filter)),
    (V1Sample::ENDPOINT, StreamContent::Statuses(StatusSelection::Sample)),
    (FirehoseStatuses::ENDPOINT, StreamContent::Statuses(StatusSelection::All)),
    (UserStream::ENDPOINT, StreamContent::Statuses(StatusSelection::HomeTimeline)),
    (SiteStream::ENDPOINT, StreamContent::Statuses(StatusSelection::Sites)),
];

/// Returns what the stream of a call delivers; `None` if the call opens no stream.
pub(crate) fn content(call: &Call) -> Option<StreamContent> {
    let endpoint = call.endpoint?;
    STREAMS.iter().find(|(known, _)| *known == endpoint).map(|(_, content)| *content)
}
