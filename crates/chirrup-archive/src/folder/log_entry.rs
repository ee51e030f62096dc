//! Entries of the log of a folder in an object store: compressed lines of JSON.

use std::io::{self, Read as _, Write as _};

use serde::{Deserialize, Serialize};

use super::journal::{PendingPage, read_page};
use super::manifest::{Manifest, VERSION};

/// Level of the compression, which is the default of zstd.
const LEVEL: i32 = 3;
/// Maximum length of an entry in bytes before its compression.
const MAX_LEN: u64 = 512 << 20;
/// Ending of the names of entries.
const ENDING: &str = ".jsonl.zst";

/// Entry of a log.
pub(super) enum Entry {
    /// Page that is not in a segment yet.
    Page(Box<PendingPage>),
    /// Manifest that has the pages before it in segments.
    Commit(Box<Manifest>),
}

/// First line of an entry.
#[derive(Serialize, Deserialize)]
struct FirstLine {
    version: u32,
    /// Number of the writer, without which two writers could store the same entry.
    writer: u64,
    commit: bool,
}

/// Returns the content of the object of a page.
pub(super) fn encode_page(page: &PendingPage, writer: u64) -> io::Result<Vec<u8>> {
    let mut lines = first_line(writer, false)?;
    page.write(&mut lines)?;
    lines.finish()
}

/// Returns the content of the object of a commit.
pub(super) fn encode_commit(manifest: &Manifest, writer: u64) -> io::Result<Vec<u8>> {
    let mut lines = first_line(writer, true)?;
    serde_json::to_writer(&mut lines, manifest)?;
    lines.finish()
}

fn first_line(writer: u64, commit: bool) -> io::Result<zstd::Encoder<'static, Vec<u8>>> {
    let mut lines = zstd::Encoder::new(Vec::new(), LEVEL)?;
    serde_json::to_writer(&mut lines, &FirstLine { version: VERSION, writer, commit })?;
    lines.write_all(b"\n")?;
    Ok(lines)
}

impl Entry {
    /// Reads the content of an entry's object.
    pub(super) fn decode(content: &[u8]) -> io::Result<Self> {
        let mut lines = Vec::new();
        zstd::Decoder::new(content)?.take(MAX_LEN).read_to_end(&mut lines)?;
        let end = memchr::memchr(b'\n', &lines).unwrap_or(lines.len());
        let (first, mut rest) = lines.split_at(end);
        let first: FirstLine = serde_json::from_slice(first)?;
        rest = rest.get(1..).unwrap_or_default();
        match first {
            FirstLine { version, .. } if version > VERSION => {
                let why = "a newer version of this program wrote it; use that version or another prefix";
                Err(io::Error::other(why))
            }
            FirstLine { commit: true, .. } => Ok(Self::Commit(serde_json::from_slice(rest)?)),
            FirstLine { commit: false, .. } => {
                let page = read_page(&mut rest)?.ok_or_else(|| io::Error::other("its page is incomplete"))?;
                Ok(Self::Page(Box::new(page)))
            }
        }
    }
}

/// Returns the name of an entry with a number. Names are in the order of the numbers.
pub(super) fn name_of(number: u64) -> String {
    format!("{number:012}{ENDING}")
}

/// Returns the number of an entry with a name.
pub(super) fn number_of(name: &str) -> io::Result<u64> {
    let number = name.strip_suffix(ENDING).and_then(|number| number.parse().ok());
    number.ok_or_else(|| io::Error::other("the log has an object of another program; choose another prefix"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_numbers() {
        assert!(name_of(9) < name_of(10) && name_of(99) < name_of(100));
        assert_eq!(number_of(&name_of(1_234)).unwrap(), 1_234);
        assert!(number_of("a.jsonl.zst").is_err());
    }

    #[test]
    fn an_entry_that_was_cut_is_refused() {
        let content = encode_commit(&Manifest::default(), 7).unwrap();
        assert!(matches!(Entry::decode(&content).unwrap(), Entry::Commit(manifest) if manifest.next_segment == 1));
        for len in 0..content.len() {
            assert!(Entry::decode(&content[..len]).is_err(), "{len}");
        }
    }
}
