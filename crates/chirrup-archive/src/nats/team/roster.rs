//! Members of a team, and the partitions that each of them reads: a value of a bucket that all members change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Place of a reader: a partition may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Slot {
    /// Number of the reader, from 1.
    pub reader: u32,
    /// Number of the partition, from 1.
    pub partition: u32,
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.partition, self.reader)
    }
}

impl From<Slot> for String {
    fn from(slot: Slot) -> Self {
        slot.to_string()
    }
}

impl FromStr for Slot {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('.').map(|(partition, reader)| (partition.parse(), reader.parse()));
        match parsed {
            Some((Ok(partition), Ok(reader))) => Ok(Self { reader, partition }),
            _ => Err(format!("`{text}` is not a partition and a reader")),
        }
    }
}

impl TryFrom<String> for Slot {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// A process that reads partitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Name of its machine.
    pub host: String,
    /// Number of its process.
    pub process: u32,
    /// Number that grows while the process lives.
    pub beat: u64,
}

/// The right of a member to read a partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::nats) struct Lease {
    pub(in crate::nats) member: String,
    /// Revision of the roster that the member took the lease from: a later lease of the slot has a higher one.
    pub(super) token: u64,
}

/// Members and leases of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::nats) struct Roster {
    pub(in crate::nats) members: BTreeMap<String, Member>,
    pub(in crate::nats) leases: BTreeMap<Slot, Lease>,
}

impl Roster {
    /// Slots that a member holds.
    pub(super) fn slots_of(&self, member: &str) -> Vec<Slot> {
        self.leases.iter().filter(|(_, lease)| lease.member == member).map(|(slot, _)| *slot).collect()
    }

    fn reads(&self, member: &str, partition: u32) -> bool {
        self.leases.iter().any(|(slot, lease)| slot.partition == partition && lease.member == member)
    }

    /// Renews the membership of `me` in the roster of this revision: removes the dead, and takes or releases leases until the
    /// slots are shared equally.
    pub(super) fn renew(&mut self, me: &str, member: Member, slots: &[Slot], dead: &BTreeSet<String>, revision: u64) {
        self.members.retain(|id, _| !dead.contains(id));
        self.members.insert(me.to_owned(), member);
        let members = &self.members;
        self.leases.retain(|slot, lease| slots.contains(slot) && members.contains_key(&lease.member));
        let share = slots.len().div_ceil(self.members.len());
        self.release(me, share);
        // A second reader of the same process helps only if no other process has room.
        let (doubles, others): (Vec<Slot>, Vec<Slot>) =
            slots.iter().partition(|slot| self.reads(me, slot.partition) && !self.leases.contains_key(slot));
        for slot in others.into_iter().chain(doubles) {
            if self.slots_of(me).len() >= share {
                break;
            }
            let is_double = self.reads(me, slot.partition) && self.has_room_elsewhere(me, slot, share);
            if !is_double {
                self.leases.entry(slot).or_insert_with(|| Lease { member: me.to_owned(), token: revision });
            }
        }
    }

    /// Whether another member can take the slot.
    fn has_room_elsewhere(&self, me: &str, slot: Slot, share: usize) -> bool {
        let has_room = |member: &String| {
            member != me && self.slots_of(member).len() < share && !self.reads(member, slot.partition)
        };
        self.members.keys().any(has_room)
    }

    /// Releases what a member has above its share: first the second readers of its partitions.
    fn release(&mut self, me: &str, share: usize) {
        let mut mine = self.slots_of(me);
        while mine.len() > share {
            let is_double = |slot: &Slot| mine.iter().filter(|other| other.partition == slot.partition).count() > 1;
            let released = mine.iter().rposition(is_double).unwrap_or(mine.len() - 1);
            self.leases.remove(&mine.remove(released));
        }
    }

    /// Removes a member with its leases.
    pub(super) fn remove(&mut self, me: &str) {
        self.members.remove(me);
        self.leases.retain(|_, lease| lease.member != me);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn slots(partitions: u32, readers: u32) -> Vec<Slot> {
        (1..=readers).flat_map(|reader| (1..=partitions).map(move |partition| Slot { reader, partition })).collect()
    }

    fn member(beat: u64) -> Member {
        Member { host: "heron".to_owned(), process: 7, beat }
    }

    /// Lets members renew one after another until nothing changes.
    fn settle(roster: &mut Roster, names: &[&str], slots: &[Slot], dead: &[&str]) {
        let dead = dead.iter().map(|name| (*name).to_owned()).collect();
        for round in 0..20 {
            let before = roster.clone();
            names.iter().for_each(|name| roster.renew(name, member(1), slots, &dead, round));
            if *roster == before {
                return;
            }
        }
        panic!("the members never agree");
    }

    #[test]
    fn slots_are_shared_equally_and_the_readers_of_a_partition_are_processes_of_their_own() {
        let (slots, mut roster) = (slots(20, 2), Roster::default());
        settle(&mut roster, &["a"], &slots, &[]);
        assert_eq!(roster.slots_of("a").len(), 40);
        settle(&mut roster, &["a", "b"], &slots, &[]);
        assert_eq!([roster.slots_of("a").len(), roster.slots_of("b").len()], [20, 20]);
        for partition in 1..=20 {
            assert!(roster.reads("a", partition) && roster.reads("b", partition), "{partition}");
        }
        settle(&mut roster, &["a", "b", "c"], &slots, &[]);
        let counts = ["a", "b", "c"].map(|name| roster.slots_of(name).len());
        assert!(counts.iter().sum::<usize>() == 40 && counts.iter().all(|count| *count <= 14), "{counts:?}");
        settle(&mut roster, &["a", "c"], &slots, &["b"]);
        assert_eq!([roster.slots_of("a").len(), roster.slots_of("c").len()], [20, 20]);
    }

    #[test]
    fn a_lease_that_is_taken_over_has_a_higher_token() {
        let (slots, mut roster) = (slots(1, 1), Roster::default());
        roster.renew("a", member(1), &slots, &BTreeSet::new(), 3);
        roster.renew("b", member(1), &slots, &BTreeSet::from(["a".to_owned()]), 9);
        assert_eq!(roster.leases[&slots[0]], Lease { member: "b".to_owned(), token: 9 });
        let text = serde_json::to_string(&roster).unwrap();
        assert!(text.contains(r#""1.1":{"member":"b""#), "{text}");
        assert_eq!(serde_json::from_str::<Roster>(&text).unwrap(), roster);
        roster.remove("b");
        assert!(roster.members.is_empty() && roster.leases.is_empty());
    }
}
