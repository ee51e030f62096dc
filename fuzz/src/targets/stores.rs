//! Files of streams and tokens are read, repaired or refused, whatever they contain.

use std::path::Path;

use bytes::Bytes;
use chirrup::LiveEvent;
use chirrup::archive::{LineFile, StreamFile};
use chirrup::tokens::TokenStore;

/// Writes the input to a file of the kind that its first byte selects, and uses the file.
pub fn run(input: &[u8]) {
    let Some((kind, content)) = input.split_first() else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    let file = folder.path().join("file");
    match kind % 4 {
        0 => lines(&file, content),
        1 => stream(&file, content),
        2 => unknown(&file, content),
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

/// A repaired file consists of complete lines, and nothing of it is lost.
fn lines(file: &Path, content: &[u8]) {
    let Some((valid_len, content)) = content.split_first() else { return };
    write(file, content);
    let Ok(mut opened) = LineFile::open(file, u64::from(*valid_len)) else { return };
    let (kept, removed) = (opened.byte_len(), opened.removed());
    assert_eq!(kept + removed, content.len() as u64);
    let cut = std::fs::read(folder_file(file, ".cut")).unwrap_or_default();
    let now = std::fs::read(file).unwrap_or_default();
    assert_eq!([now, cut].concat(), content, "what is not kept is in the other file");
    assert!(opened.append(b"{}").and_then(|()| opened.commit()).is_ok());
}

fn folder_file(file: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The first half is the checkpoint, the second half the file.
fn stream(file: &Path, content: &[u8]) {
    let mut halves = content.splitn(2, |byte| *byte == 0);
    let (checkpoint, lines) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    write(&folder_file(file, ".checkpoint"), checkpoint);
    write(file, lines);
    let Ok(mut opened) = StreamFile::open(file, "sample") else {
        assert_eq!(std::fs::read(file).unwrap_or_default(), lines, "a refused file is unchanged");
        return;
    };
    let line = Bytes::from_static(b"{\"data\":{\"id\":\"1790000000000000000\",\"text\":\"a\"}}");
    assert!(opened.record(1, &LiveEvent::Item(line)).and_then(|_| opened.commit()).is_ok());
    drop(opened);
    assert!(StreamFile::open(file, "sample").is_ok_and(|again| again.removed() == 0));
}

/// A file without a checkpoint is continued or left as it is.
fn unknown(file: &Path, content: &[u8]) {
    write(file, content);
    let opened = StreamFile::open(file, "sample");
    let now = std::fs::read(file).unwrap_or_default();
    assert_eq!(now, content, "opening changes nothing");
    let is_line = |line: &[u8]| line.trim_ascii_start().starts_with(b"{") && line.ends_with(b"\n");
    let are_lines = content.split_inclusive(|byte| *byte == b'\n').all(is_line);
    assert!(opened.is_err() || are_lines, "only complete lines are continued");
}
