//! Downloads of media files: without a credential, from the hosts of X only, into a file.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chirrup_api::{Error, ErrorKind, TransportErrorKind};
use chirrup_store::with_suffix;
use http::Uri;

use crate::proxy::is_loopback;
use crate::wire::{FetchError, Wire};

/// Maximum size of a file, in bytes: that of the largest upload.
const MAX_SIZE: u64 = 512 << 20;
/// Number of partial files of other downloads to the same path.
const MAX_PARTIAL: u32 = 1_000;

/// Whether media may be fetched from a URL. URLs come out of responses, so only the hosts of X are trusted.
fn is_allowed(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let is_x = ["twimg.com", "x.com", "twitter.com"]
        .iter()
        .any(|domain| host == *domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')));
    (uri.scheme_str() == Some("https") && is_x && uri.port().is_none()) || is_loopback(uri)
}

/// Downloads a media file to `path` and returns its size in bytes. The file appears at `path` once it is complete.
pub(crate) async fn download(wire: &Arc<Wire>, url: &str, path: &Path) -> Result<u64, Error> {
    const HINT: &str = "pass the URL of a photo or video as X returns it";
    let uri: Uri =
        url.parse().map_err(|_| Error::invalid_argument("download: the URL is malformed").with_hint(HINT))?;
    let host = uri.host().unwrap_or_default().to_owned();
    if !is_allowed(&uri) {
        let message = format!("download: `{host}` is not a host of X, or not reached over https on its usual port");
        return Err(Error::invalid_argument(message).with_hint(HINT));
    }
    let not_written = |why: std::io::Error| Error::storage(format!("could not write {}: {why}", path.display()));
    let (mut file, partial) = create_partial(path).map_err(not_written)?;
    let done = match wire.fetch(uri, MAX_SIZE, &mut |bytes| file.write_all(bytes)).await {
        Ok(size) => file.sync_all().and_then(|()| std::fs::rename(&partial, path)).map(|()| size).map_err(not_written),
        Err(FetchError::Sink(why)) => Err(not_written(why)),
        Err(why) => Err(not_downloaded(&host, &why)),
    };
    if done.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    done
}

/// Creates a file next to `path` that no other program uses, and returns its path.
fn create_partial(path: &Path) -> std::io::Result<(File, PathBuf)> {
    let mut number = 0;
    loop {
        number += 1;
        let partial = with_suffix(path, &format!(".{number}.part"));
        match File::create_new(&partial) {
            Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists && number < MAX_PARTIAL => {}
            created => return created.map(|file| (file, partial)),
        }
    }
}

fn not_downloaded(host: &str, why: &FetchError) -> Error {
    let message = |why: &dyn std::fmt::Display| format!("could not download the media file from `{host}`: {why}");
    match why {
        FetchError::Status(status) => {
            let error = Error::from_status(status.as_u16(), message(status));
            let hint = match error.kind() {
                ErrorKind::NotFound => "the media file may have been deleted",
                ErrorKind::Server | ErrorKind::RateLimited => "try again later",
                _ => "check the URL",
            };
            error.with_hint(hint)
        }
        FetchError::Sink(why) => Error::storage(message(why)),
        FetchError::Transport(error) if error.kind == TransportErrorKind::TooLarge => {
            Error::media(message(&error.message)).with_hint("download it with another program")
        }
        FetchError::Transport(error) => {
            Error::network(message(&error.message)).with_hint("check the connection, then try again")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_x_and_loopback_addresses_are_allowed() {
        let allowed = |url: &str| is_allowed(&url.parse().expect("a URL"));
        for url in ["https://video.twimg.com/1.mp4", "https://pbs.twimg.com/x?name=orig", "http://127.0.0.1:80/x"] {
            assert!(allowed(url), "{url}");
        }
        for url in [
            "http://video.twimg.com/1.mp4",
            "https://twimg.com.evil.example/1",
            "https://eviltwimg.com/1",
            "https://example.com/1",
            "https://video.twimg.com:8443/1",
            "http://10.0.0.1/",
        ] {
            assert!(!allowed(url), "{url}");
        }
    }
}
