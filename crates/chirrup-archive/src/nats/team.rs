//! Processes on any number of machines that read the partitions of a stream together.

mod recorder;
mod roster;
mod validity;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use async_nats::jetstream::kv;

pub use self::recorder::{Committed, PartitionRecorder, Progress, Start};
use self::roster::{Lease, Roster};
pub use self::roster::{Member, Slot};
use self::validity::Validity;
use super::address::NatsAddress;
use super::bus::Bus;
use super::names::token_of;
use super::source_states::SourceStates;

/// Purpose of the bucket with the rosters.
const BUCKET: &str = "teams";
/// Interval between two renewals of a membership.
const RENEWAL: Duration = Duration::from_secs(1);
/// Time without a renewal after which the others take over the partitions of a member.
const EXPIRY: Duration = Duration::from_secs(3);
/// Longest wait for the server.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(1);
/// Number of attempts to change a roster that the others change at the same time.
const ATTEMPTS: u32 = 20;

/// Membership in a team: processes that share the partitions of a stream, and publish its posts to a stream of a NATS server.
///
/// A value in a bucket of the server has the members and their leases. Each member renews its membership once a second by
/// compare-and-set. If it does not for three seconds, because it is dead, stopped or cut off, the others take over its
/// partitions. A lease has a fencing token, and the checkpoint of a partition can be replaced by the holder of its latest lease
/// only. Call
/// [`step`](Self::step) twice a second.
pub struct Team {
    bus: Bus,
    states: SourceStates,
    bucket: kv::Store,
    stream: String,
    me: String,
    member: Member,
    slots: Vec<Slot>,
    readers: u32,
    /// Latest renewal of each member, and when it was seen.
    seen: HashMap<String, (u64, Instant)>,
    held: BTreeMap<Slot, u64>,
    validity: Validity,
}

impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Team").field("stream", &self.stream).field("me", &self.me).finish_non_exhaustive()
    }
}

/// A change of the leases of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseChange {
    /// The process has to read a partition.
    Taken(Slot),
    /// The process must no longer read it.
    Lost(Slot),
}

impl Team {
    /// Joins the team that reads a stream. `partitions` are those that the team reads, each with this number of readers.
    /// `host` and `process` name this process for [`BusStatus`](crate::BusStatus).
    ///
    /// # Errors
    /// If the server cannot be reached, or the stream or a bucket cannot be created.
    pub async fn join(
        address: NatsAddress,
        stream: &str,
        partitions: &[u32],
        readers: u32,
        (host, process): (String, u32),
    ) -> io::Result<Self> {
        let bus = Bus::create(address).await?;
        let states = SourceStates::open(bus.clone()).await?;
        let bucket = bus.bucket(BUCKET).await?;
        let inbox = bus.context.client().new_inbox();
        let me = inbox.rsplit('.').next().unwrap_or(&inbox).to_owned();
        let slots = (1..=readers).flat_map(|reader| partitions.iter().map(move |number| (reader, *number)));
        let slots = slots.map(|(reader, partition)| Slot { reader, partition }).collect();
        Ok(Self {
            bus,
            states,
            bucket,
            stream: stream.to_owned(),
            me,
            member: Member { host, process, beat: 0 },
            slots,
            readers,
            seen: HashMap::new(),
            held: BTreeMap::new(),
            validity: Validity::new(),
        })
    }

    /// Renews the membership if it is due, takes over the partitions of the dead, and returns the changes of the leases.
    /// Without the server, the leases are lost before the others take them over.
    pub async fn step(&mut self) -> Vec<LeaseChange> {
        for _ in 0..ATTEMPTS {
            let sent = Instant::now();
            match tokio::time::timeout(REQUEST_TIMEOUT, self.renew()).await {
                Ok(Ok(Some((roster, is_written)))) => {
                    if is_written {
                        self.validity.renew(sent);
                    }
                    return self.apply(&roster);
                }
                // Another member was faster.
                Ok(Ok(None)) => {}
                Ok(Err(_)) | Err(_) => break,
            }
        }
        if self.validity.is_over() { self.apply(&Roster::default()) } else { Vec::new() }
    }

    /// Leaves the team: the others take over immediately.
    pub async fn leave(&mut self) {
        for _ in 0..ATTEMPTS {
            let Ok(Ok((mut roster, revision))) = tokio::time::timeout(REQUEST_TIMEOUT, self.read()).await else {
                return;
            };
            roster.remove(&self.me);
            let Ok(value) = serde_json::to_vec(&roster) else { return };
            let written = self.bucket.update(self.key(), value.into(), revision);
            if tokio::time::timeout(REQUEST_TIMEOUT, written).await.is_ok_and(|written| written.is_ok()) {
                return;
            }
        }
    }

