//! Uploading media: one call from a file to something that a post can name.

mod api_version;
mod media_type;
mod source;

use std::collections::BTreeSet;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{ApiClient, BoxFuture, Error, ErrorKind};
use chirrup_model::{MediaCategory, MediaFormat, MediaId, MediaKey, Processing, ProcessingState, SubtitlesCategory};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::Clock;
use api_version::{Standing, Version};

pub use media_type::{MediaPurpose, sniff};
pub use source::MediaSource;

/// How large a part is, if not said otherwise: X takes up to 5 MB.
const PART: u64 = 4 << 20;
/// How many parts there may be.
const MAX_PARTS: u64 = 1_000;
/// How many parts are under way at the same time, if not said otherwise.
const PARALLEL: usize = 3;
/// How long processing may take, if not said otherwise.
const PATIENCE: Duration = Duration::from_secs(900);
/// How many times the beginning and the end of an upload are tried.
const TRIES: u32 = 3;

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadProgress {
    /// So many bytes have arrived.
    Sent {
        /// How many.
        bytes: u64,
        /// Of how many.
        total: u64,
    },
    /// X is processing the media file.
    Processing {
        /// Progress in percent, 0 to 100.
        percent: u64,
    },
}

/// An upload that was broken off, as far as it had come. It can be stored, and gone on with for as long as X keeps it: a
/// day, about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    id: MediaId,
    size: u64,
    part: u64,
    done: BTreeSet<u32>,
}

impl UploadState {
    /// The id of the medium.
    pub fn id(&self) -> MediaId {
        self.id
    }
    /// How many bytes have arrived.
    pub fn sent(&self) -> u64 {
        self.done.iter().map(|index| self.part.min(self.size - u64::from(*index) * self.part)).sum()
    }
}

/// A medium that can be used.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Uploaded {
    /// The id by which posts and messages name it.
    pub id: MediaId,
    /// Its key.
    pub key: Option<MediaKey>,
    /// Its media type.
    pub format: MediaFormat,
    /// Its size in bytes.
    pub size: u64,
}

type OnProgress = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// An upload, to be awaited. Its type is looked for in its first bytes and its size is checked before anything is sent; it
/// is sent in parts, several at a time, each of them again if it fails; and it is waited for until X has processed it.
#[must_use = "an upload does nothing until it is awaited"]
pub struct MediaUpload {
    client: ApiClient,
    clock: Arc<dyn Clock>,
    source: MediaSource,
    version: Version,
    purpose: MediaPurpose,
    format: Option<MediaFormat>,
    part: u64,
    parallel: usize,
    patience: Duration,
    alt_text: Option<String>,
    progress: Option<OnProgress>,
    resumed: Option<UploadState>,
    handle: UploadHandle,
}

impl fmt::Debug for MediaUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaUpload")
            .field("source", &self.source)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Tells how far an upload has come, even after it failed.
#[derive(Debug, Clone, Default)]
pub struct UploadHandle(Arc<Mutex<Option<UploadState>>>);

