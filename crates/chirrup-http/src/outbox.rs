//! Writes with a key, which are done once, also by a program that is killed and started again.

use std::path::PathBuf;
use std::sync::Arc;

use chirrup_api::{BoundCall, Confirmed, Error, ErrorKind, Idempotency, IntoCall, RawResponse, Response, SendInfo};
use chirrup_auth::hex;
use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::{Clock, SystemClock};
use crate::store::{FileStore, LockedStore, Store, open_soon};

/// After how long a write that is not to be found was surely not done, in milliseconds: the longest time that a server may
/// take over it, and that X may take to show it.
const SETTLED_MS: i64 = 60_000;
const VERSION: u32 = 1;

/// What was meant to be written under a key, and what came of it.
#[derive(Debug, Serialize, Deserialize)]
struct Intent {
    version: u32,
    key: String,
    /// What the call asks for; see [`chirrup_api::Call::fingerprint`].
    call: String,
    /// When it was about to be sent.
    started: i64,
    /// The answer, if it came.
    done: Option<Done>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Done {
    status: u16,
    body: String,
}

/// Remembers what was written under which key, so that it is written once.
///
/// X knows no such keys. So the intent is on the disk before the call is sent, and the answer after it; whoever comes again
/// with the same key gets that answer, and nothing is sent. If a program ended in between, a post is looked for among the
/// newest ones of the user: it is sent again only if it is not there and a minute has passed. Of other writes nobody can
/// know, and they are not sent again.
///
/// ```no_run
/// # async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {
/// use chirrup_http::Outbox;
///
/// let outbox = Outbox::in_folder("outbox");
/// let reply = outbox.once("report-2026-11-21", client.create_post().text("Good morning")).await?;
/// println!("posted {}", reply.data.id);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

impl Outbox {
    /// An outbox in the files of a folder, which all programs on this machine share. They hold what was answered, and their
    /// owner alone may read them.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), clock: Arc::new(SystemClock) }
    }

    /// Uses another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Does a write, unless one with this key was done before; gives its reply in either case. Whoever comes with the same
    /// key meanwhile waits, for 30 s at most.
    ///
    /// # Errors
    /// Those of the call. [`ErrorKind::Configuration`] if the key was used for another write, or the outbox cannot be
    /// written. [`ErrorKind::UnknownOutcome`] if nobody knows whether it was done.
    pub async fn once<C: IntoCall>(&self, key: &str, call: C) -> Result<Response<C::Out>, Error> {
        let pending = call.into_call();
        let store = FileStore::at(self.folder.join(name_of(key)));
        let mut held = open_soon(&store).await?;
        let intent = Intent {
            version: VERSION,
            key: key.to_owned(),
            call: pending.call.fingerprint(),
            started: self.clock.now().as_millis(),
            done: None,
        };
        if let Some(found) = read(&mut *held, &store)? {
            if (&found.key, &found.call) != (&intent.key, &intent.call) {
                let message = format!("the key `{key}` was used for another write: give this one a key of its own");
                return Err(Error::configuration(message));
            }
            if let Some(done) = found.done {
                return pending.decode(done.answer());
            }
            if let Some(answer) = self.look_for(&pending, Timestamp::from_millis(found.started)).await? {
                return finish(&mut *held, found, &pending, answer);
            }
        }
        write(&mut *held, &intent)?;
        match pending.clone().send_raw().await {
            Ok(answer) => finish(&mut *held, intent, &pending, answer),
            // It may have been done.
            Err(error) if error.unknown_outcome().is_some() || error.kind() == ErrorKind::Decode => Err(error),
            Err(error) => {
                held.replace(b"")?;
                Err(error)
            }
        }
    }

    /// Looks for what an earlier run may have sent; nothing if it may be sent again.
    async fn look_for(&self, pending: &BoundCall, started: Timestamp) -> Result<Option<RawResponse>, Error> {
        if pending.call.idempotency() != Idempotency::NonIdempotent {
            return Ok(None);
        }
        let doubt = pending.outcome_unknown(started);
        match pending.client().confirm(&doubt).await? {
            Confirmed::Found(id) => {
                let body = serde_json::json!({"data": {"id": id, "text": pending.call.text("text")}});
                Ok(Some(Done { status: 201, body: body.to_string() }.answer()))
            }
            Confirmed::NotFound if self.clock.now().as_millis() - started.as_millis() >= SETTLED_MS => Ok(None),
            _ => Err(doubt),
        }
    }
}

impl Done {
    fn answer(self) -> RawResponse {
        let status = http::StatusCode::from_u16(self.status).unwrap_or(http::StatusCode::OK);
        RawResponse { status, headers: http::HeaderMap::new(), body: self.body.into(), send_info: SendInfo::default() }
    }
}

/// The file of a key: keys are texts of any kind.
fn name_of(key: &str) -> String {
    hex(&Sha256::digest(key))
}

fn read(held: &mut dyn LockedStore, store: &FileStore) -> Result<Option<Intent>, Error> {
    let Some(value) = held.read()?.filter(|value| !value.is_empty()) else { return Ok(None) };
    let unread = |why: String| Error::configuration(format!("{} cannot be read: {why}", store.name()));
    let found: Intent = serde_json::from_slice(&value).map_err(|why| unread(why.to_string()))?;
    if found.version > VERSION {
        return Err(unread("a newer version wrote it".to_owned()));
    }
    Ok(Some(found))
}

fn write(held: &mut dyn LockedStore, intent: &Intent) -> Result<(), Error> {
    held.replace(&serde_json::to_vec(intent).map_err(|why| Error::configuration(why.to_string()))?)
}

/// Keeps the answer, and reads it.
fn finish<T: chirrup_api::ResponseData>(
    held: &mut dyn LockedStore,
    mut intent: Intent,
    pending: &BoundCall,
    answer: RawResponse,
) -> Result<Response<T>, Error> {
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    intent.done = Some(Done { status: answer.status.as_u16(), body });
    write(held, &intent)?;
    pending.decode(answer)
}
