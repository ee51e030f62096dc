//! File of JSON lines that is only appended to, and repaired after a crash.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_store::{open_regular, with_suffix};
use chirrup_text::escape_terminal_controls;
use serde::de::IgnoredAny;

/// Number of bytes that are buffered before they are written to the file.
const BUFFER_LEN: usize = 256 * 1024;
/// Length in bytes of the longest line.
const MAX_LINE_LEN: usize = 16 << 20;

/// File of JSON lines that is appended to. On Unix, only its owner can read a new file.
///
/// Opening a file removes a partial last line that a crash left, so that the file contains only complete lines. The removed
/// part is kept in a file with `.cut` appended to its name; [`removed`](Self::removed) tells its size.
#[derive(Debug)]
pub struct LineFile {
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    len: u64,
    /// Whether something was appended since the last commit.
    dirty: bool,
    removed: u64,
}

impl LineFile {
    /// Opens or creates a file of this program. Its first `valid_len` bytes are known to be complete lines; the rest is
    /// removed from the first invalid line on. On Unix, a symbolic link is refused.
    ///
    /// # Errors
    /// If the file is not a regular file, or cannot be read or written.
    pub fn open(path: impl Into<PathBuf>, valid_len: u64) -> io::Result<Self> {
        let path = path.into();
        let failed = |why: io::Error| with_path(&path, &why);
        let mut file = open(&path).map_err(failed)?;
        let (len, removed) = repair(&mut file, valid_len, &path).map_err(failed)?;
        Ok(Self { path, file, buffer: Vec::new(), len, dirty: false, removed })
    }

    /// Opens or creates a file that may belong to another program, and changes nothing in it: it must be empty or contain
    /// only complete lines of JSON objects. On Unix, a symbolic link is refused.
    ///
    /// # Errors
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the file contains something else, and if it cannot be read or
    /// written.
    pub fn open_unknown(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let failed = |why: io::Error| with_path(&path, &why);
        let mut file = open(&path).map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        if valid_lines(&mut file, 0).map_err(failed)? != len {
            let why = "it holds something other than JSON lines, and nothing of it was changed; choose another file";
            return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, why)));
        }
        Ok(Self { path, file, buffer: Vec::new(), len, dirty: false, removed: 0 })
    }

    /// Number of bytes that opening the file moved to the `.cut` file.
    pub fn removed(&self) -> u64 {
        self.removed
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Length of the file in bytes, including what is buffered.
    pub fn byte_len(&self) -> u64 {
        self.len
    }

    /// Appends a line, given without a line feed. Characters that control a terminal are written as JSON escapes. The line is durable only after [`commit`](Self::commit).
    ///
    /// # Errors
    /// If the file cannot be written. Append nothing more then: opening the file again repairs it.
    pub fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let escaped = std::str::from_utf8(line).map(escape_terminal_controls);
        let line = escaped.as_deref().map_or(line, str::as_bytes);
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

    /// Calls `visit` for the lines within the last `bytes` of the file, oldest first, until it returns `false`. Returns
    /// whether the file has no lines before these. Only one line at a time is in memory.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn visit_last(&mut self, bytes: u64, mut visit: impl FnMut(&[u8]) -> bool) -> io::Result<bool> {
        self.flush()?;
        let from = self.len.saturating_sub(bytes);
        let visited = (|| {
            let mut lines = Lines::from(&mut self.file, from)?;
            // The first line may be partial.
            let mut is_partial = from > 0;
            while let Some(line) = lines.next()? {
                if !std::mem::take(&mut is_partial) && !line.is_empty() && !visit(line) {
                    break;
                }
            }
            // Lines are appended at the end.
            self.file.seek(SeekFrom::End(0))
        })();
        visited.map_err(|why| with_path(&self.path, &why))?;
        Ok(from == 0)
    }
}

/// Adds the path of the file to an error.
fn with_path(path: &Path, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), format!("{}: {why}", path.display()))
}

/// Opens or creates a file to read and write.
fn open(path: &Path) -> io::Result<File> {
    open_regular(path, OpenOptions::new().read(true).write(true))
}

/// Truncates the file before the first line that is incomplete or not JSON. Returns its length and the number of removed
/// bytes, and leaves the position at its end.
fn repair(file: &mut File, valid_len: u64, path: &Path) -> io::Result<(u64, u64)> {
    let len = file.metadata()?.len();
    // If the file was replaced by another, nothing of it is known to be valid.
    let from = if ends_with_line(file, valid_len)? { valid_len } else { 0 };
    let repaired_len = valid_lines(file, from)?;
    if repaired_len < len {
        let mut cut = open_regular(&with_suffix(path, ".cut"), OpenOptions::new().append(true))?;
        file.seek(SeekFrom::Start(repaired_len))?;
        io::copy(file, &mut cut)?;
        // What is cut must be safe before it is removed.
        cut.sync_all()?;
        file.set_len(repaired_len)?;
        file.sync_all()?;
    }
    file.seek(SeekFrom::End(0))?;
    Ok((repaired_len, len - repaired_len))
}

/// Returns the end of the complete lines of JSON objects that follow a position. Leaves the position at the end of the
/// file.
fn valid_lines(file: &mut File, from: u64) -> io::Result<u64> {
    let mut end = from;
    let mut lines = Lines::from(file, from)?;
    while let Some(line) = lines.next()? {
        if line.trim_ascii_start().first() != Some(&b'{') || serde_json::from_slice::<IgnoredAny>(line).is_err() {
            break;
        }
        end += line.len() as u64 + 1;
    }
    file.seek(SeekFrom::End(0))?;
    Ok(end)
}