impl UploadHandle {
    /// What is needed to go on with it later; `None` if nothing has arrived, or it is done.
    pub fn state(&self) -> Option<UploadState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Option<UploadState>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl MediaUpload {
    /// An upload by this client, which lives in the time of this clock.
    pub fn new(client: &ApiClient, clock: Arc<dyn Clock>, source: impl Into<MediaSource>) -> Self {
        Self {
            client: client.clone(),
            clock,
            source: source.into(),
            version: Version::V2,
            purpose: MediaPurpose::Post,
            format: None,
            part: PART,
            parallel: PARALLEL,
            patience: PATIENCE,
            alt_text: None,
            progress: None,
            resumed: None,
            handle: UploadHandle::default(),
        }
    }
    /// For a direct message instead of a post.
    pub fn for_dm(mut self) -> Self {
        self.purpose = MediaPurpose::Message;
        self
    }
    /// By API v1.1, for servers and credentials that only know that: `POST /1.1/media/upload.json` with its commands INIT,
    /// APPEND, FINALIZE and STATUS. Such uploads have no [`Uploaded::key`].
    pub fn use_v1(mut self) -> Self {
        self.version = Version::V1;
        self
    }
    /// Its media type, if its first bytes do not tell.
    pub fn format(mut self, format: MediaFormat) -> Self {
        self.format = Some(format);
        self
    }
    /// Says what is to be seen, for those who cannot see it: up to 1,000 characters.
    pub fn alt_text(mut self, text: impl Into<String>) -> Self {
        self.alt_text = Some(text.into());
        self
    }
    /// How many parts are under way at the same time; 3 if not given. Each takes some 10 MB of memory.
    pub fn concurrency(mut self, parts: usize) -> Self {
        self.parallel = parts.clamp(1, 16);
        self
    }
    /// How large a part is; 4 MiB if not given.
    pub fn chunk_size(mut self, bytes: u64) -> Self {
        self.part = bytes.max(1);
        self
    }
    /// How long to wait for X to process it; 15 minutes if not given.
    pub fn processing_timeout(mut self, limit: Duration) -> Self {
        self.patience = limit;
        self
    }
    /// Is told how far it has come.
    pub fn on_progress(mut self, tell: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(tell));
        self
    }
    /// Goes on with an upload of the same source that was broken off.
    pub fn resume(mut self, state: UploadState) -> Self {
        self.resumed = Some(state);
        self
    }
    /// Tells how far it has come, even after it failed or was dropped.
    pub fn handle(&self) -> UploadHandle {
        self.handle.clone()
    }

    async fn run(mut self) -> Result<Uploaded, Error> {
        if self.alt_text.as_ref().is_some_and(|text| text.chars().count() > 1_000) {
            return Err(Error::configuration("the alternative text has more than 1,000 characters; nothing was sent"));
        }
        let (size, start) = self.source.open().await?;
        let format = match self.format.take().or_else(|| sniff(&start)) {
            Some(format) => format,
            None => return Err(Error::configuration("its first bytes tell no media type: name one with `format`")),
        };
        let category = self.purpose.category(&format, size)?;
        let state = match self.resumed.take() {
            Some(state) if state.size == size => state,
            Some(_) => return Err(Error::configuration("the source is not the one whose upload was broken off")),
            None => self.begin(&format, category, size).await?,
        };
        let id = state.id;
        self.handle.change(|kept| *kept = Some(state.clone()));
        self.send_parts(&state).await?;
        let Standing { key, processing } = self.finish(id).await?;
        self.handle.change(|kept| *kept = None);
        if let Some(processing) = processing {
            self.await_processing(id, processing).await?;
        }
        if let Some(text) = &self.alt_text {
            self.version.describe(&self.client, id, text).await?;
        }
        Ok(Uploaded { id, key, format, size })
    }

    async fn begin(&self, format: &MediaFormat, category: MediaCategory, size: u64) -> Result<UploadState, Error> {
        let part = self.part.max(size.div_ceil(MAX_PARTS));
        let id = self.version.begin(&self.client, format, category, size).await?;
        Ok(UploadState { id, size, part, done: BTreeSet::new() })
    }

    async fn send_parts(&mut self, state: &UploadState) -> Result<(), Error> {
        let mut under_way = FuturesUnordered::new();
        let mut sent = state.sent();
        self.tell(UploadProgress::Sent { bytes: sent, total: state.size });
        let count = u32::try_from(state.size.div_ceil(state.part)).unwrap_or(u32::MAX);
        for index in 0..count {
            let length = state.part.min(state.size - u64::from(index) * state.part);
            let bytes = self.source.next(length).await?;
            if state.done.contains(&index) {
                continue;
            }
            if under_way.len() >= self.parallel
                && let Some(done) = under_way.next().await
            {
                self.arrived(done?, &mut sent, state.size);
            }
            under_way.push(self.version.append(self.client.clone(), state.id, index, bytes));
        }
        while let Some(done) = under_way.next().await {
            self.arrived(done?, &mut sent, state.size);
        }
        Ok(())
    }

