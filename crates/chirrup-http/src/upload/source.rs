//! Where the bytes of an upload come from. No more of them are in memory than the parts under way.

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

/// How many of the first bytes are looked at.
const START: u64 = 512;

type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Where the bytes of an upload come from: a file, memory, or a stream whose length is known.
pub struct MediaSource(Kind);

enum Kind {
    Path(PathBuf),
    Open(PathBuf, Option<File>),
    Bytes(Bytes),
    /// The lock is never waited for: it lets the source be shared, as the rest of an upload can be.
    Stream {
        pieces: Mutex<Pieces>,
        size: u64,
        waiting: BytesMut,
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
    /// The file at this path.
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
    /// A stream of so many bytes, in pieces of any size.
    pub fn stream(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static, size: u64) -> Self {
        Self(Kind::Stream { pieces: Mutex::new(Box::pin(pieces)), size, waiting: BytesMut::new() })
    }

    /// Its size and its first bytes, which come again from [`next`](Self::next).
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
            Kind::Stream { pieces, size, waiting } => {
                let wanted = (*size).min(START);
                fill(pieces.get_mut().unwrap_or_else(PoisonError::into_inner), waiting, wanted).await?;
                Ok((*size, Bytes::copy_from_slice(&waiting[..waiting.len().min(START as usize)])))
            }
        }
    }

    /// The next bytes, exactly so many.
    pub(super) async fn next(&mut self, length: u64) -> Result<Bytes, Error> {
        match &mut self.0 {
            Kind::Path(path) => Err(short(&path.display().to_string())),
            Kind::Open(path, file) => {
                let mut taken = file.take().ok_or_else(|| short(&path.display().to_string()))?;
                let (back, part) = blocking(path, move || {
                    let mut part = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
                    taken.by_ref().take(length).read_to_end(&mut part)?;
                    Ok((taken, part))
                })
                .await?;
                *file = Some(back);
                // Somebody made it shorter meanwhile.
                if part.len() as u64 != length {
                    return Err(short(&path.display().to_string()));
                }
                Ok(part.into())
            }
            Kind::Bytes(bytes) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                if bytes.len() < length { Err(short("the source")) } else { Ok(bytes.split_to(length)) }
            }
            Kind::Stream { pieces, waiting, .. } => {
                fill(pieces.get_mut().unwrap_or_else(PoisonError::into_inner), waiting, length).await?;
                Ok(waiting.split_to(usize::try_from(length).unwrap_or(0)).freeze())
            }
        }
    }
}

async fn fill(pieces: &mut Pieces, waiting: &mut BytesMut, wanted: u64) -> Result<(), Error> {
    while (waiting.len() as u64) < wanted {
        match pieces.next().await {
            Some(Ok(piece)) => waiting.extend_from_slice(&piece),
            Some(Err(why)) => return Err(Error::configuration(format!("the stream cannot be read: {why}"))),
            None => return Err(short("the stream")),
        }
    }
    Ok(())
}

fn short(what: &str) -> Error {
    Error::configuration(format!("{what} is shorter than it said"))
}

/// Reads a file without blocking the runtime.
async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let failed = |why: io::Error| Error::configuration(format!("{} cannot be read: {why}", path.display()));
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(failed),
        Err(why) => Err(failed(io::Error::other(why))),
    }
}
