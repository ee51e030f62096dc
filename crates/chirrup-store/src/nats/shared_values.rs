//! Values and locks on a NATS server.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::time::Duration;

use async_nats::ConnectErrorKind;
use async_nats::jetstream::kv::{self, EntryErrorKind, UpdateErrorKind};
use async_nats::jetstream::stream::{Config, RawMessageErrorKind};
use async_nats::jetstream::{self, Context};
use futures_util::future::join_all;

use super::bucket::open_bucket;
use super::parts::{Part, Parts, split};
use super::server::NatsServer;

/// Timeout of connecting, and of each request.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Time after which the server removes the lock of a holder that is gone. Longer than the longest token refresh.
const LOCK_EXPIRY: Duration = Duration::from_secs(180);
/// Size in bytes that a value may have.
pub(super) const MAX_SIZE: usize = 64 << 20;
/// Number of messages that are read or written together.
const TOGETHER: usize = 64;
/// Number of attempts to read a value that another process replaces at the same time.
const ATTEMPTS: u32 = 20;

/// The bucket of the values, and the bucket of the locks.
///
/// A lock is a message that the server removes after a while. Its holder rewrites the entry of the value first, and changes it
/// only while it has the revision of the holder's last change. So the late write of a holder whose lock has expired changes
/// nothing.
#[derive(Clone)]
pub(super) struct SharedValues {
    context: Context,
    values: kv::Store,
    locks: kv::Store,
}

/// A lock, and the value that only its holder changes.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Number of the message that is the lock.
    lock: u64,
    /// Revision of the entry of the value.
    revision: u64,
    pub(super) parts: Parts,
}

