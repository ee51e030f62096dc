//! File of JSON lines that is only appended to, and repaired after a crash.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_store::{owner_only, with_suffix};
use serde::de::IgnoredAny;

/// Number of bytes that are buffered before they are written to the file.
const BUFFER_LEN: usize = 256 * 1024;
/// Number of bytes at the end of a file that are searched for a partial line. No line is longer.
const MAX_REPAIR_LEN: u64 = 64 << 20;

/// File of JSON lines that is appended to. On Unix, only its owner can read a new file.
///
/// Opening a file removes a partial last line that a crash left, so that the file contains only complete lines. If
/// complete lines are invalid, the removed part is kept in a file with `.cut` appended to its name.
#[derive(Debug)]
pub struct LineFile {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    len: u64,
    /// Whether something was appended since the last commit.
    dirty: bool,
}

impl LineFile {
    /// Opens or creates a file. Its first `valid_len` bytes are known to be complete lines; the rest is removed from the
    /// first invalid line on.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn open(path: impl Into<PathBuf>, valid_len: u64) -> io::Result<Self> {
        let path = path.into();
        let mut file = create_options().read(true).write(true).open(&path).map_err(|why| with_path(&path, &why))?;
        let len = repair(&mut file, valid_len, &path).map_err(|why| with_path(&path, &why))?;
        Ok(Self { path, file, buffer: Vec::new(), len, dirty: false })
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Length of the file in bytes, including what is buffered.
    pub fn byte_len(&self) -> u64 {
        self.len
    }

    /// Appends a line, given without a line feed. It is durable only after [`commit`](Self::commit).
    ///
    /// # Errors
    /// If the file cannot be written. Append nothing more then: opening the file again repairs it.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        // A line break within JSON is white space.
        self.buffer.extend(line.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        self.buffer.push(b'\n');
        self.len += line.len() as u64 + 1;
        self.dirty = true;
        if self.buffer.len() >= BUFFER_LEN { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer).map_err(|why| with_path(&self.path, &why))?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes all appended lines to the disk.
    ///
    /// # Errors
    /// If they cannot be written. Lines since the last successful commit may then be lost, even if another commit
    /// succeeds.
    pub fn commit(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.dirty) {
            return Ok(());
        }
        self.flush()?;
        self.file.sync_data().map_err(|why| with_path(&self.path, &why))
    }

    /// Calls `visit` for the lines within the last `bytes` of the file, oldest first. Returns whether these are all lines.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn visit_last(&mut self, bytes: u64, visit: impl FnMut(&[u8])) -> io::Result<bool> {
        self.flush()?;
        let from = self.len.saturating_sub(bytes);
        // This leaves the file position at the end, where lines are appended.
        let text = read_from(&mut self.file, from).map_err(|why| with_path(&self.path, &why))?;
        let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        if from > 0 {
            // The first line may be partial.
            lines.next();
        }
        lines.for_each(visit);
        Ok(from == 0)
    }
}

/// Adds the path of the file to an error.
fn with_path(path: &Path, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), format!("{}: {why}", path.display()))
}

/// Truncates the file before the first line that is incomplete or not JSON. Returns its length and leaves the position at
/// its end.
fn repair(file: &mut File, valid_len: u64, path: &Path) -> io::Result<u64> {
    let len = file.metadata()?.len();
    // If the file was replaced by another, nothing of it is known to be valid.
    let valid_len = if ends_with_line(file, valid_len)? { valid_len } else { 0 };
    let from = valid_len.max(len.saturating_sub(MAX_REPAIR_LEN));
    let text = read_from(file, from)?;
    // Text from the middle of the file may start with a partial line.
    let mut end = if from == valid_len { 0 } else { first_line_len(&text).unwrap_or(text.len()) };
    while let Some(line_len) = first_line_len(&text[end..]) {
        let line = &text[end..end + line_len - 1];
        if serde_json::from_slice::<IgnoredAny>(line).is_err() {
            break;
        }
        end += line_len;
    }
    let repaired_len = from + end as u64;
    if repaired_len < len {
        if first_line_len(&text[end..]).is_some() {
            create_options().append(true).open(with_suffix(path, ".cut"))?.write_all(&text[end..])?;
        }
        file.set_len(repaired_len)?;
        file.sync_all()?;
    }
    file.seek(SeekFrom::End(0))?;
    Ok(repaired_len)
}

