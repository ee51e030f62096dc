//! Reads a search page by page, stops, and resumes from the saved pagination token.
//!
//! Run it with `cargo run -p chirrup --example pages --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), chirrup::Error> {
    let client = Client::sandbox()?;

    let mut pages = client.search_recent("birds").max_results(10).pages();
    let mut posts = 0;
    for _ in 0..2 {
        if let Some(page) = pages.next_page().await.transpose()? {
            posts += page.data.len();
        }
    }
    let token = pages.token().map(str::to_owned); // save this between two runs
    println!("{posts} posts in the first run; the next one starts at {token:?}");

    if let Some(token) = token {
        let mut rest = client.search_recent("birds").max_results(10).page_token(token).items().limit(10);
        while let Some(post) = rest.next_item().await {
            println!("{}", post?.text);
        }
    }
    Ok(())
}
