//! Lines of JSON in files.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use chirrup_text::escape_terminal_controls;

use crate::encoding::{decoded, is_compressed};

/// Number of bytes that are read from a file together.
const BUFFER_LEN: usize = 256 * 1024;
/// Length in bytes of the longest line.
const MAX_LINE_LEN: usize = 16 << 20;

/// Adds a line to a buffer, with JSON escapes for the characters that control a terminal.
pub(crate) fn push_line(buffer: &mut Vec<u8>, line: &[u8]) {
    let escaped = std::str::from_utf8(line).map(escape_terminal_controls);
    let mut at = buffer.len();
    buffer.extend_from_slice(escaped.as_deref().map_or(line, str::as_bytes));
    // A line break within JSON is white space.
    while let Some(found) = memchr::memchr2(b'\n', b'\r', &buffer[at..]) {
        buffer[at + found] = b' ';
        at += found + 1;
    }
    buffer.push(b'\n');
}

/// Adds a line with a JSON value to a buffer.
pub(crate) fn push_json(lines: &mut Vec<u8>, json: &serde_json::Value) {
    push_line(lines, json.to_string().as_bytes());
}

/// Adds the path of the file to an error.
pub(crate) fn with_path(path: &Path, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), format!("{}: {why}", path.display()))
}

/// Complete lines of a file, one at a time in memory. Lines over [`MAX_LINE_LEN`] end them.
pub(crate) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl Lines<Box<dyn Read>> {
    /// Opens a file, and decompresses it if its name ends in `.zst`. The first line begins at a byte of the lines.
    pub(crate) fn open(path: &Path, at: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        if !is_compressed(path) {
            file.seek(SeekFrom::Start(at))?;
            return Ok(Self::new(Box::new(file)));
        }
        let mut lines = decoded(path, Box::new(file))?;
        io::copy(&mut (&mut lines).take(at), &mut io::sink())?;
        Ok(Self::new(lines))
    }
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(file: R) -> Self {
        Self { reader: BufReader::with_capacity(BUFFER_LEN, file), line: Vec::new() }
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let limit = MAX_LINE_LEN as u64 + 1;
        (&mut self.reader).take(limit).read_until(b'\n', &mut self.line)?;
        Ok(self.line.strip_suffix(b"\n"))
    }
}
