//! Writes with an idempotency key, which are performed once even if the program is killed and restarted.

use std::path::PathBuf;
use std::sync::Arc;

use chirrup_api::{BoundCall, Confirmed, Error, ErrorKind, Idempotency, IntoCall, RawResponse, Response, ResponseData};
use chirrup_auth::hex;
use chirrup_model::{PostId, Timestamp};
use chirrup_store::{FileStore, LockedStore, Store, lock_async};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::{Clock, SystemClock};

/// Age in milliseconds from which a write that cannot be found was certainly not performed. It covers the time that the
/// server may take to process a write and to show it.
const SETTLED_MS: i64 = 60_000;
/// Version of the stored format.
const VERSION: u32 = 1;

/// A write that is recorded under a key, and its response.
#[derive(Debug, Serialize, Deserialize)]
struct Intent {
    version: u32,
    key: String,
    /// Fingerprint of the call; see [`chirrup_api::Call::fingerprint`].
    call: String,
    /// Unix time in milliseconds just before the call was first sent.
    started: i64,
    #[serde(rename = "done", alias = "response")]
    response: Option<StoredResponse>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredResponse {
    status: u16,
    body: String,
}

/// A record of writes by idempotency key, so that each is performed once even across restarts.
///
/// X has no idempotency keys of its own. The outbox records a write on the disk before it is sent, and its response
/// afterwards. A later write with the same key returns that response, and nothing is sent, even if the post was deleted in
/// the meantime. If the response was lost, or the program ended in between, the outbox looks for the post among the newest posts of the user, and sends it again only if it is absent and
/// a minute has passed. Other writes cannot be looked up and are not sent again.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_http::Outbox;
///
/// let outbox = Outbox::in_folder("outbox");
/// let response = outbox.once("report-2026-11-21", client.create_post().text("Good morning")).await?;
/// println!("posted {}", response.data.id);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

impl Outbox {
    /// Creates an outbox in the files of a folder, which programs on this machine can share. The files contain the
    /// responses, and only their owner can access them.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), clock: Arc::new(SystemClock) }
    }

    /// Sets the source of time. The default is [`SystemClock`].
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Performs a write unless one with this key was performed before, and returns its response in either case.
    ///
    /// A concurrent write with the same key waits for the first, for up to 30 seconds.
    ///
    /// # Errors
    /// Those of the call. [`ErrorKind::Argument`] if the key was used for a different write, [`ErrorKind::Storage`] if the
    /// folder cannot be read or written, [`ErrorKind::UnknownOutcome`] if it is unknown whether an earlier attempt
    /// succeeded.
    pub async fn once<C: IntoCall>(&self, key: &str, call: C) -> Result<Response<C::Out>, Error> {
        let call = call.into_call();
        let store = FileStore::at(self.folder.join(file_name(key)));
        let mut locked = lock_async(&store).await?;
        let intent = Intent {
            version: VERSION,
            key: key.to_owned(),
            call: call.call.fingerprint(),
            started: self.clock.now().as_millis(),
            response: None,
        };
        if let Some(earlier) = read_intent(&mut *locked, &store)? {
            if (&earlier.key, &earlier.call) != (&intent.key, &intent.call) {
                let key: String = key.chars().take(60).collect();
                let message = format!("outbox: the key `{key}` was used for a different write");
                return Err(Error::invalid_argument(message).with_hint("use another key for this write"));
            }
            if let Some(response) = earlier.response {
                return call.decode(response.into_raw());
            }
            if let Some(raw) = self.find_earlier(&call, Timestamp::from_millis(earlier.started)).await? {
                return complete(&mut *locked, earlier, &call, raw);
            }
        }
        write_intent(&mut *locked, &intent)?;
        match call.clone().send_raw().await {
            Ok(raw) => complete(&mut *locked, intent, &call, raw),
            // The write may have been performed: the intent is kept, and completed if the post is there. A post that is
            // deleted later is then not sent again.
            Err(error) if error.unknown_outcome().is_some() || error.kind() == ErrorKind::Decode => {
                match self.confirm(&call, Timestamp::from_millis(intent.started)).await {
                    Ok(Confirmed::Found(id)) => {
                        let raw = found_response(&call, id);
                        complete(&mut *locked, intent, &call, raw)
                    }
                    _ => Err(error),
                }
            }
            Err(error) => {
                locked.replace(b"")?;
                Err(error)
            }
        }
    }

    /// Looks for the result of a write that an earlier run may have sent. Returns `None` if it may be sent again.
    async fn find_earlier(&self, call: &BoundCall, started: Timestamp) -> Result<Option<RawResponse>, Error> {
        if call.call.idempotency() != Idempotency::NonIdempotent {
            return Ok(None);
        }
        let in_doubt = call.outcome_unknown(started);
        match self.confirm(call, started).await? {
            Confirmed::Found(id) => Ok(Some(found_response(call, id))),
            Confirmed::NotFound if self.clock.now().as_millis() - started.as_millis() >= SETTLED_MS => Ok(None),
            _ => Err(in_doubt),
        }
    }

    /// Looks for the post that a write may have created.
    async fn confirm(&self, call: &BoundCall, started: Timestamp) -> Result<Confirmed, Error> {
        call.client().confirm(&call.outcome_unknown(started)).await
    }
}

/// Returns the response to a write that created this post.
fn found_response(call: &BoundCall, id: PostId) -> RawResponse {
    let body = serde_json::json!({"data": {"id": id, "text": call.call.text("text")}});
    StoredResponse { status: 201, body: body.to_string() }.into_raw()
}

impl StoredResponse {
    fn into_raw(self) -> RawResponse {
        let status = http::StatusCode::from_u16(self.status).unwrap_or(http::StatusCode::OK);
        RawResponse::new(status, http::HeaderMap::new(), self.body)
    }
}

/// Returns the file name of a key. It is a hash, since a key is arbitrary text.
fn file_name(key: &str) -> String {
    hex(&Sha256::digest(key))
}

fn read_intent(locked: &mut dyn LockedStore, store: &FileStore) -> Result<Option<Intent>, Error> {
    let Some(value) = locked.read()?.filter(|value| !value.is_empty()) else { return Ok(None) };
    let unreadable = |why: &str| Error::storage(format!("outbox: could not read {}: {why}", store.name()));
    let intent: Intent = serde_json::from_slice(&value).map_err(|why| unreadable(&why.to_string()))?;
    if intent.version > VERSION {
        return Err(unreadable("it was written by a newer version").with_hint("update this program"));
    }
    Ok(Some(intent))
}

fn write_intent(locked: &mut dyn LockedStore, intent: &Intent) -> Result<(), Error> {
    let json = serde_json::to_vec(intent).map_err(|why| Error::storage(format!("outbox: could not encode: {why}")))?;
    locked.replace(&json)
}

/// Records the response of a write and decodes it.
fn complete<T: ResponseData>(
    locked: &mut dyn LockedStore,
    mut intent: Intent,
    call: &BoundCall,
    raw: RawResponse,
) -> Result<Response<T>, Error> {
    let body = String::from_utf8_lossy(&raw.body).into_owned();
    intent.response = Some(StoredResponse { status: raw.status.as_u16(), body });
    write_intent(locked, &intent)?;
    call.decode(raw)
}