    /// Opens the recorder of a partition that was taken. `None` if another process has taken it meanwhile.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn recorder(&self, slot: Slot) -> io::Result<Option<PartitionRecorder>> {
        let Some(token) = self.held.get(&slot) else { return Ok(None) };
        let others = (1..=self.readers).filter(|reader| *reader != slot.reader);
        let others = others.map(|reader| Slot { reader, ..slot }).collect();
        let parts = (self.bus.clone(), self.states.clone(), self.validity.clone());
        PartitionRecorder::open(parts, &self.stream, slot, *token, others).await
    }

    /// Forgets a lease whose reading has ended. If this process still holds it, the next step takes it again.
    pub fn forget(&mut self, slot: Slot) {
        self.held.remove(&slot);
    }

    fn key(&self) -> String {
        token_of(&self.stream)
    }

    async fn read(&self) -> io::Result<(Roster, u64)> {
        let failed = |why: &dyn fmt::Display| self.bus.failed("cannot read the team", why);
        let Some(entry) = self.bucket.entry(self.key()).await.map_err(|why| failed(&why))? else {
            return Ok((Roster::default(), 0));
        };
        Ok((serde_json::from_slice(&entry.value).map_err(|why| failed(&why))?, entry.revision))
    }

    /// Reads the roster, and writes it if something is due. Returns it and whether it was written, or `None` if another member
    /// has changed it meanwhile.
    async fn renew(&mut self) -> io::Result<Option<(Roster, bool)>> {
        let (roster, revision) = self.read().await?;
        let dead = self.dead(&roster);
        let mut next = roster.clone();
        let member = Member { beat: self.member.beat + 1, ..self.member.clone() };
        next.renew(&self.me, member, &self.slots, &dead, revision);
        let is_same = next.leases == roster.leases && next.members.len() == roster.members.len();
        if is_same && roster.members.contains_key(&self.me) && self.validity.age() < RENEWAL {
            return Ok(Some((roster, false)));
        }
        match self.bucket.update(self.key(), serde_json::to_vec(&next)?.into(), revision).await {
            Ok(_) => {
                self.member.beat += 1;
                Ok(Some((next, true)))
            }
            Err(why) if why.kind() == kv::UpdateErrorKind::WrongLastRevision => Ok(None),
            Err(why) => Err(self.bus.failed("cannot renew the membership", why)),
        }
    }

    /// Returns the members that have not renewed their membership for too long, by the clock of this machine.
    fn dead(&mut self, roster: &Roster) -> BTreeSet<String> {
        let now = Instant::now();
        self.seen.retain(|id, _| roster.members.contains_key(id));
        for (id, member) in &roster.members {
            let (beat, since) = self.seen.entry(id.clone()).or_insert((member.beat, now));
            if *beat != member.beat {
                (*beat, *since) = (member.beat, now);
            }
        }
        let is_dead = |(id, (_, since)): &(&String, &(u64, Instant))| **id != self.me && since.elapsed() >= EXPIRY;
        self.seen.iter().filter(is_dead).map(|(id, _)| id.clone()).collect()
    }

    /// Compares the leases of a roster with those that this process holds.
    fn apply(&mut self, roster: &Roster) -> Vec<LeaseChange> {
        let is_mine = |(_, lease): &(&Slot, &Lease)| lease.member == self.me;
        let mine: BTreeMap<Slot, u64> =
            roster.leases.iter().filter(is_mine).map(|(slot, lease)| (*slot, lease.token)).collect();
        let lost = self.held.iter().filter(|(slot, token)| mine.get(slot) != Some(token));
        let taken = mine.iter().filter(|(slot, token)| self.held.get(slot) != Some(token));
        let lost = lost.map(|(slot, _)| LeaseChange::Lost(*slot));
        let changes = lost.chain(taken.map(|(slot, _)| LeaseChange::Taken(*slot))).collect();
        self.held = mine;
        changes
    }
}

/// Returns the rosters of all teams of a stream, by the names of the streams that they read.
pub(super) async fn rosters(bus: &Bus) -> io::Result<Vec<(String, Roster)>> {
    let failed = |why: &dyn fmt::Display| bus.failed("cannot read the teams", why);
    let bucket = bus.bucket(BUCKET).await?;
    let mut rosters = Vec::new();
    for key in bus.keys(&bucket).await? {
        let Some(entry) = bucket.entry(&key).await.map_err(|why| failed(&why))? else { continue };
        rosters.push((key, serde_json::from_slice(&entry.value).map_err(|why| failed(&why))?));
    }
    Ok(rosters)
}
