//! Packed bytes as they come: what is whole is given out, without waiting for more.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;

/// How much is unpacked at once: a bomb of this size is unpacked to some megabytes.
const PIECE: usize = 4 * 1024;

/// Unpacks a stream, or lets it through as it is.
#[derive(Debug)]
pub(super) struct Gunzip(Option<MultiGzDecoder<Vec<u8>>>);

impl Gunzip {
    pub(super) fn new(packed: bool) -> Self {
        Self(packed.then(|| MultiGzDecoder::new(Vec::new())))
    }

    /// Gives what these bytes hold, piece by piece; false if they cannot be unpacked.
    pub(super) fn unpack(&mut self, data: Bytes, mut give: impl FnMut(Bytes)) -> bool {
        let Some(decoder) = &mut self.0 else {
            give(data);
            return true;
        };
        data.chunks(PIECE).all(|piece| {
            let whole = decoder.write_all(piece).and_then(|()| decoder.flush()).is_ok();
            let unpacked = std::mem::take(decoder.get_mut());
            if !unpacked.is_empty() {
                give(unpacked.into());
            }
            whole
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
    fn each_message_is_there_when_its_bytes_are() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        let (mut unpacker, mut unpacked) = (Gunzip::new(true), Vec::new());
        for n in 0..1_000 {
            let message = if n % 3 == 0 { "\r\n".to_owned() } else { format!("{{\"n\":{n}}}\r\n") };
            packer.write_all(message.as_bytes()).unwrap();
            packer.flush().unwrap();
            let packed = std::mem::take(packer.get_mut());
            for byte in packed {
                assert!(unpacker.unpack(Bytes::copy_from_slice(&[byte]), |data| unpacked.extend_from_slice(&data)));
            }
            assert_eq!(std::mem::take(&mut unpacked), message.as_bytes(), "{n}");
        }
        let plain = Bytes::from_static(b"{\"data\":{\"id\":\"1\"}}\r\n");
        assert!(!Gunzip::new(true).unpack(plain, |_| ()), "what is not packed is told from what is");
    }

    #[test]
    fn a_bomb_comes_in_pieces() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        let nought = vec![b'x'; 1 << 20];
        (0..64).for_each(|_| packer.write_all(&nought).unwrap());
        let bomb = packer.finish().unwrap();
        assert!(bomb.len() < 100_000);
        let (mut largest, mut all) = (0, 0);
        let whole = Gunzip::new(true).unpack(bomb.into(), |data| {
            largest = largest.max(data.len());
            all += data.len();
        });
        assert!(whole && all == 64 << 20 && largest < 8 << 20, "{largest}");
    }
}
