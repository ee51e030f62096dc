//! Media uploads: from a file, bytes or a stream to a media ID that a post or message can name.

mod api_version;
mod media_type;
mod source;

use std::collections::BTreeSet;
use std::fmt;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::{ApiClient, BoxFuture, Error, ErrorKind};
use chirrup_model::{MediaCategory, MediaFormat, MediaId, MediaKey, Processing, ProcessingState, SubtitlesCategory};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::Clock;
use api_version::{ApiVersion, MAX_ATTEMPTS, MediaStatus};

pub use media_type::{MediaPurpose, sniff};
pub use source::MediaSource;

/// Default size of a part in bytes. X accepts up to 5 MB.
const DEFAULT_PART_SIZE: u64 = 4 << 20;
/// Default number of parts that are sent concurrently.
const DEFAULT_CONCURRENCY: usize = 3;
/// Default limit of the time that X may take to process a file.
const DEFAULT_PROCESSING_TIMEOUT: Duration = Duration::from_secs(900);
/// Maximum length of an alternative text in characters.
const MAX_ALT_TEXT: usize = 1_000;

/// Progress of an upload, as [`MediaUpload::on_progress`] reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadProgress {
    /// The video is larger than 512 MiB. The plan of the account decides whether X accepts it: it must include X Premium.
    /// Reported once, before the first part is sent.
    LargeVideo {
        /// Size of the file in bytes.
        bytes: u64,
    },
    /// X has received another part.
    Sent {
        /// Number of bytes received so far.
        bytes: u64,
        /// Size of the file in bytes.
        total: u64,
    },
    /// X is processing the media file.
    Processing {
        /// Progress in percent, 0 to 100.
        percent: u64,
    },
}

/// State of an interrupted upload, which can be serialized and resumed later.
///
/// X keeps the received parts for about a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    id: MediaId,
    size: u64,
    part_size: u64,
    /// Indexes of the parts that X has received.
    received: BTreeSet<u32>,
}

impl UploadState {
    /// Returns the media ID of the upload.
    pub fn id(&self) -> MediaId {
        self.id
    }
    /// Returns the number of bytes that X has received.
    pub fn sent(&self) -> u64 {
        self.received.iter().map(|index| self.length_of(*index)).sum()
    }

    fn length_of(&self, index: u32) -> u64 {
        let start = u64::from(index).saturating_mul(self.part_size);
        self.part_size.min(self.size.saturating_sub(start))
    }
}

/// An uploaded and processed media file, ready to be used in a post or message.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Uploaded {
    /// Media ID, by which posts and messages name the file.
    pub id: MediaId,
    /// Media key of the file. API v1.1 returns none.
    pub key: Option<MediaKey>,
    /// Media type of the file.
    pub format: MediaFormat,
    /// Size of the file in bytes.
    pub size: u64,
}

