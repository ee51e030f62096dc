//! Bytes of lines in a file: the lines as they are, or compressed.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};
use std::path::Path;

#[cfg(feature = "zstd")]
use zstd::stream::{Decoder, Encoder};

/// Level of the compression, which is the default of zstd.
#[cfg(feature = "zstd")]
const LEVEL: i32 = 3;

/// Whether the files of a name are compressed.
pub(crate) fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "zst")
}

/// Encoding of the lines of a file.
pub(crate) enum Encoding {
    Plain,
    /// The lines of a page are a frame with a checksum. Several frames after each other are a valid file.
    #[cfg(feature = "zstd")]
    Zstd(Option<Encoder<'static, Vec<u8>>>),
}

impl Encoding {
    /// Returns the encoding of the files of a name.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        match is_compressed(path) {
            false => Ok(Self::Plain),
            #[cfg(feature = "zstd")]
            true => Ok(Self::Zstd(None)),
            #[cfg(not(feature = "zstd"))]
            true => Err(io::Error::other("this program was built without zstd; leave out the ending `.zst`")),
        }
    }

    /// Returns the next bytes for some lines of a page. Others may follow with later lines.
    pub(crate) fn encode<'l>(&mut self, lines: &'l [u8]) -> io::Result<Cow<'l, [u8]>> {
        match self {
            Self::Plain => Ok(lines.into()),
            #[cfg(feature = "zstd")]
            Self::Zstd(frame) => {
                let encoder = match frame {
                    Some(encoder) => encoder,
                    None => frame.insert(begin_frame()?),
                };
                io::Write::write_all(encoder, lines)?;
                Ok(std::mem::take(encoder.get_mut()).into())
            }
        }
    }

    /// Ends the lines of a page. Returns their last bytes.
    pub(crate) fn end(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(Vec::new()),
            #[cfg(feature = "zstd")]
            Self::Zstd(frame) => frame.take().map_or(Ok(Vec::new()), Encoder::finish),
        }
    }

    /// Forgets the lines of a page that is not stored.
    pub(crate) fn reset(&mut self) {
        match self {
            Self::Plain => {}
            #[cfg(feature = "zstd")]
            Self::Zstd(frame) => *frame = None,
        }
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::Plain) { "Plain" } else { "Zstd" })
    }
}

/// Returns a reader of the lines of a file with this name.
pub(crate) fn decoded(path: &Path, file: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
    match is_compressed(path) {
        false => Ok(file),
        #[cfg(feature = "zstd")]
        true => Ok(Box::new(Decoder::new(file)?)),
        #[cfg(not(feature = "zstd"))]
        true => Err(io::Error::other("this program was built without zstd; decompress the file with `zstd -d`")),
    }
}

#[cfg(feature = "zstd")]
fn begin_frame() -> io::Result<Encoder<'static, Vec<u8>>> {
    let mut encoder = Encoder::new(Vec::new(), LEVEL)?;
    encoder.include_checksum(true)?;
    Ok(encoder)
}
