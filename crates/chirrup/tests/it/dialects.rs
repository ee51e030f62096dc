//! Responses with the names of both dialects.

use bytes::Bytes;
use chirrup::model::Post;
use chirrup::{Decode as _, Typed};
use chirrup_sandbox::Fault;

use crate::common::sandbox_and_client;

const BOTH: &str = r#"{"data":{"id":"20","text":"a","edit_history_tweet_ids":["20"],"edit_history_post_ids":["20","19"],
    "referenced_tweets":[{"type":"quoted","id":"7"}],"referenced_posts":[]}}"#;

#[tokio::test]
async fn an_object_with_both_names_of_a_field_is_read() {
    let (sandbox, client) = sandbox_and_client();
    let body = BOTH.as_bytes().to_vec();
    sandbox.inject_fault(Fault::Response { status: 200, content_type: "application/json", body });
    let response = client.get_post(20).await.unwrap();
    assert_eq!((response.data.edit_history_post_ids.len(), response.data.referenced_posts.len()), (1, 1));
    assert_eq!(response.json()["data"]["edit_history_post_ids"][1], "19", "the other server is reachable");
}

#[test]
fn a_line_with_both_names_of_a_field_is_read() {
    let line = Bytes::from(BOTH.replace('\n', ""));
    let decoded = Typed::<Post>::decode(&line).unwrap();
    assert_eq!((decoded.post, decoded.item.data.unwrap().referenced_posts.len()), (Some(20), 1));
    let twice = Bytes::from_static(br#"{"data":{"id":"20","id":"21","text":"a"}}"#);
    assert!(Typed::<Post>::decode(&twice).unwrap_err().contains("duplicate field `id`"));
}
