//! Collections: the pages of a list command, stored in an archive instead of printed.

mod continuation;
mod counted_query;
mod status;

use std::borrow::Cow;
use std::io;
use std::path::Path;

use chirrup::archive::{Archive, Checkpoint, Database, ItemKind, JsonlArchive, JsonlOptions, Page, Relation, Report};
#[cfg(feature = "nats")]
use chirrup::archive::{NatsAddress, NatsArchive};
use chirrup::internal::UndecodedData;
use chirrup::v2::lists::{ListFollowers, ListMembers};
use chirrup::v2::posts::{LikingUsers, Reposters};
use chirrup::v2::users::{Followers, Following, LikedPosts};
use chirrup::{Call, Client, Clock as _, Cost, Response, SystemClock};
use serde_json::json;

use self::continuation::{above, below, is_refused_token};
use self::counted_query::CountedQuery;
pub(super) use self::status::{Goal, Status};
use super::pages::{self, PageSink};
use super::plan::describe;
use crate::args::{Count, LineArgs, ScheduleArgs};
use crate::error::CliError;
use crate::estimate::Estimate;
use crate::print::{Printer, plural};
use crate::verbs::{has_tables, is_bucket, is_database, is_folder, is_postgres, is_stream, name_without_login};
use crate::{next_step, progress};

/// Opens or creates an archive, whose type follows from the name.
pub(super) fn open(path: &Path, lines: JsonlOptions) -> io::Result<Box<dyn Archive>> {
    match () {
        () if is_stream(path) => open_stream(path),
        () if is_postgres(path) => open_postgres(path),
        () if is_bucket(path) => open_bucket(path),
        () if is_folder(path) => open_folder(path),
        () if is_database(path) => Ok(Box::new(Database::open(path)?)),
        () => Ok(Box::new(JsonlArchive::open(path, lines)?)),
    }
}

#[cfg(feature = "nats")]
fn open_stream(path: &Path) -> io::Result<Box<dyn Archive>> {
    Ok(Box::new(NatsArchive::open(NatsAddress::parse(path)?)?))
}

#[cfg(not(feature = "nats"))]
fn open_stream(path: &Path) -> io::Result<Box<dyn Archive>> {
    Err(built_without("nats", path))
}

#[cfg(feature = "postgres")]
fn open_postgres(path: &Path) -> io::Result<Box<dyn Archive>> {
    Ok(Box::new(chirrup::archive::PostgresDatabase::open(&path.to_string_lossy())?))
}

#[cfg(not(feature = "postgres"))]
fn open_postgres(path: &Path) -> io::Result<Box<dyn Archive>> {
    Err(built_without("postgres", path))
}

#[cfg(feature = "s3")]
fn open_bucket(path: &Path) -> io::Result<Box<dyn Archive>> {
    Ok(Box::new(chirrup::archive::ParquetFolder::open_in_bucket(&path.to_string_lossy())?))
}

#[cfg(not(feature = "s3"))]
fn open_bucket(path: &Path) -> io::Result<Box<dyn Archive>> {
    Err(built_without("s3", path))
}

#[cfg(feature = "parquet")]
fn open_folder(path: &Path) -> io::Result<Box<dyn Archive>> {
    Ok(Box::new(chirrup::archive::ParquetFolder::open(path)?))
}

#[cfg(not(feature = "parquet"))]
fn open_folder(path: &Path) -> io::Result<Box<dyn Archive>> {
    Err(built_without("parquet", path))
}

/// Returns the error of a program that was built without the feature that an archive needs.
#[cfg(not(all(feature = "nats", feature = "postgres", feature = "parquet", feature = "s3")))]
pub(super) fn built_without(feature: &str, path: &Path) -> io::Error {
    let why = format!("this program was built without the feature `{feature}`; choose a file whose name ends in .db");
    io::Error::other(format!("{}: {why}", name_without_login(path)))
}

/// Stores the pages of a call in an archive until they end or `count` is reached. `source` names the call in the
/// archive: a run with the same name continues it.
pub(super) async fn into_archive(
    client: &Client,
    call: Call,
    source: String,
    items: ItemKind,
    count: Option<&Count>,
    (file, lines, schedule): (&Path, LineArgs, ScheduleArgs),
    printer: &mut Printer,
) -> Result<(), CliError> {
    let relation = relation_of(&call);
    let mut sink = Collection::open(printer, source, items, (file, lines))?;
    sink.relation = relation;
    sink.counts = CountedQuery::of(&call).filter(|_| items == ItemKind::Counts);
    // Each run of a repeated collection has this many items.
    let stored = if schedule.updates() { sink.checkpoint.items } else { 0 };
    let limit = count.map_or(usize::MAX, |count| count.limit);
    sink.limit = limit.saturating_add(usize::try_from(stored).unwrap_or(usize::MAX));
    let first = count.and_then(|count| count.page_token.as_ref());
    let read = sink.read_and_update(client, &call, first, schedule.updates()).await;
    sink.finish(file, read)
}

