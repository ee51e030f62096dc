//! Uploads of images, GIFs and videos.

use std::path::PathBuf;

use chirrup::Error;
use chirrup::upload::{MediaSource, MediaUpload, UploadProgress as Progress};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use tokio::task::block_in_place;

use crate::argument::file;
use crate::attach::attach;
use crate::client::NativeClient;
use crate::count::Count;
use crate::event_loop::respond;
use crate::seconds::seconds;

/// Uploaded and processed media file, ready to be used in a post or message.
#[pyclass(frozen, get_all, module = "chirrup")]
pub(crate) struct Uploaded {
    /// Media ID, by which posts and messages name the file.
    id: u64,
    /// Media key of the file. API v1.1 returns none.
    key: Option<String>,
    /// Media type of the file, such as `image/png`.
    media_type: String,
    /// Size of the file in bytes.
    size: u64,
}

#[pymethods]
impl Uploaded {
    fn __repr__(&self) -> String {
        format!("Uploaded(id={}, media_type='{}', size={})", self.id, self.media_type, self.size)
    }
}

/// Progress of an upload.
#[pyclass(frozen, get_all, module = "chirrup")]
pub(crate) struct UploadProgress {
    /// Kind: `sent` after each part, `processing` while X processes the file, `large_video` for a video that X accepts only from
    /// accounts with X Premium.
    kind: &'static str,
    /// Number of bytes that X has received; None while it processes them.
    sent: Option<u64>,
    /// Size of the file in bytes; None while X processes it.
    total: Option<u64>,
    /// Progress of the processing in percent; None before.
    percent: Option<u64>,
}

#[pymethods]
impl UploadProgress {
    fn __repr__(&self) -> String {
        match (self.sent, self.total, self.percent) {
            (Some(sent), Some(total), _) => format!("UploadProgress({}: {sent} of {total} bytes)", self.kind),
            (_, _, percent) => format!("UploadProgress({}: {} %)", self.kind, percent.unwrap_or_default()),
        }
    }
}

impl From<Progress> for UploadProgress {
    fn from(progress: Progress) -> Self {
        let (kind, sent, total, percent) = match progress {
            Progress::LargeVideo { bytes } => ("large_video", Some(0), Some(bytes), None),
            Progress::Sent { bytes, total } => ("sent", Some(bytes), Some(total), None),
            Progress::Processing { percent } => ("processing", None, None, Some(percent)),
            _ => ("other", None, None, None),
        };
        Self { kind, sent, total, percent }
    }
}

/// Reads the source of an upload: the path of a file, which is read in parts, bytes, or an open file.
fn source(value: &Bound<'_, PyAny>) -> PyResult<MediaSource> {
    match value.extract::<PathBuf>() {
        Ok(path) => Ok(path.into()),
        Err(_) => Ok(file("source", value)?.into()),
    }
}

/// Calls a function of Python with the progress of an upload. What it raises is reported, and does not end the upload.
fn report(callback: &Py<PyAny>, progress: Progress) {
    let _ = attach(|py| {
        let called =
            UploadProgress::from(progress).into_py_any(py).and_then(|progress| callback.call1(py, (progress,)));
        if let Err(error) = called {
            error.write_unraisable(py, Some(callback.bind(py)));
        }
    });
}

async fn run(upload: MediaUpload) -> Result<Uploaded, Error> {
    let uploaded = upload.await?;
    Ok(Uploaded {
        id: uploaded.id.get(),
        key: uploaded.key.map(|key| key.to_string()),
        media_type: uploaded.format.to_string(),
        size: uploaded.size,
    })
}

/// Uploads a media file, for a client of either kind.
#[pyfunction]
#[pyo3(signature = (client, source, *, alt_text=None, for_dm=false, use_v1=false, media_type=None, concurrency=None, processing_timeout=None, on_progress=None))]
#[allow(clippy::too_many_arguments, reason = "they are keyword arguments")]
pub(crate) fn upload<'py>(
    client: &Bound<'py, NativeClient>,
    source: &Bound<'py, PyAny>,
    alt_text: Option<String>,
    for_dm: bool,
    use_v1: bool,
    media_type: Option<&str>,
    concurrency: Option<Count<usize>>,
    processing_timeout: Option<&Bound<'py, PyAny>>,
    on_progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = client.py();
    let mut upload = client.get().client(py)?.upload(self::source(source)?);
    if let Some(text) = alt_text {
        upload = upload.alt_text(text);
    }
    if for_dm {
        upload = upload.for_dm();
    }
    if use_v1 {
        upload = upload.use_v1();
    }
    if let Some(media_type) = media_type {
        upload = upload.format(media_type.into());
    }
    if let Some(Count(parts)) = concurrency {
        upload = upload.concurrency(parts);
    }
    if let Some(limit) = processing_timeout {
        upload = upload.processing_timeout(seconds(limit)?);
    }
    if let Some(callback) = on_progress {
        // The function may wait for other calls.
        upload = upload.on_progress(move |progress| block_in_place(|| report(&callback, progress)));
    }
    respond(py, client.get().is_async, run(upload))
}
