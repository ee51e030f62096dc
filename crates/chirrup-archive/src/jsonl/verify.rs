//! Checks of the files: their lengths, checksums, lines and items against the checkpoint.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use chirrup_api::internal::line_key;
use chirrup_store::with_suffix;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::JsonlArchive;
use super::endings::{CHECKPOINT, FILES, ITEMS};
use super::item_set::ItemSet;
use super::items::{len_of, next_item};
use super::page_lines::key_of;
use super::state::{Segment, State};
use crate::encoding::decoded;
use crate::lines::with_path;
use crate::objects::objects_of;

impl JsonlArchive {
    /// Whether a file is one of such an archive.
    pub fn is_at(path: &Path) -> bool {
        read_state(path).is_ok()
    }

    /// Returns the files with the lines of an archive, in their order.
    ///
    /// # Errors
    /// If a file is not one of such an archive, or cannot be read.
    pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
        let files = read_state(path).and_then(|state| segments(path, &state, &mut Vec::new()));
        let files = files.map_err(|why| with_path(path, &why))?;
        Ok(files.into_iter().map(|segment| path.with_file_name(segment.name)).collect())
    }

    /// Checks the files of an archive: the length and the checksums of each, that each line is JSON, and that the items of
    /// the lines are those of the checkpoint, each once per source. Returns the faults, which are none for sound files.
    ///
    /// # Errors
    /// If a file is not one of such an archive, or cannot be read.
    pub fn verify(path: &Path) -> io::Result<Vec<String>> {
        verify(path).map_err(|why| with_path(path, &why))
    }
}

fn read_state(path: &Path) -> io::Result<State> {
    State::read(&std::fs::read(with_suffix(path, CHECKPOINT))?)
}

/// Returns the files of an archive: those before the current one, which is the last.
fn segments(path: &Path, state: &State, faults: &mut Vec<String>) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for line in BufReader::new(part_of(&with_suffix(path, FILES), state.files_len, faults)?).lines() {
        segments.push(serde_json::from_str::<Segment>(&line?)?);
    }
    segments.extend(Some(state.segment.clone()).filter(|segment| !segment.name.is_empty()));
    Ok(segments)
}

fn verify(path: &Path) -> io::Result<Vec<String>> {
    let state = read_state(path)?;
    let mut faults = Vec::new();
    let segments = segments(path, &state, &mut faults)?;
    let mut items = Items {
        file: BufReader::new(part_of(&with_suffix(path, ITEMS), len_of(state.items), &mut faults)?),
        by_source: HashMap::new(),
    };
    for segment in &segments {
        let path = path.with_file_name(&segment.name);
        let known_faults = faults.len();
        if crc32_of(part_of(&path, segment.len, &mut faults)?)? == segment.crc32 {
            let compared = compare(segment, part_of(&path, segment.len, &mut faults)?, &path, &mut items);
            let fault = compared.unwrap_or_else(|why| Some(why.to_string()));
            faults.extend(fault.map(|fault| format!("{}: {fault}", segment.name)));
        } else if faults.len() == known_faults {
            faults.push(format!("{}: its checksum is not that of the checkpoint", segment.name));
        }
    }
    if !faults.is_empty() {
        // The items of a damaged file are not counted.
        return Ok(faults);
    }
    if items.next()?.is_some() {
        faults.push("the lines have fewer items than the checkpoint".to_owned());
    }
    for (name, source) in &state.sources {
        let (counted, checkpoint) = (items.by_source.remove(&source.number), &source.checkpoint);
        let (number, unique) = counted.map_or((0, 0), |(number, unique)| (number, unique.len() as u64));
        if number != checkpoint.items || unique != number {
            let stored = checkpoint.items;
            faults.push(format!("`{name}` has {unique} different items of {number}, and {stored} in its checkpoint"));
        }
    }
    Ok(faults)
}

/// The items of all sources as they are read: their number, and the different ones.
struct Items<R> {
    file: R,
    by_source: HashMap<u32, (u64, ItemSet)>,
}

impl<R: Read> Items<R> {
    fn next(&mut self) -> io::Result<Option<u64>> {
        let next = next_item(&mut self.file)?;
        if let Some((source, item)) = next {
            let (number, unique) = self.by_source.entry(source).or_default();
            *number += 1;
            unique.insert(item);
        }
        Ok(next.map(|(_, item)| item))
    }
}

/// Opens the committed part of a file.
fn part_of(path: &Path, len: u64, faults: &mut Vec<String>) -> io::Result<Box<dyn Read>> {
    if len == 0 {
        return Ok(Box::new(io::empty()));
    }
    let found = path.metadata().map_or(0, |found| found.len());
    if found < len {
        faults.push(format!("{}: {found} of {len} bytes are left", path.display()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file.take(len))),
        Err(_) if found < len => Ok(Box::new(io::empty())),
        Err(why) => Err(why),
    }
}

fn crc32_of(file: impl Read) -> io::Result<u32> {
    let (mut file, mut crc32) = (BufReader::with_capacity(1 << 20, file), crc32fast::Hasher::new());
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(crc32.finalize());
        }
        crc32.update(bytes);
        let len = bytes.len();
        file.consume(len);
    }
}

/// Compares the lines of a file with the items. Returns the first fault.
fn compare<R: Read>(
    segment: &Segment,
    file: Box<dyn Read>,
    path: &Path,
    items: &mut Items<R>,
) -> io::Result<Option<String>> {
    #[derive(Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    // A file whose first page was not stored is empty, and not even compressed.
    let mut lines = BufReader::new(if segment.len > 0 { decoded(path, file)? } else { file });
    let (mut line, mut number) = (Vec::new(), 0);
    while lines.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let Ok(Line { data }) = serde_json::from_slice(&line) else {
            return Ok(Some(format!("line {number} is not JSON with `data`")));
        };
        for object in objects_of(data) {
            let (key, id) = key_of(object);
            // A line of a stream without an ID has the key of the whole line.
            let keys = [key, if id.is_none() { line_key(line.trim_ascii_end()) } else { key }];
            if !items.next()?.is_some_and(|item| keys.contains(&item)) {
                return Ok(Some(format!("line {number} has another item than the checkpoint")));
            }
        }
        line.clear();
    }
    let expected = segment.lines;
    Ok((number != expected).then(|| format!("it has {number} lines instead of {expected}")))
}
