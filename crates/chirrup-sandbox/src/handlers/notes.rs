//! Community notes.

use chirrup_api::v2::community_notes::{CreateNote, DeleteNote, EvaluateNote, NotesWritten, PostsEligibleForNotes};
use chirrup_api::v2::retired::EvaluateNoteText;
use chirrup_model::PostId;
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::seed::ROBIN;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (EvaluateNoteText::ENDPOINT, evaluate_note),
    (CreateNote::ENDPOINT, create_note),
    (DeleteNote::ENDPOINT, delete_note),
    (EvaluateNote::ENDPOINT, evaluate_note),
    (NotesWritten::ENDPOINT, notes_written),
    (PostsEligibleForNotes::ENDPOINT, posts_eligible_for_notes),
];

const NOTE: DocumentKind =
    DocumentKind { name: "note", resource: "note", fields: Some("note.fields"), defaults: &["id", "info", "status"] };

/// Words that lower the score of a note.
const OPINIONATED: [&str; 7] = ["terrible", "awful", "stupid", "best", "worst", "disgusting", "amazing"];

fn create_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let post = ctx.param::<PostId>("post_id").get();
    if ctx.world.post(post)?.is_none() {
        return Err(ApiError::no_such_resource("tweet", "post_id", post));
    }
    let mut info = ctx.call.get("info").cloned().unwrap_or_default();
    if !info["text"].as_str().is_some_and(|text| text.contains("http://") || text.contains("https://")) {
        return Err(ApiError::invalid_param("info", &info.to_string(), "$.info.text: must contain a link"));
    }
    info["post_id"] = post.to_string().into();
    let id = ctx.new_id();
    let test = json!({"evaluation_outcome": [{"evaluator_type": "UrlValidity", "evaluator_score_bucket": "High"}]});
    let note = json!({
        "id": id, "info": info, "status": "needs_more_ratings", "scoring_status": {"has_access": false},
        "test_result": test, "test_mode": ctx.call.get("test_mode"),
    });
    ctx.world.put_document(NOTE.name, &id, me, &note)?;
    data_response(201, json!({"id": id}))
}

fn delete_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let id = ctx.text("id");
    ctx.find_own_document(NOTE, me, "id", id)?;
    ctx.world.remove_document(NOTE.name, id)?;
    data_response(200, json!({"deleted": true}))
}

fn evaluate_note(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let text = ctx.text("note_text").to_lowercase();
    let found = OPINIONATED.iter().filter(|word| text.contains(**word)).count();
    data_response(200, json!({"claim_opinion_score": -(found as f64) * 0.5}))
}

fn notes_written(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let test = ctx.call.get("test_mode").cloned();
    ctx.documents_page(NOTE, ctx.me()?, 10, |note| test.as_ref() == Some(&note["test_mode"]))
}

fn posts_eligible_for_notes(ctx: &mut RequestContext<'_>) -> HandlerResult {
    super::timelines::merged_timeline(ctx, true, vec![ROBIN])
}
