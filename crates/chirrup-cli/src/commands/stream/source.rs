//! The stream of a command: its partitions, opened and merged.

use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{Expansion, MediaField, PlaceField, PollField, PostField, Timestamp, UserField};
use chirrup::store::{FileStore, LockedStore, Store as _};
use chirrup::{Client, Item, Lazy, LiveBuilder, LiveEvent, MergedStreams, StreamStats, Typed, merge_streams};
use clap::ValueEnum as _;

use crate::args::{StreamName, StreamSelection};
use crate::error::CliError;
use crate::print::Printer;
use crate::settings::{file_name_for, state_dir};
use crate::verbs::{is_public, stored_expansions};

/// Longest wait for the end of a stream that is closed.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Posts per second that the sandbox of `--sandbox` writes while a stream is read.
const SANDBOX_LOAD: u64 = 3;
const FIELDS: [PostField; 3] = [PostField::AuthorId, PostField::CreatedAt, PostField::Lang];
const USER_FIELDS: [UserField; 1] = [UserField::Verified];

/// A merged stream whose items are lines, whatever their type.
pub(in crate::commands) trait LineStream {
    fn next(&mut self) -> impl Future<Output = Option<(u32, LiveEvent<Bytes>)>>;
    fn stats(&self) -> StreamStats;
    fn stop(&self);

    /// Closes the stream, so that the cost of all that has arrived is recorded.
    async fn close(&mut self) {
        self.stop();
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, async { while self.next().await.is_some() {} }).await;
    }
}

impl<T: Item> LineStream for MergedStreams<Lazy<T>> {
    async fn next(&mut self) -> Option<(u32, LiveEvent<Bytes>)> {
        let (partition, event) = self.next_event().await?;
        Some((partition, event.map(|item| item.bytes().clone())))
    }
    fn stats(&self) -> StreamStats {
        self.stats()
    }
    fn stop(&self) {
        self.stop();
    }
}

/// A command that reads a stream.
pub(in crate::commands) trait StreamReader {
    /// Time from which a partition has to be recovered.
    fn since(&self, _partition: u32) -> Option<Timestamp> {
        None
    }

    /// Reads the stream of this number of partitions until it ends.
    async fn read(self, live: impl LineStream, partitions: usize) -> Result<(), CliError>;
}

/// A command that opens the partitions of a stream.
pub(in crate::commands) trait StreamOpener {
    /// Opens partitions. `stream` returns the builder of each of them.
    async fn open<T: Item>(
        self,
        partitions: u32,
        stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
    ) -> Result<(), CliError>;
}

/// Opener that merges all partitions for a reader.
struct Merged<'s, R> {
    selection: &'s StreamSelection,
    reader: R,
}

impl<R: StreamReader> StreamOpener for Merged<'_, R> {
    async fn open<T: Item>(
        self,
        partitions: u32,
        stream: impl Fn(u32) -> LiveBuilder<Typed<T>>,
    ) -> Result<(), CliError> {
        let chosen = chosen(self.selection, partitions)?;
        let count = chosen.len();
        let configure = |n| {
            let live = configured(self.selection, stream(n).lazy());
            (n, if let Some(since) = self.reader.since(n) { live.since(since) } else { live })
        };
        let live = merge_streams(chosen.into_iter().map(configure), 1);
        self.reader.read(live, count).await
    }
}

/// Returns the chosen partitions of a stream. A stream without partitions is one partition.
pub(in crate::commands) fn chosen(selection: &StreamSelection, partitions: u32) -> Result<Vec<u32>, CliError> {
    let chosen: Vec<u32> =
        if selection.partition.is_empty() { (1..=partitions).collect() } else { selection.partition.clone() };
    if let Some(invalid) = chosen.iter().find(|n| !(1..=partitions).contains(*n)) {
        let range =
            if partitions == 1 { "the only partition is 1".to_owned() } else { format!("expected 1 to {partitions}") };
        return Err(CliError::usage(format!("partition {invalid} does not exist: {range}")));
    }
    Ok(chosen)
}

/// Sets the options of the command line.
pub(in crate::commands) fn configured<T: Item>(
    selection: &StreamSelection,
    mut live: LiveBuilder<Lazy<T>>,
) -> LiveBuilder<Lazy<T>> {
    if selection.no_recovery {
        live = live.without_recovery();
    }
    if selection.gzip {
        live = live.gzip();
    }
    if selection.connects_once {
        live = live.attempts(1);
    }
    if selection.evict_stale_connections {
        live = live.evict_stale_connections();
    }
    live
}