/// Whether the byte before `at` ends a line. The start of the file counts as such an end.
fn ends_with_line(file: &mut File, at: u64) -> io::Result<bool> {
    let Some(before) = at.checked_sub(1) else { return Ok(true) };
    let mut last = [0];
    file.seek(SeekFrom::Start(before))?;
    Ok(file.read(&mut last)? == 1 && last == *b"\n")
}

fn read_from(file: &mut File, from: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut text)?;
    Ok(text)
}

/// Options to create a file that only its owner can read.
fn create_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false);
    owner_only(&mut options);
    options
}

/// Returns the length of the first complete line, including its line feed.
fn first_line_len(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| *byte == b'\n').map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LINES: [&str; 4] = ["{\"n\":1}", "{\"n\":\"\u{1F426} zwei\"}", "{\"n\":3}", "{\"n\":\"vier \u{e9}\"}"];

    fn lines(path: &Path) -> Vec<String> {
        std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_file_truncated_at_any_byte_is_repaired_to_complete_lines() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines.jsonl");
        let whole = LINES.map(|line| format!("{line}\n")).concat();
        let first = LINES[0].len() as u64 + 1;
        for valid_len in [0, first] {
            for at in usize::try_from(first).unwrap()..=whole.len() {
                // A crash can leave a partial line, and a power failure zero bytes after it.
                for rest in [&b""[..], b"\0\0\0\0", b"\0\0\n\0"] {
                    std::fs::write(&path, [&whole.as_bytes()[..at], rest].concat()).unwrap();
                    let mut file = LineFile::open(&path, valid_len).unwrap();
                    let left = lines(&path);
                    assert_eq!(left, LINES[..left.len()]);
                    let complete = whole.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
                    assert_eq!(left.len(), complete, "complete lines are kept: {at}");
                    for line in &LINES[complete..] {
                        file.append(line.as_bytes()).unwrap();
                    }
                    file.commit().unwrap();
                    assert_eq!(lines(&path), LINES);
                    assert_eq!(file.byte_len(), whole.len() as u64);
                }
            }
        }
    }

    #[test]
    fn lines_are_single_and_private_and_invalid_ones_are_moved_to_the_cut_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines.jsonl");
        let mut file = LineFile::open(&path, 0).unwrap();
        file.append(b"{\"a\":\r\n1}").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"", "a line is buffered before it is committed");
        file.commit().unwrap();
        assert_eq!(lines(&path), ["{\"a\":  1}"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // A shorter file in its place is validated from its start.
        drop(file);
        std::fs::write(&path, "{}\n{\"half").unwrap();
        assert_eq!(LineFile::open(&path, 1_000).unwrap().byte_len(), 3);
        assert!(!with_suffix(&path, ".cut").exists());
        // So is a file whose lines end elsewhere. Complete lines that are removed from it are kept.
        std::fs::write(&path, "{\"a\":1}\n{\"b\":2}\nno json\n{\"c\":3}\n").unwrap();
        assert_eq!(LineFile::open(&path, 5).unwrap().byte_len(), 16);
        assert_eq!(lines(&path), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(lines(&with_suffix(&path, ".cut")), ["no json", "{\"c\":3}"]);
    }

    #[test]
    fn lines_can_be_appended_after_the_last_ones_were_read() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = LineFile::open(dir.path().join("lines.jsonl"), 0).unwrap();
        for line in LINES {
            file.append(line.as_bytes()).unwrap();
        }
        for (bytes, count) in [(1_000, 4), (20, 1), (0, 0)] {
            let mut visited = Vec::new();
            let all = file.visit_last(bytes, |line| visited.push(String::from_utf8(line.to_vec()).unwrap())).unwrap();
            assert_eq!((all, visited.len()), (count == 4, count));
            assert_eq!(visited, LINES[4 - count..]);
        }
        file.append(b"{}").unwrap();
        file.commit().unwrap();
        assert_eq!(lines(file.path())[4], "{}");
    }
}
