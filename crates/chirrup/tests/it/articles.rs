//! Articles: drafts and publication.

use chirrup::ErrorKind;
use serde_json::json;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn a_published_article_is_a_post() {
    let (_sandbox, client) = sandbox_and_client();
    let content = json!({"blocks": [{"text": "Once", "type": "unstyled"}], "entities": []});
    let article = client.draft_article(content, "On storks").await.unwrap().data;
    let post = client.publish_article(article.id).await.unwrap().data.post_id;
    assert_eq!(client.get_post(post).await.unwrap().data.text, "On storks");
    assert_eq!(client.publish_article(article.id).await.unwrap_err().kind(), ErrorKind::Invalid);
}
