//! Lines of a file that another program wrote, which a collection continues.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use chirrup_api::internal::line_key;
use chirrup_store::open_regular;
use serde::de::IgnoredAny;

use super::state::Segment;
use crate::lines::Lines;

/// Number of keys that are in memory.
const KEYS: usize = 1 << 16;

/// Reads the lines of a file before its collection, without changing it, and calls `visit` with the keys of lines, many at
/// once. Returns `None` if the file is missing or empty.
///
/// # Errors
/// If the file has anything other than complete lines of JSON objects, or cannot be read; or that of `visit`. A link is not
/// followed.
pub(super) fn read_earlier_lines(
    path: &Path,
    visit: impl FnMut(&[u64]) -> io::Result<()>,
) -> io::Result<Option<Segment>> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let mut file = open_regular(path, OpenOptions::new().read(true).write(true))?;
    let len = file.metadata()?.len();
    let segment = read_objects(path, &mut file, visit)?;
    if segment.len != len {
        let why = "it holds something other than JSON lines, and nothing of it was changed; choose another file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    Ok(Some(segment).filter(|segment| segment.len > 0))
}

/// Reads the lines up to the first one that is not a JSON object.
fn read_objects(path: &Path, file: &mut File, mut visit: impl FnMut(&[u64]) -> io::Result<()>) -> io::Result<Segment> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut segment = Segment { name, ..Segment::default() };
    let mut keys = Vec::new();
    let mut lines = Lines::new(file);
    let mut crc32 = crc32fast::Hasher::new();
    while let Some(line) = lines.next()? {
        if line.trim_ascii_start().first() != Some(&b'{') || serde_json::from_slice::<IgnoredAny>(line).is_err() {
            break;
        }
        crc32.update(line);
        crc32.update(b"\n");
        segment.len += line.len() as u64 + 1;
        segment.lines += 1;
        keys.push(line_key(line));
        if keys.len() == KEYS {
            visit(&keys)?;
            keys.clear();
        }
    }
    visit(&keys)?;
    segment.crc32 = crc32.finalize();
    Ok(segment)
}
