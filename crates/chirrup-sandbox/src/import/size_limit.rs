//! Limit of the size of files.

use std::io::{self, Read as _};

/// Size in bytes of the largest file, decompressed. What it contains has to fit into memory.
const MAX_FILE: u64 = 4 << 30;

/// Reads everything, up to the size of the largest file.
pub(super) fn bounded(source: impl io::Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    source.take(MAX_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!("it is larger than {} GiB", MAX_FILE >> 30)));
    }
    Ok(content)
}
