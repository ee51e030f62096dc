//! The world of the sandbox: deterministic, persistent on request, and fast at any size.

use chirrup::model::{Expansion, PostField};
use chirrup_sandbox::Sandbox;

use crate::common::{BROAD_QUERY, client, sandbox};

#[tokio::test]
async fn the_same_seed_generates_the_same_posts() {
    let read = async |seed: u64| {
        let sandbox = Sandbox::builder().users(20).posts(200).seed(seed).start().unwrap();
        let client = client(&sandbox, sandbox.app_only());
        client.search_recent(BROAD_QUERY).max_results(100).post_fields([PostField::PublicMetrics]).await.unwrap().data
    };
    // A world ends with the hour of its creation.
    assert!(read(7).await == read(7).await || read(7).await == read(7).await);
    assert_ne!(read(7).await, read(8).await);
}

#[tokio::test]
async fn sandboxes_are_independent() {
    let (one, two) = (sandbox(), sandbox());
    let writer = client(&one, one.oauth1("ada").unwrap());
    let id = writer.create_post().text("only here").await.unwrap().data.id;
    assert!(writer.get_post(id).await.is_ok());
    assert!(client(&two, two.app_only()).get_post(id).await.is_err());
}

#[tokio::test]
async fn generated_posts_include_threads_quotes_polls_media_places_and_languages() {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    for query in ["has:images", "has:geo", "is:reply", "is:quote", "has:links", "has:video_link", "min_likes:5"] {
        let found = client.search_recent(format!("{BROAD_QUERY} {query}")).await.unwrap();
        assert!(!found.data.is_empty(), "{query}");
    }
    for query in ["#読書", "#garten lang:de", "#fotografía", "#velo", "#música lang:pt"] {
        assert!(!client.search_recent(query).await.unwrap().data.is_empty(), "{query}");
    }
    let all = client.search_recent(BROAD_QUERY).max_results(100).expansions([
        Expansion::PollIds,
        Expansion::MediaKeys,
        Expansion::PlaceId,
        Expansion::ReferencedPosts,
    ]);
    let page = all.pages().next_page().await.unwrap().unwrap();
    assert!(!page.includes.posts.is_empty() && !page.includes.media.is_empty() && !page.includes.places.is_empty());
}

#[tokio::test]
async fn a_data_file_keeps_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.db");
    let start = || Sandbox::builder().users(20).posts(100).data_file(&file).start().unwrap();
    let id = {
        let sandbox = start();
        let client = client(&sandbox, sandbox.oauth1("ada").unwrap());
        client.create_post().text("remember me").await.unwrap().data.id
    };
    let sandbox = start();
    let kept = client(&sandbox, sandbox.app_only()).get_post(id).await.unwrap();
    assert_eq!(kept.data.text, "remember me");
}

#[test]
fn a_port_in_use_is_reported() {
    let sandbox = sandbox();
    let port: u16 = sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::builder().users(5).posts(5).port(port).start().unwrap_err();
    assert!(error.to_string().contains("cannot listen on"), "{error}");
}
