//! Files of collections and tokens are read, repaired or refused, whatever they contain.

use std::path::Path;

use bytes::Bytes;
use chirrup::LiveEvent;
use chirrup::archive::{ArchiveStream, JsonlArchive, JsonlOptions};
use chirrup::tokens::TokenStore;

/// Writes the input to a file of the kind that its first byte selects, and uses the file.
pub fn run(input: &[u8]) {
    let Some((kind, content)) = input.split_first() else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    let file = folder.path().join("file");
    match kind % 3 {
        0 => collection(&file, content),
        1 => unknown(&file, content),
        _ => {
            write(&file, content);
            drop(TokenStore::at(&file).read());
        }
    }
}

/// Writes a file that only its owner can read.
fn write(file: &Path, content: &[u8]) {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).and_then(|mut file| file.write_all(content)).unwrap_or_default();
}

fn folder_file(file: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn open(file: &Path) -> std::io::Result<ArchiveStream> {
    ArchiveStream::open(Box::new(JsonlArchive::open(file, JsonlOptions::default())?), "sample")
}

/// The first half is the checkpoint, the second half the file.
fn collection(file: &Path, content: &[u8]) {
    let mut halves = content.splitn(2, |byte| *byte == 0);
    let (checkpoint, lines) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    write(&folder_file(file, ".checkpoint"), checkpoint);
    write(file, lines);
    let Ok(mut opened) = open(file) else {
        assert_eq!(std::fs::read(file).unwrap_or_default(), lines, "a refused file is unchanged");
        return;
    };
    let line = Bytes::from_static(b"{\"data\":{\"id\":\"1790000000000000000\",\"text\":\"a\"}}");
    // The checkpoint may name a file that cannot be written.
    if opened.record(1, &LiveEvent::Item(line)).and_then(|_| opened.commit()).is_ok() {
        drop(opened);
        assert!(open(file).is_ok());
    }
}

/// A file without a checkpoint is continued or left as it is.
fn unknown(file: &Path, content: &[u8]) {
    write(file, content);
    let opened = open(file);
    let now = std::fs::read(file).unwrap_or_default();
    assert_eq!(now, content, "opening changes nothing");
    let is_line = |line: &[u8]| line.trim_ascii_start().starts_with(b"{") && line.ends_with(b"\n");
    let are_lines = content.split_inclusive(|byte| *byte == b'\n').all(is_line);
    assert!(opened.is_err() || are_lines, "only complete lines are continued");
}
