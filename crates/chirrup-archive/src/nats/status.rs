//! State of a stream: its messages, sources, consumers and teams.

use std::collections::BTreeMap;
use std::io;

use async_nats::jetstream::consumer;
use chirrup_model::Timestamp;
use chirrup_store::ClientRuntime;
use futures_util::StreamExt as _;

use super::address::NatsAddress;
use super::bus::Bus;
use super::source_states::SourceStates;
use super::team::{Member, Slot, rosters};
use crate::reader::SourceState;

/// State of a stream of a NATS server.
#[derive(Debug, Clone)]
pub struct BusStatus {
    /// Number of messages of the stream.
    pub messages: u64,
    /// Size of all messages in bytes.
    pub bytes: u64,
    /// Sources with their checkpoints. Each reader of a team has one for each of its partitions.
    pub sources: Vec<SourceState>,
    /// Consumers: the drains of archives.
    pub consumers: Vec<BusConsumer>,
    /// Teams that read the partitions of a stream of X.
    pub teams: Vec<BusTeam>,
}

/// A consumer of a stream.
#[derive(Debug, Clone)]
pub struct BusConsumer {
    /// Name of the consumer.
    pub name: String,
    /// Description: the archive that is filled.
    pub description: String,
    /// Messages that were not sent to the consumer yet.
    pub pending: u64,
    /// Messages that were sent to the consumer and are not acknowledged.
    pub unacknowledged: u64,
    /// Messages that were sent more than once, and are not acknowledged.
    pub redelivered: u64,
}

/// Members and leases of a team.
#[derive(Debug, Clone)]
pub struct BusTeam {
    /// Name of the stream of X.
    pub stream: String,
    /// Processes by their IDs.
    pub members: BTreeMap<String, Member>,
    /// IDs of the members that read each partition.
    pub leases: BTreeMap<Slot, String>,
}

impl BusStatus {
    /// Reads the state of a stream.
    ///
    /// # Errors
    /// If the server cannot be reached, or has no such stream.
    pub fn read(address: NatsAddress) -> io::Result<Self> {
        ClientRuntime::start("nats")?.run(async { read(Bus::open(address).await?).await })
    }

    /// Returns the messages that the slowest consumer has not acknowledged.
    pub fn lag(&self) -> u64 {
        self.consumers.iter().map(|consumer| consumer.pending + consumer.unacknowledged).max().unwrap_or(0)
    }
}

async fn read(bus: Bus) -> io::Result<BusStatus> {
    let failed = |why: &dyn std::fmt::Display| bus.failed("cannot read the state of the stream", why);
    let info = bus.stream.get_info().await.map_err(|why| failed(&why))?;
    let mut consumers = Vec::new();
    let mut found = bus.stream.consumers();
    while let Some(consumer) = found.next().await {
        consumers.push(consumer_of(consumer.map_err(|why| failed(&why))?));
    }
    let states = SourceStates::open(bus.clone()).await?.all("").await?;
    let sources = states.into_iter().map(|state| SourceState {
        name: state.name,
        kind: state.kind,
        checkpoint: state.checkpoint,
        started_at: Timestamp::from_millis(state.started_at),
        updated_at: Timestamp::from_millis(state.updated_at),
    });
    let (messages, bytes) = (info.state.messages, info.state.bytes);
    Ok(BusStatus { messages, bytes, sources: sources.collect(), consumers, teams: teams(&bus).await? })
}

fn consumer_of(info: consumer::Info) -> BusConsumer {
    BusConsumer {
        name: info.name,
        description: info.config.description.unwrap_or_default(),
        pending: info.num_pending,
        unacknowledged: info.num_ack_pending as u64,
        redelivered: info.num_redelivered as u64,
    }
}

async fn teams(bus: &Bus) -> io::Result<Vec<BusTeam>> {
    let teams = rosters(bus).await?.into_iter().map(|(stream, roster)| BusTeam {
        stream,
        leases: roster.leases.into_iter().map(|(slot, lease)| (slot, lease.member)).collect(),
        members: roster.members,
    });
    Ok(teams.collect())
}
