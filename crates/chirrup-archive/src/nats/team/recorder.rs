//! Recording of a partition that a member of a team holds the lease of.

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chirrup_api::{GapFill, LiveEvent};
use chirrup_model::Timestamp;
use serde_json::json;

use super::super::bus::Bus;
use super::super::message::{PageMessages, PageWriter};
use super::super::source_states::{SourceStates, StoredSource};
use super::roster::Slot;
use super::validity::Validity;
use crate::collection::{ItemKind, Page};
use crate::events::{Causes, fill_json, undecodable_json};
use crate::objects::Body;
use crate::report::{Gap, Report};

/// Number of lines after which a commit is due.
const COMMIT_LINES: usize = 1_000;
/// Time for which the other readers of a partition may prove that they have what this one missed. The second reader waits
/// longer, so that the first one fills the gap for both.
const PATIENCE: Duration = Duration::from_secs(4);

/// How a connection to a partition begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With what was missed since this time, and with later gaps filled.
    Since(Option<Timestamp>),
    /// With the next item: other readers have what was missed.
    Next,
}

/// What a reader does after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Continue to read the partition.
    Continue,
    /// Open the connection again, since no other reader has what was missed.
    Reopen(Timestamp),
    /// End the reading, since another process holds the lease.
    Lost,
}

/// Outcome of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Items that the stream did not have before.
    pub new_items: u64,
    /// Items that another reader or an earlier one had published.
    pub duplicates: u64,
    /// Next step of the reader.
    pub progress: Progress,
}

/// Recorder of a partition: publishes its items, and then replaces its checkpoint, unless the lease is lost.
#[derive(Debug)]
pub struct PartitionRecorder {
    bus: Bus,
    states: SourceStates,
    validity: Validity,
    slot: Slot,
    /// Name of the source in the headers of the messages, which is that of all readers.
    source: String,
    others: Vec<String>,
    state: StoredSource,
    revision: u64,
    causes: Causes,
    lines: Vec<Bytes>,
    report: Report,
    /// Time up to which the connection has brought everything.
    until: Option<Timestamp>,
    /// What was missed while the partition was not read.
    missed: Option<Missed>,
    /// Whether the connection fills gaps itself.
    fills_gaps: bool,
    is_changed: bool,
}

/// Part of a partition that this reader did not receive.
#[derive(Debug)]
struct Missed {
    from: Timestamp,
    /// End of the part. It is known when the connection is up.
    to: Option<Timestamp>,
    cause: String,
    noticed: Instant,
}

impl PartitionRecorder {
    /// Takes the checkpoint of a slot over from its earlier holder, which cannot replace it any more.
    pub(super) async fn open(
        (bus, states, validity): (Bus, SourceStates, Validity),
        stream: &str,
        slot: Slot,
        token: u64,
        others: Vec<Slot>,
    ) -> io::Result<Option<Self>> {
        let (mut state, revision) = states.read(&state_name(stream, slot)).await?;
        if state.token > token {
            return Ok(None);
        }
        ItemKind::Posts.name().clone_into(&mut state.kind);
        state.token = token;
        let Some(revision) = states.replace(&state, revision).await? else { return Ok(None) };
        let others: Vec<String> = others.into_iter().map(|other| state_name(stream, other)).collect();
        let covered = covered_by(&state).filter(|_| !others.is_empty());
        let cause = "the partition was not being read".to_owned();
        let missed = covered.map(|from| Missed { from, to: None, cause, noticed: Instant::now() });
        Ok(Some(Self {
            bus,
            states,
            validity,
            slot,
            source: state_name(stream, Slot { reader: 1, ..slot }),
            fills_gaps: others.is_empty(),
            others,
            state,
            revision,
            causes: Causes::default(),
            lines: Vec::new(),
            report: Report::default(),
            until: None,
            missed,
            is_changed: false,
        }))
    }

    /// How the first connection begins.
    pub fn start(&self) -> Start {
        if self.fills_gaps { Start::Since(covered_by(&self.state)) } else { Start::Next }
    }

    /// Records an event of the partition. Returns whether a commit is due.
    pub fn record(&mut self, event: &LiveEvent<Bytes>) -> bool {
        match event {
            LiveEvent::Item(line) => self.lines.push(line.clone()),
            LiveEvent::Bad { line, why } => {
                self.report.problems.push((undecodable_json(line).to_string(), why.clone()));
            }
            LiveEvent::ReconnectWait { why, .. } => self.causes.disconnected(self.slot.partition, why),
            LiveEvent::Gap { from, to, fill } => self.gap(*from, *to, fill),
            LiveEvent::Dropped(lines) => {
                let (cause, filled) = ("the program was too slow".to_owned(), json!({"dropped": lines}).to_string());
                self.report.gaps.push(Gap { from: None, to: None, cause, filled });
            }
            LiveEvent::Checkpoint(until) => {
                self.until = Some(*until);
                if let Some(missed) = &mut self.missed {
                    missed.to.get_or_insert(*until);
                }
                self.is_changed = true;
            }
            _ => {}
        }
        self.lines.len() >= COMMIT_LINES
    }