/// Returns the name of a stream on the command line.
pub(in crate::commands) fn name_of(stream: StreamName) -> String {
    stream.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Whether the items of a stream are posts.
pub(in crate::commands) fn has_posts(stream: StreamName) -> bool {
    !matches!(
        stream,
        StreamName::Likes
            | StreamName::LikesSample10
            | StreamName::PostsCompliance
            | StreamName::UsersCompliance
            | StreamName::LikesCompliance
            | StreamName::Labels
            | StreamName::Activity
    )
}

/// Returns the fields that do not depend on the authenticated user.
fn public<T: Clone + ToString>(all: &[T]) -> Vec<T> {
    all.iter().filter(|field| is_public(&field.to_string())).cloned().collect()
}

/// Opens a stream for a reader. `has_all_fields` requests all public fields of posts, and the objects that they refer to.
pub(in crate::commands) async fn open(
    client: &Client,
    selection: &StreamSelection,
    has_all_fields: bool,
    reader: impl StreamReader,
) -> Result<(), CliError> {
    open_each(client, selection.stream, has_all_fields, Merged { selection, reader }).await
}

/// Opens a stream for an opener, like [`open`].
pub(in crate::commands) async fn open_each(
    client: &Client,
    stream: StreamName,
    has_all_fields: bool,
    opener: impl StreamOpener,
) -> Result<(), CliError> {
    // The sandbox writes until the stream ends.
    let _load = client.own_sandbox().and_then(|sandbox| sandbox.generate_posts_for_streams(SANDBOX_LOAD).ok());
    macro_rules! posts {
        ($call:expr) => {{
            let call = $call;
            let call = if has_all_fields {
                let call = call.post_fields(public(PostField::ALL)).user_fields(public(UserField::ALL));
                let call = call.media_fields(public(MediaField::ALL)).place_fields(public(PlaceField::ALL));
                call.poll_fields(public(PollField::ALL)).expansions(stored_expansions())
            } else {
                call.post_fields(FIELDS).user_fields(USER_FIELDS).expansions([Expansion::AuthorId])
            };
            call.live()
        }};
    }
    macro_rules! open {
        ($partitions:expr, $stream:expr) => {
            opener.open($partitions, $stream).await
        };
    }
    match stream {
        StreamName::Filtered => open!(1, |_| posts!(client.filtered_stream())),
        StreamName::Sample => open!(1, |_| posts!(client.sample_stream())),
        StreamName::Sample10 => open!(2, |n| posts!(client.sample10_stream(n))),
        StreamName::Firehose => open!(20, |n| posts!(client.firehose(n))),
        StreamName::FirehoseEn => open!(8, |n| posts!(client.firehose_en(n))),
        StreamName::FirehoseJa => open!(2, |n| posts!(client.firehose_ja(n))),
        StreamName::FirehoseKo => open!(2, |n| posts!(client.firehose_ko(n))),
        StreamName::FirehosePt => open!(2, |n| posts!(client.firehose_pt(n))),
        StreamName::Likes => open!(20, |n| client.likes_firehose(n).live()),
        StreamName::LikesSample10 => open!(2, |n| client.likes_sample10_stream(n).live()),
        StreamName::PostsCompliance => open!(4, |n| client.posts_compliance_stream(n).live()),
        StreamName::UsersCompliance => open!(4, |n| client.users_compliance_stream(n).live()),
        StreamName::LikesCompliance => open!(1, |_| client.likes_compliance_stream().live()),
        StreamName::Labels => open!(1, |_| client.labels_stream().live()),
        StreamName::Activity => open!(1, |_| client.activity_stream().live()),
    }
}

/// Locks a stream, and warns if another process of this user reads it: X limits the connections of an app.
pub(in crate::commands) fn lock(
    client: &Client,
    printer: &Printer,
    stream: StreamName,
) -> Result<Option<Box<dyn LockedStore>>, CliError> {
    let Some(folder) = state_dir(client.base_url()) else { return Ok(None) };
    let host = file_name_for(client.base_url());
    let file = folder.join("streams").join(format!("{host}-{stream:?}"));
    let lock = FileStore::volatile(file).try_lock()?;
    if lock.is_none() {
        printer.hint("another `chirrup stream` reads this stream: X may refuse one of the connections");
    }
    Ok(lock)
}
