//! Writes a short thread, answers it as another user, and reads the whole conversation back, all in a sandbox.
//!
//! Run it with `cargo run -p chirrup --example thread --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example is there to be read")]

use chirrup::Client;
use chirrup::model::{Expansion, PostField};
use chirrup::sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let ada = Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials()?).build()?;
    let robin = ada.with_credentials(sandbox.oauth1("robin")?);

    let first = ada.create_post().text("Three things I learned about swifts:").await?.data;
    let mut last = first.id;
    for text in ["1. They sleep in the air.", "2. They come back to the same gap in the wall.", "3. They are loud."] {
        last = ada.create_post().text(text).reply(last).await?.data.id;
    }
    robin.post(last).like().await?;
    robin.post(last).reply("@ada So are we, says our whole street.").await?;

    let mut thread = ada
        .search_recent(format!("conversation_id:{}", first.id))
        .post_fields([PostField::ConversationId, PostField::PublicMetrics])
        .expansions([Expansion::AuthorId])
        .await?;
    thread.data.sort_by_key(|post| post.id);
    for post in &thread.data {
        let author = thread.author(post).map_or("?", |user| &user.username);
        let likes = post.public_metrics.map_or(0, |metrics| metrics.like_count);
        println!("@{author}: {} (♥ {likes})", post.text);
    }
    Ok(())
}
