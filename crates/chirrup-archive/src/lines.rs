//! A file of lines to which whole lines are added, and nothing else.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_http::store::owner_only;
use serde::de::IgnoredAny;

/// How much is held back before it is given to the system.
const HELD: usize = 256 * 1024;
/// How far back is looked for a line that was cut off, at most: no line is longer.
const LONGEST: u64 = 64 << 20;

/// A file of lines, each of them JSON. It is made so that its owner alone may read it.
///
/// What a crash left of a last line is cut off when it is opened, before anything is added: no line is ever broken, and no
/// two are glued together. If more than that is cut off, it is kept in a file beside it (`.cut`).
#[derive(Debug)]
pub struct LineFile {
    path: PathBuf,
    file: File,
    held: Vec<u8>,
    length: u64,
    /// Whether the disk may lack something that was written.
    dirty: bool,
}

impl LineFile {
    /// Opens a file, or makes it. Its first `sound` bytes are known to be whole lines; what follows them is looked at, and
    /// cut off from the first line on that is none.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn open(path: impl Into<PathBuf>, sound: u64) -> io::Result<Self> {
        let path = path.into();
        let mut file = made().read(true).write(true).open(&path).map_err(|why| named(&path, &why))?;
        let length = cut(&mut file, sound, &path).map_err(|why| named(&path, &why))?;
        Ok(Self { path, file, held: Vec::new(), length, dirty: false })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long it is, with what is held back, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds a line, without its end. The disk has it after [`commit`](Self::commit), and not before.
    ///
    /// # Errors
    /// If it cannot be written. Then no more should be: the file is put right when it is opened again.
    pub fn add(&mut self, line: &[u8]) -> io::Result<()> {
        // Within JSON, a line end is a space.
        self.held.extend(line.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        self.held.push(b'\n');
        self.length += line.len() as u64 + 1;
        self.dirty = true;
        if self.held.len() >= HELD { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        self.file.write_all(&self.held).map_err(|why| named(&self.path, &why))?;
        self.held.clear();
        Ok(())
    }

    /// Brings all of it to the disk.
    ///
    /// # Errors
    /// If it cannot be brought there. Nothing that was added since the last time counts as kept then, also if a second try
    /// should seem to go well.
    pub fn commit(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.dirty) {
            return Ok(());
        }
        self.write()?;
        self.file.sync_data().map_err(|why| named(&self.path, &why))
    }

    /// Shows the last lines, the oldest of them first, as many as fit into so many bytes; and whether these are all.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn last(&mut self, bytes: u64, show: impl FnMut(&[u8])) -> io::Result<bool> {
        self.write()?;
        let from = self.length.saturating_sub(bytes);
        // Reading to the end leaves it there, where lines are added.
        let text = read_from(&mut self.file, from).map_err(|why| named(&self.path, &why))?;
        let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        if from > 0 {
            // The first is the rest of a line.
            lines.next();
        }
        lines.for_each(show);
        Ok(from == 0)
    }
}

/// An error that says of which file it is.
fn named(path: &Path, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), format!("{}: {why}", path.display()))
}

/// Cuts off what is no whole line, and gives the length of the rest. Leaves the file at its end.
fn cut(file: &mut File, sound: u64, path: &Path) -> io::Result<u64> {
    let length = file.metadata()?.len();
    // Somebody may have put another file in its place; then no part of it is known to be sound.
    let sound = if ends_a_line(file, sound)? { sound } else { 0 };
    let from = sound.max(length.saturating_sub(LONGEST));
    let text = read_from(file, from)?;
    // In the midst of the file, a line begins after the first end of one.
    let first = if from == sound { 0 } else { after_line(&text).unwrap_or(text.len()) };
    let mut end = first;
    while let Some(next) = after_line(&text[end..]) {
        let line = &text[end..end + next - 1];
        if serde_json::from_slice::<IgnoredAny>(line).is_err() {
            break;
        }
        end += next;
    }
    let whole = from + end as u64;
    if whole < length {
        if after_line(&text[end..]).is_some() {
            made().append(true).open(beside(path, ".cut"))?.write_all(&text[end..])?;
        }
        file.set_len(whole)?;
        file.sync_all()?;
    }
    file.seek(SeekFrom::End(0))?;
    Ok(whole)
}

/// Whether so many bytes of a file are whole lines, as far as their end tells.
fn ends_a_line(file: &mut File, at: u64) -> io::Result<bool> {
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

/// Makes files that their owner alone may read.
fn made() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false);
    owner_only(&mut options);
    options
}

/// The file beside another with this ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// How many bytes the first line takes, with its end.
fn after_line(text: &[u8]) -> Option<usize> {
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
    fn a_file_cut_at_any_byte_goes_on_with_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.jsonl");
        let whole = LINES.map(|line| format!("{line}\n")).concat();
        let first = LINES[0].len() as u64 + 1;
        for sound in [0, first] {
            for at in usize::try_from(first).unwrap()..=whole.len() {
                // A crash may leave a part of a line, and a loss of power noughts after it.
                for rest in [&b""[..], b"\0\0\0\0", b"\0\0\n\0"] {
                    std::fs::write(&path, [&whole.as_bytes()[..at], rest].concat()).unwrap();
                    let mut file = LineFile::open(&path, sound).unwrap();
                    let left = lines(&path);
                    assert_eq!(left, LINES[..left.len()]);
                    let kept = whole.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
                    assert_eq!(left.len(), kept, "what was whole is kept: {at}");
                    for line in &LINES[kept..] {
                        file.add(line.as_bytes()).unwrap();
                    }
                    file.commit().unwrap();
                    assert_eq!(lines(&path), LINES);
                    assert_eq!(file.length(), whole.len() as u64);
                }
            }
        }
    }

    #[test]
    fn a_line_has_no_ends_within_and_belongs_to_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.jsonl");
        let mut file = LineFile::open(&path, 0).unwrap();
        file.add(b"{\"a\":\r\n1}").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"", "nothing is promised before it is kept");
        file.commit().unwrap();
        assert_eq!(lines(&path), ["{\"a\":  1}"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // A shorter file in its place is read from its beginning.
        drop(file);
        std::fs::write(&path, "{}\n{\"half").unwrap();
        assert_eq!(LineFile::open(&path, 1_000).unwrap().length(), 3);
        assert!(!beside(&path, ".cut").exists());
        // Nor is another one spoilt whose lines end elsewhere, and what is cut off of it is kept.
        std::fs::write(&path, "{\"a\":1}\n{\"b\":2}\nno json\n{\"c\":3}\n").unwrap();
        assert_eq!(LineFile::open(&path, 5).unwrap().length(), 16);
        assert_eq!(lines(&path), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(lines(&beside(&path, ".cut")), ["no json", "{\"c\":3}"]);
    }

    #[test]
    fn the_last_lines_are_shown_and_more_can_be_added() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = LineFile::open(folder.path().join("lines.jsonl"), 0).unwrap();
        for line in LINES {
            file.add(line.as_bytes()).unwrap();
        }
        for (bytes, least) in [(1_000, 4), (20, 1), (0, 0)] {
            let mut shown = Vec::new();
            let all = file.last(bytes, |line| shown.push(String::from_utf8(line.to_vec()).unwrap())).unwrap();
            assert_eq!((all, shown.len()), (least == 4, least));
            assert_eq!(shown, LINES[4 - least..]);
        }
        file.add(b"{}").unwrap();
        file.commit().unwrap();
        assert_eq!(lines(file.path())[4], "{}");
    }
}
