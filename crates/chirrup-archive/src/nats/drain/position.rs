//! Position of an archive in a stream, which the archive has as the checkpoint of a source.

use std::io;

use chirrup_model::Timestamp;

use super::super::bus::Bus;
use crate::archive::Archive;
use crate::collection::{ItemKind, Page};
use crate::report::Report;

/// Number of attempts to store what another drain of the same database stores, too.
const ATTEMPTS: u32 = 1_000;

/// Name of the durable consumer of an archive, and the sequence number up to which the archive has all messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) archive: String,
    source: String,
    pub(super) consumer: String,
    pub(super) sequence: u64,
    /// Time at which the stream was created in nanoseconds: a stream that replaces it begins again.
    created: i128,
}

impl Position {
    /// Reads the position of an archive, or begins at the first message.
    pub(super) fn open(archive: &mut dyn Archive, bus: &Bus) -> io::Result<Self> {
        let source = format!("drain {}", bus.address);
        let created = bus.stream.cached_info().created.unix_timestamp_nanos();
        let path = archive.path().display().to_string();
        let read = |archive: &dyn Archive| -> io::Result<Option<Self>> {
            let Some(token) = archive.checkpoint(&source)?.next_token else { return Ok(None) };
            Ok(Self::parse(&path, &source, &token).filter(|position| position.created == created))
        };
        if let Some(position) = read(archive)? {
            return Ok(position);
        }
        // An inbox has a unique name.
        let inbox = bus.context.client().new_inbox();
        let consumer = format!("drain-{}", inbox.rsplit('.').next().unwrap_or(&inbox));
        let position = Self { archive: path.clone(), source: source.clone(), consumer, sequence: 0, created };
        position.store(archive, time_of(bus.stream.cached_info().created))?;
        // Another drain of the same database may have been faster.
        Ok(read(archive)?.unwrap_or(position))
    }

    fn parse(archive: &str, source: &str, token: &str) -> Option<Self> {
        let mut words = token.split(' ');
        Some(Self {
            archive: archive.to_owned(),
            source: source.to_owned(),
            consumer: words.next()?.to_owned(),
            sequence: words.next()?.parse().ok()?,
            created: words.next()?.parse().ok()?,
        })
    }

    /// Moves the position of the archive. `at` is the time of the last message.
    pub(super) fn advance(&mut self, archive: &mut dyn Archive, sequence: u64, at: Timestamp) -> io::Result<()> {
        if sequence <= self.sequence {
            return Ok(());
        }
        self.sequence = sequence;
        self.store(archive, at)
    }

    fn store(&self, archive: &mut dyn Archive, seen_at: Timestamp) -> io::Result<()> {
        let token = format!("{} {} {}", self.consumer, self.sequence, self.created);
        let (items, next_token) = (ItemKind::Posts, Some(&token[..]));
        let page = Page { bodies: &[], items, relation: None, seen_at, cost_micros: 0, next_token };
        store(archive, &self.source, &page, &Report::default()).map(drop)
    }
}

/// Returns the time of the server.
pub(super) fn time_of(time: async_nats::datetime::DateTime) -> Timestamp {
    Timestamp::from_millis(i64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

/// Stores a page of a source that another drain may store pages of at the same time. Returns the number of new items.
pub(super) fn store(archive: &mut dyn Archive, source: &str, page: &Page<'_>, report: &Report) -> io::Result<u64> {
    let mut attempts = 0;
    loop {
        let mut checkpoint = archive.checkpoint(source)?;
        let pages = checkpoint.pages;
        attempts += 1;
        match archive.store(source, page, report, &mut checkpoint) {
            Ok(stored) => return Ok(stored.new_items),
            Err(why) if attempts >= ATTEMPTS || archive.checkpoint(source)?.pages == pages => return Err(why),
            Err(_) => {}
        }
    }
}