/// Complete lines of a file, one at a time in memory. Lines over [`MAX_LINE_LEN`] end them.
pub(crate) struct Lines<'f> {
    reader: BufReader<&'f mut File>,
    line: Vec<u8>,
}

impl<'f> Lines<'f> {
    pub(crate) fn from(file: &'f mut File, at: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(at))?;
        Ok(Self { reader: BufReader::with_capacity(BUFFER_LEN, file), line: Vec::new() })
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let limit = MAX_LINE_LEN as u64 + 1;
        (&mut self.reader).take(limit).read_until(b'\n', &mut self.line)?;
        Ok(self.line.strip_suffix(b"\n"))
    }
}

/// Whether a line of a file ends at a position. The start of the file counts as such an end.
pub(crate) fn is_line_end(path: &Path, at: u64) -> io::Result<bool> {
    match path.symlink_metadata() {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(at == 0),
        _ => open(path).and_then(|mut file| ends_with_line(&mut file, at)).map_err(|why| with_path(path, &why)),
    }
}

/// Whether the byte before `at` ends a line. The start of the file counts as such an end.
fn ends_with_line(file: &mut File, at: u64) -> io::Result<bool> {
    let Some(before) = at.checked_sub(1) else { return Ok(true) };
    let mut last = [0];
    file.seek(SeekFrom::Start(before))?;
    Ok(file.read(&mut last)? == 1 && last == *b"\n")
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
        let repaired = LineFile::open(&path, 1_000).unwrap();
        assert_eq!((repaired.byte_len(), repaired.removed()), (3, 6));
        assert_eq!(std::fs::read(with_suffix(&path, ".cut")).unwrap(), b"{\"half", "what is cut is kept");
        std::fs::remove_file(with_suffix(&path, ".cut")).unwrap();
        // So is a file whose lines end elsewhere. Lines that are removed from it are kept.
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
            let visit = |line: &[u8]| {
                visited.push(String::from_utf8(line.to_vec()).unwrap());
                true
            };
            let all = file.visit_last(bytes, visit).unwrap();
            assert_eq!((all, visited.len()), (count == 4, count));
            assert_eq!(visited, LINES[4 - count..]);
        }
        file.append(b"{}").unwrap();
        file.commit().unwrap();
        assert_eq!(lines(file.path())[4], "{}");
    }

    #[test]
    fn files_of_other_programs_are_refused_and_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("diary.txt");
        for content in [
            &b"my only diary"[..],
            b"my only diary\n",
            b"{\n  \"pretty\": true\n}\n",
            b"{\"a\":1}\n\n{\"b\":2}\n",
            b"{\"a\":1}\nno json\n",
            b"{\"a\":1}\n{\"b\":",
            b"{\"a\":1}",
            b"1\n2\n",
            b"\x89PNG\r\n\x1a\n\0\0",
            b"\n",
        ] {
            std::fs::write(&path, content).unwrap();
            let refused = LineFile::open_unknown(&path).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
            assert!(refused.to_string().contains("diary.txt: it holds something other"), "{refused}");
            assert_eq!(std::fs::read(&path).unwrap(), content);
        }
        for content in [&b""[..], b"{\"a\":1}\n{\"b\":2}\n"] {
            std::fs::write(&path, content).unwrap();
            let mut file = LineFile::open_unknown(&path).unwrap();
            file.append(b"{}").unwrap();
            file.commit().unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), [content, b"{}\n"].concat());
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no other file was created");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_special_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target.jsonl"), dir.path().join("link.jsonl"));
        std::fs::write(&target, "{}\n").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        for opened in [LineFile::open(&link, 0), LineFile::open_unknown(&link)] {
            let refused = opened.unwrap_err().to_string();
            assert!(refused.contains("symbolic link"), "{refused}");
        }
        let dangling = dir.path().join("dangling");
        std::os::unix::fs::symlink(dir.path().join("nothing"), &dangling).unwrap();
        assert!(LineFile::open_unknown(&dangling).is_err());
        assert!(!dir.path().join("nothing").exists());
        assert!(LineFile::open_unknown(dir.path()).is_err());
        assert!(LineFile::open_unknown("/dev/null").is_err());
        let cut = with_suffix(&target, ".cut");
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), &cut).unwrap();
        std::fs::write(&target, "{}\n{").unwrap();
        assert!(LineFile::open(&target, 3).is_err(), "the cut part has no place");
        assert_eq!(std::fs::read(&target).unwrap(), b"{}\n{", "so nothing is cut");
    }

    #[test]
    fn characters_that_control_a_terminal_are_written_as_escapes() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = LineFile::open(dir.path().join("lines.jsonl"), 0).unwrap();
        file.append("{\"text\":\"a\u{9b}2Jb\u{202e}c\u{7f}\"}".as_bytes()).unwrap();
        file.commit().unwrap();
        assert_eq!(lines(file.path()), ["{\"text\":\"a\\u009b2Jb\\u202ec\\u007f\"}"]);
        assert_eq!(file.byte_len(), std::fs::metadata(file.path()).unwrap().len());
    }
}
