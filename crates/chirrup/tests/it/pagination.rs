//! Pages and items.

use chirrup::ErrorKind;
use chirrup_sandbox::Fault;
use futures_util::StreamExt;

use crate::common::{BROAD_QUERY, sandbox_and_client};

#[tokio::test]
async fn paging_returns_each_item_once() {
    let (_sandbox, client) = sandbox_and_client();
    let mut pages = client.search_recent(BROAD_QUERY).max_results(50).pages();
    let mut ids = Vec::new();
    let mut count = 0;
    while let Some(page) = pages.next_page().await {
        ids.extend(page.unwrap().data.into_iter().map(|p| p.id));
        count += 1;
    }
    assert!(count > 3 && pages.is_done());
    assert!(ids.is_sorted_by(|a, b| a > b), "no post twice, newest first");
    let items = client.search_recent(BROAD_QUERY).max_results(100).items().collect().await.unwrap();
    assert_eq!(items.len(), ids.len());
}

#[tokio::test]
async fn a_limit_on_items_limits_requests() {
    let (_sandbox, client) = sandbox_and_client();
    let before = client.search_recent(BROAD_QUERY).await.unwrap().limit().unwrap().remaining;
    let items: Vec<_> = client.search_recent(BROAD_QUERY).max_results(10).items().limit(20).collect().await.unwrap();
    assert_eq!(items.len(), 20);
    let after = client.search_recent(BROAD_QUERY).await.unwrap().limit().unwrap().remaining;
    assert_eq!(before - after, 3, "two pages, and the final check");
}

#[tokio::test]
async fn paging_resumes_from_a_token() {
    let (_sandbox, client) = sandbox_and_client();
    let search = client.search_recent(BROAD_QUERY).max_results(10);
    let mut pages = search.clone().pages();
    let first = pages.next_page().await.unwrap().unwrap();
    let token = pages.token().unwrap().to_owned();
    let second = pages.next_page().await.unwrap().unwrap();
    let resumed = search.page_token(&token).await.unwrap();
    shows!("tweepy.param.next_token", assert_eq!(resumed.data, second.data));
    assert!(first.data.last().unwrap().id > second.data[0].id);
}

#[tokio::test]
async fn after_an_error_the_same_page_is_requested_again() {
    let (sandbox, client) = sandbox_and_client();
    let mut items = client.followers(12).max_results(5).items();
    let first = items.next().await.unwrap().unwrap();
    for _ in 0..4 {
        items.next().await.unwrap().unwrap();
    }
    sandbox.inject_fault(Fault::CloseBeforeProcessing);
    assert_eq!(items.next().await.unwrap().unwrap_err().kind(), ErrorKind::Network);
    let rest: Vec<_> = items.map(|item| item.unwrap().id).collect().await;
    let all: Vec<_> = client.followers(12).items().collect().await.unwrap();
    assert_eq!(all[0].id, first.id);
    assert_eq!(all[5..].iter().map(|u| u.id).collect::<Vec<_>>(), rest);
}

#[tokio::test]
async fn a_token_of_another_endpoint_is_rejected() {
    let (_sandbox, client) = sandbox_and_client();
    let response = client.search_recent(BROAD_QUERY).await.unwrap();
    let token = response.meta.next_token.unwrap();
    let error = client.followers(12).page_token(&token).await.unwrap_err();
    assert!(error.message().contains("is not a valid token"), "{error}");
}

#[test]
fn pages_and_items_work_without_async() {
    let (_sandbox, client) = sandbox_and_client();
    blocking_part!({
        let names: Vec<String> =
            client.followers(12).max_results(5).items().limit(7).wait().unwrap().map(|u| u.unwrap().username).collect();
        shows!("tweepy4.sync_client", assert_eq!(names.len(), 7));
    });
    blocking_part!({
        let pages = client.followers(12).max_results(5).pages().wait().unwrap();
        shows!("tweepy4.sync_client", assert!(pages.count() > 1));
    });
    let sent = client.send_dm(12).text("without async").wait().unwrap().data;
    assert_eq!(client.get_dm_event(sent.dm_event_id).wait().unwrap().data.text.as_deref(), Some("without async"));
    assert!(!client.dm_events_with(12).wait().unwrap().data.is_empty());
}

/// Reads three pages forward and the same pages backward.
async fn there_and_back<T, F>(ask: F)
where
    T: PartialEq + std::fmt::Debug,
    F: AsyncFn(Option<String>) -> chirrup::Response<Vec<T>>,
{
    let first = ask(None).await;
    assert_eq!(first.meta.previous_token, None);
    let second = ask(first.meta.next_token).await;
    let third = ask(second.meta.next_token.clone()).await;
    assert!(!third.data.is_empty() && third.data != second.data);
    let back = ask(third.meta.previous_token).await;
    assert_eq!(back.data, second.data);
    let start = ask(back.meta.previous_token).await;
    assert_eq!(start.data, first.data);
    assert_eq!(start.meta.previous_token, None, "nothing is newer than the first page");
    let again = ask(start.meta.next_token).await;
    assert_eq!(again.data, second.data);
}

#[tokio::test]
async fn pages_can_be_read_backward() {
    let (_sandbox, client) = sandbox_and_client();
    there_and_back(async |token| {
        let call = client.user_posts(12).max_results(5);
        if let Some(token) = token { call.page_token(token).await.unwrap() } else { call.await.unwrap() }
    })
    .await;
    there_and_back(async |token| {
        let call = client.home_timeline().max_results(7);
        if let Some(token) = token { call.page_token(token).await.unwrap() } else { call.await.unwrap() }
    })
    .await;
    there_and_back(async |token| {
        let call = client.followers(12).max_results(3);
        if let Some(token) = token { call.page_token(token).await.unwrap() } else { call.await.unwrap() }
    })
    .await;
}
