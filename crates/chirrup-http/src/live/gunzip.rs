//! Incremental decompression of a stream: all complete data is returned without waiting for more.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

/// Number of compressed bytes that are decompressed in one step, which limits the memory that a gzip bomb can take.
const CHUNK: usize = 4 * 1024;

/// A decompressor of gzip data, or a pass-through for uncompressed data.
#[derive(Debug)]
pub(super) struct Gunzip(Option<MultiGzDecoder<Vec<u8>>>);

impl Gunzip {
    pub(super) fn new(is_gzip: bool) -> Self {
        Self(is_gzip.then(|| MultiGzDecoder::new(Vec::new())))
    }

    /// Passes the decompressed data to `sink`. Returns false if the data is not valid gzip.
    pub(super) fn decompress(&mut self, data: Bytes, mut sink: impl FnMut(Bytes)) -> bool {
        let Some(decoder) = &mut self.0 else {
            sink(data);
            return true;
        };
        data.chunks(CHUNK).all(|chunk| {
            let is_valid = decoder.write_all(chunk).and_then(|()| decoder.flush()).is_ok();
            let decompressed = std::mem::take(decoder.get_mut());
            if !decompressed.is_empty() {
                sink(decompressed.into());
            }
            is_valid
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn each_message_is_available_with_its_last_byte() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let (mut gunzip, mut output) = (Gunzip::new(true), Vec::new());
        for n in 0..1_000 {
            let message = if n % 3 == 0 { "\r\n".to_owned() } else { format!("{{\"n\":{n}}}\r\n") };
            encoder.write_all(message.as_bytes()).unwrap();
            encoder.flush().unwrap();
            let compressed = std::mem::take(encoder.get_mut());
            for byte in compressed {
                assert!(gunzip.decompress(Bytes::copy_from_slice(&[byte]), |data| output.extend_from_slice(&data)));
            }
            assert_eq!(std::mem::take(&mut output), message.as_bytes(), "{n}");
        }
        let plain = Bytes::from_static(b"{\"data\":{\"id\":\"1\"}}\r\n");
        assert!(!Gunzip::new(true).decompress(plain, |_| ()), "uncompressed data is rejected");
    }

    #[test]
    fn a_gzip_bomb_is_decompressed_in_small_pieces() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let block = vec![b'x'; 1 << 20];
        (0..64).for_each(|_| encoder.write_all(&block).unwrap());
        let bomb = encoder.finish().unwrap();
        assert!(bomb.len() < 100_000);
        let (mut largest, mut total) = (0, 0);
        let is_valid = Gunzip::new(true).decompress(bomb.into(), |data| {
            largest = largest.max(data.len());
            total += data.len();
        });
        assert!(is_valid && total == 64 << 20 && largest < 8 << 20, "{largest}");
    }
}
