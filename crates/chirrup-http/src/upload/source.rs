//! Sources of uploads: files, bytes and streams. Only the parts in flight are in memory.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use chirrup_api::Error;
use futures_core::Stream;
use futures_util::StreamExt as _;

/// Number of bytes from which the media type is detected.
const START: u64 = 512;

type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Source of an upload: a file, bytes, or a stream of known length.
pub struct MediaSource(Kind);

enum Kind {
    Path(PathBuf),
    Open(PathBuf, Option<File>),
    Bytes(Bytes),
    /// The mutex only makes the source `Sync`; it is never locked.
    Stream {
        pieces: Mutex<Pieces>,
        size: u64,
        buffer: BytesMut,
    },
}

impl fmt::Debug for MediaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Path(path) | Kind::Open(path, _) => write!(f, "MediaSource({})", path.display()),
            Kind::Bytes(bytes) => write!(f, "MediaSource({} bytes)", bytes.len()),
            Kind::Stream { size, .. } => write!(f, "MediaSource(a stream of {size} bytes)"),
        }
    }
}

impl From<PathBuf> for MediaSource {
    fn from(path: PathBuf) -> Self {
        Self(Kind::Path(path))
    }
}

impl From<&Path> for MediaSource {
    fn from(path: &Path) -> Self {
        Self(Kind::Path(path.to_owned()))
    }
}

impl From<&str> for MediaSource {
    /// Reads the file at a path.
    fn from(path: &str) -> Self {
        Self(Kind::Path(path.into()))
    }
}

impl From<Bytes> for MediaSource {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Bytes(bytes))
    }
}

impl From<Vec<u8>> for MediaSource {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl MediaSource {
    /// Creates a source from a stream of `size` bytes in pieces of any length.
    pub fn stream(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static, size: u64) -> Self {
        Self(Kind::Stream { pieces: Mutex::new(Box::pin(pieces)), size, buffer: BytesMut::new() })
    }

    /// Returns the size in bytes and a copy of the first bytes, which [`next`](Self::next) returns again.
    pub(super) async fn open(&mut self) -> Result<(u64, Bytes), Error> {
        match &mut self.0 {
            Kind::Path(path) | Kind::Open(path, _) => {
                let path = path.clone();
                let opened = path.clone();
                let (file, size, start) = blocking(&path, move || {
                    let mut file = File::open(&opened)?;
                    let size = file.metadata()?.len();
                    let mut start = Vec::new();
                    file.by_ref().take(START).read_to_end(&mut start)?;
                    file.rewind()?;
                    Ok((file, size, start))
                })
                .await?;
                self.0 = Kind::Open(path, Some(file));
                Ok((size, start.into()))
            }
            Kind::Bytes(bytes) => Ok((bytes.len() as u64, bytes.slice(..bytes.len().min(START as usize)))),
            Kind::Stream { pieces, size, buffer } => {
                let wanted = (*size).min(START);
                fill(pieces.get_mut().unwrap_or_else(PoisonError::into_inner), buffer, wanted).await?;
                Ok((*size, Bytes::copy_from_slice(&buffer[..buffer.len().min(START as usize)])))
            }
        }
    }

    /// Returns the next `length` bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the source fails or ends before.
    pub(super) async fn next(&mut self, length: u64) -> Result<Bytes, Error> {
        match &mut self.0 {
            Kind::Path(path) => Err(truncated(&path.display().to_string())),
            Kind::Open(path, file) => {
                let mut taken = file.take().ok_or_else(|| truncated(&path.display().to_string()))?;
                let (file_again, part) = blocking(path, move || {
                    let mut part = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
                    taken.by_ref().take(length).read_to_end(&mut part)?;
                    Ok((taken, part))
                })
                .await?;
                *file = Some(file_again);
                // Another program may truncate the file during the upload.
                if part.len() as u64 != length {
                    return Err(truncated(&path.display().to_string()));
                }
                Ok(part.into())
            }
            Kind::Bytes(bytes) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                if bytes.len() < length { Err(truncated("the source")) } else { Ok(bytes.split_to(length)) }
            }
            Kind::Stream { pieces, buffer, .. } => {
                fill(pieces.get_mut().unwrap_or_else(PoisonError::into_inner), buffer, length).await?;
                Ok(buffer.split_to(usize::try_from(length).unwrap_or(0)).freeze())
            }
        }
    }
}

async fn fill(pieces: &mut Pieces, buffer: &mut BytesMut, length: u64) -> Result<(), Error> {
    while (buffer.len() as u64) < length {
        match pieces.next().await {
            Some(Ok(piece)) => buffer.extend_from_slice(&piece),
            Some(Err(why)) => return Err(Error::storage(format!("could not read the stream to upload: {why}"))),
            None => return Err(truncated("the stream")),
        }
    }
    Ok(())
}

fn truncated(what: &str) -> Error {
    Error::storage(format!("could not read {what}: it is shorter than its declared size"))
        .with_hint("upload the whole source again")
}

/// Reads a file on a thread where it may block.
async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let unreadable = |why: io::Error| Error::storage(format!("could not read {}: {why}", path.display()));
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(unreadable),
        Err(why) => Err(unreadable(io::Error::other(why))),
    }
}
