//! What each stream delivers, and its name in X's list of connections.

use chirrup_api::v1::streams::{Filter, FirehoseStatuses, Sample as V1Sample, SiteStream, UserStream};
use chirrup_api::v2::streams::{
    ActivityStream, FilteredStream, Firehose, FirehoseEn, FirehoseJa, FirehoseKo, FirehosePt, LabelsStream,
    LikesComplianceStream, LikesFirehose, LikesSample10Stream, PostsComplianceStream, Sample10Stream, SampleStream,
    UsersComplianceStream,
};
use chirrup_api::{Call, Endpoint};
use chirrup_model::StreamEndpoint;

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

/// One stream of the sandbox.
struct Stream {
    endpoint: &'static Endpoint,
    /// Name in X's list of connections, if it has one. The streams of API v1.1 have none.
    name: Option<StreamEndpoint>,
    content: StreamContent,
}

const fn stream(endpoint: &'static Endpoint, name: StreamEndpoint, content: StreamContent) -> Stream {
    Stream { endpoint, name: Some(name), content }
}

const fn posts(one_of: u64, partitions: u64, language: Option<&'static str>) -> StreamContent {
    StreamContent::Posts { sample: Sample::new(one_of, partitions), language }
}

const fn events(kind: EventKind, one_of: u64, partitions: u64) -> StreamContent {
    StreamContent::Events { kind, sample: Sample::new(one_of, partitions) }
}

const fn statuses(endpoint: &'static Endpoint, selection: StatusSelection) -> Stream {
    Stream { endpoint, name: None, content: StreamContent::Statuses(selection) }
}

/// Share and number of partitions of each stream, from "Volume Streams" in X's documentation.
const STREAMS: &[Stream] = &[
    stream(FilteredStream::ENDPOINT, StreamEndpoint::Filtered, StreamContent::MatchingPosts),
    stream(SampleStream::ENDPOINT, StreamEndpoint::Sample, posts(100, 1, None)),
    stream(Sample10Stream::ENDPOINT, StreamEndpoint::Sample10, posts(10, 2, None)),
    stream(Firehose::ENDPOINT, StreamEndpoint::Firehose, posts(1, 20, None)),
    stream(FirehoseEn::ENDPOINT, StreamEndpoint::FirehoseEn, posts(1, 8, Some("en"))),
    stream(FirehoseJa::ENDPOINT, StreamEndpoint::FirehoseJa, posts(1, 2, Some("ja"))),
    stream(FirehoseKo::ENDPOINT, StreamEndpoint::FirehoseKo, posts(1, 2, Some("ko"))),
    stream(FirehosePt::ENDPOINT, StreamEndpoint::FirehosePt, posts(1, 2, Some("pt"))),
    stream(LikesFirehose::ENDPOINT, StreamEndpoint::LikesFirehose, events(EventKind::Like, 1, 20)),
    stream(LikesSample10Stream::ENDPOINT, StreamEndpoint::LikesSample10, events(EventKind::Like, 10, 2)),
    stream(PostsComplianceStream::ENDPOINT, StreamEndpoint::PostsCompliance, events(EventKind::PostCompliance, 1, 4)),
    stream(UsersComplianceStream::ENDPOINT, StreamEndpoint::UsersCompliance, events(EventKind::UserCompliance, 1, 4)),
    stream(LikesComplianceStream::ENDPOINT, StreamEndpoint::LikesCompliance, events(EventKind::LikeCompliance, 1, 1)),
    stream(LabelsStream::ENDPOINT, StreamEndpoint::PostLabels, events(EventKind::Label, 1, 1)),
    // X's list of connections has no name for this stream.
    Stream { endpoint: ActivityStream::ENDPOINT, name: None, content: events(EventKind::Activity, 1, 1) },
    statuses(Filter::ENDPOINT, StatusSelection::Filter),
    statuses(V1Sample::ENDPOINT, StatusSelection::Sample),
    statuses(FirehoseStatuses::ENDPOINT, StatusSelection::All),
    statuses(UserStream::ENDPOINT, StatusSelection::HomeTimeline),
    statuses(SiteStream::ENDPOINT, StatusSelection::Sites),
];

fn find(endpoint: &Endpoint) -> Option<&'static Stream> {
    STREAMS.iter().find(|stream| stream.endpoint == endpoint)
}

/// Returns what the stream of a call delivers; `None` if the call opens no stream.
pub(crate) fn content(call: &Call) -> Option<StreamContent> {
    find(call.endpoint?).map(|stream| stream.content)
}

/// Returns the name of a stream in X's list of connections.
pub(super) fn name(endpoint: &Endpoint) -> String {
    let name = find(endpoint).and_then(|stream| stream.name.as_ref());
    name.map_or_else(|| endpoint.id.to_owned(), |name| name.as_str().to_owned())
}
