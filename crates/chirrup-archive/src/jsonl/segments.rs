//! The files that lines are appended to one after the other.

use std::io;
use std::path::{Path, PathBuf};

use chirrup_model::Timestamp;
use chirrup_store::with_suffix;

use super::committed_file::CommittedFile;
use super::endings::FILES;
use super::options::Rotation;
use super::state::{Segment, State};
use crate::encoding::{Encoding, is_compressed};
use crate::lines::push_json;

/// The current file, and the list of those before it.
#[derive(Debug)]
pub(super) struct Segments {
    path: PathBuf,
    current: Option<CommittedFile>,
    files: CommittedFile,
    rotation: Option<Rotation>,
    encoding: Encoding,
    /// Length of the current file before the page that is being written.
    page_start: Option<u64>,
}

impl Segments {
    pub(super) fn open(path: &Path, rotation: Option<Rotation>, state: &State) -> io::Result<Self> {
        let encoding = Encoding::of(path)?;
        let end: &[u8] = if is_compressed(path) { b"" } else { b"\n" };
        let files = CommittedFile::open(with_suffix(path, FILES), state.files_len, b"\n")?;
        let current = match &state.segment {
            Segment { name, .. } if name.is_empty() => None,
            Segment { name, len, .. } => Some(CommittedFile::open(path.with_file_name(name), *len, end)?),
        };
        Ok(Self { path: path.to_owned(), current, files, rotation, encoding, page_start: None })
    }

    /// Whether the next lines belong to another file. Those of a page are in one file.
    pub(super) fn is_due(&self, state: &State, now: Timestamp) -> bool {
        let last = &state.segment;
        match self.rotation {
            _ if self.page_start.is_some() => false,
            _ if state.segments == 0 => true,
            None => false,
            Some(Rotation::Size(size)) => last.len >= size,
            Some(Rotation::Interval(interval)) => {
                let interval = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX).max(1);
                last.len > 0 && last.began_at.div_euclid(interval) != now.as_millis().div_euclid(interval)
            }
        }
    }

    /// Begins another file, which has a number if the files rotate. A file of another program is refused.
    pub(super) fn begin(&mut self, state: &mut State, now: Timestamp) -> io::Result<()> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let (stem, ending) = name.find(".jsonl").map_or((&name[..], ""), |at| name.split_at(at));
        let number = state.segments + 1;
        let name = if self.rotation.is_some() { format!("{stem}-{number:05}{ending}") } else { name.into_owned() };
        let path = self.path.with_file_name(&name);
        if path.symlink_metadata().is_ok_and(|found| found.len() > 0) {
            let why = "the file exists, and this collection did not write it; move it away";
            return Err(io::Error::other(format!("{}: {why}", path.display())));
        }
        if state.segments > 0 {
            let mut line = Vec::new();
            push_json(&mut line, &serde_json::to_value(&state.segment)?);
            state.files_len = self.files.append(state.files_len, &line)?;
        }
        state.segment = Segment { name, began_at: now.as_millis(), ..Segment::default() };
        state.segments = number;
        self.current = Some(CommittedFile::open(path, 0, b"")?);
        Ok(())
    }

    /// Writes lines of a page after those of the current file. Nothing of them counts before [`commit`](Self::commit).
    pub(super) fn append(&mut self, state: &mut State, lines: &[u8]) -> io::Result<()> {
        self.page_start.get_or_insert(state.segment.len);
        let bytes = self.encoding.encode(lines)?;
        write(&mut self.current, &mut state.segment, &bytes)
    }

    /// Ends a page: the disk has its lines then.
    pub(super) fn commit(&mut self, state: &mut State) -> io::Result<()> {
        let Some(start) = self.page_start else { return Ok(()) };
        let end = self.encoding.end()?;
        write(&mut self.current, &mut state.segment, &end)?;
        if let Some(current) = &mut self.current {
            current.commit(start, state.segment.len)?;
        }
        self.page_start = None;
        Ok(())
    }

    /// Removes the lines of a page that cannot be stored.
    pub(super) fn discard(&mut self) {
        self.encoding.reset();
        if let (Some(start), Some(current)) = (self.page_start.take(), &mut self.current) {
            // What a failure leaves is replaced by the next page.
            let _ = current.commit(start, start);
        }
    }
}

/// Writes bytes at the end of a file, and counts them.
fn write(file: &mut Option<CommittedFile>, segment: &mut Segment, bytes: &[u8]) -> io::Result<()> {
    let Some(file) = file else { return Err(io::Error::other("no file is open")) };
    let mut crc32 = crc32fast::Hasher::new_with_initial(segment.crc32);
    crc32.update(bytes);
    segment.crc32 = crc32.finalize();
    segment.len = file.write(segment.len, bytes)?;
    Ok(())
}
