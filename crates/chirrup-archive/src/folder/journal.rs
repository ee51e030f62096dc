//! Journal of the pages that are not in a segment yet.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use chirrup_store::open_regular;
use serde::{Deserialize, Serialize};

use crate::collection::{Page, Relation};
use crate::report::Report;

/// Number of bytes that are written at once.
const BUFFER_LEN: usize = 1 << 20;
/// Longest line of a journal.
const MAX_LINE_LEN: u64 = 64 << 20;

/// Number of bytes of memory that the columns of an item take, apart from its texts.
const ROW_LEN: usize = 512;

/// Page without its bodies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) source: String,
    /// Type of the items: the name of an `ItemKind`.
    pub(super) kind: String,
    /// Name of a relation, its subject, and whether the items are the sources of the edges.
    pub(super) relation: Option<(String, u64, bool)>,
    pub(super) seen_at: i64,
    pub(super) cost_micros: u64,
    pub(super) next_token: Option<String>,
    /// Items that the source did not have before.
    pub(super) new_items: u64,
    /// Lowest and highest ID of the items.
    pub(super) oldest_id: Option<u64>,
    pub(super) newest_id: Option<u64>,
    pub(super) until_id: Option<u64>,
    pub(super) since_id: Option<u64>,
    /// Number of bodies, each in a line that follows.
    pub(super) bodies: usize,
    pub(super) problems: Vec<(String, String)>,
    /// Start, end and cause of each gap, and how it was filled.
    pub(super) gaps: Vec<(Option<i64>, Option<i64>, String, String)>,
}

impl Header {
    pub(super) fn new(source: &str, page: &Page<'_>, report: &Report) -> Self {
        let gap = |gap: &crate::report::Gap| {
            let [from, to] = [gap.from, gap.to].map(|time| time.map(|time| time.as_millis()));
            (from, to, gap.cause.clone(), gap.filled.clone())
        };
        let relation = |relation: Relation| (relation.name.to_owned(), relation.subject, relation.items_are_sources);
        Self {
            source: source.to_owned(),
            kind: page.items.name().to_owned(),
            relation: page.relation.map(relation),
            seen_at: page.seen_at.as_millis(),
            cost_micros: page.cost_micros,
            next_token: page.next_token.map(str::to_owned),
            new_items: 0,
            oldest_id: None,
            newest_id: None,
            until_id: None,
            since_id: None,
            bodies: page.bodies.len(),
            problems: report.problems.clone(),
            gaps: report.gaps.iter().map(gap).collect(),
        }
    }
}

/// Page that is not in a segment yet.
#[derive(Debug)]
pub(super) struct PendingPage {
    pub(super) header: Header,
    pub(super) bodies: Vec<Vec<u8>>,
}

impl PendingPage {
    /// Number of bytes of memory that it takes until it is in a segment.
    pub(super) fn byte_len(&self) -> usize {
        let rows = usize::try_from(self.header.new_items).unwrap_or(usize::MAX);
        let texts = self.bodies.iter().map(Vec::len).sum::<usize>() + self.header.source.len();
        rows.saturating_mul(ROW_LEN).saturating_add(texts)
    }

    /// Writes the header and the bodies in a line each.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *to, &self.header)?;
        to.write_all(b"\n")?;
        for body in &self.bodies {
            to.write_all(body)?;
            to.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// File that pages are appended to, each durable before its source continues.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Journal {
    /// Path of a journal of a folder.
    pub(super) fn path_of(folder: &Path, number: u64) -> PathBuf {
        folder.join(format!("journal-{number}.jsonl"))
    }

    /// Opens or creates a journal, and returns the pages that an earlier program left in it.
    pub(super) fn open(path: PathBuf) -> io::Result<(Self, Vec<PendingPage>)> {
        let pages = Self::read(&path)?;
        // These pages become segments before the journal is appended to.
        let file = open_regular(&path, OpenOptions::new().append(true))?;
        Ok((Self { path, file: BufWriter::with_capacity(BUFFER_LEN, file) }, pages))
    }

    /// Creates an empty journal. What a file of this name has was never committed.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let file = open_regular(&path, OpenOptions::new().read(true).write(true))?;
        file.set_len(0)?;
        Ok(Self { path, file: BufWriter::with_capacity(BUFFER_LEN, file) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a page and writes it to the disk.
    pub(super) fn append(&mut self, page: &PendingPage) -> io::Result<()> {
        page.write(&mut self.file)?;
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }

    /// Reads the complete pages of a journal. The last one may be partial after a crash: its source never continued.
    fn read(path: &Path) -> io::Result<Vec<PendingPage>> {
        let file = match File::open(path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            file => file?,
        };
        let (mut reader, mut pages) = (BufReader::new(file), Vec::new());
        while let Some(page) = read_page(&mut reader)? {
            pages.push(page);
        }
        Ok(pages)
    }
}

/// Reads the next page. Returns `None` if it is missing or incomplete.
pub(super) fn read_page(reader: &mut impl BufRead) -> io::Result<Option<PendingPage>> {
    let mut next = || {
        let mut line = Vec::new();
        reader.by_ref().take(MAX_LINE_LEN).read_until(b'\n', &mut line)?;
        Ok::<_, io::Error>(line.pop_if(|byte| *byte == b'\n').map(|_| line))
    };
    let Some(line) = next()? else { return Ok(None) };
    let Ok(header) = serde_json::from_slice::<Header>(&line) else { return Ok(None) };
    let mut bodies = Vec::with_capacity(header.bodies.min(1 << 16));
    for _ in 0..header.bodies {
        match next()? {
            Some(body) => bodies.push(body),
            None => return Ok(None),
        }
    }
    Ok(Some(PendingPage { header, bodies }))
}

/// Returns a body in a line of its own: a line break within JSON is white space.
pub(super) fn line_of(body: &[u8]) -> Vec<u8> {
    body.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect()
}