    fn gap(&mut self, from: Timestamp, to: Timestamp, fill: &GapFill) {
        let cause = self.causes.take(self.slot.partition);
        if self.fills_gaps {
            if matches!(fill, GapFill::Lost(_)) {
                // What was read before it is not one part with what follows.
                self.state.since = Some(to.as_millis());
            }
            let filled = fill_json(fill).to_string();
            self.report.gaps.push(Gap { from: Some(from), to: Some(to), cause, filled });
        } else if let Some(missed) = &mut self.missed {
            (missed.from, missed.to) = (missed.from.min(from), Some(to));
        } else {
            self.missed = Some(Missed { from, to: Some(to), cause, noticed: Instant::now() });
        }
    }

    /// Publishes what was recorded, and then replaces the checkpoint.
    ///
    /// # Errors
    /// If the server is away for more than a minute.
    pub async fn commit(&mut self) -> io::Result<Committed> {
        let lost = Committed { new_items: 0, duplicates: 0, progress: Progress::Lost };
        // A process that was stopped for a while publishes nothing that another one has to.
        if self.validity.is_over() {
            return Ok(lost);
        }
        let progress = self.check_missed().await?;
        let PageMessages { messages, .. } = self.take_messages();
        let items = messages.iter().filter(|message| message.key.is_some()).count() as u64;
        let (new, sequence) = self.bus.publish(&messages).await?;
        let new_items = new.min(items);
        let committed = Committed { new_items, duplicates: items - new_items, progress };
        if let Progress::Reopen(_) = progress {
            (self.missed, self.until, self.fills_gaps) = (None, None, true);
        }
        if items == 0 && !self.is_changed {
            return Ok(committed);
        }
        let state = &mut self.state;
        state.sequence = state.sequence.max(sequence);
        state.checkpoint.pages += 1;
        state.checkpoint.items += new_items;
        if let Some(until) = self.until.filter(|_| self.missed.is_none()) {
            state.checkpoint.next_token = Some(until.to_string());
            state.updated_at = until.as_millis();
            state.since.get_or_insert(until.as_millis());
            if state.started_at == 0 {
                state.started_at = until.as_millis();
            }
        }
        match self.states.replace(&self.state, self.revision).await? {
            None => Ok(lost),
            Some(revision) => {
                self.revision = revision;
                self.is_changed = false;
                Ok(committed)
            }
        }
    }

    /// Looks whether another reader has what was missed, and decides to fill the gap if none has it in time.
    async fn check_missed(&mut self) -> io::Result<Progress> {
        let Some(Missed { from, to: Some(to), noticed, .. }) = self.missed else { return Ok(Progress::Continue) };
        for other in &self.others {
            let (state, _) = self.states.read(other).await?;
            let has_begun = state.since.is_some_and(|since| since <= from.as_millis());
            if has_begun && covered_by(&state).is_some_and(|until| until >= to) {
                let cause = self.missed.take().map(|missed| missed.cause).unwrap_or_default();
                let filled = json!({"by": "another reader"}).to_string();
                self.report.gaps.push(Gap { from: Some(from), to: Some(to), cause, filled });
                self.is_changed = true;
                return Ok(Progress::Continue);
            }
        }
        let is_over = noticed.elapsed() >= PATIENCE * (2 * self.slot.reader - 1);
        Ok(if is_over { Progress::Reopen(from) } else { Progress::Continue })
    }

    fn take_messages(&mut self) -> PageMessages {
        let (lines, mut report) = (std::mem::take(&mut self.lines), std::mem::take(&mut self.report));
        let seen_at = self.until.unwrap_or_else(|| Timestamp::from_millis(self.state.updated_at));
        let (items, next_token) = (ItemKind::Posts, None);
        let page = Page { bodies: &[], items, relation: None, seen_at, cost_micros: 0, next_token };
        let mut writer = PageWriter::new(self.bus.address.stream(), &self.source, &page);
        for line in &lines {
            match serde_json::from_slice::<Body<'_>>(line) {
                Ok(body) => writer.add_body(line, &body),
                Err(why) => report.problems.push((undecodable_json(line).to_string(), why.to_string())),
            }
        }
        writer.add_report(&report);
        writer.finish()
    }
}

/// Name of the state of a slot. That of the first reader is the name of the source.
fn state_name(stream: &str, Slot { reader, partition }: Slot) -> String {
    match reader {
        1 => format!("stream {stream} {partition}"),
        reader => format!("stream {stream} {partition} reader {reader}"),
    }
}

/// Time up to which a state has everything.
fn covered_by(state: &StoredSource) -> Option<Timestamp> {
    state.checkpoint.next_token.as_ref()?.parse().ok()
}
