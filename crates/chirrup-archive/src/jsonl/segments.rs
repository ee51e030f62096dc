//! The files that lines are appended to one after the other, plain or compressed.

use std::io;
use std::path::{Path, PathBuf};

use chirrup_model::Timestamp;
use chirrup_store::with_suffix;

use super::committed_file::CommittedFile;
use super::endings::FILES;
use super::options::Rotation;
use super::state::{Segment, State};
use crate::lines::push_json;

/// Level of the compression, which is the default of zstd.
#[cfg(feature = "zstd")]
const LEVEL: i32 = 3;

/// The current file, and the list of those before it.
#[derive(Debug)]
pub(super) struct Segments {
    path: PathBuf,
    current: Option<CommittedFile>,
    files: CommittedFile,
    rotation: Option<Rotation>,
}

impl Segments {
    pub(super) fn open(path: &Path, rotation: Option<Rotation>, state: &State) -> io::Result<Self> {
        if is_compressed(path) && cfg!(not(feature = "zstd")) {
            return Err(io::Error::other("this program was built without zstd; leave out the ending `.zst`"));
        }
        let end: &[u8] = if is_compressed(path) { b"" } else { b"\n" };
        let files = CommittedFile::open(with_suffix(path, FILES), state.files_len, b"\n")?;
        let current = match &state.segment {
            Segment { name, .. } if name.is_empty() => None,
            Segment { name, len, .. } => Some(CommittedFile::open(path.with_file_name(name), *len, end)?),
        };
        Ok(Self { path: path.to_owned(), current, files, rotation })
    }

    /// Whether the next lines belong to another file.
    pub(super) fn is_due(&self, state: &State, now: Timestamp) -> bool {
        let last = &state.segment;
        match self.rotation {
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

    /// Appends lines to the current file, and counts them.
    pub(super) fn append(&mut self, state: &mut State, lines: &[u8], count: u64) -> io::Result<()> {
        let Some(current) = &mut self.current else { return Err(io::Error::other("no file is open")) };
        let compressed = if is_compressed(&self.path) { Some(compressed(lines)?) } else { None };
        let bytes = compressed.as_deref().unwrap_or(lines);
        let segment = &mut state.segment;
        segment.len = current.append(segment.len, bytes)?;
        let mut crc32 = crc32fast::Hasher::new_with_initial(segment.crc32);
        crc32.update(bytes);
        segment.crc32 = crc32.finalize();
        segment.lines += count;
        Ok(())
    }
}

/// Whether the files of a name are compressed.
pub(super) fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "zst")
}

/// Returns a frame of zstd with a checksum. Several frames after each other are a valid file.
#[cfg(feature = "zstd")]
fn compressed(lines: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(lines.len() as u64))?;
    io::Write::write_all(&mut encoder, lines)?;
    encoder.finish()
}

#[cfg(not(feature = "zstd"))]
fn compressed(_: &[u8]) -> io::Result<Vec<u8>> {
    Err(io::Error::other("this program was built without zstd"))
}