/// Sink that stores each page in one transaction with its checkpoint.
pub(super) struct Collection<'p> {
    pub(super) printer: &'p mut Printer,
    /// The archive, which a dry run does not have.
    archive: Option<Box<dyn Archive>>,
    source: String,
    items: ItemKind,
    relation: Option<Relation>,
    /// Query of a source of counts.
    counts: Option<CountedQuery>,
    pub(super) checkpoint: Checkpoint,
    /// Number of items before this run.
    items_before: u64,
    limit: usize,
    status: Status,
}

impl<'p> Collection<'p> {
    /// Opens the archive, and finds the checkpoint of the source.
    pub(super) fn open(
        printer: &'p mut Printer,
        source: String,
        items: ItemKind,
        (file, lines): (&Path, LineArgs),
    ) -> Result<Self, CliError> {
        let failed = |why: io::Error| CliError::write_file(&why);
        if (has_tables(file) || is_stream(file)) && lines.is_given() {
            return Err(CliError::usage("`--pages` and `--rotate` are options of files of lines")
                .with_hint("leave them out, or choose a file of JSON lines: `--into posts.jsonl`"));
        }
        let archive = match printer.plan() {
            None => Some(open(file, lines.options()).map_err(failed)?),
            Some(_) => None,
        };
        let checkpoint = match &archive {
            Some(archive) => archive.checkpoint(&source).map_err(failed)?,
            None => Checkpoint::default(),
        };
        let (items_before, status) = (checkpoint.items, Status::new(printer, items.name(), None, &checkpoint));
        Ok(Self {
            printer,
            archive,
            source,
            items,
            relation: None,
            counts: None,
            checkpoint,
            items_before,
            limit: usize::MAX,
            status,
        })
    }

    /// Shows the position on the way to a goal.
    pub(super) fn approach(&mut self, goal: Option<Goal>) {
        self.status.finish();
        self.status = Status::new(self.printer, self.items.name(), goal, &self.checkpoint);
    }

    /// Maximum number of items that are not stored yet. `usize::MAX` is no limit.
    fn left(&self) -> usize {
        let stored = usize::try_from(self.checkpoint.items).unwrap_or(usize::MAX);
        if self.limit == usize::MAX { usize::MAX } else { self.limit.saturating_sub(stored) }
    }

    /// Says which requests this number of items takes, what they cost and how long they take. `usize::MAX` is no limit.
    pub(super) fn announce(&self, client: &Client, call: &Call, left: usize) {
        if self.archive.is_none() || self.checkpoint.is_complete || left == 0 {
            return;
        }
        // The first request reports a missing credential.
        let Ok(estimate) = Estimate::of_items(client, call, left) else { return };
        let mut plan = estimate.json();
        plan["source"] = self.source.as_str().into();
        self.printer.announce(&json!({"plan": plan}), &format!("plan: {}", describe(&estimate)));
    }

    /// Ends the archive after this outcome, and says what it has.
    pub(super) fn finish(mut self, file: &Path, read: Result<(), CliError>) -> Result<(), CliError> {
        self.status.finish();
        let finished = self.archive.as_mut().map_or(Ok(()), |archive| archive.finish());
        self.report(file);
        read.and(finished.map_err(|why| CliError::write_file(&why)))
    }

    /// Reads the pages from the checkpoint on, and then what is newer than the items of an earlier run.
    async fn read_and_update(
        &mut self,
        client: &Client,
        call: &Call,
        first: Option<&String>,
        updates: bool,
    ) -> Result<(), CliError> {
        let is_continued = self.checkpoint.pages > 0;
        self.approach(self.goal_of(call));
        self.announce(client, call, if pages::is_paged(call) { self.left() } else { 1 });
        self.read(client, call, first).await?;
        if !updates || !is_continued || !self.checkpoint.is_complete {
            return Ok(());
        }
        self.begin_update();
        self.approach(self.goal_of(&above(call, &self.checkpoint)));
        self.read(client, call, first).await
    }

    /// Continues a complete source with what is newer than its items.
    pub(super) fn begin_update(&mut self) {
        self.checkpoint = std::mem::take(&mut self.checkpoint).updated();
    }

    fn goal_of(&self, call: &Call) -> Option<Goal> {
        match self.limit {
            usize::MAX => Goal::span_of(call, SystemClock.now()).filter(|_| self.items == ItemKind::Posts),
            limit => Some(Goal::Items(limit as u64)),
        }
    }

