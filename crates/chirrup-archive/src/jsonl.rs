//! Files of JSON lines that collections are stored in.

mod committed_file;
mod earlier_lines;
mod endings;
pub(crate) mod included;
mod item_set;
mod items;
mod options;
mod page_lines;
mod segments;
mod state;
mod state_file;
#[cfg(test)]
mod tests;
mod verify;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chirrup_store::with_suffix;
use serde_json::json;

use self::committed_file::CommittedFile;
use self::earlier_lines::read_earlier_lines;
use self::endings::{BAD, CHECKPOINT, FILES, GAPS, ITEMS};
use self::items::Items;
pub use self::options::{JsonlOptions, LineForm, Rotation};
use self::page_lines::{PageItems, PageLines};
use self::segments::Segments;
use self::state::State;
use self::state_file::StateFile;
use crate::archive::{Archive, Stored, collected_elsewhere};
use crate::collection::{Checkpoint, ItemKind, Page};
use crate::lines::{push_json, with_path};
use crate::report::Report;

/// Name of the source of lines that another program wrote.
const EARLIER_LINES: &str = "earlier lines";

/// Files of JSON lines that store the pages of sources, each together with the checkpoint from which the source resumes.
///
/// A name that ends in `.zst` is compressed, with the feature `zstd`. With a rotation, the files have numbers before the
/// ending of the name. Next to them are the checkpoint (`.checkpoint`), the IDs of the items (`.items`), the list of the
/// files before the last one (`.files`), the gaps of streams (`.gaps`), and partial errors and undecodable lines (`.bad`).
/// A stored page survives a crash of the program and a power failure, and each item of a source is stored once. One
/// program at a time can write the files; others can read them meanwhile. On Unix, only its owner can read a new file. A
/// file with lines of another program is continued if it consists of complete JSON objects.
pub struct JsonlArchive {
    path: PathBuf,
    state_file: StateFile,
    segments: Segments,
    bad: CommittedFile,
    gaps: CommittedFile,
    items: Items,
}

impl fmt::Debug for JsonlArchive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonlArchive").field("path", &self.path).finish_non_exhaustive()
    }
}

impl JsonlArchive {
    /// Opens or creates an archive. What follows the last stored page is removed.
    ///
    /// # Errors
    /// If a file cannot be read or written, another program writes to it, it is not one of this archive, or the lines have
    /// another form.
    pub fn open(path: impl Into<PathBuf>, options: JsonlOptions) -> io::Result<Self> {
        let path = path.into();
        Self::open_at(&path, options).map_err(|why| with_path(&path, &why))
    }

    fn open_at(path: &Path, options: JsonlOptions) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("the folder {} is missing", folder.display())));
        }
        let beside = |ending: &str| with_suffix(path, ending);
        if !beside(CHECKPOINT).exists() {
            refuse_files_of_others(path)?;
        }
        // From now on, the files are those of the collection.
        let state_file = StateFile::open(&beside(CHECKPOINT), || begin(path, options.form))?;
        let state = state_file.state();
        if state.form != options.form {
            return Err(io::Error::other("its lines have another form (`items` or `pages`); choose another file"));
        }
        let bad = CommittedFile::open(beside(BAD), state.bad_len, b"\n")?;
        let gaps = CommittedFile::open(beside(GAPS), state.gaps_len, b"\n")?;
        let items = Items::open(beside(ITEMS), state.items)?;
        let segments = Segments::open(path, options.rotation, state)?;
        Ok(Self { path: path.to_owned(), state_file, segments, bad, gaps, items })
    }

    /// Writes a page, and then the state that counts it.
    fn write(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &Checkpoint,
    ) -> io::Result<(Stored, Checkpoint)> {
        let mut state = self.state_file.begin_change()?;
        let (number, has_pages) = self.state_file.state().number_of(source);
        let found = self.write_lines(&mut state, page, number, has_pages)?;
        let PageItems { line_count, new_items, oldest_id, newest_id, items, problems, has_list } = found;
        state.segment.lines += line_count;
        let problems = problems.iter().chain(&report.problems);
        state.bad_len = self.bad.append(state.bad_len, &problem_lines(source, problems))?;
        if !has_list {
            // Its absence would not say that a stream has no gaps.
            self.gaps.create()?;
        }
        state.gaps_len = self.gaps.append(state.gaps_len, &gap_lines(source, report))?;
        state.items = self.items.append(state.items, number, &new_items)?;
        let new_items = new_items.len() as u64;
        let next = Checkpoint {
            pages: checkpoint.pages + 1,
            items: checkpoint.items + new_items,
            next_token: page.next_token.map(str::to_owned),
            is_complete: page.next_token.is_none(),
            cost_micros: checkpoint.cost_micros + page.cost_micros,
            oldest_id: checkpoint.oldest_id.into_iter().chain(oldest_id).min(),
            newest_id: checkpoint.newest_id.max(newest_id),
            until_id: checkpoint.until_id,
            since_id: checkpoint.since_id,
        };
        state.set_checkpoint(source, number, page.items, next.clone());
        self.state_file.apply(state)?;
        Ok((Stored { new_items, items }, next))
    }

    /// Writes the lines of a page, which is from a source with a number.
    fn write_lines(
        &mut self,
        state: &mut State,
        page: &Page<'_>,
        number: u32,
        has_pages: bool,
    ) -> io::Result<PageItems> {
        let mut lines = PageLines::new(state.form, page, self.items.of(number, has_pages, state.items));
        while let Some(part) = lines.next_part()? {
            if self.segments.is_due(state, page.seen_at) {
                self.segments.begin(state, page.seen_at)?;
                // A file that the state does not have is one of another program.
                self.state_file.apply(state.clone())?;
            }
            self.segments.append(state, part)?;
        }
        self.segments.commit(state)?;
        Ok(lines.found)
    }
}

