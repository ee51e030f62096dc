//! Messages that are stored together: a page for each source, and for each minute of it.

use std::io;

use async_nats::jetstream::Message;
use bytes::Bytes;
use chirrup_api::internal::line_key;
use chirrup_model::Timestamp;

use super::drained::Drained;
use super::position::store;
use super::recent::RecentItems;
use crate::archive::Archive;
use crate::collection::{ItemKind, Page, Relation};
use crate::events::remove_unreadable;
use crate::nats::message::{self, Content, Received};
use crate::report::Report;

/// Longest time in milliseconds between the items of a page.
const PAGE_MILLIS: i64 = 60_000;

/// Messages of a batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pages: Vec<BatchPage>,
    drained: Drained,
}

/// Items of a source.
#[derive(Debug)]
struct BatchPage {
    source: String,
    items: ItemKind,
    relation: Option<Relation>,
    began_at: i64,
    seen_at: i64,
    lines: Vec<Bytes>,
    report: Report,
}

impl Batch {
    /// Adds a message, unless the archive has its item.
    pub(super) fn add(
        &mut self,
        archive: &mut dyn Archive,
        recent: &mut RecentItems,
        message: &Message,
    ) -> io::Result<()> {
        self.drained.messages += 1;
        let received = message::read(&message.subject, message.headers.as_ref(), &message.payload);
        let Ok(Received { source, seen_at, content }) = received else {
            self.drained.unreadable += 1;
            return Ok(());
        };
        // A source of the archive itself may have the same name.
        let source = format!("drained {source}");
        match content {
            Content::Note(note) => {
                let page = self.page(source, ItemKind::Posts, None, seen_at);
                note.add_to(&mut page.report);
            }
            Content::Item { items, relation } => {
                let key = line_key(&message.payload);
                if !recent.insert(&source, key) || archive.has_result(&source, key)? {
                    self.drained.duplicates += 1;
                    return Ok(());
                }
                self.page(source, items, relation, seen_at).lines.push(message.payload.clone());
            }
        }
        Ok(())
    }

    /// Returns the page for an item.
    fn page(
        &mut self,
        source: String,
        items: ItemKind,
        relation: Option<Relation>,
        seen_at: Timestamp,
    ) -> &mut BatchPage {
        let seen_at = seen_at.as_millis();
        let is_its = |page: &BatchPage| {
            page.source == source
                && page.items == items
                && page.relation == relation
                && (seen_at - page.began_at).abs() < PAGE_MILLIS
        };
        let found = self.pages.iter().rposition(is_its).unwrap_or_else(|| {
            let (lines, report, began_at) = (Vec::new(), Report::default(), seen_at);
            self.pages.push(BatchPage { source, items, relation, began_at, seen_at, lines, report });
            self.pages.len() - 1
        });
        let page = &mut self.pages[found];
        page.seen_at = page.seen_at.max(seen_at);
        page
    }

    /// Stores the pages of the batch.
    pub(super) fn store(self, archive: &mut dyn Archive) -> io::Result<Drained> {
        let mut drained = self.drained;
        for page in self.pages {
            let lines = page.lines.len() as u64;
            let new = page.store(archive)?;
            drained.new_items += new;
            drained.duplicates += lines.saturating_sub(new);
        }
        Ok(drained)
    }
}

impl BatchPage {
    /// Stores the page. A line that archives cannot read becomes a problem.
    fn store(mut self, archive: &mut dyn Archive) -> io::Result<u64> {
        let mut bodies: Vec<&[u8]> = self.lines.iter().map(|line| &line[..]).collect();
        match store(archive, &self.source, &self.page(&bodies), &self.report) {
            Err(refusal) if refusal.kind() == io::ErrorKind::InvalidData => {}
            stored => return stored,
        }
        remove_unreadable(&mut bodies, &mut self.report.problems);
        store(archive, &self.source, &self.page(&bodies), &self.report)
    }

    fn page<'b>(&self, bodies: &'b [&'b [u8]]) -> Page<'b> {
        let seen_at = Timestamp::from_millis(self.seen_at);
        // A source of a drain is never complete.
        Page { bodies, items: self.items, relation: self.relation, seen_at, cost_micros: 0, next_token: Some("") }
    }
}