impl SharedValues {
    /// Connects to the server, and creates the buckets if they are missing.
    pub(super) async fn open(server: NatsServer) -> io::Result<Self> {
        let connected = server.options()?.connection_timeout(TIMEOUT).connect(server.url());
        let connected = tokio::time::timeout(TIMEOUT, connected).await.map_err(|_| timed_out())?;
        let client = connected.map_err(|why| match why.kind() {
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                io::Error::new(ErrorKind::PermissionDenied, "the server rejected the login")
            }
            ConnectErrorKind::TimedOut => timed_out(),
            _ => io::Error::new(ErrorKind::NotConnected, format!("no connection to the server: {why}")),
        })?;
        let mut context = jetstream::new(client);
        context.set_timeout(TIMEOUT);
        let failed = |why: &dyn Display| {
            io::Error::new(ErrorKind::PermissionDenied, format!("cannot open or create the bucket: {why}"))
        };
        // Requests are answered by the leader of a cluster: another server may have older values.
        let settings = |max_age| Config { max_age, allow_direct: false, ..Config::default() };
        let values = open_bucket(&context, server.name(), settings(Duration::ZERO)).await;
        let locks = open_bucket(&context, &format!("{}_locks", server.name()), settings(LOCK_EXPIRY)).await;
        Ok(Self { values: values.map_err(|why| failed(&why))?, locks: locks.map_err(|why| failed(&why))?, context })
    }

    /// Reads a value as it was at one moment.
    pub(super) async fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        for _ in 0..ATTEMPTS {
            let (parts, _) = self.parts(key).await?;
            let Some(list) = parts.0 else { return Ok(None) };
            if let Some(value) = self.fetch(&list).await? {
                return Ok(Some(value));
            }
        }
        Err(io::Error::new(ErrorKind::ResourceBusy, "other processes replace the value again and again"))
    }

    /// Reads bytes of a locked value.
    pub(super) async fn read_range(&self, held: &Held, offset: u64, max: u64) -> io::Result<Vec<u8>> {
        let (parts, start) = held.parts.in_range(offset, max);
        let mut bytes = self.fetch(&parts).await?.ok_or_else(lost)?;
        bytes.drain(..usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len()));
        bytes.truncate(usize::try_from(max).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    /// Takes the lock of a key, or returns `None` if it is taken.
    pub(super) async fn lock(&self, key: &str) -> io::Result<Option<Held>> {
        let Some(lock) = update(&self.locks, key, String::new(), 0).await? else { return Ok(None) };
        match self.hold(key, lock).await {
            Ok(held) => Ok(Some(held)),
            Err(why) => {
                self.unlock(lock).await;
                Err(why)
            }
        }
    }

    /// Rewrites the entry of a key, so that an earlier holder of its lock can no longer do so.
    async fn hold(&self, key: &str, lock: u64) -> io::Result<Held> {
        for _ in 0..ATTEMPTS {
            let (parts, revision) = self.parts(key).await?;
            if let Some(revision) = update(&self.values, key, parts.to_string(), revision).await? {
                return Ok(Held { lock, revision, parts });
            }
        }
        Err(lost())
    }

    /// Removes a lock, unless the server has done so. A lock that another process holds by now is another message.
    pub(super) async fn unlock(&self, lock: u64) {
        let _ = self.locks.stream.delete_message(lock).await;
    }

    /// Unlocks what is held.
    pub(super) async fn release(&self, held: &Held) {
        self.unlock(held.lock).await;
    }

    /// Replaces a locked value.
    pub(super) async fn replace(&self, key: &str, mut held: Held, value: Vec<u8>) -> io::Result<Held> {
        if value.len() > MAX_SIZE {
            return Err(io::Error::new(ErrorKind::FileTooLarge, "the value is larger than 64 MiB"));
        }
        let parts = self.publish(key, split(&value)).await?;
        let oldest = parts.first().map_or(held.revision, |part| part.sequence);
        held = self.commit(key, held, Parts(Some(parts))).await?;
        // If that fails, the next replacement removes the messages.
        let old = self.values.stream.purge().filter(format!("{}{key}.*", self.values.prefix)).sequence(oldest);
        let _ = old.await;
        Ok(held)
    }

    /// Appends bytes to a locked value.
    pub(super) async fn append(&self, key: &str, held: Held, bytes: Vec<u8>) -> io::Result<Held> {
        let is_small = held.parts.size() + bytes.len() as u64 <= MAX_SIZE as u64;
        if !(is_small && held.parts.can_grow(bytes.len())) {
            let mut value = self.read_range(&held, 0, u64::MAX).await?;
            value.extend(bytes);
            return self.replace(key, held, value).await;
        }
        let more = self.publish(key, split(&bytes)).await?;
        let parts = held.parts.with(more);
        self.commit(key, held, parts).await
    }

    /// Number of messages in the bucket of the values.
    #[cfg(test)]
    pub(super) async fn message_count(&self) -> io::Result<u64> {
        self.values.stream.get_info().await.map(|info| info.state.messages).map_err(|why| rejected(&why))
    }

    /// Replaces the entry of a locked value.
    async fn commit(&self, key: &str, held: Held, parts: Parts) -> io::Result<Held> {
        let revision = update(&self.values, key, parts.to_string(), held.revision).await?.ok_or_else(lost)?;
        Ok(Held { revision, parts, ..held })
    }

    /// Reads the entry of a key: the parts of the value, and the revision.
    async fn parts(&self, key: &str) -> io::Result<(Parts, u64)> {
        let entry = self.values.entry(key).await.map_err(|why| match why.kind() {
            EntryErrorKind::TimedOut => timed_out(),
            _ => rejected(&why),
        })?;
        let Some(entry) = entry else { return Ok((Parts::default(), 0)) };
        if entry.operation != kv::Operation::Put {
            return Ok((Parts::default(), entry.revision));
        }
        let parts = Parts::parse(&entry.value).ok_or_else(|| {
            io::Error::new(ErrorKind::InvalidData, "another program or a newer version has written the key")
        })?;
        Ok((parts, entry.revision))
    }

    /// Reads parts of a value. Returns `None` if one was removed since the value was replaced.
    async fn fetch(&self, parts: &[Part]) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        for group in parts.chunks(TOGETHER) {
            let messages = group.iter().map(|part| self.values.stream.get_raw_message(part.sequence));
            for message in join_all(messages).await {
                match message {
                    Ok(message) => bytes.extend_from_slice(&message.payload),
                    Err(why) if why.kind() == RawMessageErrorKind::NoMessageFound => return Ok(None),
                    Err(why) => return Err(rejected(&why)),
                }
            }
        }
        let size: u64 = parts.iter().map(|part| part.size).sum();
        match bytes.len() as u64 == size {
            true => Ok(Some(bytes)),
            false => Err(io::Error::new(ErrorKind::InvalidData, "another program has changed the messages")),
        }
    }

    /// Writes the messages of a value, which no entry refers to yet.
    async fn publish(&self, key: &str, parts: Vec<Vec<u8>>) -> io::Result<Vec<Part>> {
        let inbox = self.context.client().new_inbox();
        let unique = inbox.rsplit('.').next().unwrap_or(&inbox);
        let mut published = Vec::with_capacity(parts.len());
        let mut subjects = (0..).map(|number| format!("{}{key}.{unique}-{number}", self.values.prefix));
        for group in parts.chunks(TOGETHER) {
            let mut sent = Vec::with_capacity(group.len());
            for (part, subject) in group.iter().zip(&mut subjects) {
                sent.push(self.context.publish(subject, part.clone().into()).await.map_err(|why| rejected(&why))?);
            }
            for (part, acknowledged) in group.iter().zip(sent) {
                let sequence = acknowledged.await.map_err(|why| rejected(&why))?.sequence;
                published.push(Part { sequence, size: part.len() as u64 });
            }
        }
        Ok(published)
    }
}

/// Writes an entry that has this revision; zero stands for no entry. Returns the next revision, or `None` if it has another.
async fn update(bucket: &kv::Store, key: &str, value: String, revision: u64) -> io::Result<Option<u64>> {
    match bucket.update(key, value.into(), revision).await {
        Ok(next) => Ok(Some(next)),
        Err(why) if why.kind() == UpdateErrorKind::WrongLastRevision => Ok(None),
        Err(why) if why.kind() == UpdateErrorKind::TimedOut => Err(timed_out()),
        Err(why) => Err(rejected(&why)),
    }
}

fn timed_out() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, "the server did not respond in time")
}

fn rejected(why: &dyn Display) -> io::Error {
    let text = why.to_string();
    if text.contains("timed out") { timed_out() } else { io::Error::other(format!("the server rejected it: {text}")) }
}

fn lost() -> io::Error {
    let why = "the lock expired, since the change took longer than three minutes";
    io::Error::new(ErrorKind::ResourceBusy, why)
}
