//! Files that have some columns of a segment only: the others were not downloaded.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

use bytes::Bytes;
use parquet::file::metadata::ParquetMetaDataReader;

use super::segment::io_error;

/// Length of the end of a file that is downloaded first, which has the metadata of most files.
const TAIL_LEN: u64 = 64 << 10;
/// Length of what follows the metadata: its own length, and a mark.
const END_LEN: u64 = 8;

/// Returns a file of this length with the metadata and these columns of a segment, which `read` downloads.
pub(super) fn with_columns(
    len: u64,
    names: &[&str],
    read: impl Fn(Vec<Range<u64>>) -> io::Result<Vec<Bytes>>,
) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.set_len(len)?;
    let tail = len.saturating_sub(TAIL_LEN);
    download(&mut file, Some(tail..len), &read)?;
    let mut metadata_len = [0; 4];
    file.seek(SeekFrom::Start(len.saturating_sub(END_LEN)))?;
    file.read_exact(&mut metadata_len)?;
    let start = len.saturating_sub(END_LEN + u64::from(u32::from_le_bytes(metadata_len)));
    if start < tail {
        download(&mut file, Some(start..tail), &read)?;
    }
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).map_err(io_error)?;
    let chunks = metadata.row_groups().iter().flat_map(|group| group.columns());
    let named = chunks.filter(|chunk| {
        let name = chunk.column_path().parts().first();
        name.is_some_and(|name| names.contains(&name.as_str()))
    });
    let ranges = named.map(|chunk| {
        let (start, len) = chunk.byte_range();
        start..start + len
    });
    download(&mut file, ranges, &read)?;
    Ok(file)
}

fn download(
    file: &mut File,
    ranges: impl IntoIterator<Item = Range<u64>>,
    read: &impl Fn(Vec<Range<u64>>) -> io::Result<Vec<Bytes>>,
) -> io::Result<()> {
    let ranges: Vec<_> = ranges.into_iter().collect();
    let starts: Vec<u64> = ranges.iter().map(|range| range.start).collect();
    for (start, bytes) in starts.into_iter().zip(read(ranges)?) {
        file.seek(SeekFrom::Start(start))?;
        file.write_all(&bytes)?;
    }
    Ok(())
}
