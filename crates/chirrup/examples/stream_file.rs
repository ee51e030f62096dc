//! Keeps the filtered stream in a file that a later run continues.
//!
//! Run it with `cargo run -p chirrup --example stream_file --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::archive::{ArchiveStream, JsonlArchive, JsonlOptions};
use chirrup::sandbox::Sandbox;
use chirrup::{Client, NewRule};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials()?).build()?;
    client.sync_rules([NewRule::new("heron").tag("birds")]).await?;

    let folder = std::env::temp_dir().join(format!("herons-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let path = folder.join("herons.jsonl");
    let archive = JsonlArchive::open(&path, JsonlOptions::default())?;
    let mut recording = ArchiveStream::open(Box::new(archive), "filtered")?;
    let mut stream = client.filtered_stream().live().undecoded().open();
    let mut written = false;
    while let Some(event) = stream.next_event().await {
        recording.record(1, &event)?;
        recording.commit()?;
        if recording.new_items() >= 3 {
            break;
        }
        if !written && sandbox.open_stream_count() > 0 {
            for text in ["A heron at dawn.", "A heron at noon.", "A heron at dusk."] {
                sandbox.write_post("robin", text)?;
            }
            written = true;
        }
    }
    recording.finish()?;
    print!("{}", std::fs::read_to_string(&path)?);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
