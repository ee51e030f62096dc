//! Body of a response, which is decompressed as it arrives: the compressed form is not kept.

use std::io::{self, Write};

use bytes::{Bytes, BytesMut};
use flate2::write::MultiGzDecoder;

/// Decompressed size, in bytes, up to which the compression ratio does not matter.
const FREE_INFLATED_SIZE: usize = 1 << 20;
/// Maximum compression ratio of larger bodies.
const MAX_INFLATE_RATIO: usize = 200;
/// Number of compressed bytes that are decompressed in one step.
const STEP: usize = 16 << 10;

/// Reason why a body cannot be received.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// The body is larger than this number of bytes.
    TooLarge(usize),
    /// The body is not valid gzip.
    NotGzip(io::Error),
}

/// Receiver of a body.
pub(crate) struct ResponseBody {
    decoder: Option<MultiGzDecoder<Bounded>>,
    plain: Bounded,
    received: usize,
}

impl ResponseBody {
    /// Creates a receiver of at most `max` bytes. `announced` is the size that the headers name.
    pub(crate) fn new(is_gzip: bool, announced: usize, max: usize) -> Self {
        let bounded = |announced| Bounded { first: Bytes::new(), rest: BytesMut::new(), announced, max };
        let decoder = is_gzip.then(|| MultiGzDecoder::new(bounded(0)));
        Self { decoder, plain: bounded(announced.min(max)), received: 0 }
    }

    /// Adds data of the connection.
    pub(crate) fn add(&mut self, data: Bytes) -> Result<(), BodyError> {
        self.received += data.len();
        let Some(decoder) = &mut self.decoder else { return self.plain.add(data) };
        for step in data.chunks(STEP) {
            if let Err(why) = decoder.write_all(step) {
                return Err(decoder.get_ref().fault(why));
            }
        }
        Ok(())
    }

    /// Ends the body and returns it.
    pub(crate) fn finish(self) -> Result<Bytes, BodyError> {
        let Some(mut decoder) = self.decoder else { return Ok(self.plain.freeze()) };
        if self.received == 0 {
            return Ok(Bytes::new());
        }
        if let Err(why) = decoder.try_finish() {
            return Err(decoder.get_ref().fault(why));
        }
        let body = std::mem::take(decoder.get_mut());
        let max = FREE_INFLATED_SIZE.max(self.received.saturating_mul(MAX_INFLATE_RATIO));
        if body.len() > max { Err(BodyError::TooLarge(max)) } else { Ok(body.freeze()) }
    }

    /// Returns what has arrived of a body that ends early.
    pub(crate) fn cut(self) -> Bytes {
        let Some(mut decoder) = self.decoder else { return self.plain.freeze() };
        // Fails if the body is incomplete, and writes what can be decompressed nevertheless.
        let _ = decoder.try_finish();
        std::mem::take(decoder.get_mut()).freeze()
    }
}

/// Data with a maximum size.
#[derive(Debug, Default)]
struct Bounded {
    /// The first piece. Most bodies arrive in one, which then needs no copy.
    first: Bytes,
    rest: BytesMut,
    announced: usize,
    max: usize,
}

impl Bounded {
    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn add(&mut self, data: Bytes) -> Result<(), BodyError> {
        if self.len() == 0 && data.len() <= self.max {
            self.first = data;
            return Ok(());
        }
        self.extend(&data)
    }

    /// Adds data, or as much of it as there is space for.
    fn extend(&mut self, data: &[u8]) -> Result<(), BodyError> {
        if self.rest.is_empty() {
            // A buffer that grows would be copied, and take twice the memory for that time.
            self.rest.reserve(self.announced.max(self.first.len() + data.len()).min(self.max));
            self.rest.extend_from_slice(&std::mem::take(&mut self.first));
        }
        let space = data.len().min(self.max - self.rest.len());
        self.rest.extend_from_slice(&data[..space]);
        if space < data.len() { Err(BodyError::TooLarge(self.max)) } else { Ok(()) }
    }

    /// Returns the reason why the data could not be decompressed.
    fn fault(&self, why: io::Error) -> BodyError {
        if why.kind() == io::ErrorKind::FileTooLarge { BodyError::TooLarge(self.max) } else { BodyError::NotGzip(why) }
    }

    fn freeze(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self.extend(data) {
            Ok(()) => Ok(data.len()),
            Err(_) => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn received(is_gzip: bool, data: &[u8], piece: usize, max: usize) -> Result<Bytes, BodyError> {
        let mut body = ResponseBody::new(is_gzip, 0, max);
        data.chunks(piece).try_for_each(|piece| body.add(Bytes::copy_from_slice(piece)))?;
        body.finish()
    }

    #[test]
    fn a_body_is_the_same_in_pieces_of_any_size() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let two = [gzip(&text[..1_000]), gzip(&text[1_000..])].concat();
        for piece in [100, 4_096, 1 << 20] {
            assert_eq!(received(false, &text, piece, 1 << 20).unwrap(), text);
            assert_eq!(received(true, &gzip(&text), piece, 1 << 20).unwrap(), text);
            assert_eq!(received(true, &two, piece, 1 << 20).unwrap(), text, "gzip data may have several members");
        }
        assert!(received(true, b"", 1, 10).unwrap().is_empty());
    }

    #[test]
    fn a_body_has_a_maximum_size_and_must_be_complete() {
        let text = vec![b'x'; 50_000];
        for is_gzip in [false, true] {
            let sent = if is_gzip { gzip(&text) } else { text.clone() };
            assert_eq!(received(is_gzip, &sent, 999, 50_000).unwrap().len(), 50_000);
            assert!(matches!(received(is_gzip, &sent, 999, 49_999), Err(BodyError::TooLarge(49_999))));
        }
        let sent = gzip(&text);
        for cut in 1..sent.len() {
            let outcome = received(true, &sent[..cut], 7, 50_000);
            assert!(matches!(outcome, Err(BodyError::NotGzip(_))), "{cut}: {outcome:?}");
        }
        assert!(matches!(received(true, &text, 999, 50_000), Err(BodyError::NotGzip(_))));
        let bomb = gzip(&vec![b'x'; 4 << 20]);
        assert!(matches!(received(true, &bomb, 999, 8 << 20), Err(BodyError::TooLarge(FREE_INFLATED_SIZE))));
    }

    #[test]
    fn the_beginning_of_a_cut_body_is_returned() {
        let text: Vec<u8> = (0..100_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        for (is_gzip, sent) in [(false, text.clone()), (true, gzip(&text))] {
            let mut body = ResponseBody::new(is_gzip, 0, 64 << 10);
            let outcome = sent.chunks(10_000).try_for_each(|piece| body.add(Bytes::copy_from_slice(piece)));
            assert!(matches!(outcome, Err(BodyError::TooLarge(_))));
            assert_eq!(body.cut(), text[..64 << 10]);
        }
        let mut body = ResponseBody::new(true, 0, 64 << 10);
        let sent = gzip(&text);
        body.add(Bytes::copy_from_slice(&sent[..sent.len() / 8])).unwrap();
        let beginning = body.cut();
        assert!(!beginning.is_empty() && text.starts_with(&beginning));
    }
}
