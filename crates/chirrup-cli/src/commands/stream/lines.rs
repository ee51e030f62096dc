//! Lines of any URL as a stream of posts.

use bytes::Bytes;
use chirrup::archive::body_of;
use chirrup::internal::{DuplicateMember, DuplicateWindow, line_key};
use chirrup::model::{Post, Timestamp};
use chirrup::{
    Call, Client, IntoCall as _, Live, LiveBuilder, LiveEvent, RawCall, StreamStats, Typed, Undecoded,
    may_receive_credentials, printable_url,
};

use super::source::LineStream;
use crate::error::CliError;

/// Reason why a line is not an item.
const NO_ITEM: &str = "the line is neither a post nor a response of the API";

/// Returns the call of a URL. The credential of the app, which streams need, is sent to the host of the API only.
pub(super) fn call(client: &Client, url: &str) -> Result<RawCall, CliError> {
    if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme)) {
        let printable = printable_url(url);
        return Err(CliError::usage(format!("`{printable}` is not a URL that begins with http:// or https://")));
    }
    let call = client.call("GET", url);
    let origin = url.split(['?', '#']).next().unwrap_or_default();
    Ok(if may_receive_credentials(client.base_url(), origin) { call.as_app() } else { call.unauthenticated() })
}

/// Returns the name of a stream in an archive. The query of a URL, which may contain a secret, is a hash.
pub(super) fn name_of(call: &Call, url: &str) -> String {
    let (printable, fingerprint) = (printable_url(url), call.fingerprint());
    format!("{printable} {}", fingerprint.get(..16).unwrap_or(&fingerprint))
}

/// Opens the stream of a call, which resumes at a time if the server supports it.
pub(super) fn open(call: RawCall, since: Option<Timestamp>, connects_once: bool) -> Lines {
    let mut live = LiveBuilder::<Typed<Post>>::new(call.into_call()).undecoded();
    if let Some(since) = since {
        live = live.since(since);
    }
    if connects_once {
        live = live.attempts(1);
    }
    Lines { live: live.open(), seen: DuplicateWindow::default().join() }
}

/// Stream of the lines of a URL, each as the body of a response, without duplicates.
pub(super) struct Lines {
    live: Live<Undecoded>,
    seen: DuplicateMember,
}

impl LineStream for Lines {
    async fn next(&mut self) -> Option<(u32, LiveEvent<Bytes>)> {
        loop {
            let event = match self.live.next_event().await? {
                LiveEvent::Item(line) => match body_of(&line) {
                    Some(body) if self.seen.is_new(line_key(&body)) => LiveEvent::Item(body.into()),
                    Some(_) => continue,
                    None => LiveEvent::Bad { line, why: NO_ITEM.to_owned() },
                },
                event => event,
            };
            return Some((1, event));
        }
    }

    fn stats(&self) -> StreamStats {
        self.live.metrics().read()
    }

    fn stop(&self) {
        self.live.stop_handle().stop();
    }
}
