//! Media: files that posts and messages can name.

use std::path::Path;
use std::time::Duration;

use chirrup::Client;
use chirrup::model::MediaId;
use chirrup::upload::{MediaUpload, UploadProgress, Uploaded};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::args::MediaCommand;
use crate::exit::Failed;
use crate::print::Printer;

pub(super) async fn run(client: &Client, printer: &mut Printer, command: MediaCommand) -> Result<(), Failed> {
    let MediaCommand::Upload { file, alt, dm, subtitles, language } = command;
    let mut upload = client.upload(file.as_path());
    if dm {
        upload = upload.for_dm();
    }
    if let Some(text) = alt {
        upload = upload.alt_text(text);
    }
    let uploaded = show(upload, &file, printer.quiet()).await?;
    if let Some(subtitles) = subtitles {
        client.upload_subtitles(uploaded.id, subtitles.as_path(), &language, &language).await?;
    }
    let json = json!({
        "id": uploaded.id, "media_key": uploaded.key, "media_type": uploaded.format.as_str(), "size": uploaded.size,
    });
    printer.reply(&json, |printer| printer.line(&uploaded.id.to_string()))
}

/// Uploads with a bar on stderr, if a person looks.
async fn show(upload: MediaUpload, file: &Path, quiet: bool) -> Result<Uploaded, Failed> {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(file.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let shown = bar.clone();
    let uploaded = upload.on_progress(move |progress| match progress {
        UploadProgress::Sent { bytes, total } => {
            shown.set_length(total);
            shown.set_position(bytes);
        }
        UploadProgress::Processing { percent } => {
            shown.enable_steady_tick(Duration::from_millis(120));
            shown.set_message(format!("X is working on it: {percent} %"));
        }
        _ => {}
    });
    let uploaded = uploaded.await;
    bar.finish_and_clear();
    Ok(uploaded?)
}

/// The medium that a word means: an id, or a file to be uploaded.
pub(super) async fn of_word(client: &Client, word: &str, alt: Option<&String>, quiet: bool) -> Result<MediaId, Failed> {
    if let Ok(id) = word.parse::<u64>() {
        return Ok(id.into());
    }
    let mut upload = client.upload(word);
    if let Some(text) = alt {
        upload = upload.alt_text(text);
    }
    Ok(show(upload, Path::new(word), quiet).await?.id)
}
