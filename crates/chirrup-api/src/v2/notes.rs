//! Community notes.

use chirrup_model::{CreatedNote, Deleted, Note, NoteField, NoteId, NoteOpinion, Post, PostId};
use serde_json::Value as Json;

crate::endpoints! {
    NOTES on Client;

    /// Writes a note under a post. The text needs a link.
    create_note -> CreateNote = POST "/2/notes" => CreatedNote;
    auth User, OAuth2["tweet.write"];
    sends { info: Json; post = "post_id": PostId; test_mode: bool; }

    /// Deletes an own note.
    delete_note -> DeleteNote = DELETE "/2/notes/{id}" => Deleted;
    auth User, OAuth2["tweet.write"];
    path { note = "id": NoteId }

    /// Tells how much opinion a note would hold.
    evaluate_note -> EvaluateNote = POST "/2/notes/evaluate" => NoteOpinion;
    auth User, OAuth2["tweet.write"];
    sends { text = "note_text": String; post = "post_id": PostId; }

    /// Lists your own notes.
    notes_written -> NotesWritten = GET "/2/notes/search/notes_written" => Vec<Note>;
    auth User, OAuth2["tweet.read"];
    needs { test = "test_mode": bool; }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of notes.
        note_fields = "note.fields": Vec<NoteField>;
    }
    with PAGE;

    /// Lists posts under which a note is wanted.
    posts_eligible_for_notes -> PostsEligibleForNotes = GET "/2/notes/search/posts_eligible_for_notes" => Vec<Post>;
    auth User, OAuth2["tweet.read"];
    needs { test = "test_mode": bool; }
    query {
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Which posts, as X words it: `feed_size: …` and `feed_lang: …`.
        post_selection: String;
    }
    with PAGE, POST_VIEW;
}
