//! Community Notes: creation, evaluation and search.

use chirrup_model::{CreatedNote, Deleted, Note, NoteField, NoteId, NoteOpinion, Post, PostId};
use serde_json::Value as Json;

crate::endpoints! {
    /// # Community Notes
    ///
    /// Write and evaluate Community Notes, and find posts eligible for them.
    COMMUNITY_NOTES in v2::community_notes;

    /// Creates a Community Note on a post.
    ///
    /// The text must contain a URL.
    create_note -> CreateNote = POST "/2/notes" => CreatedNote;
    auth User, OAuth2["tweet.write"];
    price "Content: Manage";
    example(serde_json::json!({"classification": "misinformed_or_potentially_misleading", "misleading_tags": ["other"], "text": "See https://example.org", "trustworthy_sources": true}), 20, true);
    required body {
        /// Note as JSON: `{"text": "…", "classification": "…", "misleading_tags": […], "trustworthy_sources": true}`.
        info: Json;
        /// ID of the post that the note is about.
        post = "post_id": PostId;
        /// Whether to check the note without publishing it.
        test_mode: bool;
    }

    /// Deletes a Community Note of the authenticated user.
    delete_note -> DeleteNote = DELETE "/2/notes/{id}" => Deleted;
    auth User, OAuth2["tweet.write"];
    price "Content: Manage";
    example(1585823814058971140);
    path {
        /// ID of the Community Note.
        note = "id": NoteId,
    }

    /// Returns a score for how opinionated the text of a Community Note is.
    evaluate_note -> EvaluateNote = POST "/2/notes/evaluate" => NoteOpinion;
    auth User, OAuth2["tweet.write"];
    example("It was Tuesday. https://example.org", 20);
    required body {
        /// Text of the note.
        text = "note_text": String;
        /// ID of the post that the note is about.
        post = "post_id": PostId;
    }

    /// Returns the Community Notes that the authenticated user wrote.
    notes_written -> NotesWritten = GET "/2/notes/search/notes_written" => Vec<Note>;
    auth User, OAuth2["tweet.read"];
    price "Note: Read";
    example(true).max_results(50).note_fields(["status"]);
    required query {
        /// Whether to return notes that were created in test mode.
        test_mode: bool;
    }
    query {
        /// Number of notes per page.
        max_results: u32, in 1..=100, default 10;
        /// Fields of notes to return.
        note_fields = "note.fields": Vec<NoteField>;
    }
    with PAGE;

    /// Returns posts that are eligible for Community Notes.
    posts_eligible_for_notes -> PostsEligibleForNotes = GET "/2/notes/search/posts_eligible_for_notes" => Vec<Post>;
    auth User, OAuth2["tweet.read"];
    price "Posts: Read";
    example(true).max_results(50);
    required query {
        /// Whether to return the posts for notes in test mode.
        test_mode: bool;
    }
    query {
        /// Number of posts per page.
        max_results: u32, in 1..=100, default 10;
        /// Selection of posts in X's syntax, such as `feed_size: large, feed_lang: en`.
        post_selection: String;
    }
    with PAGE, POST_FIELDS;
}
