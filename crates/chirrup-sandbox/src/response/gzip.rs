//! Compression of whole bodies.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Returns the body compressed with gzip, or `None` if that fails.
pub(crate) fn compress(body: &[u8]) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(body).and_then(|()| gzip.finish()).ok()
}