type OnProgress = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// Builder of a media upload, which `.await` runs.
///
/// The upload detects the media type from the first bytes and checks the size before it sends anything. It sends the file in
/// parts, several of them concurrently, repeats a part that fails, and waits until X has processed the file.
#[must_use = "an upload does nothing until it is awaited"]
pub struct MediaUpload {
    client: ApiClient,
    clock: Arc<dyn Clock>,
    source: MediaSource,
    version: ApiVersion,
    purpose: MediaPurpose,
    format: Option<MediaFormat>,
    part_size: u64,
    concurrency: usize,
    processing_timeout: Duration,
    alt_text: Option<String>,
    on_progress: Option<OnProgress>,
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

/// A handle to the state of an upload, which stays usable after the upload failed.
#[derive(Debug, Clone, Default)]
pub struct UploadHandle(Arc<Mutex<Option<UploadState>>>);

impl UploadHandle {
    /// Returns the state to resume the upload from. `None` before the upload begins and after it is complete.
    pub fn state(&self) -> Option<UploadState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Option<UploadState>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl MediaUpload {
    /// Creates an upload that `client` sends. Its waits follow `clock`.
    pub fn new(client: &ApiClient, clock: Arc<dyn Clock>, source: impl Into<MediaSource>) -> Self {
        Self {
            client: client.clone(),
            clock,
            source: source.into(),
            version: ApiVersion::V2,
            purpose: MediaPurpose::Post,
            format: None,
            part_size: DEFAULT_PART_SIZE,
            concurrency: DEFAULT_CONCURRENCY,
            processing_timeout: DEFAULT_PROCESSING_TIMEOUT,
            alt_text: None,
            on_progress: None,
            resumed: None,
            handle: UploadHandle::default(),
        }
    }
    /// Uploads the file for a direct message instead of a post.
    pub fn for_dm(mut self) -> Self {
        self.purpose = MediaPurpose::DirectMessage;
        self
    }
    /// Uploads by API v1.1, for servers and credentials that do not support v2. Such an upload has no [`Uploaded::key`].
    ///
    /// The calls are `POST /1.1/media/upload.json` with the commands INIT, APPEND and FINALIZE, and `GET` with STATUS.
    pub fn use_v1(mut self) -> Self {
        self.version = ApiVersion::V1;
        self
    }
    /// Sets the media type, for files whose first bytes do not reveal it.
    pub fn format(mut self, format: MediaFormat) -> Self {
        self.format = Some(format);
        self
    }
    /// Sets the alternative text, which describes the image to people who cannot see it: up to 1,000 characters.
    pub fn alt_text(mut self, text: impl Into<String>) -> Self {
        self.alt_text = Some(text.into());
        self
    }
    /// Sets how many parts are sent concurrently: 1 to 16, default 3. Each takes about 10 MB of memory.
    pub fn concurrency(mut self, parts: usize) -> Self {
        self.concurrency = parts.clamp(1, 16);
        self
    }
    /// Sets the size of a part in bytes. The default is 4 MiB, and X accepts up to 5 MB.
    pub fn chunk_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes.max(1);
        self
    }
    /// Sets the limit of the time that X may take to process the file. The default is 15 minutes.
    pub fn processing_timeout(mut self, limit: Duration) -> Self {
        self.processing_timeout = limit;
        self
    }
    /// Sets a function that the upload calls with its progress.
    pub fn on_progress(mut self, report: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(report));
        self
    }
    /// Resumes an interrupted upload of the same source.
    pub fn resume(mut self, state: UploadState) -> Self {
        self.resumed = Some(state);
        self
    }
    /// Returns a handle to the state of this upload.
    pub fn handle(&self) -> UploadHandle {
        self.handle.clone()
    }

    async fn run(mut self) -> Result<Uploaded, Error> {
        if let Some(text) = &self.alt_text {
            check_alt_text(text)?;
        }
        let (size, start) = self.source.open().await?;
        let format = match self.format.take().or_else(|| sniff(&start)) {
            Some(format) => format,
            None => {
                let error = Error::media("upload: the first bytes match no media type that X accepts");
                return Err(error.with_hint("convert the file, or name its media type"));
            }
        };
        let category = self.purpose.category(&format, size)?;
        if size > media_type::USUAL_VIDEO_SIZE {
            tracing::warn!(
                size,
                "the video is larger than 512 MiB: the plan of the account decides whether X accepts it"
            );
            self.report(UploadProgress::LargeVideo { bytes: size });
        }
        let state = match self.resumed.take() {
            Some(state) if state.size == size && state.part_size > 0 => state,
            Some(_) => {
                let error = Error::invalid_argument("upload: the source is not the one of the interrupted upload");
                return Err(error.with_hint("resume with the same file, or begin a new upload"));
            }
            None => self.begin(&format, category, size).await?,
        };
        let id = state.id;
        self.handle.change(|kept| *kept = Some(state.clone()));
        self.send_parts(&state).await?;
        let MediaStatus { key, processing } = self.finish(id).await?;
        self.handle.change(|kept| *kept = None);
        if let Some(processing) = processing {
            self.await_processing(id, processing).await?;
        }
        if let Some(text) = &self.alt_text {
            self.version.set_alt_text(&self.client, id, text).await?;
        }
        Ok(Uploaded { id, key, format, size })
    }

    async fn begin(&self, format: &MediaFormat, category: MediaCategory, size: u64) -> Result<UploadState, Error> {
        let part_size = self.part_size.max(size.div_ceil(self.version.max_parts()));
        let id = self.version.begin(&self.client, format, category, size).await?;
        Ok(UploadState { id, size, part_size, received: BTreeSet::new() })
    }

