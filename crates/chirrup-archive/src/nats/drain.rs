//! Drain of a stream: its messages are moved into an archive, each item once.

mod batch;
mod drained;
mod position;
mod recent;

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, Info, pull};
use chirrup_store::ClientRuntime;
use futures_util::StreamExt as _;

use self::batch::Batch;
pub use self::drained::Drained;
use self::position::{Position, time_of};
use self::recent::RecentItems;
use super::address::NatsAddress;
use super::bus::Bus;
use crate::archive::Archive;

/// Number of messages that are moved together.
const BATCH_MESSAGES: usize = 5_000;
const BATCH_LEN: usize = 64 << 20;
/// Time after which the server sends messages again that were not acknowledged, such as those of a program that was killed.
const REDELIVERY: Duration = Duration::from_secs(10);
/// Number of messages that all drains of an archive hold together.
const MAX_UNACKNOWLEDGED: i64 = 20 * BATCH_MESSAGES as i64;
/// Time for which a server that is away is waited for.
const OUTAGE: Duration = Duration::from_secs(60);
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

/// Drain of a [`NatsArchive`](crate::NatsArchive) into another archive: each item is stored once.
///
/// Any number of drains can run at the same time: those of different archives bring each of them all messages, and those of
/// one database share its messages. The server remembers what an archive has in a durable consumer, whose name is stored in
/// the archive. A batch of messages is acknowledged after the archive has committed it. If the program is killed between the
/// two, the server sends the messages again, and the archive has their items already.
pub struct Drain {
    archive: Box<dyn Archive>,
    bus: Bus,
    consumer: Consumer<pull::Config>,
    position: Position,
    recent: RecentItems,
    unreachable_since: Option<Instant>,
    // The connection ends with it.
    runtime: ClientRuntime,
}

impl fmt::Debug for Drain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain").field("archive", &self.archive).field("consumer", &self.position.consumer).finish()
    }
}

impl Drain {
    /// Continues the drain of a stream into an archive, or begins it with the first message of the stream.
    ///
    /// # Errors
    /// If the server cannot be reached or has no such stream, or the archive cannot be read or written.
    pub fn open(mut archive: Box<dyn Archive>, address: NatsAddress) -> io::Result<Self> {
        let runtime = ClientRuntime::start("nats")?;
        let bus = runtime.run(Bus::open(address))?;
        let position = Position::open(&mut *archive, &bus)?;
        let consumer = runtime.run(consumer(bus.clone(), position.clone()))?;
        let (recent, unreachable_since) = (RecentItems::default(), None);
        Ok(Self { archive, bus, consumer, position, recent, unreachable_since, runtime })
    }

    /// Moves the next messages into the archive, after a wait of at most `wait` for them.
    ///
    /// # Errors
    /// If the archive cannot be written, or the server is away for more than a minute. A later drain continues.
    pub fn move_next(&mut self, wait: Duration) -> io::Result<Drained> {
        let messages = self.receive(wait)?;
        let mut batch = Batch::default();
        for message in &messages {
            batch.add(&mut *self.archive, &mut self.recent, message)?;
        }
        let mut drained = batch.store(&mut *self.archive)?;
        let last = messages.last().and_then(|message| message.info().ok()).map(|info| time_of(info.published));
        let info = self.acknowledge(messages)?;
        drained.left = info.num_pending + info.num_ack_pending as u64;
        if let Some(last) = last {
            self.position.advance(&mut *self.archive, info.ack_floor.stream_sequence, last)?;
        }
        Ok(drained)
    }

    /// Ends the writing, so that other programs find all stored items.
    ///
    /// # Errors
    /// If the archive cannot be written. What is stored stays stored.
    pub fn finish(&mut self) -> io::Result<()> {
        self.archive.finish()
    }

    /// Receives messages. Without a connection, there are none, until the server was away for too long.
    fn receive(&mut self, wait: Duration) -> io::Result<Vec<Message>> {
        match self.runtime.run(receive(self.bus.clone(), self.consumer.clone(), wait)) {
            Ok(messages) => {
                self.unreachable_since = None;
                Ok(messages)
            }
            Err(why) if self.unreachable_since.get_or_insert_with(Instant::now).elapsed() >= OUTAGE => Err(why),
            Err(_) => {
                std::thread::sleep(RETRY_INTERVAL);
                Ok(Vec::new())
            }
        }
    }

    /// Acknowledges messages that the archive has. Returns the state of the consumer before the server has read all of them.
    fn acknowledge(&self, messages: Vec<Message>) -> io::Result<Info> {
        let (bus, consumer) = (self.bus.clone(), self.consumer.clone());
        self.runtime.run(async move {
            for message in &messages {
                // Without it, the server sends the message again.
                let _ = message.ack().await;
            }
            let since = Instant::now();
            loop {
                match consumer.get_info().await {
                    Ok(info) => return Ok(info),
                    Err(why) if since.elapsed() >= OUTAGE => return Err(bus.failed("cannot read the consumer", why)),
                    Err(_) => tokio::time::sleep(RETRY_INTERVAL).await,
                }
            }
        })
    }
}

/// Opens the durable consumer of an archive, or creates it at the position of the archive.
async fn consumer(bus: Bus, position: Position) -> io::Result<Consumer<pull::Config>> {
    let start_sequence = position.sequence + 1;
    let config = pull::Config {
        durable_name: Some(position.consumer.clone()),
        description: Some(format!("Drain into {}", position.archive)),
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence },
        ack_policy: AckPolicy::Explicit,
        ack_wait: REDELIVERY,
        max_ack_pending: MAX_UNACKNOWLEDGED,
        ..pull::Config::default()
    };
    let opened = bus.stream.get_or_create_consumer(&position.consumer, config).await;
    opened.map_err(|why| bus.failed("cannot create the consumer of the archive", why))
}

async fn receive(bus: Bus, consumer: Consumer<pull::Config>, wait: Duration) -> io::Result<Vec<Message>> {
    let failed = |why: &dyn fmt::Display| bus.failed("cannot read the stream", why);
    let batch = consumer.batch().max_messages(BATCH_MESSAGES).max_bytes(BATCH_LEN).expires(wait).messages().await;
    let mut batch = batch.map_err(|why| failed(&why))?;
    let mut messages = Vec::new();
    while let Some(message) = batch.next().await {
        match message {
            Ok(message) => messages.push(message),
            // What has arrived counts.
            Err(_) if !messages.is_empty() => break,
            Err(why) => return Err(failed(&why)),
        }
    }
    Ok(messages)
}