    fn arrived(&self, (index, length): (u32, u64), sent: &mut u64, size: u64) {
        *sent += length;
        self.handle.change(|kept| {
            if let Some(state) = kept {
                state.done.insert(index);
            }
        });
        self.tell(UploadProgress::Sent { bytes: *sent, total: size });
    }

    fn tell(&self, progress: UploadProgress) {
        if let Some(tell) = &self.progress {
            tell(progress);
        }
    }

    /// Ends it. Where the answer is lost, the state of the upload tells whether that was done.
    async fn finish(&self, id: MediaId) -> Result<Standing, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.version.finish(&self.client, id).await {
                Ok(standing) => return Ok(standing),
                Err(error) if error.kind() == ErrorKind::UnknownOutcome && tries < TRIES => {
                    if let Ok(standing) = self.version.status(&self.client, id).await {
                        return Ok(standing);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn await_processing(&self, id: MediaId, mut processing: Processing) -> Result<(), Error> {
        let began = self.clock.elapsed();
        loop {
            let percent = processing.progress_percent.unwrap_or_default();
            self.tell(UploadProgress::Processing { percent });
            match &processing.state {
                Some(ProcessingState::Succeeded) => return Ok(()),
                Some(ProcessingState::Failed) => return Err(failed(id, &processing)),
                // X has been seen to stop for good at 99 % and to name the error all the same.
                _ if processing.error.is_some() => return Err(failed(id, &processing)),
                _ => {}
            }
            let wait = Duration::from_secs(processing.check_after_secs.unwrap_or(1).clamp(1, 60));
            let waited = self.clock.elapsed().saturating_sub(began);
            if waited + wait > self.patience {
                let message = format!("the processing of {id} is at {percent} % after {} s", waited.as_secs());
                return Err(Error::configuration(format!("{message}; look later with `upload_status`")));
            }
            self.clock.sleep(wait).await;
            match self.version.status(&self.client, id).await?.processing {
                Some(now) => processing = now,
                None => return Ok(()),
            }
        }
    }
}

impl IntoFuture for MediaUpload {
    type Output = Result<Uploaded, Error>;
    type IntoFuture = BoxFuture<Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// Sends a call that is harmless to send again, although its class says otherwise.
async fn again<T, F>(call: impl Fn() -> F) -> Result<T, Error>
where
    F: IntoFuture<Output = Result<T, Error>>,
    F::IntoFuture: Future<Output = Result<T, Error>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match call().await {
            Err(error) if error.kind() == ErrorKind::UnknownOutcome && tries < TRIES => {}
            done => return done,
        }
    }
}

fn failed(id: MediaId, processing: &Processing) -> Error {
    let reason = processing.error.as_ref().map(|error| {
        let name = error.name.as_deref().unwrap_or("an error without a name");
        format!("{name}: {}", error.message.as_deref().unwrap_or_default())
    });
    let reason = reason.unwrap_or_else(|| "it does not say why".to_owned());
    Error::configuration(format!("X could not process the medium {id}: {reason}"))
}

/// Puts subtitles under an uploaded video: uploads them as SRT, and names the language.
///
/// # Errors
/// If they cannot be uploaded, or the video takes none.
pub async fn add_subtitles(
    client: &ApiClient,
    clock: Arc<dyn Clock>,
    video: MediaId,
    subtitles: impl Into<MediaSource>,
    language: &str,
    shown: &str,
) -> Result<MediaId, Error> {
    let mut upload = MediaUpload::new(client, clock, subtitles).format(MediaFormat::TextSrt);
    upload.purpose = MediaPurpose::Subtitles;
    let uploaded = upload.await?;
    let entry = json!({"id": uploaded.id.to_string(), "language_code": language, "display_name": shown});
    let call = client.add_subtitles().media_id(video).media_category(SubtitlesCategory::TweetVideo);
    call.subtitles(entry).await?;
    Ok(uploaded.id)
}