impl Archive for JsonlArchive {
    fn path(&self) -> &Path {
        &self.path
    }

    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint> {
        Ok(self.state_file.state().sources.get(source).map(|source| source.checkpoint.clone()).unwrap_or_default())
    }

    fn sources(&self, prefix: &str) -> io::Result<Vec<String>> {
        Ok(self.state_file.state().sources.keys().filter(|name| name.starts_with(prefix)).cloned().collect())
    }

    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool> {
        let state = self.state_file.state();
        let Some(found) = state.sources.get(source) else { return Ok(false) };
        Ok(self.items.recent(found.number, state.items)?.contains(item))
    }

    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored> {
        if self.checkpoint(source)?.pages != checkpoint.pages {
            return Err(with_path(&self.path, &collected_elsewhere()));
        }
        match self.write(source, page, report, checkpoint) {
            Ok((stored, next)) => {
                *checkpoint = next;
                Ok(stored)
            }
            Err(why) => {
                self.segments.discard();
                // Items of a page that is not stored are not known.
                self.items.forget(self.state_file.state().number_of(source).0);
                Err(with_path(&self.path, &why))
            }
        }
    }
}

/// Refuses the files that another program has written next to the lines.
fn refuse_files_of_others(path: &Path) -> io::Result<()> {
    read_earlier_lines(path, |_| Ok(()))?;
    let files = [BAD, GAPS, ITEMS, FILES].map(|ending| with_suffix(path, ending));
    match files.iter().find(|file| file.symlink_metadata().is_ok_and(|found| found.len() > 0)) {
        Some(other) => Err(io::Error::other(format!(
            "{} exists, and no collection began it; choose another file",
            other.display()
        ))),
        None => Ok(()),
    }
}

/// Returns the state of a file that no collection has written to. Its lines are items of a source of their own.
fn begin(path: &Path, form: LineForm) -> io::Result<State> {
    let mut state = State::new(form);
    let (mut items, mut count) = (Items::open(with_suffix(path, ITEMS), 0)?, 0);
    let earlier = read_earlier_lines(path, |keys| {
        count = items.append(count, 0, keys)?;
        Ok(())
    })?;
    if let Some(segment) = earlier {
        (state.segment, state.segments, state.items) = (segment, 1, count);
        let checkpoint = Checkpoint { items: state.items, is_complete: true, ..Checkpoint::default() };
        state.set_checkpoint(EARLIER_LINES, 0, ItemKind::Posts, checkpoint);
    }
    Ok(state)
}

/// Returns a line per partial error or undecodable line.
fn problem_lines<'p>(source: &str, problems: impl Iterator<Item = &'p (String, String)>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (json, why) in problems {
        let json = serde_json::from_str(json).unwrap_or_else(|_| json!(json));
        push_json(&mut lines, &json!({"source": source, "why": why, "problem": json}));
    }
    lines
}

/// Returns a line per gap.
fn gap_lines(source: &str, report: &Report) -> Vec<u8> {
    let mut lines = Vec::new();
    for gap in &report.gaps {
        let [from, to] = [gap.from, gap.to].map(|time| time.map(|time| time.to_string()));
        let filled = serde_json::from_str(&gap.filled).unwrap_or_else(|_| json!(gap.filled));
        push_json(&mut lines, &json!({"source": source, "from": from, "to": to, "cause": gap.cause, "filled": filled}));
    }
    lines
}
