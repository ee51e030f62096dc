//! Lines of a file that another program wrote, which a collection continues.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use chirrup_api::internal::line_key;
use chirrup_store::open_regular;
use serde::de::IgnoredAny;

use super::state::Segment;
use crate::lines::Lines;

/// Lines of a file before its collection.
pub(super) struct EarlierLines {
    pub(super) segment: Segment,
    /// Keys of the lines.
    pub(super) keys: Vec<u64>,
}

impl EarlierLines {
    /// Reads a file without changing it. Returns `None` if it is missing or empty.
    ///
    /// # Errors
    /// If the file has anything other than complete lines of JSON objects, or cannot be read. A link is not followed.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let mut file = open_regular(path, OpenOptions::new().read(true).write(true))?;
        let len = file.metadata()?.len();
        let earlier = Self::read_file(path, &mut file)?;
        if earlier.segment.len != len {
            let why = "it holds something other than JSON lines, and nothing of it was changed; choose another file";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        Ok(Some(earlier).filter(|earlier| earlier.segment.len > 0))
    }

    /// Reads the lines up to the first one that is not a JSON object.
    fn read_file(path: &Path, file: &mut File) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut earlier = Self { segment: Segment { name, ..Segment::default() }, keys: Vec::new() };
        let mut lines = Lines::from(file, 0)?;
        let mut crc32 = crc32fast::Hasher::new();
        while let Some(line) = lines.next()? {
            if line.trim_ascii_start().first() != Some(&b'{') || serde_json::from_slice::<IgnoredAny>(line).is_err() {
                break;
            }
            crc32.update(line);
            crc32.update(b"\n");
            earlier.segment.len += line.len() as u64 + 1;
            earlier.segment.lines += 1;
            earlier.keys.push(line_key(line));
        }
        earlier.segment.crc32 = crc32.finalize();
        Ok(earlier)
    }
}
