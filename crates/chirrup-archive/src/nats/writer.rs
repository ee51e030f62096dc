//! Stream of a NATS server as an archive: each item is a message.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chirrup_store::ClientRuntime;

use super::address::NatsAddress;
use super::bus::Bus;
use super::message::{PageMessages, PageWriter};
use super::source_states::{SourceStates, StoredSource};
use crate::archive::{Archive, Stored, collected_elsewhere};
use crate::collection::{Checkpoint, Page};
use crate::lines::with_path;
use crate::objects::Body;
use crate::report::Report;

/// Stream of a NATS server with JetStream, in which each item of a source is a message: a JSON line with what it refers to.
///
/// The ID of a message is that of its post, so that the server keeps a post once that several sources bring within five
/// minutes. The checkpoint of a source is a value of a bucket of the server, and it is replaced after the server has stored
/// the messages that it covers. A restarted program publishes nothing again that an earlier run has published behind the
/// checkpoint. A [`Drain`](crate::Drain) fills other archives from the stream. The calls block while the server works.
pub struct NatsArchive {
    path: PathBuf,
    bus: Bus,
    states: SourceStates,
    sources: HashMap<String, Source>,
    // The connection ends with it.
    runtime: ClientRuntime,
}

/// A source that this program has continued.
#[derive(Debug)]
struct Source {
    state: StoredSource,
    revision: u64,
    /// Items that an earlier run has published behind the checkpoint.
    published: HashSet<u64>,
    /// Number of published items that the checkpoint does not count yet.
    uncounted: u64,
}

impl fmt::Debug for NatsArchive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsArchive").field("path", &self.path).finish_non_exhaustive()
    }
}

impl NatsArchive {
    /// Connects to the server, and creates the stream and its bucket if they are missing.
    ///
    /// # Errors
    /// If the server cannot be reached, it refuses the login, it runs without JetStream, or another program created a stream
    /// of this name.
    pub fn open(address: NatsAddress) -> io::Result<Self> {
        let runtime = ClientRuntime::start("nats")?;
        let path = address.to_string().into();
        let (bus, states) = runtime.run(async {
            let bus = Bus::create(address).await?;
            Ok((bus.clone(), SourceStates::open(bus).await?))
        })?;
        Ok(Self { path, bus, states, sources: HashMap::new(), runtime })
    }

    /// Takes a source out of the map: after a failure, only the server knows what is published.
    fn take(&mut self, name: &str) -> io::Result<Source> {
        if let Some(source) = self.sources.remove(name) {
            return Ok(source);
        }
        let (bus, states, name) = (self.bus.clone(), self.states.clone(), name.to_owned());
        self.runtime.run(async move {
            let (state, revision) = states.read(&name).await?;
            let published = bus.items_after(&name, state.sequence).await?;
            Ok(Source { state, revision, uncounted: published.len() as u64, published })
        })
    }

    /// Publishes what is new, and then replaces the checkpoint. Returns the numbers, and the source after it.
    fn write(&mut self, mut source: Source, page: &Page<'_>, written: PageMessages) -> io::Result<(Stored, Source)> {
        let PageMessages { mut messages, items, oldest_id, newest_id } = written;
        messages.retain(|message| message.key.is_none_or(|key| !source.published.contains(&key)));
        let (bus, states) = (self.bus.clone(), self.states.clone());
        let (kind, seen_at, cost_micros) = (page.items.name(), page.seen_at.as_millis(), page.cost_micros);
        let next_token = page.next_token.map(str::to_owned);
        let (new_items, source) = self.runtime.run(async move {
            let (items, notes): (Vec<_>, Vec<_>) = messages.into_iter().partition(|message| message.key.is_some());
            let (new, last) = bus.publish(&items).await?;
            let (_, last_note) = bus.publish(&notes).await?;
            let new_items = new + source.uncounted;
            let state = &mut source.state;
            state.sequence = state.sequence.max(last).max(last_note);
            kind.clone_into(&mut state.kind);
            if state.checkpoint.pages == 0 {
                state.started_at = seen_at;
            }
            state.updated_at = seen_at;
            let checkpoint = &mut state.checkpoint;
            checkpoint.pages += 1;
            checkpoint.items += new_items;
            checkpoint.is_complete = next_token.is_none();
            checkpoint.next_token = next_token;
            checkpoint.cost_micros += cost_micros;
            checkpoint.oldest_id = checkpoint.oldest_id.into_iter().chain(oldest_id).min();
            checkpoint.newest_id = checkpoint.newest_id.max(newest_id);
            let revision = states.replace(&source.state, source.revision).await?;
            source.uncounted = 0;
            Ok((new_items, revision.map(|revision| Source { revision, ..source })))
        })?;
        let source = source.ok_or_else(|| with_path(&self.path, &collected_elsewhere()))?;
        Ok((Stored { new_items, items }, source))
    }
}

impl Archive for NatsArchive {
    fn path(&self) -> &Path {
        &self.path
    }

    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint> {
        let (states, source) = (self.states.clone(), source.to_owned());
        self.runtime.run(async move { Ok(states.read(&source).await?.0.checkpoint) })
    }

    fn sources(&self, prefix: &str) -> io::Result<Vec<String>> {
        let (states, prefix) = (self.states.clone(), prefix.to_owned());
        let found = self.runtime.run(async move { states.all(&prefix).await })?;
        Ok(found.into_iter().map(|state| state.name).collect())
    }

    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool> {
        // The server recognizes what came before.
        let found = self.take(source)?;
        let is_published = found.published.contains(&item);
        self.sources.insert(source.to_owned(), found);
        Ok(is_published)
    }

    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored> {
        let bodies: io::Result<Vec<Body<'_>>> = page.bodies.iter().map(|body| Body::read(body)).collect();
        let bodies = bodies.map_err(|why| with_path(&self.path, &why))?;
        let stream = self.bus.address.stream().to_owned();
        let mut writer = PageWriter::new(&stream, source, page);
        page.bodies.iter().zip(&bodies).for_each(|(raw, body)| writer.add_body(raw, body));
        writer.add_report(report);
        let mut current = self.take(source)?;
        if current.state.checkpoint.pages != checkpoint.pages {
            return Err(with_path(&self.path, &collected_elsewhere()));
        }
        let known = &mut current.state.checkpoint;
        (known.until_id, known.since_id, known.oldest_id) =
            (checkpoint.until_id, checkpoint.since_id, checkpoint.oldest_id);
        let (stored, current) = self.write(current, page, writer.finish())?;
        checkpoint.clone_from(&current.state.checkpoint);
        self.sources.insert(source.to_owned(), current);
        Ok(stored)
    }
}
