//! Check of a folder: its files against the manifest, and the rows against each other.

use std::collections::BTreeMap;
use std::io;

use serde_json::value::RawValue;

use super::batch::{key_of, kind_of};
use super::columns::Columns;
use super::manifest::Segment;
use super::merge::SortedRows as _;
use super::object_reader::ObjectReader;
use super::read::ParquetReader;
use super::segment::Hashed;
use super::storage::SegmentFile;
use crate::object::ObjectKind;
use crate::reader::ArchiveReader as _;

impl ParquetReader {
    /// Checks the folder: the checksums, lengths and rows of its files against the manifest, the order of the keys, the JSON
    /// of the objects, and the checkpoints against the results. Returns the faults, which are none for a sound folder.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn verify(&self) -> io::Result<Vec<String>> {
        let mut faults = Vec::new();
        let mut found: BTreeMap<(ObjectKind, String), u64> = BTreeMap::new();
        for segment in &self.manifest.segments {
            match self.checked_file(segment) {
                Ok(None) => {
                    if let Some(kind) = ObjectKind::ALL.into_iter().find(|kind| kind.table() == segment.table) {
                        faults.extend(self.check_objects(kind, segment, &mut found)?);
                    }
                }
                Ok(Some(fault)) => faults.push(fault),
                Err(why) => faults.push(format!("{}: {why}", segment.file)),
            }
        }
        for (name, source) in &self.manifest.sources {
            let kind = kind_of(&source.kind);
            let mut results = found.get(&(kind, name.clone())).copied().unwrap_or_default();
            if results > source.items {
                // A source that repeats an item stores it again, in another segment.
                results = self.distinct_results(kind, name)?;
            }
            if results != source.items {
                faults.push(format!("source `{name}` has {results} results, and {} by its checkpoint", source.items));
            }
        }
        let unlisted = self.files.unlisted(&self.manifest)?.into_iter();
        faults.extend(unlisted.map(|file| format!("{file}: the manifest does not have this file")));
        Ok(faults)
    }

    fn distinct_results(&self, kind: ObjectKind, source: &str) -> io::Result<u64> {
        let mut results = 0;
        self.objects(kind, &mut |_, object| {
            results += u64::from(object.found_by.iter().any(|name| name == source));
            Ok(())
        })?;
        Ok(results)
    }

    /// Returns the fault of a segment's file.
    fn checked_file(&self, segment: &Segment) -> io::Result<Option<String>> {
        let stored = SegmentFile::of(&self.files, segment);
        let mut file = stored.open()?;
        let mut hashed = Hashed::new(io::sink());
        io::copy(&mut file, &mut hashed)?;
        let (_, bytes, sha256) = hashed.finish();
        if bytes != segment.bytes || sha256 != segment.sha256 {
            return Ok(Some(format!("{}: the file is not the one that was written", segment.file)));
        }
        let rows = Columns::open(&stored)?.rows();
        let listed = segment.rows;
        Ok((rows != listed).then(|| format!("{}: {rows} rows, and {listed} by the manifest", segment.file)))
    }

    /// Checks the objects of a segment, and counts the results of the sources.
    fn check_objects(
        &self,
        kind: ObjectKind,
        segment: &Segment,
        found: &mut BTreeMap<(ObjectKind, String), u64>,
    ) -> io::Result<Vec<String>> {
        let mut objects = ObjectReader::new(kind, SegmentFile::of(&self.files, segment));
        let (mut unordered, mut invalid, mut first, mut last) = (0, 0, None, None);
        while let Some((key, object)) = objects.next()? {
            unordered += u64::from(last.as_ref().is_some_and(|last| *last >= key));
            let is_valid = serde_json::from_str::<&RawValue>(&object.json).is_ok()
                && key_of(kind, &object.json).is_ok_and(|read| read == key);
            invalid += u64::from(!is_valid);
            for source in object.found_by {
                *found.entry((kind, source.into_owned())).or_default() += 1;
            }
            first.get_or_insert_with(|| key.to_string());
            last = Some(key);
        }
        let other_keys = (first, last.map(|key| key.to_string())) != (segment.first.clone(), segment.last.clone());
        let fault = |number: u64, what: &str| (number > 0).then(|| format!("{}: {number} {what}", segment.file));
        let faults = [
            fault(unordered, "rows out of order"),
            fault(invalid, "rows with the JSON of another object"),
            fault(u64::from(other_keys), "other key at its start or end than in the manifest"),
        ];
        Ok(faults.into_iter().flatten().collect())
    }
}
