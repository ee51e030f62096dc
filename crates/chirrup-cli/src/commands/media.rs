//! Media: upload of files for posts and direct messages.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chirrup::model::MediaId;
use chirrup::upload::{MediaUpload, UploadProgress, Uploaded};
use chirrup::{Client, ErrorKind};
use serde_json::json;

use crate::args::MediaCommand;
use crate::error::CliError;
use crate::print::Printer;
use crate::progress;

pub(super) async fn run(client: &Client, printer: &mut Printer, command: MediaCommand) -> Result<(), CliError> {
    let MediaCommand::Upload { file, alt, dm, subtitles, language } = command;
    let mut request = client.upload(file.as_path());
    if dm {
        request = request.for_dm();
    }
    if let Some(text) = alt {
        request = request.alt_text(text);
    }
    let uploaded = upload(request, &file, printer.quiet()).await?;
    if let Some(subtitles) = subtitles {
        client.upload_subtitles(uploaded.id, subtitles.as_path(), &language, &language).await?;
    }
    let json = json!({
        "id": uploaded.id, "media_key": uploaded.key, "media_type": uploaded.format.as_str(), "size": uploaded.size,
    });
    printer.document(&json, |printer| printer.line(&uploaded.id.to_string()))
}

/// Uploads a file and shows its progress.
async fn upload(request: MediaUpload, file: &Path, quiet: bool) -> Result<Uploaded, CliError> {
    let bar = progress::upload(file.file_name().unwrap_or_default().to_string_lossy().into_owned(), quiet);
    let started = Arc::new(AtomicBool::new(false));
    let (events, sent) = (bar.clone(), Arc::clone(&started));
    let request = request.on_progress(move |progress| {
        sent.store(!matches!(progress, UploadProgress::LargeVideo { .. }), Ordering::Relaxed);
        match progress {
            UploadProgress::Sent { bytes, total } => {
                events.set_length(total);
                events.set_position(bytes);
            }
            UploadProgress::LargeVideo { .. } if !quiet => progress::notice(
                "warning: the video is larger than 512 MiB; X accepts it only if the X Premium plan of the account allows it",
            ),
            UploadProgress::Processing { percent } => progress::spin(&events, format!("processing on X: {percent}%")),
            _ => {}
        }
    });
    let uploaded = request.await;
    bar.finish_and_clear();
    uploaded.map_err(|error| {
        // A file that the client rejects is a mistake of the user; a file that X cannot process is a refusal.
        if error.kind() == ErrorKind::Media && !started.load(Ordering::Relaxed) {
            let hint =
                "X accepts JPEG, PNG and WebP images up to 5 MB, GIFs up to 15 MB, and MP4 and MOV videos up to 16 GB";
            return CliError::usage(format!("{}: {}", file.display(), error.message())).with_hint(hint);
        }
        error.into()
    })
}

/// Returns the ID of an uploaded file, or uploads a file and returns its ID.
pub(super) async fn media_id(
    client: &Client,
    id_or_file: &str,
    alt: Option<&String>,
    quiet: bool,
) -> Result<MediaId, CliError> {
    if let Ok(id) = id_or_file.parse::<u64>() {
        return Ok(id.into());
    }
    let mut request = client.upload(id_or_file);
    if let Some(text) = alt {
        request = request.alt_text(text);
    }
    Ok(upload(request, Path::new(id_or_file), quiet).await?.id)
}
