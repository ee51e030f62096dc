//! Downloading media: without a credential, from the hosts of X alone, into a file.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use chirrup_api::{Error, TransportError, TransportErrorKind};
use http::Uri;

use crate::proxy::is_loopback;
use crate::wire::Wire;

/// How large a file may be, if not said otherwise: as large as an upload.
const MAX: u64 = 512 << 20;

/// Whether media may be fetched from there. Addresses come out of answers, and lead nowhere else.
fn is_allowed(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let of_x = ["twimg.com", "x.com", "twitter.com"];
    let known = of_x.iter().any(|own| host == *own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')));
    (uri.scheme_str() == Some("https") && known && uri.port().is_none()) || is_loopback(uri)
}

/// Fetches a picture or a video into a file, which appears when it is whole. Gives its size.
pub(crate) async fn download(wire: &Arc<Wire>, url: &str, to: &Path) -> Result<u64, Error> {
    let uri: Uri = url.parse().map_err(|_| Error::configuration("the address of the medium is malformed"))?;
    if !is_allowed(&uri) {
        let host = uri.host().unwrap_or_default();
        return Err(Error::configuration(format!("media are fetched from the hosts of X alone, not from `{host}`")));
    }
    let failed = |why: std::io::Error| Error::configuration(format!("{} cannot be written: {why}", to.display()));
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = to.with_file_name(name);
    let mut file = std::fs::File::create(&part).map_err(failed)?;
    let size = wire.fetch(uri, MAX, &mut |bytes| file.write_all(bytes)).await;
    let done = match size {
        Ok(size) => file.sync_all().and_then(|()| std::fs::rename(&part, to)).map(|()| size).map_err(failed),
        Err(failure) => Err(unfetched(failure)),
    };
    if done.is_err() {
        // What is half there is of no use to anybody.
        let _ = std::fs::remove_file(&part);
    }
    done
}

fn unfetched(failure: TransportError) -> Error {
    let hint = match failure.kind {
        TransportErrorKind::Connect | TransportErrorKind::ConnectionLost | TransportErrorKind::Timeout => "; try again",
        _ => "",
    };
    Error::configuration(format!("the medium cannot be fetched: {}{hint}", failure.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_come_from_x_alone() {
        let allowed = |url: &str| is_allowed(&url.parse().expect("an address"));
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
