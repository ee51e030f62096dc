//! Connection to a stream of a NATS server, and the messages that are published to it.

use std::collections::HashSet;
use std::fmt::Display;
use std::io;
use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, DiscardPolicy, Stream};
use async_nats::jetstream::{self, Context, kv};
use chirrup_store::open_bucket;
use futures_util::StreamExt as _;

use super::address::NatsAddress;
use super::message::{NewMessage, key_of_id};
use super::names::{bucket, subject_of, subjects_of};

/// Time within which the server recognizes a message ID. X sends the posts of up to five minutes again after a disconnect.
pub(super) const DUPLICATE_WINDOW: Duration = Duration::from_secs(5 * 60);
/// Number of messages that wait for their acknowledgments.
const UNACKNOWLEDGED: usize = 1_024;
/// Time for which messages are published again while the server is away or its stream is full.
const PUBLISH_TIMEOUT: Duration = Duration::from_secs(60);
const RETRY_INTERVAL: Duration = Duration::from_millis(250);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest wait for the next of the messages that the server has.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Number of messages that are read together.
const READ_BATCH: usize = 4_096;

/// Connection to a stream and to its buckets.
#[derive(Debug, Clone)]
pub(super) struct Bus {
    pub(super) address: NatsAddress,
    pub(super) context: Context,
    pub(super) stream: Stream,
}

impl Bus {
    /// Connects to the server, and creates the stream if it is missing.
    pub(super) async fn create(address: NatsAddress) -> io::Result<Self> {
        let context = connect(&address).await?;
        let config = Config {
            name: address.stream().to_owned(),
            subjects: vec![subjects_of(address.stream())],
            description: Some("Posts and users, collected by chirrup".to_owned()),
            duplicate_window: DUPLICATE_WINDOW,
            // A full stream refuses new messages: the collection waits, and nothing is lost.
            discard: DiscardPolicy::New,
            ..Config::default()
        };
        let stream = context.get_or_create_stream(config).await;
        let stream = stream.map_err(|why| failed(&address, "cannot create the stream", why))?;
        Self::of(address, context, stream)
    }

    /// Connects to the server of a stream that exists.
    pub(super) async fn open(address: NatsAddress) -> io::Result<Self> {
        let context = connect(&address).await?;
        let stream = context.get_stream(address.stream()).await;
        let stream = stream.map_err(|why| failed(&address, "cannot open the stream", why))?;
        Self::of(address, context, stream)
    }

    fn of(address: NatsAddress, context: Context, stream: Stream) -> io::Result<Self> {
        let subjects = &stream.cached_info().config.subjects;
        match subjects.contains(&subjects_of(address.stream())) {
            true => Ok(Self { address, context, stream }),
            false => Err(failed(&address, "another program created the stream", "choose another name")),
        }
    }

    pub(super) fn failed(&self, what: &str, why: impl Display) -> io::Error {
        failed(&self.address, what, why)
    }

    /// Opens or creates a bucket of keys and values that belongs to the stream.
    pub(super) async fn bucket(&self, purpose: &str) -> io::Result<kv::Store> {
        let name = bucket(self.address.stream(), purpose);
        let settings = Config { deny_delete: true, allow_direct: true, ..Config::default() };
        let bucket = open_bucket(&self.context, &name, settings).await;
        bucket.map_err(|why| self.failed("cannot create a key-value bucket", why))
    }

    /// Publishes messages, and waits until the server has stored each of them. Returns the number of those that it did not
    /// have before, and the highest sequence number.
    pub(super) async fn publish(&self, messages: &[NewMessage]) -> io::Result<(u64, u64)> {
        let deadline = Instant::now() + PUBLISH_TIMEOUT;
        let (mut new, mut sequence) = (0, 0);
        let mut unpublished: Vec<&NewMessage> = messages.iter().collect();
        let mut is_repetition = false;
        loop {
            let (mut failures, mut last_failure) = (Vec::new(), None);
            for part in unpublished.chunks(UNACKNOWLEDGED) {
                for (message, outcome) in part.iter().zip(self.publish_part(part).await) {
                    match outcome {
                        Ok(acknowledged) => {
                            // The acknowledgment of an earlier attempt may be lost.
                            new += u64::from(!acknowledged.duplicate || is_repetition);
                            sequence = sequence.max(acknowledged.sequence);
                        }
                        Err(why) if why.kind() == PublishErrorKind::MaxPayloadExceeded => {
                            let what = "a message is larger than `max_payload` in the settings of the server";
                            return Err(self.failed(what, why));
                        }
                        Err(why) => {
                            failures.push(*message);
                            last_failure = Some(why);
                        }
                    }
                }
            }
            match last_failure {
                None => return Ok((new, sequence)),
                Some(why) if Instant::now() >= deadline => return Err(self.failed("cannot publish", why)),
                Some(_) => tokio::time::sleep(RETRY_INTERVAL).await,
            }
            (unpublished, is_repetition) = (failures, true);
        }
    }