    /// Reads the pages from the checkpoint on. After the refusal of a token, it continues without: below the oldest post,
    /// or at the first page of other lists.
    async fn read(&mut self, client: &Client, call: &Call, first: Option<&String>) -> Result<(), CliError> {
        let mut refused_at = None;
        let call = &above(call, &self.checkpoint);
        while !self.checkpoint.is_complete {
            let token = self.checkpoint.next_token.clone();
            let continued = self.checkpoint.until_id.and_then(|id| below(call, id)).unwrap_or_else(|| call.clone());
            match pages::read(client.api().bind(continued), token.as_ref().or(first), self).await {
                // Without a new item between two refusals, the pages would be read, and paid for, without end.
                Err(error)
                    if self.checkpoint.next_token.is_some()
                        && is_refused_token(&error)
                        && refused_at != Some(self.checkpoint.items) =>
                {
                    refused_at = Some(self.checkpoint.items);
                    self.continue_without_token(call);
                }
                read => return read,
            }
        }
        Ok(())
    }

    fn continue_without_token(&mut self, call: &Call) {
        self.checkpoint.next_token = None;
        self.checkpoint.until_id = self.checkpoint.oldest_id.filter(|id| below(call, *id).is_some());
        if !self.printer.quiet() {
            progress::notice(&match self.checkpoint.until_id {
                Some(id) => format!("the page token has expired; the collection continues with posts older than {id}"),
                None => "the page token has expired; the list is read again from its first page, of which only new items are \
                         stored. X does not bill items again that it has billed on the same UTC day"
                    .to_owned(),
            });
        }
    }

    /// Says what this run has stored, and what the source has.
    fn report(&self, file: &Path) {
        if self.printer.quiet() {
            return;
        }
        let Checkpoint { items, pages, is_complete, cost_micros, .. } = &self.checkpoint;
        let (state, noun) = (if *is_complete { "complete" } else { "not complete" }, self.items.name());
        let (pages, cost) = (plural(*pages, "page"), Cost::from_micros(*cost_micros));
        let new = items - self.items_before;
        progress::notice(&format!(
            "{}: {new} new {noun}; `{}` is {state} with {items} {noun} in {pages} for {cost}",
            name_without_login(file),
            self.source
        ));
    }
}

impl PageSink for Collection<'_> {
    fn printer(&mut self) -> &mut Printer {
        self.printer
    }

    fn limit(&self) -> usize {
        self.limit
    }

    fn is_complete(&self) -> bool {
        self.checkpoint.is_complete || usize::try_from(self.checkpoint.items).is_ok_and(|items| items >= self.limit)
    }

    fn take(&mut self, page: &Response<UndecodedData<true>>, next: Option<&str>) -> Result<(), CliError> {
        let Some(archive) = &mut self.archive else { return Ok(()) };
        let body = match &self.counts {
            Some(query) => Cow::Owned(query.add_to(page.body())),
            None => Cow::Borrowed(&page.body()[..]),
        };
        let stored = Page {
            bodies: &[&body],
            items: self.items,
            relation: self.relation,
            seen_at: SystemClock.now(),
            cost_micros: page.cost().micros(),
            next_token: next,
        };
        let store = archive.store(&self.source, &stored, &Report::default(), &mut self.checkpoint);
        store.map_err(|why| CliError::write_file(&why))?;
        self.status.update(self.printer, &self.checkpoint);
        Ok(())
    }

    fn resume(&self, _: &str) -> String {
        let (items, noun) = (self.checkpoint.items, self.items.name());
        let cost = Cost::from_micros(self.checkpoint.cost_micros);
        let command = next_step::repetition().map_or_else(String::new, |command| format!(": {command}"));
        format!("{items} {noun} are stored for {cost}; repeat the command to continue after them{command}")
    }
}

/// Returns the relation between the items of a call and its subject.
fn relation_of(call: &Call) -> Option<Relation> {
    let relations = [
        (Followers::ENDPOINT, "follows", true),
        (Following::ENDPOINT, "follows", false),
        (LikingUsers::ENDPOINT, "likes", true),
        (LikedPosts::ENDPOINT, "likes", false),
        (Reposters::ENDPOINT, "reposts", true),
        (ListMembers::ENDPOINT, "is_member_of", true),
        (ListFollowers::ENDPOINT, "follows_list", true),
    ];
    let endpoint = call.endpoint?;
    let (_, name, items_are_sources) = relations.into_iter().find(|(known, ..)| known.id == endpoint.id)?;
    Some(Relation { name, subject: call.text("id")?.parse().ok()?, items_are_sources })
}