    async fn send_parts(&mut self, state: &UploadState) -> Result<(), Error> {
        let mut in_flight = FuturesUnordered::new();
        let mut sent = state.sent();
        self.report(UploadProgress::Sent { bytes: sent, total: state.size });
        let count = u32::try_from(state.size.div_ceil(state.part_size)).unwrap_or(u32::MAX);
        for index in 0..count {
            let bytes = self.source.next(state.length_of(index)).await?;
            if state.received.contains(&index) {
                continue;
            }
            if in_flight.len() >= self.concurrency
                && let Some(appended) = in_flight.next().await
            {
                self.record_part(appended?, &mut sent, state.size);
            }
            in_flight.push(self.version.append(self.client.clone(), state.id, index, bytes));
        }
        while let Some(appended) = in_flight.next().await {
            self.record_part(appended?, &mut sent, state.size);
        }
        Ok(())
    }

    fn record_part(&self, (index, length): (u32, u64), sent: &mut u64, size: u64) {
        *sent += length;
        self.handle.change(|kept| {
            if let Some(state) = kept {
                state.received.insert(index);
            }
        });
        self.report(UploadProgress::Sent { bytes: *sent, total: size });
    }

    fn report(&self, progress: UploadProgress) {
        if let Some(report) = &self.on_progress {
            report(progress);
        }
    }

    /// Finalizes the upload. If the response is lost, the status of the upload shows whether X has finalized it.
    async fn finish(&self, id: MediaId) -> Result<MediaStatus, Error> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.version.finish(&self.client, id).await {
                Ok(status) => return Ok(status),
                Err(error) if error.kind() == ErrorKind::UnknownOutcome && attempts < MAX_ATTEMPTS => {
                    if let Ok(status) = self.version.status(&self.client, id).await {
                        return Ok(status);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn await_processing(&self, id: MediaId, mut processing: Processing) -> Result<(), Error> {
        let started = self.clock.elapsed();
        loop {
            let percent = processing.progress_percent.unwrap_or_default();
            self.report(UploadProgress::Processing { percent });
            match &processing.state {
                Some(ProcessingState::Succeeded) => return Ok(()),
                Some(ProcessingState::Failed) => return Err(processing_failed(id, &processing)),
                // X sometimes stops at 99 % without the state `failed` and reports the error all the same.
                _ if processing.error.is_some() => return Err(processing_failed(id, &processing)),
                _ => {}
            }
            let wait = Duration::from_secs(processing.check_after_secs.unwrap_or(1).clamp(1, 60));
            let waited = self.clock.elapsed().saturating_sub(started);
            if waited + wait > self.processing_timeout {
                let message = format!("processing of media {id} is at {percent} % after {} s", waited.as_secs());
                return Err(Error::timeout(message).with_hint("check later with `upload_status`"));
            }
            self.clock.sleep(wait).await;
            match self.version.status(&self.client, id).await?.processing {
                Some(current) => processing = current,
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

fn check_alt_text(text: &str) -> Result<(), Error> {
    let length = text.chars().count();
    if length <= MAX_ALT_TEXT {
        return Ok(());
    }
    let message = format!("upload: the alternative text has {length} characters; the limit is 1,000");
    Err(Error::invalid_argument(message).with_hint("shorten it; nothing was sent"))
}

fn processing_failed(id: MediaId, processing: &Processing) -> Error {
    let reason = processing.error.as_ref().map(|error| {
        let name = error.name.as_deref().unwrap_or("an error without a name");
        format!("{name}: {}", error.message.as_deref().unwrap_or_default())
    });
    let reason = reason.unwrap_or_else(|| "processing failed without a reason".to_owned());
    Error::media(format!("X could not process media {id}: {reason}"))
        .with_hint("convert the file, then upload it again")
}

/// Uploads subtitles in SRT format and adds them to an uploaded video.
///
/// `language` is a code such as `EN`, and `display_name` is the name that viewers choose.
///
/// # Errors
/// Those of a [`MediaUpload`], and those of the call that adds the subtitles to the video.
pub async fn add_subtitles(
    client: &ApiClient,
    clock: Arc<dyn Clock>,
    video: MediaId,
    subtitles: impl Into<MediaSource>,
    language: &str,
    display_name: &str,
) -> Result<MediaId, Error> {
    let mut upload = MediaUpload::new(client, clock, subtitles).format(MediaFormat::TextSrt);
    upload.purpose = MediaPurpose::Subtitles;
    let uploaded = upload.await?;
    let entry = json!({"id": uploaded.id.to_string(), "language_code": language, "display_name": display_name});
    let call = client.add_subtitles().media_id(video).media_category(SubtitlesCategory::TweetVideo);
    call.subtitles(entry).await?;
    Ok(uploaded.id)
}
