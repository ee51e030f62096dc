//! Accepted forms of the first arguments of a call, compiled and run.

use std::time::{Duration, SystemTime};

use chirrup::model::{Post, PostId, UserId};
use chirrup::{Client, Error, ErrorKind};

use crate::common::sandbox_and_client;

async fn first_lines(client: &Client, fetched: &Post) -> Result<(), Error> {
    let (count, seconds, name): (usize, u64, String) = (10, 3_600, "robin".to_owned());
    client.get_post(20).post_fields(["created_at", "lang"]).await?;
    client.get_posts([20, 1585823814058971140]).await?;
    client.get_post("20").await?;
    client.get_post(fetched).await?;
    client.get_post(PostId::try_from(20_i64)?).await?;
    client.get_user_by_name(name.clone()).await?;
    client.get_user_by_name(&name).user_fields(["created_at"]).await?;
    client.search_recent("rust").max_results(count).expansions(["author_id"]).await?;
    client
        .search_recent(name)
        .start_time(SystemTime::now() - Duration::from_secs(seconds))
        .await
        .map(drop)
        .or_else(later)?;
    client.count_recent("rust").granularity("day").await?;
    client.post("20").like().await?;
    client.post(fetched).get().await?;
    Ok(())
}

/// The clock of the sandbox differs from that of the system, so a time of the system may be out of range.
fn later(error: Error) -> Result<(), Error> {
    if error.kind() == ErrorKind::Invalid { Ok(()) } else { Err(error) }
}

#[tokio::test]
async fn the_first_lines_of_a_program_compile_and_run() {
    let (_sandbox, client) = sandbox_and_client();
    let fetched = client.get_post(20).await.unwrap().data;
    first_lines(&client, &fetched).await.unwrap();
}

#[tokio::test]
async fn a_literal_of_any_size_is_an_id() {
    let (_sandbox, client) = sandbox_and_client();
    let missing = client.get_post(1585823814058971140).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound, "it is sent, and the sandbox has no such post");
    assert_eq!(client.user(2244994945).get().await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(UserId::new(2244994945).to_string(), "2244994945");
}

#[tokio::test]
async fn an_invalid_value_is_reported_by_the_call() {
    let (sandbox, client) = sandbox_and_client();
    let before = sandbox.journal().len();
    let errors = [
        client.get_post("not a number").await.unwrap_err(),
        client.post("").get().await.unwrap_err(),
        client.search_recent("rust").max_results(-1).await.unwrap_err(),
        client.search_recent("rust").start_time("yesterday").await.unwrap_err(),
    ];
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Argument), "{errors:?}");
    assert_eq!(sandbox.journal().len(), before, "nothing was sent");
}
