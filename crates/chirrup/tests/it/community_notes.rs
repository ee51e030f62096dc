//! Community notes.

use chirrup::ErrorKind;
use chirrup::model::NoteField;
use serde_json::json;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn notes_are_created_listed_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
    let info = |text: &str| {
        json!({
            "classification": "misinformed_or_potentially_misleading", "misleading_tags": ["other"],
            "text": text, "trustworthy_sources": true,
        })
    };
    let refused = client.create_note(info("no link"), 20, true).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let note = client.create_note(info("see https://example.org"), 20, true).await.unwrap().data;
    let written =
        client.notes_written(true).max_results(5).note_fields([NoteField::Status, NoteField::TestResult]).await;
    let written = written.unwrap().data;
    assert_eq!((written.len(), written[0].id), (1, note.id));
    assert_eq!(written[0].info.as_ref().unwrap().post_id.unwrap().get(), 20);
    assert!(written[0].test_result.as_ref().unwrap().evaluation_outcome.is_some());
    assert!(client.notes_written(false).await.unwrap().data.is_empty());
    assert!(client.delete_note(note.id).await.unwrap().data.deleted);
    assert_eq!(client.delete_note(note.id).await.unwrap_err().kind(), ErrorKind::Invalid);
    let calm = client.evaluate_note("It was Tuesday. https://example.org", 20).await.unwrap().data;
    let angry = client.evaluate_note("The worst, most stupid claim. https://example.org", 20).await.unwrap().data;
    assert!(angry.claim_opinion_score < calm.claim_opinion_score);
    let posts = client.posts_eligible_for_notes(true).max_results(3).post_selection("feed_lang: en").await.unwrap();
    assert_eq!(posts.data.len(), 3);
}
