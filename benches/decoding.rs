//! Decoding of a page of 100 posts with all fields: into typed structs, compared with `serde_json::Value`.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]

use chirrup::Client;
use chirrup::model::{Expansion, Includes, Post, PostField, UserField};
use chirrup_benches::compare;
use chirrup_sandbox::Sandbox;

#[derive(serde::Deserialize)]
struct Page {
    data: Vec<Post>,
    includes: Includes,
}

fn main() {
    let sandbox = Sandbox::start().unwrap();
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.app_only()).build().unwrap();
    let owner_only = ["non_public_metrics", "organic_metrics", "promoted_metrics"];
    let response = client
        .search_recent("rust OR birding OR data OR morning OR honestly OR again OR really")
        .max_results(100)
        .post_fields(PostField::ALL.iter().filter(|field| !owner_only.contains(&field.as_str())))
        .user_fields(UserField::ALL)
        .expansions([Expansion::AuthorId, Expansion::ReferencedPosts, Expansion::ReferencedPostsAuthors])
        .wait()
        .unwrap();
    let body = response.body().clone();
    let name = format!("page of {} posts, {} kB", response.data.len(), body.len() / 1000);
    compare(
        &name,
        41,
        20,
        ("serde_json::Value", "typed"),
        || drop(std::hint::black_box(serde_json::from_slice::<serde_json::Value>(&body).unwrap())),
        || {
            let page: Page = serde_json::from_slice(&body).unwrap();
            std::hint::black_box((page.data.len(), page.includes.users.len()));
        },
    );
}