    /// Publishes a number of messages before it waits for their acknowledgments.
    async fn publish_part(&self, part: &[&NewMessage]) -> Vec<Result<jetstream::publish::PublishAck, PublishError>> {
        let mut sent = Vec::with_capacity(part.len());
        for message in part {
            let publish = PublishMessage::build().payload(message.payload.clone()).headers(message.headers.clone());
            sent.push(self.context.send_publish(message.subject.clone(), publish.message_id(&message.id)).await);
        }
        let mut outcomes = Vec::with_capacity(part.len());
        for acknowledgment in sent {
            outcomes.push(match acknowledgment {
                Ok(acknowledgment) => acknowledgment.await,
                Err(why) => Err(why),
            });
        }
        outcomes
    }

    /// Returns the keys of the items of a source that the stream has after a sequence number.
    pub(super) async fn items_after(&self, source: &str, sequence: u64) -> io::Result<HashSet<u64>> {
        let failed = |why: &dyn Display| self.failed("cannot read the stream", why);
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: sequence + 1 },
            ack_policy: AckPolicy::None,
            filter_subject: subject_of(self.address.stream(), "*", source),
            headers_only: true,
            inactive_threshold: READ_TIMEOUT * 2,
            ..pull::Config::default()
        };
        let consumer = self.stream.create_consumer(config).await.map_err(|why| failed(&why))?;
        let mut left = consumer.cached_info().num_pending;
        let mut keys = HashSet::new();
        while left > 0 {
            let batch = consumer.batch().max_messages(READ_BATCH).expires(READ_TIMEOUT).messages().await;
            let mut batch = batch.map_err(|why| failed(&why))?;
            let before = left;
            while left > 0
                && let Some(message) = batch.next().await
            {
                let message = message.map_err(|why| failed(&why))?;
                let id = message.headers.as_ref().and_then(|headers| headers.get("Nats-Msg-Id"));
                keys.extend(id.and_then(|id| key_of_id(id.as_str())));
                left -= 1;
            }
            if left == before {
                return Err(failed(&"the server sends no messages"));
            }
        }
        // The server also removes it when it is not used.
        let _ = self.stream.delete_consumer(&consumer.cached_info().name).await;
        Ok(keys)
    }

    /// Returns the keys of a bucket. Unlike those of `Store::keys`, they are complete while other programs change values.
    pub(super) async fn keys(&self, bucket: &kv::Store) -> io::Result<Vec<String>> {
        let failed = |why: &dyn Display| self.failed("cannot list the keys of a bucket", why);
        let mut subjects = bucket.stream.info_with_subjects(">").await.map_err(|why| failed(&why))?;
        let mut keys = Vec::new();
        while let Some(subject) = subjects.next().await {
            let (subject, _) = subject.map_err(|why| failed(&why))?;
            keys.extend(subject.strip_prefix(&bucket.prefix).map(str::to_owned));
        }
        keys.sort();
        Ok(keys)
    }

    /// Replaces a value if its revision is still this one; zero stands for a key that is missing. Returns the next revision, or
    /// `None` if another program has changed the value.
    pub(super) async fn replace(
        &self,
        bucket: &kv::Store,
        key: &str,
        value: Vec<u8>,
        revision: u64,
    ) -> io::Result<Option<u64>> {
        let deadline = Instant::now() + PUBLISH_TIMEOUT;
        loop {
            let why = match bucket.update(key, value.clone().into(), revision).await {
                Ok(next) => return Ok(Some(next)),
                Err(why) => why,
            };
            if why.kind() == kv::UpdateErrorKind::WrongLastRevision {
                // The acknowledgment of an earlier attempt may be lost.
                let entry = bucket.entry(key).await.map_err(|why| self.failed("cannot read a key", why))?;
                return Ok(entry.filter(|entry| entry.value == value).map(|entry| entry.revision));
            }
            if Instant::now() >= deadline {
                return Err(self.failed("cannot write a key", why));
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
    }
}

async fn connect(address: &NatsAddress) -> io::Result<Context> {
    let options = address.options().map_err(|why| failed(address, "cannot use the login", why))?;
    let options = options.connection_timeout(CONNECT_TIMEOUT);
    let client = options.connect(address.server()).await;
    client.map(jetstream::new).map_err(|why| failed(address, "cannot connect to the NATS server", why))
}

/// Returns an error with the address and the reason, and with the reasons of the reason.
fn failed(address: &NatsAddress, what: &str, why: impl Display) -> io::Error {
    io::Error::other(format!("{address}: {what}: {why}"))
}
