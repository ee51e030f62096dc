//! Uploads an image with alternative text and attaches it to a post.
//!
//! Run it with `cargo run -p chirrup --example upload --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::Client;

/// A PNG of one transparent pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB\x60\x82";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), chirrup::Error> {
    let client = Client::sandbox()?;
    let image = client.upload(PIXEL.to_vec()).alt_text("A single transparent pixel").await?; // or a path: "heron.png"
    let post = client.create_post().text("The smallest picture there is.").media([image.id]).await?;
    println!("posted {} with the media ID {}", post.data.id, image.id);
    Ok(())
}
