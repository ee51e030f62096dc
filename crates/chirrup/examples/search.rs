//! Searches posts and prints them with their authors.
//!
//! Run it with `cargo run -p chirrup --example search --features sandbox -- "birds lang:en"`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), chirrup::Error> {
    let client = Client::sandbox()?; // for X itself: Client::from_env()?
    let query = std::env::args().nth(1).unwrap_or_else(|| "birds lang:en -is:retweet".to_owned());
    let page = client
        .search_recent(query)
        .max_results(10)
        .post_fields(["created_at", "public_metrics"])
        .expansions(["author_id"])
        .await?;
    for post in &page.data {
        let author = page.author(post).map_or("?", |user| &user.username);
        let likes = post.public_metrics.as_ref().map_or(0, |metrics| metrics.like_count);
        println!("@{author}: {} (♥ {likes})", post.text);
    }
    Ok(())
}
